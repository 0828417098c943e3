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

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

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
from framing.extents import cut_source, is_leftover, stands_for_nobody
from framing.text import Segments, Span
from framing.weights import CONTENT, SOURCE, Floats, Reader, Scores, load_model
from framing.windows import Proposals, Window, cut_windows, token_range

RARE_TYPES = ("contemplated", "unverified")
"""Fixed phrases of several words, too rare to be learned as well as listed: what the
lexicon coder proposes of them has a weight of its own."""


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
    windows = cut_windows(segments, model.tokenizer)
    while batch := list(islice(windows, max(1, batch_size))):
        for window in batch:
            reading = _Reading(segments, window, model.settings, model.run(window))
            hedges += _hedges(reading, proposals)
            attributions += _attributions(reading, proposals)
    hedges += [h for h in proposals.hedges if _is_machine_only(h, hedges)]
    hedges.sort(key=lambda h: (h.start, h.end))
    attributions.sort(key=lambda a: a.cue)
    return hedges, with_loose_quotations(segments, attributions)


def _is_machine_only(hedge: Hedge, found: Sequence[Hedge]) -> bool:
    return hedge.type in MACHINE_HEDGE_TYPES and not any(
        hedge.start < other.end and other.start < hedge.end for other in found
    )


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
        """A row a token; where the vocabulary has no piece of it, it is outside."""
        rows = scores[self.window.heads]
        rows[self.blank(), 0] = np.inf
        return rows

    def tokens_of(self, span: Span) -> slice:
        """The tokens of the window that overlap `span`."""
        first, last = token_range(self.segments, span)
        base = self.window.first
        return slice(max(0, first - base), max(0, last - base))

    def extent(self) -> Span:
        """From the first token to the last."""
        return self.span(0, len(self.window.heads))

    def span(self, first: int, last: int) -> Span:
        """The text of tokens `first` to `last` (excluded) of the window."""
        tokens = self.segments.tokens
        base = self.window.first
        return Span(tokens.starts[base + first], tokens.ends[base + last - 1])

    def words(self, first: int, last: int) -> Sequence[str]:
        """Tokens `first` to `last` (excluded) of the window, in small letters."""
        base = self.window.first
        return self.segments.tokens.lower[base + first : base + last]

    def sentence_of(self, at: int) -> tuple[int, int]:
        """First token of the sentence that token `at` is in, and one past its last."""
        base, numbers = self.window.first, self.segments.tokens.sentence
        number = numbers[base + at]
        first = bisect_left(numbers, number, base, base + at)
        last = bisect_right(numbers, number, base + at, base + len(self.window.heads))
        return first - base, last - base

    def blank(self) -> NDArray[np.bool_]:
        """Tokens of which the vocabulary knows no piece: a stray control character."""
        return np.equal(self.window.heads, 0)


def tagged_runs(
    scores: NDArray[np.floating[Any]], *, offset: float = 0.0
) -> list[Tagged]:
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
    """Hedges of a window; one that overlaps a proposal takes the proposal's extent.

    So "could not be independently verified" stays one cue where the model is sure of
    its first word and its last only.
    """
    scores = reading.by_token(reading.scores.hedge)
    for hedge in proposals.hedges_in(*reading.extent()):
        chosen = reading.tokens_of(Span(hedge.start, hedge.end))
        label = HEDGE_TYPES.index(hedge.type)
        kind = "rare" if hedge.type in RARE_TYPES else "hedge"
        _favour(scores[chosen], label, reading.settings[f"proposed_{kind}"])
    text, end = reading.segments.text, -1
    for run in tagged_runs(scores, offset=reading.settings["hedge"]):
        span = proposals.extent(reading.span(run.first, run.last))
        if span.start >= end:
            yield Hedge(*span, span.of(text), HEDGE_TYPES[run.label])
            end = span.end


def _favour(scores: Floats, label: int, amount: float) -> None:
    """Add to what the lexicon coder tags: B on the first token, I on the rest."""
    scores[:1, 1 + 2 * label] += amount
    scores[1:, 2 + 2 * label] += amount


