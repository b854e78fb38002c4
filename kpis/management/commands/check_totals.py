"""manage.py check_totals: compare the totals with bare SQL over the readings."""

from django.core.management.base import BaseCommand, CommandError

from kpis.totals import verbs


class Command(BaseCommand):
    """Exits with 1 and a list where a total differs from its readings."""

    help = "Compare every total with what its readings come to; exits 1 and lists differences."

    def handle(self, *args, **options):
        """Print each difference, or that there is none."""
        differences = verbs.check()
        for difference in differences:
            self.stdout.write(str(difference))
        if differences:
            raise CommandError(f"{len(differences)} figures differ. Run rebuild_totals.", returncode=1)
        self.stdout.write("Every total is what its readings come to.")
