"""Two coders compared: agreement between people, accuracy of a program.

Both are the same function, since people and programs write the same annotations.
Cues are matched one to one by overlap; every label is compared on matched cues;
every article measure is compared on the published number itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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
from framing.reasons import is_unnamed
from framing.score import MEASURES, measure_parts, score_articles
from framing.text import Segments, Span, find_segments

EVALUATION_COLUMNS = {
    "what": "str",
    "precision": "float64",
    "recall": "float64",
    "f1": "float64",
    "alpha": "float64",
    "ratio": "float64",
    "n_found": "int64",
    "n_gold": "int64",
}
DISAGREEMENT_COLUMNS = {
    "article_id": "str",
    "disagreement": "str",
    "found": "str",
    "gold": "str",
    "start": "int64",
    "end": "int64",
    "cue": "str",
    "snippet": "str",
}
LABELS = ("kind", "form", "source_kind", "naming", "role")
_NAN = float("nan")


def evaluate_annotations(
    found: Annotations,
    gold: Annotations,
    *,
    articles: pd.DataFrame | None = None,
    repeats: int = 0,
    seed: int = 0,
) -> pd.DataFrame:
    """How far `found` agrees with `gold`, one row a thing measured.

    Only articles that both coded are compared; the row "articles left out" counts the
    others on each side (also in `attrs`). Cues that overlap are matched one to one in
    text order, so changing sides exchanges precision and recall and leaves F1 alone.
    Hedges are those of the six types. Undefined is NaN.

    - hedges, statements, ...: `precision`, `recall`, `f1` pooled over articles;
      `ratio` is total found / total gold, the error of a count.
    - "same source": B-cubed over matched attributions with a source name on each side
      (Bagga and Baldwin 1998).
    - "label: ...": Krippendorff's `alpha` (nominal) on matched cues that carry the
      label on both sides; precision, recall and F1 are the share that agrees.
    - "measure: ...": `alpha` (interval) over articles where both are defined, `ratio`
      of the two pooled estimates; `n_` counts the articles where it is defined.

    `articles` (article_id, text) is needed for hedged sentences and for measures that
    count words or sentences. With `repeats`, columns `low` and `high` give the 95 %
    percentile interval of F1 from a bootstrap over articles.

    >>> from framing.annotations import CodedArticle, Hedge
    >>> might, may = Hedge(3, 8, "might", "modal"), Hedge(20, 23, "may", "modal")
    >>> one = CodedArticle("A", "x", (might,))
    >>> two = CodedArticle("A", "y", (might, may))
    >>> table = evaluate_annotations(Annotations((one,)), Annotations((two,)))
    >>> table.set_index("what").loc["hedges", ["precision", "recall", "ratio"]].tolist()
    [1.0, 0.5, 0.5]
    """
    pairs = _shared(found, gold)
    rows = [
        *_article_rows(len(found), len(gold), len(pairs)),
        *(_counted_row(c, repeats, seed) for c in _counted(pairs, articles)),
        *_measure_rows(pairs, articles),
    ]
    columns = dict(EVALUATION_COLUMNS)
    if repeats > 0:
        columns |= {"low": "float64", "high": "float64"}
    table = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    table.attrs = {
        "n_articles": len(pairs),
        "n_left_out_found": len(found) - len(pairs),
        "n_left_out_gold": len(gold) - len(pairs),
    }
    return table


def side_by_side(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Several coders against the same codes, from the evaluation table of each.

    Columns: what, then F1, alpha and ratio (found / gold) of each coder, then n_gold,
    of the last table. Rows in the order of the last; NaN where a table lacks one.

    >>> from framing.annotations import CodedArticle, Hedge
    >>> gold = Annotations((CodedArticle("A", "x", (Hedge(3, 8, "might", "modal"),)),))
    >>> blind = Annotations((CodedArticle("A", "y"),))
    >>> found = {"blind": blind, "itself": gold}
    >>> tables = {name: evaluate_annotations(f, gold) for name, f in found.items()}
    >>> side_by_side(tables).set_index("what").loc["hedges", ["f1 blind", "f1 itself"]]
    f1 blind     0.0
    f1 itself    1.0
    Name: hedges, dtype: float64
    """
    by_what = {name: table.set_index("what") for name, table in tables.items()}
    last = list(by_what.values())[-1]
    columns = {
        f"{statistic} {name}": table[statistic].reindex(last.index)
        for statistic in ("f1", "alpha", "ratio")
        for name, table in by_what.items()
    }
    return last[[]].assign(**columns, n_gold=last["n_gold"]).reset_index()


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


