"""Whom the letters of a decision go to and what they carry; the words are in `kpis.letter_kinds`."""

from django.urls import reverse

from accounts import letters
from govuk import formats


def _values(kpi_set, decision):
    acting = f", for {decision.acting_for}" if decision.acting_for else ""
    return {
        "contract": kpi_set.contract.title,
        "set_number": str(kpi_set.number),
        "decider": f"{decision.decided_by}{acting}",
        "when": formats.day_time(decision.decided_at),
        "note": decision.note or "No note was given.",
        "month": formats.month(kpi_set.effective_month),
        "link": letters.link(kpi_set.get_absolute_url()),
        "record": letters.link(reverse("kpis:kpi-set-record", args=[kpi_set.contract_id, kpi_set.number])),
    }


def _answerable(kpi_set):
    """Return proposer, manager and commissioner, each once, in that order."""
    contract = kpi_set.contract
    people = [kpi_set.submitted_by, contract.manager, contract.commissioner]
    return list({person.pk: person for person in people if person}.values())


def approved(kpi_set, decision):
    """Tell proposer, manager and commissioner, and the delegator what was approved in their name."""
    values = _values(kpi_set, decision)
    for person in _answerable(kpi_set):
        letters.write("set-approved", to=person, values=values, contract_number=kpi_set.contract_id)
    if decision.acting_for:
        letters.write(
            "set-approved-in-your-name",
            to=decision.acting_for,
            values=values,
            contract_number=kpi_set.contract_id,
        )


def returned(kpi_set, decision, reasons):
    """Tell proposer, manager and commissioner why, KPI by KPI; the delegator too."""
    values = {**_values(kpi_set, decision), "reasons": "\n".join(f"- {line}" for line in reasons)}
    people = _answerable(kpi_set)
    if decision.acting_for:
        people.append(decision.acting_for)
    for person in {one.pk: one for one in people}.values():
        letters.write("set-returned", to=person, values=values, contract_number=kpi_set.contract_id)
