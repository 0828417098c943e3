"""Figures of differences and keyness: what they show, empty tables, same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from test_plot import NAMES, fake_scores, words_of

from framing.adjust import adjust_contrasts
from framing.compare import compare_outlets
from framing.differences import plot_differences, plot_keyness
from framing.events import match_contrasts
from framing.figures import save_figure
from framing.keyness import keyness


@pytest.fixture(autouse=True)
def _closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def tables() -> dict[str, pd.DataFrame]:
    scores = fake_scores().assign(event=[f"e{i % 12}" for i in range(48)])
    return {
        "raw": compare_outlets(scores, ["hedge_density", "anonymity"]),
        "adjusted": adjust_contrasts(scores, "hedge_density", covariates=["n_words"]),
        "same event": match_contrasts(scores, "hedge_density"),
    }


def hedges() -> tuple[pd.DataFrame, dict[str, str]]:
    rng = np.random.default_rng(0)
    cues = ["may", "could", "reportedly", "likely", "unclear"]
    rows = [
        (f"{group}{i}", cue)
        for group, leans in (("A", [5, 1, 1, 1, 1]), ("B", [1, 1, 5, 1, 1]))
        for i in range(30)
        for cue in rng.choice(cues, 4, p=np.array(leans) / 9)
    ]
    table = pd.DataFrame(rows, columns=["article_id", "text"])
    return table, {name: name[0] for name in table["article_id"]}


def test_every_method_is_drawn_beside_every_outlet() -> None:
    ax = plot_differences(tables(), "hedge_density", title="T", note="Constructed.")
    words = words_of(ax)
    for part in ("raw", "adjusted", "same event", "T", "Constructed.", "n = 12"):
        assert part in words
    assert "Adjusted for n_words (its logarithm)." in words
    assert len(ax.collections) == 3  # a set of bars a method
    labels = [t.get_text().replace("\n", " ") for t in ax.get_yticklabels()]
    raw = tables()["raw"]
    raw = raw[raw["measure"] == "hedge_density"].sort_values("difference")
    assert [label.split("  (")[0] for label in labels] == raw["outlet"].tolist()


def test_shares_differ_in_points_and_a_wide_interval_is_cut() -> None:
    raw = tables()["raw"]
    wide = raw.assign(difference_high=raw["difference_high"].where(raw.index > 1, 90))
    ax = plot_differences({"raw": wide}, "anonymity")
    assert "points" in ax.get_xlabel() and ax.get_xlim()[1] < 10
    assert ">" in [line.get_marker() for line in ax.lines]
    ends = [path.vertices for bars in ax.collections for path in bars.get_paths()]
    assert np.abs(np.concatenate(ends)[:, 0]).max() < 10


def test_filled_markers_are_the_adjusted_differences() -> None:
    raw = tables()["raw"]
    raw = raw[raw["measure"] == "anonymity"].assign(p_adjusted=[0.01, 0.2, np.nan, 0.2])
    ax = plot_differences({"raw": raw}, "anonymity")
    faces = {line.get_markerfacecolor(): len(line.get_xdata()) for line in ax.lines[1:]}
    faces.pop("none", None)
    assert faces["white"] == 3 and sum(faces.values()) >= 4


def test_keyness_shows_both_sides_with_counts_and_totals() -> None:
    table, groups = hedges()
    found = keyness(table, groups)
    ax = plot_keyness(found, group="A", items=2, title="Cues")
    labels = [t.get_text() for t in ax.get_yticklabels()]
    assert len(labels) <= 4
    assert labels[-1].startswith("may") and labels[0].startswith("reportedly")
    row = found.set_index(["group", "item"]).loc[("A", "may")]
    assert f"({row['n']:.0f} : {row['n_other']:.0f})" in labels[-1]
    words = words_of(ax)
    assert "Counted against 120 in A and 120 in the others" in words
    assert "the same" in words and "× 2" in words


def test_empty_tables_say_so_and_a_given_axes_is_drawn_on() -> None:
    table, groups = hedges()
    found = keyness(table, groups)
    assert "no articles" in words_of(plot_keyness(found[:0]))
    assert "no articles" in words_of(plot_keyness(found, group="Z"))
    assert "no articles" in words_of(plot_differences({}, "anonymity"))
    nothing = {"raw": tables()["raw"][:0]}
    assert "no articles" in words_of(plot_differences(nothing, "anonymity"))
    _, (left, right) = plt.subplots(1, 2, figsize=(14, 5))
    assert plot_keyness(found, left) is left
    assert plot_differences(tables(), "hedge_density", right) is right


def test_saved_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    table, groups = hedges()
    found = keyness(table, groups)
    for draw in (
        lambda: plot_keyness(found),
        lambda: plot_differences(tables(), "hedge_density"),
    ):
        one, two = (
            save_figure(draw(), found, tmp_path / name / "a") for name in ("1", "2")
        )
        assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
    assert set(NAMES) == set(tables()["raw"]["outlet"])
