"""Figures: what they show, empty tables, no style left behind, the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from framing.annotations import HEDGE_TYPES, SOURCE_ROLES, VOICES
from framing.compare import compare_outlets
from framing.figures import COLOURS, outlet_styles, save_figure
from framing.plot import plot_outlets
from framing.score import MEASURES
from framing.timeline import plot_timeline
from framing.type_plot import POOLED, TYPES, plot_types, type_shares

NAMES = (
    "Aurora Wire", "Meridian Network",
    "The Chronicle of the Western Provinces and Islands", "Harbour Gazette",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _closed_figures() -> Iterator[None]:
    before = dict(mpl.rcParams)
    yield
    plt.close("all")
    assert dict(mpl.rcParams) == before


def fake_scores(seed: int = 0, *, n_articles: int = 12) -> pd.DataFrame:
    """Articles with every count that the figures ask for; rates rise by outlet."""
    rng = np.random.default_rng(seed)
    outlets = np.repeat(NAMES, n_articles)
    n = len(outlets)
    hedges = rng.poisson(2 + 3 * np.repeat(range(len(NAMES)), n_articles))
    unnamed = rng.integers(0, 4, n)
    days = pd.to_timedelta(rng.integers(0, 70, n), unit="D")
    table = pd.DataFrame(
        {
            "article_id": [f"a{i}" for i in range(n)],
            "outlet": outlets,
            "published": pd.Timestamp("2025-11-03") + days,
            "n_words": rng.integers(150, 400, n),
            "n_hedges": hedges,
            "n_unnamed": unnamed,
            "n_people": unnamed + rng.integers(1, 4, n),
        }
    )
    for total, kinds, stem in (
        (hedges, HEDGE_TYPES, "n_hedges"),
        (hedges, VOICES, "n_hedges"),
        (unnamed, SOURCE_ROLES, "n_unnamed"),
    ):
        parts = rng.multinomial(total, np.full(len(kinds), 1 / len(kinds)))
        table[[f"{stem}_{kind}" for kind in kinds]] = parts
    return table


def words_of(ax: Axes) -> str:
    """Every word in the figure, drawn once so that nothing warns."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()
    texts = figure.findobj(lambda artist: hasattr(artist, "get_text"))
    return "\n".join(text.get_text() for text in texts)  # type: ignore[attr-defined]


# --- outlets ---------------------------------------------------------------------


def test_outlets_are_sorted_with_n_and_interval_beside_them() -> None:
    contrasts = compare_outlets(fake_scores(), ["hedge_density", "anonymity"])
    ax = plot_outlets(contrasts, title="A sentence", note="Constructed articles.")
    names = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert names == [f"{name}  (n = 12)" for name in NAMES]
    words = words_of(ax)
    assert "A sentence" in words and "Constructed articles." in words
    assert MEASURES["hedge_density"].definition.rstrip(".") in words
    assert ax.get_xlabel() == "Hedges per 100 words"
    row = contrasts.iloc[0]
    assert f"{row.estimate:.2f} [{row.low:.2f}, {row.high:.2f}]" in words
    pooled = fake_scores()[["n_hedges", "n_words"]].sum()
    value = 100 * pooled["n_hedges"] / pooled["n_words"]
    assert f"all outlets: {value:.2f}" in words


def test_another_measure_and_a_reference_can_be_chosen() -> None:
    contrasts = compare_outlets(
        fake_scores(), ["hedge_density", "anonymity"], reference=NAMES[1]
    )
    words = words_of(plot_outlets(contrasts, measure="anonymity"))
    assert f"reference: {NAMES[1]}" in words and "%" in words
    assert f"differs from {NAMES[1]}" in words


def test_filled_markers_are_the_adjusted_differences() -> None:
    contrasts = compare_outlets(fake_scores(), "hedge_density")
    contrasts = contrasts.sort_values("estimate").assign(
        p_adjusted=[0.01, 0.2, np.nan, 0.049]
    )
    ax = plot_outlets(contrasts)
    markers = [line for line in ax.lines if line.get_marker() not in ("None", "", None)]
    faces = [line.get_markerfacecolor() for line in markers]
    assert [face == "white" for face in faces] == [False, True, True, False]