def list_disagreements(
    found: Annotations, gold: Annotations, articles: pd.DataFrame, what: str
) -> pd.DataFrame:
    """Every difference behind one row of `evaluate_annotations`, with its words.

    `what` is hedges, statements, mental, unnamed-source statements or relays. One row
    a difference: `disagreement` is "missed", "false find" or the label that differs
    (type, voice, source, form, ...), `found` and `gold` are the two sides' labels,
    `snippet` has the cue in double brackets. A label that one side left out is no
    difference.

    >>> from framing.annotations import CodedArticle, Hedge
    >>> articles = pd.DataFrame({"article_id": ["A"], "text": ["It might rain."]})
    >>> one = CodedArticle("A", "x", (Hedge(3, 8, "might", "modal"),))
    >>> none = CodedArticle("A", "y")
    >>> sides = Annotations((none,)), Annotations((one,))
    >>> table = list_disagreements(*sides, articles, "hedges")
    >>> table[["disagreement", "gold", "snippet"]].values.tolist()
    [['missed', 'modal', 'It [[might]] rain.']]
    """
    if what not in _LISTS:
        raise ValueError(f"what {what!r} is not one of {', '.join(_LISTS)}")
    match, counts = _LISTS[what]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    rows = [
        (f.article_id, *row)
        for f, g in _shared(found, gold)
        if isinstance(texts.get(f.article_id), str)
        for row in _differences(match(f, g), counts, texts[f.article_id])
    ]
    table = pd.DataFrame(rows, columns=list(DISAGREEMENT_COLUMNS), dtype="object")
    return table.astype(DISAGREEMENT_COLUMNS)


# --- articles -----------------------------------------------------------------

_Pair = tuple[CodedArticle, CodedArticle]


def _shared(found: Annotations, gold: Annotations) -> list[_Pair]:
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


def _article_rows(n_found: int, n_gold: int, n_both: int) -> list[dict[str, Any]]:
    return [
        {"what": "articles", "n_found": n_both, "n_gold": n_both},
        {
            "what": "articles left out",
            "n_found": n_found - n_both,
            "n_gold": n_gold - n_both,
        },
    ]


# --- rows that are counted ------------------------------------------------------


class _Tally(NamedTuple):
    """Hits and totals of each side in one article; they add up over articles."""

    hits_found: float
    n_found: float
    hits_gold: float
    n_gold: float


@dataclass(frozen=True)
class _Counted:
    """One row before it is summed: a tally an article."""

    what: str
    tallies: Sequence[_Tally]
    alpha: float = _NAN
    has_ratio: bool = True  # false where both totals are the same by definition


def _counted(
    pairs: Sequence[_Pair], articles: pd.DataFrame | None
) -> Iterator[_Counted]:
    hedges = [_match_hedges(f, g) for f, g in pairs]
    yield _Counted("hedges", [m.tally() for m in hedges])
    yield _Counted("hedges, exact", [m.tally(_same_span) for m in hedges])
    for name in HEDGE_TYPES:
        of_type = [m.tally_where(partial(_is_type, name)) for m in hedges]
        yield _Counted(f"hedge type: {name}", of_type)
    yield _sentences(pairs, articles)
    statements = [_match_statements(f, g) for f, g in pairs]
    yield _Counted("statements", [m.tally() for m in statements])
    yield _Counted(
        "statements with source", [m.tally(_same_source) for m in statements]
    )
    unnamed = [m.tally_where(is_unnamed) for m in statements]
    yield _Counted("unnamed-source statements", unnamed)
    yield _Counted("relays", [m.tally_where(has_relay) for m in statements])
    yield _Counted("mental", [_match_mental(f, g).tally() for f, g in pairs])
    attributions = [_match_attributions(f, g) for f, g in pairs]
    bcubed = [_bcubed(m.pairs) for m in attributions]
    yield _Counted("same source (B-cubed)", bcubed, has_ratio=False)
    yield _label("hedge type", "type", hedges)
    yield _label("voice", "voice", hedges)
    for name in LABELS:
        yield _label(name, name, attributions)


