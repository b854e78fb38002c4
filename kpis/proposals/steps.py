"""The steps of proposing a KPI set: what is done, what is missing, and where to carry on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from govuk.formats import plural
from kpis.proposals.models import KPISet, KPITerms

TITLES = ("Begin", "KPIs", "From when and why", "Check and send")
Problems = Iterable[tuple[KPITerms | None, str, str]]


@dataclass(frozen=True)
class Step:
    """One step: where it stands in words, and whether it is done."""

    number: int
    title: str
    state: str
    url: str
    is_done: bool
    # A missing thing keeps the set from being sent; without one the step can still be bettered.
    is_missing: bool = False
    hint: str = ""

    @property
    def colour(self) -> str:
        """Return the colour of its tag, blank for none: done is plain words."""
        return "" if self.is_done else "red" if self.is_missing else "yellow"


def steps_of(kpi_set: KPISet, count: int, problems: Problems, *, begun: str, agreement: bool) -> list[Step]:
    """Return the four steps of a set that is being prepared; pure.

    `count` is how many KPIs it holds, `problems` what keeps it from being sent, `begun` what it was begun
    from, `agreement` whether promises change without the supplier's agreement.
    """
    problems = list(problems)
    of_kpis = {terms.pk for terms, _, _ in problems if terms is not None}
    about = [field for terms, field, _ in problems if terms is None and field != "kpis"]
    where = [kpi_set.contract_id, kpi_set.number]
    kpis_done = bool(count) and not of_kpis
    said = bool(kpi_set.why.strip()) and not about and not agreement
    missing = "To complete" if about else "Reason not given yet" if not kpi_set.why.strip() else ""
    return [
        Step(1, TITLES[0], "Done", "", True, hint=begun),
        Step(
            2,
            TITLES[1],
            plural(count, "KPI")
            if kpis_done
            else f"{len(of_kpis)} of {plural(count, 'KPI')} to complete"
            if count
            else "None yet",
            reverse("kpis:kpi-add", args=where) if not count else "#kpis",
            kpis_done,
            not kpis_done,
            "For each, the target and the last month; the rest is inherited",
        ),
        Step(
            3,
            TITLES[2],
            "Done" if said else missing or "Supplier’s agreement not recorded",
            reverse("kpis:kpi-set-describe", args=where),
            said,
            bool(about),
            "The month they take effect, how often figures are returned, the reasons",
        ),
        Step(
            4,
            TITLES[3],
            "Can be sent" if not problems else "Can’t be sent yet",
            reverse("kpis:kpi-set-check", args=where),
            False,
            bool(problems),
            "See it whole, with everything worth a look. Nothing counts until it is approved",
        ),
    ]


def carry_on(steps: list[Step]) -> Step:
    """Return the first step that is not done: the last, sending, never is."""
    return next(step for step in steps if not step.is_done)
