"""Coders over texts and tables: any string, any order, any number of processes."""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from test_text import news_characters, news_strings

from framing.annotate import (
    CODERS,
    DEFAULT_CODER,
    annotate_articles,
    annotate_text,
    annotate_to_file,
    describe_method,
    unfinished_path,
)
from framing.annotations import CodedArticle, read_annotations
from framing.text import Span

# Words that start rules, in any order: the strings most likely to trip one.
rule_words = st.lists(
    st.sampled_from(
        "Trump Maduro CNN officials official he who said told according to that would "
        "could may not known be ruled out whether expected claims called reported by "
        "Mr. U.S. report Another “ ” \" ' ‘ ’ : — , . \n \n\n said, “I “We think".split(
            " "
        )
    ),
    max_size=40,
).map(" ".join)


@cache
def paragraphs() -> list[str]:
    lines = (ROOT / "data" / "sample" / "articles.jsonl").read_text(encoding="utf-8")
    texts = [json.loads(line)["text"] for line in lines.splitlines()]
    return [p for text in texts for p in text.split("\n") if p]


@st.composite
def mutated_paragraphs(draw: st.DrawFn) -> str:
    """A paragraph of the sample with stretches cut out and characters put in."""
    text = draw(st.sampled_from(paragraphs()))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        cut = draw(st.sampled_from((0, 0, 1, 5, 40)))
        text = text[:at] + draw(st.text(news_characters, max_size=3)) + text[at + cut :]
    return text


# Over the three strategies; FRAMING_EXAMPLES=10000 is the long run.
many = settings(
    max_examples=int(os.environ.get("FRAMING_EXAMPLES", "1000")), deadline=None
)


def assert_sound(text: str, coded: CodedArticle) -> None:
    for hedge in coded.hedges:
        assert text[hedge.start : hedge.end] == hedge.text != ""
        assert hedge.voice in ("outlet", "reported", "quoted")
    for a in coded.attributions:
        spans = [a.cue, *a.content, *filter(None, (a.source, a.via))]
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert (a.source_kind == "none") == (a.naming == "none")
    for layer in (coded.hedges, [a.cue for a in coded.attributions]):
        starts = [code.start for code in layer]
        assert starts == sorted(starts)


any_string = st.one_of(news_strings, rule_words, mutated_paragraphs())


@many
@given(any_string)
def test_any_string_is_coded_and_offsets_round_trip(text: str) -> None:
    assert_sound(text, annotate_text(text, coder="lexicon"))


@settings(
    many, max_examples=max(1, many.max_examples // 10)
)  # the model takes its time
@given(any_string)
def test_any_string_is_coded_by_the_trained_coder(text: str) -> None:
    assert_sound(text, annotate_text(text, coder="framing"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        '"',
        "“" * 5000,
        "said " * 5000,
        "would " * 5000,
        "\x00\x00said\x00",
        "قال المسؤول إن ذلك قد يحدث.",
        "👩‍👩‍👧 said 🙂 “may”.",
        "a" * 1_000_000,
        "officials said it may " * 45_000,
    ],
    ids=lambda text: f"{text[:8]!r} of {len(text)}",
)
@pytest.mark.parametrize("coder", CODERS)
def test_hard_strings(text: str, coder: str) -> None:
    if coder == "framing":
        text = text[:20_000]  # a megabyte of attributions takes it 20 seconds
    assert_sound(text, annotate_text(text, coder=coder))


def test_boilerplate_carries_no_codes() -> None:
    text = "It may rain.\n\nIt may snow."
    coded = annotate_text(text, boilerplate=[Span(14, 26)])
    assert [hedge.start for hedge in coded.hedges] == [3]


def test_an_unknown_coder_is_refused() -> None:
    with pytest.raises(ValueError, match="coder 'x' is not one of lexicon"):
        annotate_text("It may rain.", coder="x")


def test_processes_and_order_change_nothing(sample_articles: pd.DataFrame) -> None:
    articles = sample_articles.head(8)
    one = annotate_articles(articles)
    assert annotate_articles(articles, processes=2) == one
    backwards = annotate_articles(articles.iloc[::-1])
    assert {c.article_id: c for c in backwards} == {c.article_id: c for c in one}


def test_other_languages_are_left_out_and_counted() -> None:
    articles = pd.DataFrame(
        {
            "article_id": ["a", "b", "c", "d"],
            "text": ["It may rain.", "Puede llover.", "It may rain.", "Może padać."],
            "language": ["en", "es", None, "pl"],
        }
    )
    with pytest.warns(UserWarning, match=r"2 articles not in English.*es 1, pl 1"):
        annotations = annotate_articles(articles)
    assert [coded.article_id for coded in annotations] == ["a", "c"]


def test_an_empty_table_gives_empty_tables() -> None:
    articles = pd.DataFrame({"article_id": [], "text": []})
    annotations = annotate_articles(articles)
    assert annotations.hedges.empty
    assert annotations.attributions.empty


def test_a_run_that_was_killed_resumes(
    sample_articles: pd.DataFrame, tmp_path: Path
) -> None:
    articles = sample_articles.head(6)
    whole, resumed = tmp_path / "whole.jsonl", tmp_path / "resumed.jsonl"
    assert annotate_to_file(articles, whole) == 0
    lines = whole.read_bytes().splitlines(keepends=True)
    part = unfinished_path(resumed, DEFAULT_CODER)
    part.write_bytes(b"".join(lines[:3]) + lines[3][:40])
    assert annotate_to_file(articles, resumed) == 3
    assert resumed.read_bytes() == whole.read_bytes()
    assert not part.exists()
    assert len(read_annotations(resumed)) == 6


def test_both_coders_write_the_same_format(sample_articles: pd.DataFrame) -> None:
    articles = sample_articles.head(2)
    for coder in CODERS:
        annotations = annotate_articles(articles, coder=coder)
        assert {coded.coder for coded in annotations} == {coder}
        for text, coded in zip(articles["text"], annotations, strict=True):
            assert_sound(text, coded)
            assert len(coded.hedges) > 5
            assert len(coded.attributions) > 5
    assert "model" in describe_method("framing")
    assert "model" not in describe_method("lexicon")
