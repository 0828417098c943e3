"""Plans and powers: against the intervals that they foretell."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from simulate_correction import Scenario

from framing.compare import compare_outlets
from framing.correct import correct_estimates
from framing.power import plan_sample, smallest_visible_difference


def articles(
    seed: int, sizes: dict[str, int], shares: dict[str, float], *, spread: float = 0.2
) -> pd.DataFrame:
    """People and unnamed people, shares of articles beta around that of the outlet."""
    rng = np.random.default_rng(seed)
    known = (1 - spread) / spread
    rows = []
    for outlet, size in sizes.items():
        for number in range(size):
            people = int(rng.poisson(4))
            share = rng.beta(shares[outlet] * known, (1 - shares[outlet]) * known)
            unnamed = int(rng.binomial(people, share))
            rows.append((f"{outlet}{number}", outlet, unnamed, people))
    return pd.DataFrame(rows, columns=["article_id", "outlet", "n_unnamed", "n_people"])


# --- plans --------------------------------------------------------------------------


def test_a_plan_is_kept_when_its_sample_is_coded() -> None:
    # Planned from two machines that find most; of one that finds six of ten the plan
    # falls short by half, since its counts are less uneven than those of the hand.
    scenario = Scenario("plan", "hedge_density", "AF", 300, 1.0, 1.5)
    scores, hand = scenario.draw(1)
    joined = scores.merge(hand, on="article_id", suffixes=("", "_hand"))
    residual = [
        joined[top] - joined[top].sum() / joined["n_words"].sum() * joined["n_words"]
        for top in ("n_hedges", "n_hedges_hand")
    ]
    agreement = float(np.corrcoef(*residual)[0, 1])
    plan = plan_sample(
        scores, "hedge_density", target_width=0.3, agreement=agreement
    ).set_index("outlet")
    widths = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        chance = hand["outlet"].map(plan["probability"])
        drawn = hand.assign(inclusion_probability=chance)[
            rng.random(len(hand)) < chance
        ]
        table = correct_estimates(scores, drawn, "hedge_density")
        widths.append(table["high"] - table["low"])
    assert np.mean(widths) == pytest.approx(0.3, rel=0.12)


def test_more_agreement_asks_for_fewer_articles_and_narrower_for_more() -> None:
    scores = articles(1, {"X": 400}, {"X": 0.3})
    fewest = [
        plan_sample(scores, "anonymity", target_width=width, agreement=trust).loc[
            0, "n_hand"
        ]
        for width, trust in ((0.12, 0.95), (0.12, 0.8), (0.12, 0.0), (0.1, 0.0))
    ]
    assert fewest == sorted(fewest) and len(set(fewest)) == 4
    row = plan_sample(scores, "anonymity", target_width=0.12, agreement=0.8).loc[0]
    assert row["n_hand_alone"] == fewest[2]
    assert row["probability"] == row["n_hand"] / 400


def test_what_cannot_be_reached_is_missing() -> None:
    scores = articles(1, {"X": 40, "Y": 1}, {"X": 0.3, "Y": 0.3})
    plan = plan_sample(scores, "anonymity", target_width=0.01).set_index("outlet")
    assert plan["n_hand"].isna().all() and plan["probability"].isna().all()
    interval = compare_outlets(scores, "anonymity").set_index("outlet").loc["X"]
    width = interval["high"] - interval["low"]
    assert plan.loc["X", "least_width"] == pytest.approx(width, rel=0.1)
    assert np.isnan(plan.loc["Y", "least_width"])


def test_agreement_may_be_an_evaluation() -> None:
    scores = articles(1, {"X": 400}, {"X": 0.3})
    table = pd.DataFrame({"what": ["measure: anonymity"], "alpha": [0.6]})
    from_table = plan_sample(scores, "anonymity", target_width=0.12, agreement=table)
    given = plan_sample(scores, "anonymity", target_width=0.12, agreement=0.6)
    pd.testing.assert_frame_equal(from_table, given)
    with pytest.raises(ValueError, match="hedge_density"):
        plan_sample(
            scores.assign(n_hedges=1, n_words=9), "hedge_density",
            target_width=1, agreement=table,
        )  # fmt: skip


# --- what could have been seen ------------------------------------------------------


@pytest.mark.parametrize("way", ["visible_above", "visible_below"])
def test_the_difference_named_is_seen_so_often(way: str) -> None:
    # Two outlets at 0.4; then the first moved by what is said to be visible, and
    # 150 fresh corpora compared: power 0.8 has a standard error of 0.033, the
    # difference named (200 draws) one of about as much again.
    sizes = {"X": 40, "Y": 160}
    scores = articles(3, sizes, {"X": 0.4, "Y": 0.4})
    table = smallest_visible_difference(scores, "anonymity").set_index("outlet")
    step = table.loc["X", way] * (1 if way == "visible_above" else -1)
    seen = []
    for seed in range(150):
        fresh = articles(100 + seed, sizes, {"X": 0.4 + step, "Y": 0.4})
        row = compare_outlets(fresh, "anonymity").loc[0]
        seen.append(row["p"] < 0.05 and np.sign(row["difference"]) == np.sign(step))
    assert 0.66 <= np.mean(seen) <= 0.93


def test_fewer_articles_show_less() -> None:
    shares = dict.fromkeys("XYZ", 0.3)
    scores = articles(4, {"X": 10, "Y": 40, "Z": 160}, shares)
    table = smallest_visible_difference(scores, "anonymity", repeats=100)
    # Z has the most articles, but only fifty to be compared with: as blind as Y.
    above = table["visible_above"].tolist()
    assert above[0] > 1.5 * above[1] and above[0] > 1.5 * above[2]
    surer = smallest_visible_difference(scores, "anonymity", repeats=100, power=0.95)
    assert (surer["visible_above"] > table["visible_above"]).all()


def test_a_rare_share_cannot_be_seen_to_be_lower() -> None:
    scores = articles(5, {"X": 12, "Y": 80}, {"X": 0.05, "Y": 0.05})
    row = smallest_visible_difference(scores, "anonymity", repeats=60).loc[0]
    assert np.isnan(row["visible_below"]) and row["visible_above"] > 0.05


def test_rates_have_powers_too() -> None:
    scores, _ = Scenario("power", "hedge_density", "ABC", 40, 0.2, 1.5).draw(2)
    row = smallest_visible_difference(scores, "hedge_density", repeats=60).loc[0]
    # 40 articles of 440 words with a spread of 1/6: standard error about 0.13.
    assert 0.25 < row["visible_above"] < 0.7
    assert 0.2 < row["visible_below"] < row["other"]


def test_seed_and_order() -> None:
    scores = articles(6, {"X": 20, "Y": 30}, {"X": 0.3, "Y": 0.3})
    first = smallest_visible_difference(scores, "anonymity", repeats=40)
    again = smallest_visible_difference(
        scores.sample(frac=1, random_state=1), "anonymity", repeats=40
    )
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    other = smallest_visible_difference(scores, "anonymity", repeats=40, seed=1)
    assert (other["visible_above"] != first["visible_above"]).all()


@pytest.mark.parametrize("sizes", [{}, {"X": 5}, {"X": 1, "Y": 1}])
def test_empty_and_alone_are_undefined(sizes: dict[str, int]) -> None:
    shares = dict.fromkeys("XY", 0.3)
    scores = articles(1, sizes, shares)
    full = articles(1, {"X": 9, "Y": 9}, shares)
    table = smallest_visible_difference(scores, "anonymity", repeats=20)
    wanted = smallest_visible_difference(full, "anonymity", repeats=20)
    assert list(table.columns) == list(wanted.columns) and len(table) == len(sizes)
    assert table[["visible_above", "visible_below"]].isna().all(axis=None)
    plan = plan_sample(scores.iloc[:0], "anonymity", target_width=0.1)
    assert plan.empty and "n_hand" in plan.columns


def test_what_is_wrong_is_named() -> None:
    scores = articles(1, {"X": 5}, {"X": 0.3})
    with pytest.raises(ValueError, match="target_width 0"):
        plan_sample(scores, "anonymity", target_width=0)
    with pytest.raises(ValueError, match="power 1"):
        smallest_visible_difference(scores, "anonymity", power=1)
