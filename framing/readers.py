"""Files, tables and lists to rows: one reader a format, chosen by the suffix.

A row that cannot be read is a fault with its place; the others are read all the same.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd

from framing.columns import Faults, Row
from framing.errors import CorpusError
from framing.extras import require

Input = str | Path | pd.DataFrame | Sequence[str] | Sequence[Mapping[str, Any]]


class Cell(str):
    """A string that may stand for a number: it comes from a CSV."""


def rows_of(given: Input, faults: Faults) -> Iterator[Row]:
    """The rows of one input of `read_articles`.

    >>> [row.cells for row in rows_of(["Talks may resume."], Faults(skip_bad=False))]
    [{'text': 'Talks may resume.'}]
    """
    if isinstance(given, pd.DataFrame):
        records = given.to_dict("records")
        yield from _rows_of_records(records, "table row", repair=False)
    elif isinstance(given, str | Path):
        yield from _rows_of_path(given, faults)
    else:
        items = [{"text": item} if isinstance(item, str) else item for item in given]
        yield from _rows_of_records(items, "item", repair=False)


def _rows_of_records(
    records: Iterable[Any], place: str, *, repair: bool
) -> Iterator[Row]:
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise CorpusError(
                f"{place} {number}", None, type(record).__name__, "an article"
            )
        yield Row(
            {str(key): value for key, value in record.items()},
            f"{place} {number}",
            None,
            repair,
        )


def _rows_of_path(given: str | Path, faults: Faults) -> Iterator[Row]:
    path = Path(given)
    if str(given) == "-":
        yield from _rows_of_standard_input(faults)
    elif path.is_dir():
        yield from _rows_of_folder(path, faults)
    elif not path.exists():
        raise CorpusError(path, None, "no such file or folder", "one to read")
    elif path.suffix.lower() not in _READERS:
        raise CorpusError(path, None, f"suffix {path.suffix!r}", ", ".join(_READERS))
    else:
        yield from _rows_of_file(path, faults)


def _rows_of_file(path: Path, faults: Faults) -> Iterator[Row]:
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "no readable file"
        raise CorpusError(path, None, reason, "a file to read") from error
    yield from _READERS[path.suffix.lower()](content, str(path), faults)


def _rows_of_folder(folder: Path, faults: Faults) -> Iterator[Row]:
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in _READERS and not path.name.startswith(".")
    )
    if not files:
        raise CorpusError(folder, None, "no such file in it", ", ".join(_READERS))
    for path in files:
        yield from _rows_of_file(path, faults)


def _rows_of_standard_input(faults: Faults) -> Iterator[Row]:
    content = sys.stdin.buffer.read()
    opening = _decoded(content).lstrip()[:1]
    read = {"{": _rows_of_lines, "[": _rows_of_json}.get(opening, _rows_of_text)
    yield from read(content, "standard input", faults)


# --- readers: bytes to rows ---------------------------------------------------

_UNDECODED = re.compile("[\udc80-\udcff]")
_ENCODINGS = "UTF-8, or UTF-16 with a byte-order mark"


def _decoded(content: bytes) -> str:
    """The text of a file; each undecodable byte stands as a lone surrogate.

    So it can be told in which row it is, and the other rows can be read.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        with suppress(UnicodeDecodeError):
            return content.decode("utf-16")
    return content.decode("utf-8-sig", "surrogateescape")


def _is_decoded(text: str, path: str, line: int | None, faults: Faults) -> bool:
    found = _UNDECODED.search(text)
    if found:
        byte = f"undecodable byte 0x{ord(found[0]) - 0xDC00:02x}"
        faults.add(CorpusError(path, line, byte, _ENCODINGS))
    return found is None


