"""Boilerplate rules and cases, datelines and agencies, copies of one story."""

from __future__ import annotations

import csv
import re
import time
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from conftest import load_cases
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.agencies import AGENCIES, is_agency, shadow_of
from framing.clean import (
    BOILERPLATE,
    cue_expression,
    find_agency,
    find_boilerplate,
    find_dateline,
    find_wire_copies,
    load_rules,
)
from framing.errors import LexiconError
from framing.lexicon import Entry, read_entries
from framing.text import Span, find_segments

RULES = load_rules()
CUES = [rule for rule in RULES if rule.role == "cue"]
AGENCY_ROWS = [row for row in read_entries(AGENCIES) if row.role == "cue"]
by_line = {"ids": lambda entry: f"line {entry.line}"}


def marked(text: str, outlet: str | None = None) -> list[str]:
    return [span.of(text) for span in find_boilerplate(text, outlet=outlet)]


def outlet_for(rule: Entry) -> str | None:
    return None if rule.type == "any" else rule.type.split("|")[0]


def written_out(text: str) -> str:
    return text.replace("\\n", "\n")


# --- the rules as data --------------------------------------------------------


@pytest.mark.parametrize("path", [BOILERPLATE, AGENCIES], ids=lambda path: path.name)
def test_rows_are_sorted_unique_and_referenced(path: Any) -> None:
    rows = read_entries(path)
    cues = [row.cue for row in rows]
    assert cues == sorted(set(cues))
    assert all(row.reference for row in rows)
    with path.open(encoding="utf-8", newline="") as file:
        assert sum(1 for _ in csv.reader(file)) == len(rows) + 1


@pytest.mark.parametrize("rule", CUES, **by_line)
def test_a_rule_fires_on_its_example_and_not_on_its_counterexample(rule: Entry) -> None:
    example = written_out(rule.example)
    pattern = re.compile(cue_expression(rule), re.MULTILINE)
    assert pattern.search(shadow_of(example)), "the rule itself must match"
    assert marked(example, outlet_for(rule))
    assert rule.counterexample
    assert marked(written_out(rule.counterexample), outlet_for(rule)) == []


@pytest.mark.parametrize("rule", [r for r in RULES if r.role != "cue"], **by_line)
def test_a_pseudo_rule_shields(rule: Entry) -> None:
    assert rule.role == "pseudo"
    assert marked(written_out(rule.example)) == []


@pytest.mark.parametrize("rule", [r for r in CUES if r.type != "any"], **by_line)
def test_a_rule_of_one_outlet_is_silent_elsewhere(rule: Entry) -> None:
    example = written_out(rule.example)
    elsewhere = set(marked(example, "The Harbor Sun"))
    assert elsewhere != set(marked(example, outlet_for(rule)))


def test_a_rule_for_a_whole_line_begins_with_the_line() -> None:
    loose = [r.line for r in CUES if r.scope == "both" and not r.cue.startswith("^")]
    starts = {r.line: r.cue[:8] for r in CUES if r.line in loose}
    assert all(start.startswith((r"(?<=\n)", r"\A")) for start in starts.values())


def test_a_cue_that_is_no_pattern_is_told_with_its_line() -> None:
    broken = Entry("(", "cue", "any", "any", "", "x", "y", "house", "", 7)
    with pytest.raises(LexiconError, match=r"boilerplate\.csv line 7: found cue '\('"):
        cue_expression(broken)


# --- cases --------------------------------------------------------------------


@pytest.mark.parametrize("case", load_cases("boilerplate"))
def test_boilerplate_cases(case: dict[str, Any]) -> None:
    assert marked(case["text"], case.get("outlet")) == case["expect"]


def all_cases() -> list[dict[str, Any]]:
    return [values[0] for values, _, _ in load_cases("boilerplate")]


def test_there_are_about_as_many_cases_that_must_stay_silent() -> None:
    cases = all_cases()
    assert sum(case["origin"] == "negative" for case in cases) >= 0.4 * len(cases)


def test_most_cases_do_not_need_to_know_the_outlet() -> None:
    cases = all_cases()
    assert sum("outlet" in case for case in cases) <= 0.15 * len(cases)


def test_the_same_words_by_hand() -> None:
    # Words of the article: The pilots met Nobody signed = 5; ADVERTISEMENT and the
    # credit are none.
    text = "The pilots met. (Photo: Ann Rook)\nADVERTISEMENT\nNobody signed."
    spans = find_boilerplate(text)
    assert spans == [Span(16, 47)]
    assert len(find_segments(text, boilerplate=spans).words) == 5


