"""How often the intervals hold the truth, in simulated corpora of which it is known.

    python tests/simulate_coverage.py                  1,000 corpora a design
    python tests/simulate_coverage.py few rare -n 200  some designs, fewer corpora

One row a design and interval: the share of corpora in which the 95 % interval holds
the truth (where there is no difference, p is below 0.05 in the rest), with the Monte
Carlo interval of that share, the shares in which the truth lies below and above the
interval (2.5 % each, were it perfect), the mean width, and how many corpora had none.
Rows are kept in `tests/coverage.csv`, design by design, and a design that is there
with as many corpora is not run again: a run that was stopped goes on. `--afresh` runs
the designs asked for anew. All take about twelve minutes on two cores; some that are
near 93 or 97 % were run with `-n 4000`. Corpus i has the seed i, so two runs give the
same table.

Families of designs: few, many, uneven, rare and wire (`compare_outlets`), adjusted (the
generalised linear models of `adjust_contrasts`), matched (`match_contrasts`),
corrected (prediction-powered inference and design-based supervised learning by
`correct_estimates` and `correct_regression`, see `simulate_correction.py`) and shrunken
(partial pooling of outlets that differ, see `simulate_shrinkage.py`).

Articles are as uneven as those that ship: hedges vary about an outlet's rate by a
gamma of shape 2.7 (the leads) or wider, unnamed sources by a beta whose two
parameters sum to 2, lengths by a lognormal.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from simulate_correction import SCENARIOS, corrected_intervals
from simulate_shrinkage import OUTLETS, shrunken_interval

from framing.adjust import adjust_contrasts
from framing.clusters import cluster_scores
from framing.events import match_contrasts
from framing.intervals import difference_interval, own_spread, pool_rate
from framing.score import MEASURES

HEDGES, UNNAMED = "hedge_density", "anonymity"
KINDS = ("estimate", "difference")
Numbers = npt.NDArray[Any]
TABLE = Path(__file__).parent / "coverage.csv"


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
    "few: 5 articles, gamma 1": few(5, unevenness=1.0),
    "few: 10 articles, hardly uneven": few(10, unevenness=50.0),
    "few: 5 leads": few(5, **LEAD),
    "few: 3 articles, share": few(3, **SHARE),
    "few: 5 articles, share": few(5, **SHARE),
    "few: 8 articles, share": few(8, **SHARE),
    "few: 5 articles, share 50 %": few(5, rate=0.5, **SHARE),
    "few: 8 articles, share 50 %, beta 0.5": few(
        8, rate=0.5, measure=UNNAMED, unevenness=0.5
    ),
    "many: 30 articles": few(30),
    "many: 30 articles, share": few(30, **SHARE),
    "many: 60 articles, share 90 %": few(60, rate=0.9, **SHARE),
    "uneven: 20 articles, gamma 1": few(20, unevenness=1.0),
    "uneven: 20 articles, share, beta 0.3": few(20, measure=UNNAMED, unevenness=0.3),
    "rare: 20 leads, 1 in 700 words": few(20, rate=0.0015, **LEAD),
    "rare: 40 leads, 1 in 700 words": few(40, rate=0.0015, **LEAD),
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
CORRECTED = {f"corrected: {scenario.name}": scenario for scenario in SCENARIOS}
SHRUNKEN = {f"shrunken: {name}": outlets for name, outlets in OUTLETS.items()}
ALL = (*DESIGNS, *CORRECTED, *SHRUNKEN)
WEEK_RATES = np.array([1.0, 1.8, 0.6, 1.2])
_STORIES = 30  # of the wire
_COUNTS = ("n_hedges", "n_words", "n_unnamed", "n_people")
_AT_ONCE = 20


def draw_corpus(design: Design, seed: int) -> tuple[pd.DataFrame, dict[str, float]]:
    """Scores of one corpus, and the true rate of each outlet in it."""
    rng = np.random.default_rng(seed)
    outlet = np.repeat(list(design.sizes), list(design.sizes.values()))
    rate = np.array([design.rates[name] for name in outlet])
    week = _draw_weeks(design, outlet, rng)
    counts = _draw_counts(design, rate, week, rng)
    # A copy has the counts of its story in its week, whoever prints it.
    story = rng.integers(_STORIES, size=len(outlet))
    copied = rng.random(len(outlet)) < design.wire
    of_stories = np.repeat(np.arange(len(WEEK_RATES)), _STORIES)
    usual = np.full(len(of_stories), rate[0])
    stories = _draw_counts(design, usual, of_stories, rng)
    place = week * _STORIES + story
    counts = {k: np.where(copied, stories[k][place], v) for k, v in counts.items()}
    wire = pd.Series([f"wire {number}" for number in story]).where(copied)
    ids = [f"{name}{number}" for number, name in enumerate(outlet)]
    labels = {"article_id": ids, "outlet": outlet, "wire_of": wire}
    table = pd.DataFrame(labels | counts)
    return table.assign(week=[f"w{number}" for number in week]), dict(design.rates)


def _draw_counts(
    design: Design, rate: Numbers, week: Numbers, rng: np.random.Generator
) -> dict[str, Numbers]:
    n = len(rate)
    rate = rate * (WEEK_RATES[week] if design.weeks else 1.0)
    words = np.maximum(rng.lognormal(np.log(design.length), 0.6, n), 10).astype(int)
    people = rng.negative_binomial(1.5, 1.5 / 4.5, n)
    lean = rng.gamma(design.unevenness, 1 / design.unevenness, n)
    hedges, unnamed = rng.poisson(lean * rate * words), np.zeros(n, dtype=int)
    if design.measure == UNNAMED:
        spread = design.unevenness
        unnamed = rng.binomial(people, rng.beta(rate * spread, (1 - rate) * spread))
    counts = (hedges, words, unnamed, people)
    return dict(zip(_COUNTS, counts, strict=True))


def _draw_weeks(design: Design, outlet: Numbers, rng: np.random.Generator) -> Numbers:
    week = np.zeros(len(outlet), dtype=int)
    for name, slope in design.weeks.items():
        lean = np.exp(slope * np.arange(len(WEEK_RATES)))
        is_his = outlet == name
        week[is_his] = rng.choice(len(lean), is_his.sum(), p=lean / lean.sum())
    return week


def draw_events(design: Design, seed: int) -> pd.DataFrame:
    """Scores of a corpus of events, where outlet A prefers those that hedge more.

    The event decides half of an article's lean, so that outlets differ in total
    though they do not within any event. Each event is of A and of two others.
    """
    rng = np.random.default_rng([seed, 7])
    lean = rng.gamma(4, 1 / 4, design.events)
    event = np.tile(np.arange(design.events), 3)
    outlet = np.repeat(list("ABC"), design.events)
    n_each = 1 + rng.poisson(np.where(outlet == "A", lean[event], 0.5))
    event, outlet = np.repeat(event, n_each), np.repeat(outlet, n_each)
    rate = np.array([design.rates[name] for name in outlet]) * lean[event]
    if design.measure == UNNAMED:
        rate = np.minimum(rate, 0.9)
    counts = _draw_counts(design, rate, np.zeros(len(rate), dtype=int), rng)
    ids = [f"a{number}" for number in range(len(rate))]
    events = [f"e{number}" for number in event]
    return pd.DataFrame({"article_id": ids, "outlet": outlet, "event": events} | counts)


# --- what is measured -------------------------------------------------------------


def measure(name: str, seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Whether the intervals of the first outlet hold the truth in each corpus."""
    if name in CORRECTED:
        corpora = [corrected_intervals(CORRECTED[name], seed) for seed in seeds]
        return [_held(*item) for corpus in corpora for item in corpus.items()]
    if name in SHRUNKEN:
        found = (shrunken_interval(SHRUNKEN[name], seed) for seed in seeds)
        return [_held("estimate", bounds) for bounds in found]
    design = DESIGNS[name]
    if design.events:
        return [row for seed in seeds for row in _matched(design, seed)]
    if design.weeks:
        return [row for seed in seeds for row in _adjusted(design, seed)]
    return _compared(design, seeds)