def _rows_of_csv(content: bytes, path: str, faults: Faults) -> Iterator[Row]:
    text = _decoded(content)
    with _long_fields():
        header: list[str] | None = None
        for line, cells in _csv_records(text, path, faults):
            if not cells or not _is_decoded("".join(cells), path, line, faults):
                continue
            if header is None:
                header = cells
                continue
            if len(cells) != len(header):
                found = f"{len(cells)} fields"
                faults.add(CorpusError(path, line, found, f"{len(header)} fields"))
                continue
            filled = (Cell(cell) if cell else None for cell in cells)
            yield Row(dict(zip(header, filled, strict=True)), path, line)


def _csv_records(
    text: str, path: str, faults: Faults
) -> Iterator[tuple[int, list[str]]]:
    """Records with the line that each begins on; cells may hold line breaks."""
    first_line = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.add(CorpusError(path, line, str(error), "a CSV record"))


@contextmanager
def _long_fields() -> Iterator[None]:
    # A live blog is longer than the 131,072 characters that csv allows in a field.
    limit = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _rows_of_lines(content: bytes, path: str, faults: Faults) -> Iterator[Row]:
    # Not splitlines(): U+2028 inside a JSON string ends no line of the file.
    for number, line in enumerate(_decoded(content).split("\n"), 1):
        if not line.strip() or not _is_decoded(line, path, number, faults):
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            faults.add(CorpusError(path, number, error.msg, "a JSON object"))
            continue
        if not isinstance(record, dict):
            found = type(record).__name__
            faults.add(CorpusError(path, number, found, "a JSON object"))
            continue
        yield Row(record, path, number)


def _rows_of_json(content: bytes, path: str, faults: Faults) -> Iterator[Row]:
    text = _decoded(content)
    if not _is_decoded(text, path, None, faults):
        return
    try:
        records = json.loads(text)
    except json.JSONDecodeError as error:
        faults.add(CorpusError(path, error.lineno, error.msg, "a JSON array"))
        return
    if not isinstance(records, list):
        found = type(records).__name__
        faults.add(CorpusError(path, None, found, "an array of articles"))
        return
    yield from _rows_of_records(records, f"{path} item", repair=True)


def _rows_of_parquet(content: bytes, path: str, faults: Faults) -> Iterator[Row]:
    require("reading .parquet", "pyarrow")
    try:
        table = pd.read_parquet(io.BytesIO(content))
    except (OSError, ValueError) as error:
        found = str(error).splitlines()[0]
        faults.add(CorpusError(path, None, found, "a Parquet file"))
        return
    yield from _rows_of_records(table.to_dict("records"), f"{path} row", repair=True)


def _rows_of_text(content: bytes, path: str, faults: Faults) -> Iterator[Row]:
    text = _decoded(content)
    if _is_decoded(text, path, None, faults):
        yield Row({"text": text, "file": Path(path).name}, path, None)


def _rows_of_html(content: bytes, path: str, faults: Faults) -> Iterator[Row]:
    require("reading .html", "trafilatura")
    # Imported here: only HTML needs it, and it is slow to import.
    import trafilatura

    found = trafilatura.extract(
        content, output_format="json", with_metadata=True, include_comments=False
    )
    if not found:
        faults.add(CorpusError(path, None, "no article in the page", "an article"))
        return
    page = json.loads(found)
    cells = {
        "text": page.get("text"),
        "title": page.get("title"),
        "url": page.get("source"),
        "outlet": page.get("source-hostname") or page.get("hostname"),
        "published": page.get("date"),
        "file": Path(path).name,
    }
    yield Row(cells, path, None)


_READERS: Mapping[str, Callable[[bytes, str, Faults], Iterator[Row]]] = {
    ".csv": _rows_of_csv,
    ".tsv": _rows_of_csv,
    ".jsonl": _rows_of_lines,
    ".ndjson": _rows_of_lines,
    ".json": _rows_of_json,
    ".parquet": _rows_of_parquet,
    ".txt": _rows_of_text,
    ".html": _rows_of_html,
    ".htm": _rows_of_html,
}
