"""Regressions on corrected counts: by hand, against ppi-python, by the house."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from simulate_correction import SCENARIOS

from framing.correct import correct_estimates
from framing.regression import correct_regression

N, LABELLED = 1000, 200


def ids(n: int) -> list[str]:
    return [f"a{i:04d}" for i in range(n)]


def test_indicators_alone_give_back_the_corrected_estimates() -> None:
    # Every outlet has as many articles and as many of them coded: then the weights
    # by outlet and over all are the same, and so is the estimate.
    rng = np.random.default_rng(1)
    outlets = np.repeat(["X", "Y"], 20)
    scores = pd.DataFrame(
        {
            "article_id": ids(40),
            "outlet": outlets,
            "n_hedges": rng.poisson(4, 40),
            "n_words": rng.integers(80, 300, 40),
        }
    )
    hand = scores.iloc[[*range(8), *range(20, 28)]].assign(inclusion_probability=0.4)
    hand = hand.assign(n_hedges=hand["n_hedges"] + rng.poisson(2, 16))
    table = correct_estimates(scores, hand, "hedge_density", tuning=1)
    first, second = table["estimate"]
    terms = correct_regression(scores, hand, "hedge_density", ["outlet"], tuning=1)
    assert terms["term"].tolist() == ["intercept", "outlet: Y"]
    assert np.exp(terms["estimate"]).tolist() == pytest.approx([first, second / first])
    linear = correct_regression(
        scores, hand, "hedge_density", ["outlet"], tuning=1, link="identity"
    )
    assert linear["estimate"].tolist() == pytest.approx([first, second - first])


def test_hand_alone_and_machine_alone_stand_beside() -> None:
    scores, hand = SCENARIOS[5].draw(2)
    terms = correct_regression(scores, hand, "anonymity", ["outlet", "late"])
    alone = correct_regression(scores, hand, "anonymity", ["outlet", "late"], tuning=0)
    assert alone["estimate"].tolist() == pytest.approx(alone["hand"].tolist())
    machine = correct_regression(
        scores, scores.assign(inclusion_probability=1.0), "anonymity",
        ["outlet", "late"],
    )  # fmt: skip
    assert machine["estimate"].tolist() == pytest.approx(terms["machine"].tolist())
    assert (terms["standard_error"] < alone["standard_error"]).all()


# --- agreement with ppi-python ------------------------------------------------------


def example(link: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Design, outcome and prediction of a regression with one covariate."""
    rng = np.random.default_rng(3)
    design = np.column_stack([np.ones(N), rng.normal(size=N)])
    if link == "logit":
        mean = 1 / (1 + np.exp(-(design @ [-0.3, 0.8])))
        outcome = (rng.random(N) < mean).astype(float)
        return design, outcome, np.clip(mean + rng.normal(0, 0.1, N), 0, 1)
    outcome = rng.poisson(np.exp(design @ [0.2, 0.5])).astype(float)
    return design, outcome, 0.7 * outcome + rng.poisson(0.5, N)


# ppi-python 0.2.3 asks scikit-learn for a penalty by an old name.
@pytest.mark.filterwarnings("ignore:'penalty' was deprecated:FutureWarning")
@pytest.mark.parametrize(
    ("link", "measure", "columns"),
    [
        ("logit", "anonymity", ("n_unnamed", "n_people")),
        ("log", "source_count", ("n_sources", "n_articles")),
    ],
)
def test_regressions_agree_with_ppi_python(
    link: str, measure: str, columns: tuple[str, str]
) -> None:
    ppi_py = pytest.importorskip("ppi_py", reason="ppi-python is not installed")
    design, outcome, predicted = example(link)
    top, bottom = columns
    scores = pd.DataFrame(
        {"article_id": ids(N), "z": design[:, 1], top: predicted, bottom: 1.0}
    )
    hand = scores.iloc[:LABELLED].assign(
        inclusion_probability=LABELLED / N, **{top: outcome[:LABELLED]}
    )
    terms = correct_regression(scores, hand, measure, ["z"], tuning=1)
    cut = slice(0, LABELLED), slice(LABELLED, N)
    parts = (
        design[cut[0]], outcome[cut[0]], predicted[cut[0]],
        design[cut[1]], predicted[cut[1]],
    )  # fmt: skip
    name = {"logit": "logistic", "log": "poisson"}[link]
    weight = 1 - LABELLED / N
    theirs = getattr(ppi_py, f"ppi_{name}_pointestimate")(*parts, lam=weight)
    assert terms["estimate"].tolist() == pytest.approx(list(theirs), abs=1e-6)
    low, high = getattr(ppi_py, f"ppi_{name}_ci")(*parts, lam=weight, alpha=0.05)
    # They divide by n - 1 in each sample, here by n less the coefficients in both.
    asymptotic = (high - low) / 2 / 1.959963984540054
    ours = terms["standard_error"] * np.sqrt((LABELLED - 2) / LABELLED)
    assert ours.to_numpy() == pytest.approx(asymptotic, rel=0.004)


