"""Comparison: arithmetic by hand, clusters, order, Holm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from framing.compare import compare_outlets, weekly_estimates
from framing.intervals import benjamini_hochberg_adjusted, holm_adjusted

COLUMNS = [
    "outlet", "measure", "n_articles", "n_clusters", "numerator", "denominator",
    "estimate", "low", "high", "shrunk", "shrunk_low", "shrunk_high", "reference",
    "difference", "difference_low", "difference_high", "p", "p_adjusted", "p_bh",
    "note",
]  # fmt: skip


def corpus(
    seed: int, sizes: dict[str, int], rates: dict[str, float], *, wire: float = 0.0
) -> pd.DataFrame:
    """Articles with overdispersed hedge counts; a share of them copies of others'."""
    rng = np.random.default_rng(seed)
    stories = [(rng.gamma(6, 1 / 6), int(rng.integers(80, 800))) for _ in range(40)]
    rows: list[tuple[object, ...]] = []
    for outlet, size in sizes.items():
        for number in range(size):
            copied = rng.random() < wire
            story = int(rng.integers(len(stories)))
            factor, words = (
                stories[story]
                if copied
                else (rng.gamma(6, 1 / 6), int(rng.integers(80, 800)))
            )
            draw = np.random.default_rng(story) if copied else rng
            hedges = int(draw.poisson(factor * rates[outlet] * words / 100))
            kept = f"wire {story}" if copied else None
            rows.append((f"{outlet}{number}", outlet, hedges, words, 1, kept))
    names = ["article_id", "outlet", "n_hedges", "n_words", "n_articles", "wire_of"]
    return pd.DataFrame(rows, columns=names)


SAME = {"A": 1.5, "B": 1.5}


def table(outlets: str, **counts: list[int]) -> pd.DataFrame:
    """One article a letter of `outlets`, with the counts given."""
    ids = [f"a{i}" for i in range(len(outlets))]
    return pd.DataFrame({"article_id": ids, "outlet": list(outlets), **counts})


def test_totals_are_pooled_not_averaged() -> None:
    # A: 1 hedge in 100 words, 9 in 300: 100 * 10 / 400 = 2.5, not the mean of 1 and 3.
    # B: 2 in 100 and 2 in 300: 100 * 4 / 400 = 1.
    scores = table("AABB", n_hedges=[1, 9, 2, 2], n_words=[100, 300, 100, 300])
    contrasts = compare_outlets(scores, "hedge_density", reference="B")
    assert list(contrasts.columns) == COLUMNS
    assert contrasts["estimate"].tolist() == [2.5, 1.0]
    assert contrasts.loc[0, "difference"] == 1.5
    assert contrasts.loc[0, "reference"] == "B"
    assert contrasts.loc[1, ["difference", "p", "p_adjusted"]].isna().all()
    assert contrasts.loc[0, "low"] < 2.5 < contrasts.loc[0, "high"]


def test_mean_per_article_divides_by_articles() -> None:
    scores = table("AAB", n_sources=[1, 4, 2], n_articles=[1, 1, 1])
    contrasts = compare_outlets(scores, "source_count")
    assert contrasts["estimate"].tolist() == [2.5, 2.0]
    assert contrasts["denominator"].tolist() == [2, 1]


def test_others_are_all_others_pooled() -> None:
    scores = corpus(1, {"A": 9, "B": 5, "C": 7}, {"A": 1, "B": 2, "C": 3})
    contrasts = compare_outlets(scores, "hedge_density").set_index("outlet")
    rest = scores[scores["outlet"] != "B"]
    others = 100 * rest["n_hedges"].sum() / rest["n_words"].sum()
    expected = contrasts.loc["B", "estimate"] - others
    assert contrasts.loc["B", "difference"] == pytest.approx(expected)
    assert set(contrasts["reference"]) == {"all others"}


def test_result_does_not_depend_on_the_order_of_rows_or_on_other_outlets() -> None:
    scores = corpus(2, {"A": 12, "B": 8, "C": 6}, dict.fromkeys("ABC", 1.5), wire=0.3)
    contrasts = compare_outlets(scores, ["hedge_density", "hedge_density"])
    shuffled = scores.sample(frac=1, random_state=3).reset_index(drop=True)
    again = compare_outlets(shuffled, ["hedge_density", "hedge_density"])
    pd.testing.assert_frame_equal(contrasts, again, check_exact=True)
    pair = compare_outlets(
        scores[scores["outlet"] != "C"], "hedge_density", reference="B"
    )
    full = compare_outlets(scores, "hedge_density", reference="B")
    assert pair.loc[0, "difference_low"] == full.loc[0, "difference_low"]


def test_arguments_are_not_changed() -> None:
    scores = corpus(4, {"A": 4, "B": 4}, SAME)
    before = scores.copy(deep=True)
    compare_outlets(scores, "hedge_density")
    pd.testing.assert_frame_equal(scores, before)