FRAGMENTS = st.sampled_from(
    [written_out(rule.example) for rule in CUES]
    + [
        "\n",
        " ",
        "The talks ended. ",
        "(",
        "[",
        "”",
        "a.b.c.d.",
        "\r\n",
        "İ",
        "😀",
        "\0",
    ]
)


@given(st.one_of(st.text(), st.lists(FRAGMENTS, max_size=6).map("".join)))
@settings(max_examples=150, deadline=None)
def test_any_string_returns_spans_in_order_that_touch_no_margin(text: str) -> None:
    spans = find_boilerplate(text, outlet="Fox News")
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a.end < b.start for a, b in pairwise(spans))
    assert all(span.of(text) == span.of(text).rstrip() for span in spans)
    dateline = find_dateline(text)
    assert dateline is None or dateline in text
    assert find_agency(text) is None or isinstance(find_agency(text), str)


@given(st.text())
@settings(max_examples=100, deadline=None)
def test_the_shadow_keeps_every_offset(text: str) -> None:
    shadow = shadow_of(text)
    assert len(shadow) == len(text)
    assert all(a == b or not a.isalnum() for a, b in zip(text, shadow, strict=True))


@given(st.lists(st.sampled_from(["ADVERTISEMENT", "The pilots met.", "Sign In"])))
@settings(max_examples=50, deadline=None)
def test_cleaning_twice_equals_once(lines: list[str]) -> None:
    text = "\n".join(lines)
    rest = text
    for start, end in reversed(find_boilerplate(text)):
        rest = rest[:start] + rest[end:]
    assert find_boilerplate(rest) == []


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "a." * 50_000, "(" * 50_000, "Ann Rook is " * 9999, "\n" * 9999],
    ids=["word", "points", "brackets", "names", "lines"],
)  # fmt: skip
def test_time_grows_no_faster_than_the_text(text: str) -> None:
    start = time.perf_counter()
    find_boilerplate(text)
    find_dateline(text)
    find_agency(text)
    assert time.perf_counter() - start < 5


# --- datelines and agencies ---------------------------------------------------


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("Port Ann [US], May 25 (ANI): He may go.", "Port Ann [US], May 25 (ANI)"),
        ("CARACAS, Venezuela (AP) — He may go.", "CARACAS, Venezuela (AP)"),
        ("WASHINGTON — He may go.", "WASHINGTON"),
        ("WASHINGTON -- He may go.", "WASHINGTON"),
        ("Harbortown (CNN) The pilots met.", "Harbortown (CNN)"),
        ("LONDON/PARIS (Reuters) - He may go.", "LONDON/PARIS (Reuters)"),
        ("HAVANA, Nov 19 (Reuters) - He may go.", "HAVANA, Nov 19 (Reuters)"),
        ("HARBORTOWN, Oct 27 (TMP) - He may go.", "HARBORTOWN, Oct 27 (TMP)"),
        ("MADRID 5 Nov. (EUROPA PRESS) - Habló.", "MADRID 5 Nov. (EUROPA PRESS)"),
        ("GÜIRIA, Venezuela (AP) — He may go.", "GÜIRIA, Venezuela (AP)"),
        ("Harbortown, Norland — Two rockets fell.", "Harbortown, Norland"),
        ("By Ann Rook\n\nLONDON – He may go.", "LONDON"),
        ("He may go to London.", None),
        ("Maduro: I will stay.", None),
        ("The ship — a tanker — left.", None),
        ("UPDATE: He may go.", None),
        ("EXCLUSIVE — He may go.", None),
        ("U.S. -- not UK -- ships left.", None),
        ("LONDON", None),
        ("", None),
    ],
)  # fmt: skip
def test_datelines(text: str, dateline: str | None) -> None:
    assert find_dateline(text) == dateline
    assert all(not text.startswith(dateline or " ") or span.start > 0
               for span in find_boilerplate(text))  # fmt: skip


@pytest.mark.parametrize("row", AGENCY_ROWS, ids=lambda row: row.type)
def test_an_agency_is_found_by_its_example_only(row: Entry) -> None:
    assert find_agency(row.example) == row.type
    assert find_agency(row.counterexample) is None


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("By The Associated Press\n\nThe pilots met.", "Associated Press"),
        ("By Ann Rook, CNN\nThe pilots met.", "CNN"),
        ("The pilots met.\n(With inputs from PTI)", "Press Trust of India"),
        ("The pilots met.\nCopyright 2016 The Associated Press.", "Associated Press"),
        ("The pilots met.\n\nThe Associated Press contributed to this report.", None),
        ("(AP Photo/Ann Rook)\nThe pilots met.", None),
    ],
)
def test_agencies_by_byline_and_note(text: str, agency: str | None) -> None:
    assert find_agency(text) == agency


