"""Codes of two coders side by side: who found what the other found, and how alike.

Cues are matched one to one by overlap, in text order. `validate.py` counts what is
matched here, `disagreements.py` lists what is not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from framing.annotations import (
    HEDGE_TYPES,
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
)
from framing.errors import AnnotationError
from framing.text import Span

LABELS = ("kind", "form", "source_kind", "naming", "role")
_NAN = float("nan")


def krippendorff_alpha(
    a: Iterable[Any],
    b: Iterable[Any],
    *,
    level: Literal["nominal", "interval"] = "nominal",
) -> float:
    """Krippendorff's alpha of two coders over the units that both coded.

    1 is full agreement, 0 what chance gives; missing values (None, NaN) leave their
    unit out. NaN where no unit is left or all values are the same, for then nothing
    could have disagreed (Krippendorff 2019, chapter 12).

    >>> round(krippendorff_alpha("aabb", "aaba"), 3)
    0.533
    >>> krippendorff_alpha([1, 2, None], [1, 2, 3], level="interval")
    1.0
    """
    if level not in ("nominal", "interval"):
        raise ValueError(f"level {level!r} is not one of nominal, interval")
    units = [p for p in zip(a, b, strict=True) if pd.notna(p[0]) and pd.notna(p[1])]
    counts = Counter(value for unit in units for value in unit)
    if len(counts) < 2:
        return _NAN
    if level == "nominal":
        n = counts.total()
        observed = sum(x != y for x, y in units) / len(units)
        expected = 1 - sum(c * (c - 1) for c in counts.values()) / (n * (n - 1))
    else:
        values = np.array(units, dtype=float)
        observed = float(np.mean((values[:, 0] - values[:, 1]) ** 2))
        expected = 2 * float(np.var(values, ddof=1))
    return 1 - observed / expected if expected > 0 else _NAN


def match_spans(a: Sequence[Span], b: Sequence[Span]) -> list[tuple[int, int]]:
    """Index pairs of overlapping spans, each used once, in text order.

    Spans that are the same on both sides find each other first, so that a cue inside
    a longer one does not take its partner. Changing sides changes nothing.

    >>> match_spans([Span(0, 9), Span(2, 4)], [Span(2, 4), Span(5, 7)])
    [(0, 1), (1, 0)]
    """
    places: dict[Span, list[int]] = {}
    for j in range(len(b) - 1, -1, -1):
        places.setdefault(b[j], []).append(j)
    pairs = [(i, places[s].pop()) for i, s in enumerate(a) if places.get(s)]
    left_a = _left_in_order(a, {i for i, _ in pairs})
    left_b = _left_in_order(b, {j for _, j in pairs})
    x = y = 0
    while x < len(left_a) and y < len(left_b):
        i, j = left_a[x], left_b[y]
        overlap = a[i].overlaps(b[j])
        if overlap:
            pairs.append((i, j))
        x, y = (
            x + (overlap or a[i].end <= b[j].end),
            y + (overlap or b[j].end <= a[i].end),
        )
    return sorted(pairs)


def _left_in_order(spans: Sequence[Span], used: set[int]) -> list[int]:
    left = (i for i in range(len(spans)) if i not in used)
    return sorted(left, key=lambda i: spans[i])


# --- articles -----------------------------------------------------------------

Pair = tuple[CodedArticle, CodedArticle]


def shared_articles(found: Annotations, gold: Annotations) -> list[Pair]:
    """The articles that both coded, in the order of `gold`."""
    found_of, gold_of = _by_article(found, "found"), _by_article(gold, "gold")
    return [(found_of[i], coded) for i, coded in gold_of.items() if i in found_of]


def _by_article(annotations: Annotations, side: str) -> dict[str, CodedArticle]:
    coded_of: dict[str, CodedArticle] = {}
    for coded in annotations:
        other = coded_of.setdefault(coded.article_id, coded)
        if other is not coded:
            raise AnnotationError(
                f"{side} annotations",
                None,
                f"{coded.article_id!r} by {other.coder!r} and by {coded.coder!r}",
                "one coder an article",
            )
    return coded_of


# --- codes -----------------------------------------------------------------------


class Tally(NamedTuple):
    """Hits and totals of each side in one article; they add up over articles."""

    hits_found: float
    n_found: float
    hits_gold: float
    n_gold: float


@dataclass(frozen=True)
class Matched:
    """Codes of both sides in one article and the pairs among them."""

    found: Sequence[Any]
    gold: Sequence[Any]
    pairs: Sequence[tuple[Any, Any]]

    def tally(self, same: Callable[[Any, Any], bool] = lambda f, g: True) -> Tally:
        """How many pairs are the same; all of them unless `same` says otherwise."""
        hits = sum(same(f, g) for f, g in self.pairs)
        return Tally(hits, len(self.found), hits, len(self.gold))

    def tally_where(self, holds: Callable[[Any], bool]) -> Tally:
        """How many pairs hold on both sides, among all codes that hold."""
        hits = sum(holds(f) and holds(g) for f, g in self.pairs)
        return Tally(
            hits, sum(map(holds, self.found)), hits, sum(map(holds, self.gold))
        )

    def all_pairs(self) -> list[tuple[Any, Any]]:
        """Every code of both sides, None beside one without a partner."""
        # by identity: two attributions of one sentence may be equal in every field
        used = {id(code) for pair in self.pairs for code in pair}
        pairs = [
            *self.pairs,
            *((f, None) for f in self.found if id(f) not in used),
            *((None, g) for g in self.gold if id(g) not in used),
        ]
        return sorted(pairs, key=lambda p: span_of(p[0] if p[1] is None else p[1]))


def _match(found: Sequence[Any], gold: Sequence[Any]) -> Matched:
    indices = match_spans([span_of(c) for c in found], [span_of(c) for c in gold])
    return Matched(found, gold, [(found[i], gold[j]) for i, j in indices])


def span_of(code: Hedge | Attribution) -> Span:
    """The cue of a code."""
    return Span(code.start, code.end) if isinstance(code, Hedge) else code.cue


def match_hedges(found: CodedArticle, gold: CodedArticle) -> Matched:
    """Hedges of the six types."""
    return _match(six_types(found), six_types(gold))


def six_types(coded: CodedArticle) -> list[Hedge]:
    """The hedges that the measures count."""
    return [hedge for hedge in coded.hedges if hedge.type in HEDGE_TYPES]


def match_statements(found: CodedArticle, gold: CodedArticle) -> Matched:
    """Attributions that are statements."""
    return _match(_of_kind(found, "statement"), _of_kind(gold, "statement"))


def match_mental(found: CodedArticle, gold: CodedArticle) -> Matched:
    """Attributions of what was thought."""
    return _match(_of_kind(found, "mental"), _of_kind(gold, "mental"))


def _of_kind(coded: CodedArticle, kind: str) -> list[Attribution]:
    return [a for a in coded.attributions if a.kind == kind]


def match_attributions(found: CodedArticle, gold: CodedArticle) -> Matched:
    """Statements and thoughts together."""
    return _match(found.attributions, gold.attributions)


def same_source(found: Attribution, gold: Attribution) -> bool:
    """True where the sources overlap, or neither has one."""
    if found.source is None or gold.source is None:
        return found.source is gold.source
    return found.source.overlaps(gold.source)


def has_relay(attribution: Attribution) -> bool:
    """Whether the statement came through another outlet (CODEBOOK, section 2)."""
    return attribution.via is not None or attribution.via_name is not None
