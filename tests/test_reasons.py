"""Reasons of anonymity: every row by its own example, cases, and any text."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import load_cases
from hypothesis import given
from hypothesis import strategies as st

from framing.annotate import annotate_text
from framing.annotations import REASON_TYPES, Attribution
from framing.lexicon import Entry, load_lexicon
from framing.reasons import (
    find_clauses,
    find_reasons,
    is_unnamed,
    outside_clauses,
)
from framing.text import Span, find_segments

LEXICON = load_lexicon("reasons")
CUES = [entry for entry in LEXICON.entries if entry.role == "cue"]


def attributions_of(case: dict[str, Any]) -> list[Attribution]:
    """The attributions of a case, found in its text by their words, in order."""
    text, found, position = case["text"], [], 0
    for number, row in enumerate(case["expect"]):
        start = text.index(row["source"], position)
        source = Span(start, start + len(row["source"]))
        if text[:start].endswith(row["cue"] + " "):
            cue = Span(start - 1 - len(row["cue"]), start - 1)
        else:
            at = text.index(row["cue"], source.end)
            cue = Span(at, at + len(row["cue"]))
        position = max(cue.end, source.end)
        kind, naming = row.get("source_kind", "person"), row.get("naming", "veiled")
        name = row.get("name", f"{row['source']}#{number}")
        codes = (kind, naming, None if naming == "named" else "other", name)
        found.append(Attribution(cue, source, (), "statement", "indirect", *codes))
    return found


@pytest.mark.parametrize("case", load_cases("reasons"))
def test_case(case: dict[str, Any]) -> None:
    text, given_ = case["text"], attributions_of(case)
    found = find_reasons(find_segments(text), given_)
    shown = [
        (a.reason_type, a.anonymity_reason and a.anonymity_reason.of(text))
        for a in found
    ]
    assert shown == [(row["type"], row["reason"]) for row in case["expect"]]


def test_cases_hold_their_share_of_negatives_and_every_type() -> None:
    cases = [parameter.values[0] for parameter in load_cases("reasons")]
    assert len(cases) >= 60
    assert sum(case["origin"] == "negative" for case in cases) >= 20
    types = {row["type"] for case in cases for row in case["expect"]}
    assert types == {*REASON_TYPES, None}
    assert len({case["label"] for case in cases}) == len(cases)


# --- the lexicon ----------------------------------------------------------------


def named(entries: list[Entry]) -> Any:
    return pytest.mark.parametrize("entry", entries, ids=lambda e: f"{e.line}:{e.type}")


@named(CUES)
def test_an_example_fires_and_decides_the_type(entry: Entry) -> None:
    clauses = find_clauses(find_segments(entry.example))
    assert [clause.type for clause in clauses] == [entry.type]
    assert entry.cue in clauses[0].cues


@named([entry for entry in CUES if entry.counterexample])
def test_a_counterexample_is_silent(entry: Entry) -> None:
    assert find_clauses(find_segments(entry.counterexample)) == []


def test_the_lexicon_is_sorted_sourced_and_in_its_own_words() -> None:
    keys = [(e.cue, e.role, e.case) for e in LEXICON.entries]
    assert keys == sorted(set(keys))
    assert all(entry.reference for entry in LEXICON.entries)
    assert {entry.type for entry in CUES} == {*REASON_TYPES}
    assert {entry.note for entry in CUES} == {"", "alone", "residual", "opener"}


# --- what must hold -----------------------------------------------------------


def test_the_coder_finds_reasons() -> None:
    text = (
        "Flour ran out, said an official who asked not to be named for fear of arrest."
    )
    (attribution,) = annotate_text(text).attributions
    assert attribution.reason_type == "fear_of_reprisal"


def test_a_source_without_a_sentence_or_name_is_left_alone() -> None:
    text = "It was said on condition of anonymity that the pier is shut."
    said = Attribution(Span(7, 11), None, (), "statement", "indirect")
    assert find_reasons(find_segments(text), [said]) == [said]
    assert find_reasons(find_segments(""), []) == []


WORDS = [e.example for e in CUES] + ["He said so. ", "“", '"', ", ", "\n", "who ", "—"]


@given(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.text())
def test_any_text_is_coded_and_only_unnamed_people_are_explained(text: str) -> None:
    segments = find_segments(text)
    for clause in find_clauses(segments):
        assert clause.span.of(text).strip() == clause.span.of(text) != ""
        assert clause.type in REASON_TYPES
    for attribution in annotate_text(text).attributions:
        has_reason = attribution.reason_type is not None
        assert has_reason == (attribution.anonymity_reason is not None)
        assert is_unnamed(attribution) or not has_reason


def test_the_terms_of_speaking_are_no_statement() -> None:
    text = "Flour ran out, said an official who asked not to be named."
    said = Attribution(Span(15, 19), Span(20, 31), (), "statement", "indirect")
    asked = Attribution(Span(36, 41), Span(32, 35), (), "statement", "indirect")
    assert outside_clauses(find_segments(text), [said, asked]) == [said]
    assert outside_clauses(find_segments("He asked to be heard."), [asked]) == [asked]
