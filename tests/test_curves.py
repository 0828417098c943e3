"""Figures of corrections and of powers: what is drawn, and the empty road."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from simulate_correction import SCENARIOS

from framing.correct import correct_estimates
from framing.curves import plot_corrections, plot_visible_differences
from framing.figures import save_figure
from framing.plot import plot_outlets

matplotlib.use("Agg")


@pytest.fixture(autouse=True)
def no_figure_stays() -> Iterator[None]:
    yield
    plt.close("all")


def corrected() -> pd.DataFrame:
    """Three outlets corrected and one, F, without hand codes."""
    scores, hand = SCENARIOS[7].draw(2)
    kept = ["A", "B", "C", "F"]
    hand = hand[hand["outlet"].isin(kept[:-1])]
    return correct_estimates(scores[scores["outlet"].isin(kept)], hand, "anonymity")


def visible() -> pd.DataFrame:
    """X seen to be higher, Y not; of Y no lower rate is visible, of Z nothing."""
    nan = np.nan
    rows = [
        ("X", 90, 0.5, 0.3, 0.2, 0.1, 0.12),
        ("Y", 30, 0.25, 0.35, -0.1, 0.3, nan),
        ("Z", 1, 0.5, 0.3, 0.2, nan, nan),
    ]
    names = [
        "outlet", "n_articles", "estimate", "other", "difference", "visible_above",
        "visible_below",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names).assign(measure="anonymity", power=0.8)


def drawn(ax: Axes, marker: str) -> set[tuple[float, float]]:
    """Points of a marker, rounded; those that are NaN are not drawn."""
    points = [
        (round(float(x), 6), float(y))
        for line in ax.lines
        if line.get_marker() == marker
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    ]
    return {point for point in points if not np.isnan(point[0])}


def test_corrections_show_machine_hand_and_corrected() -> None:
    table = corrected()
    ax = plot_corrections(table, note="Constructed.")
    labels = [label.get_text() for label in ax.get_yticklabels()]
    # Without an estimate at the foot, the others by their estimate.
    assert labels[0] == "F  (n = 24, 0 by hand)"
    order = table.dropna(subset="estimate").sort_values("estimate")["outlet"]
    assert [label[0] for label in labels[1:]] == list(order)
    assert {x for x, _ in drawn(ax, "o")} == set(table["estimate"].dropna().round(6))
    assert {x for x, _ in drawn(ax, "s")} == set(table["machine"].round(6))
    assert {x for x, _ in drawn(ax, "x")} == set(table["hand"].dropna().round(6))
    words = ax.figure.get_supxlabel()
    assert "Constructed." in words and "95 % interval" in words


def test_the_forest_plot_of_outlets_draws_corrected_estimates() -> None:
    table = corrected()
    ax = plot_outlets(table)
    assert len(ax.get_yticks()) == len(table)
    assert ax.get_xlabel().startswith("Unnamed people as sources")


def test_visible_differences_have_bars_caps_and_what_was_found() -> None:
    ax = plot_visible_differences(visible())
    labels = [label.get_text()[0] for label in ax.get_yticklabels()]
    assert labels == ["Z", "Y", "X"]
    assert drawn(ax, "|") == {(0.3, 1), (0.1, 2), (-0.12, 2)}
    bars = {(round(b.get_x(), 6), round(b.get_width(), 6)) for b in ax.patches}
    # Y may fall to nothing, 35 points below, without being seen.
    assert bars == {(-0.35, 0.65), (-0.12, 0.22)}
    filled = [
        line
        for line in ax.lines
        if line.get_marker() == "D" and line.get_markerfacecolor() != "white"
    ]
    assert [list(line.get_ydata()) for line in filled] == [[2]]
    assert "fewer than 80% of corpora" in " ".join(ax.figure.get_supxlabel().split())


@pytest.mark.parametrize(
    ("plot", "table"),
    [(plot_corrections, corrected()), (plot_visible_differences, visible())],
)
def test_figures_are_the_same_to_the_byte_and_empty_ones_are_drawn(
    plot: Callable[[pd.DataFrame], Axes], table: pd.DataFrame, tmp_path
) -> None:
    first, again = (
        [p.read_bytes() for p in save_figure(plot(table), table, tmp_path / name)]
        for name in "ab"
    )
    assert first == again
    assert plot(table.iloc[:0]).texts[0].get_text() == "no articles"
