"""Reading one cell as a date, an amount, a flag or a text, or saying in a sentence why not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from .mapping import normal
from .workbooks import ERRORS, Cell

EARLIEST_YEAR, LATEST_YEAR = 1900, 2199
LARGEST_MONEY = Decimal(10) ** 13
PENNY = Decimal("0.01")
LONDON = ZoneInfo("Europe/London")

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f\ufeff]+")
_MINUSES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-"})
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_TIME = r"(?:[T ]\s*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?)?"
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})" + _TIME)
_ZONED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]+\s*(?:Z|[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE)
_BASIC = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*[-/. ]\s*([0-9]{1,2})\s*[-/. ]\s*([0-9]{4}|[0-9]{2})" + _TIME)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)[a-z]*\.?,?\s+)?"
_NAMED = re.compile(
    _WEEKDAY + r"([0-9]{1,2})(?:st|nd|rd|th)?(?:\s+of)?[-/. ,]*([a-z]+)[-/. ,]*([0-9]{4}|[0-9]{2})" + _TIME,
    re.IGNORECASE,
)


class CellError(ValueError):
    """A cell does not hold what its column should; str() is a sentence that quotes it."""


def read_text(cell: Cell) -> str:
    """The text as written, without spaces at line ends; "" for blank. Line breaks become \\n."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, (datetime, date)):
        return cell.isoformat(*([" "] if isinstance(cell, datetime) else []))
    lines = str(cell).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" \t\u00a0") for line in lines).strip(" \t\n\u00a0\ufeff")


def read_date(cell: Cell, notes: list[str] | None = None) -> date | None:
    """A date, day first; None for blank. A time of day is left off.

    Two-digit years 00 to 69 are 2000 to 2069, 70 to 99 are 1970 to 1999. A number is a date only
    when the cell of a workbook held a number. A moment with a zone becomes the date in London.
    """
    if isinstance(cell, datetime):
        return _checked(cell.date(), cell)
    if isinstance(cell, date):
        return _checked(cell, cell)
    if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return _serial(cell)
    text = _line(cell)
    if not text:
        return None
    _refuse_error(text)
    if _ZONED.fullmatch(text):
        try:
            moment = datetime.fromisoformat(
                text.upper().replace(",", ".").replace(" ", "T", 1).replace(" ", "")
            )
        except ValueError:
            raise CellError(f"“{text}” is not a date that exists.") from None
        return _checked(moment.astimezone(LONDON).date(), text)
    if match := _ISO.fullmatch(text) or _BASIC.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
        return _build(year, month, day, text)
    if match := _DAY_FIRST.fullmatch(text):
        day, month = int(match[1]), int(match[2])
        if month > 12 >= day:
            raise CellError(
                f"“{text}” is not a day-first date: there is no month {month}. Write the day first."
            )
        return _build(_year(match[3]), month, day, text)
    if match := _NAMED.fullmatch(text):
        named = _MONTHS.get(match[2].lower())
        if named is not None:
            return _build(_year(match[3]), named, int(match[1]), text)
    raise CellError(
        f"“{_short(text)}” is not a date. Write it like 31/03/2026, or leave it blank if there is none."
    )


def read_money(cell: Cell, notes: list[str] | None = None, *, finest: Decimal = PENNY) -> Decimal | None:
    """Pounds to the penny, or as fine as `finest` says; None for blank, which is never 0.

    Brackets, a minus before or after, and CR are negative. k, m and bn multiply. What is finer
    is rounded half up and said in notes.
    """
    if isinstance(cell, (datetime, date)):
        raise CellError(f"{cell:%d/%m/%Y} is a date, not an amount.")
    exact = _number(cell, money=True)
    if exact is None:
        return None
    if abs(exact) >= LARGEST_MONEY:
        raise CellError(f"“{_short(str(cell))}” is larger than any amount this system holds.")
    rounded = exact.quantize(finest, rounding=ROUND_HALF_UP)
    if rounded != exact and notes is not None:
        notes.append(f"{exact:f} was rounded to {rounded:f}.")
    return abs(rounded) if rounded == 0 else rounded


def read_figure(cell: Cell, notes: list[str] | None = None) -> Decimal | None:
    """A number with whatever decimals it has, thousands commas allowed; None for blank."""
    if isinstance(cell, (datetime, date)):
        raise CellError(f"{cell:%d/%m/%Y} is a date, not a number.")
    return _number(cell, money=False)


