"""What the trained coder reads: windows of whole sentences, in pieces of words.

Beside each piece stand three features: what the lexicon coder takes it for as a hedge
and as an attribution, and its place in a quotation.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from framing.annotations import (
    HEDGE_TYPES,
    KINDS,
    MACHINE_HEDGE_TYPES,
    Attribution,
    Hedge,
)
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

_TYPES = (*HEDGE_TYPES, *MACHINE_HEDGE_TYPES)
ATTRIBUTION_AT = 1 + 2 * len(_TYPES)
_QUOTATION_AT = ATTRIBUTION_AT + 1 + 2 * (len(KINDS) + 1)
BARE = np.array([[0, ATTRIBUTION_AT, _QUOTATION_AT]], np.int64)
N_FEATURES = _QUOTATION_AT + 3
"""How many features there are: hedge tags, attribution tags, place in a quotation."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the lexicon coder found, and the same as three features a token."""

    hedges: list[Hedge]
    attributions: list[Attribution]
    features: Ints

    @classmethod
    def none(cls, segments: Segments) -> Proposals:
        """No proposals: every token as if the lexicon coder were silent."""
        return cls([], [], np.tile(BARE, (len(segments.tokens.starts), 1)))

    @classmethod
    def of(cls, segments: Segments) -> Proposals:
        """The proposals for one text."""
        hedges, features = find_hedge_cues(segments), cls.none(segments).features
        for hedge in hedges:
            first, last = token_range(segments, Span(hedge.start, hedge.end))
            _tag(features[first:last, 0], _TYPES.index(hedge.type), 0)
        attributions = find_attribution_spans(segments)
        for attribution in attributions:
            if attribution.source:
                first, last = token_range(segments, attribution.source)
                _tag(features[first:last, 1], len(KINDS), ATTRIBUTION_AT)
        for attribution in attributions:
            first, last = token_range(segments, attribution.cue)
            kind = KINDS.index(attribution.kind)
            _tag(features[first:last, 1], kind, ATTRIBUTION_AT)
        for quotation in segments.quotations:
            first, last = token_range(segments, Span(quotation.start, quotation.end))
            features[first:last, 2] = _QUOTATION_AT + 1
            features[first : first + 1, 2] = _QUOTATION_AT + 2
        return cls(hedges, attributions, features)

    def extent(self, cue: Span) -> Span:
        """The span of the proposed hedge that overlaps `cue`, or else `cue`."""
        first = bisect_left(self.hedges, cue.start, key=lambda hedge: hedge.end - 1)
        for hedge in self.hedges[first : first + 1]:
            if hedge.start < cue.end and hedge.type in HEDGE_TYPES:
                return Span(hedge.start, hedge.end)
        return cue

    def attributions_at(self, cue: Span) -> Iterator[Attribution]:
        """The proposed attributions whose cue overlaps this one."""
        first = bisect_left(self.attributions, cue.start, key=lambda a: a.cue.end - 1)
        for attribution in self.attributions[first:]:
            if attribution.cue.start >= cue.end:
                break
            yield attribution


def _tag(tags: Ints, label: int, base: int) -> None:
    tags[:] = base + 2 + 2 * label
    tags[:1] = base + 1 + 2 * label


def token_range(segments: Segments, span: Span) -> tuple[int, int]:
    """First token that overlaps `span`, and one past the last."""
    first = int(np.searchsorted(segments.tokens.ends, span.start, "right"))
    last = int(np.searchsorted(segments.tokens.starts, span.end, "left"))
    return first, max(first, last)


# --- windows ----------------------------------------------------------------------


class Window(NamedTuple):
    """Some whole sentences as the model reads them.

    `pieces` and `features` run from one border mark to the other; `heads` gives for
    each token from `first` on the place of its first piece, or 0 where it has none.
    """

    first: int
    pieces: Ints
    features: Ints
    heads: Ints


class _Part(NamedTuple):
    """Pieces of a sentence with the token each belongs to."""

    pieces: Ints
    owners: Ints


def cut_windows(
    segments: Segments, features: Ints, tokenizer: Tokenizer
) -> Iterator[Window]:
    """The windows of a text, each as many sentences as fit; no token is left out."""
    held: list[_Part] = []
    size = 0
    for part in _parts(segments, tokenizer):
        if held and size + len(part.pieces) > WINDOW - 2:
            yield _window(held, features)
            held, size = [], 0
        held.append(part)
        size += len(part.pieces)
    if held:
        yield _window(held, features)


def _window(parts: Sequence[_Part], features: Ints) -> Window:
    owners = np.concatenate([part.owners for part in parts])
    pieces = np.concatenate([part.pieces for part in parts])
    first = int(owners[0])
    heads = np.zeros(int(owners[-1]) - first + 1, np.int64)
    heads[owners[::-1] - first] = np.arange(len(owners), 0, -1)
    return Window(
        first,
        np.concatenate([[_FIRST], pieces, [_LAST]]).astype(np.int64),
        np.concatenate([BARE, features[owners], BARE]),
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
