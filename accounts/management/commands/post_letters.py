"""Post the letters that wait, for servers without a worker."""

from django.core.management.base import BaseCommand

from accounts.verbs import letters


class Command(BaseCommand):
    """manage.py post_letters"""

    help = "Posts every letter that waits in the outbox."

    def handle(self, *args, **options):
        """Post and say how many left."""
        self.stdout.write(f"{letters.post_waiting()} letters posted.")