def read_int(cell: Cell, notes: list[str] | None = None) -> int | None:
    """A whole number; None for blank."""
    exact = read_figure(cell)
    if exact is None:
        return None
    if exact != exact.to_integral_value():
        raise CellError(f"“{_short(str(cell))}” is not a whole number.")
    return int(exact)


def read_percent(cell: Cell, notes: list[str] | None = None) -> Decimal | None:
    """Per cent, so that 12.5 and 12.5% are both Decimal("12.5"); None for blank."""
    if isinstance(cell, str):
        text = re.sub(r"\s*(%|per\s?cent)\s*$", "", _line(cell), flags=re.IGNORECASE)
        if not text and _line(cell):
            raise CellError(f"“{_line(cell)}” gives no number.")
        return read_figure(text or None)
    return read_figure(cell)


_YES = {"y", "yes", "true", "1", "sme", "vcse"}
_NO = {"n", "no", "false", "0", "nonsme", "notsme", "notansme", "nonvcse", "notvcse", "notavcse", "large"}
_UNKNOWN = {"", "unknown", "notknown", "notstated", "notrecorded", "dontknow", "nk"}


def read_tristate(
    cell: Cell, notes: list[str] | None = None, *, yes: Iterable[str] = (), no: Iterable[str] = ()
) -> bool | None:
    """True, False, or None for blank and for words that say it is not known.

    yes and no add words to those known (Y, Yes, TRUE, 1, SME; N, No, FALSE, 0, non-SME).
    """
    if isinstance(cell, (datetime, date)):
        raise CellError(f"{cell:%d/%m/%Y} is a date. Write Yes or No, or leave it blank if it is not known.")
    text = read_text(cell)
    word = normal(text)
    if word in _YES or word in {normal(extra) for extra in yes}:
        return True
    if word in _NO or word in {normal(extra) for extra in no}:
        return False
    if word in _UNKNOWN and (word or not text.strip("?- ")):
        return None
    raise CellError(
        f"“{_short(text)}” is neither yes nor no. Write Yes or No, or leave it blank if it is not known."
    )


_COMPANY = re.compile(
    r"[0-9]{1,8}|[A-Z]{2}[0-9]{1,6}|R[0-9]{1,7}|(?:IP|SP|NP|RS|SR|IC|SI)[0-9]{1,5}[A-Z]{1,2}"
)
_COMPANY_PREFIX = re.compile(r"^(?:GB\s*[-/:]\s*)?(?:COH\s*[-/:]\s*)?", re.IGNORECASE)
_JUNK = {"na", "none", "nil", "tbc", "tba", "unknown", "notapplicable", "notknown", "various", "exempt"}


def read_company_number(cell: Cell, notes: list[str] | None = None) -> str:
    """A registered company number as written, in capitals and without spaces or gb/; "" for blank."""
    if isinstance(cell, (datetime, date)):
        raise CellError(f"{cell:%d/%m/%Y} is a date, not a company number.")
    if isinstance(cell, Decimal):
        cell = f"{cell.normalize():f}"
    text = _line(cell)
    if not text:
        return ""
    _refuse_error(text)
    if re.fullmatch(r"[0-9](\.[0-9]+)?E\+?[0-9]+", text, re.IGNORECASE):
        raise CellError(
            f"“{text}” was shortened by a spreadsheet: write the company number in full, as text."
        )
    number = re.sub(r"[\s']", "", _COMPANY_PREFIX.sub("", text)).upper()
    if re.fullmatch(r"[0-9]+\.0", number):
        number = number[:-2]
    if normal(text) in _JUNK or not _COMPANY.fullmatch(number) or not number.strip("0"):
        raise CellError(f"“{_short(text)}” is not a company number. Leave it blank if there is none.")
    return number


def company_key(number: str) -> str:
    """A company number padded to eight characters: for matching only, never to store or show."""
    compact = re.sub(r"[^A-Z0-9]", "", _COMPANY_PREFIX.sub("", number.strip()).upper())
    match = re.fullmatch(r"([A-Z]{0,2})([0-9]+)([A-Z]{0,2})", compact)
    if match is None:
        return compact
    before, digits, after = match.groups()
    return before + digits.zfill(8 - len(before) - len(after)) + after


_PLAIN = re.compile(r"[0-9]+\.?[0-9]*|\.[0-9]+")
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]*)?")
_SCALES = {"k": 3, "thousand": 3, "m": 6, "mn": 6, "million": 6, "bn": 9, "billion": 9}


