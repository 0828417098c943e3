"""Intervals of pooled rates over clusters, their differences, and adjusted p.

A rate is a ratio of totals. Its variance is the delete-one-cluster jackknife's, and
never smaller than that of independent events. It is not used as a plus-minus: it
tells how many independent units the clusters are worth, and with that number the
interval is the score interval of a share (Wilson 1927) or of a rate (the same for
Poisson counts), which is never below 0, never of no width, and lopsided where
events are rare.

- A share: how much clusters repeat themselves cannot be seen from a few events (0 of
  40 shows none), so the design effect is estimated with half a cluster more, of
  typical size, in which every statement is of the rarer kind. 0 of 40 in forty
  articles is at most 9 %, 0 of 40 in ten articles at most 30 %.
- A count: the arms have Student's t in place of the normal, with Kish's effective
  number of clusters less one: twenty articles of which two hold all are two.

A difference takes the two intervals together (MOVER: Newcombe 1998; Zou and Donner
2008), less what clusters on both sides share. Its p is the level at which that
interval reaches 0, so the two never disagree.

`python tests/simulate_coverage.py` measures how often the intervals hold the truth:
94 to 98 % from eight articles on, also for shares, rare events and wire copies (93 %
at the least, where a few articles hold nearly everything; up to 100 % for differences
of shares near 0); 97 to 99.6 % for three to five articles, on the safe side by design.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from framing.clusters import Floats, Side
from framing.score import Measure

TAIL = 0.025
FEW_CLUSTERS = 5
_LEAST_EFFECTIVE = 1.5
_PSEUDO = 0.5  # of a cluster: see the head of this file
_STEPS = 40
_FARTHEST = 1e30  # of a t of almost no degrees of freedom


@dataclass(frozen=True)
class Rate:
    """A pooled rate and the size of the independent sample that it is worth.

    `size` is in units of the denominator: effective statements, effective words.
    """

    numerator: float
    denominator: float
    n_clusters: int
    effective: float
    size: float
    is_share: bool

    @property
    def value(self) -> float:
        """The rate itself, NaN where the denominator is 0."""
        if self.denominator <= 0:
            return np.nan
        return self.numerator / self.denominator

    @property
    def is_known(self) -> bool:
        """True where no single cluster holds nearly all, so that an interval exists."""
        return self.denominator > 0 and self.effective >= _LEAST_EFFECTIVE

    def interval(self, tail: float = TAIL) -> tuple[float, float]:
        """Score interval with `tail` on each side; NaN where there is none."""
        if not self.is_known:
            return np.nan, np.nan
        z = -float(special.ndtri(tail))
        if self.is_share:
            return _share_interval(self.value, self.size, z)
        t = -float(special.stdtrit(self.effective - 1, tail))
        far = t if 0 <= t < _FARTHEST else _FARTHEST  # no number where out of range
        return _count_interval(self.value * self.size, self.size, (z, far))


def _share_interval(share: float, size: float, z: float) -> tuple[float, float]:
    centre = share + z * z / (2 * size)
    arm = z * np.sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2)
    # The product of the two roots is known, and small ones keep their digits so.
    low = share**2 / (centre + arm)
    return low, min((centre + arm) / (1 + z * z / size), 1.0)


def _count_interval(
    events: float, size: float, widths: tuple[float, float]
) -> tuple[float, float]:
    z, t = widths
    centre, arm = events + z * z / 2, t * np.sqrt(events + z * z / 4)
    return max(centre - arm, 0.0) / size, (centre + arm) / size


def is_share(measure: Measure) -> bool:
    """True where the numerator is a part of the denominator."""
    return measure.per == 1 and measure.denominator != "n_articles"


def pool_rate(side: Side, column: int, measure: Measure) -> Rate:
    """The pooled rate of one measure of a side, in units of 1 (not per 100)."""
    numerator, denominator = side.numerator[:, column], side.denominator[:, column]
    total = float(denominator.sum())
    held = denominator > 0
    found = Rate(
        float(numerator.sum()),
        total,
        int(np.count_nonzero(side.articles[:, column])),
        _kish(denominator),
        total,
        is_share(measure),
    )
    if not found.is_known:
        return found
    least = _least(found)
    variance = _jackknife(numerator[held], denominator[held])
    size = total * min(1.0, least / (total * variance)) if variance > 0 else total
    if found.is_share:
        effect = _design_effect(found, numerator[held], denominator[held])
        size = min(size, total / effect)
    return Rate(
        found.numerator, total, found.n_clusters, found.effective, size, found.is_share
    )


def _least(rate: Rate) -> float:
    """Variance of one unit of the denominator, were events independent."""
    return rate.value * (1 - rate.value) if rate.is_share else rate.value


def _kish(denominator: Floats) -> float:
    squares = float((denominator**2).sum())
    return float(denominator.sum()) ** 2 / squares if squares > 0 else 0.0


def _jackknife(numerator: Floats, denominator: Floats) -> float:
    rest = denominator.sum() - denominator
    residual = numerator - numerator.sum() / denominator.sum() * denominator
    # A cluster that is all of the denominator is excluded by Kish's number above 1.
    change = residual / np.maximum(rest, 1e-9 * denominator.sum())
    n_clusters = len(denominator)
    return float((change**2).sum()) * (n_clusters - 1) / n_clusters


def _design_effect(rate: Rate, numerator: Floats, denominator: Floats) -> float:
    """Variance over that of independent events, with half a cluster of the rarer."""
    typical = float((denominator**2).sum() / rate.denominator)
    rarer = 1.0 if rate.value <= 0.5 else 0.0
    total = rate.denominator + _PSEUDO * typical
    share = (rate.numerator + _PSEUDO * typical * rarer) / total
    squares = ((numerator - share * denominator) ** 2).sum()
    squares += _PSEUDO * (typical * (rarer - share)) ** 2
    effect = max(float(squares) / (total * share * (1 - share)), 1.0)
    return effect * rate.effective / (rate.effective - 1)


# --- differences ---------------------------------------------------------------


def own_spread(first: Side, second: Side, column: int) -> tuple[float, float]:
    """How much of each side's variance counts in the difference: 1 where all does.

    A cluster on both sides moves both: its covariance is taken off either variance,
    and what one side has too little of, off the other's.
    """
    change, other = _residuals(first, column), _residuals(second, column)
    variances = float((change**2).sum()), float((other**2).sum())
    _, mine, theirs = np.intersect1d(
        first.clusters, second.clusters, assume_unique=True, return_indices=True
    )
    return own_parts(variances, float((change[mine] * other[theirs]).sum()))


def own_parts(variances: tuple[float, float], common: float) -> tuple[float, float]:
    """Parts of two variances that are left when `common` covariance is taken off.

    >>> own_parts((4.0, 1.0), 0.5), own_parts((4.0, 1.0), 1.5)
    ((0.875, 0.5), (0.5, 0.0))
    """
    if min(variances) <= 0:
        return 1.0, 1.0
    left = [variance - common for variance in variances]
    most = max(sum(left), 0.0)
    parts = [float(np.clip(part, 0.0, most)) for part in left]
    return parts[0] / variances[0], parts[1] / variances[1]


def _residuals(side: Side, column: int) -> Floats:
    """What each cluster adds to the rate's departure from the truth."""
    numerator, denominator = side.numerator[:, column], side.denominator[:, column]
    total = float(denominator.sum())
    if total <= 0:
        return np.zeros_like(numerator)
    rate = float(numerator.sum()) / total
    return np.asarray((numerator - rate * denominator) / total)


