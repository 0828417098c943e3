"""The error of the instrument carried into the estimates.

A machine that misses a third of the hedges of one outlet and a tenth of another's
finds a difference that is not there, and no number of articles makes its interval
honest. A random subsample coded by hand, with known inclusion probabilities, does:
machine counts of all articles, plus the weighted difference of hand and machine in
the subsample. This is the difference estimator of survey sampling, under the names of
prediction-powered inference for means and ratios (Angelopoulos and others 2023, with
the power tuning of Angelopoulos, Duchi and Zrnic 2023) and of design-based supervised
learning for regressions (Egami, Hinck, Stewart and Wei 2023). Nothing is assumed about
the machine: where it is useless, the interval is that of the hand codes alone.

Standard errors are linearised over clusters (an article with its wire copies);
inference is to the stream of articles that the corpus is a sample of, as in
`compare_outlets`. Inclusion must have been drawn by the probabilities that are given:
articles coded because they looked interesting correct nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from framing.clusters import Floats, Indices, check_reference
from framing.compare import ALL_OTHERS, with_adjusted_p
from framing.intervals import TAIL, Rate, is_share
from framing.score import Measure
from framing.subsample import (
    Marks,
    Subsample,
    freedom_of,
    group_means,
    group_sums,
    join_hand_scores,
    rates_of,
    t_interval,
    t_p_value,
    welch,
)

PROBABILITY = "inclusion_probability"
_COLUMNS = {
    "measure": "str",
    "n_articles": "int64",
    "n_clusters": "int64",
    "n_hand": "int64",
    "numerator": "float64",
    "denominator": "float64",
    "estimate": "float64",
    "low": "float64",
    "high": "float64",
    "reference": "str",
    "difference": "float64",
    "difference_low": "float64",
    "difference_high": "float64",
    "p": "float64",
    "p_adjusted": "float64",
    "p_bh": "float64",
    "standard_error": "float64",
    "machine": "float64",
    "hand": "float64",
    "tuning": "float64",
}
_NEAR = 0.1  # one article is not given more than three times its residual
_STEEPEST = 2.0  # a machine that finds half of what is there is worth doubling


def correct_estimates(
    scores: pd.DataFrame,
    hand_scores: pd.DataFrame,
    measure: str,
    *,
    by: str = "outlet",
    probability: str = PROBABILITY,
    reference: str | None = None,
    tuning: float | None = None,
) -> pd.DataFrame:
    """Pooled ratio of each outlet, corrected by a hand-coded random subsample.

    `scores` are the machine's, of all articles; `hand_scores` those of the articles
    drawn for hand coding; `probability` is a column of either table, the probability
    with which the article was drawn. The columns are those of `compare_outlets` (so
    `plot_outlets` draws them), with `n_hand`, the machine's own estimate, that of the
    hand codes alone, and the weight (`tuning`) given to the machine: 1 takes it as it
    is, 0 leaves it out, None weighs numerator and denominator so that the interval is
    shortest, one pair of weights for all outlets.

    Where few are coded an estimate may leave the range of its measure (a share below
    0); its interval does not.

    NaN: an outlet with fewer than two hand-coded articles (it is no part of the
    others either), or whose corrected denominator is not above 0.

    >>> scores = pd.DataFrame({"article_id": list("abcdef"), "outlet": ["X"] * 6,
    ...     "n_hedges": [1, 2, 3, 2, 1, 3], "n_words": [100] * 6})
    >>> hand = scores.iloc[:3].assign(n_hedges=[2, 3, 4], inclusion_probability=0.5)
    >>> corrected = correct_estimates(scores, hand, "hedge_density")
    >>> corrected[["machine", "hand", "estimate"]].values.tolist()
    [[2.0, 3.0, 3.0]]
    """
    sample = join_hand_scores(scores, hand_scores, measure, (by, probability))
    check_reference(reference, sample.names)
    rows = list(_rows(sample, _tuned(sample, tuning), reference))
    columns = {by: scores[by].dtype} | _COLUMNS
    table = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    return with_adjusted_p(table)


# --- how much the machine is trusted ---------------------------------------------


@dataclass(frozen=True)
class _Tuning:
    """Weights of the machine's numerator and denominator.

    `leverage` says how much each article had to say in them.
    """

    weights: tuple[float, float]
    leverage: Floats


def _tuned(sample: Subsample, tuning: float | None) -> _Tuning:
    """The weights that are given, or those of a regression over hand-coded articles.

    What hand coding leaves to be explained (its residual from the group's ratio) on
    the machine's counts, both less their group's mean, by the weight of the design.
    """
    leverage = np.zeros(len(sample.group))
    if tuning is not None:
        return _Tuning((tuning, tuning), leverage)
    rate = rates_of(group_sums(sample, sample.hand * sample.weight[:, None]))
    here = sample.coded & sample.correctable[sample.group]
    here &= np.isfinite(rate)[sample.group]
    own, weight = rate[sample.group[here]], sample.weight[here]
    residual = sample.hand[here, 0] - own * sample.hand[here, 1]
    columns = np.column_stack(
        [sample.counts[here, 0], -own * sample.counts[here, 1], residual]
    )
    columns -= group_means(columns, sample.group[here], weight)
    columns *= weight[:, None]
    fitted, *_ = np.linalg.lstsq(columns[:, :2], columns[:, 2], rcond=1e-9)
    inverse = np.linalg.pinv(columns[:, :2], rcond=1e-9)
    leverage[here] = np.einsum("ij,ji->i", columns[:, :2], inverse)
    first, second = np.clip(fitted, 0.0, _STEEPEST).tolist()
    return _Tuning((first, second), leverage)


# --- estimates and their spread ---------------------------------------------------


@dataclass(frozen=True)
class _Side:
    """One group, or all others: its ratio and what each cluster adds to its error."""

    total: Floats
    rate: float
    excess: Floats
    variance: float
    freedom: float


def _side(sample: Subsample, tuning: _Tuning, groups: Marks) -> _Side:
    """The groups marked in `groups`, pooled; all NaN where they have no denominator."""
    member = groups[sample.group]
    kept = sample.only(member)
    weight = kept.weight[:, None]
    total = kept.counts * tuning.weights * (1 - weight) + kept.hand * weight
    total = total.sum(axis=0)
    if not total[1] > 0:
        return _undefined(sample)
    rate = float(total[0] / total[1])
    share = np.where(kept.coded, kept.weight * kept.hand[:, 1], kept.counts[:, 1])
    excess = _excess(kept, tuning.weights, rate)
    excess *= _left_out(kept, share, tuning.leverage[member]) / total[1]
    coded, rest = (
        np.bincount(kept.cluster[part], excess[part], sample.n_clusters)
        for part in (kept.coded, ~kept.coded)
    )
    spread = (float((coded**2).sum()), float((rest**2).sum()))
    freedom = welch(spread, (_freedom(kept, share, True), _freedom(kept, share, False)))
    both = np.asarray(coded + rest, "float64")
    return _Side(total, rate, both, float((both**2).sum()), freedom)


def _excess(kept: Subsample, weights: tuple[float, float], rate: float) -> Floats:
    """What an article adds to the corrected numerator beyond `rate`, less the mean.

    Coded and other articles are two samples, each with a mean of its own.
    """
    machine = kept.counts @ np.array([weights[0], -rate * weights[1]])
    error = np.where(kept.coded, kept.hand @ np.array([1.0, -rate]) - machine, 0.0)
    stratum = _strata(kept)
    drawn = np.where(kept.coded, kept.weight, 1.0)
    of_all = _centred(machine, stratum, np.ones(len(machine)))
    return of_all + kept.weight * _centred(error, stratum, drawn)


def _strata(kept: Subsample) -> Indices:
    return np.asarray(2 * kept.group + kept.coded, "intp")


def _freedom(kept: Subsample, share: Floats, coded: bool) -> float:
    part = kept.coded == coded
    n_groups = len(np.unique(kept.group[part]))
    return freedom_of(share[part], kept.cluster[part], n_groups)


def _centred(values: Floats, stratum: Indices, weight: Floats) -> Floats:
    return values - group_means(values[:, None], stratum, weight)[:, 0]


def _left_out(kept: Subsample, share: Floats, leverage: Floats) -> Floats:
    """By how much an article's residual is too small, since it drew the line itself.

    With the share of its cluster in its stratum as leverage, the factor lies midway
    between that of an unbiased variance (HC2, too small for the ratio of a few skewed
    counts) and that of the jackknife (HC3, too large).
    """
    stratum = _strata(kept)
    places = np.column_stack([stratum, kept.cluster])
    _, copies = np.unique(places, axis=0, return_inverse=True)
    sums = np.bincount(stratum, share)[stratum]
    together = np.bincount(copies, share)[copies]
    part = np.divide(together, sums, out=np.zeros(len(share)), where=sums > 0)
    unbiased = np.maximum(1 - part - leverage, _NEAR) ** -0.5
    return np.asarray(unbiased * np.maximum(1 - part, _NEAR) ** -0.25, "float64")


# --- rows ---------------------------------------------------------------------


def _rows(
    sample: Subsample, tuning: _Tuning, reference: str | None
) -> Iterator[tuple[Any, ...]]:
    numbers = np.arange(len(sample.names))
    sides = [
        _side(sample, tuning, (numbers == i) & sample.correctable) for i in numbers
    ]
    machine = rates_of(group_sums(sample, sample.counts))
    hand = rates_of(group_sums(sample, sample.hand * sample.weight[:, None]))
    per = sample.measure.per
    for i, name in enumerate(sample.names):
        side = sides[i]
        if reference is None:
            other = _side(sample, tuning, sample.correctable & (numbers != i))
        else:
            other = sides[sample.names.index(reference)]
        is_itself = reference is not None and name == reference
        label = ALL_OTHERS if reference is None else reference
        contrast = (np.nan,) * 4 if is_itself else _contrast(side, other, per)
        yield (
            name, sample.measure.name, *_sizes(sample, i), *side.total, side.rate * per,
            *_within(side, sample.measure), label, *contrast, np.nan, np.nan,
            np.sqrt(side.variance) * per, machine[i] * per, hand[i] * per,
            tuning.weights[0],
        )  # fmt: skip


def _undefined(sample: Subsample) -> _Side:
    nothing = np.full(2, np.nan)
    return _Side(nothing, np.nan, np.zeros(sample.n_clusters), np.nan, np.nan)


def _sizes(sample: Subsample, i: int) -> tuple[int, int, int]:
    here = sample.group == i
    n_clusters = len(np.unique(sample.cluster[here]))
    return int(here.sum()), n_clusters, int(sample.n_hand[i])


def _within(side: _Side, measure: Measure) -> tuple[float, float]:
    """The score interval of the sample that the corrected ratio is worth.

    Where correction leaves the range of the measure, the t interval cut at its ends.
    """
    share = is_share(measure)
    least = side.rate * (1 - side.rate) if share else side.rate
    low, high = t_interval(side.rate, side.variance, side.freedom)
    if np.isnan(low):
        return np.nan, np.nan
    if least <= 0:
        # both bounds are cut: far outside its range, the whole t interval is
        most = 1.0 if share else np.inf
        low, high = np.clip((low, high), 0.0, most)
        return float(low) * measure.per, float(high) * measure.per
    # That of a share knows no t: its sample is made smaller by as much instead.
    t_over_z = (high - side.rate) / np.sqrt(side.variance) / -special.ndtri(TAIL)
    size = least / side.variance / (t_over_z**2 if share else 1.0)
    freedom = side.freedom
    worth = Rate(
        side.rate * size, size, int(freedom) + 1, freedom + 1, size, share, freedom
    )
    low, high = worth.interval()
    return low * measure.per, high * measure.per


def _contrast(side: _Side, other: _Side, per: int) -> tuple[float, float, float, float]:
    """Difference, its interval and p; a cluster on both sides moves both."""
    difference = side.rate - other.rate
    shared = float((side.excess * other.excess).sum())
    variance = side.variance + other.variance - 2 * shared
    spread = (side.variance, other.variance)
    freedom = welch(spread, (side.freedom, other.freedom))
    low, high = t_interval(difference, variance, freedom)
    p = t_p_value(difference, variance, freedom)
    return difference * per, low * per, high * per, p
