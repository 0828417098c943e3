"""Corrections by hand codes: arithmetic, design, ppi-python, coverage."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from simulate_correction import SCENARIOS, machine_intervals

from framing.compare import compare_outlets
from framing.correct import correct_estimates


def article_table(outlets: str, **counts: list[float]) -> pd.DataFrame:
    """One article a letter of `outlets`, with the counts given."""
    ids = [f"a{i:04d}" for i in range(len(outlets))]
    return pd.DataFrame({"article_id": ids, "outlet": list(outlets), **counts})


def drawn(scores: pd.DataFrame, places: list[int], **counts: list[float]):
    """The rows at `places` with hand counts; each is drawn with a half."""
    return scores.iloc[places].assign(inclusion_probability=0.5, **counts)


SCORES = article_table("XXXXYYYY", n_hedges=[1, 2, 3, 2, 4, 0, 2, 2], n_words=[100] * 8)
HAND = drawn(SCORES, [0, 1, 4, 5], n_hedges=[3, 2, 4, 2])


def test_the_machine_is_corrected_by_what_the_hand_found_beyond_it() -> None:
    # X: machine 8 of 400 words; the hand finds 2 more in 2 of 4 articles, 4 in all:
    # 100 * (8 + 4) / 400 = 3. Y: 8, and 2 more in the two coded: 3 likewise.
    table = correct_estimates(SCORES, HAND, "hedge_density", tuning=1)
    assert table["machine"].tolist() == [2.0, 2.0]
    assert table["hand"].tolist() == [2.5, 3.0]
    assert table["estimate"].tolist() == [3.0, 3.0]
    assert table["difference"].tolist() == [0.0, 0.0]
    assert table["n_hand"].tolist() == [2, 2]
    assert table["numerator"].tolist() == [12.0, 12.0]


def test_without_the_machine_it_is_the_hand_alone() -> None:
    table = correct_estimates(SCORES, HAND, "hedge_density", tuning=0)
    assert table["estimate"].tolist() == table["hand"].tolist()


def test_where_all_are_coded_the_machine_says_nothing() -> None:
    hand = SCORES.assign(n_hedges=[2, 2, 5, 1, 3, 3, 0, 1], inclusion_probability=1.0)
    table = correct_estimates(SCORES, hand, "hedge_density")
    compared = compare_outlets(hand, "hedge_density")
    assert table["estimate"].tolist() == compared["estimate"].tolist()
    assert table["difference"].tolist() == pytest.approx(
        compared["difference"].tolist()
    )


def test_unequal_probabilities_weigh_by_their_inverse() -> None:
    # Hand finds 1 more in the article drawn with 0.2 (worth 5), none in that drawn
    # with 1 (worth 1): of 4 articles 4 * 5 / 6 = 10/3 are owed 1 hedge each.
    hand = drawn(SCORES, [0, 1], n_hedges=[2, 2])
    hand["inclusion_probability"] = [0.2, 1.0]
    row = correct_estimates(SCORES, hand, "hedge_density", tuning=1).iloc[0]
    assert row["estimate"] == pytest.approx(100 * (8 + 10 / 3) / 400)


def test_a_denominator_is_corrected_too() -> None:
    # The machine sees 2 people an article where there are 4: 3 unnamed of 4 x 4.
    scores = article_table("X" * 4, n_unnamed=[1, 0, 1, 0], n_people=[2] * 4)
    hand = drawn(scores, [0, 1], n_unnamed=[2, 0], n_people=[4, 4])
    row = correct_estimates(scores, hand, "anonymity", tuning=1).iloc[0]
    assert (row["numerator"], row["denominator"]) == (4.0, 16.0)
    assert row["estimate"] == 0.25


def test_a_machine_that_guesses_does_no_harm() -> None:
    rng = np.random.default_rng(5)
    truth, noise = rng.poisson(4, 400), rng.poisson(4, 400)
    scores = article_table("X" * 400, n_hedges=noise, n_words=[200] * 400)
    hand = drawn(scores, list(range(100)), n_hedges=truth[:100])
    hand["inclusion_probability"] = 0.25
    tuned = correct_estimates(scores, hand, "hedge_density").iloc[0]
    alone = correct_estimates(scores, hand, "hedge_density", tuning=0).iloc[0]
    trusted = correct_estimates(scores, hand, "hedge_density", tuning=1).iloc[0]
    assert tuned["tuning"] < 0.2
    assert tuned["standard_error"] < 1.05 * alone["standard_error"]
    assert trusted["standard_error"] > 1.15 * alone["standard_error"]


# --- agreement with ppi-python ------------------------------------------------------


def example(name: str) -> tuple[pd.DataFrame, pd.DataFrame, np.ndarray]:
    """Means of a normal outcome: 1,000 predicted, 200 of them labelled.

    "theirs" is the example that ppi-python simulates in its own tests: an outcome
    about 0 and predictions about -2 that know nothing of it.
    """
    rng = np.random.default_rng(0)
    if name == "theirs":
        outcome, predicted = rng.normal(0, 1, 1000), rng.normal(-2, 1, 1000)
    else:
        outcome = rng.normal(2, 1, 1000)
        predicted = 0.8 * outcome + rng.normal(0.3, 0.6, 1000)
    scores = article_table("X" * 1000, n_sources=predicted, n_articles=[1.0] * 1000)
    hand = scores.iloc[:200].assign(n_sources=outcome[:200], inclusion_probability=0.2)
    return scores, hand, outcome


@pytest.mark.parametrize("name", ["ours", "theirs"])
@pytest.mark.parametrize("tuning", [0.0, 0.5, 1.0])
def test_means_agree_with_ppi_python(tuning: float, name: str) -> None:
    ppi_py = pytest.importorskip("ppi_py", reason="ppi-python is not installed")
    scores, hand, outcome = example(name)
    row = correct_estimates(scores, hand, "source_count", tuning=tuning).iloc[0]
    predicted = scores["n_sources"].to_numpy()
    parts = (outcome[:200], predicted[:200], predicted[200:])
    # There the machine's mean is over the unlabelled, here over all: a weight of
    # one on all is the weight 800 / 1000 on the unlabelled.
    theirs = ppi_py.ppi_mean_pointestimate(*parts, lam=0.8 * tuning)
    assert row["estimate"] == pytest.approx(float(theirs[0]), abs=1e-6)
    low, high = ppi_py.ppi_mean_ci(*parts, lam=0.8 * tuning, alpha=0.05)
    asymptotic = float((high - low)[0]) / 2 / 1.959963984540054
    assert with_small_sample_factors(parts, 0.8 * tuning, 0) == pytest.approx(
        asymptotic, abs=1e-6
    )


@pytest.mark.parametrize("tuning", [0.0, 0.5, 1.0])
def test_standard_error_is_theirs_with_factors_for_small_samples(tuning: float) -> None:
    # Each of the two samples by (n / (n - 1)) to the power 1.5: nothing else.
    scores, hand, outcome = example("ours")
    row = correct_estimates(scores, hand, "source_count", tuning=tuning).iloc[0]
    predicted = scores["n_sources"].to_numpy()
    parts = (outcome[:200], predicted[:200], predicted[200:])
    expected = with_small_sample_factors(parts, 0.8 * tuning, 1.5)
    assert row["standard_error"] == pytest.approx(expected, abs=1e-9)


def with_small_sample_factors(
    parts: tuple[np.ndarray, ...], weight: float, power: float
) -> float:
    """Standard error by their formula, each sample's variance made larger."""
    labels, labelled, unlabelled = parts
    variances = [
        np.var(sample) / len(sample) * (len(sample) / (len(sample) - 1)) ** power
        for sample in (labels - weight * labelled, weight * unlabelled)
    ]
    return float(np.sqrt(sum(variances)))