def _attributions(reading: _Reading, proposals: Proposals) -> Iterator[Attribution]:
    scores = reading.by_token(reading.scores.cue)
    for proposal in proposals.attributions_in(*reading.extent()):
        chosen, label = reading.tokens_of(proposal.cue), KINDS.index(proposal.kind)
        _favour(scores[chosen], label, reading.settings["proposed_cue"])
    for run in tagged_runs(scores, offset=reading.settings["cue"]):
        if is_leftover(reading.words(run.first, run.last)):
            continue
        row = reading.scores.relation[:, reading.window.heads[run.first]]
        relation = row[:, reading.window.heads]
        cue = reading.span(run.first, run.last)
        for proposal in proposals.attributions_in(*cue):
            if proposal.source:
                chosen = reading.tokens_of(proposal.source)
                relation[SOURCE, chosen] += reading.settings["proposed_source"]
        yield _attribution(reading, run, relation)


def _attribution(reading: _Reading, run: Tagged, relation: Floats) -> Attribution:
    relation[:, reading.blank()] = -np.inf
    relation[:, run.first : run.last] = -np.inf
    source = _source(reading, run, relation[SOURCE] + reading.settings["source"])
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


def _source(reading: _Reading, run: Tagged, scores: Floats) -> tuple[int, int] | None:
    """The source as the codebook cuts it; the cue's own sentence is asked first."""
    sentence = slice(*reading.sentence_of(run.first))
    own = np.full_like(scores, -np.inf)
    own[sentence] = scores[sentence]
    found = best_run(own) or best_run(scores)
    if found is None:
        return None
    lower = reading.words(0, len(scores))
    found = cut_source(lower, *found)
    if found and stands_for_nobody(lower[slice(*found)], lower[found[1] : run.first]):
        return None
    return found


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


# --- quotations without a cue -----------------------------------------------------


def with_loose_quotations(
    segments: Segments, attributions: Sequence[Attribution]
) -> list[Attribution]:
    """The attributions, quoted sentences that no cue claims given to their speaker.

    A sentence inside a quotation that some content overlaps belongs to that content;
    else it goes to the last statement with a quotation before it, provided that no
    other cue and no paragraph without quotation marks stands between (CODEBOOK,
    section 2: a free-standing quotation that continues the last speaker).

    >>> from framing.text import find_segments
    >>> text = '"No," he said. "Not now."'
    >>> no, he, said = Span(0, 5), Span(6, 8), Span(9, 13)
    >>> said = Attribution(said, he, (no,), "statement", "direct")
    >>> [found] = with_loose_quotations(find_segments(text), [said])
    >>> [span.of(text) for span in found.content]
    ['"No,"', '"Not now."']
    """
    content = [list(attribution.content) for attribution in attributions]
    for sentence, quotation, speaker in _unclaimed(segments, attributions):
        owner = _owner(content, quotation, speaker)
        if owner is not None and not _covers(content, sentence):
            content[owner].append(sentence)
    return [
        replace(attribution, content=tuple(sorted(spans)))
        for attribution, spans in zip(attributions, content, strict=True)
    ]


def _unclaimed(
    segments: Segments, attributions: Sequence[Attribution]
) -> Iterator[tuple[Span, Span, int | None]]:
    """Quoted sentences without a cue, their quotation, and the last speaker."""
    cues = {segments.sentence_at(a.cue.start): i for i, a in enumerate(attributions)}
    speaker, paragraph = None, -1
    for number, sentence in enumerate(segments.sentences):
        here = segments.paragraph_at(sentence.start)
        if here > paragraph + 1:
            speaker = None
        quotation = _enclosing(segments, sentence)
        if number in cues:
            speaker = _speaker(attributions, cues[number])
        elif quotation is not None:
            yield sentence, quotation, speaker
        if number in cues or quotation is not None:
            paragraph = here


def _enclosing(segments: Segments, sentence: Span) -> Span | None:
    """The quotation that holds the whole sentence, but for a last mark or period."""
    index = segments.quotation_at(sentence.start)
    if index is None or segments.quotations[index].end < sentence.end - 1:
        return None
    return Span(*segments.quotations[index][:2])


def _speaker(attributions: Sequence[Attribution], index: int) -> int | None:
    attribution = attributions[index]
    spoken = attribution.kind == "statement" and attribution.form != "indirect"
    return index if spoken else None


def _owner(
    content: Sequence[Sequence[Span]], quotation: Span, speaker: int | None
) -> int | None:
    for index, spans in enumerate(content):
        if any(span.overlaps(quotation) for span in spans):
            return index
    return speaker


def _covers(content: Sequence[Sequence[Span]], sentence: Span) -> bool:
    return any(span.overlaps(sentence) for spans in content for span in spans)
