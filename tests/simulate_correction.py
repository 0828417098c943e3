"""Corpora with a machine that errs and a subsample coded by hand.

Each scenario draws corpora whose machine misses and invents codes, more of them in one
outlet than in another, and codes a random subsample without error. What is measured:
whether the 95 % intervals of the first outlet, of its difference from the others and
of its regression coefficient hold the truth, and (for the tests) whether those of the
machine's counts alone do. `python tests/simulate_coverage.py corrected` prints how
often.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from framing.compare import compare_outlets
from framing.correct import correct_estimates
from framing.regression import correct_regression

FOUND = {"A": 0.9, "B": 0.6, "C": 0.8, "D": 0.7, "E": 0.75, "F": 0.85}
Interval = tuple[float, float, float]
COLUMNS = ["article_id", "outlet", "late", "y", "v", "x", "w", "wire_of"]


@dataclass(frozen=True)
class Scenario:
    """Corpora of outlets without a difference, and how they are coded by hand.

    `drawn` is the share coded; with `is_even` false long articles are drawn more
    often. `rate` is hedges per 100 words, or the share of unnamed among people.
    """

    name: str
    measure: str
    outlets: str
    size: int
    drawn: float
    rate: float
    wire: float = 0.0
    is_even: bool = True

    def draw(self, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Machine scores of all articles, hand scores of those drawn."""
        rng = np.random.default_rng(seed)
        rows = [row for name in self.outlets for row in self._articles(rng, name)]
        table = pd.DataFrame(rows, columns=COLUMNS)
        chance = np.full(len(table), self.drawn)
        if not self.is_even:
            is_long = table["v"] > table["v"].median()
            chance = np.where(is_long, min(1.0, 1.4 * self.drawn), 0.6 * self.drawn)
        hand = table.assign(inclusion_probability=chance)
        hand = hand[rng.random(len(table)) < chance]
        return self._named(table, "x", "w"), self._named(hand, "y", "v")

    def _named(self, table: pd.DataFrame, top: str, bottom: str) -> pd.DataFrame:
        is_share = self.measure == "anonymity"
        names = ("n_unnamed", "n_people") if is_share else ("n_hedges", "n_words")
        unused = [c for c in "yvxw" if c not in (top, bottom)]
        renamed = dict(zip((top, bottom), names, strict=True))
        return table.drop(columns=unused).rename(columns=renamed)

    def _articles(
        self, rng: np.random.Generator, outlet: str
    ) -> Iterator[tuple[object, ...]]:
        number = 0
        while number < self.size:
            late = int(rng.random() < 0.5)
            draw = self._people if self.measure == "anonymity" else self._hedges
            counts = draw(rng, FOUND[outlet])
            first = f"{outlet}{number}"
            copies = 2 if rng.random() < self.wire and number + 1 < self.size else 1
            for copy in range(copies):
                kept = first if copy else None
                yield (f"{outlet}{number}", outlet, late, *counts, kept)
                number += 1

    def _hedges(self, rng: np.random.Generator, found: float) -> tuple[int, ...]:
        words = int(rng.integers(80, 800))
        y = int(rng.poisson(rng.gamma(6, 1 / 6) * self.rate * words / 100))
        x = int(rng.binomial(y, found) + rng.poisson(0.2 * words / 100))
        return y, words, x, words

    def _people(self, rng: np.random.Generator, found: float) -> tuple[int, ...]:
        v = int(rng.poisson(rng.gamma(6, 1 / 6) * 3))
        y = int(rng.binomial(v, rng.beta(6 * self.rate, 6 * (1 - self.rate))))
        w = int(rng.binomial(v, 0.85) + rng.poisson(0.3))
        seen = min(y, w)
        x = int(rng.binomial(seen, found) + rng.binomial(w - seen, 0.1))
        return y, v, x, w


HEDGES, PEOPLE = "hedge_density", "anonymity"
SCENARIOS = (
    Scenario("two outlets", HEDGES, "AB", 60, 0.25, 1.5),
    Scenario("long articles drawn more", HEDGES, "AB", 60, 0.25, 1.5, is_even=False),
    Scenario("wire copies", HEDGES, "AB", 200, 0.2, 1.5, wire=0.3),
    Scenario("six outlets, seven coded of each", HEDGES, "ABCDEF", 24, 0.3, 1.5),
    Scenario("rare hedges", HEDGES, "AB", 100, 0.25, 0.2),
    Scenario("two outlets, share", PEOPLE, "AB", 60, 0.25, 0.2),
    Scenario("wire copies, share", PEOPLE, "AB", 200, 0.2, 0.2, wire=0.3),
    Scenario("six outlets, seven coded of each, share", PEOPLE, "ABCDEF", 24, 0.3, 0.2),
    Scenario("share of 5 %", PEOPLE, "AB", 150, 0.25, 0.05),
)


def corrected_intervals(scenario: Scenario, seed: int) -> dict[str, Interval]:
    """Low, high and truth of what is corrected in one corpus (NaN: no interval)."""
    scores, hand = scenario.draw(seed)
    row = correct_estimates(scores, hand, scenario.measure).iloc[0]
    terms = correct_regression(scores, hand, scenario.measure, ["outlet", "late"])
    outlet, late = (terms.iloc[place][["low", "high"]] for place in (1, -1))
    return {
        "estimate": (row["low"], row["high"], scenario.rate),
        "difference": (row["difference_low"], row["difference_high"], 0.0),
        "coefficient": (*outlet, 0.0),
        "coefficient of time": (*late, 0.0),
    }


def machine_intervals(scenario: Scenario, seed: int) -> dict[str, Interval]:
    """The same of the machine's counts alone, as if they were the truth."""
    scores, _ = scenario.draw(seed)
    row = compare_outlets(scores, scenario.measure).iloc[0]
    every = scores.assign(inclusion_probability=1.0)
    terms = correct_regression(scores, every, scenario.measure, ["outlet"])
    return {
        "difference": (row["difference_low"], row["difference_high"], 0.0),
        "coefficient": (*terms.loc[1, ["low", "high"]], 0.0),
    }
