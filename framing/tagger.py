"""The trained coder: one small transformer marks hedges and attributions.

A window of whole sentences goes through the model once. For every token it gives
tags for hedge cues and attribution cues, and for every pair of tokens how likely the
second belongs to the source or the content of the cue at the first. What the lexicon
coder found goes in beside the words, so the model starts from its reading.

The model sees one window a run, unpadded: in eight-bit arithmetic the scale of a
layer's input is taken over all that is in the run, so windows that shared a run would
change one another's codes. This way neither `batch_size` nor `threads` can.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from framing.annotations import (
    FORMS,
    HEDGE_TYPES,
    KINDS,
    MACHINE_HEDGE_TYPES,
    Attribution,
    Hedge,
)
from framing.attributions import find_attribution_spans
from framing.errors import FileError
from framing.hedges import find_hedge_cues
from framing.text import Segments, Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MODEL = Path(__file__).parent / "model"
WINDOW = 192
"""Most pieces in a window, the two border marks included."""
_PIECES_A_TOKEN = 16  # the rest of a web address or a run of letters tells nothing
_TOKENS_AT_ONCE = 400  # a sentence of a megabyte is read in parts
_FIRST, _LAST = 101, 102  # [CLS] and [SEP]


def find_codes(
    segments: Segments, *, batch_size: int = 16, threads: int = 1
) -> tuple[list[Hedge], list[Attribution]]:
    """Hedges (voice not yet judged) and attributions of a text, in text order.

    Attributions have cue, source, content, kind and form; `classify_sources` adds
    the rest. `batch_size` is the number of windows held in memory at a time. Neither
    option changes a result. A model file that is not the one it was trained as is a
    FileError.

    >>> from framing.text import find_segments
    >>> hedges, attributions = find_codes(find_segments("Rubio said it may rain."))
    >>> [(h.text, h.type) for h in hedges], len(attributions)
    ([('may', 'modal')], 1)
    """
    if not segments.tokens.starts:
        return [], []
    return read_codes(load_model(threads=threads), segments, batch_size=batch_size)


def read_codes(
    model: Reader, segments: Segments, *, batch_size: int = 16
) -> tuple[list[Hedge], list[Attribution]]:
    """`find_codes` with a model of one's own, as training measures it."""
    proposals = Proposals.of(segments)
    hedges: list[Hedge] = []
    attributions: list[Attribution] = []
    windows = cut_windows(segments, proposals.features, model.tokenizer)
    while batch := list(islice(windows, max(1, batch_size))):
        for window in batch:
            reading = _Reading(segments, window, model.settings, model.run(window))
            hedges += _hedges(reading, proposals)
            attributions += _attributions(reading)
    hedges += [h for h in proposals.hedges if _is_machine_only(h, hedges)]
    hedges.sort(key=lambda h: (h.start, h.end))
    attributions.sort(key=lambda a: a.cue)
    return hedges, attributions


def _is_machine_only(hedge: Hedge, found: Sequence[Hedge]) -> bool:
    return hedge.type in MACHINE_HEDGE_TYPES and not any(
        hedge.start < other.end and other.start < hedge.end for other in found
    )


# --- what the lexicon coder proposes ----------------------------------------------

