"""Events and matched differences: by hand, by construction, what is left undefined."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from framing.articles import read_articles
from framing.compare import compare_outlets
from framing.errors import CorpusError
from framing.events import _days, _vectors, find_events, match_contrasts

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "articles.jsonl"
HARBOUR = "The dockers of the northern harbour went on strike over night shifts."
OPERA = "The opera opened its season with a rare staging of a forgotten comic piece."


def articles(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Articles a, b, c ... of (date, title, text)."""
    table = pd.DataFrame(rows, columns=["published", "title", "text"])
    ids = [chr(ord("a") + i) for i in range(len(rows))]
    published = pd.to_datetime(table["published"], format="ISO8601")
    return table.assign(article_id=ids, published=published)


def sample() -> pd.DataFrame:
    return read_articles(SAMPLE)


# --- events -----------------------------------------------------------------------


def test_articles_of_one_story_are_one_event_named_by_the_first() -> None:
    table = articles(
        ("2026-01-04", "Dockers strike spreads", HARBOUR),
        ("2026-01-03", "Harbour strike begins", HARBOUR),
        ("2026-01-03", "Comic opera returns", OPERA),
    )
    events = find_events(table)
    assert events.tolist() == ["b", "b", "c"] and events.name == "event"
    assert events.index.equals(table.index)


def test_the_same_words_later_than_the_window_are_another_event() -> None:
    table = articles(
        ("2026-01-03", "Strike", HARBOUR), ("2026-01-06 23:00", "Strike", HARBOUR)
    )
    assert find_events(table).nunique() == 2
    assert find_events(table, window_days=4).tolist() == ["a", "a"]


def test_no_event_chains_through_the_days() -> None:
    # The same words every day for three weeks: no event of more than a few days.
    days = pd.date_range("2026-01-01", periods=21).astype("str")
    table = articles(*[(day, "Strike", HARBOUR) for day in days])
    events = find_events(table)
    spans = table.groupby(events)["published"].agg(["min", "max"])
    assert events.nunique() > 3
    assert (spans["max"] - spans["min"]).max() <= pd.Timedelta(days=6)


def test_languages_and_boilerplate_do_not_join() -> None:
    table = articles(
        ("2026-01-03", "", HARBOUR), ("2026-01-03", "", f"{OPERA} {HARBOUR}")
    ).assign(boilerplate=[[], [[len(OPERA), len(OPERA) + 1 + len(HARBOUR)]]])
    assert find_events(table).nunique() == 2
    assert find_events(table.drop(columns="boilerplate")).tolist() == ["a", "a"]
    same = articles(("2026-01-03", "", HARBOUR), ("2026-01-03", "", HARBOUR))
    assert find_events(same.assign(language=["en", "de"])).nunique() == 2


def test_without_date_or_words_an_article_is_alone() -> None:
    table = articles(
        ("", "Strike", HARBOUR), ("2026-01-03", "Strike", HARBOUR),
        ("2026-01-03", "", ""), ("2026-01-03", "", ""),
    )  # fmt: skip
    assert find_events(table).tolist() == list("abcd")
    assert find_events(table[2:]).tolist() == ["c", "d"]
    empty = find_events(table[:0])
    assert empty.empty and empty.name == "event"
    with pytest.raises(CorpusError, match="published"):
        find_events(table.drop(columns="published"))


def test_the_sample_is_told_by_its_events() -> None:
    # The sample tells each of its stories in several outlets, on neighbouring days.
    table = sample()
    events = find_events(table)
    n_outlets = table.groupby(events)["outlet"].nunique()
    assert (n_outlets > 1).sum() >= 3
    shuffled = table.sample(frac=1, random_state=2)
    assert find_events(shuffled).sort_index().tolist() == events.tolist()


def test_groups_apart_give_what_all_at_once_would() -> None:
    # Average linkage over the whole table by scipy, beside ours over linked groups.
    table = sample().sort_values(["published", "article_id"], ignore_index=True)
    for threshold in (0.6, 0.75, 0.9):
        vectors, days = _vectors(table), _days(table)
        distance = 1 - (vectors @ vectors.T).toarray()
        distance[np.abs(days[:, None] - days[None, :]) > 3] = 1.0
        np.fill_diagonal(distance, 0.0)
        tree = linkage(squareform(np.maximum(distance, 0), checks=False), "average")
        whole = fcluster(tree, threshold, "distance")
        events = find_events(table, threshold=threshold)
        pairs = pd.crosstab(events.to_numpy(), whole) > 0
        assert (pairs.sum(axis=0) == 1).all() and (pairs.sum(axis=1) == 1).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=6), st.floats(0.05, 0.95))
