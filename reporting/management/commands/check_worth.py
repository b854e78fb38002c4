"""manage.py check_worth: compare every £ of the council's report with bare SQL and plain fractions."""

from collections import defaultdict
from fractions import Fraction

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from kpis.valuation.check import Key, recomputed, to_the_penny
from kpis.valuation.worth import pennies
from reporting.queries.periods import BASES, LIFE, Period, latest_month, read_period
from reporting.queries.scope import Scope
from reporting.queries.worth import worth_by, worth_of_scope


class Command(BaseCommand):
    """Prints the council's totals; exits with 1 and a list where one is not what it should be."""

    help = "Work out every £ of the council a second time and compare, to the penny, low and high included."

    def add_arguments(self, parser):
        """Take the month reported on, and which months are added up."""
        parser.add_argument("--month", default="", help="2026-05; the latest with returns without it")
        parser.add_argument("--period", default=LIFE, choices=BASES, help="months added up: all without it")

    def handle(self, *args, **options):
        """Print each total with its range, then each difference or that there is none."""
        try:
            month = options["month"] or f"{latest_month():%Y-%m}"
            period = read_period(month, options["period"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        for line in totals(period):
            self.stdout.write(line)
        found = differences(period)
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"{len(found)} £ figures differ.", returncode=1)
        self.stdout.write("Every £ is what its units, £ values and shares come to.")


def shown(period: Period) -> dict[Key, tuple]:
    """Return every £ as the report works it out: by directorate, measure, stream and figure."""
    found: dict[Key, tuple] = {}
    for directorate, four in worth_by(Scope(Person()), period, "directorate").items():
        for figure, worth in four.named:
            for apart, lines in ((False, worth.lines), (True, worth.guarded)):
                sums: dict[tuple, list] = defaultdict(list)
                for line in lines:
                    sums[line.measure.pk, line.stream].append(line.money)
                for (measure, stream), parts in sums.items():
                    total = sum(parts[1:], parts[0])
                    key = Key(directorate, measure, stream, figure, apart)
                    found[key] = (total.central, total.low, total.high)
    return found


def differences(period: Period) -> list[str]:
    """Return each £ that is not the same both ways, to the penny, and each total of the council's."""
    should, stands = recomputed(period.month, period.start), shown(period)
    lines = []
    for key in sorted({*should, *stands}):
        want = [to_the_penny(end) for end in should[key]] if key in should else None
        got = [pennies(end) for end in stands[key]] if key in stands else None
        if want != got:
            lines.append(f"{key}: stands at {_written(got)}, should be {_written(want)}")
    council = worth_of_scope(Scope(Person()), period)
    for (stream, figure), want in sums_of(should).items():
        total = getattr(council, figure).of(stream)
        got = list(total.cells) if total else None
        if got != want:
            lines.append(f"The council, {stream}, {figure}: stands at {_written(got)}, not {_written(want)}")
    return lines


def sums_of(should: dict[Key, tuple]) -> dict[tuple[str, str], list]:
    """Return the council's totals by stream and figure to the penny, what is kept apart left out."""
    sums: dict[tuple[str, str], list[Fraction]] = {}
    for key, ends in should.items():
        if not key.apart:
            held = sums.setdefault((key.stream, key.figure), [Fraction(0)] * 3)
            sums[key.stream, key.figure] = [one + more for one, more in zip(held, ends, strict=True)]
    return {key: [to_the_penny(end) for end in ends] for key, ends in sums.items()}


def totals(period: Period) -> list[str]:
    """Return the council's totals as worked out a second time, a line each."""
    found = sums_of(recomputed(period.month, period.start))
    return [f"{stream} {figure}: {_written(ends)}" for (stream, figure), ends in sorted(found.items())]


def _written(ends) -> str:
    return "nothing" if ends is None else "£{} (£{} to £{})".format(*(f"{end:,.2f}" for end in ends))
