"""Makes the database ready for a start: tables, cache table and, where wanted, the demonstration."""

import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.models import Person


class Command(BaseCommand):
    """Run before web server and worker start; a second run changes nothing and takes a second."""

    help = "Bring the database up to date; with DEMO on and nobody in it yet, make the demonstration council."

    def add_arguments(self, parser):
        """Take the question ./start asks."""
        parser.add_argument(
            "--has-people",
            action="store_true",
            help="only say by the exit code whether anybody can sign in (0) or not (1)",
        )

    def handle(self, *args, **options):
        """Migrate, make the cache table, seed an empty demonstration."""
        if options["has_people"]:
            sys.exit(0 if Person.objects.active().exists() else 1)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if settings.DEMO and not Person.objects.exists():
            self._make_the_demonstration()

    def _make_the_demonstration(self):
        """Seed; two files tell a later start whether it was finished (see ./start)."""
        unfinished = settings.VAR / "demo-unfinished"
        unfinished.touch()
        self.stdout.write("Making the demonstration council (once; about half a minute)")
        self.stdout.flush()
        call_command("seed_demo")
        (settings.VAR / "demo").touch()
        unfinished.unlink()