def _compared(design: Design, seeds: Sequence[int]) -> list[dict[str, Any]]:
    """What `compare_outlets` gives of outlet A, for all corpora at once.

    The same functions in less time: `test_coverage.py` has that the intervals are the
    same.
    """
    corpora = [_marked(draw_corpus(design, seed)[0], seed) for seed in seeds]
    sample = cluster_scores(pd.concat(corpora), [design.measure], "side")
    shown, truth = MEASURES[design.measure], design.rates["A"]
    rows = []
    for seed in seeds:
        sides = sample.sides[f"{seed} A"], sample.sides[f"{seed} others"]
        first, second = (pool_rate(side, 0, shown) for side in sides)
        own = own_spread(*sides, 0)
        bounds = first.interval(), difference_interval(first, second, own=own)
        rows += [
            _held(what, (low * shown.per, high * shown.per, true * shown.per))
            for what, (low, high), true in zip(KINDS, bounds, (truth, 0), strict=True)
        ]
    return rows


def _marked(scores: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Scores whose names are of this corpus alone, and whose side has one, too."""
    ids = [f"{seed} {name}" for name in scores["article_id"]]
    wire = [None if pd.isna(w) else f"{seed} {w}" for w in scores["wire_of"]]
    is_first = scores["outlet"] == "A"
    side = np.where(is_first, f"{seed} A", f"{seed} others")
    return scores.assign(article_id=ids, wire_of=wire, side=side)


def _adjusted(design: Design, seed: int) -> list[dict[str, Any]]:
    scores, rates = draw_corpus(design, seed)
    row = adjust_contrasts(scores, design.measure, covariates=["week"]).loc[0]
    weights = scores[MEASURES[design.measure].denominator]
    week = scores["week"].str[1:].astype("int64")
    factor = float((WEEK_RATES[week] * weights).sum() / weights.sum())
    truth = rates["A"] * factor * MEASURES[design.measure].per
    estimate = _held("estimate", (row["low"], row["high"], truth))
    bounds = row["difference_low"], row["difference_high"], 0.0
    return [estimate, _held("difference", bounds)]


def _matched(design: Design, seed: int) -> list[dict[str, Any]]:
    scores = draw_events(design, seed)
    # All others are one side: two outlets take less time than three.
    scores["outlet"] = scores["outlet"].where(scores["outlet"] == "A", "others")
    row = match_contrasts(scores, design.measure).loc[0]
    truth = design.rates["A"] - design.rates["B"]
    truth *= MEASURES[design.measure].per
    bounds = row["difference_low"], row["difference_high"], truth
    return [_held("difference", bounds)]


def _held(what: str, bounds: tuple[float, float, float]) -> dict[str, Any]:
    low, high, truth = bounds
    is_known = np.isfinite(low)
    return {
        "what": what,
        "held": float(low <= truth <= high) if is_known else np.nan,
        "below": float(truth < low) if is_known else np.nan,
        "above": float(truth > high) if is_known else np.nan,
        "width": high - low,
    }


def coverage(name: str, seeds: Sequence[int], processes: int = 1) -> pd.DataFrame:
    """One row an interval of the design: how often it held, how wide it was."""
    parts = [seeds[i : i + _AT_ONCE] for i in range(0, len(seeds), _AT_ONCE)]
    measured = partial(measure, name)
    if processes > 1:
        with Pool(processes) as pool:
            rows = pool.map(measured, parts, chunksize=1)
    else:
        rows = [measured(part) for part in parts]
    table = pd.DataFrame([row for part in rows for row in part])
    found = [
        {"design": name, "what": what, **_summed(part), "seed": min(seeds)}
        for what, part in table.groupby("what", sort=False)
    ]
    return pd.DataFrame(found)


def _summed(part: pd.DataFrame) -> dict[str, Any]:
    known = part[part["held"].notna()]
    held = stats.binomtest(int(known["held"].sum()), len(known))
    low, high = held.proportion_ci(method="wilson")
    return {
        "n_corpora": len(part),
        "n_without": len(part) - len(known),
        "coverage": round(held.statistic, 4),
        "coverage_low": round(low, 4),
        "coverage_high": round(high, 4),
        "truth_below": round(known["below"].mean(), 4),
        "truth_above": round(known["above"].mean(), 4),
        "mean_width": round(known["width"].mean(), 4),
    }


# --- what stays above 97 %, and why -----------------------------------------------

NONE = "none at all is no surprise: no truth lies above the interval"
WIDER = "the wider of two intervals (clusters, events) that are much the same here"
ADDED = "the half cluster that is added weighs much beside five articles"
ODDS = "a Wald interval of log-odds from few unnamed (Hauck and Donner 1977)"
ALIKE = "outlets hardly apart: what is between them cannot be taken below 0"
_ODDS = [
    (f"corrected: {name}", what)
    for name in (
        "two outlets, share",
        "six outlets, seven coded of each, share",
        "share of 5 %",
    )
    for what in ("coefficient", "coefficient of time")
]
CONSERVATIVE: dict[tuple[str, str], str] = {
    ("few: 5 leads", "estimate"): WIDER,
    ("few: 5 leads", "difference"): WIDER,
    ("few: 5 articles, share 50 %", "estimate"): ADDED,
    ("few: 5 articles, share 50 %", "difference"): ADDED,
    ("rare: 20 leads, 1 in 700 words", "estimate"): NONE,
    ("rare: 20 leads, 1 in 700 words", "difference"): NONE,
    ("rare: 20 articles, share 5 %", "difference"): NONE,
    ("rare: 40 articles, share 2 %", "difference"): NONE,
    ("matched: 5 events", "difference"): WIDER,
    ("matched: 5 events, share", "difference"): WIDER,
    **dict.fromkeys(_ODDS, ODDS),
    ("shrunken: 5 outlets, hardly apart", "estimate"): ALIKE,
    ("shrunken: 20 outlets, hardly apart", "estimate"): ALIKE,
}


def note_of(design: str, what: str) -> str:
    """Why the interval holds more often than it says; empty where it does not."""
    return CONSERVATIVE.get((design, what), "")


# --- the command ------------------------------------------------------------------


def read_table() -> pd.DataFrame:
    """What was measured so far; empty where nothing was."""
    if not TABLE.exists():
        return pd.DataFrame({"design": [], "n_corpora": []})
    return pd.read_csv(TABLE, keep_default_na=False)


def _kept(table: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The table with the design's rows in place of what it had, in the usual order."""
    rest = table[~table["design"].isin(found["design"]) & table["design"].isin(ALL)]
    both = pd.concat([rest, found]) if len(rest) else found
    pairs = zip(both["design"], both["what"], strict=True)
    both = both.assign(note=[note_of(*pair) for pair in pairs])
    return both.sort_values(
        "design", key=lambda names: names.map(ALL.index), kind="stable"
    )


def main() -> None:
    """Measure the designs whose names begin as asked, keep and print them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("designs", nargs="*", help="beginnings of their names")
    parser.add_argument("-n", "--corpora", type=int, default=1000)
    parser.add_argument("--afresh", action="store_true", help="also those in the table")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    options = parser.parse_args()
    asked = [name for name in ALL if name.startswith(tuple(options.designs) or ("",))]
    for name in asked:
        table = read_table()
        done = table.loc[table["design"] == name, "n_corpora"]
        if options.afresh or not (done >= options.corpora).any():
            found = coverage(name, range(options.corpora), options.processes)
            table = _kept(table, found)
            table.to_csv(TABLE, index=False, lineterminator="\n")
        rows = table[table["design"] == name]
        print(rows.to_string(index=False, header=name == asked[0]), flush=True)


if __name__ == "__main__":
    main()
