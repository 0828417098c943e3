"""The numbers added before decisions, chosen on articles that no weight has seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

from tokenizers import Tokenizer

from framing.annotations import HEDGE_TYPES, Attribution, CodedArticle, Hedge
from framing.tagger import RARE_TYPES, Reader, Scores, read_codes
from framing.text import Segments, Span, find_segments
from framing.train.corpora import CodedText
from framing.validate import match_spans
from framing.windows import Window

Codes = tuple[list[Hedge], list[Attribution]]

START = {
    "hedge": -2.0,
    "proposed_hedge": 4.0,
    "proposed_rare": 4.0,
    "cue": -1.0,
    "proposed_cue": 3.0,
    "source": 1.0,
    "proposed_source": 4.0,
    "content": 0.0,
}


@dataclass(frozen=True)
class Remembering:
    """A reader that runs each window once, whatever the settings are later."""

    reader: Reader
    settings: dict[str, float]
    scores: dict[bytes, Scores] = field(default_factory=dict)

    @property
    def tokenizer(self) -> Tokenizer:
        """The reader's own."""
        return self.reader.tokenizer

    def run(self, window: Window) -> Scores:
        """The scores of one window, the same arrays each time."""
        key = window.pieces.tobytes() + window.standings.tobytes()
        if key not in self.scores:
            self.scores[key] = self.reader.run(window)
        return Scores(*(score.copy() for score in self.scores[key]))


class _Step(NamedTuple):
    """Settings that are searched together, and what is to be highest."""

    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    quality: Callable[[Sequence[tuple[Codes, CodedArticle]]], float]


def choose_settings(reader: Reader, articles: Iterable[CodedText]) -> dict[str, float]:
    """The settings with the highest F1, searched pair by pair over a coarse grid.

    Hedges count by overlap and, a quarter as much, to the letter, less a tenth of how
    far their total is off, for densities are totals; statements with a tenth of the
    mental attributions; sources on the statements that were found.
    """
    read = [
        (find_segments(a.text, boilerplate=a.codes.boilerplate), a.codes)
        for a in articles
    ]
    model = Remembering(reader, dict(START))
    for step in _STEPS:
        model = replace(model, settings=_best(model, read, step))
    return model.settings


def _best(
    model: Remembering, read: Sequence[tuple[Segments, CodedArticle]], step: _Step
) -> dict[str, float]:
    def quality(values: tuple[float, ...]) -> float:
        tried = replace(model, settings=model.settings | _named(step, values))
        return step.quality([(read_codes(tried, s), codes) for s, codes in read])

    # of equals the first: the smaller change of what the model says
    best = max(product(*step.values), key=quality)
    return model.settings | _named(step, best)


def _named(step: _Step, values: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(step.names, values, strict=True))


def _f1(pairs: Iterable[tuple[list[Span], list[Span]]]) -> float:
    both = total = 0
    for found, gold in pairs:
        both += len(match_spans(found, gold))
        total += len(found) + len(gold)
    return 2 * both / max(total, 1)


def _hedge_quality(coded: Sequence[tuple[Codes, CodedArticle]]) -> float:
    pairs = [(_hedges(codes[0]), _hedges(gold.hedges)) for codes, gold in coded]
    same = sum(len(set(found) & set(gold)) for found, gold in pairs)
    total = sum(len(found) + len(gold) for found, gold in pairs)
    n_found, n_gold = (sum(map(len, spans)) for spans in zip(*pairs, strict=True))
    bias = abs(math.log((n_found + 1) / (n_gold + 1)))
    return _f1(pairs) + 0.25 * 2 * same / max(total, 1) - 0.1 * bias


def _rare_quality(coded: Sequence[tuple[Codes, CodedArticle]]) -> float:
    return _f1(
        (_hedges(codes[0], RARE_TYPES), _hedges(gold.hedges, RARE_TYPES))
        for codes, gold in coded
    )


def _hedges(hedges: Iterable[Hedge], types: Sequence[str] = HEDGE_TYPES) -> list[Span]:
    return [Span(hedge.start, hedge.end) for hedge in hedges if hedge.type in types]


def _cue_quality(coded: Sequence[tuple[Codes, CodedArticle]]) -> float:
    def f1(kind: str) -> float:
        return _f1(
            (_cues(codes[1], kind), _cues(gold.attributions, kind))
            for codes, gold in coded
        )

    return f1("statement") + 0.1 * f1("mental")


def _cues(attributions: Iterable[Attribution], kind: str) -> list[Span]:
    return [a.cue for a in attributions if a.kind == kind]


def _source_quality(coded: Sequence[tuple[Codes, CodedArticle]]) -> float:
    right = 0
    for (_, found), codes in coded:
        ours = [a for a in found if a.kind == "statement"]
        theirs = [a for a in codes.attributions if a.kind == "statement"]
        pairs = match_spans([a.cue for a in ours], [a.cue for a in theirs])
        right += sum(_same(ours[i].source, theirs[j].source) for i, j in pairs)
    return right


def _same(ours: Span | None, theirs: Span | None) -> bool:
    return bool(ours and theirs and ours.overlaps(theirs)) or ours is theirs is None


_STEPS = (
    _Step(
        ("hedge", "proposed_hedge"),
        ((0, -1, -2, -3, -4, -5), (0, 2, 4, 5, 6, 7, 8, 9, 10)),
        _hedge_quality,
    ),
    _Step(("proposed_rare",), ((2, 4, 6, 8, 10, 12),), _rare_quality),
    _Step(
        ("cue", "proposed_cue"),
        ((0, -1, -2, -3), (0, 1, 2, 3, 4, 5, 6)),
        _cue_quality,
    ),
    _Step(("source", "proposed_source"), ((0, 1, 2), (0, 2, 4, 6, 8)), _source_quality),
)
