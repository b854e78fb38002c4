"""Reading single values of a notice: text, day, amount, yes or no; CellError says what is wrong."""

from __future__ import annotations

import datetime as dt
import html
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from spreadsheets.values import LONDON, CellError, read_date, read_money

# Line breaks that lost their backslashes on the publisher's way: "the event.rnrnAdditional information".
_LOST_PARAGRAPHS = re.compile(r"rnrn(?!rn)")
_LOST_LINES = re.compile(r"(?<=[.,:;!?*)\]\s])rn(?=$|[A-Z0-9*•\-\s])")
_WRITTEN_BREAKS = re.compile(r"\\r\\n|\\n|\\r|_x000d_\n?|\r\n?|\u2028|\u2029|\x85|<br\s*/?>", re.IGNORECASE)
# Nothing below finds anything in a text without one of these: asked once instead of seven times.
_ODD = re.compile(r"[\x00-\x1f\x7f-\xa0&\\<\u2028\u2029\ufeff]|rn|(?i:_x0)")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


def said(value: Any, longest: int = 60) -> str:
    """Return a value as a message quotes it."""
    text = _CONTROLS.sub("", " ".join(str(value).split()))
    return f"“{text if len(text) <= longest else text[: longest - 1] + '…'}”"


def clean(value: Any) -> str:
    """Return a text without HTML entities, with line breaks as \\n; "" where there is none.

    Lists are joined by lines, other kinds are written out: nothing is lost.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return "\n".join(text for text in (clean(one) for one in value) if text)
    if isinstance(value, dict):
        return ""
    text = str(value)
    if not _ODD.search(text):
        return text.strip()
    if "&" in text:
        # Twice, as notices pass through systems that each escape.
        text = html.unescape(html.unescape(text))
    text = _WRITTEN_BREAKS.sub("\n", text)
    if "rn" in text:
        text = _LOST_LINES.sub("\n", _LOST_PARAGRAPHS.sub("\n\n", text))
    text = _CONTROLS.sub("", text).replace("\u00a0", " ").replace("\ufeff", "")
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def line(value: Any) -> str:
    """Return a text on one line."""
    return " ".join(clean(value).split())


def cut(text: str, longest: int) -> str:
    """Return a text that fits its column, marked where it was cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def day_of(value: Any) -> dt.date | None:
    """Return the day in London; None for blank.

    Midnight and 23:59 stand for the day as written, whatever zone is written behind them.
    """
    if value is None or isinstance(value, bool | dict | list):
        if value is None:
            return None
        raise CellError(f"{said(value)} is not a date.")
    text = str(value).strip()
    if not text:
        return None
    if (match := _MOMENT.fullmatch(text)) and (match[2], match[3]) in (("00", "00"), ("23", "59")):
        text = match[1]
    return read_date(text)


def moment_of(value: Any) -> dt.datetime | None:
    """Return a moment with its zone (London's where none is written); None where it is none."""
    if not isinstance(value, str):
        return None
    text = value.strip().replace(",", ".")
    try:
        moment = dt.datetime.fromisoformat(text.upper().replace(" ", "T", 1) if len(text) > 10 else text)
    except ValueError:
        try:
            day = read_date(text)
        except CellError:
            return None
        if day is None:
            return None
        moment = dt.datetime.combine(day, dt.time())
    moment = moment if moment.tzinfo else moment.replace(tzinfo=LONDON)
    return moment if 1900 <= moment.year <= 2199 else None


def amount_of(value: Any) -> Decimal | None:
    """Return pounds to the penny; None for blank."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | dict | list):
        raise CellError(f"{said(value)} is not an amount.")
    if isinstance(value, int | Decimal):
        try:
            exact = Decimal(value)
        except InvalidOperation:
            raise CellError(f"{said(value)} is not an amount.") from None
        if not exact.is_finite():
            raise CellError(f"{said(value)} is not an amount.")
        if exact and exact.adjusted() > 13:
            raise CellError(f"{said(value)} is larger than any amount this system holds.")
        if exact and exact.adjusted() < -40:
            exact = Decimal(0)
        return read_money(exact)
    return read_money(str(value))


def flag_of(value: Any) -> str:
    """Return "yes", "no" or "" for what a notice says by true, "yes", "sme" or "large"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    word = str(value or "").strip().lower()
    if word in ("true", "yes", "y", "sme", "micro", "small", "medium", "vcse", "1"):
        return "yes"
    return "no" if word in ("false", "no", "n", "large", "0") else ""


def web_address(value: Any) -> str:
    """Return an http(s) address as it is; "" for anything else."""
    text = str(value or "").strip()
    return text[:500] if re.match(r"https?://[^\s<>\"'\x00-\x1f]+$", text, re.IGNORECASE) else ""
