"""Prints the states of a KPI set and every move between them, and who may make each."""

from django.core.management.base import BaseCommand, CommandError

from kpis.approvals import moves_table, moves_world


class Command(BaseCommand):
    """Print one line for each move; with --people a table of every state, move, person and authority."""

    help = (
        "Print the moves of a KPI set: from which states, to which, by whom, with which letter. "
        "With --people: who may make each in which state, by what authority (the page docs/moves.md)."
    )

    def add_arguments(self, parser):
        """Ask for the people's table, and for it on a council's own database."""
        parser.add_argument("--people", action="store_true", help="Print every state, move and authority")
        parser.add_argument(
            "--although-live",
            action="store_true",
            help="With --people, also where this is neither a demo nor a developer's database: made-up "
            "people are added and taken back in one transaction",
        )

    def handle(self, *args, people=False, although_live=False, **options):
        """Print the table."""
        if not people:
            for line in moves_table.moves_as_lines():
                self.stdout.write(line)
            return
        if not (although_live or moves_world.is_safe_here()):
            raise CommandError(
                "--people makes up people and contracts in a transaction and takes them back. This is "
                "neither a demo nor a developer's database: read docs/moves.md, or add --although-live."
            )
        with moves_world.people_of_every_authority() as world:
            self.stdout.write(moves_table.in_markdown(moves_table.lines(world, moves_table.sets_of(world))))
