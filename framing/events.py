"""The same event in different outlets: articles grouped, outlets compared within.

Two outlets may differ because they cover different things. `find_events` groups
articles that tell of the same event; `match_contrasts` compares outlets only where
they covered the same one.

Articles are compared by the words of title and text (TF-IDF, one vocabulary a
language; words of more than three articles in ten say nothing about the event) and
clustered by average linkage. Articles more than `window_days` apart count as having
nothing in common, so that an event has an end though its theme goes on. Since no
merger crosses a pair of groups without any similar articles, each connected group is
clustered on its own: the result is that of the whole, in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from framing.clusters import (
    Floats,
    Indices,
    Side,
    check_coders,
    check_reference,
    find_clusters,
    link_labels,
)
from framing.compare import (
    ALL_OTHERS,
    CONTRAST,
    POOLED,
    compare_outlets,
    contrast_rates,
    describe_support,
    with_adjusted_p,
)
from framing.errors import CorpusError
from framing.intervals import TAIL, Rate, cluster_freedom, pool_rate
from framing.score import MEASURES, Measure, measure_parts

_COMMON = 0.3  # a word in more of the articles than this does not tell events apart
_FEWEST = 10  # articles of a language, from which on words can be called common
_BLOCK = 512
_LARGEST = 6000  # articles clustered at once; beyond, memory would grow as its square
_SIDES = {"n_events": "int64", "n_other_articles": "int64"}
_RAW = {"raw_difference": "float64", "raw_low": "float64", "raw_high": "float64"}


def find_events(
    articles: pd.DataFrame, *, window_days: float = 3, threshold: float = 0.75
) -> pd.Series[Any]:
    """The event of each article: the article_id of its first report.

    `threshold` is the largest mean cosine distance at which two groups of articles
    are one event: lower for narrower events. Boilerplate is left out, languages are
    kept apart. An article without a date, or without any word in common with others,
    is an event by itself.

    >>> articles = pd.DataFrame({"article_id": list("abc"),
    ...     "published": pd.to_datetime(["2026-01-03", "2026-01-04", "2026-01-04"]),
    ...     "title": ["Port strike halts grain", "Grain stuck in port strike", "Opera"],
    ...     "text": ["Dockers walked out.", "Dockers stay out.", "A new season."]})
    >>> find_events(articles, threshold=0.8).tolist()
    ['a', 'a', 'c']
    """
    for column in ("article_id", "published", "text"):
        if column not in articles.columns:
            raise CorpusError("articles table", None, f"no column {column}", column)
    ids = articles["article_id"].astype("str").to_numpy(dtype="object", copy=True)
    for rows in _comparable(articles):
        part = articles.iloc[rows]
        limits = (window_days, 1 - threshold)
        labels = _clustered(_vectors(part), _days(part), limits)
        # Rows are in the order of their dates: a label is its event's first article.
        ids[rows] = ids[rows[labels]]
    return pd.Series(ids, articles.index, dtype="str", name="event")


def _comparable(articles: pd.DataFrame) -> Iterator[Indices]:
    """Positions of the articles of each language, in the order of their dates."""
    dated = articles["published"].notna() & articles["text"].notna()
    order = articles.assign(place=np.arange(len(articles)))[dated]
    order = order.assign(published=pd.to_datetime(order["published"], format="ISO8601"))
    order = order.sort_values(["published", "article_id"], kind="stable")
    if "language" not in order.columns:
        order = order.assign(language="")
    for _, part in order.groupby(order["language"].fillna(""), sort=True):
        if len(part) > 1:
            yield part["place"].to_numpy()


def _days(articles: pd.DataFrame) -> Floats:
    published = pd.to_datetime(articles["published"], format="ISO8601")
    since = published - published.min()
    return np.asarray(since / pd.Timedelta(days=1), dtype="float64")


def _vectors(articles: pd.DataFrame) -> csr_array:
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = [_words(record) for record in articles.to_dict("records")]
    most = _COMMON if len(words) >= _FEWEST else 1.0
    vectorizer = TfidfVectorizer(
        sublinear_tf=True, max_df=most, token_pattern=r"(?u)\b[^\W\d_]{3,}\b|\b\d{2,}\b"
    )
    try:
        return csr_array(vectorizer.fit_transform(words))
    except ValueError:  # no words at all, or only such as stand everywhere
        return csr_array((len(words), 1))


def _words(record: dict[Any, Any]) -> str:
    """Title and text without boilerplate; the title twice, as it names the event."""
    text, title = record["text"], record.get("title")
    spans = record.get("boilerplate")
    cuts = spans if isinstance(spans, (list, tuple, np.ndarray)) else []
    for start, end in sorted(((int(s), int(e)) for s, e in cuts), reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return f"{title} {title} {text}" if isinstance(title, str) else text


def _clustered(
    vectors: csr_array, days: Floats, limits: tuple[float, float]
) -> Indices:
    """Cluster of each article; numbered so that articles of none are alone."""
    n_articles = len(days)
    pairs = _similar_pairs(vectors, days, limits)
    links = coo_array((np.ones(len(pairs)), pairs.T), shape=(n_articles, n_articles))
    _, group = connected_components(links, directed=False)
    labels = np.arange(n_articles)
    for rows in _groups(group):
        labels[rows] = rows[_within(vectors[rows], days[rows], limits)]
    return labels


def _groups(group: npt.NDArray[Any]) -> Iterator[Indices]:
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    yield from (rows for rows in np.split(order, starts[1:]) if len(rows) > 1)


def _similar_pairs(
    vectors: csr_array, days: Floats, limits: tuple[float, float]
) -> Indices:
    """Pairs within the window at least as similar as the threshold asks."""
    window, least = limits
    found = [np.zeros((0, 2), dtype="intp")]
    for start in range(0, len(days), _BLOCK):
        end = min(start + _BLOCK, len(days))
        last = int(np.searchsorted(days, days[end - 1] + window, side="right"))
        similar = (vectors[start:end] @ vectors[start:last].T).tocoo()
        row, column = similar.coords[0] + start, similar.coords[1] + start
        is_kept = (similar.data >= least) & (row < column)
        is_kept &= days[column] - days[row] <= window
        found.append(np.column_stack([row[is_kept], column[is_kept]]))
    return np.concatenate(found)


def _within(vectors: csr_array, days: Floats, limits: tuple[float, float]) -> Indices:
    """For each article of a connected group, the place of its cluster's first."""
    from sklearn.cluster import AgglomerativeClustering

    if len(days) > _LARGEST:
        return _in_halves(vectors, days, limits)
    window, least = limits
    distance = 1 - (vectors @ vectors.T).toarray()
    distance[np.abs(days[:, None] - days[None, :]) > window] = 1.0
    np.fill_diagonal(distance, 0.0)
    clustering = AgglomerativeClustering(
        n_clusters=None,
        metric="precomputed",
        linkage="average",
        distance_threshold=1 - least + 1e-9,
    )
    found = clustering.fit_predict(np.maximum(distance, 0.0))
    _, first, inverse = np.unique(found, return_index=True, return_inverse=True)
    return np.asarray(first[inverse])


