"""The trained coder: the same codes whatever the options, any string, its own file."""

from __future__ import annotations

import json
import random
import shutil
import tracemalloc
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from framing.errors import FileError
from framing.tagger import Tagged, best_run, find_codes, tagged_runs
from framing.text import Span, find_segments
from framing.weights import MODEL, load_model
from framing.windows import (
    WINDOW,
    Proposals,
    cut_windows,
    find_standings,
)

CASES = Path(__file__).parent / "cases" / "tagger.jsonl"
ARTICLE = "\n\n".join(
    [
        "The harbour may stay shut for a week, the port authority said on Monday.",
        "“We could not verify the readings,” said Ana Ruiz, who runs the tide office. "
        "“It's unclear whether the gauge failed.”",
        "According to two people briefed on the repair, the council is considering a "
        "second crane, though no evidence that it would help has been shown.",
        "Ruiz believes the pier is sound; critics accused her office of delay, and "
        "residents told Radio Skane that they had reportedly been warned too late.",
    ]
    * 6
)


def codes_of(text: str, **options: int) -> str:
    hedges, attributions = find_codes(find_segments(text), **options)
    return repr((hedges, attributions))


def cases() -> list[dict[str, object]]:
    return [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", cases(), ids=lambda case: str(case["label"]))
def test_case(case: dict[str, object]) -> None:
    text = str(case["text"])
    hedges, attributions = find_codes(find_segments(text))
    found = {
        "hedges": [[h.text, h.type] for h in hedges],
        "attributions": [
            [a.cue.of(text), a.source.of(text) if a.source else None, a.kind]
            for a in attributions
        ],
    }
    expected = case["expect"]
    assert isinstance(expected, dict)
    assert {layer: found[layer] for layer in expected} == expected


# --- the same codes ---------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 2, 7, 64])
@pytest.mark.parametrize("threads", [1, 2])
def test_options_do_not_change_codes(batch_size: int, threads: int) -> None:
    plain = codes_of(ARTICLE)
    assert codes_of(ARTICLE, batch_size=batch_size, threads=threads) == plain


def test_scores_are_the_same_to_the_byte() -> None:
    segments = find_segments(ARTICLE)
    one, two = load_model(threads=1), load_model(threads=2)
    for window in cut_windows(segments, one.tokenizer):
        for a, b in zip(one.run(window), two.run(window), strict=True):
            assert a.tobytes() == b.tobytes()


def test_codes_do_not_depend_on_what_ran_before() -> None:
    before = codes_of("Aides said it might rain.")
    codes_of(ARTICLE)
    assert codes_of("Aides said it might rain.") == before


# --- any string -------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "\x00",
        "\ud83d",
        "“",
        "said",
        "a" * 5000,
        "might " * 3000,
        "İ said 👩‍👩‍👧.",
    ],
)
def test_odd_text_returns(text: str) -> None:
    hedges, attributions = find_codes(find_segments(text))
    assert all(h.text == text[h.start : h.end] for h in hedges)
    assert all(0 <= a.cue.start < a.cue.end <= len(text) for a in attributions)


WORDS = [
    "said",
    "may",
    "the",
    "mayor",
    "“",
    "”",
    ",",
    ".",
    "\n\n",
    "not known to be",
    "é",
    "\u200b",
]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join) | st.text(max_size=80)
)
def test_spans_are_in_order_and_in_the_text(text: str) -> None:
    hedges, attributions = find_codes(find_segments(text))
    assert [h.start for h in hedges] == sorted(h.start for h in hedges)
    assert all(a.end <= b.start for a, b in pairwise(hedges))
    for attribution in attributions:
        spans = [attribution.cue, *attribution.content]
        spans += [attribution.source] if attribution.source else []
        assert all(0 <= s.start < s.end <= len(text) for s in spans)
        assert not any(attribution.cue.overlaps(s) for s in spans[1:])