def difference_interval(
    first: Rate,
    second: Rate,
    *,
    own: tuple[float, float] = (1.0, 1.0),
    tail: float = TAIL,
) -> tuple[float, float]:
    """Interval of `first` less `second`; `own` is what `own_spread` gives.

    >>> ten = Rate(10, 100, 50, 50.0, 100.0, True)
    >>> five = Rate(5, 100, 50, 50.0, 100.0, True)
    >>> [round(bound, 3) for bound in difference_interval(ten, five)]
    [-0.026, 0.13]
    """
    (low, high), (other_low, other_high) = (r.interval(tail) for r in (first, second))
    below, above = first.value - low, high - first.value
    other_below, other_above = second.value - other_low, other_high - second.value
    difference = first.value - second.value
    down = np.sqrt(own[0] * below**2 + own[1] * other_above**2)
    up = np.sqrt(own[0] * above**2 + own[1] * other_below**2)
    return difference - float(down), difference + float(up)


def difference_p(
    first: Rate, second: Rate, *, own: tuple[float, float] = (1.0, 1.0)
) -> float:
    """Two-sided p: twice the tail at which the interval of the difference reaches 0.

    NaN where a side has no interval; 1 where the two rates are the same.
    """
    if not (first.is_known and second.is_known):
        return np.nan
    if first.value == second.value:
        return 1.0
    if first.value < second.value:
        first, second, own = second, first, own[::-1]
    low, high = np.log(1e-300), np.log(0.5)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        bound, _ = difference_interval(
            first, second, own=own, tail=float(np.exp(middle))
        )
        low, high = (low, middle) if bound > 0 else (middle, high)
    return min(float(2 * np.exp(high)), 1.0)


# --- many comparisons ------------------------------------------------------------


def holm_adjusted(p: Floats) -> Floats:
    """Holm's step-down adjustment of p values; NaN stays NaN and does not count.

    >>> holm_adjusted(np.array([0.01, np.nan, 0.04, 0.03])).round(3).tolist()
    [0.03, nan, 0.06, 0.06]
    """
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    stepped = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(stepped), 1.0)
    return adjusted


def benjamini_hochberg_adjusted(p: Floats) -> Floats:
    """False discovery rate at which each p would be kept; NaN stays NaN.

    Benjamini and Hochberg 1995. Of the rows below 0.05, one in twenty is expected
    to be no difference at all; Holm's p instead guards against a single one.

    >>> benjamini_hochberg_adjusted(np.array([0.01, np.nan, 0.04, 0.03])).tolist()
    [0.03, nan, 0.04, 0.04]
    """
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(-p[known], kind="stable")]
    ranks = np.arange(len(order), 0, -1)
    stepped = np.minimum.accumulate(p[order] * len(order) / ranks)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
