"""Says whom one can sign in as at the demo council."""

from django.core.management.base import BaseCommand

from accounts.models import Person
from kpis.demo.cast import PASSWORD, SHOWN, email_of


class Command(BaseCommand):
    """List the demo people worth signing in as."""

    help = "List the people of the demo council to sign in as. Prints nothing where there is no demo council."

    def handle(self, *args, **options):
        """Print names, addresses and what each is there to show."""
        here = set(Person.objects.values_list("email", flat=True))
        shown = [row for row in SHOWN if email_of(row[0]) in here]
        if not shown:
            return
        self.stdout.write("Sign in with one click on the sign-in page, or by email address and password:")
        for name, post, shows in shown:
            self.stdout.write(f"  {email_of(name):36} {post}: {shows}")
        self.stdout.write(f"  password of everybody: {PASSWORD}")