def test_missing_intervals_and_estimates_are_told() -> None:
    scores = fake_scores()
    scores.loc[scores["outlet"] == NAMES[0], ["n_people", "n_unnamed"]] = 0
    scores.loc[scores["outlet"] == NAMES[1], "n_unnamed"] = 0
    words = words_of(plot_outlets(compare_outlets(scores, "anonymity")))
    assert "0% [0%, " in words and "–" in words.splitlines()
    one = scores[scores["outlet"].ne(NAMES[2]) | ~scores["outlet"].duplicated()]
    words = words_of(plot_outlets(compare_outlets(one, "hedge_density")))
    assert "[no interval]" in words


def test_outlets_are_in_the_order_of_their_shrunken_estimates() -> None:
    # The one article that the first outlet has left is all hedges: it does not lead.
    scores = fake_scores()
    is_first = scores["outlet"] == NAMES[0]
    scores.loc[is_first, ["n_hedges", "n_words"]] = [2, 40]
    scores = scores[~is_first | ~scores["outlet"].duplicated()]
    contrasts = compare_outlets(scores, "hedge_density")
    by_estimate = contrasts.sort_values("estimate")["outlet"].tolist()
    ax = plot_outlets(contrasts)
    names = [t.get_text().replace("\n", " ") for t in ax.get_yticklabels()]
    shown = [name.split("  (")[0] for name in names]
    assert by_estimate[-1] == NAMES[0] and shown[-1] == NAMES[3]
    assert "drawn towards the mean" in words_of(ax).replace("\n", " ")


def test_styles_are_stable_by_name_and_distinct() -> None:
    assert outlet_styles(reversed(NAMES)) == outlet_styles(NAMES)
    many = outlet_styles([f"outlet {i}" for i in range(8)])
    assert {style.colour for style in many.values()} == {*COLOURS}
    assert len(outlet_styles([f"outlet {i}" for i in range(30)])) == 30
    assert outlet_styles([]) == {}


# --- types -----------------------------------------------------------------------


@pytest.mark.parametrize("what", TYPES)
def test_shares_sum_to_one(what: str) -> None:
    shares = type_shares(fake_scores(), what)
    by_outlet = shares.groupby("outlet")
    assert by_outlet["share"].sum().tolist() == pytest.approx([1] * 5)
    assert (by_outlet["n"].sum() == by_outlet["total"].first()).all()
    parts = shares[shares["outlet"] != POOLED]
    assert parts["n"].sum() == shares.loc[shares["outlet"] == POOLED, "n"].sum()
    assert (shares["low"] <= shares["share"]).all()
    assert (shares["share"] <= shares["high"]).all()
    ax = plot_types(fake_scores(), what=what)
    words = words_of(ax)
    assert "(n = 12)" in words and "all outlets  (n = 48)" in words
    assert len(ax.collections) == 2 * len(TYPES[what].columns)  # bars and points each


def test_intervals_of_shares_are_those_of_any_share() -> None:
    scores = fake_scores()
    shares = type_shares(scores, "roles").set_index(["outlet", "type"])
    # A share of unnamed officials among the unnamed, by the road of every measure.
    as_measure = scores.assign(
        n_unnamed_strict=scores["n_unnamed_official"], n_people=scores["n_unnamed"]
    )
    for row in compare_outlets(as_measure, "anonymity_strict").itertuples():
        found = shares.loc[(row.outlet, "official")]
        assert found["share"] == pytest.approx(row.estimate)
        assert found[["low", "high"]].tolist() == pytest.approx([row.low, row.high])


def test_shares_of_two_coders_are_not_pooled() -> None:
    scores = fake_scores().assign(coder=["x", "y"] * 24)
    with pytest.raises(ValueError, match="several coders"):
        plot_types(scores)