# --- clusters --------------------------------------------------------------------


def test_wire_copies_are_one_cluster_also_over_a_chain() -> None:
    scores = corpus(5, {"A": 6}, SAME)
    scores["wire_of"] = [None, "A0", "A1", None, "elsewhere", "elsewhere"]
    row = compare_outlets(scores, "hedge_density").loc[0]
    # {A0, A1, A2}, {A3}, {A4, A5}
    assert (row["n_articles"], row["n_clusters"]) == (6, 3)


def test_copies_add_no_certainty() -> None:
    scores = corpus(6, {"A": 10, "B": 10}, SAME)
    copies = scores.assign(
        wire_of=scores["article_id"], article_id=scores["article_id"] + " copy"
    )
    doubled = pd.concat([scores, copies], ignore_index=True)
    once = compare_outlets(scores, "hedge_density")
    twice = compare_outlets(doubled, "hedge_density")
    assert twice["n_articles"].tolist() == [20, 20]
    for column in ("estimate", "low"):
        assert twice[column].to_numpy() == pytest.approx(once[column].to_numpy())
    # Clusters of two differ by more than chance lets them, if anything: none narrower.
    for column in ("high", "difference_high", "p"):
        assert (twice[column] >= once[column] - 1e-9).all()
        assert twice[column].to_numpy() == pytest.approx(once[column], abs=0.02)
    assert (twice["difference_low"] <= once["difference_low"] + 1e-9).all()


def test_a_copy_on_both_sides_cancels() -> None:
    # Both outlets print the same eight wire stories: there is no difference and,
    # as each story weighs the same on both sides, no doubt about it either.
    scores = corpus(7, {"A": 8}, SAME)
    copies = scores.assign(
        outlet="B", wire_of=scores["article_id"], article_id=scores["article_id"] + "b"
    )
    both = pd.concat([scores, copies], ignore_index=True)
    row = compare_outlets(both, "hedge_density", reference="B").loc[0]
    assert row["difference"] == 0 and row["p"] == 1
    unlinked = compare_outlets(
        both.assign(wire_of=None), "hedge_density", reference="B"
    ).loc[0]
    assert unlinked["difference_low"] < -0.1 < 0.1 < unlinked["difference_high"]
    assert np.isnan(row["difference_low"]) or abs(row["difference_low"]) < 1e-9


def test_one_cluster_has_no_interval() -> None:
    scores = corpus(8, {"A": 3, "B": 9}, SAME)
    scores.loc[scores["outlet"] == "A", "wire_of"] = "one story"
    row = compare_outlets(scores, "hedge_density").loc[0]
    assert row["n_clusters"] == 1 and row["estimate"] > 0
    columns = ["low", "high", "difference_low", "difference_high", "p", "p_adjusted"]
    assert row[columns].isna().all() and np.isfinite(row["difference"])


def test_clusters_without_denominator_are_not_counted_as_evidence() -> None:
    # Five articles, but only one of them quotes a person.
    scores = table(
        "AAAAABBB",
        n_unnamed=[2, 0, 0, 0, 0, 1, 2, 0],
        n_people=[4, 0, 0, 0, 0, 3, 3, 3],
    )
    row = compare_outlets(scores, "anonymity").loc[0]
    assert row["estimate"] == 0.5 and row["n_clusters"] == 5
    assert np.isnan(row["low"]) and np.isnan(row["p"])


def test_none_of_forty_has_a_bound_and_a_p() -> None:
    # 0 of 40 in ten articles against about a half of 40: a bound and a clear contrast.
    # By hand: half a cluster more of 4 has a share of 2 / 42 in all; squares
    # 10 (4/21)^2 + 0.5 (80/21)^2 = 7.619, over 42 (1/21) (20/21) = 1.905, is a
    # design effect of 4: 40 statements are worth 10, and the bound is
    # 1.96^2 / (10 + 1.96^2).
    unnamed = [0] * 10 + [1, 2, 3] * 3 + [2]
    scores = table("A" * 10 + "B" * 10, n_unnamed=unnamed, n_people=[4] * 20)
    row = compare_outlets(scores, "anonymity").loc[0]
    assert row["estimate"] == row["low"] == 0
    assert row["high"] == pytest.approx(1.96**2 / (10 + 1.96**2), abs=1e-4)
    assert row["note"].startswith("all or none")
    assert row["p"] < 0.01 and row["difference_high"] < 0


def test_all_of_forty_mirrors_none_of_forty() -> None:
    few = [0] * 10 + [1, 2, 3] * 3 + [2]
    none = table("A" * 10 + "B" * 10, n_unnamed=few, n_people=[4] * 20)
    every = none.assign(n_unnamed=4 - none["n_unnamed"])
    low, high = (
        compare_outlets(scores, "anonymity")[["low", "high"]].to_numpy()
        for scores in (none, every)
    )
    assert 1 - low == pytest.approx(high[:, ::-1])


