"""Files, tables and strings to the articles table, and the table to a file.

One row an article. Text is taken as it stands: only the wrong decoding of a file
(mojibake) is undone, and `repaired` says where. A fault in the input is one error
with path and line, or, with `skip_bad`, a row of `articles.attrs["left_out"]`.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm.auto import tqdm

from framing.clean import (
    find_agency,
    find_boilerplate,
    find_dateline,
    find_wire_copies,
)
from framing.columns import (
    Faults,
    guess_language,
    is_missing,
    rows_to_columns,
)
from framing.errors import CorpusError
from framing.extras import require
from framing.readers import Cell, Input, rows_of
from framing.text import count_words

DTYPES: Mapping[str, str] = {
    "article_id": "str", "outlet": "str", "published": "datetime64[us]",
    "title": "str", "url": "str", "language": "str", "text": "str",
    "n_words": "int64", "boilerplate": "object", "dateline": "str", "agency": "str",
    "wire_of": "str",
}  # fmt: skip


def read_articles(
    *inputs: Input,
    columns: Mapping[str, str] | None = None,
    skip_bad: bool = False,
    language: str | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """The articles of `inputs` as one table, in order (columns: DESIGN, Tables).

    An input is a path (csv, tsv, jsonl, json, parquet, txt, html, or a folder of
    these), "-" for standard input, a DataFrame, or a list of texts or of dicts.
    Columns are told by their usual names or by `columns={"text": "body"}`; others are
    kept. `language` is that of articles that do not say; without it, it is guessed.
    Raises CorpusError for the first fault, or lists all in `attrs["left_out"]` if
    `skip_bad`. A table that `write_articles` wrote keeps what was found in it.

    >>> articles = read_articles([{"body": "Talks may resume. (ANI)", "source": "Sun"}])
    >>> articles[["outlet", "boilerplate", "agency"]].to_numpy().tolist()
    [['Sun', [[18, 23]], 'Asian News International']]
    """
    faults = Faults(skip_bad)
    rows = (row for one in inputs for row in rows_of(one, faults))
    articles = rows_to_columns(rows, columns, faults)
    bar = tqdm(articles, desc="reading", unit=" articles", disable=not progress)
    for article in bar:
        article["language"] = article["language"] or language
        _complete(article)
    table = _table(articles)
    if skip_bad:
        table.attrs["left_out"] = faults.table()
    return table


def _complete(article: dict[str, Any]) -> None:
    """Add to the article what stands in its text."""
    text = article["text"]
    if not article["language"]:
        article["language"] = guess_language(text)
    if "boilerplate" not in article:
        spans = find_boilerplate(text, outlet=article["outlet"])
        article["boilerplate"] = [list(span) for span in spans]
    if "dateline" not in article:
        article["dateline"] = find_dateline(text)
    if "agency" not in article:
        article["agency"] = find_agency(text)
    article["n_words"] = _count_words(text, article["boilerplate"])


def _count_words(text: str, boilerplate: Iterable[Sequence[int]]) -> int:
    words, start = 0, 0
    for span in sorted(boilerplate, key=list):
        words += count_words(text[start : span[0]])
        start = max(start, span[1])
    return words + count_words(text[start:])


def _table(articles: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    names = dict.fromkeys(name for article in articles for name in article)
    extra = [name for name in names if name not in DTYPES and name != "repaired"]
    cells = {
        name: [article.get(name) for article in articles] for name in (*DTYPES, *extra)
    }
    table = pd.DataFrame(
        {name: pd.Series(cells[name], dtype=dtype) for name, dtype in DTYPES.items()}
        | {name: _extra_column(cells[name]) for name in extra}
        | {"repaired": pd.Series([a["repaired"] for a in articles], dtype="bool")}
    )
    if not all("wire_of" in article for article in articles) or table.empty:
        table["wire_of"] = find_wire_copies(table)
    return table


def find_data_folder() -> Path:
    """`data/` of the working directory, else of the checkout the package runs from."""
    for root in (Path.cwd(), Path(__file__).parents[1]):
        if (root / "data" / "sample").is_dir():
            return root / "data"
    raise CorpusError("data/sample", None, "no such folder", "a checkout of framing")


# --- columns that a CSV knows only as strings ---------------------------------

_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)\.\d+(?:[eE][+-]?\d+)?")


def _extra_column(cells: list[Any]) -> pd.Series[Any]:
    given = [cell for cell in cells if not is_missing(cell)]
    if given and all(isinstance(cell, Cell) for cell in given):
        convert = _converter(given)
        cells = [None if is_missing(cell) else convert(cell) for cell in cells]
    return pd.Series(cells)


def _converter(cells: Iterable[str]) -> Callable[[str], Any]:
    kinds = {_kind(cell) for cell in cells}
    if kinds <= {bool}:
        return lambda cell: cell == "True"
    if kinds <= {int}:
        return int
    return float if kinds <= {int, float} else str


def _kind(cell: str) -> type:
    if cell in ("True", "False"):
        return bool
    if _WHOLE.fullmatch(cell):
        return int
    return float if _DECIMAL.fullmatch(cell) else str


# --- writing ------------------------------------------------------------------


def write_articles(articles: pd.DataFrame, path: str | Path) -> None:
    """Write the table as jsonl, csv, tsv or parquet, by the suffix of `path`.

    `read_articles` gives an equal table back.

    >>> from tempfile import TemporaryDirectory
    >>> articles = read_articles(["Talks may resume. (ANI)"])
    >>> with TemporaryDirectory() as folder:
    ...     write_articles(articles, f"{folder}/articles.csv")
    ...     read_articles(f"{folder}/articles.csv").equals(articles)
    True
    """
    path = Path(path)
    write = _WRITERS.get(path.suffix.lower())
    if write is None:
        raise CorpusError(path, None, f"suffix {path.suffix!r}", ", ".join(_WRITERS))
    write(articles, path)


def _write_lines(articles: pd.DataFrame, path: Path) -> None:
    with path.open("wb") as file:
        for record in _plain_records(articles):
            file.write(_json_line(record))


def _json_line(record: Mapping[str, Any]) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # half of an emoji, as a feed cut it
        return json.dumps(record).encode() + b"\n"


def _write_csv(articles: pd.DataFrame, path: Path) -> None:
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(articles.columns)
        for record in _plain_records(articles):
            writer.writerow(
                json.dumps(cell) if isinstance(cell, list | dict) else cell
                for cell in record.values()
            )


def _write_parquet(articles: pd.DataFrame, path: Path) -> None:
    require("writing .parquet", "pyarrow")
    plain = articles.copy()
    plain.attrs = {}  # a table in attrs cannot be written
    plain.to_parquet(path, index=False)


def _plain_records(articles: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for record in articles.to_dict("records"):
        yield {str(name): _plain(value) for name, value in record.items()}


def _plain(value: Any) -> Any:
    if is_missing(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


_WRITERS: Mapping[str, Callable[[pd.DataFrame, Path], None]] = {
    ".jsonl": _write_lines,
    ".csv": _write_csv,
    ".tsv": _write_csv,
    ".parquet": _write_parquet,
}