def test_the_weight_is_the_slope_of_a_regression() -> None:
    # ppi-python divides the covariance of the labelled by the variance of all;
    # here both are of the labelled, so that a perfect machine has the weight 1.
    scores, hand, outcome = example("ours")
    row = correct_estimates(scores, hand, "source_count").iloc[0]
    labelled = scores["n_sources"].to_numpy()[:200]
    slope = np.cov(outcome[:200], labelled)[0, 1] / np.var(labelled, ddof=1)
    assert row["tuning"] == pytest.approx(slope)
    perfect = scores.iloc[:200].assign(inclusion_probability=0.2)
    assert correct_estimates(scores, perfect, "source_count").loc[0, "tuning"] == (
        pytest.approx(1.0)
    )


# --- the house: order, empty, undefined, wrong ---------------------------------------


def test_neither_the_order_of_rows_nor_the_table_of_the_probability_matters() -> None:
    scores, hand = SCENARIOS[2].draw(1)
    table = correct_estimates(scores, hand, "hedge_density")
    shuffled = correct_estimates(
        scores.sample(frac=1, random_state=2),
        hand.sample(frac=1, random_state=3),
        "hedge_density",
    )
    pd.testing.assert_frame_equal(table, shuffled, check_exact=True)
    chance = hand.set_index("article_id")["inclusion_probability"]
    of_all = scores.assign(inclusion_probability=scores["article_id"].map(chance))
    moved = correct_estimates(
        of_all, hand.drop(columns="inclusion_probability"), "hedge_density"
    )
    pd.testing.assert_frame_equal(table, moved, check_exact=True)


