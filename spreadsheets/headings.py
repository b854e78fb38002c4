"""Finding the row of headings among the records of a file, wherever it stands, or asking."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import HeaderCandidate, NeedsHeader
from .mapping import Header, Wanted, normal, variants_of
from .workbooks import ERRORS, Cell

Record = Sequence[Cell]
Merge = tuple[int, int, int, int]

LONGEST_HEADING = 120
CANDIDATES = 12
COMPARED_ROWS = 200

_DATA_LIKE = re.compile(
    r"""^\s*(
        [(\-+]*\s*[£$€]?\s*[(\-]?[0-9][0-9,. ]*[)%kmKM\-]*      # figures and money
      | [0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ,]+[0-9]{1,4}(\D.*)?  # dates
      | (y|n|yes|no|true|false|n/?a|tbc|tba|none|nil|unknown|-+|\?+|various)
      | \S+@\S+\.\S+ | https?://\S+ | www\.\S+
    )\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
_UNITS = re.compile(
    r"""^\s*\(?\s*(
        [£$€%]['’]?0{0,3}k?m? | £m | £ | gbp | (dd|d|mm|mmm|yy|yyyy)([-/. ](dd|d|mm|mmm|yy|yyyy))+ | y\s*/\s*n
      | yes\s*/\s*no | text | free\ text | number | numeric | date | currency | money | decimal | integer
      | string | months | years | days | hours | units? | per\ cent
      | optional | mandatory | required
    )\s*\)?\s*$""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """The heading row (numbered from 1), its texts by column, and why it was taken."""

    number: int
    texts: tuple[str, ...]
    why: str
    # The first of the rows they stand in: the row itself, or the one above where there are two.
    first: int


def find(
    records: Sequence[Record], *, wanted: Wanted | None, merges: Sequence[Merge], given: int | None
) -> Found:
    """The row of headings: the one given, else the best by known names, else plainly by shape.

    Raises NeedsHeader when no row stands out, or when the row given is blank or not in the file.
    """
    filled = [n for n, record in enumerate(records, start=1) if any(cell is not None for cell in record)]
    if given is not None:
        if given < 1 or given > len(records) or not texts_of(records, given, merges):
            sentence = (
                f"Row {given} is blank or not in the file. Choose the row that holds the column headings."
            )
            raise NeedsHeader(_candidates(records, filled), sentence)
        upper = _upper_of_given(records, given, wanted, merges)
        texts = _completed(records, given, upper, merges, _known(wanted or {}))
        return Found(given, texts, "You chose this row.", upper)
    if wanted:
        by_name = _by_known_names(records, filled, wanted, merges)
        if by_name is not None:
            return by_name
    by_shape = _by_shape(records, filled, merges)
    if by_shape is not None:
        return by_shape
    raise NeedsHeader(_candidates(records, filled))


def texts_of(records: Sequence[Record], number: int, merges: Sequence[Merge]) -> tuple[str, ...]:
    """The headings of a row, with what merged cells above or beside it say filled in."""
    row = records[number - 1]
    width = len(row)
    for top, _left, bottom, right in merges:
        if top <= number <= bottom:
            width = max(width, right + 1)
    texts = [_text(row[i]) if i < len(row) else "" for i in range(width)]
    groups: dict[int, str] = {}
    for top, left, bottom, right in merges:
        anchor = records[top - 1] if top <= len(records) else ()
        label = _text(anchor[left]) if left < len(anchor) else ""
        if not label:
            continue
        if top < number <= bottom:
            for column in range(left, min(right, width - 1) + 1):
                texts[column] = texts[column] or label
        elif bottom == number - 1 and right > left:
            groups.update(dict.fromkeys(range(left, right + 1), label))
    keys = [normal(text) for text in texts]
    for column, label in groups.items():
        if column < width and keys[column] and keys.count(keys[column]) > 1:
            texts[column] = f"{label} {texts[column]}"
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def is_units(record: Record) -> bool:
    """Whether a row only says in what units the columns are (£, dd/mm/yyyy, Y/N)."""
    filled = [cell for cell in record if cell is not None]
    return bool(filled) and all(isinstance(cell, str) and _UNITS.match(cell) for cell in filled)


def repeats(record: Record, headers: Sequence[Header]) -> bool:
    """Whether a row says the headings again (at least two, and four in five of its cells)."""
    same = other = 0
    for index, cell in enumerate(record):
        if cell is None:
            continue
        key = headers[index].key if index < len(headers) else ""
        if isinstance(cell, str) and key and len(cell) <= LONGEST_HEADING * 2 and normal(cell) == key:
            same += 1
        else:
            other += 1
            if other > len(headers) // 4:
                return False
    return same >= min(2, len(headers)) and same >= 4 * other


def looks_like_data(record: Record, width: int) -> bool:
    """Whether a row above the headings holds data of the table rather than a title."""
    filled = [cell for cell in record if cell is not None]
    if len(filled) < max(2, 0.4 * width):
        return False
    return len(filled) >= 0.8 * width or any(_is_data(cell) for cell in filled)


def _by_known_names(
    records: Sequence[Record], filled: Sequence[int], wanted: Wanted, merges: Sequence[Merge]
) -> Found | None:
    fields_of = _known(wanted)
    best, best_score = None, 0.0
    for number in filled:
        texts = _quick_texts(records, number, merges)
        known_cells = len({key for key in map(normal, filter(None, texts)) if key in fields_of})
        if not known_cells:
            continue
        count = sum(1 for text in texts if text)
        data_cells = sum(1 for text in texts if text and _DATA_LIKE.match(text))
        enough = known_cells >= 2 or (known_cells == 1 and count <= 2 and number == filled[0])
        if not enough or data_cells > 0.34 * count:
            continue
        score = known_cells + known_cells / (count + 1)
        if score > best_score:
            best, best_score = number, score
    if best is None:
        return None
    upper, best = best, _lower_of_two(records, best, merges, fields_of)
    texts = _completed(records, best, upper, merges, fields_of)
    known_texts = [text for text in texts if normal(text) in fields_of]
    shown = ", ".join(f"“{text}”" for text in known_texts[:3])
    return Found(best, texts, f"Row {best} has {len(known_texts)} headings we know, such as {shown}.", upper)


def _known(wanted: Wanted) -> dict[str, set[str]]:
    """Known headings, as compared, with the fields each may mean."""
    fields_of: dict[str, set[str]] = {}
    for field, variants in variants_of(wanted).items():
        for variant in variants:
            fields_of.setdefault(variant, set()).add(field)
    return fields_of


def _upper_of_given(
    records: Sequence[Record], number: int, wanted: Wanted | None, merges: Sequence[Merge]
) -> int:
    """The first of the rows of headings where somebody chose one: the row above, where the two are one."""
    above = number - 1
    if not above or not texts_of(records, above, merges):
        return number
    return above if _lower_of_two(records, above, merges, _known(wanted or {})) == number else number


def _completed(
    records: Sequence[Record], number: int, upper: int, merges: Sequence[Merge], known: Container[str]
) -> tuple[str, ...]:
    """The headings of a row, with what the rows above it add; `upper` is the first of two, or the row."""
    texts = _with_words_above(records, number, texts_of(records, number, merges), known)
    return _filled_from(texts, texts_of(records, upper, merges)) if number > upper else texts


def _with_words_above(
    records: Sequence[Record], number: int, texts: tuple[str, ...], known: Container[str]
) -> tuple[str, ...]:
    """The headings, with what the row above adds where only that makes them known: “Value” above “(£)”.

    A CSV file doesn't say which cells were merged, so a text above counts until the next one.
    """
    above = records[number - 2] if number > 1 else ()
    if sum(cell is not None for cell in above) < 2 or any(
        _is_data(cell) for cell in above if cell is not None
    ):
        return texts
    result, label = list(texts), ""
    for index, text in enumerate(texts):
        own = _text(above[index]) if index < len(above) else ""
        label = own or label
        if text and normal(text) not in known and normal(f"{label} {text}") in known:
            result[index] = f"{label} {text}"
        elif not text and own and normal(own) in known:
            result[index] = own
    return tuple(result)


def _filled_from(texts: tuple[str, ...], upper: tuple[str, ...]) -> tuple[str, ...]:
    """The lower of two heading rows, with the upper one's words where it says nothing."""
    width = max(len(texts), len(upper))
    lower, higher = (row + ("",) * (width - len(row)) for row in (texts, upper))
    return tuple(low or high for low, high in zip(lower, higher, strict=True))


def _quick_texts(records: Sequence[Record], number: int, merges: Sequence[Merge]) -> Sequence[str]:
    if merges:
        return texts_of(records, number, merges)
    return [
        cell if isinstance(cell, str) and len(cell) <= LONGEST_HEADING else "" if cell is None else "0"
        for cell in records[number - 1]
    ]


def _lower_of_two(
    records: Sequence[Record], number: int, merges: Sequence[Merge], known: Container[str]
) -> int:
    """The second of two heading rows, where merged cells or the blanks of the first tie them together."""
    bottoms = [bottom for top, _, bottom, _ in merges if top == number and bottom > top]
    if bottoms:
        return min(max(bottoms), len(records))
    wide = [(left, right) for top, left, bottom, right in merges if top == bottom == number and right > left]
    if wide and number < len(records):
        below = records[number]
        beneath = [below[c] for left, right in wide for c in range(left, right + 1) if c < len(below)]
        named = [cell for cell in beneath if cell is not None]
        if len(named) > len(wide) and not any(_is_data(cell) for cell in below if cell is not None):
            return number + 1
    return number + 1 if _fills_the_gaps(records, number, known) else number


def _fills_the_gaps(records: Sequence[Record], number: int, known: Container[str]) -> bool:
    """Whether the row below holds nothing but headings we know, two or more, some where this row is blank."""
    if number >= len(records):
        return False
    above, below = records[number - 1], records[number]
    if sum(_text(cell) != "" and normal(cell) in known for cell in above) < 2:
        return False
    filled = [(index, cell) for index, cell in enumerate(below) if cell is not None]
    if len(filled) < 2 or not all(isinstance(cell, str) and normal(cell) in known for _, cell in filled):
        return False
    gaps = [index for index, _ in filled if index >= len(above) or above[index] is None]
    return bool(gaps) and len(filled) - len(gaps) <= len(gaps)


def _by_shape(records: Sequence[Record], filled: Sequence[int], merges: Sequence[Merge]) -> Found | None:
    """The first row as wide as the table that holds distinct names, over columns of other things.

    Strict on purpose: a data row taken for headings would be lost without a word.
    """
    if len(filled) < 2:
        return None
    widths = sorted(sum(cell is not None for cell in records[n - 1]) for n in filled[:COMPARED_ROWS])
    usual = widths[len(widths) // 2]
    for position, number in enumerate(filled[:20]):
        row = records[number - 1]
        cells = [(i, cell) for i, cell in enumerate(row) if cell is not None]
        if len(cells) < 2 or len(cells) < 0.7 * usual:
            continue
        texts = [cell.strip() for _, cell in cells if isinstance(cell, str)]
        if len(texts) < len(cells) or any(_is_data(t) or len(t) > LONGEST_HEADING for t in texts):
            return None
        if len({normal(t) for t in texts}) < 0.9 * len(texts):
            return None
        below = [records[n - 1] for n in filled[position + 1 : position + 1 + COMPARED_ROWS]]
        contrast = [i for i, _ in cells if _mostly_data([r[i] if i < len(r) else None for r in below])]
        again = sum(1 for i, cell in cells if any(i < len(r) and r[i] == cell for r in below))
        if again > len(cells) // 8:
            return None
        if len(contrast) >= 2 or (contrast and len(cells) <= 4):
            why = f"Row {number} is the first with a name in every column, over columns of figures or dates."
            return Found(number, texts_of(records, number, merges), why, number)
        return None
    return None


def _mostly_data(cells: Sequence[Cell]) -> bool:
    filled = [cell for cell in cells if cell is not None]
    return bool(filled) and sum(_is_data(cell) for cell in filled) >= 0.8 * len(filled)


def _is_data(cell: Cell) -> bool:
    if isinstance(cell, (bool, int, Decimal, date)):
        return True
    return isinstance(cell, str) and (
        cell in ERRORS or (len(cell) <= 200 and _DATA_LIKE.match(cell) is not None)
    )


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return " ".join(str(cell).split())


def _candidates(records: Sequence[Record], filled: Sequence[int]) -> list[HeaderCandidate]:
    chosen = list(filled[:CANDIDATES])
    if filled and filled[-1] not in chosen:
        chosen.append(filled[-1])
    return [
        HeaderCandidate(number, tuple(_text(cell)[:80] for cell in records[number - 1])) for number in chosen
    ]
