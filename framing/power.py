"""How much is enough: articles to code by hand, and differences too small to see.

"No difference" is a finding only where a difference would have been seen. Both
questions are answered from the corpus at hand: its articles, their length, how
unevenly codes are spread over them, and which of them are copies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import special, stats

from framing.clusters import Floats, Side, cluster_scores
from framing.intervals import TAIL, Rate, difference_interval, is_share, pool_rate
from framing.score import MEASURES, Measure

AGREEMENT = 0.8
_PLAN = {
    "measure": "str",
    "n_articles": "int64",
    "estimate": "float64",
    "least_width": "float64",
    "target_width": "float64",
    "n_hand": "Int64",
    "n_hand_alone": "Int64",
    "probability": "float64",
}
_VISIBLE = {
    "measure": "str",
    "n_articles": "int64",
    "n_clusters": "int64",
    "estimate": "float64",
    "other": "float64",
    "difference": "float64",
    "power": "float64",
    "visible_above": "float64",
    "visible_below": "float64",
}
_STEPS = np.array([0.5, 0.75, 1.0, 1.3, 1.7, 2.3, 3.2])
_SURE = 0.999


# --- articles to code by hand -----------------------------------------------------


def plan_sample(
    scores: pd.DataFrame,
    measure: str,
    *,
    target_width: float,
    agreement: float | pd.DataFrame = AGREEMENT,
    by: str = "outlet",
) -> pd.DataFrame:
    """How many articles of each outlet to code by hand for a wanted interval.

    `target_width` is the whole width of the corrected 95 % interval, in the unit of
    the measure (0.1 of a share is ten points). `agreement` is the correlation over
    articles of hand and machine, or what `evaluate_annotations` gave on articles of
    this kind (its alpha of the measure, which is at most that correlation).
    `n_hand_alone` is the number without the help of the machine; `least_width` what
    coding every article would give; `probability` that with which to draw.

    The machine's scores stand in for the spread of the hand's: where it misses much
    the interval comes out wider than planned, so look again once a part is coded.

    <NA>: not even all articles of the outlet give an interval as narrow.

    >>> scores = pd.DataFrame({"article_id": [f"a{i}" for i in range(200)],
    ...     "outlet": "X", "n_unnamed": [0, 1, 2, 1] * 50, "n_people": [4] * 200})
    >>> plan = plan_sample(scores, "anonymity", target_width=0.1)
    >>> plan[["n_articles", "n_hand", "n_hand_alone"]].values.tolist()
    [[200, 39, 76]]
    """
    if not target_width > 0:
        raise ValueError(f"target_width {target_width!r} is not above 0")
    sample = cluster_scores(scores, [measure], by)
    trust = float(np.clip(_agreement(agreement, measure), 0.0, _SURE))
    rows = [
        (name, measure, *_planned(side, MEASURES[measure], target_width, trust))
        for name, side in sample.sides.items()
    ]
    columns = {by: scores[by].dtype} | _PLAN
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _agreement(agreement: float | pd.DataFrame, measure: str) -> float:
    if not isinstance(agreement, pd.DataFrame):
        return agreement
    row = agreement.loc[agreement["what"] == f"measure: {measure}", "alpha"]
    if row.empty or row.isna().all():
        raise ValueError(f"agreement has no alpha of 'measure: {measure}'")
    return float(row.iloc[0])


def _planned(
    side: Side, measure: Measure, target: float, trust: float
) -> tuple[Any, ...]:
    rate, n = pool_rate(side, 0, measure), int(side.articles.sum())
    coded = np.arange(2, n + 1)
    widths = _widths(rate, measure, coded, trust)
    fewest = [
        _first(coded, w)
        for w in (widths <= target, _widths(rate, measure, coded, 0.0) <= target)
    ]
    least = float(widths[-1]) if len(widths) else np.nan
    probability = fewest[0] / n if fewest[0] is not None else np.nan
    estimate = rate.value * measure.per
    return n, estimate, least, target, fewest[0], fewest[1], probability


def _first(coded: np.ndarray, is_enough: np.ndarray) -> int | None:
    return int(coded[np.argmax(is_enough)]) if is_enough.any() else None


def _widths(rate: Rate, measure: Measure, coded: np.ndarray, trust: float) -> Floats:
    """Width of the corrected interval with so many articles coded; NaN where none."""
    n = int(coded[-1]) if len(coded) else 0
    if not (rate.is_known and n):
        return np.full(len(coded), np.nan)
    worth = np.maximum(rate.effective * coded / n, 1 + 1e-3)
    # What the machine knows is known of all articles, the rest of those coded; and
    # few coded vary by more than they show, as in the corrected interval.
    rest = (1 - trust**2) * n / coded * (1 - 1 / worth) ** -1.5
    variance = _spread(rate) * (trust**2 + rest)
    freedom = worth - 1
    t = stats.t.ppf(1 - TAIL, freedom)
    return np.asarray(2 * t * np.sqrt(variance) * measure.per, "float64")


def _spread(rate: Rate) -> float:
    """Variance of the rate, were every article coded without error."""
    least = rate.value * (1 - rate.value) if rate.is_share else rate.value
    return least / rate.size


# --- the smallest difference that could have been seen ----------------------------


def smallest_visible_difference(
    scores: pd.DataFrame,
    measure: str,
    *,
    by: str = "outlet",
    power: float = 0.8,
    repeats: int = 200,
    seed: int = 0,
) -> pd.DataFrame:
    """How far each outlet must be from all others to be seen with so much power.

    `visible_above` and `visible_below` are the smallest true differences that the
    interval of `compare_outlets` would tell from 0 in the share `power` of corpora
    like this one (before any adjustment for many outlets, which asks for more). A
    corpus like this one has the same articles with the same denominators; their codes
    are drawn anew at the rate of the others, or at that plus the difference, as
    unevenly over articles as the codes found within outlets (gamma-Poisson for rates,
    beta-binomial for shares); copies shared with others are drawn apart, so that a
    wire service is seen a little worse here than it is. An outlet whose `difference`
    is smaller than what is visible has not been shown to be like the others.

    NaN: not even the farthest rate that is possible would be seen, or no interval.

    >>> scores = pd.DataFrame({"article_id": [f"a{i}" for i in range(80)],
    ...     "outlet": ["X", "Y"] * 40, "n_unnamed": [0, 1, 2, 1] * 20, "n_people": 4})
    >>> table = smallest_visible_difference(scores, "anonymity", repeats=50)
    >>> table.columns[-2:].tolist()
    ['visible_above', 'visible_below']
    """
    if not 0 < power < 1:
        raise ValueError(f"power {power!r} is not between 0 and 1")
    sample = cluster_scores(scores, [measure], by)
    shown = MEASURES[measure]
    spread = _unevenness(list(sample.sides.values()), shown)
    rows = []
    for name, side in sample.sides.items():
        pair = (side, sample.whole.without(side))
        world = _World(shown, spread, pair, repeats, _seeds(name, seed))
        rows.append((name, measure, *_visible_row(world, power)))
    columns = {by: scores[by].dtype} | _VISIBLE
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def _seeds(name: Any, seed: int) -> list[int]:
    digest = hashlib.blake2b(str(name).encode("utf-8", "surrogatepass"), digest_size=8)
    return [seed, int.from_bytes(digest.digest(), "little")]


def _unevenness(sides: list[Side], measure: Measure) -> float:
    """Spread of articles' own rates within outlets, by moments; 0 where none shows.

    The squared coefficient of variation of a rate, the intraclass correlation of a
    share.
    """
    surplus = scale = 0.0
    for side in sides:
        numerator, denominator = side.numerator[:, 0], side.denominator[:, 0]
        n_clusters = np.count_nonzero(denominator)
        if n_clusters < 2:
            continue
        rate = float(numerator.sum() / denominator.sum())
        squares = float(((numerator - rate * denominator) ** 2).sum())
        least = rate * (1 - rate) if is_share(measure) else rate
        surplus += squares * n_clusters / (n_clusters - 1)
        surplus -= least * float(denominator.sum())
        if is_share(measure):
            scale += least * float((denominator * (denominator - 1)).sum())
        else:
            scale += rate**2 * float((denominator**2).sum())
    most = 0.9 if is_share(measure) else np.inf
    return float(np.clip(surplus / scale, 0.0, most)) if scale > 0 else 0.0


@dataclass(frozen=True)
class _World:
    """An outlet and the others as they are, and how their codes are drawn anew."""

    measure: Measure
    spread: float
    sides: tuple[Side, Side]
    repeats: int
    seeds: list[int]

    def rates(self, side: Side, rate: float, stream: int) -> Iterator[Rate]:
        """The pooled rate of `side`, drawn `repeats` times at the true `rate`."""
        rng = np.random.default_rng([*self.seeds, stream])
        denominator = side.denominator[:, 0]
        for numerator in self._numerators(rng, denominator, rate):
            drawn = Side(
                side.clusters, side.articles, numerator[:, None], side.denominator
            )
            yield pool_rate(drawn, 0, self.measure)

    def _numerators(
        self, rng: np.random.Generator, denominator: Floats, rate: float
    ) -> Floats:
        shape = (self.repeats, len(denominator))
        if is_share(self.measure):
            own = np.full(shape, rate)
            if self.spread > 0 and 0 < rate < 1:
                known = (1 - self.spread) / self.spread
                own = rng.beta(rate * known, (1 - rate) * known, shape)
            return rng.binomial(np.rint(denominator).astype("int64"), own).astype(float)
        factor = np.ones(shape)
        if self.spread > 0:
            factor = rng.gamma(1 / self.spread, self.spread, shape)
        return rng.poisson(rate * denominator * factor).astype(float)

    def power(self, others: list[Rate], rate: float, stream: int) -> float:
        """Share of draws at `rate` in which the difference is told from 0, rightly."""
        sign = np.sign(rate - self.other)
        seen = 0
        for drawn, other in zip(
            self.rates(self.sides[0], rate, stream), others, strict=True
        ):
            low, high = difference_interval(drawn, other)
            seen += bool(low > 0 if sign > 0 else high < 0)
        return seen / self.repeats

    @property
    def other(self) -> float:
        """The rate of the others as it was found."""
        return pool_rate(self.sides[1], 0, self.measure).value


def _visible_row(world: _World, power: float) -> tuple[Any, ...]:
    rate, other = (pool_rate(side, 0, world.measure) for side in world.sides)
    per = world.measure.per
    found = (rate.value * per, other.value * per, (rate.value - other.value) * per)
    n_articles = int(world.sides[0].articles.sum())
    visible = (np.nan, np.nan)
    if rate.is_known and other.is_known and other.value > 0:
        others = list(world.rates(world.sides[1], other.value, 0))
        top = 1 - other.value if rate.is_share else np.inf
        visible = (
            _smallest(world, others, power, (1.0, top)),
            _smallest(world, others, power, (-1.0, other.value)),
        )
    return (
        n_articles, rate.n_clusters, *found, power, visible[0] * per, visible[1] * per
    )  # fmt: skip


def _smallest(
    world: _World, others: list[Rate], power: float, way: tuple[float, float]
) -> float:
    """The smallest difference seen with `power`, between steps around a first guess."""
    sign, farthest = way
    other = world.other
    steps = _first_guess(world, power) * _STEPS
    steps = np.unique(np.minimum(steps, farthest))
    seen = [
        world.power(others, other + sign * step, 10 * number + int(sign) + 2)
        for number, step in enumerate(steps.tolist())
    ]
    rising = np.maximum.accumulate(seen)
    if rising[-1] < power:
        return np.nan
    return float(np.interp(special.ndtri(power), _probits(rising), steps))


def _probits(shares: Floats) -> Floats:
    """Normal quantiles of shares, made to rise strictly so that they can be read."""
    inside = np.clip(shares, 1 - _SURE, _SURE)
    return np.asarray(special.ndtri(inside) + 1e-9 * np.arange(len(shares)), "float64")


def _first_guess(world: _World, power: float) -> float:
    """The difference that a normal of the same spread would show."""
    other = pool_rate(world.sides[1], 0, world.measure)
    denominator = world.sides[0].denominator[:, 0]
    least = other.value * (1 - other.value) if other.is_share else other.value
    if other.is_share:
        factor = 1 + world.spread * np.maximum(denominator - 1, 0)
    else:
        factor = 1 + world.spread * other.value * denominator
    variance = least * float((denominator * factor).sum()) / denominator.sum() ** 2
    wanted = -special.ndtri(TAIL) + special.ndtri(power)
    return float(wanted * np.sqrt(variance + _spread(other)))