def test_arguments_are_not_changed() -> None:
    scores, hand = SCORES.copy(deep=True), HAND.copy(deep=True)
    correct_estimates(scores, hand, "hedge_density")
    pd.testing.assert_frame_equal(scores, SCORES)
    pd.testing.assert_frame_equal(hand, HAND)


def test_too_few_hand_codes_are_undefined_and_no_part_of_the_others() -> None:
    scores = article_table(
        "XXXXYYYYZZ", n_hedges=[1, 2, 3, 2, 4, 0, 2, 2, 90, 90], n_words=[100] * 10
    )
    hand = drawn(scores, [0, 1, 4, 5, 8], n_hedges=[3, 2, 4, 2, 90])
    table = correct_estimates(scores, hand, "hedge_density", tuning=1)
    assert table.loc[2, ["estimate", "low", "difference", "p"]].isna().all()
    assert table.loc[2, ["n_articles", "n_hand", "machine"]].tolist() == [2, 1, 90]
    assert table.loc[0, "difference"] == 0.0
    against = correct_estimates(scores, hand, "hedge_density", reference="Z")
    assert against["difference"].isna().all()


def test_shared_wire_copies_are_one_cluster() -> None:
    scores, hand = SCENARIOS[2].draw(4)
    table = correct_estimates(scores, hand, "hedge_density")
    apart = correct_estimates(
        scores.assign(wire_of=None), hand.assign(wire_of=None), "hedge_density"
    )
    assert (table["n_clusters"] < apart["n_clusters"]).all()
    assert table["estimate"].tolist() == apart["estimate"].tolist()
    assert (table["standard_error"] > apart["standard_error"]).all()


def test_intervals_stay_where_truth_can_be() -> None:
    scores, hand = SCENARIOS[-1].draw(3)
    table = correct_estimates(scores, hand, "anonymity")
    assert (table["low"] >= 0).all() and (table["high"] <= 1).all()


@pytest.mark.parametrize("n_scores", [0, 8])
def test_empty_tables_pass(n_scores: int) -> None:
    table = correct_estimates(SCORES.iloc[:n_scores], HAND.iloc[:0], "hedge_density")
    full = correct_estimates(SCORES, HAND, "hedge_density")
    assert list(table.columns) == list(full.columns)
    assert (table.dtypes == full.dtypes).all()
    assert table["estimate"].isna().all() and len(table) == (2 if n_scores else 0)


def test_what_is_wrong_is_named() -> None:
    def correct(scores: pd.DataFrame, hand: pd.DataFrame, **options: str) -> None:
        correct_estimates(scores, hand, "hedge_density", **options)

    with pytest.raises(ValueError, match="chance"):
        correct(SCORES, HAND, probability="chance")
    with pytest.raises(ValueError, match=r"a0000.*above 0 and at most 1"):
        correct(SCORES, HAND.assign(inclusion_probability=0.0))
    with pytest.raises(ValueError, match=r"a0000.*more than once"):
        correct(SCORES, pd.concat([HAND, HAND]))
    with pytest.raises(ValueError, match=r"a0007.*scores have not"):
        correct(SCORES.iloc[:4], drawn(SCORES, [7]))
    with pytest.raises(ValueError, match="X, Y"):
        correct(SCORES, HAND, reference="Z")
    with pytest.raises(ValueError, match="hedge_density"):
        correct_estimates(SCORES, HAND, "hedging")


# --- coverage (of the corrected intervals: test_coverage.py) --------------------------


@pytest.mark.parametrize("place", [0, 6])
def test_the_machine_alone_finds_what_is_not_there(place: int) -> None:
    scenario, held, estimates = SCENARIOS[place], [], []
    for seed in range(10):
        found = machine_intervals(scenario, seed).values()
        held.append([low <= truth <= high for low, high, truth in found])
        corrected = correct_estimates(*scenario.draw(seed), scenario.measure)
        estimates.append(corrected.loc[0, "estimate"])
    assert (np.mean(held, axis=0) < 0.8).all()
    assert np.mean(estimates) == pytest.approx(scenario.rate, rel=0.1)
