"""Sends the reminders owed by now, or by a time one names."""

import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kpis.reminders import verbs


class Command(BaseCommand):
    """The same as the hourly task, at any hour."""

    help = "Write the reminders owed by now. What was sent before is not sent again."

    def add_arguments(self, parser):
        """Take the time."""
        parser.add_argument(
            "--now",
            help="as if it were this time in London: 2026-06-12 or 2026-06-12T09:00",
        )

    def handle(self, *args, **options):
        """Send, and say what was sent."""
        now = moment(options["now"]) if options["now"] else timezone.now()
        sent = verbs.send(now)
        local = timezone.localtime(now)
        self.stdout.write(
            f"{local:%Y-%m-%d %H:%M}: {sent.letters} letters with {sent.reminders} reminders written, "
            f"{sent.overtaken} steps overtaken by later ones."
        )


def moment(text: str) -> dt.datetime:
    """Return the time a text names, in London unless it says otherwise."""
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is not a time. Write it like 2026-06-12T09:00.") from None
    return found if timezone.is_aware(found) else timezone.make_aware(found)