def test_nothing_anywhere_is_no_contrast_and_no_certainty() -> None:
    scores = table("AAABBB", n_unnamed=[0] * 6, n_people=[2] * 6)
    row = compare_outlets(scores, "anonymity").loc[0]
    assert row["estimate"] == row["difference"] == 0 and row["p"] == 1
    assert row["difference_low"] < -0.3 < 0.3 < row["difference_high"]
    assert row["note"].startswith("worth fewer than 5")


def test_six_articles_far_apart_are_a_finding() -> None:
    # Two hedges in 600 words against 36 and 18 in 600: as clear as the intervals say.
    scores = table(
        "A" * 6 + "B" * 6 + "C" * 6,
        n_hedges=[0, 1, 0, 0, 1, 0, 5, 6, 7, 6, 7, 5, 3, 2, 4, 3, 4, 2],
        n_words=[100] * 18,
    )
    row = compare_outlets(scores, "hedge_density").loc[0]
    assert row["difference_high"] < 0 and row["p_adjusted"] < 0.02


def test_rare_events_in_few_articles_are_no_finding() -> None:
    hedges = [0] * 4 + [1, 0, 0, 0] * 10
    scores = table("A" * 4 + "B" * 40, n_hedges=hedges, n_words=[100] * 44)
    assert compare_outlets(scores, "hedge_density").loc[0, "p"] > 0.2


# --- undefined and empty ----------------------------------------------------------


def test_empty_table_passes_with_the_right_columns() -> None:
    scores = corpus(1, {}, {})
    contrasts = compare_outlets(scores, ["hedge_density", "hedge_density"])
    assert contrasts.empty and list(contrasts.columns) == COLUMNS
    weeks = weekly_estimates(scores.assign(published=pd.NaT), "hedge_density")
    assert weeks.empty and "week" in weeks.columns


def test_unknown_counts_leave_the_article_out_of_that_measure() -> None:
    scores = corpus(9, {"A": 4, "B": 4}, SAME).astype({"n_hedges": "Int64"})
    scores.loc[0, "n_hedges"] = pd.NA
    contrasts = compare_outlets(scores, "hedge_density")
    assert contrasts["n_articles"].tolist() == [3, 4]


def test_zero_denominator_is_undefined_without_a_warning() -> None:
    scores = corpus(9, {"A": 4, "B": 4}, SAME)
    scores.loc[scores["outlet"] == "A", ["n_words", "n_hedges"]] = 0
    contrasts = compare_outlets(scores, "hedge_density")
    numbers = ["estimate", "low", "high", "difference", "p", "p_adjusted"]
    assert contrasts.loc[0, numbers].isna().all()
    assert contrasts.loc[1, ["difference", "p"]].isna().all()


def test_wrong_words_name_the_right_ones() -> None:
    scores = corpus(9, {"A": 2, "B": 2}, SAME)
    with pytest.raises(ValueError, match="hedge_density"):
        compare_outlets(scores, "hedging")
    with pytest.raises(ValueError, match="A, B"):
        compare_outlets(scores, "hedge_density", reference="C")
    two = pd.concat([scores.assign(coder="x"), scores.assign(coder="y")])
    with pytest.raises(ValueError, match="x, y"):
        compare_outlets(two, "hedge_density")


def test_coders_compared_share_their_articles() -> None:
    scores = corpus(10, {"A": 12}, SAME)
    two = pd.concat([scores.assign(coder="x"), scores.assign(coder="y")])
    row = compare_outlets(two, "hedge_density", by="coder", reference="y").loc[0]
    assert row["difference"] == 0 and row["n_clusters"] == 12


def test_holm_by_hand() -> None:
    # Sorted .01 .02 .03 .5 times 4 3 2 1: .04 .06 .06 .5, never falling.
    p = np.array([0.03, 0.5, 0.01, 0.02])
    assert holm_adjusted(p) == pytest.approx([0.06, 0.5, 0.04, 0.06])
    assert holm_adjusted(np.array([0.9, 0.8])) == pytest.approx([1.0, 1.0])
    assert len(holm_adjusted(np.array([]))) == 0


def test_benjamini_hochberg_by_hand_and_by_scipy() -> None:
    # Sorted .01 .02 .03 .5 times 4/1 4/2 4/3 1: .04 .04 .04 .5, never rising downward.
    p = np.array([0.03, 0.5, 0.01, 0.02])
    assert benjamini_hochberg_adjusted(p) == pytest.approx([0.04, 0.5, 0.04, 0.04])
    many = np.random.default_rng(0).random(50) ** 3
    assert benjamini_hochberg_adjusted(many) == pytest.approx(
        stats.false_discovery_control(many)
    )
    assert len(benjamini_hochberg_adjusted(np.array([]))) == 0


