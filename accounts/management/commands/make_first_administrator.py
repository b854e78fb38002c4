"""Make the person who invites everybody else."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.verbs import people
from accounts.verbs.recipe import Invalid, Refused


class Command(BaseCommand):
    """manage.py make_first_administrator EMAIL "FULL NAME" """

    help = "Makes the first administrator and prints the link by which they choose a password."

    def add_arguments(self, parser):
        """Take the email address and the full name."""
        parser.add_argument("email")
        parser.add_argument("full_name", help='in quotation marks: "Adam Price"')

    def handle(self, *args, email, full_name, **options):
        """Make the person and print the link; refuse once there is an administrator."""
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email} is not an email address.") from None
        try:
            person, link = people.make_first_administrator(full_name=full_name, email=email)
        except (Refused, Invalid) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{person} is the first administrator. This link works once, for seven days:\n{link}"
        )
