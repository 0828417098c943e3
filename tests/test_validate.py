"""Two coders compared: every figure counted by hand, alpha against another program."""

from __future__ import annotations

import math
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, interval_distance

from framing.annotations import (
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
)
from framing.errors import AnnotationError
from framing.score import MEASURES
from framing.text import Span
from framing.validate import (
    DISAGREEMENT_COLUMNS,
    EVALUATION_COLUMNS,
    evaluate_annotations,
    krippendorff_alpha,
    list_disagreements,
    match_spans,
)

HARBOUR = (
    "The port may close, two aides said. It could stay open until May, Ana Ruiz told "
    "Radio Uno. Critics say nothing is likely."
)
STRIKE = "A source said the strike might end. The union denied it."


def hedge(text: str, word: str, kind: str, voice: str | None = None) -> Hedge:
    start = text.index(word)
    return Hedge(start, start + len(word), word, kind, voice)


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def statement(text: str, cue: str, source: str | None, **codes: object) -> Attribution:
    given = {"source_kind": "person", "naming": "named"} | codes
    return Attribution(
        span(text, cue),
        span(text, source) if source else None,
        (),
        str(given.pop("kind", "statement")),
        str(given.pop("form", "indirect")),
        **given,  # type: ignore[arg-type]
    )


VEILED = {"source_kind": "group", "naming": "veiled"}
GOLD = Annotations(
    (
        CodedArticle(
            "harbour",
            "gold",
            (
                hedge(HARBOUR, "may", "modal", "reported"),
                hedge(HARBOUR, "could", "modal", "reported"),
                hedge(HARBOUR, "likely", "epistemic", "outlet"),
            ),
            (
                statement(
                    HARBOUR, "said", "two aides", **VEILED,
                    role="official", source_name="aides#1",
                ),
                statement(
                    HARBOUR, "told", "Ana Ruiz", source_name="Ana Ruiz",
                    via=span(HARBOUR, "Radio Uno"), via_name="Radio Uno",
                ),
                statement(
                    HARBOUR, "say", "Critics", **VEILED,
                    role="partisan", source_name="critics#1",
                ),
            ),
        ),
        CodedArticle(
            "strike",
            "gold",
            (hedge(STRIKE, "might", "modal"),),
            (
                statement(
                    STRIKE, "said", "A source", naming="bare", role="insider",
                    source_name="source#1",
                ),
                statement(
                    STRIKE, "denied", "The union", source_kind="institution",
                    source_name="union",
                ),
            ),
        ),
        CodedArticle("only gold", "gold"),
    )
)  # fmt: skip
FOUND = Annotations(
    (
        CodedArticle(
            "harbour",
            "found",
            (
                hedge(HARBOUR, "may close", "modal", "reported"),  # longer than gold
                hedge(HARBOUR, "could", "epistemic", "outlet"),  # another type, voice
                hedge(HARBOUR, "May", "modal", "outlet"),  # the month: a false find
                # "likely" is missed; a conditional does not count as a hedge
                hedge(HARBOUR, "until", "conditional", "outlet"),
            ),
            (
                statement(
                    HARBOUR, "said", "aides", **VEILED,
                    role="insider", source_name="aides#1",
                ),
                statement(HARBOUR, "told", "Radio Uno", source_name="Radio Uno",
                          source_kind="media"),
                statement(HARBOUR, "say", "Critics", **VEILED,
                          role="partisan", source_name="aides#1"),
            ),
        ),
        CodedArticle(
            "strike",
            "found",
            (hedge(STRIKE, "might", "modal"),),
            (
                statement(STRIKE, "said", "A source", naming="bare", role="insider",
                          source_name="source#1"),
                statement(STRIKE, "denied", None, kind="mental", source_kind="none",
                          naming="none"),
            ),
        ),
        CodedArticle("only found", "found"),
        CodedArticle("only found too", "found"),
    )
)  # fmt: skip
ARTICLES = pd.DataFrame(
    {"article_id": ["harbour", "strike"], "text": [HARBOUR, STRIKE]}
)