def _in_halves(
    vectors: csr_array, days: Floats, limits: tuple[float, float]
) -> Indices:
    """A group too large for memory, cut at the middle of its dates."""
    half = len(days) // 2
    parts = (
        _within(vectors[cut], days[cut], limits) + (cut.start or 0)
        for cut in (slice(0, half), slice(half, len(days)))
    )
    return np.concatenate(list(parts))


# --- matched differences ----------------------------------------------------------


def match_contrasts(
    scores: pd.DataFrame,
    measures: str | Sequence[str],
    *,
    by: str = "outlet",
    reference: str | None = None,
) -> pd.DataFrame:
    """One row an outlet and measure: its difference within events, raw beside it.

    `scores` has a column `event` (`find_events`). Only events count that both the
    outlet and the other side covered; in each, the two rates are compared, and events
    are pooled with the weights of Mantel and Haenszel, a b / (a + b) for denominators
    a and b, so that a large side does not decide which events count. `estimate` is
    the outlet's rate with these weights: it differs with the other side and is not to
    be compared across outlets; `difference` is. Intervals and p leave out whole events
    (with all that is linked to them by wire copies). `raw_*` is what `compare_outlets`
    gives. NaN where no event was covered by both.

    >>> scores = pd.DataFrame({"article_id": list("abcdef"), "outlet": list("XYXYXX"),
    ...     "event": list("aabbcd"), "n_hedges": [1, 2, 3, 4, 9, 9],
    ...     "n_words": [100] * 6})
    >>> matched = match_contrasts(scores, "hedge_density")
    >>> matched[["outlet", "n_events", "difference", "raw_difference"]].values.tolist()
    [['X', 2, -1.0, 2.5], ['Y', 2, 1.0, -2.5]]
    """
    names = [measures] if isinstance(measures, str) else list(measures)
    check_coders(scores, by)
    if "event" not in scores.columns:
        raise CorpusError("scores table", None, "no column event", "see find_events")
    raw = compare_outlets(scores, names, by=by, reference=reference)
    table = scores[scores[by].notna() & scores["event"].notna()]
    units = link_labels(find_clusters(table), table["event"])
    groups = list(dict.fromkeys(raw[by]))
    check_reference(reference, groups)
    rows = [
        (name, *_matched_row(table, units, MEASURES[measure], (by, name, reference)))
        for name in groups
        for measure in names
    ]
    columns = {by: scores[by].dtype, "measure": "str"} | _COLUMNS
    matched = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    beside = raw[["difference", "difference_low", "difference_high"]].to_numpy()
    matched[list(_RAW)] = beside
    return with_adjusted_p(matched)


