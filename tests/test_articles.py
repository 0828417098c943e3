"""Reading in every format, every fault with its place, and writing it back."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from framing.articles import DTYPES, read_articles, write_articles
from framing.columns import (
    VARIANTS,
    Faults,
    guess_language,
    made_id,
    match_columns,
    parse_date,
)
from framing.errors import CorpusError
from framing.text import find_segments

TEXT = "HARBORTOWN (AP) — The pilots met on Friday, and nobody signed the new contract."
ROWS = [
    {"id": "a", "source": "Sun", "date": "2025-10-25", "body": TEXT, "unit": "full"},
    {"id": "b", "source": "Star", "date": "2025-10-26", "body": 'One.\nTwo, "three".'}
    | {"unit": "lead"},
]
PAGE = """<html lang="en"><head><title>Pilots stay out</title>
<meta property="og:title" content="Pilots stay out">
<meta property="article:published_time" content="2025-10-25">
<link rel="canonical" href="https://www.harborsun.example/pilots"></head><body><article>
<h1>Pilots stay out</h1><p>The pilots of the harbor met on Friday in the old customs
house, and nobody signed the contract that the owners had sent them.</p><p>“We may meet
again on Monday,” said the oldest of them, who has brought in ships for thirty years and
does not want his name in the paper.</p></article></body></html>"""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def fault(*inputs: Any, **options: Any) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        read_articles(*inputs, **options)
    return caught.value


# --- formats ------------------------------------------------------------------


def as_csv(rows: list[dict[str, Any]], separator: str) -> str:
    return pd.DataFrame(rows).to_csv(index=False, sep=separator)


def as_parquet(rows: list[dict[str, Any]]) -> bytes:
    content = io.BytesIO()
    pd.DataFrame(rows).to_parquet(content)
    return content.getvalue()


FORMATS: dict[str, str | bytes] = {
    "news.csv": as_csv(ROWS, ","),
    "semicolons.csv": as_csv(ROWS, ";"),
    "news.tsv": as_csv(ROWS, "\t"),
    "news.jsonl": lines(*ROWS),
    "news.ndjson": lines(*ROWS).replace("\n", "\r\n\n"),
    "news.json": json.dumps(ROWS, indent=1),
    "news.parquet": as_parquet(ROWS),
    "mark.csv": b"\xef\xbb\xbf" + as_csv(ROWS, ",").encode(),
    "wide.csv": as_csv(ROWS, ",").encode("utf-16"),
    "wide.jsonl": lines(*ROWS).encode("utf-16"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_table(name: str, tmp_path: Path) -> None:
    found = read_articles(write(tmp_path, name, FORMATS[name]))
    assert_frame_equal(found, read_articles(ROWS))
    assert found["text"].tolist() == [row["body"] for row in ROWS]


def test_the_table_has_the_columns_of_the_design() -> None:
    table = read_articles(ROWS)
    assert list(table) == [*DTYPES, "unit", "repaired"]
    assert table.dtypes.astype("str").to_dict() == {
        **DTYPES, "unit": "str", "repaired": "bool",
    }  # fmt: skip
    first = table.iloc[0]
    assert first["article_id"] == "a"
    assert first["outlet"] == "Sun"
    assert first["published"] == pd.Timestamp("2025-10-25")
    assert first["dateline"] == "HARBORTOWN (AP)"
    assert first["agency"] == "Associated Press"
    assert first["language"] == "en"
    assert first["n_words"] == 13  # two in the dateline, eleven after it
    assert pd.isna(first["wire_of"])
    assert "left_out" not in table.attrs


def test_a_table_is_read_as_a_list_is_and_not_changed() -> None:
    given = pd.DataFrame(ROWS).assign(date=pd.to_datetime([r["date"] for r in ROWS]))
    before = given.copy()
    assert_frame_equal(read_articles(given), read_articles(ROWS))
    assert_frame_equal(given, before)


def test_a_list_of_texts() -> None:
    table = read_articles(["The pilots met.", "Nobody signed."])
    assert table["outlet"].tolist() == ["unknown", "unknown"]
    assert table["article_id"].tolist() == [
        made_id(None, "The pilots met."), made_id(None, "Nobody signed."),
    ]  # fmt: skip
    assert table["published"].isna().all()


def test_several_inputs_are_one_table_in_order(tmp_path: Path) -> None:
    first = write(tmp_path, "one.jsonl", lines(ROWS[0]))
    second = write(tmp_path, "two.csv", as_csv(ROWS[1:], ","))
    assert_frame_equal(read_articles(str(first), second), read_articles(ROWS))


def test_a_folder_is_read_by_name(tmp_path: Path) -> None:
    write(tmp_path, "b.txt", "Nobody signed.")
    write(tmp_path, "a.txt", TEXT)
    write(tmp_path, ".hidden.txt", "no")
    write(tmp_path, "notes.md", "no")
    (tmp_path / "deeper").mkdir()
    write(tmp_path, "deeper/c.html", PAGE)
    table = read_articles(tmp_path)
    assert table["file"].tolist() == ["a.txt", "b.txt", "c.html"]
    assert table["text"].tolist()[:2] == [TEXT, "Nobody signed."]


def test_a_page_is_read_without_its_tags(tmp_path: Path) -> None:
    article = read_articles(write(tmp_path, "page.html", PAGE)).iloc[0]
    assert article["title"] == "Pilots stay out"
    assert article["published"] == pd.Timestamp("2025-10-25")
    assert article["outlet"] == "harborsun.example"
    assert "“We may meet" in article["text"]
    assert "<" not in article["text"]


class Standard:
    def __init__(self, content: str) -> None:
        self.buffer = io.BytesIO(content.encode())


@pytest.mark.parametrize("content", [lines(*ROWS), json.dumps(ROWS)])
def test_standard_input(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Standard(content))
    assert_frame_equal(read_articles("-"), read_articles(ROWS))


def test_standard_input_as_one_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Standard("The pilots met.\n\nNobody signed."))
    assert read_articles("-")["text"].tolist() == ["The pilots met.\n\nNobody signed."]


# --- columns, ids, outlets, dates, languages ----------------------------------


@pytest.mark.parametrize(
    ("column", "variant"), [(c, v) for c, names in VARIANTS.items() for v in names]
)
def test_every_variant_of_a_name_in_any_case(column: str, variant: str) -> None:
    for name in (variant, variant.upper(), f" {variant.title()} "):
        assert match_columns(["x", name])[column] == name


def test_names_that_are_given_win_and_are_used_once() -> None:
    rows = [{"Text": "a summary", "body": "The pilots met.", "where": "Sun"}]
    table = read_articles(rows, columns={"text": "body", "outlet": "where"})
    assert table["text"].tolist() == ["The pilots met."]
    assert table["outlet"].tolist() == ["Sun"]
    error = fault(rows, columns={"text": "bdy"})
    assert (error.found, error.allowed) == (
        "no text column among Text, body, where", "bdy",
    )  # fmt: skip


def test_the_outlet_is_told_by_the_address_where_none_is_given() -> None:
    url = "https://www.harborsun.example/a?b"
    rows = [{"text": "x y", "link": url}, {"text": "z", "url": "no address"}]
    table = read_articles(rows)
    assert table["outlet"].tolist() == ["harborsun.example", "unknown"]
    assert table["article_id"].tolist() == [
        made_id(url, ""), made_id("no address", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2025-10-25", "2025-10-25"),
        ("2025-10-25T10:00:00Z", "2025-10-25 10:00"),
        ("2025-10-25 23:30:00-05:00", "2025-10-26 04:30"),
        ("20251025", "2025-10-25"),
        ("2025-10", "2025-10-01"),
        ("25 October 2025", "2025-10-25"),
        ("Oct. 25, 2025", "2025-10-25"),
        ("Sat, 25 Oct 2025 10:00:00 GMT", "2025-10-25 10:00"),
        ("10/25/2025", "2025-10-25"),
        ("25.10.2025", "2025-10-25"),
        ("05/05/2025", "2025-05-05"),
        ("1761386400", "2025-10-25 10:00"),
        (1761386400, "2025-10-25 10:00"),
        (1761386400000, "2025-10-25 10:00"),
        (20251025, "2025-10-25"),
        (pd.Timestamp("2025-10-25 10:00", tz="Europe/Warsaw"), "2025-10-25 08:00"),
    ],
)
def test_dates_are_moments_in_utc_without_a_zone(value: Any, moment: str) -> None:
    found = parse_date(value)
    assert found == pd.Timestamp(moment)
    assert found.tzinfo is None


@pytest.mark.parametrize(
    "value", ["yesterday", "03/04/2025", "2025-13-40", "Monday", "12", 7, True, "x", []]
)
def test_what_is_no_date_or_two(value: Any) -> None:
    error = fault([{"text": "The pilots met.", "date": value}])
    assert error.found == f"published {value!r}"


def test_an_absent_date_is_no_fault() -> None:
    rows = [{"text": f"{n}", "date": d} for n, d in enumerate((None, "", float("nan")))]
    assert read_articles(rows)["published"].isna().all()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The pilots met in the harbor, and nobody has signed.", "en"),
        ("Los prácticos se reunieron en el puerto y no firmaron la carta.", "es"),
        ("Os pilotos se reuniram no porto e não assinaram o contrato.", "pt"),
        ("Die Lotsen trafen sich im Hafen, und der Vertrag ist nicht da.", "de"),
        ("Piloci spotkali się w porcie, ale nikt nie podpisał umowy na rok.", "pl"),
        ("Les pilotes se sont réunis dans le port et nul n'a signé le pacte.", "fr"),
        ("I piloti si sono riuniti nel porto e non hanno firmato il contratto.", "it"),
        ("Harbortown 2025", "und"),
        ("", "und"),
        ("港口今天关闭了。", "und"),
    ],
)  # fmt: skip
def test_languages(text: str, language: str) -> None:
    assert guess_language(text) == language


def test_a_language_is_taken_before_it_is_guessed() -> None:
    rows = [{"text": TEXT, "lang": "en-GB"}, {"text": "Harbortown 2025."}]
    assert read_articles(rows)["language"].tolist() == ["en-GB", "und"]
    assert read_articles(rows, language="en")["language"].tolist() == ["en-GB", "en"]


def test_words_are_counted_as_the_segments_count_them(
    sample_articles: pd.DataFrame,
) -> None:
    for text, spans, n in zip(
        sample_articles["text"], sample_articles["boilerplate"],
        sample_articles["n_words"], strict=True,
    ):  # fmt: skip
        assert n == len(find_segments(text, boilerplate=spans).words)


def test_copies_are_found_over_all_inputs() -> None:
    story = " ".join(f"word{n}" for n in range(40))
    rows = [
        {"id": "late", "text": story, "date": "2025-10-26"},
        {"id": "early", "text": f"{story} end", "date": "2025-10-25"},
    ]
    assert read_articles(rows[:1], rows[1:])["wire_of"].fillna("").tolist() == [
        "early", "",
    ]  # fmt: skip


# --- text as it is ------------------------------------------------------------


def test_mojibake_of_a_file_is_undone_and_told(tmp_path: Path) -> None:
    fine = "“We may meet,” he said – in a café.\r\nﬁne &amp; ＡＢ"
    broken = "“We may meet,” he said – in a café.".encode().decode("cp1252", "replace")
    path = write(tmp_path, "news.jsonl", lines({"text": fine}, {"text": "It isnâ€™t."}))
    table = read_articles(path)
    assert table["text"].tolist() == [fine, "It isn’t."]
    assert table["repaired"].tolist() == [False, True]
    given = read_articles([broken, "It isnâ€™t."])
    assert given["text"].tolist() == [broken, "It isnâ€™t."]
    assert not given["repaired"].any()


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".tsv", ".parquet", ".json"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\v"])
def test_line_ends_are_left_as_they_are(
    suffix: str, newline: str, tmp_path: Path
) -> None:
    text = f"One.{newline}Two, “three”;\t'four' \"five\".{newline}{newline}Six"
    path = tmp_path / f"news{suffix}"
    if suffix == ".json":
        write(tmp_path, path.name, json.dumps([{"text": text}]))
    else:
        write_articles(read_articles([text]), path)
    assert read_articles(path)["text"].tolist() == [text]


def test_a_text_file_is_one_text_as_it_stands(tmp_path: Path) -> None:
    content = "  One.\r\n\r\n{“two”}\n"
    assert read_articles(write(tmp_path, "a.txt", content))["text"].tolist() == [
        content
    ]


def test_a_field_longer_than_csv_allows_by_default(tmp_path: Path) -> None:
    text = "The pilots met. " * 20_000
    path = write(tmp_path, "long.csv", f'text\n"{text}"\n')
    assert read_articles(path)["text"].tolist() == [text]


# --- faults -------------------------------------------------------------------

SPANS = {"text": "a"}
FAULTS = {
    "no text column": ("a.csv", "id,summary\n1,x\n", 2, "no text column"),
    "no text": ("a.csv", 'id,text\n1,"a\nb"\n2,\n', 4, "a row without text"),
    "white space": ("a.jsonl", lines({"text": "a"}, {"text": " "}), 2, "a row without"),
    "no string": ("a.jsonl", lines({"text": ["a"]}), 1, "text ['a']"),
    "same id": ("a.csv", 'id,text\n1,"a\nb"\n2,c\n1,d\n', 5, "article_id '1' a second"),
    "bad date": ("a.csv", "text,date\na,2025-01-01\nb,soon\n", 3, "published 'soon'"),
    "bad bytes": ("a.csv", b"id,text\n1,ok\n2,caf\xe9\n", 3, "undecodable byte 0xe9"),
    "bad bytes in lines": ("a.jsonl", b'{"text": "a"}\n{"text": "\xff"}', 2, "undecod"),
    "bad bytes in text": ("a.txt", b"caf\xe9", None, "undecodable byte 0xe9"),
    "half a character": ("a.txt", "met".encode("utf-16") + b"0", None, "undecod"),
    "no JSON": ("a.jsonl", '{"text": "a"}\n\n{"text": \n', 3, "Expecting value"),
    "no object": ("a.jsonl", '{"text": "a"}\n["b"]\n', 2, "list"),
    "no array": ("a.json", '{"text": "a"}', None, "dict"),
    "broken array": ("a.json", '[{"text": "a"},\n{]', 2, "Expecting property"),
    "too many fields": ("a.csv", "id,text\n1,a,b\n", 2, "3 fields"),
    "open quotation": ("a.csv", 'id,text\n1,a\n2,"b\n3,c\n', 3, "unexpected end"),
    "no parquet": ("a.parquet", "text", None, "Could not open"),
    "no article": ("a.html", "<html><body></body></html>", None, "no article"),
    "bad offsets": ("a.jsonl", lines(SPANS | {"boilerplate": [[0, 9]]}), 1, "boiler"),
    "no offsets": ("a.jsonl", lines(SPANS | {"boilerplate": "x"}), 1, "boiler"),
}  # fmt: skip


@pytest.mark.parametrize("label", FAULTS)
def test_a_fault_is_told_with_path_and_line(label: str, tmp_path: Path) -> None:
    name, content, line, found = FAULTS[label]
    path = write(tmp_path, name, content)
    error = fault(path)
    assert error.path == str(path)
    assert error.line == line
    assert error.found.startswith(found)
    assert error.allowed
    assert "\n" not in str(error)


@pytest.mark.parametrize("label", FAULTS)
def test_a_fault_is_left_out_and_listed(label: str, tmp_path: Path) -> None:
    name, content, line, found = FAULTS[label]
    path = write(tmp_path, name, content)
    good = [{"id": "good", "text": "The pilots met."}]
    table = read_articles(path, good, skip_bad=True)
    left_out = table.attrs["left_out"]
    assert table["article_id"].tolist()[-1] == "good"
    assert list(left_out) == ["path", "line", "found", "allowed"]
    assert left_out["path"].tolist() == [str(path)]
    assert left_out["line"].fillna(-1).tolist() == [-1 if line is None else line]
    assert left_out["found"][0].startswith(found)


def test_all_other_rows_are_read(tmp_path: Path) -> None:
    content = (
        b"id,text,date\n1,a b,2025-01-01\n2,caf\xe9,\n3,,\n4,c d,soon\n1,e,\n5,f g,\n"
    )
    table = read_articles(write(tmp_path, "a.csv", content), skip_bad=True)
    assert table["article_id"].tolist() == ["1", "5"]
    assert table.attrs["left_out"]["line"].tolist() == [3, 4, 5, 6]


def test_nothing_left_out_is_an_empty_list() -> None:
    left_out = read_articles(["The pilots met."], skip_bad=True).attrs["left_out"]
    assert left_out.empty
    assert left_out.dtypes.astype("str").tolist() == ["str", "Int64", "str", "str"]


@pytest.mark.parametrize("skip_bad", [False, True])
def test_an_input_that_is_not_there_stops_in_any_case(
    skip_bad: bool, tmp_path: Path
) -> None:
    write(tmp_path, "a.docx", "x")
    (tmp_path / "empty").mkdir()
    for name, found in [
        ("none.csv", "no such file or folder"),
        ("a.docx", "suffix '.docx'"),
        ("empty", "no such file in it"),
    ]:
        error = fault(tmp_path / name, skip_bad=skip_bad)
        assert error.found == found
    assert ".csv" in fault(tmp_path / "a.docx").allowed


def test_the_same_article_twice_tells_both_places(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", lines({"id": 1, "text": "a"}))
    error = fault(path, [{"id": "1", "text": "b"}])
    assert str(error) == (
        f"item 1: found article_id '1' a second time (first: {path} line 1), "
        "allowed: each article once"
    )


def test_faults_are_raised_or_kept() -> None:
    error = CorpusError("a.csv", 3, "x", "y")
    with pytest.raises(CorpusError):
        Faults(skip_bad=False).add(error)
    kept = Faults(skip_bad=True)
    kept.add(error)
    assert kept.table().to_numpy().tolist() == [["a.csv", 3, "x", "y"]]


# --- empty, and back again ----------------------------------------------------

EMPTY = {"a.csv": "id,text,date\n", "b.csv": "", "a.jsonl": "", "a.json": "[]"}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_file_is_an_empty_table(name: str, tmp_path: Path) -> None:
    table = read_articles(write(tmp_path, name, EMPTY[name]))
    assert_frame_equal(table, read_articles())
    assert list(table) == [*DTYPES, "repaired"]
    assert table.dtypes.astype("str").to_dict() == {**DTYPES, "repaired": "bool"}


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "tsv", "parquet"])
def test_a_table_comes_back_as_it_was(
    suffix: str, sample_articles: pd.DataFrame, tmp_path: Path
) -> None:
    rows = [
        {"text": "One.\r\nTwo. (ANI)", "n": 3, "share": 0.5, "code": "007", "ok": True},
        {"text": "“Trois”\t,;", "n": 4, "share": 1.0, "code": "010", "ok": False},
    ]
    for table in (read_articles(rows), sample_articles, read_articles()):
        path = tmp_path / f"articles.{suffix}"
        write_articles(table, path)
        assert_frame_equal(read_articles(path), table)


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_what_was_found_or_set_by_hand_is_kept(suffix: str, tmp_path: Path) -> None:
    story = " ".join(f"word{n}" for n in range(40))
    table = read_articles([{"id": "a", "text": story}, {"id": "b", "text": story}])
    assert table["wire_of"].fillna("").tolist() == ["", "a"]
    table = table.assign(boilerplate=[[], [[0, 5]]], agency=["Sun", None])
    table = table.astype({"agency": "str"})[table["article_id"] == "b"]
    path = tmp_path / f"articles.{suffix}"
    write_articles(table, path)
    again = read_articles(path)
    assert again["boilerplate"].tolist() == [[[0, 5]]]
    assert again["wire_of"].tolist() == ["a"]
    assert again["n_words"].tolist() == [39]


def test_a_table_with_rows_left_out_can_be_written(tmp_path: Path) -> None:
    table = read_articles([{"text": "a"}, {"text": ""}], skip_bad=True)
    for suffix in ("jsonl", "csv", "parquet"):
        write_articles(table, tmp_path / f"a.{suffix}")
        assert read_articles(tmp_path / f"a.{suffix}")["text"].tolist() == ["a"]
    assert len(table.attrs["left_out"]) == 1


def test_writing_to_an_unknown_suffix(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"found suffix '\.xls', allowed: \.jsonl"):
        write_articles(read_articles(["a"]), tmp_path / "a.xls")


texts = st.text(min_size=1).filter(str.strip)


@given(st.lists(texts, max_size=4, unique=True))
@settings(max_examples=60, deadline=None)
def test_any_texts_return_and_come_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    table = read_articles(texts)
    assert table["text"].tolist() == texts
    for text, spans in zip(table["text"], table["boilerplate"], strict=True):
        assert all(text[start:end].strip() for start, end in spans)
    folder = tmp_path_factory.mktemp("any")
    write_articles(table, folder / "a.jsonl")
    assert_frame_equal(read_articles(folder / "a.jsonl"), table)


def test_progress_is_told_apart_from_the_result(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert_frame_equal(read_articles(ROWS, progress=True), read_articles(ROWS))
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "articles" in shown.err
