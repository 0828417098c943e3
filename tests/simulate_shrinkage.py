"""Corpora of outlets that differ, and how often shrunken intervals hold their rates.

The rates of the outlets are themselves drawn: a gamma about 1.2 hedges in 100 words, or
a beta of unnamed among people. An interval of partial pooling promises 95 % over the
outlets together (Morris 1983), so the corpora take the outlets in turn: corpus i is
asked about outlet i, modulo their number. `python tests/simulate_coverage.py shrunken`
prints how often the intervals held.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from framing.clusters import Side
from framing.intervals import Rate, pool_rate
from framing.score import MEASURES
from framing.shrinkage import shrink_rates

FIVE = (3, 8, 15, 30, 60)
TWENTY = (3,) * 4 + (5,) * 4 + (8, 8, 10, 10, 15, 15, 20, 20, 30, 30, 45, 60)
Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Outlets:
    """Articles an outlet, how far outlets lie apart, and how uneven articles are.

    `apart` is the coefficient of variation of the rates of hedges; for shares, the
    sum of the two parameters of their beta: the larger, the closer.
    """

    sizes: tuple[int, ...]
    apart: float
    rate: float = 0.012
    unevenness: float = 2.7
    is_share: bool = False

    def draw(self, seed: int) -> tuple[list[Rate], list[float]]:
        """Pooled rates of one corpus, and the true ones."""
        rng = np.random.default_rng(seed)
        draw = self._people if self.is_share else self._hedges
        found = [draw(rng, size) for size in self.sizes]
        return [rate for rate, _ in found], [true for _, true in found]

    def _hedges(self, rng: np.random.Generator, size: int) -> tuple[Rate, float]:
        spread = self.apart**2
        true = self.rate * float(rng.gamma(1 / spread, spread))
        words = np.maximum(rng.lognormal(np.log(300), 0.6, size), 10.0).round()
        lean = rng.gamma(self.unevenness, 1 / self.unevenness, size)
        return _pooled(rng.poisson(lean * true * words), words, "hedge_density"), true

    def _people(self, rng: np.random.Generator, size: int) -> tuple[Rate, float]:
        true = float(rng.beta(self.rate * self.apart, (1 - self.rate) * self.apart))
        people = rng.negative_binomial(1.5, 1.5 / 4.5, size)
        each = max(2 * true, 1e-9), max(2 * (1 - true), 1e-9)
        unnamed = rng.binomial(people, rng.beta(*each, size))
        return _pooled(unnamed, people, "anonymity"), true


def _pooled(numerator: np.ndarray, denominator: np.ndarray, measure: str) -> Rate:
    totals = np.ones(len(numerator)), numerator, denominator
    columns = [np.asarray(total, "float64")[:, None] for total in totals]
    return pool_rate(Side(np.arange(len(numerator)), *columns), 0, MEASURES[measure])


PEOPLE = {"rate": 0.3, "is_share": True}
OUTLETS = {
    "5 outlets": Outlets(FIVE, 0.3),
    "5 outlets, hardly apart": Outlets(FIVE, 0.1),
    "5 outlets, far apart": Outlets(FIVE, 0.6),
    "5 outlets, share": Outlets(FIVE, 6.0, **PEOPLE),
    "20 outlets": Outlets(TWENTY, 0.3),
    "20 outlets, hardly apart": Outlets(TWENTY, 0.1),
    "20 outlets, far apart": Outlets(TWENTY, 0.6),
    "20 outlets, gamma 1": Outlets(TWENTY, 0.3, unevenness=1.0),
    "20 outlets, share": Outlets(TWENTY, 6.0, **PEOPLE),
    "20 outlets, share 10 %": Outlets(TWENTY, 20.0, rate=0.1, is_share=True),
}


def shrunken_interval(outlets: Outlets, seed: int) -> Interval:
    """Low, high and truth of one outlet, per 100 words or as a share."""
    rates, truth = outlets.draw(seed)
    place = seed % len(rates)
    _, low, high = shrink_rates(rates)[place]
    per = 1.0 if outlets.is_share else 100.0
    return low * per, high * per, truth[place] * per