_COLUMNS = _SIDES | POOLED | CONTRAST


@dataclass(frozen=True)
class _Pairs:
    """Counts of the events that both sides covered: sides (rows) by events."""

    numerator: Floats
    denominator: Floats
    articles: Floats
    units: Indices

    @property
    def weights(self) -> Floats:
        mine, theirs = self.denominator
        return np.asarray(mine * theirs / (mine + theirs))

    def summed(self, values: Floats) -> Floats:
        """Sums of a value of each event by unit, in the order of the units."""
        _, place = np.unique(self.units, return_inverse=True)
        return np.bincount(place, values).astype("float64")


def _matched_row(
    table: pd.DataFrame, units: Indices, measure: Measure, names: tuple[str, Any, Any]
) -> tuple[Any, ...]:
    by, name, reference = names
    label = ALL_OTHERS if reference is None else reference
    group = table[by].to_numpy()
    first = group == name
    second = (group != name) if reference is None else (group == reference) & ~first
    pairs = _pairs(table, (first, second), units, measure)
    rates = [pool_rate(_weighted(pairs, i), 0, measure) for i in (0, 1)]
    own = _own_spread(pairs, rates)
    low, high = rates[0].interval()
    n_mine, n_theirs = (int(n) for n in pairs.articles.sum(axis=1))
    return (
        measure.name, len(pairs.units), n_theirs, n_mine, rates[0].n_clusters,
        float(pairs.numerator[0].sum()), float(pairs.denominator[0].sum()),
        *(value * measure.per for value in (rates[0].value, low, high)), label,
        *contrast_rates(rates[0], rates[1], own, measure.per), np.nan, np.nan,
        describe_support(rates[0]) if n_mine else "no event covered by both",
    )  # fmt: skip


def _pairs(
    table: pd.DataFrame, sides: tuple[Any, Any], units: Indices, measure: Measure
) -> _Pairs:
    numerator, denominator = measure_parts(table, measure.name)
    known = np.isfinite(numerator) & (denominator > 0)
    codes, _ = pd.factorize(table["event"], sort=True)
    n_events = int(codes.max(initial=-1)) + 1
    columns = (
        np.where(known, numerator, 0.0), np.where(known, denominator, 0.0),
        known.astype("float64"),
    )  # fmt: skip
    sums = [
        np.array([np.bincount(codes[s], c[s], n_events) for s in sides])
        for c in columns
    ]
    is_covered = (sums[1] > 0).all(axis=0)
    unit = np.zeros(n_events, dtype="intp")
    unit[codes] = units
    counts = [total[:, is_covered] for total in sums]
    return _Pairs(counts[0], counts[1], counts[2], unit[is_covered])


def _weighted(pairs: _Pairs, side: int) -> Side:
    """One side's totals by unit, with weights for denominators.

    Weights are scaled so that they sum to the denominator that, undivided, would
    carry as much information: the square of their sum over that of w^2 / y.
    """
    weights, y = pairs.weights, pairs.denominator[side]
    squares = float((weights**2 / y).sum())
    scaled = weights * (weights.sum() / squares if squares > 0 else 0.0)
    columns = (pairs.articles[side], scaled * pairs.numerator[side] / y, scaled)
    totals = (pairs.summed(column)[:, None] for column in columns)
    return Side(np.unique(pairs.units), *totals)


def _own_spread(pairs: _Pairs, rates: Sequence[Rate]) -> tuple[float, float]:
    """Part of both variances that is left when the events' own is taken off.

    The jackknife of the difference over units, never below that of independent
    events; with few units the little that it may show is enlarged by Student's t.
    """
    if not all(rate.is_known for rate in rates):
        return 1.0, 1.0
    mine, theirs = pairs.numerator / pairs.denominator
    weight = pairs.summed(pairs.weights)
    change = pairs.summed(pairs.weights * (mine - theirs))
    total, n_units = float(weight.sum()), len(weight)
    without = (change.sum() - change) / (total - weight) - change.sum() / total
    variance = float((without**2).sum()) * (n_units - 1) / n_units
    one = [r.value * (1 - r.value) if r.is_share else r.value for r in rates]
    least = sum(v / rate.denominator for v, rate in zip(one, rates, strict=True))
    alone = sum(
        v / rate.size * rate.reach() ** 2 for v, rate in zip(one, rates, strict=True)
    )
    if alone <= 0:
        return 1.0, 1.0
    found = variance * special.stdtrit(cluster_freedom(weight), TAIL) ** 2
    needed = max(found, least * special.ndtri(TAIL) ** 2)
    part = float(min(needed / alone, 1.0))
    return part, part