def test_boilerplate_carries_no_codes() -> None:
    text = "Sign up: it may help, aides said.\n\nThe mayor said it might rain."
    segments = find_segments(text, boilerplate=[Span(0, 33)])
    hedges, attributions = find_codes(segments)
    assert hedges and attributions
    assert all(code.start >= 33 for code in (*hedges, *(a.cue for a in attributions)))


def test_a_megabyte_on_one_line_takes_bounded_memory() -> None:
    rng = random.Random(0)
    text = " ".join(
        rng.choice(["rain", "over", "ports", "x" * 40]) for _ in range(120_000)
    )
    segments = find_segments(text[:1_000_000])
    tokenizer = load_model().tokenizer
    tracemalloc.start()
    sizes = [len(w.pieces) for w in cut_windows(segments, tokenizer)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert max(sizes) <= WINDOW and peak < 50_000_000


# --- windows and decisions --------------------------------------------------------


def test_windows_leave_no_token_out() -> None:
    segments = find_segments(ARTICLE + " " + "wait " * 700)
    windows = list(cut_windows(segments, load_model().tokenizer))
    owned = [w.first + i for w in windows for i in range(len(w.heads))]
    assert owned == list(range(len(segments.tokens.starts)))
    assert all(len(w.pieces) == len(w.standings) <= WINDOW for w in windows)


def test_standings_mark_quotations_and_capitals() -> None:
    segments = find_segments('The NATO chief said no. "No."')
    places, cases = divmod(find_standings(segments), 3)
    assert places.tolist() == [0, 0, 0, 0, 0, 0, 2, 1, 1, 1]
    assert cases.tolist() == [1, 2, 0, 0, 0, 0, 0, 1, 0, 0]


def test_proposals_by_place() -> None:
    text = "The mayor said it may rain. Perhaps, Ruiz said."
    proposals = Proposals.of(find_segments(text))
    assert [h.text for h in proposals.hedges_in(0, 27)] == ["may"]
    assert [h.text for h in proposals.hedges_in(20, 48)] == ["may", "Perhaps"]
    assert [a.cue.start for a in proposals.attributions_in(12, 13)] == [10]
    assert proposals.extent(Span(19, 20)) == Span(18, 21)
    assert proposals.extent(Span(22, 26)) == Span(22, 26)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([], []),
        ([0, 0], []),
        ([2, 2], [(0, 2, 0)]),  # inside without a begin begins
        ([1, 2, 0, 3], [(0, 2, 0), (3, 4, 1)]),
        ([1, 1], [(0, 1, 0), (1, 2, 0)]),
        ([3, 2, 4], [(0, 3, 1)]),  # one cue, the label of most of its tokens
    ],
)
def test_tagged_runs(tags: list[int], expected: list[tuple[int, int, int]]) -> None:
    scores = np.eye(5)[tags].reshape(-1, 5) * 4
    assert tagged_runs(scores) == [Tagged(*run) for run in expected]


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([], None),
        ([-1.0, -2.0], None),
        ([1.0, -3.0, 2.0], (2, 3)),
        ([2.0, -1.0, 2.0], (0, 3)),
        ([2.0, -np.inf, 1.0], (0, 1)),
    ],
)
def test_best_run(scores: list[float], expected: tuple[int, int] | None) -> None:
    assert best_run(np.array(scores)) == expected


# --- the file is the one that was trained ----------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MODEL, tmp_path / "model"))


def test_altered_weights_name_both_digests(folder: Path) -> None:
    path = folder / "tagger.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"\x00\x01")
    expected = json.loads((folder / "tagger.json").read_text())["sha256"]
    with pytest.raises(FileError, match=f"found sha256 [0-9a-f]{{64}}, .*{expected}"):
        load_model(folder)


@pytest.mark.parametrize("name", ["tagger.onnx", "tagger.json"])
def test_missing_file_is_one_clear_error(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(FileError, match=f"{name}: found no readable"):
        load_model(folder)


def test_settings_that_are_no_json(folder: Path) -> None:
    (folder / "tagger.json").write_text("[]")
    with pytest.raises(FileError, match="no readable settings"):
        load_model(folder)