def test_linear_means_agree_with_ppi_python() -> None:
    # ppi-python adds two separate least squares; they are one where both samples
    # have the same mix of covariates, as of an even indicator.
    ppi_py = pytest.importorskip("ppi_py", reason="ppi-python is not installed")
    rng = np.random.default_rng(4)
    design = np.column_stack([np.ones(N), np.arange(N) % 2])
    outcome = design @ [1.0, 0.5] + rng.normal(size=N)
    predicted = outcome * 0.6 + rng.normal(size=N)
    scores = pd.DataFrame(
        {
            "article_id": ids(N),
            "odd": design[:, 1],
            "n_sources": predicted,
            "n_articles": 1.0,
        }
    )
    hand = scores.iloc[:LABELLED].assign(
        n_sources=outcome[:LABELLED], inclusion_probability=0.2
    )
    terms = correct_regression(
        scores, hand, "source_count", ["odd"], tuning=1, link="identity"
    )
    theirs = ppi_py.ppi_ols_pointestimate(
        design[:LABELLED], outcome[:LABELLED], predicted[:LABELLED],
        design[LABELLED:], predicted[LABELLED:], lam=0.8,
    )  # fmt: skip
    assert terms["estimate"].tolist() == pytest.approx(list(theirs), abs=1e-6)


def test_design_based_supervised_learning_is_least_squares_on_pseudo_outcomes() -> None:
    # Egami and others 2023: prediction + (coded / probability) * (hand - prediction),
    # then the usual regression, with its robust errors. Theirs have no factors for
    # small samples; ours take coded and other articles as two samples.
    rng = np.random.default_rng(5)
    design, drawn = sm.add_constant(rng.normal(size=(N, 1))), np.arange(N) < LABELLED
    outcome = design @ [1.0, 0.5] + rng.normal(size=N)
    predicted = 0.7 * outcome + rng.normal(0.5, 0.7, N)
    counts = {"n_sources": predicted, "n_articles": 1.0}
    scores = pd.DataFrame({"article_id": ids(N), "z": design[:, 1]} | counts)
    hand = scores[drawn].assign(n_sources=outcome[drawn], inclusion_probability=0.2)
    terms = correct_regression(
        scores, hand, "source_count", ["z"], tuning=1, link="identity"
    )
    pseudo = predicted + np.where(drawn, outcome - predicted, 0) / 0.2
    theirs = sm.OLS(pseudo, design).fit(cov_type="HC0")
    assert terms["estimate"].tolist() == pytest.approx(list(theirs.params), abs=1e-9)
    assert terms["standard_error"].tolist() == pytest.approx(theirs.bse, rel=0.05)


# --- the house ----------------------------------------------------------------------


def test_words_become_indicators_and_missing_covariates_leave_out() -> None:
    scores, hand = SCENARIOS[3].draw(2)
    scores = scores.assign(week=(scores["late"] == 1).map({True: "b", False: "a"}))
    scores.loc[scores["article_id"] == "A0", "week"] = None
    terms = correct_regression(scores, hand, "hedge_density", ["outlet", "week"])
    letters = [f"outlet: {name}" for name in "BCDEF"]
    assert terms["term"].tolist() == ["intercept", *letters, "week: b"]
    assert set(terms["n_articles"]) == {len(scores) - 1}
    assert set(terms["link"]) == {"log"}


def test_order_of_rows_changes_nothing() -> None:
    scores, hand = SCENARIOS[2].draw(1)
    terms = correct_regression(scores, hand, "hedge_density", ["outlet", "late"])
    again = correct_regression(
        scores.sample(frac=1, random_state=2),
        hand.sample(frac=1, random_state=3),
        "hedge_density",
        ["outlet", "late"],
    )
    pd.testing.assert_frame_equal(terms, again, check_exact=True)


def test_without_events_or_rows_there_is_no_coefficient() -> None:
    scores, hand = SCENARIOS[0].draw(1)
    terms = correct_regression(scores, hand, "hedge_density", ["late"])
    numbers = ["estimate", "low", "high", "p", "standard_error"]
    nothing = correct_regression(
        scores.assign(n_hedges=0), hand.assign(n_hedges=0), "hedge_density", ["late"]
    )
    empty = correct_regression(
        scores.iloc[:0], hand.iloc[:0], "hedge_density", ["late"]
    )
    uncoded = correct_regression(scores, hand.iloc[:0], "hedge_density", ["late"])
    for table in (nothing, empty, uncoded):
        assert list(table.columns) == list(terms.columns)
        assert table[["low", "high", "p", "standard_error"]].isna().all(axis=None)
    assert nothing[numbers].isna().all(axis=None)
    assert empty[numbers].isna().all(axis=None)