def test_group_without_any_is_undefined_and_says_none() -> None:
    scores = fake_scores()
    roles = [f"n_unnamed_{role}" for role in SOURCE_ROLES]
    scores.loc[scores["outlet"] == NAMES[2], roles] = 0
    shares = type_shares(scores, "roles").set_index("outlet")["share"]
    assert shares[NAMES[2]].isna().all()
    ax = plot_types(scores, what="roles")
    assert words_of(ax).splitlines().count("none") == len(SOURCE_ROLES)
    assert len(ax.get_yticks()) == 5


def test_unknown_voices_are_left_out() -> None:
    scores = fake_scores().astype({f"n_hedges_{v}": "Int64" for v in VOICES})
    scores.loc[0, [f"n_hedges_{v}" for v in VOICES]] = pd.NA
    shares = type_shares(scores, "voices").set_index("outlet")
    assert shares.loc[NAMES[0], "n_articles"].tolist() == [11] * 3


def test_unknown_types_name_the_known_ones() -> None:
    with pytest.raises(ValueError, match="roles, hedges, voices"):
        type_shares(fake_scores(), "colours")


def test_constructed_articles_are_marked_by_themselves() -> None:
    scores = fake_scores().assign(constructed=True)
    assert "Constructed articles." in words_of(plot_types(scores))
    assert "Constructed" in words_of(plot_timeline(scores, "anonymity"))
    assert "Constructed" not in words_of(plot_types(fake_scores()))


# --- weeks -----------------------------------------------------------------------


def test_timeline_counts_articles_and_breaks_at_empty_weeks() -> None:
    scores = fake_scores()
    empty = scores["published"].between("2025-11-24", "2025-11-30")
    ax = plot_timeline(scores[~empty], "hedge_density")
    line = ax.lines[0].get_ydata()
    assert np.isnan(np.asarray(line, dtype=float)).tolist().index(True) == 3
    first = scores["published"] < "2025-11-10"
    counts = [t.get_text() for t in ax.texts]
    assert counts[:2] == ["n", str(first.sum())]
    assert ax.get_ylabel() == "Hedges per 100 words"


def test_timeline_of_groups_has_a_line_each() -> None:
    ax = plot_timeline(fake_scores(), "anonymity", by="outlet")
    words = words_of(ax)
    assert all(name in words for name in NAMES)
    assert ax.get_legend() is not None


def test_one_article_draws_without_an_interval() -> None:
    ax = plot_timeline(fake_scores()[:1], "hedge_density")
    words_of(ax)
    assert ax.lines[-1].get_markerfacecolor() == "white"


# --- every figure ------------------------------------------------------------------


def test_empty_tables_say_so() -> None:
    scores = fake_scores()[:0]
    contrasts = compare_outlets(scores, "hedge_density")
    for ax in (
        plot_outlets(contrasts, title="None"),
        plot_types(scores),
        plot_timeline(scores, "hedge_density"),
    ):
        assert "no articles" in words_of(ax)


def test_a_given_axes_is_drawn_on() -> None:
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(20, 5))
    contrasts = compare_outlets(fake_scores(), "hedge_density")
    assert plot_outlets(contrasts, left, title="Left") is left
    assert plot_types(fake_scores(), middle) is middle
    assert plot_timeline(fake_scores(), "anonymity", right) is right
    assert left.get_title(loc="left") == "Left"
    assert len(plt.get_fignums()) == 1 and len(figure.axes) == 3


def test_saved_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    contrasts = compare_outlets(fake_scores(), "hedge_density")
    written = [
        save_figure(plot_outlets(contrasts), contrasts, tmp_path / name / "a.b")
        for name in ("one", "two")
    ]
    names = ["a.b.png", "a.b.svg", "a.b.csv", "a.b.md"]
    assert [p.name for p in written[0]] == names
    for first, second in zip(*written, strict=True):
        assert first.read_bytes() == second.read_bytes()
    again = pd.read_csv(written[0][2])
    pd.testing.assert_frame_equal(again, contrasts, check_dtype=False)
    assert save_figure(plot_outlets(contrasts), contrasts, tmp_path / "x.png")[1] == (
        tmp_path / "x.svg"
    )
