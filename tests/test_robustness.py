"""Specification curves: every row by hand or by the comparison it stands for."""

from __future__ import annotations

import math

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from framing.annotate import DEFAULT_CODER
from framing.annotations import HEDGE_TYPES
from framing.compare import compare_outlets
from framing.curves import plot_specifications
from framing.figures import save_figure
from framing.robustness import (
    CHOICES,
    counted_choices,
    specification_curve,
    summarise_specifications,
)
from framing.score import MEASURES

matplotlib.use("Agg")


def corpus(seed: int = 0, *, size: int = 24) -> pd.DataFrame:
    """Three outlets with hedges, people, copies of wire stories and two units."""
    rng = np.random.default_rng(seed)
    outlets = np.repeat(["X", "Y", "Z"], size)
    n = len(outlets)
    types = {f"n_hedges_{kind}": rng.poisson(1, n) for kind in HEDGE_TYPES}
    hedges = np.sum([*types.values()], axis=0)
    quoted = rng.binomial(hedges, 0.2)
    own = rng.binomial(hedges - quoted, 0.5)
    ids = np.array([f"a{i:03d}" for i in range(n)])
    people = rng.poisson(4, n)
    unnamed = rng.binomial(people, np.where(outlets == "X", 0.5, 0.25))
    public = rng.binomial(unnamed, 0.3)
    strict = rng.binomial(unnamed - public, 0.5)
    counts = types | {
        "n_hedges": hedges,
        "n_hedges_conditional": rng.poisson(1, n),
        "n_hedges_approximator": rng.poisson(1, n),
        "n_hedges_outlet": own,
        "n_hedges_quoted": quoted,
        "n_words": rng.integers(100, 600, n),
        "n_people": people,
        "n_unnamed": unnamed,
        "n_unnamed_public": public,
        "n_unnamed_strict": strict,
    }
    wire = [ids[i - 1] if i % 5 == 4 else None for i in range(n)]
    unit = np.where(rng.random(n) < 0.7, "full", "lead")
    about = {"article_id": ids, "outlet": outlets, "wire_of": wire, "unit": unit}
    return pd.DataFrame(about | counts)


def chosen(curve: pd.DataFrame, **choices: str) -> pd.Series:
    rows = curve
    for name, value in choices.items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


DEFAULT = {
    "counted": "broad",
    "wire": "copies kept",
    "unit": "full",
    "weighting": "totals pooled",
    "minimum": "1 or more",
}


def test_each_combination_stands_once_and_the_default_first() -> None:
    curve = specification_curve(corpus(), "hedge_density", "X")
    # 10 ways to count, 2 of wire, 1 coder, 2 units, 2 weightings, 3 minima.
    assert len(curve) == 10 * 2 * 2 * 2 * 3
    assert not curve[list(CHOICES)].duplicated().any()
    assert np.flatnonzero(curve["is_default"]).tolist() == [0]
    assert curve.loc[0, "counted"] == "six types"


def test_the_default_is_the_comparison_of_outlets() -> None:
    scores = corpus()
    row = specification_curve(scores, "anonymity", "X").iloc[0]
    full = scores[scores["unit"] == "full"]
    expected = compare_outlets(full, "anonymity").set_index("outlet").loc["X"]
    for column in ("estimate", "difference", "difference_low", "difference_high", "p"):
        assert row[column] == pytest.approx(expected[column]), column
    assert row["n_articles"] == expected["n_articles"]


def test_copies_dropped_and_leads_are_parts_of_the_table() -> None:
    scores = corpus()
    curve = specification_curve(scores, "anonymity", "X", reference="Z")
    row = chosen(curve, **DEFAULT | {"wire": "copies dropped", "unit": "lead"})
    part = scores[scores["wire_of"].isna() & (scores["unit"] == "lead")]
    expected = compare_outlets(part, "anonymity", reference="Z").set_index("outlet")
    assert row["difference"] == pytest.approx(expected.loc["X", "difference"])
    assert row["p"] == pytest.approx(expected.loc["X", "p"])
    assert row["reference"] == "Z"


def test_numerators_are_sums_of_columns_by_hand() -> None:
    scores = corpus()
    curve = specification_curve(scores, "anonymity", "X")
    row = chosen(curve, **DEFAULT | {"counted": "without the public"})
    mine = scores[(scores["unit"] == "full") & (scores["outlet"] == "X")]
    unnamed = mine["n_unnamed"].sum() - mine["n_unnamed_public"].sum()
    assert row["estimate"] == pytest.approx(unnamed / mine["n_people"].sum())
    hedges = specification_curve(scores, "hedge_density", "X")
    for name, column in (
        ("no modal", "n_hedges_modal"),
        ("no quoted voice", "n_hedges_quoted"),
    ):
        row = chosen(hedges, **DEFAULT | {"counted": name})
        left = mine["n_hedges"].sum() - mine[column].sum()
        assert row["estimate"] == pytest.approx(100 * left / mine["n_words"].sum())


def test_articles_alike_is_the_mean_of_articles() -> None:
    scores = corpus()
    curve = specification_curve(scores, "anonymity", "X")
    row = chosen(curve, **DEFAULT | {"weighting": "articles alike"})
    full = scores[(scores["unit"] == "full") & (scores["n_people"] > 0)]
    share = (full["n_unnamed"] / full["n_people"]).groupby(full["outlet"] == "X").mean()
    assert row["estimate"] == pytest.approx(share[True])
    assert row["difference"] == pytest.approx(share[True] - share[False])


