"""Machine and hand side by side: one corpus, a random subsample of it coded twice.

What the corrections share: who was coded by hand and how much each of them stands
for, totals by group, and the t interval of an estimate whose spread has two parts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from framing.clusters import Floats, Indices, find_clusters
from framing.intervals import TAIL
from framing.score import MEASURES, Measure, measure_parts

Marks = npt.NDArray[np.bool_]
LEAST = 2  # hand-coded articles without which a group is not corrected


@dataclass(frozen=True)
class Subsample:
    """One row an article; hand counts are 0 and `weight` is 0 where none were made.

    `counts` and `hand` are numerator and denominator in two columns. Weights are
    1 / probability, scaled so that they sum to the articles of their group. `place` is
    the row of the article in the table of scores.
    """

    measure: Measure
    names: tuple[Any, ...]
    group: Indices
    cluster: Indices
    n_clusters: int
    counts: Floats
    hand: Floats
    weight: Floats
    coded: Marks
    place: Indices

    def only(self, member: Marks) -> Subsample:
        """The articles marked in `member`."""
        return replace(
            self,
            group=self.group[member],
            cluster=self.cluster[member],
            counts=self.counts[member],
            hand=self.hand[member],
            weight=self.weight[member],
            coded=self.coded[member],
            place=self.place[member],
        )

    @property
    def n_hand(self) -> Indices:
        """Hand-coded articles of each group."""
        return np.bincount(self.group[self.coded], minlength=len(self.names))

    @property
    def correctable(self) -> Marks:
        """Groups with hand-coded articles enough."""
        return self.n_hand >= LEAST


def join_hand_scores(
    scores: pd.DataFrame,
    hand_scores: pd.DataFrame,
    measure: str,
    columns: tuple[str, str],
) -> Subsample:
    """The two tables as one; `columns` are the group and the inclusion probability.

    Articles without a group, or whose machine counts are unknown, are left out; a
    group that has no others keeps its name.
    """
    by, probability = columns
    _check_articles(scores, hand_scores)
    # Sorted, so that no sum hangs on the order of rows.
    place = np.argsort(scores["article_id"].astype("str").to_numpy(), kind="stable")
    place = place[scores[by].notna().to_numpy()[place]]
    counts = np.column_stack(measure_parts(scores.iloc[place], measure))
    known = np.isfinite(counts).all(axis=1)
    counts, place = counts[known], place[known]
    table = scores.iloc[place]
    hand = _hand_counts(table, hand_scores, measure)
    coded = np.isfinite(hand[:, 0]) & np.isfinite(hand[:, 1])
    names = tuple(sorted(scores[by].dropna().unique(), key=str))
    group = pd.Index(names).get_indexer(table[by]).astype("intp")
    chance = _chances(table, hand_scores, probability, coded)
    cluster = find_clusters(table)
    n_clusters = int(cluster.max(initial=-1)) + 1
    return Subsample(
        MEASURES[measure], names, group, cluster, n_clusters, counts,
        np.where(coded[:, None], hand, 0.0), _weights(chance, coded, group), coded,
        place,
    )  # fmt: skip


def _weights(chance: Floats, coded: Marks, group: Indices) -> Floats:
    """1 / probability of coded articles, their sum the articles of each group."""
    weight = np.where(coded, 1 / np.where(coded, chance, 1.0), 0.0)
    total, size = np.bincount(group, weight), np.bincount(group)
    scale = np.divide(size, total, out=np.zeros(len(total)), where=total > 0)
    return np.asarray(weight * scale[group], "float64")


def _check_articles(scores: pd.DataFrame, hand_scores: pd.DataFrame) -> None:
    for table, side in ((scores, "scores"), (hand_scores, "hand_scores")):
        again = table.loc[table["article_id"].duplicated(), "article_id"]
        if len(again):
            raise ValueError(
                f"{side} have article_id {again.iloc[0]!r} more than once: "
                "choose one coder"
            )
    strange = ~hand_scores["article_id"].isin(scores["article_id"])
    if strange.any():
        article = hand_scores.loc[strange, "article_id"].iloc[0]
        raise ValueError(f"hand_scores have article_id {article!r}, scores have not")


def _hand_counts(
    table: pd.DataFrame, hand_scores: pd.DataFrame, measure: str
) -> Floats:
    parts = np.column_stack(measure_parts(hand_scores, measure))
    place = pd.Index(hand_scores["article_id"]).get_indexer(table["article_id"])
    # The last row is that of articles without hand codes, which have the place -1.
    return np.asarray(np.vstack([parts, np.full((1, 2), np.nan)])[place], "float64")


def _chances(
    table: pd.DataFrame, hand_scores: pd.DataFrame, probability: str,
    drawn: Marks,
) -> Floats:  # fmt: skip
    holder = next((t for t in (hand_scores, table) if probability in t.columns), None)
    if holder is None:
        raise ValueError(
            f"no column {probability!r} in hand_scores or scores: without the "
            "probability with which an article was drawn nothing can be corrected"
        )
    of_article = holder.set_index("article_id")[probability]
    chance = of_article.reindex(table["article_id"]).to_numpy("float64", na_value=0.0)
    wrong = drawn & ~((chance > 0) & (chance <= 1))
    if wrong.any():
        article = table["article_id"].to_numpy()[wrong][0]
        raise ValueError(
            f"{probability} of article {article!r} is not above 0 and at most 1"
        )
    return chance


# --- totals -------------------------------------------------------------------


def group_sums(sample: Subsample, values: Floats) -> Floats:
    """Sums of each column of `values`, one row a group."""
    n_groups = len(sample.names)
    sums = [np.bincount(sample.group, v, n_groups) for v in values.T]
    return np.column_stack(sums)


def group_means(values: Floats, group: Indices, weight: Floats) -> Floats:
    """Weighted mean of its group, row by row and column by column."""
    if not len(group):
        return values
    total = np.bincount(group, weight)
    sums = [np.bincount(group, v * weight)[group] / total[group] for v in values.T]
    return np.column_stack(sums)


def rates_of(totals: Floats) -> Floats:
    """First column over second; NaN where the second is not above 0."""
    rates = np.full(len(totals), np.nan)
    defined = totals[:, 1] > 0
    rates[defined] = totals[defined, 0] / totals[defined, 1]
    return rates


# --- intervals ----------------------------------------------------------------


def freedom_of(share: Floats, cluster: Indices, n_groups: int) -> float:
    """Kish's number of clusters less one for each group mean; NaN without articles."""
    if not len(share):
        return np.nan
    sums = np.bincount(cluster, share)
    squares = float((sums**2).sum())
    return float(sums.sum()) ** 2 / squares - n_groups if squares > 0 else 0.0