def test_outlets_that_are_agencies() -> None:
    assert all(map(is_agency, ["AP", "apnews.com", "Reuters", "upi.com", "dpa"]))
    assert not any(map(is_agency, ["Apple Daily", "nytimes.com", "aptly.com", ""]))


# --- wire copies --------------------------------------------------------------

WORDS = [f"word{n}" for n in range(400)]


def corpus(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["article_id", "outlet", "published", "text"])
    return table.assign(published=pd.to_datetime(table["published"]))


def copies(table: pd.DataFrame) -> dict[str, str]:
    found = find_wire_copies(table)
    assert found.name == "wire_of"
    assert str(found.dtype) == "str"
    return dict(zip(table["article_id"][found.notna()], found.dropna(), strict=True))


def text_of(first: int, last: int) -> str:
    return " ".join(WORDS[first:last])


def test_the_earliest_copy_is_kept() -> None:
    table = corpus(
        ("b", "Sun", "2025-03-02", text_of(0, 100)),
        ("a", "Star", "2025-03-03", text_of(0, 95)),
        ("c", "Sun", "2025-03-01", text_of(200, 300)),
        ("d", "Sun", "2025-03-04", text_of(3, 100)),
    )
    assert copies(table) == {"a": "b", "d": "b"}


def test_on_one_day_the_agency_is_kept_then_the_smallest_id() -> None:
    story = text_of(0, 60)
    day = "2025-03-02"
    rows = [("a", "Sun", day, story), ("b", "apnews.com", day, story)]
    assert copies(corpus(*rows)) == {"a": "b"}
    assert copies(corpus(("a", "Star", day, story), ("b", "Sun", day, story))) == {
        "b": "a"
    }
    undated = corpus(("a", "apnews.com", None, story), ("b", "Sun", day, story))  # type: ignore[arg-type]
    assert copies(undated) == {"a": "b"}


def test_the_border_is_a_jaccard_index_of_seven_tenths() -> None:
    # 100 words have 96 runs of five; the first n of them n - 4. 0.7 of 96 is 67.2, so
    # 72 words (68 runs, all shared) are a copy and 71 (67 runs) are none.
    day = "2025-03-02"
    for n, expected in ((72, {"b": "a"}), (71, {})):
        table = corpus(
            ("a", "Sun", day, text_of(0, 100)), ("b", "Star", day, text_of(0, n))
        )
        assert copies(table) == expected


def test_what_is_linked_through_a_third_is_one_story() -> None:
    day = "2025-03-02"
    rows = [(str(n), "Sun", day, text_of(n * 12, n * 12 + 100)) for n in range(3)]
    assert copies(corpus(rows[0], rows[2])) == {}
    assert copies(corpus(*rows)) == {"1": "0", "2": "0"}


def test_short_texts_must_have_the_same_words() -> None:
    day = "2025-03-02"
    table = corpus(
        ("a", "Sun", day, "The pilots met on Friday."),
        ("b", "Star", day, "the pilots met, on Friday"),
        ("c", "Star", day, "The pilots met on Monday."),
        ("d", "Star", day, ""),
        ("e", "Star", day, "..."),
    )
    assert copies(table) == {"b": "a"}


def test_boilerplate_makes_no_copies_and_hides_none() -> None:
    note = " " + text_of(300, 400)
    table = corpus(
        ("a", "Sun", "2025-03-02", text_of(0, 20) + note),
        ("b", "Sun", "2025-03-02", text_of(50, 70) + note),
        ("c", "Sun", "2025-03-02", text_of(0, 20)),
    )
    assert copies(table) == {"b": "a"}
    spans = [
        [[len(t) - len(note), len(t)]] if t.endswith(note) else [] for t in table.text
    ]
    assert copies(table.assign(boilerplate=spans)) == {"c": "a"}


def test_row_order_changes_nothing() -> None:
    starts = [0, 4, 150, 152, 300, 8]
    rows = [
        (f"{n}", "Sun", "2025-03-02", text_of(s, s + 90)) for n, s in enumerate(starts)
    ]
    table = corpus(*rows)
    expected = copies(table)
    assert expected == {"1": "0", "5": "0", "3": "2"}
    for seed in range(3):
        assert copies(table.sample(frac=1, random_state=seed)) == expected


def test_an_empty_table_has_no_copies() -> None:
    found = find_wire_copies(corpus())
    assert found.empty
    assert str(found.dtype) == "str"


def test_a_thousand_articles_take_seconds() -> None:
    rows = [(f"{n}", "Sun", "2025-03-02", f"{n} ".join(WORDS)) for n in range(1000)]
    start = time.perf_counter()
    assert copies(corpus(*rows)) == {}
    assert time.perf_counter() - start < 10
