"""Whom a KPI set's letters go to and what they carry; the words are in `kpis.letter_kinds`."""

from django.conf import settings
from django.urls import reverse

from accounts import letters
from accounts.models import Person, Role
from govuk import formats
from kpis.proposals.deciders import told_of
from kpis.proposals.differences import in_sentences


def _about(kpi_set):
    return {
        "contract": kpi_set.contract.title,
        "set_number": str(kpi_set.number),
        "month": formats.month(kpi_set.effective_month),
        "link": letters.link(kpi_set.get_absolute_url()),
    }


def set_waiting(kpi_set, note):
    """Ask those who may decide; where nobody may, tell the lead so."""
    told = told_of(kpi_set)
    values = {
        **_about(kpi_set),
        "proposer": str(kpi_set.submitted_by),
        "differences": "\n".join(f"- {line}" for line in in_sentences(kpi_set)),
        "note": note or "No note was given.",
    }
    decide = letters.link(reverse("kpis:kpi-set-decide", args=[kpi_set.contract_id, kpi_set.number]))
    for decider in told:
        letters.write(
            "set-waiting",
            to=decider.person,
            contract_number=kpi_set.contract_id,
            values={**values, "link": decide, "authority": authority_line(decider.delegation)},
        )
    if not told:
        for lead in Person.objects.appointed(Role.LEAD):
            letters.write(
                "set-without-decider",
                to=lead,
                contract_number=kpi_set.contract_id,
                values={
                    **values,
                    "directorate": str(kpi_set.contract.directorate),
                    "director": settings.WORDS["director"],
                },
            )


def authority_line(delegation):
    """Return on whose authority a letter asks for a decision."""
    if delegation is None:
        return "You decide in your own right."
    return (
        f"You decide for {delegation.given_by}, under the delegation of {formats.day(delegation.starts_on)}, "
        f"{delegation.scheme_reference}."
    )


def set_taken_back(kpi_set, by, note):
    """Tell those who were asked that there is nothing to decide for now."""
    for decider in told_of(kpi_set):
        letters.write(
            "set-taken-back",
            to=decider.person,
            contract_number=kpi_set.contract_id,
            values={**_about(kpi_set), "who": str(by), "note": note or "No reason was given."},
        )