def _counted_row(counted: _Counted, repeats: int, seed: int) -> dict[str, Any]:
    tallies = np.array(counted.tallies, dtype=float).reshape(-1, 4)
    total = tallies.sum(axis=0)
    low, high = _interval(tallies, repeats, seed)
    return {
        "what": counted.what,
        "precision": _divide(total[0], total[1]),
        "recall": _divide(total[2], total[3]),
        "f1": float(_f1(total)),
        "alpha": counted.alpha,
        "ratio": _divide(total[1], total[3]) if counted.has_ratio else _NAN,
        "n_found": int(total[1]),
        "n_gold": int(total[3]),
        "low": low,
        "high": high,
    }


def _divide(numerator: float, denominator: float) -> float:
    return float(numerator / denominator) if denominator else _NAN


def _f1(totals: np.ndarray) -> np.ndarray:
    """Harmonic mean of precision and recall; an undefined one counts as 0.

    NaN where both are undefined. The last axis of `totals` is a `_Tally`.
    """
    hits, sizes = totals[..., [0, 2]], totals[..., [1, 3]]
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = np.where(sizes > 0, hits / sizes, 0.0)
        both = rates.sum(axis=-1)
        f1 = np.where(both > 0, 2 * rates.prod(axis=-1) / both, 0.0)
    return np.where(sizes.sum(axis=-1) > 0, f1, np.nan)


def _interval(tallies: np.ndarray, repeats: int, seed: int) -> tuple[float, float]:
    n = len(tallies)
    if repeats < 1 or n == 0:
        return _NAN, _NAN
    random = np.random.default_rng(seed)
    draws = random.multinomial(n, np.full(n, 1 / n), size=repeats)
    estimates = _f1(draws @ tallies)
    estimates = estimates[~np.isnan(estimates)]
    if not len(estimates):
        return _NAN, _NAN
    low, high = np.percentile(estimates, [2.5, 97.5])
    return float(low), float(high)


# --- matching -------------------------------------------------------------------


