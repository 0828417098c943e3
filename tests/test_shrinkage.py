"""Partial pooling: arithmetic at the ends, and how often its intervals hold."""

from __future__ import annotations

import numpy as np
import pytest

from framing.clusters import Side
from framing.intervals import Rate, pool_rate
from framing.score import MEASURES
from framing.shrinkage import shrink_rates


def share(numerator: float, denominator: float) -> Rate:
    return Rate(numerator, denominator, 9, 9.0, denominator, True)


def draw_outlets(seed: int, spread: float) -> tuple[list[Rate], list[float]]:
    """Twelve outlets of 3 to 60 articles, their rates a gamma about 1.2 in 100."""
    rng = np.random.default_rng(seed)
    rates, truth = [], []
    for size in (3, 3, 5, 5, 10, 10, 20, 20, 40, 40, 60, 60):
        true = 0.012 * float(rng.gamma(1 / spread**2, spread**2))
        words = np.maximum(rng.lognormal(5.7, 0.6, size), 10.0).round()
        hedges = rng.poisson(rng.gamma(2.7, 1 / 2.7, size) * true * words)
        totals = np.ones(size), hedges.astype("float64"), words
        side = Side(np.arange(size), *(total[:, None] for total in totals))
        rates.append(pool_rate(side, 0, MEASURES["hedge_density"]))
        truth.append(true)
    return rates, truth


@pytest.mark.parametrize("spread", [0.1, 0.4])
def test_intervals_hold_and_the_error_is_smaller(spread: float) -> None:
    held, raw, drawn = [], 0.0, 0.0
    for seed in range(25):
        rates, truth = draw_outlets(seed, spread)
        shrunk = shrink_rates(rates)
        held.extend((shrunk[:, 1] <= truth) & (truth <= shrunk[:, 2]))
        raw += sum((r.value - t) ** 2 for r, t in zip(rates, truth, strict=True))
        drawn += float(((shrunk[:, 0] - truth) ** 2).sum())
    # 300 rates: a true share of 0.95 falls under 0.91 once in a thousand times.
    assert np.mean(held) >= 0.91
    assert drawn < 0.7 * raw


def test_much_is_left_where_it_is_and_little_is_drawn() -> None:
    rates = [share(3, 3), share(300, 1000), share(200, 1000), share(250, 1000)]
    shrunk = shrink_rates(rates)
    assert shrunk[1:, 0] == pytest.approx([0.3, 0.2, 0.25], abs=0.02)
    assert shrunk[0, 0] < 0.7 and shrunk[0, 2] < 1
    assert (shrunk[:, 1] < shrunk[:, 0]).all() and (shrunk[:, 0] < shrunk[:, 2]).all()


def test_order_changes_nothing_and_equals_stay_equal() -> None:
    rates = [share(5, 20), share(9, 20), share(5, 20), share(0, 4)]
    shrunk = shrink_rates(rates)
    assert shrink_rates(rates[::-1])[::-1] == pytest.approx(shrunk)
    assert shrunk[0] == pytest.approx(shrunk[2])


def test_undefined_cases() -> None:
    nothing = [share(0, 5), share(0, 9), share(0, 2)]
    every = [share(5, 5), share(9, 9), share(2, 2)]
    for rates in ([], nothing[:2], nothing, every):
        assert np.isnan(shrink_rates(rates)).all()
    with_unknown = shrink_rates([share(0, 0), share(1, 5), share(2, 5), share(4, 9)])
    assert np.isnan(with_unknown[0]).all() and np.isfinite(with_unknown[1:]).all()
