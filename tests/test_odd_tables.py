"""Any table of counts, however thin, passes through corrections, curves and powers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.correct import correct_estimates
from framing.power import plan_sample, smallest_visible_difference
from framing.regression import correct_regression
from framing.robustness import specification_curve, summarise_specifications

PARTS = {
    "anonymity": ("n_unnamed", "n_people"),
    "source_count": ("n_sources", "n_articles"),
    "hedge_density": ("n_hedges", "n_words"),
}


@st.composite
def tables(draw: st.DrawFn, measure: str) -> pd.DataFrame:
    """Up to nine articles of three outlets: zeros, unknown counts, copies."""
    n = draw(st.integers(0, 9))
    top, bottom = PARTS[measure]
    most = st.lists(st.sampled_from([0, 0, 1, 2, 7, 300]), min_size=n, max_size=n)
    below = draw(most)
    above = [min(a, b) for a, b in zip(draw(most), below, strict=True)]
    ids = [f"a{i}" for i in range(n)]
    wire = draw(st.lists(st.sampled_from([None, None, *ids]), min_size=n, max_size=n))
    table = pd.DataFrame(
        {
            "article_id": pd.Series(ids, dtype="str"),
            "outlet": pd.Series(
                draw(st.lists(st.sampled_from("XYZ"), min_size=n, max_size=n)),
                dtype="str",
            ),
            "wire_of": pd.Series(wire, dtype="str"),
            top: pd.Series(above, dtype="Int64"),
            bottom: pd.Series(below if bottom != "n_articles" else 1, range(n)),
        }
    ).astype({bottom: "Int64"})
    if n and draw(st.booleans()):
        table.loc[draw(st.integers(0, n - 1)), top] = pd.NA
    return table


@pytest.mark.parametrize("measure", PARTS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_corrections_never_fail_and_keep_their_shape(
    measure: str, data: st.DataObject
) -> None:
    scores = data.draw(tables(measure))
    top, _ = PARTS[measure]
    chosen = data.draw(
        st.lists(st.booleans(), min_size=len(scores), max_size=len(scores))
    )
    hand = scores[np.array(chosen, dtype=bool)].assign(inclusion_probability=0.5)
    hand = hand.assign(**{top: 0}) if data.draw(st.booleans()) else hand
    table = correct_estimates(scores, hand, measure)
    assert table["outlet"].tolist() == sorted(set(scores["outlet"]))
    inside = table.dropna(subset="low")
    assert (inside["low"] >= 0).all() and (inside["low"] <= inside["high"]).all()
    assert table.loc[table["n_hand"] < 2, "estimate"].isna().all()
    terms = correct_regression(scores, hand, measure, ["outlet"])
    assert terms["term"].iloc[0] == "intercept"


@pytest.mark.parametrize("measure", PARTS)
@settings(max_examples=25, deadline=None)
@given(st.data())
def test_curves_and_powers_never_fail_and_keep_their_shape(
    measure: str, data: st.DataObject
) -> None:
    scores = data.draw(tables(measure))
    names = sorted(set(scores["outlet"]))
    visible = smallest_visible_difference(scores, measure, repeats=3)
    assert visible["outlet"].tolist() == names
    assert not (visible[["visible_above", "visible_below"]] <= 0).any(axis=None)
    plan = plan_sample(scores, measure, target_width=0.5)
    known = plan.dropna(subset="n_hand")
    assert (known["n_hand"] <= known["n_articles"]).all()
    curve = specification_curve(
        scores, measure, names[0] if names else "X", minima=(1, 2)
    )
    assert summarise_specifications(curve).endswith(".")
    assert len(curve) == 0 if not names else curve["is_default"].sum() == 1
