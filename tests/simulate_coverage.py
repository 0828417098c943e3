"""How often the intervals hold the truth, in simulated corpora of which it is known.

    python tests/simulate_coverage.py                  1,000 corpora a design
    python tests/simulate_coverage.py few rare -n 200  some designs, fewer corpora

One row a design and interval: the share of corpora in which the 95 % interval holds
the truth, the share in which p is below 0.05 (under no difference: the false alarms)
and the median width. The tests run a short version (`test_coverage.py`).

Articles are as uneven as those that ship: hedges vary about an outlet's rate by a
gamma of shape 2.7 (the leads) or wider, unnamed sources by a beta whose two
parameters sum to 2, lengths by a lognormal.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from framing.adjust import adjust_contrasts
from framing.compare import compare_outlets
from framing.events import match_contrasts

HEDGES, UNNAMED = "hedge_density", "anonymity"


@dataclass(frozen=True)
class Design:
    """Sizes and rates of the outlets of a corpus, and how uneven its articles are."""

    sizes: Mapping[str, int]
    rates: Mapping[str, float]
    measure: str = HEDGES
    unevenness: float = 2.7
    length: float = 300.0
    wire: float = 0.0
    weeks: Mapping[str, float] = field(default_factory=dict)
    events: int = 0


def few(n: int, **options: Any) -> Design:
    """Outlet A with `n` articles beside two of forty, all of one rate."""
    rate = 0.3 if options.get("measure") == UNNAMED else 0.015
    rates = dict.fromkeys("ABC", options.pop("rate", rate))
    rates |= options.pop("rates", {})
    return Design({"A": n, "B": 40, "C": 40}, rates, **options)


SHARE = {"measure": UNNAMED, "unevenness": 2.0}
LEAD = {"length": 50.0}
SLOPE = {"A": 0.5, "B": 0.0, "C": -0.5}
DESIGNS: dict[str, Design] = {
    "few: 3 articles": few(3),
    "few: 5 articles": few(5),
    "few: 8 articles": few(8),
    "few: 5 leads": few(5, **LEAD),
    "few: 5 articles, share": few(5, **SHARE),
    "few: 8 articles, share": few(8, **SHARE),
    "many: 30 articles": few(30),
    "many: 30 articles, share": few(30, **SHARE),
    "uneven: 20 articles, gamma 1": few(20, unevenness=1.0),
    "uneven: 20 articles, share, beta 0.3": few(20, measure=UNNAMED, unevenness=0.3),
    "rare: 20 leads, 1 in 700 words": few(20, rate=0.0015, **LEAD),
    "rare: 20 articles, share 5 %": few(20, rate=0.05, **SHARE),
    "rare: 40 articles, share 2 %": few(40, rate=0.02, **SHARE),
    "wire: 30 articles, half copies": few(30, wire=0.5),
    "wire: 30 articles, half copies, share": few(30, wire=0.5, **SHARE),
    "wire: 8 articles, half copies": few(8, wire=0.5),
    "adjusted: 12 articles": few(12, weeks=SLOPE),
    "adjusted: 30 articles": few(30, weeks=SLOPE),
    "adjusted: 30 leads": few(30, weeks=SLOPE, **LEAD),
    "adjusted: 30 articles, share": few(30, weeks=SLOPE, **SHARE),
    "adjusted: 60 articles, half copies": few(60, weeks=SLOPE, wire=0.5),
    "matched: 40 events": few(0, events=40),
    "matched: 40 events, another rate": few(0, events=40, rates={"A": 0.025}),
    "matched: 10 events": few(0, events=10),
    "matched: 5 events": few(0, events=5),
    "matched: 40 events, share": few(0, events=40, **SHARE),
    "matched: 10 events, share": few(0, events=10, **SHARE),
    "matched: 5 events, share": few(0, events=5, **SHARE),
    "matched: 40 events of leads": few(0, events=40, **LEAD),
}
WEEK_RATES = np.array([1.0, 1.8, 0.6, 1.2])


def draw_corpus(design: Design, seed: int) -> tuple[pd.DataFrame, dict[str, float]]:
    """Scores of one corpus, and the true rate of each outlet in it."""
    rng = np.random.default_rng(seed)
    stories = [_draw_article(design, rng) for _ in range(30)]
    rows = []
    for outlet, size in design.sizes.items():
        for number in range(size):
            story = int(rng.integers(len(stories)))
            copied = rng.random() < design.wire
            article = stories[story] if copied else _draw_article(design, rng)
            week = _draw_week(design, outlet, rng)
            kept = f"wire {story}" if copied else None
            counted = _count(design, article, (outlet, week), (seed, story, copied))
            rows.append((f"{outlet}{number}", outlet, week, kept, *counted))
    names = ["article_id", "outlet", "week", "wire_of"]
    table = pd.DataFrame(
        rows, columns=[*names, "n_hedges", "n_words", "n_unnamed", "n_people"]
    )
    return table.assign(week="w" + table["week"].astype("str")), dict(design.rates)


def draw_events(design: Design, seed: int) -> pd.DataFrame:
    """Scores of a corpus of events, where outlet A prefers those that hedge more.

    The event decides half of an article's lean, so that outlets differ in total
    though they do not within any event. Each event is of A and of another outlet.
    """
    rng = np.random.default_rng([seed, 7])
    rows = []
    for event in range(design.events):
        lean = float(rng.gamma(4, 1 / 4))
        for outlet in "ABC":
            for _ in range(1 + int(rng.poisson(lean if outlet == "A" else 0.5))):
                own, words, people = _draw_article(design, rng)
                rate = design.rates[outlet] * lean
                spread = design.unevenness
                share = rng.beta(min(rate, 0.9) * spread, (1 - min(rate, 0.9)) * spread)
                unnamed = int(rng.binomial(people, share))
                hedges = int(rng.poisson(own * rate * words))
                rows.append((outlet, f"e{event}", hedges, words, unnamed, people))
    names = ["outlet", "event", "n_hedges", "n_words", "n_unnamed", "n_people"]
    return pd.DataFrame(rows, columns=names).rename_axis("article_id").reset_index()


def _draw_article(design: Design, rng: np.random.Generator) -> tuple[float, int, int]:
    """Its lean (gamma or uniform, for the beta), words and speaking people."""
    lean = rng.gamma(design.unevenness, 1 / design.unevenness)
    words = max(int(rng.lognormal(np.log(design.length), 0.6)), 10)
    return float(lean), words, int(rng.negative_binomial(1.5, 1.5 / 4.5))


def _draw_week(design: Design, outlet: str, rng: np.random.Generator) -> int:
    if not design.weeks:
        return 0
    lean = np.exp(design.weeks[outlet] * np.arange(len(WEEK_RATES)))
    return int(rng.choice(len(WEEK_RATES), p=lean / lean.sum()))


def _count(
    design: Design, article: tuple[float, int, int], where: tuple[str, int],
    key: tuple[int, int, bool],
) -> tuple[int, int, int, int]:  # fmt: skip
    lean, words, people = article
    outlet, week = where
    seed, story, copied = key
    # A copy has the counts of its story, whoever prints it.
    name = story if copied else 1000 + int(lean * 1e9) % 10**9
    rng = np.random.default_rng([seed, name, week])
    factor = WEEK_RATES[week] if design.weeks else 1.0
    rate = design.rates[outlet] * factor
    if design.measure == UNNAMED:
        share = rng.beta(rate * design.unevenness, (1 - rate) * design.unevenness)
        return 0, words, int(rng.binomial(people, share)), people
    return int(rng.poisson(lean * rate * words)), words, 0, people


# --- what is measured -------------------------------------------------------------


def measure_corpus(design: Design, seed: int) -> list[dict[str, Any]]:
    """Whether the intervals of outlet A hold the truth in one corpus."""
    per = 100 if design.measure == HEDGES else 1
    if design.events:
        row = match_contrasts(draw_events(design, seed), design.measure).loc[0]
        truth = (design.rates["A"] - design.rates["B"]) * per
        names = ("difference_low", "difference_high"), ("raw_low", "raw_high")
        kinds = ("matched difference", "raw difference")
        held = [_held(row, pair, truth) for pair in names]
        alarm = row["p"] < 0.05 if truth == 0 else np.nan
        held[0] |= {"alarm": alarm}
        return [h | {"interval": k} for h, k in zip(held, kinds, strict=True)]
    scores, rates = draw_corpus(design, seed)
    if not design.weeks:
        contrasts = compare_outlets(scores, design.measure)
        truth = rates["A"] * per
    else:
        contrasts = adjust_contrasts(scores, design.measure, covariates=["week"])
        parts = {HEDGES: "n_words", UNNAMED: "n_people"}
        weights = scores[parts[design.measure]]
        week = scores["week"].str[1:].astype("int64")
        factor = float((WEEK_RATES[week] * weights).sum() / weights.sum())
        truth = rates["A"] * factor * per
    row = contrasts.loc[0]
    return [
        _held(row, ("low", "high"), truth) | {"interval": "estimate"},
        _held(row, ("difference_low", "difference_high"), 0.0)
        | {"interval": "difference", "alarm": row["p"] < 0.05},
    ]


def _held(row: pd.Series, names: tuple[str, str], truth: float) -> dict[str, Any]:
    low, high = row[names[0]], row[names[1]]
    known = bool(np.isfinite(low))
    return {
        "known": known,
        "held": low <= truth <= high if known else np.nan,
        "width": high - low,
        "alarm": np.nan,
    }


def coverage(
    names: list[str], corpora: int, measure: Callable[..., Any] = measure_corpus
) -> pd.DataFrame:
    """One row a design and interval: how often it held, alarms, median width."""
    rows = [
        {"design": name} | row
        for name in names
        for seed in range(corpora)
        for row in measure(DESIGNS[name], seed)
    ]
    table = pd.DataFrame(rows).astype({"held": "float64", "alarm": "float64"})
    grouped = table.groupby(["design", "interval"], sort=False)
    return grouped.agg(
        corpora=("known", "sum"),
        held=("held", "mean"),
        alarms=("alarm", "mean"),
        width=("width", "median"),
    ).reset_index()


def main() -> None:
    """Print the coverage of the designs whose names begin as asked."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("designs", nargs="*", help="beginnings of their names")
    parser.add_argument("-n", "--corpora", type=int, default=1000)
    options = parser.parse_args()
    asked = tuple(options.designs) or ("",)
    for name in DESIGNS:
        if name.startswith(asked):
            table = coverage([name], options.corpora)
            print(table.round(3).to_string(index=False, header=False), flush=True)


if __name__ == "__main__":
    main()