def evaluated(found: Annotations = FOUND, gold: Annotations = GOLD) -> pd.DataFrame:
    table = evaluate_annotations(found, gold, articles=ARTICLES)
    return table.set_index("what")


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(
    ("what", "precision", "recall", "n_found", "n_gold"),
    [
        # found may close, could, May | might; gold may, could, likely | might
        ("hedges", 3 / 4, 3 / 4, 4, 4),  # all but May and likely meet
        ("hedges, exact", 2 / 4, 2 / 4, 4, 4),  # could, might
        ("hedge type: modal", 2 / 3, 2 / 3, 3, 3),  # may, might of may, May, might
        ("hedge type: epistemic", 0.0, 0.0, 1, 1),  # could against likely
        # found marks sentences 1, 2 | 1; gold 1, 2, 3 | 1
        ("hedged sentences", 3 / 3, 3 / 4, 3, 4),
        ("statements", 4 / 4, 4 / 5, 4, 5),  # denied was found as mental
        ("statements with source", 3 / 4, 3 / 5, 4, 5),  # told has another source
        ("unnamed-source statements", 3 / 3, 3 / 3, 3, 3),
        ("mental", 0.0, math.nan, 1, 0),
    ],
)
def test_counted_by_hand(
    what: str, precision: float, recall: float, n_found: int, n_gold: int
) -> None:
    row = evaluated().loc[what]
    assert (row["n_found"], row["n_gold"]) == (n_found, n_gold)
    assert row["precision"] == pytest.approx(precision)
    assert row["recall"] == pytest.approx(recall, nan_ok=True)
    expected = f1(precision, recall) if precision and recall else 0.0
    assert row["f1"] == pytest.approx(0.0 if math.isnan(expected) else expected)
    ratio = n_found / n_gold if n_gold else math.nan
    assert row["ratio"] == pytest.approx(ratio, nan_ok=True)


def test_relay_missed() -> None:
    row = evaluated().loc["relays"]
    assert (row["n_found"], row["n_gold"], row["recall"], row["f1"]) == (0, 1, 0, 0)
    assert math.isnan(row["precision"])


def test_same_source_by_hand() -> None:
    # Matched with a name on both sides: said, told, say | said. Found joins said and
    # say in one source, gold keeps all apart.
    # precision: said 1/2, told 1, say 1/2, said 1 = 3/4; recall: 1 each
    row = evaluated().loc["same source (B-cubed)"]
    assert row[["precision", "recall", "f1"]].tolist() == pytest.approx(
        [3 / 4, 1.0, 6 / 7]
    )


def test_labels_by_hand() -> None:
    table = evaluated()
    # types of matched cues: (modal, modal), (epistemic, modal), (modal, modal)
    # observed 1/3; values 5 modal, 1 epistemic: expected 2*5*1/(6*5) = 1/3; alpha 0
    row = table.loc["label: hedge type"]
    assert row["alpha"] == pytest.approx(0.0)
    assert row[["precision", "recall", "f1"]].tolist() == pytest.approx([2 / 3] * 3)
    # "might" has no voice on either side, so two pairs are left, one of them the same
    assert table.loc["label: voice", ["n_found", "f1"]].tolist() == [2, 0.5]
    # role on both sides: insider/official, partisan/partisan, insider/insider
    # observed 1/3; 3 insider, 1 official, 2 partisan of 6:
    # expected 1 - (3*2 + 0 + 2*1)/30 = 22/30; alpha 1 - (1/3)/(22/30) = 6/11
    assert table.loc["label: role", "alpha"] == pytest.approx(6 / 11)
    # kind: four statement pairs, one (mental, statement)
    # observed 1/5; 9 and 1 of 10: expected 2*9*1/90 = 1/5; alpha 0
    assert table.loc["label: kind", "alpha"] == pytest.approx(0.0)