def welch(spread: tuple[float, float], freedoms: tuple[float, float]) -> float:
    """Degrees of freedom of a sum of two variances; NaN where a part has none.

    >>> welch((1.0, 1.0), (10.0, 10.0)), welch((1.0, 0.0), (10.0, 0.0))
    (20.0, 10.0)
    """
    parts = [(s, f) for s, f in zip(spread, freedoms, strict=True) if s > 0]
    if not parts or not min(f for _, f in parts) > 0:
        return np.nan
    return sum(s for s, _ in parts) ** 2 / sum(s**2 / f for s, f in parts)


def t_interval(estimate: float, variance: float, freedom: float) -> tuple[float, float]:
    """95 % interval; NaN where nothing varies or no freedom is left.

    >>> low, high = t_interval(10.0, 4.0, 1e9)
    >>> round(low, 2), round(high, 2)
    (6.08, 13.92)
    """
    if not (variance > 0 and freedom > 0):
        return np.nan, np.nan
    half = float(stats.t.ppf(1 - TAIL, freedom) * np.sqrt(variance))
    return estimate - half, estimate + half


def t_p_value(estimate: float, variance: float, freedom: float) -> float:
    """Two-sided p of no effect; NaN where there is no interval."""
    if not (variance > 0 and freedom > 0):
        return np.nan
    return float(2 * stats.t.sf(abs(estimate) / np.sqrt(variance), freedom))
