"""The numbers added before decisions, chosen on articles that no weight has seen."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

from tokenizers import Tokenizer

from framing.agreement import (
    Matched,
    Pair,
    Tally,
    match_hedges,
    match_mental,
    match_statements,
    same_source,
    span_of,
)
from framing.annotations import CodedArticle
from framing.tagger import RARE_TYPES, read_codes
from framing.text import Segments, find_segments
from framing.train.corpora import CodedText
from framing.weights import Reader, Scores
from framing.windows import Window

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
    quality: Callable[[Sequence[Pair]], float]


def choose_settings(reader: Reader, articles: Iterable[CodedText]) -> dict[str, float]:
    """The settings with the highest F1, searched pair by pair over a coarse grid.

    Hedges count by overlap and, a quarter as much, to the letter; statements with a
    tenth of the mental attributions; either less a quarter of how far its total is off,
    for densities are totals; sources by overlap and, a quarter as much, to the letter.
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
        return step.quality([(_coded(tried, s), codes) for s, codes in read])

    # of equals the first: the smaller change of what the model says
    best = max(product(*step.values), key=quality)
    return model.settings | _named(step, best)


def _coded(model: Remembering, segments: Segments) -> CodedArticle:
    hedges, attributions = read_codes(model, segments)
    return CodedArticle("", "", tuple(hedges), tuple(attributions))


def _named(step: _Step, values: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(step.names, values, strict=True))


def _f1(tallies: Iterable[Tally]) -> float:
    hits_found, n_found, hits_gold, n_gold = map(sum, zip(*tallies, strict=True))
    return (hits_found + hits_gold) / max(n_found + n_gold, 1)


def _hedge_quality(pairs: Sequence[Pair]) -> float:
    matched = [match_hedges(*pair) for pair in pairs]
    exact = _f1(m.tally(lambda f, g: span_of(f) == span_of(g)) for m in matched)
    return _f1(m.tally() for m in matched) + _WORTH * (exact - _bias(matched))


_WORTH = 0.25


def _bias(matched: Sequence[Matched]) -> float:
    """How far the total is off, as the size of its log ratio."""
    n_found = sum(len(m.found) for m in matched)
    n_gold = sum(len(m.gold) for m in matched)
    return abs(math.log((n_found + 1) / (n_gold + 1)))


def _rare_quality(pairs: Sequence[Pair]) -> float:
    rare = [(_rare(found), _rare(gold)) for found, gold in pairs]
    return _f1(match_hedges(*pair).tally() for pair in rare)


def _rare(coded: CodedArticle) -> CodedArticle:
    return replace(coded, hedges=tuple(h for h in coded.hedges if h.type in RARE_TYPES))


def _cue_quality(pairs: Sequence[Pair]) -> float:
    matched = [match_statements(*pair) for pair in pairs]
    mental = _f1(match_mental(*pair).tally() for pair in pairs)
    return _f1(m.tally() for m in matched) + 0.1 * mental - _WORTH * _bias(matched)


def _source_quality(pairs: Sequence[Pair]) -> float:
    matched = [match_statements(*pair) for pair in pairs]
    exact = _f1(m.tally(lambda f, g: f.source == g.source) for m in matched)
    return _f1(m.tally(same_source) for m in matched) + _WORTH * exact


_STEPS = (
    _Step(
        ("hedge", "proposed_hedge"),
        ((0, -1, -2, -3, -4, -5), (0, 2, 4, 5, 6, 7, 8, 9, 10)),
        _hedge_quality,
    ),
    _Step(("proposed_rare",), ((2, 4, 6, 8, 10, 12),), _rare_quality),
    _Step(
        ("cue", "proposed_cue"),
        ((0, -0.5, -1, -1.5, -2, -3), (0, 1, 2, 3, 4, 5, 6)),
        _cue_quality,
    ),
    _Step(("source", "proposed_source"), ((0, 1, 2), (0, 2, 4, 6, 8)), _source_quality),
)
