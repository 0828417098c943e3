"""Attributions: every row by its own words, cases as data, contents by hand."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from conftest import load_cases
from hypothesis import given
from hypothesis import strategies as st

from framing.annotations import FORMS, KINDS, Attribution
from framing.attributions import find_attribution_spans
from framing.clauses import find_letters
from framing.frames import NOUN_FRAMES, VERB_FRAMES, read_clauses
from framing.lexicon import Entry, compile_lexicon, load_lexicon
from framing.text import Span, find_segments

LEXICON = load_lexicon("attribution_cues")
CUES = [entry for entry in LEXICON.entries if entry.role == "cue"]
FLAGS = {"agent", "bare", "clause", "finite", "passive", "to"}


def attributions_of(text: str) -> list[Attribution]:
    return find_attribution_spans(find_segments(text))


def codes_of(text: str) -> list[list[str | None]]:
    return [
        [a.cue.of(text), a.source and a.source.of(text), a.kind, a.form]
        for a in attributions_of(text)
    ]


def contents_of(text: str) -> list[list[str]]:
    return [[span.of(text) for span in a.content] for a in attributions_of(text)]


@pytest.mark.parametrize("case", load_cases("attributions"))
def test_cases(case: dict[str, Any]) -> None:
    assert codes_of(case["text"]) == case["expect"]


@pytest.mark.parametrize("case", load_cases("known_failures_attributions"))
@pytest.mark.xfail(strict=True)
def test_known_failures(case: dict[str, Any]) -> None:
    assert codes_of(case["text"]) == case["expect"]


# --- the lexicon --------------------------------------------------------------


def by_line(entry: Entry) -> str:
    return f"line {entry.line}"


def fires(entry: Entry, text: str) -> bool:
    """Whether the row alone matches where an attribution of its kind is found."""
    alone = compile_lexicon(LEXICON.path, [entry])
    segments = find_segments(text)
    matched = {m.span for m in alone.find_all(text, segments.tokens)}
    return any(a.cue in matched and a.kind == entry.type for a in attributions_of(text))


@pytest.mark.parametrize("entry", CUES, ids=by_line)
def test_an_example_fires_with_its_own_row(entry: Entry) -> None:
    assert fires(entry, entry.example)


@pytest.mark.parametrize("entry", [e for e in CUES if e.counterexample], ids=by_line)
def test_a_counterexample_stays_silent(entry: Entry) -> None:
    assert not fires(entry, entry.counterexample)


def test_rows_have_a_type_a_frame_and_a_reference() -> None:
    frames = VERB_FRAMES | NOUN_FRAMES | {"by", "feeling"}
    assert {entry.type for entry in CUES} == set(KINDS)
    for entry in CUES:
        frame, *flags = entry.note.partition(":")[0].split()
        assert frame in frames and set(flags) <= FLAGS, entry
        assert entry.scope and entry.reference, entry
    assert all(e.reference and e.note for e in LEXICON.entries if e.role != "cue")


def test_rows_are_sorted_and_written_once() -> None:
    cues = [(entry.cue, entry.role, entry.type) for entry in LEXICON.entries]
    assert cues == sorted(set(cues))


# --- contents -----------------------------------------------------------------


def test_the_content_follows_the_listener() -> None:
    text = 'The envoy told the council on Friday: "We stay."'
    assert contents_of(text) == [['"We stay."']]


def test_the_content_ends_where_the_speaker_goes_on() -> None:
    text = "Lund said the dam was full, adding that it would hold."
    assert contents_of(text) == [
        ["the dam was full"],
        ["that it would hold."],
    ]


def test_a_quotation_over_paragraphs_is_one_attribution() -> None:
    text = '"The dam is full," Lund said.\n\n"It must be opened at once."'
    assert contents_of(text) == [['"The dam is full,"', '"It must be opened at once."']]


def test_a_quotation_that_begins_in_an_earlier_sentence_is_whole() -> None:
    text = '"The dam is full. It must be opened," Lund said.'
    assert contents_of(text) == [['"The dam is full. It must be opened,"']]


def test_a_quotation_after_other_text_is_nobodys() -> None:
    text = 'Lund said the dam was full.\n\nRain fell.\n\n"It must be opened at once."'
    assert contents_of(text) == [["the dam was full."]]


def test_a_post_is_all_its_signers() -> None:
    text = "The harbour is ours.\n— Ada Lund (@adalund) May 4, 2021"
    assert contents_of(text) == [["The harbour is ours."]]


def test_the_writers_own_clause_stays_outside() -> None:
    text = "The ferry is late, the mayor said."
    assert contents_of(text) == [["The ferry is late"]]


# --- letters ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("The report says so.", "Dnza."),
        ("Two reports were late.", "NnXn."),
        ("Officials report that it rains.", "NbTpn."),
        ("The US plans to leave.", "DNztb."),
        ("The reported theft stunned us.", "DnnEr."),
        ("Kelly left.", "NV."),
        ("Mr. Lund's car stopped.", "NNNsnE."),
    ],
)
def test_letters(text: str, letters: str) -> None:
    assert find_letters(find_segments(text)) == letters


def test_whole_quotations_are_blanked_and_quoted_words_are_nouns() -> None:
    text = 'The "old guard" said "we will never leave the port".'
    outer = read_clauses(find_segments(text)).outer
    assert outer == "Dnnnn" + "V" + '"' * 8 + "."


# --- properties ---------------------------------------------------------------


def test_an_empty_text_has_no_attributions() -> None:
    assert attributions_of("") == []


def test_boilerplate_carries_no_codes() -> None:
    text = "The mayor said it rains.\n\nThe editor said to subscribe."
    advert = Span(text.index("The editor"), len(text))
    found = find_attribution_spans(find_segments(text, boilerplate=[advert]))
    assert [a.source and a.source.of(text) for a in found] == ["The mayor"]


WORDS = st.sampled_from(
    [word for entry in CUES[::5] for word in entry.example.split()]
    + ["“", "”", '"', "'", "n't", "…", "\n\n", "Mr.", "—", ":", "(@a)", "İ", "who", ","]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=40).map(" ".join)))
def test_any_string_returns_and_offsets_hold(text: str) -> None:
    found = attributions_of(text)
    for a in found:
        spans = [a.cue, *a.content, *([a.source] if a.source else [])]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert a.content and a.kind in KINDS and a.form in FORMS
    assert all(first.cue.end <= second.cue.start for first, second in pairwise(found))


@given(st.lists(st.sampled_from([e.example for e in CUES]), min_size=1, max_size=4))
def test_a_text_twice_has_its_attributions_twice(sentences: list[str]) -> None:
    text = " ".join(sentences)
    once = [cue for cue, *_ in codes_of(text)]
    twice = [cue for cue, *_ in codes_of(f"{text}\n\n{text}")]
    assert twice == once + once


def test_nothing_in_the_rules_backtracks_without_end() -> None:
    long = "The old man of the sea, " * 400 + "said nothing. " + '"Yes, ' * 300
    assert len(re.findall("said", long)) == 1
    attributions_of(long)