def test_the_minimum_leaves_outlets_out_and_may_leave_out_the_outlet_itself() -> None:
    scores = corpus()
    scores = scores[(scores["outlet"] != "Z") | (scores.index % 8 == 0)]
    few = specification_curve(scores, "anonymity", "Z", minima=(1, 5))
    first = chosen(few, **DEFAULT)
    assert first["n_articles"] > 0 and np.isfinite(first["difference"])
    assert np.isnan(chosen(few, **DEFAULT | {"minimum": "5 or more"})["difference"])
    many = specification_curve(scores, "anonymity", "X", minima=(1, 5))
    assert chosen(many, **DEFAULT)["n_outlets"] == 2
    assert chosen(many, **DEFAULT | {"minimum": "5 or more"})["n_outlets"] == 1


def test_coders_are_apart_and_the_first_given_is_the_default() -> None:
    own, other = corpus(0), corpus(1)
    both = pd.concat([other.assign(coder="b"), own.assign(coder=DEFAULT_CODER)])
    table = specification_curve(both, "anonymity", "X")
    assert table.loc[0, "coder"] == DEFAULT_CODER
    assert len(table) == 3 * 2 * 2 * 2 * 2 * 3
    given = specification_curve({"b": other, "l": own}, "anonymity", "X")
    assert given.loc[0, "coder"] == "b"
    alone = specification_curve(other, "anonymity", "X")
    assert given.loc[0, "difference"] == alone.loc[0, "difference"]
    assert alone.loc[0, "coder"] == "as scored"


def test_columns_that_the_table_lacks_are_no_choice() -> None:
    scores = corpus().drop(columns=["n_unnamed_public", "wire_of", "unit"])
    curve = specification_curve(scores, "anonymity", "X")
    assert set(curve["counted"]) == {"broad", "strict"}
    assert set(curve["unit"]) == {"all"}


def test_order_of_rows_changes_nothing() -> None:
    scores = corpus()
    curve = specification_curve(scores, "hedge_density", "X")
    again = specification_curve(
        scores.sample(frac=1, random_state=4), "hedge_density", "X"
    )
    pd.testing.assert_frame_equal(curve, again, check_exact=True)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_first_choice_is_the_measure_itself(measure: str) -> None:
    first, *_ = counted_choices(MEASURES[measure]).values()
    assert first == {MEASURES[measure].numerator: 1}


def test_empty_and_wrong() -> None:
    scores = corpus()
    curve = specification_curve(scores.iloc[:0], "anonymity", "X")
    full = specification_curve(scores, "anonymity", "X")
    assert curve.empty and (curve.dtypes == full.dtypes).all()
    assert "nothing to compare" in summarise_specifications(curve)
    assert plot_specifications(curve).texts[0].get_text() == "no articles"
    plt.close("all")
    with pytest.raises(ValueError, match="X, Y, Z"):
        specification_curve(scores, "anonymity", "W")
    with pytest.raises(ValueError, match="anonymity"):
        specification_curve(scores, "bareness", "X")


# --- in words -----------------------------------------------------------------------


def curve_of(*differences: tuple[float, float, float]) -> pd.DataFrame:
    """One specification a triple: difference, low, high; the first is the default."""
    names = ["difference", "difference_low", "difference_high"]
    rows = pd.DataFrame(differences, columns=names)
    n = len(rows)
    rows = rows.assign(outlet="X", reference="Y", measure="hedge_density")
    rows["is_default"] = [True] + [False] * (n - 1)
    rows["wire"] = ["copies kept"] + ["copies dropped"] * (n - 1)
    return rows[["outlet", "reference", "measure", "is_default", "wire", *names]]


def test_summary_counts_signs_and_intervals() -> None:
    nan = math.nan
    curve = curve_of(
        (-0.4, -0.6, -0.2), (-0.1, -0.3, 0.1), (0.3, 0.1, 0.5), (nan, nan, nan)
    )
    assert summarise_specifications(curve) == (
        "X is below Y in 2 of 3 specifications, and the interval leaves out 0 in 1. "
        "The difference is -0.40 [-0.60, -0.20] by default, and -0.40 to 0.30 over "
        "all. In 1 the interval leaves out 0 on the other side. The sign holds least "
        "under wire: copies dropped (50% of those). 1 could not be computed."
    )


def test_summary_of_no_difference_and_of_none_by_default() -> None:
    level = summarise_specifications(curve_of((0.0, -0.1, 0.1), (0.0, -0.2, 0.2)))
    assert level.startswith("X is level with Y in 2 of 2")
    absent = curve_of((math.nan, math.nan, math.nan), (0.1, 0.0, 0.2))
    assert "nothing to compare" in summarise_specifications(absent)


# --- drawn --------------------------------------------------------------------------


def test_the_figure_shows_every_choice_and_marks_the_default(tmp_path) -> None:
    curve = specification_curve(corpus(), "anonymity", "X", minima=(1, 5))
    ax = plot_specifications(curve, note="Constructed.")
    upper, lower = ax.figure.axes
    assert upper is ax
    labels = [label.get_text() for label in lower.get_yticklabels()]
    assert labels[:3] == ["broad", "strict", "without the public"]
    assert {"full", "lead", "totals pooled", "5 or more"} <= set(labels)
    assert "coder" not in {text.get_text() for text in lower.texts}
    diamonds = [line for line in upper.lines if line.get_marker() == "D"]
    assert len(diamonds) == 1
    known = curve[curve["difference"].notna()]
    rank = (known["difference"] < curve.loc[0, "difference"]).sum()
    assert diamonds[0].get_xdata()[0] == pytest.approx(rank, abs=3)
    assert "X is above all others" in ax.figure.get_suptitle()
    first = [path.read_bytes() for path in save_figure(ax, curve, tmp_path / "a")]
    again = plot_specifications(curve, note="Constructed.")
    assert first == [p.read_bytes() for p in save_figure(again, curve, tmp_path / "b")]
    plt.close("all")
