"""What was counted, summed by cluster: an article with all its wire copies is one.

Articles that print the same wire story say the same thing once, however many outlets
print it. Every interval, p and robust standard error of the package is over these
clusters, never over sentences or words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from framing.score import MEASURES, Measure, measure_parts

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Side:
    """Totals by cluster (rows) and measure (columns) of one side of a comparison."""

    clusters: Indices
    articles: Floats
    numerator: Floats
    denominator: Floats

    def without(self, part: Side) -> Side:
        """This side, which holds every cluster, less what `part` holds of them."""
        rest = [t.copy() for t in (self.articles, self.numerator, self.denominator)]
        for total, less in zip(
            rest, (part.articles, part.numerator, part.denominator), strict=True
        ):
            total[part.clusters] -= less
        return Side(self.clusters, *rest)


@dataclass(frozen=True)
class Clustered:
    """All sides of a table, in the order of their names, and all of them together."""

    measures: tuple[Measure, ...]
    sides: Mapping[Any, Side]
    whole: Side


def cluster_scores(scores: pd.DataFrame, names: Sequence[str], by: str) -> Clustered:
    """Totals of every measure by the column `by` and cluster.

    Rows without a value in `by` are left out. Raises ValueError for scores of several
    coders (unless they are what is compared) and for unknown measures.
    """
    check_coders(scores, by)
    table = scores[scores[by].notna()]
    parts = [measure_parts(table, name) for name in names]
    shape = (len(table), len(names))
    numerator, denominator = (
        np.array([part[i] for part in parts]).T.reshape(shape) for i in (0, 1)
    )
    # An article whose counts are unknown for a measure stands outside that measure.
    known = np.isfinite(numerator) & np.isfinite(denominator)
    totals = (
        known.astype("float64"),
        np.where(known, numerator, 0.0),
        np.where(known, denominator, 0.0),
    )
    clusters = find_clusters(table)
    labels = table[by].to_numpy()
    sides = {
        name: _summed([t[labels == name] for t in totals], clusters[labels == name])
        for name in sorted(table[by].unique(), key=str)
    }
    measures = tuple(MEASURES[name] for name in names)
    return Clustered(measures, sides, _summed(list(totals), clusters))


def check_coders(scores: pd.DataFrame, by: str = "outlet") -> None:
    """Raise ValueError where the scores of several coders would be pooled."""
    if by == "coder" or "coder" not in scores.columns:
        return
    coders = scores["coder"].dropna().unique()
    if len(coders) > 1:
        raise ValueError(
            f"scores of several coders ({', '.join(map(str, coders))}): choose one, "
            "or compare by='coder'"
        )


def check_reference(reference: Any, names: Sequence[Any]) -> None:
    """Raise ValueError where `reference` is none of the groups compared."""
    if reference is not None and reference not in names:
        allowed = ", ".join(map(str, names))
        raise ValueError(f"reference {reference!r} is not one of {allowed}")


def find_clusters(table: pd.DataFrame) -> Indices:
    """The cluster of each row, numbered in the order of the clusters' smallest ids.

    Articles with the same `article_id`, or linked over `wire_of`, also over a chain,
    are one cluster.

    >>> rows = {"article_id": list("abcd"), "wire_of": [None, "a", "b", None]}
    >>> find_clusters(pd.DataFrame(rows)).tolist()
    [0, 0, 0, 1]
    """
    own = table["article_id"].astype("str")
    kept = table["wire_of"].astype("str") if "wire_of" in table.columns else own
    kept = kept.where(kept.notna(), own)
    names, codes = np.unique(np.concatenate([own, kept]), return_inverse=True)
    links = (codes[: len(own)], codes[len(own) :])
    graph = coo_array((np.ones(len(own)), links), shape=(len(names), len(names)))
    _, component = connected_components(graph, directed=False)
    # Names are sorted, so the first of a component is its smallest id.
    _, first = np.unique(component, return_index=True)
    _, clusters = np.unique(first[component[links[0]]], return_inverse=True)
    return clusters


def link_labels(first: Indices, second: pd.Series[Any]) -> Indices:
    """Components of rows that share a label in one column or in the other.

    >>> link_labels(np.array([0, 0, 1, 2]), pd.Series(list("xyyz"))).tolist()
    [0, 0, 0, 1]
    """
    _, one = np.unique(first, return_inverse=True)
    other = pd.factorize(second)[0]
    size = int(one.max(initial=-1)) + 1
    total = size + int(other.max(initial=-1)) + 1
    graph = coo_array((np.ones(len(one)), (one, size + other)), shape=(total, total))
    _, component = connected_components(graph, directed=False)
    _, units = np.unique(component[one], return_inverse=True)
    return units


def _summed(totals: Sequence[Floats], clusters: Indices) -> Side:
    used, rows = np.unique(clusters, return_inverse=True)
    sums = [np.zeros((len(used), total.shape[1])) for total in totals]
    for total, summed in zip(totals, sums, strict=True):
        np.add.at(summed, rows, total)
    return Side(used, *sums)