_TYPES = (*HEDGE_TYPES, *MACHINE_HEDGE_TYPES)
_ATTRIBUTION_AT = 1 + 2 * len(_TYPES)
_QUOTATION_AT = _ATTRIBUTION_AT + 1 + 2 * (len(KINDS) + 1)
BARE = np.array([[0, _ATTRIBUTION_AT, _QUOTATION_AT]], np.int64)
N_FEATURES = _QUOTATION_AT + 3
"""How many features there are: hedge tags, attribution tags, place in a quotation."""


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the lexicon coder found, and the same as three features a token."""

    hedges: list[Hedge]
    features: Ints

    @classmethod
    def none(cls, segments: Segments) -> Proposals:
        """No proposals: every token as if the lexicon coder were silent."""
        return cls([], np.tile(BARE, (len(segments.tokens.starts), 1)))

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
                _tag(features[first:last, 1], len(KINDS), _ATTRIBUTION_AT)
        for attribution in attributions:
            first, last = token_range(segments, attribution.cue)
            kind = KINDS.index(attribution.kind)
            _tag(features[first:last, 1], kind, _ATTRIBUTION_AT)
        for quotation in segments.quotations:
            first, last = token_range(segments, Span(quotation.start, quotation.end))
            features[first:last, 2] = _QUOTATION_AT + 1
            features[first : first + 1, 2] = _QUOTATION_AT + 2
        return cls(hedges, features)


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


# --- the model --------------------------------------------------------------------

SOURCE, CONTENT = 0, 1


class Scores(NamedTuple):
    """What the model says of a window, a row a piece: log odds, not yet decided."""

    cue: Floats
    hedge: Floats
    form: Floats
    relation: Floats
    """Of shape (2, pieces, pieces): source and content of the cue at the row."""


class Reader(Protocol):
    """What gives scores for windows: the published model or one in training."""

    @property
    def tokenizer(self) -> Tokenizer:
        """Cuts text into the pieces that the model knows."""

    @property
    def settings(self) -> dict[str, float]:
        """Log odds added before a decision: hedge, cue, source, content."""

    def run(self, window: Window) -> Scores:
        """The scores of one window."""


@dataclass(frozen=True)
class Model:
    """Weights, vocabulary and settings as they lie in the model folder."""

    session: Any
    tokenizer: Tokenizer
    settings: dict[str, float]

    def run(self, window: Window) -> Scores:
        """The scores of one window."""
        given = {"pieces": window.pieces[None], "features": window.features[None]}
        return Scores(*(out[0] for out in self.session.run(None, given)))


@lru_cache(maxsize=4)
def load_model(folder: Path = MODEL, *, threads: int = 1) -> Model:
    """The model of a folder, checked against the digest that its settings name."""
    import onnxruntime
    from tokenizers import Tokenizer

    settings = _read_settings(folder / "tagger.json")
    path = folder / "tagger.onnx"
    weights = _read_weights(path, settings["sha256"])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        weights, options, providers=["CPUExecutionProvider"]
    )
    vocabulary = session.get_modelmeta().custom_metadata_map["tokenizer"]
    return Model(session, Tokenizer.from_str(vocabulary), settings["thresholds"])


def _read_settings(path: Path) -> dict[str, Any]:
    try:
        settings: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return {key: settings[key] for key in ("sha256", "thresholds")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = f"no readable settings ({type(error).__name__})"
        raise FileError(path, None, found, "the file as published") from error


def _read_weights(path: Path, expected: str) -> bytes:
    try:
        weights = path.read_bytes()
    except OSError as error:
        found = f"no readable file ({type(error).__name__})"
        raise FileError(path, None, found, f"sha256 {expected}") from error
    digest = hashlib.sha256(weights).hexdigest()
    if digest != expected:
        raise FileError(path, None, f"sha256 {digest}", f"sha256 {expected}")
    return weights


# --- from scores to codes ---------------------------------------------------------


class Tagged(NamedTuple):
    """Tokens `first` to `last` (one past the end) of a window under one label."""

    first: int
    last: int
    label: int


@dataclass(frozen=True)
class _Reading:
    """A window with its scores, a row a token."""

    segments: Segments
    window: Window
    settings: dict[str, float]
    scores: Scores

    def by_token(self, scores: Floats) -> Floats:
        return scores[self.window.heads]

    def span(self, first: int, last: int) -> Span:
        tokens = self.segments.tokens
        base = self.window.first
        return Span(tokens.starts[base + first], tokens.ends[base + last - 1])

    def blank(self) -> NDArray[np.bool_]:
        """Tokens of which the vocabulary knows no piece: a stray control character."""
        return np.equal(self.window.heads, 0)


def tagged_runs(scores: NDArray[np.floating[Any]], *, offset: float = 0.0) -> list[Tagged]:
    """Runs of tagged tokens from scores of (outside, B-0, I-0, B-1, I-1, ...).

    A token is tagged where any label beats outside, `offset` added to the labels. A
    run goes on while tokens lean to an inside tag, whatever its label: "no evidence
    that" is one cue though its middle looks like another type. The run takes the
    label with the most weight over its tokens.

    >>> scores = np.array([[0, 5, 0, 0, 0], [0, 0, 2, 0, 3], [9, 0, 0, 0, 0]], float)
    >>> tagged_runs(scores)
    [Tagged(first=0, last=2, label=0)]
    """
    inside, begin = scores[:, 2::2], scores[:, 1::2]
    labels = np.maximum(inside, begin)
    tagged = labels.max(1) + offset > scores[:, 0]
    starts = tagged & (begin.max(1) >= inside.max(1))
    starts[1:] |= tagged[1:] & ~tagged[:-1]
    starts[:1] |= tagged[:1]
    runs = []
    for first in np.flatnonzero(starts).tolist():
        last = first + 1
        while last < len(scores) and tagged[last] and not starts[last]:
            last += 1
        runs.append(Tagged(first, last, int(labels[first:last].sum(0).argmax())))
    return runs


def _hedges(reading: _Reading, proposals: Proposals) -> Iterator[Hedge]:
    scores = reading.by_token(reading.scores.hedge)
    scores[reading.blank(), 0] = np.inf
    text = reading.segments.text
    for run in tagged_runs(scores, offset=reading.settings["hedge"]):
        span = reading.span(run.first, run.last)
        yield Hedge(*span, span.of(text), HEDGE_TYPES[run.label])


def _attributions(reading: _Reading) -> Iterator[Attribution]:
    scores = reading.by_token(reading.scores.cue)
    scores[reading.blank(), 0] = np.inf
    for run in tagged_runs(scores, offset=reading.settings["cue"]):
        row = reading.scores.relation[:, reading.window.heads[run.first]]
        yield _attribution(reading, run, row[:, reading.window.heads])


def _attribution(reading: _Reading, run: Tagged, relation: Floats) -> Attribution:
    relation[:, reading.blank()] = -np.inf
    relation[:, run.first : run.last] = -np.inf
    source = best_run(relation[SOURCE] + reading.settings["source"])
    if source:
        relation[CONTENT, slice(*source)] = -np.inf
    content = _content(reading, relation[CONTENT] + reading.settings["content"])
    form = int(reading.by_token(reading.scores.form)[run.first].argmax())
    return Attribution(
        reading.span(run.first, run.last),
        reading.span(*source) if source else None,
        content or _rest_of_sentence(reading, run, source),
        KINDS[run.label],
        FORMS[form],
    )


def best_run(scores: NDArray[np.floating[Any]]) -> tuple[int, int] | None:
    """The stretch with the largest sum of scores, or None where none is positive.

    A stretch may hold a token that scores below 0 where both sides make up for it.

    >>> best_run(np.array([-1.0, 3, -1, 2, -9, 4]))
    (1, 4)
    """
    best, total, start, found = 0.0, 0.0, 0, None
    for at, score in enumerate(np.clip(scores, -9, 9).tolist()):
        if total <= 0:
            total, start = 0.0, at
        total += score
        if total > best:
            best, found = total, (start, at + 1)
    return found


def _content(reading: _Reading, scores: Floats) -> tuple[Span, ...]:
    """Stretches of tokens above 0; a single token between two of them joins them."""
    inside = scores > 0
    inside[1:-1] |= inside[:-2] & inside[2:] & np.isfinite(scores[1:-1])
    edges = np.diff(np.concatenate([[0], inside.astype(np.int8), [0]]))
    runs = zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True)
    spans = (reading.span(int(first), int(last)) for first, last in runs)
    return tuple(span for span in spans if _has_word(reading.segments, span))


def _has_word(segments: Segments, span: Span) -> bool:
    return any(map(str.isalnum, span.of(segments.text)))


def _rest_of_sentence(
    reading: _Reading, run: Tagged, source: tuple[int, int] | None
) -> tuple[Span, ...]:
    """The cue's sentence without cue and source: what is coded has content."""
    segments, cue = reading.segments, reading.span(run.first, run.last)
    sentence = segments.sentences[segments.sentence_at(cue.start)]
    left_out = sorted([cue, *([reading.span(*source)] if source else [])])
    edges = [sentence.start, *(x for span in left_out for x in span), sentence.end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    spans = (_stripped(segments.text, *pair) for pair in pairs)
    return tuple(s for s in spans if s.start < s.end and _has_word(segments, s))


def _stripped(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] in ",;:"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",;:"):
        end -= 1
    return Span(start, end)
