"""Telling how the letters of a text file are stored, from the whole file, and saying why."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .errors import EncodingChoice, NeedsEncoding

MIXED = "mixed"
LABELS = {
    "utf-8": "UTF-8 (the usual one today)",
    "utf-8-sig": "UTF-8 with a mark at the start (as Excel saves it)",
    "utf-16": "UTF-16 (“Unicode text” in Excel)",
    "cp1252": "Windows Western European",
    "cp437": "DOS (old American code page 437)",
    "cp850": "DOS (old Western European code page 850)",
    "mac_roman": "Macintosh Western European",
    MIXED: "UTF-8 in some lines, Windows in others",
}
LIKELIHOOD = {"cp1252": 1.1, "cp437": 1.0, "cp850": 1.0, "mac_roman": 0.8}
SINGLE_BYTE = tuple(LIKELIHOOD)
SCORED_AT_MOST = 5000
SAMPLES = 3

_PUNCTUATION = set("‘’“”–—•…")
_SYMBOLS = set("£€°²³½¼¾®©™×·§\u00a0")
_LOWER = set("àáâãäåæçèéêëìíîïñòóôõöøœùúûüýÿß")
_USUAL = set("àáâäçèéêëíïñóôöúü")
_UPPER = set("ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØŒÙÚÛÜÝ")


@dataclass(frozen=True)
class Guess:
    """The text, how it was decoded, why, whether that is certain, and the other ways."""

    text: str
    encoding: str
    why: str
    sure: bool
    choices: tuple[EncodingChoice, ...]


def decode(data: bytes, encoding: str | None = None) -> Guess:
    """Decode a whole file, by the encoding given or by the likeliest one.

    Raises NeedsEncoding, with every workable choice, when the given encoding does not fit or
    when no encoding gives sensible text.
    """
    if encoding is not None:
        return _decode_as(data, encoding)
    if data.startswith(codecs.BOM_UTF8):
        text = _try(data, "utf-8-sig")
        if text is not None:
            return Guess(text, "utf-8-sig", "The file starts with a UTF-8 mark.", True, ())
        data = data[len(codecs.BOM_UTF8) :]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _try(data, "utf-16")
        if text is not None:
            return Guess(text, "utf-16", "The file starts with a UTF-16 mark.", True, ())
    bare = utf16_without_mark(data)
    if bare:
        text = _try(data, bare)
        if text is not None:
            return Guess(text, bare, "Every other byte is empty, as in UTF-16.", True, ())
    if data.isascii():
        return Guess(data.decode("ascii"), "utf-8", "The file holds plain letters only.", True, ())
    text = _try(data, "utf-8")
    if text is not None:
        return Guess(text, "utf-8", "Every letter in the file is valid UTF-8.", True, _choices(data))
    return _by_score(data)


def utf16_without_mark(data: bytes) -> str | None:
    """utf-16-le or utf-16-be when a file without a mark is plainly one of them."""
    start = data[:4000]
    if len(start) < 4 or len(data) % 2:
        return None
    pairs = len(start) // 2
    if start[1::2].count(0) > 0.8 * pairs and start[0::2].count(0) == 0:
        return "utf-16-le"
    if start[0::2].count(0) > 0.8 * pairs and start[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _decode_as(data: bytes, encoding: str) -> Guess:
    try:
        text = _try(data, encoding)
    except LookupError:
        text = None
    if text is None:
        label = LABELS.get(encoding, encoding)
        raise NeedsEncoding(
            _choices(data), f"This file cannot be read as {label}. Choose another way to read its letters."
        )
    return Guess(text.removeprefix("\ufeff"), encoding, "You chose this.", True, _choices(data))


def _try(data: bytes, encoding: str) -> str | None:
    if encoding == MIXED:
        return _line_by_line(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _line_by_line(data: bytes) -> str | None:
    parts = []
    for line in data.split(b"\n"):
        try:
            parts.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            try:
                parts.append(line.decode("cp1252"))
            except UnicodeDecodeError:
                return None
    return "\n".join(parts)


def _by_score(data: bytes) -> Guess:
    utf8_lines = sum(1 for line in _affected(data) if _try(line, "utf-8") is not None)
    other_lines = sum(1 for line in _affected(data) if _try(line, "utf-8") is None)
    choices = _choices(data)
    if utf8_lines > other_lines and (text := _line_by_line(data)) is not None:
        why = (
            f"{utf8_lines:,} lines are UTF-8 and {other_lines:,} are not, "
            "as when two files were joined: each line was read by itself."
        )
        return Guess(text, MIXED, why, False, choices)
    scores = {}
    for encoding in SINGLE_BYTE:
        text = _try(data, encoding)
        if text is not None:
            scores[encoding] = _score(text) * LIKELIHOOD[encoding]
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] <= 0:
        raise NeedsEncoding(choices)
    text = data.decode(best)
    rivals = [e for e in scores if e != best and scores[e] >= 0.8 * scores[best] and data.decode(e) != text]
    why = f"Not UTF-8. Read as {LABELS[best]}, pound signs, quotes and accents stand where they make sense."
    if rivals:
        why += " Another way fits nearly as well, so look at the examples."
    return Guess(text, best, why, not rivals, choices)


def _score(text: str) -> float:
    """How sensibly the non-ASCII characters stand in the text: above 0 is plausible."""
    total = 0.0
    for number, match in enumerate(re.finditer(r"[^\x00-\x7f]", text)):
        if number >= SCORED_AT_MOST:
            break
        at = match.start()
        total += _fits(text[at], text[at - 1] if at else "\n", text[at + 1 : at + 3])
    return total


def _fits(character: str, before: str, after: str) -> float:
    following = after.strip()[:1]
    if character == "£" or character == "€":
        if following.isdigit() or (following in {"-", "(", "."} and following):
            return 5
        return -2 if before.isalpha() and following.isalpha() else 2
    if character in _PUNCTUATION:
        return _punctuates(character, before, after[:1])
    if character == "\u00a0":
        return 3
    if character in _SYMBOLS:
        return 1 if character != "×" or not before.isalpha() else -1
    if character in _LOWER:
        if following.isdigit() or before.isdigit():
            return -4
        if after[:1].isupper():
            return -2
        if not before.isalpha():
            return 0.5 if after[:1].islower() else -2
        return 2 if character in _USUAL else 1
    if character in _UPPER:
        if before.islower() or following.isdigit() or before.isdigit():
            return -3
        return 1 if after[:1].isalpha() or before.isalpha() else -2
    return -3


def _punctuates(character: str, before: str, after: str) -> float:
    """The score of a curly quote, dash or dots: by the side on which the word stands."""
    if character in "‘“":
        return 3 if after.isalnum() and not before.isalnum() else -2
    if character == "’":
        return 3 if before.isalnum() else 0.5
    if character in "”…":
        return -1 if after.isalnum() else 3
    return 1.5


def _affected(data: bytes) -> Iterator[bytes]:
    return (line for line in data.split(b"\n") if not line.isascii())


def _choices(data: bytes) -> tuple[EncodingChoice, ...]:
    """Every encoding that can read the file, with up to three affected lines each."""
    lines = []
    for line in _affected(data):
        lines.append(line)
        if len(lines) == SAMPLES:
            break
    if not lines or utf16_without_mark(data) or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ()
    result = []
    for encoding in ("utf-8", *SINGLE_BYTE):
        if _try(data, encoding) is not None:
            samples = tuple(_around(line, encoding) for line in lines)
            result.append(EncodingChoice(encoding, LABELS[encoding], samples))
    return tuple(result)


def _around(line: bytes, encoding: str) -> str:
    text = line.decode(encoding, errors="replace").strip()
    found = re.search(r"[^\x00-\x7f]", text)
    start = max(0, found.start() - 30) if found else 0
    return ("…" if start else "") + text[start : start + 70] + ("…" if start + 70 < len(text) else "")
