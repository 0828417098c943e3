"""Scores: paragraphs counted by hand, undefined measures, tables without text."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.annotations import (
    HEDGE_TYPES,
    MACHINE_HEDGE_TYPES,
    SOURCE_KINDS,
    SOURCE_ROLES,
    VOICES,
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
)
from framing.errors import AnnotationError, CorpusError
from framing.lexicon import lexicon_digest
from framing.score import (
    ARTICLE_COLUMNS,
    COUNTS,
    MEASURES,
    REASON_COUNTS,
    measure_parts,
    score,
    score_articles,
)
from framing.text import Span


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def hedge(text: str, words: str, kind: str, voice: str | None) -> Hedge:
    return Hedge(*span(text, words), words, kind, voice)


def said(
    text: str, cue: str, source: str | None, content: str, **codes: object
) -> Attribution:
    return replace(
        Attribution(
            span(text, cue),
            span(text, source) if source else None,
            (span(text, content),),
            "statement",
            "indirect",
        ),
        **codes,  # type: ignore[arg-type]
    )


def score_one(text: str | None, coded: CodedArticle, **columns: object) -> pd.Series:
    article = pd.DataFrame({"article_id": ["P"], "text": [text], **columns})
    return score_articles(article, Annotations((coded,))).iloc[0]


# --- three paragraphs counted by hand -------------------------------------------


def test_paragraph_of_an_unnamed_official() -> None:
    # Sentence 1: The(1) ministry(2) might(3) reopen(4) the(5) port(6) a(7) senior(8)
    # official(9) said(10). Sentence 2: It(11) reportedly(12) closed(13) in(14) May(15).
    text = (
        "The ministry might reopen the port, a senior official said. "
        "It reportedly closed in May."
    )
    coded = CodedArticle(
        "P", "x",
        (
            hedge(text, "might", "modal", "reported"),
            hedge(text, "reportedly", "hearsay", "outlet"),
        ),
        (
            said(
                text, "said", "a senior official",
                "The ministry might reopen the port", source_kind="person",
                naming="veiled", role="official", source_name="official#1",
            ),
        ),
    )  # fmt: skip
    row = score_one(text, coded)
    assert row["n_words"] == 15 and row["n_sentences"] == 2
    # 2 hedges in 15 words: 100 * 2 / 15; one of each voice.
    assert row["hedge_density"] == pytest.approx(13.3333, abs=1e-4)
    assert row["hedge_density_modal"] == pytest.approx(100 / 15)
    assert row["hedge_density_outlet"] == pytest.approx(100 / 15)
    assert row["hedge_density_quoted"] == 0
    # Both sentences hold a hedge: 2 / 2.
    assert row["hedged_sentence_share"] == 1
    # 1 statement: 100 * 1 / 15. Its content is the first six words: 6 / 15.
    assert row["attribution_density"] == pytest.approx(6.6667, abs=1e-4)
    assert row["sourced_share"] == pytest.approx(0.4)
    assert row["anonymity"] == row["anonymity_strict"] == 1
    assert row["relay_share"] == row["direct_share"] == 0
    assert row["method"] == "x"


def test_paragraph_of_relays_and_two_cues_of_one_source() -> None:
    # Rosa(1) Lind(2) told(3) Meridian(4) Radio(5) that(6) the(7) talks(8) failed(9).
    # We(10) will(11) return(12) she(13) added(14). Residents(15) said(16) they(17)
    # doubt(18) it(19). Meridian(20) Radio(21) reported(22) arrests(23).
    text = (
        "Rosa Lind told Meridian Radio that the talks failed. "
        '"We will return," she added. Residents said they doubt it. '
        "Meridian Radio reported arrests."
    )
    named = {"source_kind": "person", "naming": "named", "source_name": "Rosa Lind"}
    last = span(text, "Meridian Radio reported")
    radio = said(text, "reported", None, "arrests", source_kind="media")
    coded = CodedArticle(
        "P", "x",
        (hedge(text, "doubt", "epistemic", "reported"),),
        (
            said(text, "told", "Rosa Lind", "the talks failed",
                 via=span(text, "Meridian Radio"), **named),
            said(text, "added", "she", '"We will return,"', form="direct", **named),
            said(text, "said", "Residents", "they doubt it", source_kind="group",
                 naming="veiled", role="public", source_name="residents"),
            replace(radio, source=Span(last.start, last.start + 14), naming="named",
                    source_name="Meridian Radio"),
        ),
    )  # fmt: skip
    row = score_one(text, coded)
    assert row["n_words"] == 23 and row["n_sentences"] == 4
    # 4 statements by 3 sources (Lind twice): 100 * 4 / 23 and 100 * 3 / 23.
    assert row["attribution_density"] == pytest.approx(17.3913, abs=1e-4)
    assert row["source_count"] == 3
    assert row["sources_per_100"] == pytest.approx(13.0435, abs=1e-4)
    # Statements by people: Lind, Lind, residents. Unnamed 1 of 3, none of them an
    # official or insider.
    assert row["anonymity"] == pytest.approx(1 / 3)
    assert row["anonymity_strict"] == 0 and row["n_unnamed_public"] == 1
    # One with a relay and one by a media source: 2 of 4. One direct: 1 of 4.
    assert row["relay_share"] == 0.5 and row["direct_share"] == 0.25
    # Content: 3 + 3 + 3 + 1 = 10 words of 23.
    assert row["sourced_share"] == pytest.approx(10 / 23)
    # One of four sentences is hedged.
    assert row["hedged_sentence_share"] == 0.25
    assert [row[f"n_source_{k}"] for k in SOURCE_KINDS] == [2, 1, 0, 0, 1, 0]


def test_paragraph_with_boilerplate_belief_and_machine_types() -> None:
    # If(1) it(2) rains(3) the(4) mayor(5) hopes(6) about(7) forty(8) may(9) come(10).
    # The credit line after it is boilerplate: its words and its hedge do not count.
    text = (
        "If it rains, the mayor hopes about forty may come.\n\nCredit: could be better"
    )
    hopes = said(text, "hopes", "the mayor", "about forty may come", kind="mental")
    coded = CodedArticle(
        "P", "x",
        (
            hedge(text, "If", "conditional", "outlet"),
            hedge(text, "about", "approximator", "reported"),
            hedge(text, "may", "modal", "reported"),
            hedge(text, "could", "modal", "outlet"),
        ),
        (hopes,),
        (span(text, "Credit: could be better"),),
    )  # fmt: skip
    row = score_one(text, coded)
    assert row["n_words"] == 10 and row["n_sentences"] == 1
    # Of the four cues one is of the six types and outside boilerplate: 100 * 1 / 10.
    assert row["hedge_density"] == 10
    assert row["n_hedges_conditional"] == row["n_hedges_approximator"] == 1
    assert [row[f"n_hedges_{v}"] for v in VOICES] == [0, 1, 0]
    # A mental attribution is no statement: no density, no shares, no content.
    assert row["n_mental"] == 1 and row["n_statements"] == 0
    assert row["attribution_density"] == row["sourced_share"] == 0
    assert math.isnan(row["anonymity"]) and math.isnan(row["relay_share"])


# --- what a coder may leave out --------------------------------------------------


def test_voice_left_out_follows_from_the_place_of_the_hedge() -> None:
    text = 'He said it might rain. It could snow. "It may hail," he said.'
    coded = CodedArticle(
        "P", "x",
        tuple(
            hedge(text, word, "modal", None) for word in ("might", "could", "may")
        ),
        (
            said(text, "said", "He", "it might rain", source_kind="person"),
            said(text, "he said", None, '"It may hail,"', form="direct"),
        ),
    )  # fmt: skip
    row = score_one(text, coded)
    assert (row["n_hedges_reported"], row["n_hedges_outlet"]) == (1, 1)
    assert row["n_hedges_quoted"] == 1


def test_voice_is_unknown_without_text() -> None:
    coded = CodedArticle("P", "x", (Hedge(3, 8, "might", "modal"),))
    row = score_one(None, coded, n_words=50)
    assert row["hedge_density"] == 2
    assert pd.isna(row["n_hedges_outlet"]) and math.isnan(row["hedge_density_outlet"])


def test_content_left_out_makes_the_sourced_share_undefined() -> None:
    text = "Rain fell, he said."
    bare = replace(said(text, "said", "he", "Rain fell"), content=())
    row = score_one(text, CodedArticle("P", "x", (), (bare,)))
    assert row["n_statements"] == 1 and math.isnan(row["sourced_share"])


def test_source_without_a_name_counts_by_its_words() -> None:
    text = "The mayor said so. He denied it, the mayor said."
    first = said(text, "said", "The mayor", "so", source_kind="person")
    second = replace(
        first, cue=span(text, "denied"), source=span(text, "the mayor"),
    )  # fmt: skip
    sourceless = replace(first, source=None, source_kind="none")
    coded = CodedArticle("P", "x", (), (first, second, sourceless))
    assert score_one(text, coded)["n_sources"] == 1


def test_relay_carried_over_by_name_counts() -> None:
    text = "It rained, she said."
    relayed = said(text, "said", "she", "It rained", via_name="Meridian Radio")
    assert score_one(text, CodedArticle("P", "x", (), (relayed,)))["relay_share"] == 1


def test_boilerplate_is_the_coders_or_else_the_tables() -> None:
    text = "It rained.\nAll rights reserved."
    tail, marked = list(span(text, "All rights reserved.")), CodedArticle("P", "x")
    assert score_one(text, marked, boilerplate=[[tail]])["n_words"] == 2
    first = replace(marked, boilerplate=(span(text, "It rained."),))
    assert score_one(text, first, boilerplate=[[tail]])["n_words"] == 3
    assert score_one(text, marked, boilerplate=[None])["n_words"] == 5


def test_table_without_text_gives_its_own_counts() -> None:
    coded = CodedArticle("P", "x", (Hedge(3, 8, "might", "modal", "outlet"),))
    counts = {
        "n_words": 40, "n_sentences": 4, "n_hedged_sentences": 1,
        "n_attributed_words": 10,
    }  # fmt: skip
    row = score_one(None, coded, **counts)
    assert row["hedge_density"] == 2.5 and row["hedged_sentence_share"] == 0.25
    assert row["sourced_share"] == 0.25


def test_paragraph_of_unnamed_people_with_and_without_a_reason() -> None:
    # Four statements: a clerk with a reason, a nurse with a grant and no reason, guards
    # with neither, and Rosa Lind, who is named and needs none.
    text = (
        "A clerk, not authorised to comment, said the till was short. "
        "A nurse, asking not to be named, said two wards were shut. "
        "Guards said it was dark. Rosa Lind said it was late."
    )
    granted = span(text, "asking not to be named")
    veiled = {"source_kind": "person", "naming": "veiled", "role": "other"}
    clerk = said(text, "said", "A clerk", "the till was short", **veiled)
    explained = {"anonymity_reason": span(text, "not authorised to comment")}
    nurse = said(text, "said", "A nurse", "two wards were shut", **veiled)
    guards = said(text, "said", "Guards", "it was dark", **veiled)
    lind = said(text, "said", "Rosa Lind", "it was late", source_kind="person",
                naming="named")  # fmt: skip
    statements = (
        replace(clerk, reason_type="not_authorised", **explained),
        replace(nurse, reason_type="none_given", anonymity_reason=granted),
        guards,
        lind,
    )
    row = score_one(text, CodedArticle("P", "x", (), statements))
    assert row["n_unnamed"] == 3 and row["n_explained"] == 1
    assert row["n_reason_not_authorised"] == row["n_reason_none_given"] == 1
    assert row["n_reason_safety"] == 0
    # One of three unnamed statements has a reason.
    assert row["explained_share"] == pytest.approx(1 / 3)


def test_reasons_that_a_person_left_out_are_unknown_and_not_none() -> None:
    text = "A clerk said the till was short."
    codes = {"source_kind": "person", "naming": "veiled", "role": "other"}
    clerk = said(text, "said", "A clerk", "the till was short", **codes)
    row = score_one(text, CodedArticle("P", "anna", (), (clerk,)))
    assert row["n_unnamed"] == 1 and row[[*REASON_COUNTS]].isna().all()
    assert math.isnan(row["explained_share"])
    row = score_one(text, CodedArticle("P", "lexicon", (), (clerk,)))
    assert row["n_explained"] == row["explained_share"] == 0


# --- the table -------------------------------------------------------------------


def test_columns_of_the_empty_road() -> None:
    empty = pd.DataFrame({"article_id": pd.Series(dtype="str")})
    scores = score_articles(empty, Annotations())
    assert scores.empty
    assert list(scores.columns) == [*ARTICLE_COLUMNS, *COUNTS, *MEASURES, "method"]
    one = score_one("", CodedArticle("P", "x"))
    assert one["n_words"] == 0 and math.isnan(one["hedge_density"])
    assert one["source_count"] == 0


def test_measures_are_those_of_the_codebook() -> None:
    densities = [f"hedge_density_{k}" for k in HEDGE_TYPES + VOICES]
    assert [*MEASURES] == [
        "hedge_density", *densities, "hedged_sentence_share", "attribution_density",
        "source_count", "sources_per_100", "sourced_share", "anonymity",
        "anonymity_strict", "explained_share", "relay_share", "direct_share",
    ]  # fmt: skip
    assert all({m.numerator, m.denominator} <= {*COUNTS} for m in MEASURES.values())


def test_rows_follow_the_articles_and_every_coder_has_its_own() -> None:
    articles = pd.DataFrame(
        {"article_id": ["b", "a", "c"], "text": ["x"] * 3, "constructed": [True] * 3}
    )
    coded = [("a", "y"), ("a", "lexicon"), ("b", "y")]
    scores = score_articles(
        articles, Annotations(tuple(CodedArticle(*c) for c in coded))
    )
    pairs = list(zip(scores["article_id"], scores["coder"], strict=True))
    assert pairs == [("b", "y"), ("a", "y"), ("a", "lexicon")]
    assert scores["constructed"].all() and scores["outlet"].isna().all()
    assert scores["method"].tolist()[:2] == ["y", "y"]
    assert lexicon_digest() in scores["method"].iloc[2]


def test_annotations_of_an_unknown_article_are_an_error() -> None:
    articles = pd.DataFrame({"article_id": ["a"], "text": ["x"]})
    with pytest.raises(AnnotationError, match="'q'"):
        score_articles(articles, Annotations((CodedArticle("q", "x"),)))
    twice = Annotations((CodedArticle("a", "x"), CodedArticle("a", "x")))
    with pytest.raises(AnnotationError, match="again"):
        score_articles(articles, twice)
    with pytest.raises(CorpusError, match="again"):
        score_articles(pd.concat([articles, articles]), Annotations())


def test_codes_of_another_version_of_the_text_are_an_error() -> None:
    coded = CodedArticle("P", "x", (Hedge(0, 5, "might", "modal", "outlet"),))
    with pytest.raises(AnnotationError, match="same text"):
        score_one("Other words", coded)


def test_unknown_measure_names_the_known_ones() -> None:
    with pytest.raises(ValueError, match="hedge_density"):
        measure_parts(pd.DataFrame(), "no_such_measure")


# --- properties of the machine coder's scores ------------------------------------

WORDS = ("might", "said", '"', "officials", "reportedly", "rain.", "CNN", "\n", "it")


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_any_string_is_scored(text: str) -> None:
    found = score(text)
    assert [*found] == [*COUNTS, *MEASURES]
    six = sum(found[f"n_hedges_{t}"] for t in HEDGE_TYPES)
    assert found["n_hedges"] == six == sum(found[f"n_hedges_{v}"] for v in VOICES)
    assert found["n_statements"] == sum(found[f"n_source_{k}"] for k in SOURCE_KINDS)
    assert found["n_unnamed"] == sum(found[f"n_unnamed_{r}"] for r in SOURCE_ROLES)
    assert all(found[f"n_hedges_{t}"] >= 0 for t in MACHINE_HEDGE_TYPES)
    reasons = sum(found[name] for name in REASON_COUNTS[1:])
    assert found["n_explained"] <= reasons <= found["n_unnamed"]
    shares = [v for k, v in found.items() if k.endswith("_share") or "anonym" in k]
    assert all(math.isnan(v) or 0 <= v <= 1 for v in shares)


def test_doubling_a_text_keeps_its_densities() -> None:
    text = "Officials said the talks might resume. It is unclear when.\n\n"
    once, twice = score(text), score(text * 2)
    assert once["n_hedges"] >= 2
    for name in ("hedge_density", "attribution_density", "hedged_sentence_share"):
        assert twice[name] == pytest.approx(once[name])


def test_a_sentence_without_cues_lowers_the_density() -> None:
    text = "The talks might resume."
    assert score(f"{text} It rained.")["hedge_density"] < score(text)["hedge_density"]


def test_scores_as_numbers_for_the_csv() -> None:
    articles = pd.DataFrame({"article_id": ["a"], "text": ["It might rain."]})
    scores = score_articles(articles, Annotations((CodedArticle("a", "x"),)))
    assert str(scores["n_words"].dtype) == "Int64"
    assert scores["hedge_density"].dtype == np.float64
