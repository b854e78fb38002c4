"""Begins a KPI set from a template that fits the contract, with targets to start from."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from accounts.history import record
from accounts.models import Person
from contracts.models import Contract
from kpis.library.models import KPITemplate, TemplateItem
from kpis.library.template_use import BEGUN, PUT_IN, put_in
from kpis.proposals import targets, verbs
from kpis.proposals.models import KPISet
from kpis.proposals.taking import Wanted, smallest, take_all

MILLION = Decimal(1_000_000)


def start_from_template(contract: Contract, template: KPITemplate, *, by: Person) -> KPISet:
    """Return the contract's new draft set with the template's measures, for the proposer to change.

    Measures retired since are left out, and so are those of a framework the contract may not propose from.
    Raises what `start_set` and `add_kpi` raise; then nothing is made.
    """
    with transaction.atomic():
        kpi_set = verbs.start_set(contract, by=by)
        KPISet.objects.filter(pk=kpi_set.pk).update(template=template)
        kpi_set.template = template
        items = template.items.select_related("measure__unit", "measure__cohort", "measure__framework")
        wanted = [
            Wanted(item.measure, {"target": suggested(item, contract.whole_value), "why": item.why})
            for item in items
        ]
        by_key = {one.measure.pk: one.measure for one in wanted}
        taken = [(by_key[terms.kpi.measure_id], terms.target) for terms in take_all(kpi_set, wanted, by=by)]
        record(
            action=BEGUN,
            subject=kpi_set,
            by=by,
            contract_number=contract.pk,
            summary=f"Began KPI set {kpi_set.number} from the template “{template}”",
            after={"Template": template.name, PUT_IN: put_in(taken)},
        )
    return KPISet.objects.get(pk=kpi_set.pk)


def suggested(item: TemplateItem, whole_value: Decimal | None) -> Decimal | None:
    """Return the target to start from for a contract of this whole value in £; None where there is none.

    What adds up is scaled by the value in millions, to two significant figures, and is never less than the
    least its unit can show; a contract without a value is taken for one of £1 million. A level stays.
    """
    measure, per_million = item.measure, item.suggested_target
    if per_million is None:
        # A measure that needs a target gets the least there is, for the proposer to change.
        return smallest(measure) if targets.has_amount(measure) else None
    if not targets.adds_up(measure):
        return per_million.quantize(smallest(measure), rounding=ROUND_HALF_UP)
    if per_million == 0:
        return Decimal(0)
    scaled = per_million * (whole_value if whole_value and whole_value > 0 else MILLION) / MILLION
    return max(_two_figures(scaled).quantize(smallest(measure), rounding=ROUND_HALF_UP), smallest(measure))


def _two_figures(amount: Decimal) -> Decimal:
    """Return the amount to two significant figures, without an exponent."""
    if not amount:
        return amount
    rounded = amount.quantize(Decimal(1).scaleb(amount.adjusted() - 1), rounding=ROUND_HALF_UP)
    return Decimal(format(rounded, "f"))
