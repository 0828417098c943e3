"""Keyness: the formula by hand, the prior, articles that repeat themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from framing.errors import CorpusError
from framing.keyness import keyness, list_examples

GROUPS = {"a": "X", "b": "X", "c": "Y", "d": "Y"}


def codes(**items: str) -> pd.DataFrame:
    """One row a letter: articles by name, items by letter (m may, c could ...)."""
    words = {"m": "may", "c": "could", "r": "reportedly"}
    rows = [(name, words[letter]) for name, text in items.items() for letter in text]
    table = pd.DataFrame(rows, columns=["article_id", "text"])
    start = table.groupby("article_id").cumcount() * 10
    return table.assign(start=start, end=start + table["text"].str.len())


def test_log_odds_by_hand() -> None:
    # X: may 3, could 1 of 4; Y: may 1, could 3 of 4; pooled halves; prior 8: 4 each.
    # X: log(7 / 5), Y: log(5 / 7); variance 1/7 + 1/5 on either side.
    table = keyness(codes(a="mm", b="mc", c="mc", d="cc"), GROUPS, prior=8)
    row = table.set_index(["group", "item"]).loc[("X", "may")]
    assert row["log_odds"] == pytest.approx(2 * np.log(7 / 5))
    assert row["z"] == pytest.approx(2 * np.log(7 / 5) / np.sqrt(2 / 7 + 2 / 5))
    counts = ["n", "total", "n_other", "total_other", "n_articles", "n_other_articles"]
    assert row[counts].tolist() == [3, 4, 1, 4, 2, 1]
    assert row["low"] < 0 < row["high"]


def test_words_give_the_density_and_count_articles_without_a_code() -> None:
    # Twice as many hedges in the same words: all items lean to X, which shares do not.
    table = codes(a="mc" * 20, b="mc" * 20, c="mc" * 20)
    words = dict.fromkeys(GROUPS, 1000)
    dense = keyness(table, GROUPS, words=words).set_index(["group", "item"])
    assert dense.loc[("X", "may"), ["n", "total"]].tolist() == [40, 2000]
    assert dense.loc[("Y", "may"), "total"] == 2000
    assert (dense.loc["X", "z"] > 1).all() and (dense.loc["Y", "z"] < -1).all()
    shares = keyness(table, GROUPS)
    assert shares["log_odds"].to_numpy() == pytest.approx(0)


def test_two_groups_mirror_each_other() -> None:
    table = keyness(codes(a="mmr", b="mc", c="mcc", d="ccr"), GROUPS)
    wide = table.pivot_table("z_clustered", index="item", columns="group")
    assert wide["X"].to_numpy() == pytest.approx(-wide["Y"].to_numpy())
    assert table["group"].tolist() == ["X"] * 3 + ["Y"] * 3
    assert table["z_clustered"].tolist()[:3] == sorted(
        table["z_clustered"].tolist()[:3], reverse=True
    )


def test_the_prior_takes_the_lead_from_what_was_seen_twice() -> None:
    table = codes(a="rr" + "mc" * 10 + "m" * 20, c="mc" * 20)
    found = keyness(table, GROUPS, prior=50).set_index(["group", "item"])
    rare, common = found.loc[("X", "reportedly")], found.loc[("X", "may")]
    assert rare["n_other"] == 0 and common["z"] > rare["z"] > 0
    weak = keyness(table, GROUPS, prior=0.1).set_index(["group", "item"])
    assert weak.loc[("X", "reportedly"), "log_odds"] > 2 * rare["log_odds"]


def test_one_article_that_repeats_itself_is_no_habit() -> None:
    many = {f"a{i}": "mmmc" for i in range(30)} | {f"b{i}": "mccc" for i in range(30)}
    groups = {name: name[0] for name in many}
    spread = keyness(codes(**many), groups).set_index(["group", "item"])
    one = {"a0": "m" * 60, "a1": "c"} | {f"a{i}": "mc" for i in range(2, 30)}
    one |= {f"b{i}": "mccm" for i in range(30)}
    piled = keyness(codes(**one), groups).set_index(["group", "item"])
    assert spread.loc[("a", "may"), "z_clustered"] > 3
    row = piled.loc[("a", "may")]
    assert row["z"] > 2 > row["z_clustered"] and row["low"] < 0


def test_case_missing_values_and_strangers() -> None:
    table = pd.DataFrame(
        {"article_id": list("aacz"), "role": ["Official", None, "official", "expert"]}
    )
    found = keyness(table, pd.Series(GROUPS), what="role")
    assert set(found["item"]) == {"official", "(none)"}
    assert found["n"].sum() == 3
    with pytest.raises(CorpusError, match="article_id, role"):
        keyness(table, GROUPS)


def test_empty_and_single_are_normal() -> None:
    nothing = keyness(codes(a="m")[:0], GROUPS)
    assert nothing.empty and nothing["z_clustered"].dtype == "float64"
    assert keyness(codes(z="m"), GROUPS).empty
    alone = keyness(codes(a="mm"), GROUPS)
    assert len(alone) == 1 and alone.loc[0, "n_other"] == 0


def test_examples_are_the_rows_counted() -> None:
    table = codes(a="mmc", b="m", c="m")
    found = keyness(table, GROUPS).set_index(["group", "item"])
    shown = list_examples(table, GROUPS, "May", group="X")
    assert len(shown) == found.loc[("X", "may"), "n"] == 3
    assert len(list_examples(table, GROUPS, "may")) == 4
    assert list_examples(table, GROUPS, "never").empty


def test_examples_open_on_the_words() -> None:
    text = "x" * 200 + " It may  rain. " + "y" * 200
    hedges = pd.DataFrame(
        {"article_id": ["a", "b"], "text": "may", "start": [204] * 2, "end": [207] * 2}
    )
    texts = pd.DataFrame({"article_id": ["a"], "text": [text]})
    shown = list_examples(hedges, GROUPS, "may", articles=texts)
    assert "It ›may‹ rain. y" in shown.loc[0, "context"]
    assert len(shown.loc[0, "context"]) < 180 and pd.isna(shown.loc[1, "context"])
    cues = hedges.rename(columns={"start": "cue_start", "end": "cue_end"})
    again = list_examples(cues.assign(cue="may"), GROUPS, "may", articles=texts)
    assert again.loc[0, "context"] == shown.loc[0, "context"]
