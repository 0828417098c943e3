"""Adjusted contrasts: truth by construction, statsmodels, what cannot be adjusted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

from framing.adjust import adjust_contrasts
from framing.compare import compare_outlets


def corpus(seed: int = 0, *, size: int = 60) -> pd.DataFrame:
    """Outlets of one rate, of which A writes more in the week of many hedges."""
    rng = np.random.default_rng(seed)
    rows = []
    for outlet, lean in (("A", 0.8), ("B", 0.2), ("C", 0.2)):
        for number in range(size):
            late = rng.random() < lean
            words = int(rng.integers(100, 500))
            rate = 0.02 * (3.0 if late else 1.0)
            people = int(rng.integers(0, 6))
            rows.append(
                (
                    f"{outlet}{number}",
                    outlet,
                    "2026-01-06" if late else "2025-12-30",
                    words,
                    int(rng.poisson(rate * words)),
                    people,
                    int(rng.binomial(people, 0.6 if late else 0.2)),
                    "full",
                )
            )
    names = ["article_id", "outlet", "published", "n_words", "n_hedges", "n_people"]
    return pd.DataFrame(rows, columns=[*names, "n_unnamed", "unit"])


@pytest.mark.parametrize("measure", ["hedge_density", "anonymity"])
def test_what_the_week_explains_is_no_difference(measure: str) -> None:
    scores = corpus()
    raw = compare_outlets(scores, measure).loc[0]
    adjusted = adjust_contrasts(scores, measure).loc[0]
    assert raw["p"] < 0.001 and raw["difference_low"] > 0
    assert adjusted["p"] > 0.05
    assert abs(adjusted["difference"]) < 0.3 * raw["difference"]
    assert adjusted["low"] < adjusted["estimate"] < adjusted["high"]


def test_columns_are_those_of_the_raw_contrasts() -> None:
    scores = corpus()
    raw = compare_outlets(scores, "hedge_density")
    adjusted = adjust_contrasts(scores, ["hedge_density", "anonymity"])
    shared = [name for name in raw.columns if not name.startswith("shrunk")]
    assert list(adjusted.columns) == [*shared, "adjusted_for"]
    assert adjusted["outlet"].tolist() == list("AABBCC")
    first = adjusted[adjusted["measure"] == "hedge_density"].reset_index(drop=True)
    for name in ("outlet", "n_articles", "n_clusters", "numerator", "denominator"):
        assert first[name].tolist() == raw[name].tolist()


def test_without_covariates_it_is_the_raw_estimate() -> None:
    scores = corpus()
    for measure in ("hedge_density", "anonymity"):
        raw = compare_outlets(scores, measure, reference="B")
        same = adjust_contrasts(scores, measure, covariates=[], reference="B")
        for name in ("estimate", "difference"):
            assert same[name].to_numpy() == pytest.approx(
                raw[name].to_numpy(), nan_ok=True
            )
        # Intervals are of nearly the same width: jackknife and leverage agree.
        width = (same["high"] - same["low"]) / (raw["high"] - raw["low"])
        assert width.between(0.95, 1.08).all()


def test_estimates_are_the_means_of_the_model() -> None:
    # By hand: coefficients of statsmodels, the mean of predictions over all articles.
    scores = corpus()
    late = (scores["published"] > "2026-01-01").astype(float).to_numpy()
    outlets = np.array([scores["outlet"] == name for name in "ABC"], float).T
    columns = np.column_stack([outlets, late])
    words = scores["n_words"].to_numpy(float)
    offset = np.log(words)
    model = GLM(scores["n_hedges"], columns, families.Poisson(), offset=offset)
    beta = np.asarray(model.fit().params)
    means = [
        100 * (np.exp(beta[i] + beta[3] * late) * words).sum() / words.sum()
        for i in range(3)
    ]
    found = adjust_contrasts(scores, "hedge_density", covariates=["week"])
    assert found["estimate"].to_numpy() == pytest.approx(means, rel=1e-6)


def test_the_sentence_says_what_was_adjusted_for() -> None:
    scores = corpus()
    said = adjust_contrasts(
        scores, "hedge_density", covariates=["week", "n_words", "unit", "genre"]
    )["adjusted_for"]
    assert set(said) == {
        "Adjusted for week (2 levels), n_words (its logarithm). Not for unit (the "
        "same in all articles), genre (no such column)."
    }


def test_a_covariate_that_is_the_outlet_cannot_be_adjusted_for() -> None:
    scores = corpus().assign(desk=lambda s: "desk " + s["outlet"])
    found = adjust_contrasts(scores, "hedge_density", covariates=["desk"])
    assert "desk (cannot be told from outlet and the rest)" in found.loc[0].adjusted_for
    plain = adjust_contrasts(scores, "hedge_density", covariates=[])
    assert found["estimate"].to_numpy() == pytest.approx(plain["estimate"].to_numpy())


def test_missing_values_are_a_level_of_their_own() -> None:
    scores = corpus().astype({"n_words": "Int64"})
    scores.loc[::7, "published"] = None
    scores = scores.assign(age=np.arange(len(scores), dtype=float))
    scores.loc[::5, "age"] = np.nan
    found = adjust_contrasts(scores, "anonymity", covariates=["week", "age"])
    assert found["n_articles"].sum() == len(scores)
    assert "week (3 levels), age (linear)" in found.loc[0, "adjusted_for"]
    assert found["estimate"].notna().all()


def test_none_or_all_has_no_estimate_and_spoils_no_other() -> None:
    scores = corpus()
    zero = scores.assign(
        n_unnamed=scores["n_unnamed"].where(scores["outlet"] != "A", 0)
    )
    every = scores.assign(
        n_unnamed=scores["n_unnamed"].where(scores["outlet"] != "A", scores["n_people"])
    )
    rest = adjust_contrasts(scores[scores["outlet"] != "A"], "anonymity")
    for table in (zero, every):
        found = adjust_contrasts(table, "anonymity")
        columns = ["estimate", "low", "difference", "p", "p_adjusted"]
        assert found.loc[0, columns].isna().all()
        assert found.loc[0, "note"].startswith("all or none")
        assert found.loc[0, "numerator"] == table["n_unnamed"][:60].sum()
        for name in ("estimate", "difference_low", "p"):
            assert found[name][1:].to_numpy() == pytest.approx(rest[name].to_numpy())


def test_a_level_without_events_separates_nothing() -> None:
    # Nobody hedges in the first week of four: that week joins the rarer ones.
    scores = corpus()
    quiet = scores.index % 4 == 0
    scores.loc[quiet, "n_hedges"] = 0
    scores.loc[quiet, "published"] = "2025-12-01"
    found = adjust_contrasts(scores, "hedge_density")
    assert np.isfinite(found["estimate"]).all() and (found["high"] < 20).all()


def test_one_article_an_outlet_and_an_empty_table() -> None:
    scores = corpus()
    one = pd.concat([scores[:1], scores[60:]])
    found = adjust_contrasts(one, "hedge_density")
    assert found.loc[0, ["estimate", "low", "p"]].isna().all()
    assert found.loc[1:, "p"].notna().all()
    empty = adjust_contrasts(scores[:0], ["hedge_density", "anonymity"])
    assert empty.empty and "adjusted_for" in empty.columns


def test_copies_add_no_certainty() -> None:
    scores = corpus()
    copies = scores.assign(
        wire_of=scores["article_id"], article_id=scores["article_id"] + " copy"
    )
    doubled = pd.concat([scores, copies], ignore_index=True)
    once = adjust_contrasts(scores, "hedge_density")
    twice = adjust_contrasts(doubled, "hedge_density")
    for name in ("estimate", "low", "high", "difference_low", "difference_high"):
        assert twice[name].to_numpy() == pytest.approx(once[name].to_numpy(), rel=0.15)


def test_order_of_rows_changes_nothing_and_nothing_is_changed() -> None:
    scores = corpus()
    before = scores.copy(deep=True)
    found = adjust_contrasts(scores, "hedge_density")
    pd.testing.assert_frame_equal(scores, before)
    shuffled = scores.sample(frac=1, random_state=1).reset_index(drop=True)
    again = adjust_contrasts(shuffled, "hedge_density")
    pd.testing.assert_frame_equal(found, again)


def test_wrong_words_name_the_right_ones() -> None:
    with pytest.raises(ValueError, match="A, B, C"):
        adjust_contrasts(corpus(), "hedge_density", reference="D")
    with pytest.raises(ValueError, match="hedge_density"):
        adjust_contrasts(corpus(), "hedging")
