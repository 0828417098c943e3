"""Hedges: every lexicon row by its own example, hard words by cases, voices by hand."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from conftest import load_cases
from hypothesis import given
from hypothesis import strategies as st

from framing.annotations import HEDGE_TYPES, MACHINE_HEDGE_TYPES, Attribution
from framing.hedges import classify_voices, find_hedge_cues
from framing.lexicon import Entry, load_lexicon
from framing.text import Span, find_segments

LEXICON = load_lexicon("hedges")
CUES = [entry for entry in LEXICON.entries if entry.role == "cue"]


def cues_of(text: str) -> list[list[str]]:
    return [[h.text, h.type] for h in find_hedge_cues(find_segments(text))]


@pytest.mark.parametrize("case", load_cases("hedges"))
def test_cases(case: dict[str, Any]) -> None:
    assert cues_of(case["text"]) == case["expect"]


@pytest.mark.parametrize("case", load_cases("known_failures_hedges"))
@pytest.mark.xfail(strict=True)
def test_known_failures(case: dict[str, Any]) -> None:
    assert cues_of(case["text"]) == case["expect"]


def by_line(entry: Entry) -> str:
    return f"line {entry.line}"


@pytest.mark.parametrize("entry", CUES, ids=by_line)
def test_an_example_fires_with_its_own_row(entry: Entry) -> None:
    segments = find_segments(entry.example)
    found = {(h.start, h.end, h.type) for h in find_hedge_cues(segments)}
    matches = LEXICON.find(entry.example, segments.tokens)
    assert any(m.entry == entry and (*m.span, entry.type) in found for m in matches)


@pytest.mark.parametrize("entry", [e for e in CUES if e.counterexample], ids=by_line)
def test_a_counterexample_stays_silent(entry: Entry) -> None:
    assert cues_of(entry.counterexample) == []


def test_rows_have_a_type_and_a_reference() -> None:
    types = HEDGE_TYPES + MACHINE_HEDGE_TYPES
    assert {entry.type for entry in CUES} == set(types)
    assert all(entry.reference for entry in LEXICON.entries)
    assert all(entry.type == "" for entry in LEXICON.entries if entry.role != "cue")


def test_hard_words_have_as_many_negatives_as_positives() -> None:
    labels: dict[str, list[bool]] = {}
    for parameter in load_cases("hedges"):
        case = parameter.values[0]
        word = case["label"].split(":")[0]
        labels.setdefault(word, []).append(case["origin"] == "negative")
    for word in ("could", "can", "may", "appear", "claims", "expected", "whether"):
        assert sum(labels[word]) >= len(labels[word]) / 2, word


def test_an_empty_text_has_no_hedges() -> None:
    empty = find_segments("")
    assert find_hedge_cues(empty) == classify_voices(empty, [], []) == []


def test_boilerplate_carries_no_codes() -> None:
    text = "Perhaps it rains.\n\nMaybe subscribe."
    advert = Span(text.index("Maybe"), len(text))
    found = find_hedge_cues(find_segments(text, boilerplate=[advert]))
    assert [hedge.text for hedge in found] == ["Perhaps"]


# --- voices -------------------------------------------------------------------


def voices(text: str, *attributions: Attribution) -> list[str | None]:
    segments = find_segments(text)
    found = classify_voices(segments, find_hedge_cues(segments), attributions)
    return [hedge.voice for hedge in found]


def attributed(text: str, cue: str, content: str, form: str) -> Attribution:
    start, end = text.index(cue), text.index(content)
    return Attribution(
        Span(start, start + len(cue)), None, (Span(end, end + len(content)),),
        "statement", form,
    )  # fmt: skip


def test_a_hedge_outside_every_attribution_is_the_outlets() -> None:
    assert voices("It may rain.") == ["outlet"]


def test_a_hedge_in_indirect_content_is_reported() -> None:
    text = "She said it may rain. Perhaps."
    said = attributed(text, "said", "it may rain", "indirect")
    assert voices(text, said) == ["reported", "outlet"]


def test_a_cue_that_hedges_is_the_outlets_own_word() -> None:
    text = "She claimed it may rain."
    claimed = attributed(text, "claimed", "claimed it may rain", "indirect")
    assert voices(text, claimed) == ["outlet", "reported"]


def test_a_hedge_in_quoted_words_is_quoted_even_in_mixed_content() -> None:
    text = "She said it may rain “and could well flood the town.”"
    said = attributed(text, "said", text[9:], "mixed")
    assert voices(text, said) == ["reported", "quoted"]


def test_a_short_quotation_is_quoted_only_where_it_is_someones_words() -> None:
    text = "The “alleged” theft made news. He called it “alleged” theft."
    second = text.rindex("“alleged”")
    called = Attribution(
        Span(text.index("called"), text.index("called") + 6), None,
        (Span(second, second + 9),), "statement", "direct",
    )  # fmt: skip
    assert voices(text, called) == ["outlet", "quoted"]


# --- properties ---------------------------------------------------------------

WORDS = st.sampled_from(
    [word for entry in CUES for word in entry.example.split()]
    + ["“", "”", '"', "n't", "…", "\n\n", "Mr.", "can’t", "İ", "40"]
)


@given(st.one_of(st.text(), st.lists(WORDS).map(" ".join)))
def test_any_string_returns_and_its_spans_are_its_words(text: str) -> None:
    segments = find_segments(text)
    hedges = find_hedge_cues(segments)
    assert all(text[h.start : h.end] == h.text for h in hedges)
    assert all(a.end <= b.start for a, b in pairwise(hedges))
    assert len(classify_voices(segments, hedges, [])) == len(hedges)


@given(st.lists(st.sampled_from([entry.example for entry in CUES]), max_size=5))
def test_doubling_a_text_doubles_its_hedges(sentences: list[str]) -> None:
    text = "\n\n".join(sentences)
    assert cues_of(f"{text}\n\n{text}") == cues_of(text) * 2
