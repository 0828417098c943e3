"""The interchange format: what any coder, person or program, writes about an article.

One JSON line an article and coder (DESIGN, "Tables and formats"):

    {"article_id": "A01", "coder": "x", "hedges": [...], "attributions": [...],
     "boilerplate": [[900, 960]]}

Offsets are Unicode code points into the article's text. Labels are those of
CODEBOOK sections 1 and 2; a hand coder may leave `voice`, `content`,
`anonymity_reason` and `reason_type` out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from framing.codes import (
    ATTRIBUTION_COLUMNS,
    FORMS,
    HEDGE_COLUMNS,
    HEDGE_TYPES,
    KINDS,
    MACHINE_HEDGE_TYPES,
    NAMINGS,
    REASON_TYPES,
    SOURCE_KINDS,
    SOURCE_ROLES,
    VOICES,
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
    annotations_from_tables,
    check_offsets,
    with_words,
)
from framing.errors import AnnotationError
from framing.text import Span

__all__ = [
    "ATTRIBUTION_COLUMNS",
    "FORMS",
    "HEDGE_COLUMNS",
    "HEDGE_TYPES",
    "KINDS",
    "MACHINE_HEDGE_TYPES",
    "NAMINGS",
    "REASON_TYPES",
    "SOURCE_KINDS",
    "SOURCE_ROLES",
    "VOICES",
    "Annotations",
    "Attribution",
    "CodedArticle",
    "Hedge",
    "annotation_line",
    "annotations_from_tables",
    "check_offsets",
    "read_annotations",
    "with_words",
    "write_annotations",
]


def read_annotations(*paths: str | Path) -> Annotations:
    """Annotations from one or more JSON-lines files.

    Raises AnnotationError with path, line, found and allowed at the first line that
    breaks the format, or that codes an article twice under one coder.

    >>> read_annotations("no_such_file.jsonl")
    Traceback (most recent call last):
    framing.errors.AnnotationError: no_such_file.jsonl: found no readable file, ...
    """
    coded: list[CodedArticle] = []
    seen: set[tuple[str, str]] = set()
    for path in map(Path, paths):
        for number, record in _lines(path):
            article = _coded_article(record, path, number)
            key = (article.article_id, article.coder)
            if key in seen:
                raise AnnotationError(
                    path, number, f"{key[0]!r} by {key[1]!r} again", "each once"
                )
            seen.add(key)
            coded.append(article)
    return Annotations(tuple(coded))


def write_annotations(annotations: Iterable[CodedArticle], path: str | Path) -> None:
    """Write one JSON line an article and coder; the whole file or none of it.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "codes.jsonl"
    ...     write_annotations([CodedArticle("A1", "anna")], path)
    ...     len(read_annotations(path))
    1
    """
    path = Path(path)
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        for coded in annotations:
            file.write(annotation_line(coded) + "\n")
    unfinished.replace(path)


def annotation_line(coded: CodedArticle) -> str:
    """The JSON line of one coded article."""
    record = {
        "article_id": coded.article_id,
        "coder": coded.coder,
        "hedges": [_hedge_record(hedge) for hedge in coded.hedges],
        "attributions": [_attribution_record(a) for a in coded.attributions],
        "boilerplate": [list(span) for span in coded.boilerplate],
    }
    return json.dumps(record, ensure_ascii=False)


def _hedge_record(hedge: Hedge) -> dict[str, Any]:
    return {
        "start": hedge.start,
        "end": hedge.end,
        "text": hedge.text,
        "type": hedge.type,
        "voice": hedge.voice,
    }


def _attribution_record(a: Attribution) -> dict[str, Any]:
    return {
        "cue": list(a.cue),
        "source": list(a.source) if a.source else None,
        "content": [list(span) for span in a.content],
        "kind": a.kind,
        "form": a.form,
        "source_kind": a.source_kind,
        "naming": a.naming,
        "role": a.role,
        "source_name": a.source_name,
        "via": list(a.via) if a.via else None,
        "via_name": a.via_name,
        "anonymity_reason": list(a.anonymity_reason) if a.anonymity_reason else None,
        "reason_type": a.reason_type,
    }


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise AnnotationError(path, None, "no readable file", "JSON lines") from error
    for number, raw in enumerate(content.split(b"\n"), 1):
        if not raw.strip():
            continue
        try:
            record = json.loads(raw.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise AnnotationError(path, number, "undecodable bytes", "UTF-8") from error
        except json.JSONDecodeError as error:
            raise AnnotationError(path, number, error.msg, "a JSON object") from error
        if not isinstance(record, dict):
            raise AnnotationError(path, number, type(record).__name__, "a JSON object")
        yield number, record


class _Reader:
    """Typed access to one JSON object; every complaint names its place."""

    def __init__(self, record: Any, where: str, path: Path, line: int) -> None:
        self.where, self.path, self.line = where, path, line
        self.record: dict[str, Any] = record if isinstance(record, dict) else {}
        if not isinstance(record, dict):
            raise self.error(f"{where} {record!r}", "a JSON object")

    def error(self, found: str, allowed: str) -> AnnotationError:
        return AnnotationError(self.path, self.line, found, allowed)

    def allow(self, *keys: str) -> None:
        for key in self.record:
            if key not in keys:
                raise self.error(f"{self.where} key {key!r}", ", ".join(keys))

    def text(self, key: str) -> str:
        value = self.record.get(key)
        if not isinstance(value, str):
            raise self.error(f"{self.where} {key} {value!r}", "a string")
        return value

    def optional_text(self, key: str) -> str | None:
        return None if self.record.get(key) is None else self.text(key)

    def label(self, key: str, allowed: Sequence[str]) -> str:
        value = self.record.get(key)
        if value not in allowed:
            raise self.error(f"{self.where} {key} {value!r}", ", ".join(allowed))
        return str(value)

    def optional_label(self, key: str, allowed: Sequence[str]) -> str | None:
        return None if self.record.get(key) is None else self.label(key, allowed)

    def span(self, key: str) -> Span:
        return self.as_span(self.record.get(key), key)

    def optional_span(self, key: str) -> Span | None:
        return None if self.record.get(key) is None else self.span(key)

    def spans(self, key: str) -> tuple[Span, ...]:
        value = self.items(key)
        return tuple(self.as_span(pair, key) for pair in value)

    def items(self, key: str) -> list[Any]:
        value = self.record.get(key)
        if value is not None and not isinstance(value, list):
            raise self.error(f"{self.where} {key} {value!r}", "a list")
        return value or []

    def as_span(self, value: Any, key: str) -> Span:
        match value:
            case [int(start), int(end)] if 0 <= start < end:
                return Span(start, end)
        raise self.error(f"{self.where} {key} {value!r}", "[start, end], start < end")


def _coded_article(record: dict[str, Any], path: Path, line: int) -> CodedArticle:
    reader = _Reader(record, "article", path, line)
    reader.allow("article_id", "coder", "hedges", "attributions", "boilerplate")
    hedges = [
        _hedge(_Reader(item, f"hedge {i}", path, line))
        for i, item in enumerate(reader.items("hedges"))
    ]
    attributions = [
        _attribution(_Reader(item, f"attribution {i}", path, line))
        for i, item in enumerate(reader.items("attributions"))
    ]
    return CodedArticle(
        reader.text("article_id"),
        reader.text("coder"),
        tuple(sorted(hedges, key=lambda h: (h.start, h.end))),
        tuple(sorted(attributions, key=lambda a: a.cue)),
        reader.spans("boilerplate"),
    )


def _hedge(reader: _Reader) -> Hedge:
    reader.allow("start", "end", "text", "type", "voice")
    span = reader.as_span(
        [reader.record.get("start"), reader.record.get("end")], "span"
    )
    return Hedge(
        span.start,
        span.end,
        reader.text("text"),
        reader.label("type", HEDGE_TYPES + MACHINE_HEDGE_TYPES),
        reader.optional_label("voice", VOICES),
    )


def _attribution(reader: _Reader) -> Attribution:
    reader.allow(
        "cue", "source", "content", "kind", "form", "source_kind", "naming", "role",
        "source_name", "via", "via_name", "anonymity_reason", "reason_type",
    )  # fmt: skip
    return Attribution(
        reader.span("cue"),
        reader.optional_span("source"),
        reader.spans("content"),
        reader.label("kind", KINDS),
        reader.label("form", FORMS),
        reader.label("source_kind", SOURCE_KINDS),
        reader.label("naming", NAMINGS),
        reader.optional_label("role", SOURCE_ROLES),
        reader.optional_text("source_name"),
        reader.optional_span("via"),
        reader.optional_text("via_name"),
        reader.optional_span("anonymity_reason"),
        reader.optional_label("reason_type", REASON_TYPES),
    )
