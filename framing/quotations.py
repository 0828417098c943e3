"""Quotation marks: where a quotation opens, where it closes, what is no mark at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Quotation(NamedTuple):
    """Words between quotation marks, marks included, never past its paragraph.

    `closed` is False where the paragraph ended before the closing mark did;
    `continues` is True where the quotation carries on one that the paragraph before
    left open (news style opens each paragraph again and closes only the last).
    """

    start: int
    end: int
    closed: bool
    continues: bool


_MARK = re.compile(r"[\"“”„‟«»‹›'‘’‚`]")
_CLOSERS = {
    '"': '"”', "“": '”"', "„": "“”\"", "‟": "”", "«": "»", "»": "«", "‹": "›",
    "‘": "’'", "'": "'’", "‚": "‘’", "`": "'’`",
}  # fmt: skip
_SINGLE = "'‘‚`‹"
_ELISION = re.compile(r"(?i)['‘’](?:\d0s|n['’]|(?:em|til|cause|tis|twas)\b)")
_SECOND_HALF = "\x01"


def _with_double_marks(text: str) -> str:
    """The text, as long as before, with \'\' and `` as one double mark and a filler."""
    return text.replace("''", f'"{_SECOND_HALF}').replace("``", f"“{_SECOND_HALF}")


def quotations_in(
    text: str, paragraphs: Iterable[tuple[int, int]]
) -> Iterator[Quotation]:
    """Quotations of the paragraphs, outermost only, in text order."""
    text = _with_double_marks(text)
    left_open: str | None = None
    for opening, limit in paragraphs:
        position = opening
        first = True
        while found := _next_quotation(text, position, limit):
            start, end, closed = found
            mark = text[start]
            continues = first and start == opening and left_open in _same_marks(mark)
            yield Quotation(start, end, closed, continues)
            left_open = None if closed else mark
            position, first = end, False
        if first:
            left_open = None


def _same_marks(mark: str) -> tuple[str, ...]:
    return ('"', "“") if mark in '"“' else (mark,)


def _next_quotation(
    text: str, position: int, limit: int
) -> tuple[int, int, bool] | None:
    for match in _MARK.finditer(text, position, limit):
        start = match.start()
        if not _opens(text, start, limit):
            continue
        end = _closing(text, start, limit)
        if end is not None:
            return start, min(end, limit), True
        if text[start] not in _SINGLE:
            return start, limit, False
        # A single mark that never closes is an apostrophe: "the '90s", "rock 'n' roll".
    return None


def _opens(text: str, at: int, limit: int) -> bool:
    mark = text[at]
    if mark in "”’›" or mark not in _CLOSERS or _ELISION.match(text, at):
        return False
    after = text[at + 1] if at + 1 < limit else " "
    before = text[at - 1] if at > 0 else " "
    if mark == "«":  # French style has a space inside: « ainsi »
        return True
    if after.isspace():
        return False
    if mark in "“„‟‚":
        return True
    if mark == "»":  # German style opens with it: »so«
        return before.isspace() and after.isalnum()
    # 6'2" and 15" guns: a straight mark after a digit or letter opens nothing.
    return not (before.isalnum() or before in ".,!?'’")


def _closing(text: str, start: int, limit: int) -> int | None:
    """End of the quotation opened at `start`, or None if its paragraph ends first."""
    mark = text[start]
    closers = _CLOSERS[mark]
    fallback: int | None = None
    depth = 0
    for match in _MARK.finditer(text, start + 1, limit):
        at = match.start()
        character = text[at]
        if character == mark and mark in "“«‘":
            depth += 1
            continue
        if character not in closers:
            continue
        if mark in _SINGLE:
            verdict = _single_closes(text, at, limit)
            if verdict == "maybe" and fallback is None:
                fallback = at + 1
            if verdict != "yes":
                continue
        elif character == '"' and _opens(text, at, limit) and at > start + 1:
            continue  # "a "nested" one" in straight marks
        if depth and mark in "“«‘" and _has_later(text, closers, at + 1, limit):
            depth -= 1
            continue
        return _end_of_mark(text, at)
    return fallback


def _end_of_mark(text: str, at: int) -> int:
    return at + 2 if text[at + 1 : at + 2] == _SECOND_HALF else at + 1


def _has_later(text: str, closers: str, start: int, limit: int) -> bool:
    return any(text.find(closer, start, limit) != -1 for closer in closers)


def _single_closes(text: str, at: int, limit: int) -> str:
    """Whether a single mark closes: "yes", "no" (apostrophe), "maybe" (plurals')."""
    before = text[at - 1]
    after = text[at + 1] if at + 1 < limit else " "
    if after.isalnum() or before.isspace():
        return "no"
    if before in '.,!?;:)…—-”"':
        return "yes"
    # 'the officials' plan is bad,' he said: the first mark is a possessive.
    if before in "sS" and after.isspace():
        return "maybe"
    return "yes"
