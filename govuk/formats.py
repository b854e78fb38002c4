"""Writes dates, money and figures in the house style, for pages, letters and exports alike."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MINUS = "\u2212"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FEWEST_FOR_A_PERCENTAGE = 20

Number = Decimal | int | str
Moment = date | datetime


def local(value: Moment) -> Moment:
    """Return an aware datetime as it reads in London; anything else as it is."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(LONDON)
    return value


def day(value: Moment | None) -> str:
    """Return "3 May 2026", or "" for None."""
    if not value:
        return ""
    value = local(value)
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def long_day(value: Moment | None) -> str:
    """Return "Sunday 3 May 2026", or "" for None."""
    if not value:
        return ""
    return f"{WEEKDAYS[local(value).weekday()]} {day(value)}"


def clock(value: datetime) -> str:
    """Return "2:05pm", "2pm", "midday" or "midnight" in London."""
    value = value.astimezone(LONDON) if value.tzinfo is not None else value
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    minutes = f":{value.minute:02d}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'am' if value.hour < 12 else 'pm'}"


def day_time(value: Moment | None) -> str:
    """Return "3 May 2026 at 2:05pm"; a date without a time reads as a day, None as ""."""
    if not value:
        return ""
    if not isinstance(value, datetime):
        return day(value)
    return f"{day(value)} at {clock(value)}"


def month(value: Moment | None) -> str:
    """Return "May 2026", or "" for None."""
    if not value:
        return ""
    value = local(value)
    return f"{MONTHS[value.month - 1]} {value.year}"


def months(first: Moment, last: Moment) -> str:
    """Return "May 2026", "April to June 2026" or "October 2026 to March 2027"."""
    first, last = local(first), local(last)
    if (first.year, first.month) == (last.year, last.month):
        return month(last)
    start = MONTHS[first.month - 1] if first.year == last.year else month(first)
    return f"{start} to {month(last)}"


def short_month(value: Moment | None) -> str:
    """Return "May" as three letters, for the foot of a picture."""
    return MONTHS[local(value).month - 1][:3] if value else ""


def financial_year(value: Moment | None) -> str:
    """Return the year from April to March as "2026/27", or "" for None."""
    if not value:
        return ""
    value = local(value)
    start = value.year if value.month >= 4 else value.year - 1
    return f"{start}/{(start + 1) % 100:02d}"


def exact(value: Number) -> Decimal:
    """Return the number as a Decimal, never by way of a float."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def signed(text: str, negative: bool, unit: str = "") -> str:
    """Return the text with its unit and a true minus sign in front of both."""
    return f"{MINUS if negative else ''}{unit}{text}"


def round_to(value: Decimal, places: int) -> Decimal:
    """Return the value rounded half up to that many places."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def trimmed(value: Decimal) -> str:
    """Return digits with thousands separated and no zeros at the end of a fraction."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figure(value: Number | None, places: int | None = None) -> str:
    """Return "1,234.5": thousands separated, no trailing zeros, rounded to places when given; None as ""."""
    if value is None or value == "":
        return ""
    number = exact(value)
    if places is not None:
        number = round_to(number, places)
    return signed(trimmed(abs(number)), number < 0)


def money(value: Number | None) -> str:
    """Return pounds as "£12,345.67", without pence when whole, "−£5" below nought; None as ""."""
    if value is None or value == "":
        return ""
    number = round_to(exact(value), 2)
    size = abs(number)
    whole = size == size.to_integral_value()
    return signed(f"{size:,.0f}" if whole else f"{size:,.2f}", number < 0, "£")


def money_short(value: Number | None) -> str:
    """Return pounds from 10,000 upwards as "£12.4k", "£1.2m", "£1.1bn", smaller in full; None as ""."""
    if value is None or value == "":
        return ""
    number = exact(value)
    size = abs(number)
    if size < 10_000:
        return money(number)
    for power, letter in ((3, "k"), (6, "m"), (9, "bn")):
        short = round_to(size.scaleb(-power), 1)
        if short < 1000 or letter == "bn":
            break
    return signed(trimmed(short) + letter, number < 0, "£")


def percent(value: Number | None, places: int = 1) -> str:
    """Return "82.5%" for a value that is already a percentage, rounded to places; None as ""."""
    if value is None or value == "":
        return ""
    return figure(value, places) + "%"


def n_of(n: int, total: int) -> str:
    """Return "3 of 14", with the percentage only once the whole is large enough to bear one."""
    text = f"{figure(n)} of {figure(total)}"
    if total < FEWEST_FOR_A_PERCENTAGE:
        return text
    return f"{text} ({percent(Decimal(100 * n) / Decimal(total), 0)})"


IRREGULAR = {"people": "person"}


def singular(unit: str) -> str:
    """Return what one of a unit is called ("people" -> "person", "weeks" -> "week").

    Symbols and units of several words ("tCO2e", "FTE", "full-time equivalents") stay as they are.
    """
    if unit in IRREGULAR:
        return IRREGULAR[unit]
    if not (unit.isalpha() and unit.islower()) or not unit.endswith("s") or unit.endswith("ss"):
        return unit
    return unit[:-3] + "y" if unit.endswith("ies") else unit[:-1]


def with_unit(value: Number, unit: str, places: int | None = None) -> str:
    """Return a figure and its unit: "1 person", "12 people", "0.5 FTE"; the unit may be blank."""
    number = figure(value) if places is None else figure(value, places)
    return f"{number} {singular(unit) if number == '1' else unit}".rstrip()


def plural(n: int, word: str, many: str = "") -> str:
    """Return "1 return" or "3 returns"; many is the plural where an s will not do."""
    return f"{figure(n)} {word if n == 1 else many or word + 's'}"