def test_measures_by_hand() -> None:
    table = evaluated()
    # anonymity found: harbour 2 of 2 people, strike 1 of 1; gold: 2 of 3, 1 of 1
    # pooled 3/3 against 3/4
    row = table.loc["measure: anonymity"]
    assert row["ratio"] == pytest.approx((3 / 3) / (3 / 4))
    # values (1, 2/3), (1, 1): observed mean((1/3)**2, 0) = 1/18; mean 11/12,
    # squares 3*(1/12)**2 + (3/12)**2 = 12/144, variance 12/144/3 = 1/36,
    # expected 2/36; alpha 1 - (1/18)/(1/18) = 0
    assert row["alpha"] == pytest.approx(0.0)
    assert (row["n_found"], row["n_gold"]) == (2, 2)
    # sources of statements: aides#1, Radio Uno | source#1; gold 3 | 2
    sources = table.loc["sources"]
    assert sources[["n_found", "n_gold", "ratio"]].tolist() == [3, 5, 3 / 5]


def test_articles_left_out_are_told() -> None:
    table = evaluate_annotations(FOUND, GOLD)
    rows = table.set_index("what")[["n_found", "n_gold"]]
    assert rows.loc["articles"].tolist() == [2, 2]
    assert rows.loc["articles left out"].tolist() == [2, 1]
    left_out = {"n_articles": 2, "n_left_out_found": 2, "n_left_out_gold": 1}
    assert table.attrs == left_out


def test_a_coder_agrees_with_itself() -> None:
    table = evaluated(GOLD, GOLD)
    for column in ("precision", "recall", "f1", "alpha", "ratio"):
        known = table[column].dropna()
        assert known.tolist() == pytest.approx([1.0] * len(known)), column
    assert table.loc["hedges", "f1"] == 1
    assert table.loc["label: role", "alpha"] == 1
    assert table.loc["measure: anonymity", "alpha"] == 1


def test_changing_sides_leaves_f1_and_alpha_alone() -> None:
    one, other = evaluated(), evaluated(GOLD, FOUND)
    pd.testing.assert_frame_equal(one[["f1", "alpha"]], other[["f1", "alpha"]])
    pd.testing.assert_series_equal(one["precision"], other["recall"], check_names=False)


def test_without_texts_only_what_needs_none_is_known() -> None:
    table = evaluate_annotations(FOUND, GOLD).set_index("what")
    assert table.loc["hedged sentences", "n_gold"] == 0
    assert math.isnan(table.loc["measure: hedge_density", "alpha"])
    assert table.loc["measure: anonymity", "n_found"] == 2
    assert table.loc["hedges", "f1"] == 0.75


def test_boilerplate_of_the_table_has_no_sentences() -> None:
    advert = f"Offers may end today.\n{STRIKE}"
    coded = CodedArticle("s", "x", (hedge(advert, "may", "modal"),))
    articles = pd.DataFrame(
        {"article_id": ["s"], "text": [advert], "boilerplate": [[[0, 21]]]}
    )
    side = Annotations((coded,))
    table = evaluate_annotations(side, side, articles=articles).set_index("what")
    assert table.loc["hedged sentences", "n_gold"] == 0


def test_empty_road() -> None:
    empty = Annotations()
    no_articles = pd.DataFrame({"article_id": [], "text": []}, dtype="str")
    for articles in (None, no_articles):
        table = evaluate_annotations(empty, empty, articles=articles, repeats=3)
        assert [*table.columns] == [*EVALUATION_COLUMNS, "low", "high"]
        assert table["f1"].isna().all()
        assert (table[["n_found", "n_gold"]] == 0).all(axis=None)
        assert f"measure: {next(iter(MEASURES))}" in set(table["what"])
    missing = list_disagreements(empty, empty, no_articles, "statements")
    assert [*missing.columns] == [*DISAGREEMENT_COLUMNS]
    assert missing.empty


def test_rows_and_types_are_the_same_whatever_comes_in() -> None:
    empty = evaluate_annotations(Annotations(), Annotations())
    full = evaluate_annotations(FOUND, GOLD)
    assert full["what"].tolist() == empty["what"].tolist()
    assert full["what"].is_unique
    assert full.dtypes.tolist() == empty.dtypes.tolist()


