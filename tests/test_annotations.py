"""The interchange format: round trips, and one clear line for every fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from framing.annotations import (
    ATTRIBUTION_COLUMNS,
    HEDGE_COLUMNS,
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
    annotations_from_tables,
    check_offsets,
    read_annotations,
    with_words,
    write_annotations,
)
from framing.errors import AnnotationError
from framing.text import Span

TEXT = "Maduro may go, two officials told CNN, asking not to be named."
CODED = CodedArticle(
    "A1",
    "x",
    (Hedge(7, 10, "may", "modal", "reported"),),
    (
        Attribution(
            cue=Span(29, 33),
            source=Span(15, 28),
            content=(Span(0, 13),),
            kind="statement",
            form="indirect",
            source_kind="group",
            naming="veiled",
            role="official",
            source_name="officials#1",
            via=Span(34, 37),
            via_name="CNN",
            anonymity_reason=Span(39, 61),
            reason_type="none_given",
        ),
    ),
    (),
)
RECORD = {
    "article_id": "A1",
    "coder": "x",
    "hedges": [{"start": 7, "end": 10, "text": "may", "type": "modal"}],
    "attributions": [
        {
            "cue": [29, 33],
            "source": [15, 28],
            "content": [[0, 13]],
            "kind": "statement",
            "form": "indirect",
            "source_kind": "group",
            "naming": "veiled",
            "role": "official",
            "source_name": "officials#1",
            "via": None,
        }
    ],
    "boilerplate": [],
}


def write_lines(path: Path, *records: Any) -> Path:
    lines = [r if isinstance(r, str) else json.dumps(r) for r in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def changed(part: str, **values: Any) -> dict[str, Any]:
    """RECORD with keys of its article, its hedge or its attribution changed."""
    record = json.loads(json.dumps(RECORD))
    target = record if part == "article" else record[part][0]
    target.update(values)
    return record


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    annotations = Annotations((CODED, CodedArticle("A2", "x")))
    write_annotations(annotations, tmp_path / "a.jsonl")
    assert read_annotations(tmp_path / "a.jsonl") == annotations


def test_tables_hold_everything() -> None:
    annotations = Annotations((CODED, CodedArticle("A2", "x")))
    coded = pd.DataFrame({"article_id": ["A1", "A2"], "coder": ["x", "x"]})
    again = annotations_from_tables(annotations.hedges, annotations.attributions, coded)
    assert again == annotations


def test_with_words_opens_the_offsets() -> None:
    articles = pd.DataFrame({"article_id": ["A1"], "text": [TEXT]})
    table = with_words(Annotations((CODED,)).attributions, articles)
    row = table.iloc[0]
    assert (row.cue, row.source, row.via) == ("told", "two officials", "CNN")
    assert row.reason == "asking not to be named"


def test_empty_tables_have_their_columns() -> None:
    empty = Annotations()
    assert list(empty.hedges) == list(HEDGE_COLUMNS)
    assert list(empty.attributions) == list(ATTRIBUTION_COLUMNS)
    assert with_words(
        empty.attributions, pd.DataFrame({"article_id": [], "text": []})
    ).empty


def test_hand_coders_may_leave_voice_and_content_out(tmp_path: Path) -> None:
    record = changed("attributions")
    del record["attributions"][0]["content"]
    coded = read_annotations(write_lines(tmp_path / "a.jsonl", record))["A1"]
    assert coded.attributions[0].content == ()
    assert coded.hedges[0].voice is None
    assert coded.attributions[0].anonymity_reason is None
    assert coded.attributions[0].reason_type is None


def test_the_reason_of_anonymity_is_read_and_written(tmp_path: Path) -> None:
    given = {"anonymity_reason": [39, 61], "reason_type": "none_given"}
    path = write_lines(tmp_path / "a.jsonl", changed("attributions", **given))
    annotations = read_annotations(path)
    write_annotations(annotations, path)
    line = json.loads(path.read_text(encoding="utf-8"))["attributions"][0]
    assert {key: line[key] for key in given} == given
    assert read_annotations(path) == annotations


def test_tables_from_before_reasons_were_coded_are_read() -> None:
    annotations = Annotations((CODED,))
    added = ["reason_start", "reason_end", "reason_type"]
    old = annotations.attributions.drop(columns=added)
    coded = pd.DataFrame({"article_id": ["A1"], "coder": ["x"]})
    again = annotations_from_tables(annotations.hedges, old, coded)
    (attribution,) = again["A1"].attributions
    assert attribution.via_name == "CNN"
    assert (attribution.anonymity_reason, attribution.reason_type) == (None, None)


def test_codes_are_put_in_text_order(tmp_path: Path) -> None:
    record = changed("article")
    record["hedges"].append({"start": 0, "end": 3, "text": "Mad", "type": "modal"})
    coded = read_annotations(write_lines(tmp_path / "a.jsonl", record))["A1"]
    assert [hedge.start for hedge in coded.hedges] == [0, 7]


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ("{", "line 1: found Expecting"),
        ("[1]", "line 1: found list, allowed: a JSON object"),
        (changed("article", article_id=7), "article article_id 7, allowed: a string"),
        (changed("article", coders="x"), "article key 'coders', allowed: article_id"),
        (changed("article", hedges=3), "article hedges 3, allowed: a list"),
        (changed("hedges", type="model"), "hedge 0 type 'model', allowed: modal"),
        (changed("hedges", voice="x"), "hedge 0 voice 'x', allowed: outlet"),
        (changed("hedges", end=7), "hedge 0 span [7, 7], allowed: [start, end]"),
        (changed("hedges", start="7"), "hedge 0 span ['7', 10], allowed:"),
        (changed("attributions", cue=None), "attribution 0 cue None, allowed:"),
        (changed("attributions", kind="x"), "kind 'x', allowed: statement, mental"),
        (changed("attributions", role="boss"), "role 'boss', allowed: official"),
        (changed("attributions", vai=None), "key 'vai', allowed: cue, source"),
        (changed("attributions", reason_type="x"), "'x', allowed: not_authorised"),
        (changed("attributions", anonymity_reason=[2, 1]), "reason [2, 1], allowed:"),
    ],
)
def test_a_fault_is_told_with_its_place(
    record: Any, complaint: str, tmp_path: Path
) -> None:
    path = write_lines(tmp_path / "bad.jsonl", record)
    with pytest.raises(AnnotationError) as caught:
        read_annotations(path)
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_an_article_coded_twice_by_one_coder_is_a_fault(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "twice.jsonl", RECORD, RECORD)
    with pytest.raises(AnnotationError, match=r"line 2.*'A1' by 'x' again"):
        read_annotations(path)
    other = changed("article", coder="y")
    assert (
        len(read_annotations(write_lines(tmp_path / "two.jsonl", RECORD, other))) == 2
    )


def test_a_missing_file_and_undecodable_bytes_are_faults(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="no readable file"):
        read_annotations(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"article_id": "\xe9"}\n')
    with pytest.raises(AnnotationError, match="line 1: found undecodable bytes"):
        read_annotations(tmp_path / "latin.jsonl")


def test_codes_of_another_version_of_the_text_are_noticed() -> None:
    articles = pd.DataFrame({"article_id": ["A1"], "text": [TEXT]})
    check_offsets(Annotations((CODED,)), articles)
    with pytest.raises(AnnotationError, match="is it the same text"):
        check_offsets(Annotations((CODED,)), articles.assign(text=" " + TEXT))


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_annotations([CODED], path)

    def broken() -> Any:
        yield CODED
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_annotations(broken(), path)
    assert len(read_annotations(path)) == 1
