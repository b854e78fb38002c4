"""A £ value in words: pounds to the last digit, ranges, how the council's adjustments come to a factor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from govuk import formats
from kpis.proxies.models import Proxy, ProxyValue

# Prices older than this many years are marked: they should be said in newer prices, or replaced.
OLD_PRICES = 5


def pounds(amount: Decimal | None) -> str:
    """Return "£13,000.00", or with four places where two would lose any: exact; "" for None."""
    if amount is None:
        return ""
    size = abs(amount)
    needed = -int(size.normalize().as_tuple().exponent) if size else 0
    places = 2 if needed <= 2 else max(4, needed)
    return formats.signed(f"{size:,.{places}f}", amount < 0, "£")


def rounded(amount: Decimal) -> str:
    """Return a worked figure to the penny: "£212.50"."""
    return pounds(formats.round_to(amount, 2))


def prices(proxy: Proxy) -> str:
    """Return "2022 prices"."""
    return f"{proxy.price_year} prices"


def factor(proxy: Proxy) -> str:
    """Return the factor with up to six decimal places: "0.64"."""
    return formats.figure(proxy.factor, 6)


def unit_range(value: ProxyValue) -> str:
    """Return "£126.60 to £379.79", "from £126.60", "up to £379.79" or "" where no range is given."""
    if value.low is not None and value.high is not None:
        return f"{pounds(value.low)} to {pounds(value.high)}"
    if value.low is not None:
        return f"from {pounds(value.low)}"
    return f"up to {pounds(value.high)}" if value.high is not None else ""


def by_year(proxy: Proxy) -> list[ProxyValue]:
    """Return the proxy's values by calendar year; empty where one value stands for all years."""
    return sorted((row for row in proxy.values.all() if row.year is not None), key=lambda row: row.year or 0)


def ends(proxy: Proxy, years: Iterable[int] = ()) -> list[ProxyValue]:
    """Return the one value for all years, or the first and last of the years asked for (else of all)."""
    rows = by_year(proxy)
    if not rows:
        return list(proxy.values.all())[:1]
    asked = set(years)
    rows = [row for row in rows if row.year in asked] if asked else rows
    return rows if len(rows) < 2 else [rows[0], rows[-1]]


def per_unit(proxy: Proxy, years: Iterable[int] = ()) -> str:
    """Return what one unit is worth: "£244.63 (2022 prices)", "£268.97 in 2024, £294.50 in 2030 (...)".

    The council's own adjustments stand with it as a factor: "£244.63 × 0.8 (2022 prices)".
    """
    found = [
        f"{pounds(row.value)} in {row.year}" if row.year else pounds(row.value) for row in ends(proxy, years)
    ]
    if not found:
        return f"no value for these years ({prices(proxy)})"
    times = f" × {factor(proxy)}" if proxy.factor != 1 else ""
    return f"{', '.join(found)}{times} ({prices(proxy)})"


def adjustments(proxy: Proxy) -> list[str]:
    """Return each adjustment of the council's as a phrase, in the order in which they are taken."""
    found = []
    if proxy.deadweight:
        found.append(f"{formats.percent(proxy.deadweight, 2)} would have happened anyway")
    if proxy.displacement:
        found.append(f"{formats.percent(proxy.displacement, 2)} is taken from elsewhere")
    if proxy.attribution is not None and proxy.attribution != 100:
        found.append(f"{formats.percent(proxy.attribution, 2)} is due to the contract")
    if proxy.lasts_years > 1:
        lasting = f"the benefit lasts {proxy.lasts_years} years"
        if proxy.drop_off:
            lasting += f", falling by {formats.percent(proxy.drop_off, 2)} each year after the first"
        found.append(lasting)
    return found


def factor_worked(proxy: Proxy) -> list[str]:
    """Return the working of the factor line by line; empty where nothing is taken off and nothing lasts."""
    lines = []
    taken = []
    if proxy.deadweight:
        taken.append(f"(100% − {formats.percent(proxy.deadweight, 2)})")
    if proxy.displacement:
        taken.append(f"(100% − {formats.percent(proxy.displacement, 2)})")
    if proxy.attribution is not None and proxy.attribution != 100:
        taken.append(formats.percent(proxy.attribution, 2))
    if taken:
        lines.append(f"Share that counts: {' × '.join(taken)} = {formats.percent(proxy.kept * 100, 4)}")
    if proxy.lasts_years > 1:
        stays = formats.figure(1 - (proxy.drop_off or Decimal(0)) / 100, 4)
        each = ["1", stays, *[f"{stays}{_power(n)}" for n in range(2, proxy.lasts_years)]]
        shown = each if len(each) <= 4 else [*each[:2], "…", each[-1]]
        lines.append(
            f"First years’ worth of benefit: {' + '.join(shown)} = {formats.figure(proxy.lasting, 6)}"
        )
    if lines:
        lines.append(
            f"Factor: {formats.figure(proxy.kept, 6)} × {formats.figure(proxy.lasting, 6)} = {factor(proxy)}"
        )
    return lines


def _power(number: int) -> str:
    return "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(number))


def validity(proxy: Proxy) -> str:
    """Return "from 1 April 2026 to 31 March 2027", "until ...", "from ...", or "no dates given"."""
    if proxy.valid_from and proxy.valid_until:
        return f"from {formats.day(proxy.valid_from)} to {formats.day(proxy.valid_until)}"
    if proxy.valid_from:
        return f"from {formats.day(proxy.valid_from)}"
    return f"until {formats.day(proxy.valid_until)}" if proxy.valid_until else "no dates given"


def where_it_stands(proxy: Proxy, day: dt.date) -> tuple[str, str]:
    """Return (words, colour of the tag) for what a new KPI may do with the proxy on a day."""
    if proxy.is_withdrawn:
        return "Withdrawn", "grey"
    if not proxy.is_offered_on(day):
        early = proxy.valid_from is not None and proxy.valid_from > day
        return ("Not valid yet", "yellow") if early else ("No longer valid", "orange")
    return ("Usual", "green") if proxy.is_usual else ("Offered", "")


def years_old(proxy: Proxy, day: dt.date) -> int:
    """Return how many calendar years old the prices are."""
    return max(0, day.year - proxy.price_year)
