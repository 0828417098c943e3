"""The lexicon: slot language, longest match, pseudo rows, schema and order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from framing.errors import LexiconError
from framing.inflection import verb_forms
from framing.lexicon import (
    COLUMNS,
    FOLDER,
    Entry,
    compile_lexicon,
    load_lexicon,
    read_entries,
    word_class,
)
from framing.text import find_segments

HEADER = ",".join(COLUMNS)


def entry(cue: str, *, role: str = "cue", case: str = "any", line: int = 2) -> Entry:
    return Entry(cue, role, "test", case, "", "", "", "house", "", line)


def found(text: str, *entries: Entry) -> list[str]:
    lexicon = compile_lexicon(Path("test.csv"), entries)
    matches = lexicon.find(text, find_segments(text).tokens)
    return [match.span.of(text) for match in matches]


@pytest.mark.parametrize(
    ("cue", "text", "expect"),
    [
        ("might", "It Might rain.", ["Might"]),
        ("may|might", "It may or might rain.", ["may", "might"]),
        ("<consider>", "We considered it, considering.", ["considered", "considering"]),
        ("yet [to]", "Not yet. Yet to come.", ["yet", "Yet to"]),
        ("as * as", "As far as we know, as, as", ["As far as"]),
        ("as [*] if", "As if; as though if.", ["As if", "as though if"]),
        ("(is) said (to be)", "It is said to be old; he said to be.", ["said"]),
        ("claim (~ing)", "They claim nothing, claim winning.", ["claim", "claim"]),
        ("about (#)", "About 40 talked about it.", ["About"]),
        ("(@determiner) claim", "A claim. They claim it.", ["claim"]),
        ("(!the|a) claim", "Claim it. The claim. They claim.", ["Claim", "claim"]),
        ("(^) maybe", "Maybe not, maybe so. Maybe.", ["Maybe", "Maybe"]),
        ("maybe (^)", "maybe so, maybe", ["maybe"]),
        ("may (!^|be)", "It may be; it may rain. It may", ["may"]),
        ("ca n't", "I can't; I can’t.", ["can't", "can’t"]),
    ],
)
def test_slots(cue: str, text: str, expect: list[str]) -> None:
    assert found(text, entry(cue)) == expect


def test_case_exact_is_as_written() -> None:
    assert found("It may rain in May.", entry("may", case="exact")) == ["may"]


def test_no_match_crosses_a_sentence() -> None:
    assert found("He left it on. The table fell.", entry("on . the")) == []


def test_the_longest_match_wins() -> None:
    entries = [entry("no evidence"), entry("no evidence that"), entry("evidence")]
    assert found("There is no evidence that it rained.", *entries) == [
        "no evidence that"
    ]


def test_context_breaks_a_tie_of_length() -> None:
    plain, richer = entry("expected"), entry("expected (to)", line=3)
    text = "He is expected to go."
    lexicon = compile_lexicon(Path("test.csv"), [plain, richer])
    (match,) = lexicon.find(text, find_segments(text).tokens)
    assert match.entry == richer
    assert match.outer_last - match.outer_first == 2


def test_a_pseudo_row_shields_only_what_is_inside_it() -> None:
    entries = [entry("might"), entry("military might", role="pseudo")]
    assert found("Its military might might fade.", *entries) == ["might"]


def test_a_longer_cue_beats_a_shorter_pseudo_row() -> None:
    entries = [entry("may or may not"), entry("may or", role="pseudo")]
    assert found("It may or may not rain.", *entries) == ["may or may not"]


def test_find_all_returns_pseudo_and_overlapping_matches() -> None:
    lexicon = compile_lexicon(
        Path("test.csv"), [entry("might"), entry("full might", role="pseudo")]
    )
    text = "With full might."
    assert len(lexicon.find_all(text, find_segments(text).tokens)) == 2


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        ("deny", {"deny", "denies", "denied", "denying"}),
        ("say", {"say", "says", "said", "saying"}),
        ("plan", {"plan", "plans", "planned", "planning"}),
        ("free", {"free", "frees", "freed", "freeing"}),
        ("push", {"push", "pushes", "pushed", "pushing"}),
        ("convey", {"convey", "conveys", "conveyed", "conveying"}),
        ("mislead", {"mislead", "misleads", "misled", "misleading"}),
    ],
)
def test_verb_forms(lemma: str, forms: set[str]) -> None:
    assert verb_forms(lemma) == forms


# --- files --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("might,cue,modal", "found 3 fields"),
        ("might,cues,modal,any,,,,house,", "role 'cues', allowed: cue, pseudo, stop"),
        ("might,cue,modal,lower,,,,house,", "case 'lower', allowed: any, exact"),
        ("might,cue,modal,any,up,,,house,", "scope 'up', allowed: forward"),
        (",cue,modal,any,,,,house,", "an empty cue"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, row: str, complaint: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(f"{HEADER}\nmight,cue,modal,any,,,,house,\n{row}\n")
    with pytest.raises(LexiconError, match=complaint) as caught:
        read_entries(path)
    assert (caught.value.path, caught.value.line) == (path, 3)


@pytest.mark.parametrize("cue", ["* may", "(may)", "@weather", "(!may) * so"])
def test_a_cue_that_cannot_be_found_is_named(cue: str) -> None:
    with pytest.raises(LexiconError, match="line 2"):
        compile_lexicon(Path("test.csv"), [entry(cue)])


def test_a_wrong_header_and_a_missing_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "header.csv"
    path.write_text("cue,kind\n")
    with pytest.raises(LexiconError, match=r"line 1: found columns cue,kind"):
        load_lexicon(path)
    with pytest.raises(LexiconError, match="no readable file"):
        load_lexicon(tmp_path / "none.csv")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LexiconError, match="undecodable"):
        read_entries(path)


@pytest.mark.parametrize("name", ["hedges", "word_classes"])
def test_a_file_is_sorted_and_says_nothing_twice(name: str) -> None:
    keys = [(e.cue, e.role, e.case) for e in read_entries(FOLDER / f"{name}.csv")]
    assert keys == sorted(set(keys))


def test_the_order_of_rows_is_irrelevant() -> None:
    lexicon = load_lexicon("hedges")
    text = "\n\n".join(e.example + " " + e.counterexample for e in lexicon.entries)
    tokens = find_segments(text).tokens
    shuffled = random.Random(7).sample(lexicon.entries, len(lexicon.entries))
    again = compile_lexicon(lexicon.path, shuffled)
    assert again.find(text, tokens) == lexicon.find(text, tokens)


def test_a_class_that_no_row_names_is_empty() -> None:
    assert word_class("weather") == frozenset()
    assert "the" in word_class("determiner")
