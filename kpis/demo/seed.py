"""Makes the demo council in one go: people, register, library, KPI sets, returns, totals, letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random

from django.conf import settings
from django.db import transaction

from accounts.calendar import add_working_days
from accounts.models import Directorate, Person
from contracts.models import Contract
from kpis import starting_lists
from kpis.demo.breaks import add_break_points
from kpis.demo.cast import at, make_cast
from kpis.demo.gaps import say_why
from kpis.demo.library import choose_editions, make_library
from kpis.demo.lifecycle import live_through_changes, suspend_one
from kpis.demo.practice import write_practice
from kpis.demo.published import publish_notices
from kpis.demo.questions import ask_and_share
from kpis.demo.register import make_register
from kpis.demo.returns import ReturnMaker
from kpis.demo.rules import add_rules_and_offers
from kpis.demo.sets import SetMaker
from kpis.demo.stages import answer_checklists
from kpis.demo.suppliers import enrich_suppliers
from kpis.demo.values import make_values
from kpis.reminders import verbs as reminders
from kpis.totals import verbs as totals


class NotADemo(Exception):
    """The database or the mode is not one a demo council may be written into."""


def refuse_unless_empty() -> None:
    """Raise NotADemo in production mode, or where there are people, directorates or contracts already."""
    if settings.PRODUCTION:
        raise NotADemo("The demo council is never made in production mode.")
    if Person.objects.exists() or Directorate.objects.exists() or Contract.objects.exists():
        raise NotADemo(
            "This database already holds people or contracts. The demo council needs an empty one."
        )


def seed(day: dt.date, say: Callable[[str], None] = lambda text: None) -> None:
    """Write the whole demo council as it stands on a day, or nothing at all.

    The same day gives the same council: all chance comes from one seed.
    """
    refuse_unless_empty()
    rng = Random(f"Calderbeck {day.isoformat()}")
    with transaction.atomic():
        starting_lists.load()
        cast = make_cast(day, rng)
        say(f"{len(cast.people)} people in {len(cast.directorates)} directorates")
        entries = make_register(cast, day, rng)
        say(f"{len(entries)} contracts")
        make_library(cast, day)
        choose_editions(day)
        make_values(cast, day)
        promised = SetMaker(cast, day, rng).all_sets(entries)
        say(f"KPI sets for {len(promised)} contracts")
        ask_and_share(cast, day)
        suspension = suspend_one(promised, day)
        count = ReturnMaker(cast, day, rng, suspension).all_returns(promised)
        say(f"{count} monthly returns")
        live_through_changes(cast, day, suspension)
        enrich_suppliers(cast, day, rng)
        say_why(cast, day, rng)
        answer_checklists(cast, day, rng)
        add_break_points(cast, day, rng)
        publish_notices(cast, day, rng)
        add_rules_and_offers(cast, day, rng)
        write_practice(cast, day)
        totals.rebuild()
        # What the clock would have sent by the last working morning.
        reminders.send(now=at(add_working_days(day + dt.timedelta(days=1), -1), 8))