@dataclass(frozen=True)
class _Matched:
    """Codes of both sides in one article and the pairs among them."""

    found: Sequence[Any]
    gold: Sequence[Any]
    pairs: Sequence[tuple[Any, Any]]

    def tally(self, same: Callable[[Any, Any], bool] = lambda f, g: True) -> _Tally:
        hits = sum(same(f, g) for f, g in self.pairs)
        return _Tally(hits, len(self.found), hits, len(self.gold))

    def tally_where(self, holds: Callable[[Any], bool]) -> _Tally:
        hits = sum(holds(f) and holds(g) for f, g in self.pairs)
        return _Tally(
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
        return sorted(pairs, key=lambda p: _span(p[0] if p[1] is None else p[1]))


def _match(found: Sequence[Any], gold: Sequence[Any]) -> _Matched:
    indices = match_spans([_span(c) for c in found], [_span(c) for c in gold])
    return _Matched(found, gold, [(found[i], gold[j]) for i, j in indices])


def _span(code: Hedge | Attribution) -> Span:
    return Span(code.start, code.end) if isinstance(code, Hedge) else code.cue


def _match_hedges(found: CodedArticle, gold: CodedArticle) -> _Matched:
    return _match(_six_types(found), _six_types(gold))


def _six_types(coded: CodedArticle) -> list[Hedge]:
    return [hedge for hedge in coded.hedges if hedge.type in HEDGE_TYPES]


def _match_statements(found: CodedArticle, gold: CodedArticle) -> _Matched:
    return _match(_of_kind(found, "statement"), _of_kind(gold, "statement"))


def _match_mental(found: CodedArticle, gold: CodedArticle) -> _Matched:
    return _match(_of_kind(found, "mental"), _of_kind(gold, "mental"))


def _of_kind(coded: CodedArticle, kind: str) -> list[Attribution]:
    return [a for a in coded.attributions if a.kind == kind]


def _match_attributions(found: CodedArticle, gold: CodedArticle) -> _Matched:
    return _match(found.attributions, gold.attributions)


def _is_type(name: str, hedge: Hedge) -> bool:
    return hedge.type == name


def _same_span(found: Hedge, gold: Hedge) -> bool:
    return _span(found) == _span(gold)


def _same_source(found: Attribution, gold: Attribution) -> bool:
    if found.source is None or gold.source is None:
        return found.source is gold.source
    return found.source.overlaps(gold.source)


def has_relay(attribution: Attribution) -> bool:
    """Whether the statement came through another outlet (CODEBOOK, section 2)."""
    return attribution.via is not None or attribution.via_name is not None


def _bcubed(pairs: Iterable[tuple[Attribution, Attribution]]) -> _Tally:
    names = [
        (f.source_name, g.source_name)
        for f, g in pairs
        if f.source_name is not None and g.source_name is not None
    ]
    same = Counter(names)
    found = Counter(name for name, _ in names)
    gold = Counter(name for _, name in names)
    precision = sum(same[pair] / found[pair[0]] for pair in names)
    recall = sum(same[pair] / gold[pair[1]] for pair in names)
    return _Tally(precision, len(names), recall, len(names))


def _label(name: str, label: str, matched: Sequence[_Matched]) -> _Counted:
    coded = [
        [
            (getattr(f, label), getattr(g, label))
            for f, g in m.pairs
            if getattr(f, label) is not None and getattr(g, label) is not None
        ]
        for m in matched
    ]
    hits = [sum(f == g for f, g in values) for values in coded]
    tallies = [_Tally(h, len(v), h, len(v)) for h, v in zip(hits, coded, strict=True)]
    flat = [value for values in coded for value in values]
    alpha = krippendorff_alpha([f for f, _ in flat], [g for _, g in flat])
    return _Counted(f"label: {name}", tallies, alpha, has_ratio=False)


# --- sentences and measures -----------------------------------------------------


def _sentences(pairs: Sequence[_Pair], articles: pd.DataFrame | None) -> _Counted:
    segments_of = _segments(articles, {f.article_id for f, _ in pairs})
    tallies: list[_Tally] = []
    marks: list[tuple[bool, bool]] = []
    for f, g in pairs:
        segments = segments_of.get(f.article_id)
        if segments is None:
            tallies.append(_Tally(0, 0, 0, 0))
            continue
        in_found, in_gold = _hedged(f, segments), _hedged(g, segments)
        hits = len(in_found & in_gold)
        tallies.append(_Tally(hits, len(in_found), hits, len(in_gold)))
        marks += [(i in in_found, i in in_gold) for i in range(len(segments.sentences))]
    alpha = krippendorff_alpha([f for f, _ in marks], [g for _, g in marks])
    return _Counted("hedged sentences", tallies, alpha)


def _segments(articles: pd.DataFrame | None, wanted: set[str]) -> dict[str, Segments]:
    if articles is None or "text" not in articles:
        return {}
    empty = pd.Series(None, articles.index, dtype="object")
    return {
        i: find_segments(text, boilerplate=_spans(marked))
        for i, text, marked in zip(
            articles["article_id"],
            articles["text"],
            articles.get("boilerplate", empty),
            strict=True,
        )
        if i in wanted and isinstance(text, str)
    }


def _spans(marked: Any) -> tuple[Span, ...]:
    is_given = marked is not None and not np.isscalar(marked)
    return tuple(Span(*pair) for pair in marked) if is_given else ()


def _hedged(coded: CodedArticle, segments: Segments) -> set[int]:
    at = ((segments.sentence_at(h.start), h.start) for h in _six_types(coded))
    return {i for i, start in at if i >= 0 and start < segments.sentences[i].end}


def _measure_rows(
    pairs: Sequence[_Pair], articles: pd.DataFrame | None
) -> Iterator[dict[str, Any]]:
    table = _articles_of(pairs, articles)
    found, gold = (
        _scores(table, [f for f, _ in pairs]),
        _scores(table, [g for _, g in pairs]),
    )
    n_found, n_gold = (int(s["n_sources"].sum()) for s in (found, gold))
    yield {
        "what": "sources",
        "ratio": _divide(n_found, n_gold),
        "n_found": n_found,
        "n_gold": n_gold,
    }
    for name in MEASURES:
        values = found[name].to_numpy(float), gold[name].to_numpy(float)
        yield {
            "what": f"measure: {name}",
            "alpha": krippendorff_alpha(*values, level="interval"),
            "ratio": _divide(_pooled(found, name), _pooled(gold, name)),
            "n_found": int(np.isfinite(values[0]).sum()),
            "n_gold": int(np.isfinite(values[1]).sum()),
        }


def _articles_of(pairs: Sequence[_Pair], articles: pd.DataFrame | None) -> pd.DataFrame:
    ids = [f.article_id for f, _ in pairs]
    if articles is None:
        return pd.DataFrame({"article_id": pd.Series(ids, dtype="str")})
    return articles[articles["article_id"].isin(ids)]


def _scores(articles: pd.DataFrame, coded: Sequence[CodedArticle]) -> pd.DataFrame:
    ids = set(articles["article_id"])
    kept = Annotations(tuple(c for c in coded if c.article_id in ids))
    return score_articles(articles, kept)


def _pooled(scores: pd.DataFrame, measure: str) -> float:
    numerator, denominator = measure_parts(scores, measure)
    known = np.isfinite(numerator) & np.isfinite(denominator)
    return _divide(numerator[known].sum(), denominator[known].sum())


# --- disagreements --------------------------------------------------------------

_Counts = Callable[[Any], bool]


def _is_any(code: Any) -> bool:
    return True


_LISTS: Mapping[str, tuple[Callable[[CodedArticle, CodedArticle], _Matched], _Counts]]
_LISTS = {
    "hedges": (_match_hedges, _is_any),
    "statements": (_match_statements, _is_any),
    "mental": (_match_mental, _is_any),
    "unnamed-source statements": (_match_statements, is_unnamed),
    "relays": (_match_statements, has_relay),
}


def _differences(
    matched: _Matched, counts: _Counts, text: str
) -> Iterator[tuple[Any, ...]]:
    """Rows of `list_disagreements` among the codes that `counts` holds for."""
    for f, g in matched.all_pairs():
        in_found, in_gold = f is not None and counts(f), g is not None and counts(g)
        if in_found and in_gold:
            differing = _label_differences(f, g, text)
        elif in_found or in_gold:
            name = "false find" if in_found else "missed"
            differing = [(name, _summary(f, text), _summary(g, text))]
        else:
            continue
        span = _span(f if g is None else g)
        for difference in differing:
            yield (*difference, *span, span.of(text), _snippet(text, span))


def _label_differences(
    found: Any, gold: Any, text: str
) -> list[tuple[str, str | None, str | None]]:
    theirs = _labels(gold, text)
    return [
        (label, value, theirs[label])
        for label, value in _labels(found, text).items()
        if value is not None
        and theirs[label] not in (None, value)
        and not (label == "source" and _same_source(found, gold))
    ]


def _labels(code: Any, text: str) -> dict[str, str | None]:
    if isinstance(code, Hedge):
        return {"type": code.type, "voice": code.voice}
    labels = {label: getattr(code, label) for label in LABELS if label != "kind"}
    return {"source": code.source.of(text) if code.source else "none", **labels}


def _summary(code: Any, text: str) -> str | None:
    if code is None:
        return None
    if isinstance(code, Hedge):
        return code.type
    labels = _labels(code, text)
    parts = (labels[k] for k in ("source", "source_kind", "naming", "role"))
    return " | ".join(part for part in parts if part is not None)


def _snippet(text: str, span: Span, *, width: int = 80) -> str:
    before = text[max(0, span.start - width) : span.start]
    after = text[span.end : span.end + width]
    return " ".join(f"{before}[[{span.of(text)}]]{after}".split())
