"""Two coders compared: agreement between people, accuracy of a program.

Both are the same function, since people and programs write the same annotations.
Cues are matched one to one by overlap; every label is compared on matched cues;
every article measure is compared on the published number itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from framing.agreement import (
    LABELS,
    Matched,
    Pair,
    Tally,
    has_relay,
    krippendorff_alpha,
    match_attributions,
    match_hedges,
    match_mental,
    match_spans,
    match_statements,
    same_source,
    shared_articles,
    six_types,
    span_of,
)
from framing.annotations import (
    HEDGE_TYPES,
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
)
from framing.disagreements import DISAGREEMENT_COLUMNS, list_disagreements
from framing.reasons import is_unnamed
from framing.score import MEASURES, measure_parts, score_articles
from framing.text import Segments, Span, find_segments

__all__ = [
    "DISAGREEMENT_COLUMNS",
    "EVALUATION_COLUMNS",
    "LABELS",
    "evaluate_annotations",
    "has_relay",
    "krippendorff_alpha",
    "list_disagreements",
    "match_spans",
    "side_by_side",
]

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
    pairs = shared_articles(found, gold)
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


@dataclass(frozen=True)
class _Counted:
    """One row before it is summed: a tally an article."""

    what: str
    tallies: Sequence[Tally]
    alpha: float = _NAN
    has_ratio: bool = True  # false where both totals are the same by definition


def _counted(
    pairs: Sequence[Pair], articles: pd.DataFrame | None
) -> Iterator[_Counted]:
    hedges = [match_hedges(f, g) for f, g in pairs]
    yield _Counted("hedges", [m.tally() for m in hedges])
    yield _Counted("hedges, exact", [m.tally(_same_span) for m in hedges])
    for name in HEDGE_TYPES:
        of_type = [m.tally_where(partial(_is_type, name)) for m in hedges]
        yield _Counted(f"hedge type: {name}", of_type)
    yield _sentences(pairs, articles)
    statements = [match_statements(f, g) for f, g in pairs]
    yield _Counted("statements", [m.tally() for m in statements])
    yield _Counted("statements with source", [m.tally(same_source) for m in statements])
    unnamed = [m.tally_where(is_unnamed) for m in statements]
    yield _Counted("unnamed-source statements", unnamed)
    yield _Counted("relays", [m.tally_where(has_relay) for m in statements])
    yield _Counted("mental", [match_mental(f, g).tally() for f, g in pairs])
    attributions = [match_attributions(f, g) for f, g in pairs]
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

    NaN where both are undefined. The last axis of `totals` is a `Tally`.
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


def _is_type(name: str, hedge: Hedge) -> bool:
    return hedge.type == name


def _same_span(found: Hedge, gold: Hedge) -> bool:
    return span_of(found) == span_of(gold)


def _bcubed(pairs: Iterable[tuple[Attribution, Attribution]]) -> Tally:
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
    return Tally(precision, len(names), recall, len(names))


def _label(name: str, label: str, matched: Sequence[Matched]) -> _Counted:
    coded = [
        [
            (getattr(f, label), getattr(g, label))
            for f, g in m.pairs
            if getattr(f, label) is not None and getattr(g, label) is not None
        ]
        for m in matched
    ]
    hits = [sum(f == g for f, g in values) for values in coded]
    tallies = [Tally(h, len(v), h, len(v)) for h, v in zip(hits, coded, strict=True)]
    flat = [value for values in coded for value in values]
    alpha = krippendorff_alpha([f for f, _ in flat], [g for _, g in flat])
    return _Counted(f"label: {name}", tallies, alpha, has_ratio=False)


# --- sentences and measures -----------------------------------------------------


def _sentences(pairs: Sequence[Pair], articles: pd.DataFrame | None) -> _Counted:
    segments_of = _segments(articles, {f.article_id for f, _ in pairs})
    tallies: list[Tally] = []
    marks: list[tuple[bool, bool]] = []
    for f, g in pairs:
        segments = segments_of.get(f.article_id)
        if segments is None:
            tallies.append(Tally(0, 0, 0, 0))
            continue
        in_found, in_gold = _hedged(f, segments), _hedged(g, segments)
        hits = len(in_found & in_gold)
        tallies.append(Tally(hits, len(in_found), hits, len(in_gold)))
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
    at = ((segments.sentence_at(h.start), h.start) for h in six_types(coded))
    return {i for i, start in at if i >= 0 and start < segments.sentences[i].end}


def _measure_rows(
    pairs: Sequence[Pair], articles: pd.DataFrame | None
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


def _articles_of(pairs: Sequence[Pair], articles: pd.DataFrame | None) -> pd.DataFrame:
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
