"""A short version of `simulate_coverage.py`, and its table: the intervals hold.

The long version is a command; the table it wrote is `coverage.csv`. Here a few corpora
of each family must agree with it: seeds are fixed, so a failure is a change in the
intervals and not bad luck.
"""

from __future__ import annotations

import pandas as pd
import pytest
from scipy import stats
from simulate_coverage import (
    ALL,
    CONSERVATIVE,
    DESIGNS,
    NONE,
    coverage,
    draw_corpus,
    measure,
    note_of,
    read_table,
)

from framing.compare import compare_outlets

CORPORA = 40
SHORT = (
    "few: 5 articles",
    "few: 8 articles, share",
    "rare: 20 articles, share 5 %",
    "wire: 30 articles, half copies",
    "adjusted: 30 articles",
    "matched: 10 events",
    "corrected: two outlets",
    "corrected: wire copies, share",
    "shrunken: 5 outlets",
    "shrunken: 20 outlets, share",
)


@pytest.mark.parametrize("design", SHORT)
def test_a_few_corpora_agree_with_the_table(design: str) -> None:
    found = coverage(design, range(CORPORA)).set_index("what")
    table = read_table()
    expected = table[table["design"] == design].set_index("what")
    assert list(found.index) == list(expected.index)
    for what, row in found.iterrows():
        n_known = row["n_corpora"] - row["n_without"]
        held = round(row["coverage"] * n_known)
        known = stats.binomtest(held, n_known, expected.loc[what, "coverage"])
        assert known.pvalue > 0.001, what
        assert 0.5 < row["mean_width"] / expected.loc[what, "mean_width"] < 2


def test_the_table_is_of_the_designs_of_the_command() -> None:
    table = read_table()
    assert list(dict.fromkeys(table["design"])) == list(ALL)
    assert (table["n_corpora"] >= 1000).all() and (table["seed"] == 0).all()
    pairs = list(zip(table["design"], table["what"], strict=True))
    assert table["note"].tolist() == [note_of(*pair) for pair in pairs]
    assert set(CONSERVATIVE) <= set(pairs)


def test_every_interval_holds_as_often_as_it_says_or_more_where_explained() -> None:
    table = read_table()
    assert (table["coverage"] >= 0.93).all()
    above = table[table["note"] == ""]
    assert (above["coverage"] <= 0.97).all()
    # whole where it is of two sides: neither side is missed twice as often as it may be
    assert (table[["truth_below", "truth_above"]].max() <= 0.055).all()


def test_where_none_is_no_surprise_only_one_side_can_be_missed() -> None:
    table = read_table()
    rare = table[table["note"] == NONE]
    assert len(rare) and (rare["truth_above"] <= 0.002).all()
    assert (rare["truth_below"] <= 0.025).all()


@pytest.mark.parametrize("name", ["few: 3 articles", "wire: 8 articles, half copies"])
def test_what_is_measured_at_once_is_what_compare_outlets_gives(name: str) -> None:
    design = DESIGNS[name]
    widths = [row["width"] for row in measure(name, [3, 4])]
    rows = [
        compare_outlets(draw_corpus(design, seed)[0], design.measure).loc[0]
        for seed in (3, 4)
    ]
    bounds = [
        row[high] - row[low]
        for row in rows
        for low, high in (("low", "high"), ("difference_low", "difference_high"))
    ]
    assert widths == pytest.approx(bounds)


def test_a_naive_interval_would_not() -> None:
    # The test can fail: with copies taken for articles of their own, it does.
    rows = []
    for seed in range(CORPORA):
        scores, rates = draw_corpus(DESIGNS["wire: 30 articles, half copies"], seed)
        copied = pd.concat(
            [scores, scores.assign(article_id=scores["article_id"] + "x")] * 2
        )
        copied = copied.assign(
            article_id=[str(i) for i in range(len(copied))], wire_of=None
        )
        row = compare_outlets(copied, "hedge_density").loc[0]
        rows.append(row["low"] <= 100 * rates["A"] <= row["high"])
    assert sum(rows) < 0.8 * CORPORA
