"""Measures a contract writes in its own words: for that contract alone, seen by the lead for the library."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from accounts.history import record
from accounts.models import Person
from accounts.permissions import Answer, no, yes
from accounts.verbs.recipe import Invalid, lock, require
from contracts.models import Contract
from contracts.permissions import is_commissioner_of, is_manager_of
from kpis.library.measure_checks import check_together
from kpis.library.models import Across, Direction, Framework, Kind, Measure, RollUp, Theme
from kpis.library.models.measure import stem_of

KEY, THEME = "own-words", "OWN"
FACTS = {
    "name": "Written for one contract",
    "edition": "Own words",
    "about": (
        "Measures that contracts wrote in their own words because none of the library fitted. Each can be "
        "used by the contract it was written for and by no other, and is never compared with others."
    ),
    "source": "The council’s own contracts",
    "licence": "The council’s own",
    "offered": Framework.Offered.NEVER,
    "status": Framework.Status.LIVE,
}
# Words that say nothing of what is counted.
PLAIN = {
    *("about", "all", "and", "any", "are", "been", "each", "for", "from", "given", "have", "into", "made"),
    *("more", "most", "much", "number", "numbers", "other", "over", "per", "people", "than", "that", "the"),
    *("their", "them", "they", "this", "through", "under", "used", "were", "which", "will", "with", "within"),
    *("contract", "contracts", "council", "month", "months", "total", "value"),
}
NEAREST = 5


def framework() -> Framework:
    """Return the framework that holds every contract's own words; made when first asked for."""
    return Framework.objects.get_or_create(key=KEY, defaults=FACTS)[0]


def theme() -> Theme:
    """Return the one theme of that framework."""
    return Theme.objects.get_or_create(
        framework=framework(), code=THEME, defaults={"title": "In the contract’s own words"}
    )[0]


def may_write_own(person: Person, contract: Contract) -> Answer:
    """May this person write a measure in the contract's own words? Who proposes for it, or sees all."""
    if contract.directorate_id is not None and (
        is_commissioner_of(person, contract) or is_manager_of(person, contract)
    ):
        return yes()
    if person.authority.sees_everything:
        return yes()
    return no(
        "Only a commissioner of the contract's lead directorate, its contract manager and their deputies can "
        "write a measure for it."
    )


def write_own(
    contract: Contract,
    *,
    by: Person,
    title: str,
    unit,
    counting_rule: str,
    evidence_expected: str,
    kind: str = Kind.COUNT,
    direction: str = Direction.HIGHER,
    adds_up: bool = True,
    numerator_name: str = "",
    denominator_name: str = "",
    note: str = "",
) -> Measure:
    """Return the new measure, live at once, which only this contract can use: "OWN-1042-1".

    `adds_up`: its months sum to the target; otherwise the latest month is the level (percentages always
    are). It has no £ value and is not combined across contracts. Raises Invalid by field, and Refused.
    """
    require(may_write_own(by, contract))
    if kind not in {Kind.COUNT, Kind.MONEY}:
        adds_up = False
    facts: dict[str, Any] = {
        "title": " ".join(title.split()),
        "unit": unit,
        "kind": kind,
        "direction": direction,
        "roll_up": RollUp.SUM if adds_up else RollUp.AVERAGE if kind == Kind.PERCENTAGE else RollUp.LATEST,
        "across": Across.NONE,
        "numerator_name": numerator_name.strip() if kind == Kind.PERCENTAGE else "",
        "denominator_name": denominator_name.strip() if kind == Kind.PERCENTAGE else "",
        "counting_rule": counting_rule.strip(),
        "evidence_expected": evidence_expected.strip(),
        "record_only": True,
    }
    with transaction.atomic():
        # One at a time for each contract: the number in the code is the next.
        contract = lock(Contract, contract.pk)
        errors = _missing(facts) + check_together(facts)
        errors += _taken(contract, facts["title"])
        if errors:
            raise Invalid(errors)
        under = theme()
        measure = Measure.objects.create(
            framework_id=under.framework_id,
            theme=under,
            contract=contract,
            code=_next_code(contract),
            status=Measure.Status.LIVE,
            **facts,
        )
        record(
            action="library.write_own",
            subject=measure,
            by=by,
            contract_number=contract.pk,
            note=note,
            summary=f"Wrote {measure.code} “{measure.title}” for this contract, in its own words",
        )
    return measure


def _missing(facts: dict[str, Any]) -> list[tuple[str, str]]:
    wanted = (
        ("title", "Enter a title"),
        ("unit", "Select what is counted"),
        ("counting_rule", "Enter how it is counted"),
        ("evidence_expected", "Enter the evidence that will show it"),
    )
    errors = [(name, words) for name, words in wanted if not facts[name]]
    if len(facts["title"]) > 200:
        errors.append(("title", "Title must be 200 characters or fewer"))
    for name, choices in (("kind", Kind), ("direction", Direction)):
        if facts[name] not in choices.values:
            errors.append((name, f"Select the {name}"))
    return errors


def _taken(contract: Contract, title: str) -> list[tuple[str, str]]:
    same = contract.own_measures.filter(title__iexact=title, status=Measure.Status.LIVE).first()
    if same is None:
        return []
    return [
        ("title", f"This contract has “{same.title}” in its own words already: use that, or another title")
    ]


def _next_code(contract: Contract) -> str:
    """Return the code of the contract's next own measure; the numbers are never given twice."""
    start = f"OWN-{contract.pk}-"
    codes = contract.own_measures.filter(code__startswith=start).values_list("code", flat=True)
    numbers = [int(code[len(start) :]) for code in codes if code[len(start) :].isdigit()]
    return f"{start}{max(numbers, default=0) + 1}"


def near(words: str, among: Iterable[Measure], most: int = NEAREST) -> list[Measure]:
    """Return the measures whose words come nearest to these, the nearest first; pure.

    A word found in a title counts more than one found in a counting rule only; one title word of three or
    more, and nothing else, is no likeness.
    """
    stems = {stem_of(word).casefold() for word in _words(words)}
    if not stems:
        return []
    scored = []
    for measure in among:
        titled = {stem_of(word).casefold() for word in _words(measure.title)}
        ruled = {stem_of(word).casefold() for word in _words(measure.counting_rule)}
        in_title = len(stems & titled)
        score = 2 * in_title + len(stems & (ruled - titled))
        if in_title and (score >= 3 or 2 * in_title >= len(stems)):
            scored.append((-score, len(titled), measure.code, measure))
    return [one[-1] for one in sorted(scored, key=lambda one: one[:3])[:most]]


def _words(text: str) -> list[str]:
    plain = "".join(letter if letter.isalnum() else " " for letter in text.casefold())
    return [word for word in plain.split() if len(word) > 2 and word not in PLAIN]


def to_consider() -> list[tuple[Measure, list[Measure]]]:
    """Return every live measure in a contract's own words with those of the library near it: two queries.

    For the lead, who may take one into the library. Each comes with its contract and `used`, the number of
    approved KPI sets that hold it.
    """
    approved = Q(kpis__terms__kpi_set__status="approved")
    own = (
        Measure.objects.live()
        .filter(contract__isnull=False)
        .select_related("contract__directorate", "unit", "framework")
        .annotate(used=Count("kpis__terms__kpi_set", filter=approved, distinct=True))
        .order_by("title", "pk")
    )
    found = list(own)
    if not found:
        return []
    shared = list(
        Measure.objects.live()
        .shared()
        .filter(framework__in=Framework.objects.usable())
        .select_related("framework")
    )
    return [(one, near(one.title, shared, 3)) for one in found]
