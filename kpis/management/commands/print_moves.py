"""Prints the states of a KPI set and every move between them."""

from django.core.management.base import BaseCommand

from kpis.proposals.moves import MOVES


class Command(BaseCommand):
    """Print one line for each move: from, to, by whom, with which letter."""

    help = "Print the moves of a KPI set: from which states, to which, by whom, with which letter."

    def handle(self, *args, **options):
        """Print the table."""
        for move in MOVES:
            sources = ", ".join(sorted(move.sources))
            letter = f"; letter {move.letter}" if move.letter else ""
            self.stdout.write(f"{move.verb}: {sources} -> {move.target or 'stays'}; {move.who}{letter}")
