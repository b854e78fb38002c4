"""manage.py open_month 2026-05: open the month's returns by hand; the clock does it by itself."""

from django.core.management.base import BaseCommand, CommandError

from accounts.calendar import parse_month
from accounts.verbs.recipe import Invalid
from govuk.formats import month as show_month
from govuk.formats import plural
from kpis.returns import verbs


class Command(BaseCommand):
    """Opens the returns of one month; running it again creates nothing."""

    help = "Open the monthly returns of a month, written YYYY-MM."

    def add_arguments(self, parser):
        """Ask for the month."""
        parser.add_argument("month", help="the month the figures are for, like 2026-05")

    def handle(self, *args, **options):
        """Open the month and print how many returns are new."""
        try:
            month = parse_month(options["month"])
            opened = verbs.open_month(month)
        except (ValueError, Invalid) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{show_month(month)}: {plural(opened.created, 'return')} opened, {opened.existing} open already."
        )