def test_intervals_enclose_the_estimate_and_repeat() -> None:
    may = tuple(Hedge(3 + 8 * j, 6 + 8 * j, "may", "modal") for j in range(3))
    gold = Annotations(tuple(CodedArticle(str(i), "g", may) for i in range(12)))
    found = Annotations(
        tuple(CodedArticle(str(i), "f", may[: i % 4]) for i in range(12))
    )
    first, again = (
        evaluate_annotations(found, gold, repeats=200, seed=1) for _ in range(2)
    )
    pd.testing.assert_frame_equal(first, again)
    row = first.set_index("what").loc["hedges"]
    # found 0 + 1 + 2 + 3 three times over = 18 of 36: recall 1/2, F1 2/3
    assert row["f1"] == pytest.approx(2 / 3)
    assert row["low"] < row["f1"] < row["high"]
    draws = {
        evaluate_annotations(found, gold, repeats=1, seed=seed)["low"][2]
        for seed in range(5)
    }
    assert len(draws) > 1


def test_one_article_has_no_spread() -> None:
    one = Annotations(GOLD.articles[:1])
    row = evaluate_annotations(one, one, repeats=5).set_index("what").loc["hedges"]
    assert (row["low"], row["high"]) == (1, 1)


def test_an_article_coded_twice_on_one_side_is_refused() -> None:
    twice = Annotations((CodedArticle("a", "x"), CodedArticle("a", "y")))
    with pytest.raises(AnnotationError, match="'a' by 'x' and by 'y'"):
        evaluate_annotations(twice, Annotations())


# --- matching -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "pairs"),
    [
        ([(0, 3)], [(2, 5)], [(0, 0)]),
        ([(0, 3)], [(3, 5)], []),  # they touch, they do not overlap
        ([(0, 9)], [(0, 3), (4, 6)], [(0, 0)]),  # one to one
        ([(0, 3), (4, 6)], [(0, 9)], [(0, 0)]),
        ([(0, 9), (2, 4)], [(2, 4)], [(1, 0)]),  # the same span comes first
        ([(0, 2), (5, 7), (8, 9)], [(5, 6), (8, 9)], [(1, 0), (2, 1)]),
        ([(1, 2), (1, 2)], [(1, 2), (1, 2)], [(0, 0), (1, 1)]),
        ([], [(0, 1)], []),
    ],
)
def test_match_spans(
    a: list[tuple[int, int]], b: list[tuple[int, int]], pairs: list[tuple[int, int]]
) -> None:
    assert match_spans([Span(*s) for s in a], [Span(*s) for s in b]) == pairs


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 6)).map(
        lambda p: Span(p[0], p[0] + p[1])
    ),
    max_size=12,
)


@given(spans, spans)
def test_matching_is_one_to_one_overlapping_and_symmetric(
    a: list[Span], b: list[Span]
) -> None:
    pairs = match_spans(a, b)
    assert all(a[i].overlaps(b[j]) for i, j in pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert len(match_spans(b, a)) == len(pairs)
    used_a, used_b = {i for i, _ in pairs}, {j for _, j in pairs}
    same = {s for i, s in enumerate(a) if i not in used_a} & {
        s for j, s in enumerate(b) if j not in used_b
    }
    assert not same  # the same span on both sides never stays alone on both


@given(spans)
def test_spans_match_themselves(a: list[Span]) -> None:
    assert len(match_spans(a, a)) == len(a)


# --- Krippendorff's alpha -----------------------------------------------------------


def nltk_alpha(a: list[object], b: list[object], distance: object) -> float:
    rows = [("a", i, v) for i, v in enumerate(a) if v is not None]
    rows += [("b", i, v) for i, v in enumerate(b) if v is not None]
    return float(AnnotationTask(rows, distance=distance).alpha())


@pytest.mark.parametrize("seed", range(10))
def test_alpha_nominal_is_nltks(seed: int) -> None:
    draw = random.Random(seed)
    labels = ["modal", "hearsay", "doxastic", None]
    a = draw.choices(labels, k=40)
    b = [x if draw.random() < 0.6 else draw.choice(labels) for x in a]
    expected = nltk_alpha(list(a), list(b), binary_distance)
    assert krippendorff_alpha(a, b) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(10))
