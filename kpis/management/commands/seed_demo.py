"""Makes the demo council in an empty database."""

import time

from django.core.management.base import BaseCommand, CommandError

from accounts.calendar import today
from kpis.demo.seed import NotADemo, seed


class Command(BaseCommand):
    """Fill an empty database with the demo council."""

    help = "Make the fictional demo council: the same each time for the same day. Refuses in production."

    def handle(self, *args, **options):
        """Seed, or say why not."""
        began = time.monotonic()
        try:
            seed(today(), say=lambda text: self.stdout.write(f"  {text}"))
        except NotADemo as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            self.style.SUCCESS(f"The demo council is ready ({time.monotonic() - began:.0f} s).")
        )