def test_p_agrees_with_the_interval() -> None:
    rates = {"A": 1.0, "B": 1.5, "C": 2.2}
    rows = pd.concat(
        compare_outlets(corpus(seed, {"A": 5, "B": 9, "C": 14}, rates), "hedge_density")
        for seed in range(40)
    )
    excludes_zero = (rows["difference_low"] > 0) | (rows["difference_high"] < 0)
    assert (excludes_zero == (rows["p"] < 0.05)).all()
    assert 10 < excludes_zero.sum() < 110


def test_shrinkage_takes_the_lead_from_three_articles() -> None:
    scores = corpus(3, dict.fromkeys("BCDEF", 40), dict.fromkeys("BCDEF", 1.5))
    three = table("AAA", n_hedges=[5, 4, 6], n_words=[150, 90, 130])
    both = pd.concat([scores, three.assign(article_id=list("xyz"))])
    contrasts = compare_outlets(both, "hedge_density").set_index("outlet")
    first = contrasts.loc["A"]
    assert contrasts["estimate"].idxmax() == "A"
    assert first["shrunk"] < 0.7 * first["estimate"]
    assert first["shrunk_low"] < first["shrunk"] < first["shrunk_high"]
    moved = (contrasts["shrunk"] - contrasts["estimate"]).abs()
    assert moved.idxmax() == "A" and moved.drop("A").max() < 0.3


def test_shrinkage_needs_three_groups_and_leaves_the_unknown_alone() -> None:
    scores = corpus(3, dict.fromkeys("ABCD", 8), dict.fromkeys("ABCD", 1.5))
    two = compare_outlets(scores[scores["outlet"] < "C"], "hedge_density")
    assert two["shrunk"].isna().all()
    scores.loc[scores["outlet"] == "A", ["n_words", "n_hedges"]] = 0
    rest = compare_outlets(scores, "hedge_density").set_index("outlet")["shrunk"]
    assert np.isnan(rest["A"]) and rest.drop("A").notna().all()
    nothing = compare_outlets(scores.assign(n_hedges=0), "hedge_density")
    assert nothing["shrunk"].isna().all()


def test_weeks_begin_on_monday_and_pool() -> None:
    scores = corpus(11, {"A": 3, "B": 3}, SAME).assign(
        published=pd.to_datetime(
            ["2026-01-04", "2026-01-05", "2026-01-11", None] + ["2026-01-20"] * 2
        )
    )
    weeks = weekly_estimates(scores, "hedge_density")
    assert weeks["week"].dt.strftime("%m-%d").tolist() == ["12-29", "01-05", "01-19"]
    assert weeks["n_articles"].tolist() == [1, 2, 2]
    by = weekly_estimates(scores, "hedge_density", by="outlet")
    assert by["outlet"].tolist() == ["A", "A", "B"]


# --- intervals of counts by hand (coverage: test_coverage.py) -----------------------


def test_articles_that_are_all_alike_are_independent_events() -> None:
    # 30 hedges in three articles of 100 words, ten each: the score interval of 30.
    scores = table("AAABBB", n_hedges=[10] * 3 + [9, 10, 11], n_words=[100] * 6)
    row = compare_outlets(scores, "hedge_density").loc[0]
    arm = 1.959964 * np.sqrt(30 + 1.959964**2 / 4)
    middle = 30 + 1.959964**2 / 2
    assert row["low"] == pytest.approx((middle - arm) / 3, abs=1e-5)
    assert row["high"] == pytest.approx((middle + arm) / 3, abs=1e-5)


def test_articles_that_differ_have_t() -> None:
    # Excesses -6, -2, 2, 6: 80 over (3/4)^2, by 3/4, is 106.67, and over 24 hedges
    # 4.444: 24 are worth 5.4, with t of 3 and a half degrees; and more above.
    scores = table("AAAABB", n_hedges=[0, 4, 8, 12, 5, 6], n_words=[100] * 6)
    row = compare_outlets(scores, "hedge_density").loc[0]
    z, t = stats.norm.ppf(0.975), stats.t.ppf(0.975, 3.5)
    middle, arm = 5.4 + z * z / 2, t * np.sqrt(5.4 + z**2 / 4)
    assert row["low"] == 0 and middle < arm
    beyond = z * z / 4 * (1 - 5.4 / 24)
    assert row["high"] == pytest.approx((middle + arm + beyond) / 5.4 * 6)


def test_a_difference_is_found() -> None:
    scores = corpus(12, {"A": 30, "B": 30}, {"A": 1.0, "B": 2.0})
    row = compare_outlets(scores, "hedge_density").loc[0]
    assert row["difference_high"] < 0 and row["p_adjusted"] < 0.03
