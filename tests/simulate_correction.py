"""How often corrected intervals hold the truth: `python tests/simulate_correction.py`.

Each scenario draws corpora whose machine misses and invents codes, more of them in one
outlet than in another, and codes a random subsample without error. Printed: how often
the 95 % intervals of the first outlet, of its difference from the others and of its
regression coefficient hold the truth, and how often those of the machine's counts
alone do. 1,000 corpora a scenario take about ten minutes; `--corpora 100` is a look.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from framing.compare import compare_outlets
from framing.correct import correct_estimates
from framing.regression import correct_regression

FOUND = {"A": 0.9, "B": 0.6, "C": 0.8, "D": 0.7, "E": 0.75, "F": 0.85}
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
    Scenario("two outlets", PEOPLE, "AB", 60, 0.25, 0.2),
    Scenario("wire copies", PEOPLE, "AB", 200, 0.2, 0.2, wire=0.3),
    Scenario("six outlets, seven coded of each", PEOPLE, "ABCDEF", 24, 0.3, 0.2),
    Scenario("rarely unnamed", PEOPLE, "AB", 150, 0.25, 0.05),
)
HITS = ("level", "difference", "machine_level", "machine_difference")


def simulate(scenario: Scenario, seeds: range) -> pd.DataFrame:
    """One row a corpus: whether each interval holds the truth (NaN: none)."""
    rows = [_corpus(scenario, seed) for seed in seeds]
    return pd.DataFrame(rows)


def _corpus(scenario: Scenario, seed: int) -> dict[str, float]:
    scores, hand = scenario.draw(seed)
    corrected = correct_estimates(scores, hand, scenario.measure).iloc[0]
    machine = compare_outlets(scores, scenario.measure).iloc[0]
    terms = correct_regression(scores, hand, scenario.measure, ["outlet", "late"])
    naive = correct_regression(
        scores, scores.assign(inclusion_probability=1.0), scenario.measure, ["outlet"]
    )
    return {
        "level": _holds(corrected["low"], corrected["high"], scenario.rate),
        "difference": _holds_zero(corrected),
        "coefficient": _holds(*terms.loc[1, ["low", "high"]], 0),
        "late": _holds(*terms.iloc[-1][["low", "high"]], 0),
        "machine_level": _holds(machine["low"], machine["high"], scenario.rate),
        "machine_difference": _holds_zero(machine),
        "machine_coefficient": _holds(*naive.loc[1, ["low", "high"]], 0),
        "estimate": corrected["estimate"],
        "standard_error": corrected["standard_error"],
    }


def _holds(low: float, high: float, truth: float) -> float:
    return np.nan if np.isnan(low) else float(low <= truth <= high)


def _holds_zero(row: pd.Series[float]) -> float:
    return _holds(row["difference_low"], row["difference_high"], 0)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=int, default=1000)
    corpora = parser.parse_args().corpora
    for scenario in SCENARIOS:
        found = simulate(scenario, range(corpora))
        rates = found.drop(columns=["estimate", "standard_error"]).mean()
        shown = " ".join(f"{name} {rate:.3f}" for name, rate in rates.items())
        print(f"{scenario.measure:14s}{scenario.name:34s}{shown}", flush=True)
        print(
            f"{'':14s}bias {found['estimate'].mean() - scenario.rate:+.4f} "
            f"sd {found['estimate'].std():.4f} "
            f"mean standard error {found['standard_error'].mean():.4f} "
            f"without interval {found['level'].isna().mean():.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
