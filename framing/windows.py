"""What the trained coder reads: windows of whole sentences, in pieces of words.

Beside each piece stands its place in a quotation and its letter case. What the lexicon
coder found waits beside the window and joins the model's scores only after it has run:
a model that saw it while learning would trust it too far, for the lexicons were written
on some of the articles that it learns from.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.annotations import HEDGE_TYPES, Attribution, Hedge
from framing.attributions import find_attribution_spans
from framing.hedges import find_hedge_cues
from framing.text import Segments, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = NDArray[np.int64]

WINDOW = 192
"""Most pieces in a window, the two border marks included."""
_PIECES_A_TOKEN = 16  # the rest of a web address or a run of letters tells nothing
_TOKENS_AT_ONCE = 400  # a sentence of a megabyte is read in parts
_FIRST, _LAST = 101, 102  # [CLS] and [SEP]


# --- what the lexicon coder proposes ----------------------------------------------

_PLACES, _CASES = 3, 3
N_STANDINGS = _PLACES * _CASES
"""Places (outside a quotation, inside one, at its opening mark) by letter case
(small, Capital, CAPITALS): the vocabulary knows small letters only, and capitals tell
"Will said" from "will"."""


def find_standings(segments: Segments) -> Ints:
    """For each token where and how it stands, as one of `N_STANDINGS`."""
    places = np.zeros(len(segments.tokens.starts), np.int64)
    for quotation in segments.quotations:
        first, last = token_range(segments, Span(quotation.start, quotation.end))
        places[first:last] = 1
        places[first : first + 1] = 2
    text, (starts, ends, *_) = segments.text, segments.tokens
    cases = (_case(text[a:b]) for a, b in zip(starts, ends, strict=True))
    return places * _CASES + np.fromiter(cases, np.int64, len(places))


def _case(token: str) -> int:
    return token[:1].isupper() + (len(token) > 1 and token.isupper())


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the lexicon coder found."""

    hedges: list[Hedge]
    attributions: list[Attribution]

    @classmethod
    def of(cls, segments: Segments) -> Proposals:
        """The proposals for one text."""
        return cls(find_hedge_cues(segments), find_attribution_spans(segments))

    def extent(self, cue: Span) -> Span:
        """The span of the proposed hedge that overlaps `cue`, or else `cue`."""
        hedge = next(self.hedges_in(*cue), None)
        return Span(hedge.start, hedge.end) if hedge else cue

    def hedges_in(self, start: int, end: int) -> Iterator[Hedge]:
        """The proposed hedges of the six types that overlap a stretch of text."""
        first = bisect_left(self.hedges, start, key=lambda hedge: hedge.end - 1)
        for hedge in self.hedges[first:]:
            if hedge.start >= end:
                break
            if hedge.type in HEDGE_TYPES:
                yield hedge

    def attributions_in(self, start: int, end: int) -> Iterator[Attribution]:
        """The proposed attributions whose cue overlaps a stretch of text."""
        first = bisect_left(self.attributions, start, key=lambda a: a.cue.end - 1)
        for attribution in self.attributions[first:]:
            if attribution.cue.start >= end:
                break
            yield attribution


def token_range(segments: Segments, span: Span) -> tuple[int, int]:
    """First token that overlaps `span`, and one past the last."""
    # bisect, for numpy would make an array of all tokens each time
    first = bisect_right(segments.tokens.ends, span.start)
    return first, max(first, bisect_left(segments.tokens.starts, span.end))


# --- windows ----------------------------------------------------------------------


class Window(NamedTuple):
    """Some whole sentences as the model reads them.

    `pieces` and `standings` run from one border mark to the other; `heads` gives for
    each token from `first` on the place of its first piece, or 0 where it has none.
    """

    first: int
    pieces: Ints
    standings: Ints
    heads: Ints


class _Part(NamedTuple):
    """Pieces of a sentence with the token each belongs to."""

    pieces: Ints
    owners: Ints


def cut_windows(
    segments: Segments, tokenizer: Tokenizer, *, room: int = WINDOW
) -> Iterator[Window]:
    """The windows of a text, each as many sentences as fit; no token is left out.

    `room` is the most pieces in one; a sentence of more fills up to `WINDOW` alone.
    """
    standings = find_standings(segments)
    held: list[_Part] = []
    size = 0
    for part in _parts(segments, tokenizer):
        if held and size + len(part.pieces) > room - 2:
            yield _window(held, standings)
            held, size = [], 0
        held.append(part)
        size += len(part.pieces)
    if held:
        yield _window(held, standings)


def _window(parts: Sequence[_Part], standings: Ints) -> Window:
    owners = np.concatenate([part.owners for part in parts])
    pieces = np.concatenate([part.pieces for part in parts])
    first = int(owners[0])
    heads = np.zeros(int(owners[-1]) - first + 1, np.int64)
    heads[owners[::-1] - first] = np.arange(len(owners), 0, -1)
    return Window(
        first,
        np.concatenate([[_FIRST], pieces, [_LAST]]).astype(np.int64),
        np.concatenate([[0], standings[owners], [0]]),
        heads,
    )


def _parts(segments: Segments, tokenizer: Tokenizer) -> Iterator[_Part]:
    starts = np.array(segments.tokens.starts, np.int64)
    for first, last in _token_runs(segments):
        begin, end = segments.tokens.starts[first], segments.tokens.ends[last - 1]
        read = tokenizer.encode(
            _without_surrogates(segments.text[begin:end]), add_special_tokens=False
        )
        if not read.ids:
            continue
        offsets = np.array(read.offsets, np.int64)[:, 0] + begin
        owners = np.searchsorted(starts, offsets, "right") - 1
        yield from _fitting(np.array(read.ids, np.int64), owners)


def _token_runs(segments: Segments) -> Iterator[tuple[int, int]]:
    numbers = np.array(segments.tokens.sentence, np.int64)
    borders = np.flatnonzero(np.diff(numbers, prepend=-1)).tolist()
    for first, last in zip(borders, [*borders[1:], len(numbers)], strict=True):
        for start in range(first, last, _TOKENS_AT_ONCE):
            yield start, min(last, start + _TOKENS_AT_ONCE)


def _fitting(pieces: Ints, owners: Ints) -> Iterator[_Part]:
    """The pieces in parts no longer than a window, cut between tokens."""
    begins = np.searchsorted(owners, owners, "left")
    kept = np.arange(len(owners)) - begins < _PIECES_A_TOKEN
    pieces, owners = pieces[kept], owners[kept]
    start, limit = 0, WINDOW - 2
    while start < len(pieces):
        end = start + limit
        if end < len(pieces):
            end = int(np.searchsorted(owners, owners[end], "left"))
        yield _Part(pieces[start:end], owners[start:end])
        start = end


_SURROGATE = re.compile("[\ud800-\udfff]")


def _without_surrogates(text: str) -> str:
    # Half a character, as JSON can carry it ("\\ud83d"), has no UTF-8 form.
    return _SURROGATE.sub("\ufffd", text)
