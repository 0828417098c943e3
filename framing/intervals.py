"""Intervals of pooled rates over clusters, their differences, and adjusted p.

A rate is a ratio of totals, over clusters that repeat themselves. The interval is the
score interval of a share (Wilson 1927) or of a rate (the same for Poisson counts) at
the size of the independent sample that the clusters are worth: never below 0, never
of no width, and lopsided where events are rare.

- A share: how much clusters repeat themselves cannot be seen from a few events (0 of
  40 shows none), so the design effect is estimated with half a cluster more, of
  typical size, in which every statement is of the rarer kind. 0 of 40 in forty
  articles is at most 9 %, 0 of 40 in ten articles at most 28 %.
- A count: the variance over clusters (the jackknife's) has Student's t with
  Satterthwaite's degrees of freedom (Bell and McCaffrey 2002): twenty articles of
  which two hold all are two. It is never taken to be smaller than that of independent
  events, which needs no t: the interval is the wider of the two. Where articles
  differ, totals are skewed and the upper bound goes farther, by half of what Johnson
  (1978) would shift both.

A difference takes the two intervals together (MOVER: Newcombe 1998; Zou and Donner
2008), less what clusters on both sides share. Its p is the level at which that
interval reaches 0, so the two never disagree.

`python tests/simulate_coverage.py` measures how often the intervals hold the truth,
`tests/coverage.csv` is what it found: 93 to 97 % from three articles on, for counts and
shares, wire copies, models and matched events. Where few events are expected it is
more, up to 98 % (100 % for the difference of two shares of 2 %): where even no event
at all is no surprise, the truth cannot be above the interval; the wider of two
intervals is too wide where the two are much the same; and half a cluster weighs much
beside five. The table says which, and how wide they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from framing.clusters import Floats, Side
from framing.score import Measure

TAIL = 0.025
FEW_CLUSTERS = 5
_LEAST_EFFECTIVE = 1.5
_PSEUDO = 0.5  # of a cluster: see the head of this file
_KNOWN = 0.5  # degrees of freedom, of the variance of independent events
_STEPS = 40
_FARTHEST = 1e30  # of a t of almost no degrees of freedom


@dataclass(frozen=True)
class Rate:
    """A pooled rate and the size of the independent sample that it is worth.

    `size` is in units of the denominator: effective statements, effective words.
    `freedom` is that of the clusters' own variance, and `seen` that variance over the
    one of `size`: below 1 where clusters show less than independent events must.
    """

    numerator: float
    denominator: float
    n_clusters: int
    effective: float
    size: float
    is_share: bool
    freedom: float = np.inf
    seen: float = 1.0

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
        reach = self.reach(tail)
        low, high = _count_interval(self.value * self.size, self.size, (z, reach))
        # The spread between articles grows with the square of the rate.
        beyond = z * z / 4 * (1 - self.size / self.denominator)
        return low, high + beyond / self.size

    def reach(self, tail: float = TAIL) -> float:
        """Standard errors from the rate to its bound: z, or more if clusters ask it."""
        z = -float(special.ndtri(tail))
        if self.is_share or np.isinf(self.freedom):
            return z
        t = -float(special.stdtrit(self.freedom, tail))
        far = t if 0 <= t < _FARTHEST else _FARTHEST  # no number where out of range
        return float(max(z, far * np.sqrt(self.seen)))


def _share_interval(share: float, size: float, z: float) -> tuple[float, float]:
    centre = share + z * z / (2 * size)
    arm = z * np.sqrt(share * (1 - share) / size + (z / (2 * size)) ** 2)
    # The product of the two roots is known, and small ones keep their digits so.
    low = share**2 / (centre + arm)
    return low, min((centre + arm) / (1 + z * z / size), 1.0)


def _count_interval(
    events: float, size: float, widths: tuple[float, float]
) -> tuple[float, float]:
    z, reach = widths
    centre, arm = events + z * z / 2, reach * np.sqrt(events + z * z / 4)
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
    counts = numerator[held], denominator[held]
    if found.is_share:
        return replace(found, size=total / _design_effect(found, *counts))
    # Of counts that are independent events the variance is their number.
    effect = _jackknife(*counts) / found.numerator if found.numerator > 0 else 0.0
    return replace(
        found,
        size=total / max(effect, 1.0),
        freedom=cluster_freedom(counts[1]),
        seen=min(effect, 1.0),
    )


def _kish(denominator: Floats) -> float:
    squares = float((denominator**2).sum())
    return float(denominator.sum()) ** 2 / squares if squares > 0 else 0.0


def _jackknife(numerator: Floats, denominator: Floats) -> float:
    """Variance of the numerator's excess over the rate, by leaving out each cluster."""
    total = denominator.sum()
    excess = numerator - numerator.sum() / total * denominator
    # A cluster that is all of the denominator is excluded by Kish's number above 1.
    squares = (excess / np.maximum(1 - denominator / total, 1e-9)) ** 2
    n_clusters = len(squares)
    return float(squares.sum()) * (n_clusters - 1) / n_clusters


def cluster_freedom(size: Floats) -> float:
    """Degrees of freedom of the variance over clusters of these sizes.

    Satterthwaite's, as Bell and McCaffrey (2002) have it for clusters, were all events
    independent: one less than their number where they are of one size. Half a degree
    is added: the variance is not taken from clusters alone, its least is known.

    >>> [round(cluster_freedom(np.array(s)), 6) for s in ([5.0] * 4, [9.0, 1.0])]
    [3.5, 1.5]
    """
    part = size / size.sum()
    weight = 1 / np.maximum(1 - part, 1e-9) ** 2
    trace = float((weight * part * (1 - part)).sum())
    squares = float((weight * part**2).sum()) ** 2
    squares += float((weight**2 * part**2 * (1 - 2 * part)).sum())
    return trace**2 / squares + _KNOWN


def _design_effect(rate: Rate, numerator: Floats, denominator: Floats) -> float:
    """Variance over that of independent events, with half a cluster of the rarer."""
    typical = float((denominator**2).sum() / rate.denominator)
    rarer = 1.0 if rate.value <= 0.5 else 0.0
    total = rate.denominator + _PSEUDO * typical
    share = (rate.numerator + _PSEUDO * typical * rarer) / total
    squares = float(((numerator - share * denominator) ** 2).sum())
    squares += _PSEUDO * (typical * (rarer - share)) ** 2
    return max(squares / (total * share * (1 - share)), 1.0)


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