def test_any_texts_have_events(texts: list[str], threshold: float) -> None:
    rows = [("2026-01-03", text[::-1], text) for text in texts]
    table = articles(*rows) if rows else articles(("2026-01-03", "", ""))[:0]
    events = find_events(table, threshold=threshold)
    assert events.isin(table["article_id"]).all() and events.notna().all()
    same = events.groupby(table["text"].astype("str") + " ").nunique()
    assert len(same) <= max(len(texts), 1)


# --- matched differences -----------------------------------------------------------


def scores(
    outlets: str, events: str, hedges: list[int], **more: object
) -> pd.DataFrame:
    """Articles of 100 words by outlet and event, a letter each."""
    table = pd.DataFrame(
        {"outlet": list(outlets), "event": list(events), "n_hedges": hedges}
    )
    ids = [f"a{i}" for i in range(len(table))]
    return table.assign(article_id=ids, n_words=100, **more)


def test_mantel_and_haenszel_by_hand() -> None:
    # Event p: A 2 in 100, others 3 in 200; weight 100 * 200 / 300 = 66.67.
    # Event q: A 6 in 200, others 5 in 100; weight 66.67. Event r: A alone.
    # Rates 2 and 3, mean 2.5; others 1.5 and 5, mean 3.25.
    table = scores("ABCAABA", "pppqqqr", [2, 1, 2, 4, 2, 5, 50])
    row = match_contrasts(table, "hedge_density").loc[0]
    assert row["estimate"] == pytest.approx(2.5)
    assert row["difference"] == pytest.approx(-0.75)
    counts = ["n_events", "n_articles", "n_other_articles", "numerator", "denominator"]
    assert row[counts].tolist() == [2, 3, 3, 8, 300]
    raw = compare_outlets(table, "hedge_density").loc[0]
    assert row["raw_difference"] == raw["difference"] > 5
    assert row["raw_low"] == raw["difference_low"]


def test_a_reference_matches_two_outlets_alone() -> None:
    table = scores("ABACAC", "ppqqrr", [1, 2, 1, 9, 1, 9])
    found = match_contrasts(table, "hedge_density", reference="B").set_index("outlet")
    assert found.loc["A", "difference"] == -1 and found.loc["A", "n_events"] == 1
    assert found.loc["C", "n_events"] == 0
    assert found.loc["C", "note"] == "no event covered by both"
    assert found.loc[["B", "C"], ["estimate", "difference", "p"]].isna().all().all()


def test_what_the_event_explains_is_no_difference() -> None:
    # A covers the events in which all hedge much; within an event nobody differs.
    rng = np.random.default_rng(0)
    rows = []
    for event in range(60):
        lean = float(rng.gamma(2, 0.5))
        for outlet in ["A"] * int(rng.poisson(2 * lean)) + ["B", "C"]:
            rows.append((outlet, f"e{event}", int(rng.poisson(3 * lean)), 100))
    table = pd.DataFrame(rows, columns=["outlet", "event", "n_hedges", "n_words"])
    table = table.rename_axis("article_id").reset_index()
    row = match_contrasts(table, "hedge_density").loc[0]
    assert row["raw_low"] > 0
    assert row["difference_low"] < 0 < row["difference_high"]
    assert abs(row["difference"]) < 0.3 * row["raw_difference"]


def test_two_events_prove_nothing_however_alike() -> None:
    # In both events the same small difference: so few cannot show how it varies.
    table = scores("ABAB", "ppqq", [0] * 4, n_people=10, n_unnamed=[3, 2, 3, 2])
    row = match_contrasts(table, "anonymity").loc[0]
    assert row["difference"] == pytest.approx(0.1) and row["p"] > 0.3
    assert row["note"].startswith("worth fewer than 5")


def test_wire_copies_join_events_into_one_unit() -> None:
    table = scores("ABABAB", "ppqqrr", [1, 2, 3, 4, 5, 5])
    linked = table.assign(wire_of=[None, None, "a0", None, "a0", None])
    assert match_contrasts(table, "hedge_density").loc[0, "n_clusters"] == 3
    row = match_contrasts(linked, "hedge_density").loc[0]
    assert row["n_clusters"] == 1 and np.isnan(row["p"]) and row["n_events"] == 3


def test_missing_events_empty_tables_and_wrong_words() -> None:
    table = scores("ABAB", "ppqq", [1, 2, 3, 4])
    table.loc[2:, "event"] = None
    assert match_contrasts(table, "hedge_density")["n_events"].tolist() == [1, 1]
    empty = match_contrasts(table[:0], ["hedge_density", "hedge_density"])
    assert empty.empty and "raw_high" in empty.columns
    with pytest.raises(CorpusError, match="find_events"):
        match_contrasts(table.drop(columns="event"), "hedge_density")
    with pytest.raises(ValueError, match="A, B"):
        match_contrasts(table, "hedge_density", reference="Z")
    before = table.copy(deep=True)
    match_contrasts(table, "hedge_density")
    pd.testing.assert_frame_equal(table, before)
