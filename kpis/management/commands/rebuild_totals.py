"""manage.py rebuild_totals: recompute every total from the readings."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError

from accounts.calendar import parse_month
from kpis.totals import verbs


class Command(BaseCommand):
    """Recomputes all totals; safe to stop and to run again."""

    help = "Recompute every total from the readings, one directorate and month at a time."

    def add_arguments(self, parser):
        """Let a stopped rebuild carry on."""
        parser.add_argument(
            "--after",
            nargs=2,
            metavar=("DIRECTORATE", "YYYY-MM"),
            help="carry on behind this directorate (its number) and month",
        )

    def handle(self, *args, **options):
        """Rebuild and print how far it came."""
        after = None
        if options["after"]:
            directorate, month = options["after"]
            try:
                after = (int(directorate), parse_month(month))
            except ValueError as error:
                raise CommandError(str(error)) from None
        began = dt.datetime.now(dt.UTC)

        def show(state):
            if state.done % 50 == 0 or state.done == state.of:
                self.stdout.write(f"{state.done} of {state.of} directorate months recomputed.")

        state = verbs.rebuild(show, after=after)
        seconds = (dt.datetime.now(dt.UTC) - began).total_seconds()
        self.stdout.write(f"Totals of {state.done} directorate months are true again ({seconds:.1f} s).")
