"""Lots go on with the frameworks chosen for the whole, and with its KPIs whatever the edition."""

import datetime as dt
from decimal import Decimal

from kpis.library.choice_verbs import choose_frameworks
from kpis.library.choosing import frameworks_for
from kpis.library.tests.editions import make_edition, make_measure
from kpis.lifecycle.verbs.splitting import Lot, split_into_lots
from kpis.tests.factories import make_approved_set


def test_a_lot_takes_choices_and_kpis_of_a_former_edition_along(highways, colin):
    old, new = make_edition("2023"), make_edition("2025")
    make_approved_set(
        highways, dt.date(2025, 5, 1), [(make_measure(old), 40)], ends_month=dt.date(2029, 3, 1)
    )
    choose_frameworks(highways, by=colin, frameworks=[new], note="A variation")
    lots = [Lot("North", [], Decimal(1_400_000)), Lot("South", [], Decimal(1_000_000))]
    _, south = split_into_lots(highways, by=colin, lots=lots, on=dt.date(2026, 1, 1), copy_kpis=True)
    assert frameworks_for(south) == [new]
    assert south.kpi_sets.get().terms.get().kpi.measure.framework == old