def _number(cell: Cell, *, money: bool) -> Decimal | None:
    """The exact number a cell holds, or None for blank."""
    what = "an amount in pounds" if money else "a number"
    if isinstance(cell, bool):
        raise CellError(f"“{'TRUE' if cell else 'FALSE'}” is not {what}.")
    if isinstance(cell, (int, Decimal)):
        if isinstance(cell, Decimal) and not cell.is_finite():
            raise CellError(f"“{cell}” is not {what}.")
        return Decimal(cell)
    text = _line(cell)
    if not text:
        return None
    _refuse_error(text)
    body, negatives = text.translate(_MINUSES).strip(), 0
    if not re.search(r"[0-9]", body):
        if not body.strip("-£ ()"):
            raise CellError(f"“{text}” could mean nothing or 0: write 0, or leave the cell blank.")
        raise CellError(f"“{_short(text)}” is not {what}. Leave the cell blank if it is not known.")
    seen_currency = False
    while True:
        if body.startswith("(") and body.endswith(")"):
            body, negatives = body[1:-1].strip(), negatives + 1
        elif body.startswith("-"):
            body, negatives = body[1:].strip(), negatives + 1
        elif body.endswith("-"):
            body, negatives = body[:-1].strip(), negatives + 1
        elif body.startswith("+"):
            body = body[1:].strip()
        elif money and not seen_currency and (match := re.match(r"£|GBP", body, re.IGNORECASE)):
            body, seen_currency = body[match.end() :].strip(), True
        elif money and not seen_currency and (match := re.search(r"(£|GBP)$", body, re.IGNORECASE)):
            body, seen_currency = body[: match.start()].strip(), True
        elif money and (match := re.search(r"(?<=[0-9\s])(CR|DR)$", body, re.IGNORECASE)):
            negatives += match.group(1).upper() == "CR"
            body = body[: match.start()].strip()
        elif body.startswith("(£") and ")" in body and not body.endswith(")"):
            raise CellError(f"“{_short(text)}” is not {what}.")
        else:
            break
        if negatives > 1:
            raise CellError(f"“{_short(text)}” is marked as negative twice. Write it once.")
    scale = 0
    if money and (
        match := re.fullmatch(r"([0-9.,]+)\s*(k|thousand|mn?|million|bn|billion)", body, re.IGNORECASE)
    ):
        body, scale = match[1], _SCALES[match[2].lower()]
    if re.fullmatch(r"[0-9.]+E[+-]?[0-9]+", body, re.IGNORECASE):
        raise CellError(f"“{text}” was shortened by a spreadsheet, so figures are lost: write it in full.")
    if money and re.search(r"[$€¥]|USD|EUR", body):
        raise CellError(f"“{_short(text)}” is not in pounds.")
    if not (_PLAIN.fullmatch(body) or _GROUPED.fullmatch(body)):
        if re.fullmatch(r"[0-9.]+,[0-9]+|[0-9.]+", body) or re.fullmatch(r"[0-9,]+(\.[0-9]*)?", body):
            raise CellError(
                f"“{_short(text)}” can be read in more than one way: "
                "use commas for thousands only and a full stop for the decimals."
            )
        raise CellError(f"“{_short(text)}” is not {what}. Leave the cell blank if it is not known.")
    number = Decimal(body.replace(",", "").replace(" ", "")).scaleb(scale)
    return -number if negatives else number


def _line(cell: Cell) -> str:
    return "" if cell is None else _SPACES.sub(" ", str(cell)).strip()


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"


def _refuse_error(text: str) -> None:
    if text in ERRORS:
        raise CellError(f"The spreadsheet has the error {text} here. Correct it there.")


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 70 else 1900)


def _build(year: int, month: int, day: int, text: str) -> date:
    try:
        built = date(year, month, day)
    except ValueError:
        raise CellError(f"“{text}” is not a date that exists.") from None
    return _checked(built, text)


def _checked(built: date, cell: object) -> date:
    if not EARLIEST_YEAR <= built.year <= LATEST_YEAR:
        shown = f"{built.day:02}/{built.month:02}/{built.year:04}" if isinstance(cell, date) else f"{cell}"
        raise CellError(f"“{shown}” is not a likely date. Leave it blank if there is none.")
    return built


def _serial(number: int | Decimal) -> date:
    """The date a workbook counts as days since the end of 1899 (first day taken: 1 January 1920)."""
    if 19000101 <= number <= 21991231 and number == int(number):
        digits = str(int(number))
        return _build(int(digits[:4]), int(digits[4:6]), int(digits[6:]), digits)
    if 7306 <= number <= 109574:
        return date(1899, 12, 30) + timedelta(days=int(number))
    raise CellError(f"“{Decimal(number):f}” is a number, not a date.")
