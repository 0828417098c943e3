"""Sentences of figures: a difference is told only where its interval supports it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_curves import corrected, visible
from test_plot import NAMES, fake_scores
from test_relay_table import wide_table

from framing.compare import compare_outlets
from framing.relay_table import NO_NAME
from framing.score import MEASURES
from framing.takeaways import (
    find_seen,
    list_names,
    measure_phrase,
    summarise_contrasts,
    summarise_corrections,
    summarise_keyness,
    summarise_relays,
    summarise_shares,
    summarise_visible,
)


def contrasts(**columns: object) -> pd.DataFrame:
    rows = compare_outlets(fake_scores(), "hedge_density")
    return rows.assign(**columns)


def test_those_that_differ_are_named_the_surest_first() -> None:
    rows = contrasts(p_adjusted=[0.04, 0.001, 0.2, 0.03], difference=[2, -1, 3, 4])
    rows = rows.assign(difference_low=rows["difference"] - 0.5)
    rows = rows.assign(difference_high=rows["difference"] + 0.25)
    names = rows["outlet"].tolist()
    assert summarise_contrasts(rows) == (
        f"Hedges per 100 words: {names[3]} is above the others by 4.00 [3.50, 4.25], "
        f"and so is {names[0]}; {names[1]} is below by 1.00 [0.75, 1.50]"
    )


def test_without_support_no_outlet_is_told_from_the_others() -> None:
    # Estimates far apart, but no p below the level: no name in the sentence.
    words = summarise_contrasts(contrasts(p_adjusted=0.051))
    assert words == "No outlet can be told from the others by its hedges per 100 words"
    nothing = contrasts(difference_low=np.nan, p_adjusted=np.nan)
    assert summarise_contrasts(nothing).startswith("Too few articles to compare")


def test_a_reference_is_named() -> None:
    rows = compare_outlets(fake_scores(), "hedge_density", reference=NAMES[0])
    assert f"above {NAMES[0]} by" in summarise_contrasts(rows)


def test_every_name_of_the_sentence_has_an_interval_without_zero() -> None:
    rows = compare_outlets(fake_scores(), ["hedge_density", "anonymity"])
    for _, part in rows.groupby("measure"):
        words = summarise_contrasts(part)
        for row in part.itertuples():
            if row.outlet in words:
                assert row.difference_low > 0 or row.difference_high < 0


def shares(first: tuple[float, ...], second: tuple[float, ...]) -> pd.DataFrame:
    rows = [("modal", *first, 90), ("hearsay", *second, 90)]
    return pd.DataFrame(rows, columns=["type", "share", "low", "high", "total"])


def test_the_most_frequent_type_needs_intervals_apart() -> None:
    apart = shares((0.6, 0.5, 0.7), (0.3, 0.2, 0.4))
    words = summarise_shares(apart, "type of hedge", "hedges")
    assert words.startswith("The most frequent type of hedge is modal: 60% [50%, 70%]")
    touching = shares((0.5, 0.4, 0.6), (0.4, 0.3, 0.5))
    words = summarise_shares(touching, "type of hedge", "hedges")
    assert words.startswith(
        "No type of hedge is clearly the most frequent of 90 hedges"
    )
    unknown = shares((0.6, np.nan, np.nan), (0.4, np.nan, np.nan))
    assert "No type" in summarise_shares(unknown, "type of hedge", "hedges")
    none = shares((np.nan,) * 3, (np.nan,) * 3)
    assert summarise_shares(none, "type of hedge", "hedges") == (
        "There are no hedges to divide"
    )


def test_relays_are_told_as_counts_and_ties_as_ties() -> None:
    words = summarise_relays(wide_table(2))
    assert words == (
        "Of 4 relayed statements in 404 articles, 2 came through Paper A, more than "
        "through any other named outlet"
    )
    tied = wide_table(2).assign(n_statements=[2, 2, 1, 0])
    assert summarise_relays(tied).endswith("2 came through Paper A and Paper B, each")
    assert "none came" in summarise_relays(tied[tied["relayed"] == NO_NAME])
    none = tied[tied["relayed"].isna()]
    assert summarise_relays(none).startswith("No statement of 3 articles came through")


def test_of_many_items_only_those_beyond_chance_are_named() -> None:
    z = [2.0, -2.5, *[0.1] * 38]
    rows = pd.DataFrame({"item": [f"i{i}" for i in range(40)], "z_clustered": z})
    rows = rows.assign(log_odds=rows["z_clustered"] / 2, low=0.1, high=0.2)
    # 2.5 is beyond 1.96, but not beyond what the largest of 40 reaches by chance.
    assert summarise_keyness(rows, "X") == "Of 40 items none tells X from the others"
    rows.loc[0, ["z_clustered", "log_odds", "low", "high"]] = [4.0, 2.0, 1.0, 3.0]
    assert summarise_keyness(rows, "X") == (
        "X has i0 more often, at 7.4 times the odds [2.7, 20.1]"
    )


def test_the_machine_outside_the_interval_is_named() -> None:
    table = corrected()
    assert summarise_corrections(table).startswith("In all of the 3 outlets")
    off = table.assign(machine=table["machine"].where(table["outlet"] != "B", 2.0))
    assert summarise_corrections(off).startswith("In 1 of 3 outlets")
    assert summarise_corrections(off).endswith(": B")
    unknown = table.assign(low=np.nan)
    assert summarise_corrections(unknown).startswith("Too few articles coded by hand")


def test_visible_differences_are_counted_as_the_figure_fills_them() -> None:
    assert find_seen(visible()).tolist() == [True, False, False]
    assert "differ by 10 to 30 points" in summarise_visible(visible())
    assert summarise_visible(visible()).endswith("1 of 3 were found to")
    nothing = visible().assign(visible_above=np.nan, visible_below=np.nan)
    assert summarise_visible(nothing).startswith("No difference")


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_reads_inside_a_sentence(name: str) -> None:
    phrase = measure_phrase(MEASURES[name])
    assert phrase[0].islower() and ", share" not in phrase


def test_names_are_joined() -> None:
    assert list_names([]) == "" and list_names(["X"]) == "X"
    assert list_names(["X", "Y"]) == "X and Y"
