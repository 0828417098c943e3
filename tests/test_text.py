"""Segments: every result is a span of the original, whatever the string."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from conftest import load_cases
from hypothesis import given
from hypothesis import strategies as st

from framing.text import (
    Segments,
    Span,
    count_words,
    find_paragraphs,
    find_quotations,
    find_segments,
    find_sentences,
    find_words,
    merge_spans,
)

# Characters that news text, its encodings and its attackers put into an article.
news_characters = st.sampled_from(
    list("\"'“”‘’«»„‚`.,!?:;—-()[] \n\r\t\x00\u2028\u200f\ufeffabIİßéالف語🙂0U.S6")
)
news_strings = st.one_of(st.text(), st.text(news_characters, max_size=200))


@pytest.mark.parametrize("case", load_cases("quotations"))
def test_quotation_cases(case: dict[str, Any]) -> None:
    found = [case["text"][q.start : q.end] for q in find_quotations(case["text"])]
    assert found == case["expect"]


@pytest.mark.parametrize("case", load_cases("sentences"))
def test_sentence_cases(case: dict[str, Any]) -> None:
    text = case["text"]
    found = [text[s:e].replace("\n", " ") for s, e in find_sentences(text)]
    assert found == case["expect"]


def test_a_quotation_over_paragraphs_is_marked_as_continued() -> None:
    text = "“One.\n\n“Two.\n\n“Three,” he said.\n\n“Four.”"
    marks = [(q.closed, q.continues) for q in find_quotations(text)]
    assert marks == [(False, False), (False, True), (True, True), (True, False)]


def test_an_open_quotation_is_not_continued_past_a_plain_paragraph() -> None:
    text = "“One.\n\nPlain.\n\n“Two.”"
    assert [q.continues for q in find_quotations(text)] == [False, False]


@pytest.mark.parametrize(
    ("text", "n_words"),
    [
        ("", 0),
        ("…—!", 0),
        ("Don't", 1),
        ("the U.S. Navy", 3),
        ("$4,500 and 3.5%", 3),
        ("48-year-old co-defendant", 2),
        ("état-major d’Haïti", 2),
        ("委内瑞拉", 1),
    ],
)
def test_count_words(text: str, n_words: int) -> None:
    assert count_words(text) == n_words == len(find_words(text))


def test_tokens_part_clitics() -> None:
    tokens = find_segments("They can't; it’s Maduro's, isn't it?").tokens
    assert tokens.lower == (
        *("they", "ca", "n't", ";", "it", "'s", "maduro", "'s", ","),
        *("is", "n't", "it", "?"),
    )


def test_boilerplate_is_in_no_segment() -> None:
    text = "It may rain.\n\nADVERTISEMENT\n\nIt may snow."
    start = text.index("ADVERT")
    cut = find_segments(text, boilerplate=[Span(start, start + 13)])
    assert [text[s:e] for s, e in cut.sentences] == ["It may rain.", "It may snow."]
    assert len(cut.words) == 6


def test_counting_words_in_overlapping_spans_counts_each_once() -> None:
    cut = find_segments("one two three four")
    assert cut.count_words([Span(0, 7), Span(4, 13)]) == 3


def test_lookups_by_offset() -> None:
    text = 'First. "Second," he said.\nThird.'
    cut = find_segments(text)
    assert cut.sentence_at(text.index("Second")) == 1
    assert cut.sentence_at(text.index("Third")) == 2
    assert cut.paragraph_at(text.index("Third")) == 1
    assert cut.quotation_at(text.index("Second")) == 0
    assert cut.quotation_at(text.index("said")) is None
    assert cut.tokens.index_at(text.index("said")) == cut.tokens.lower.index("said")


def spans_of(cut: Segments) -> list[list[tuple[int, int]]]:
    quotations = [(q.start, q.end) for q in cut.quotations]
    tokens = list(zip(cut.tokens.starts, cut.tokens.ends, strict=True))
    return [
        list(cut.paragraphs),
        list(cut.sentences),
        list(cut.words),
        tokens,
        quotations,
    ]


@given(news_strings)
def test_any_string_is_cut_into_ordered_spans(text: str) -> None:
    cut = find_segments(text)
    for spans in spans_of(cut):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(a[1] <= b[0] for a, b in pairwise(spans))


@given(news_strings)
def test_no_visible_character_is_lost(text: str) -> None:
    cut = find_segments(text)
    covered = {i for start, end in cut.sentences for i in range(start, end)}
    # separators that Python calls space but that end no line are inside sentences
    assert all(i in covered for i, c in enumerate(text) if not c.isspace())
    tokens = zip(cut.tokens.starts, cut.tokens.ends, cut.tokens.lower, strict=True)
    for start, end, lower in tokens:
        assert end - start == len(lower)


@given(news_strings)
def test_quotations_stay_in_their_paragraph(text: str) -> None:
    paragraphs = find_paragraphs(text)
    for q in find_quotations(text):
        assert any(p.start <= q.start and q.end <= p.end for p in paragraphs)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10))))
def test_merged_spans_cover_the_same_characters(pairs: list[tuple[int, int]]) -> None:
    spans = [(start, start + length) for start, length in pairs]
    merged = merge_spans(spans)
    covered = {i for start, end in spans for i in range(start, end)}
    assert covered == {i for start, end in merged for i in range(start, end)}
    assert all(a.end < b.start for a, b in pairwise(merged))


def test_a_megabyte_of_one_word_is_one_word() -> None:
    assert count_words("a" * 1_000_000) == 1
    assert len(find_segments('"' + "b" * 1_000_000).words) == 1


def test_an_endless_sentence_is_cut_at_white_space() -> None:
    text = "word " * 2000
    lengths = [end - start for start, end in find_sentences(text)]
    assert max(lengths) <= 2010
    assert count_words(text) == len(find_words(text)) == 2000