def test_alpha_interval_is_nltks(seed: int) -> None:
    draw = random.Random(seed)
    a = [draw.choice([None, draw.gauss(5, 2)]) for _ in range(30)]
    b = [draw.choice([x, draw.gauss(5, 2), None]) for x in a]
    expected = nltk_alpha(list(a), list(b), interval_distance)
    assert krippendorff_alpha(a, b, level="interval") == pytest.approx(expected)


def test_alpha_of_krippendorffs_example() -> None:
    # Krippendorff 2011, two observers, ten units, binary: alpha 0.095
    a = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    b = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    # observed 4/10; 14 zeros and 6 ones of 20: expected 2*14*6/(20*19) = 168/380
    assert krippendorff_alpha(a, b) == pytest.approx(1 - (4 / 10) / (168 / 380))
    assert krippendorff_alpha(a, b) == pytest.approx(0.095, abs=5e-4)


def test_alpha_undefined_is_nan() -> None:
    assert math.isnan(krippendorff_alpha([], []))
    assert math.isnan(krippendorff_alpha(["a", None], [None, "a"]))
    assert math.isnan(krippendorff_alpha("aaa", "aaa"))
    assert math.isnan(krippendorff_alpha([0.1] * 3, [0.1] * 3, level="interval"))


def test_alpha_takes_missing_values_of_every_make() -> None:
    a = pd.Series([1.0, np.nan, 3.0, 4.0])
    b = pd.array([1, 2, None, 5], dtype="Int64")
    expected = krippendorff_alpha([1, 4], [1, 5], level="interval")
    assert krippendorff_alpha(a, b, level="interval") == expected


def test_alpha_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="ordinal"):
        krippendorff_alpha([1], [1], level="ordinal")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="shorter"):
        krippendorff_alpha([1, 2], [1])


# --- disagreements ------------------------------------------------------------------


def listed(what: str) -> list[list[object]]:
    table = list_disagreements(FOUND, GOLD, ARTICLES, what)
    columns = ["article_id", "disagreement", "found", "gold", "cue"]
    rows = table[columns].astype(object)
    return rows.where(rows.notna(), None).to_numpy().tolist()


def test_hedges_that_differ() -> None:
    assert listed("hedges") == [
        ["harbour", "type", "epistemic", "modal", "could"],
        ["harbour", "voice", "outlet", "reported", "could"],
        ["harbour", "false find", "modal", None, "May"],
        ["harbour", "missed", None, "epistemic", "likely"],
    ]


def test_statements_that_differ() -> None:
    union = "The union | institution | named"
    assert listed("statements") == [
        ["harbour", "role", "insider", "official", "said"],
        ["harbour", "source", "Radio Uno", "Ana Ruiz", "told"],
        ["harbour", "source_kind", "media", "person", "told"],
        ["strike", "missed", None, union, "denied"],
    ]
    assert listed("mental") == [
        ["strike", "false find", "none | none | none", None, "denied"]
    ]


def test_a_missed_relay_shows_what_was_found_instead() -> None:
    found, gold = "Radio Uno | media | named", "Ana Ruiz | person | named"
    assert listed("relays") == [["harbour", "missed", found, gold, "told"]]
    assert [row[1] for row in listed("unnamed-source statements")] == ["role"]


def test_misses_and_false_finds_add_up_to_the_table() -> None:
    table = evaluated()
    for what in ("hedges", "statements", "mental", "relays"):
        kinds = [row[1] for row in listed(what)]
        row = table.loc[what]
        hits = row["n_gold"] - kinds.count("missed")
        assert hits == row["n_found"] - kinds.count("false find")
        assert hits == pytest.approx(np.nan_to_num(row["recall"]) * row["n_gold"])


def test_snippets_show_the_cue_in_its_place() -> None:
    table = list_disagreements(FOUND, GOLD, ARTICLES, "hedges")
    row = table.iloc[2]
    assert "open until [[May]], Ana Ruiz" in row["snippet"]
    assert HARBOUR[row["start"] : row["end"]] == row["cue"] == "May"


def test_unknown_list_is_refused() -> None:
    with pytest.raises(ValueError, match="hedges, statements, mental"):
        list_disagreements(FOUND, GOLD, ARTICLES, "sources")
