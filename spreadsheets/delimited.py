"""Splitting the text of a CSV file into records, whatever separates its cells."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator

from .errors import BrokenFile, TooBig

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
SNIFFED_RECORDS = 300
SNIFFED_CHARACTERS = 400_000
LARGEST_CELL = 100_000
_SENTINEL = "\x1eend\x1e"
_ESCAPED = re.compile(r"^'+\s*[=+\-@\t\r＝＋－＠]")


def records(text: str, *, most_cells: int) -> tuple[list[list[str | None]], str, list[tuple[int, str]]]:
    """The records of the text, the delimiter, and warnings as (record number, sentence).

    A record is a row as a spreadsheet shows it: line breaks inside quotes don't end it. A cell
    that is blank or only spaces is None. Raises BrokenFile for a quotation mark that is never
    closed, TooBig above most_cells.
    """
    hint = re.match(r"""\s*"?sep=(.)"?[;,]*\r?\n""", text, re.IGNORECASE)
    if hint:
        text = text[hint.end() :]
        delimiter, skip_spaces = hint.group(1), False
    else:
        delimiter, skip_spaces = sniff(text)
    found: list[list[str | None]] = []
    warnings: list[tuple[int, str]] = []
    cells = 0
    last: list[str] = []
    ended = text if text.endswith(("\n", "\r")) else text + "\n"
    for raw in _parse(ended + _SENTINEL, delimiter, skip_spaces):
        last = raw
        if raw == [_SENTINEL]:
            break
        row = [_cell(value) for value in raw]
        while row and row[-1] is None:
            row.pop()
        cells += len(row)
        if cells > most_cells:
            raise TooBig(f"This file has more than {most_cells:,} cells. Split it and upload the parts.")
        found.append(row)
        for value in raw:
            if "\n" in value and _swallowed(value, delimiter, len(raw)):
                sentence = "One cell seems to hold further rows: look for a missing quotation mark."
                warnings.append((len(found), sentence))
                break
    if last != [_SENTINEL]:
        raise BrokenFile(
            f"A quotation mark is opened at about row {len(found)} and never closed, so the rows after it "
            "cannot be told apart. Correct it in the file and upload it again."
        )
    return found, delimiter, warnings


def sniff(text: str) -> tuple[str, bool]:
    """The likeliest delimiter, and whether spaces after it are to be passed over."""
    sample = text[:SNIFFED_CHARACTERS]
    best, best_score = (",", False), 0.0
    for delimiter in DELIMITERS:
        if delimiter not in sample:
            continue
        for skip_spaces in (False, True) if f'{delimiter} "' in sample else (False,):
            score = _evenness(sample, delimiter, skip_spaces)
            if score > best_score * 1.001:
                best, best_score = (delimiter, skip_spaces), score
    return best


def _evenness(sample: str, delimiter: str, skip_spaces: bool) -> float:
    try:
        widths = Counter(
            len(record)
            for record in itertools.islice(_parse(sample, delimiter, skip_spaces), SNIFFED_RECORDS)
            if any(cell.strip() for cell in record)
        )
    except BrokenFile:
        return 0.0
    if not widths:
        return 0.0
    several = sum(count for width, count in widths.items() if width > 1)
    width, count = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]))
    if width < 2:
        return 0.0
    share = (count + 0.3 * (several - count)) / sum(widths.values())
    return float(share * share * min(width, 12))


def _parse(text: str, delimiter: str, skip_spaces: bool) -> Iterator[list[str]]:
    number = 0
    previous = csv.field_size_limit(LARGEST_CELL)
    try:
        for record in csv.reader(
            io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=skip_spaces
        ):
            number += 1
            yield record
    except csv.Error as error:
        raise BrokenFile(
            f"Row {number + 1} cannot be read: a quotation mark is probably opened there and never closed. "
            "Correct it in the file and upload it again."
        ) from error
    finally:
        csv.field_size_limit(previous)


def _cell(value: str) -> str | None:
    if not value or value.isspace():
        return None
    if value[0] == "'" and _ESCAPED.match(value):
        return value[1:]
    return value


def _swallowed(value: str, delimiter: str, width: int) -> bool:
    lines = value.splitlines()
    return width > 2 and any(line.count(delimiter) >= max(2, width - 2) for line in lines[1:])
