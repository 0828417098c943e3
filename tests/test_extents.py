"""Extents: what is cut off a source, what stays, and whom "it" stands for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.extents import cut_source, is_leftover, stands_for_nobody
from framing.text import find_segments

CASES = Path(__file__).parent / "cases" / "extents.jsonl"
ROWS = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]


def words_of(text: str) -> tuple[str, ...]:
    return find_segments(text).tokens.lower


@pytest.mark.parametrize("case", ROWS, ids=[row["label"] for row in ROWS])
def test_a_source_loses_its_stray_edges_only(case: dict) -> None:
    lower = words_of(case["text"])
    found = cut_source(lower, 0, len(lower))
    kept = lower[slice(*found)] if found else None
    assert kept == (words_of(case["expect"]) if case["expect"] else None)


@pytest.mark.parametrize(
    ("source", "between", "nobody"),
    [
        ("it", "was", True),
        ("it", "has also been", True),
        ("it", "was not", True),
        ("it", "", False),  # "it said"
        ("it", "has", False),  # "it has said"
        ("it", "was the harbour office that", False),
        ("she", "was", False),
        ("the port", "was", False),
    ],
)
def test_it_of_a_passive_is_nobody(source: str, between: str, nobody: bool) -> None:
    assert stands_for_nobody(words_of(source), words_of(between)) is nobody


@pytest.mark.parametrize(
    ("cue", "leftover"),
    [
        ("for", True),
        ("up to", True),
        ("called for", False),
        ("according to", False),
        (":", False),
    ],
)
def test_particles_alone_are_no_cue(cue: str, leftover: bool) -> None:
    assert is_leftover(words_of(cue)) is leftover


@given(st.lists(st.sampled_from(["by", ",", "the", "mayor", "'s", "who"]), max_size=6))
def test_nothing_is_added_and_cutting_again_changes_nothing(words: list[str]) -> None:
    found = cut_source(words, 0, len(words))
    if found is not None:
        assert 0 <= found[0] < found[1] <= len(words)
        assert cut_source(words, *found) == found
