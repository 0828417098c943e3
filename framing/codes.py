"""What a coder, person or program, writes about an article, and its two tables.

Labels are those of CODEBOOK sections 1 and 2; a hand coder may leave `voice`,
`content`, `anonymity_reason` and `reason_type` out. Offsets are Unicode code points
into the article's text. The JSON lines are read and written in `annotations.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import pandas as pd

from framing.errors import AnnotationError
from framing.text import Span

HEDGE_TYPES = (
    "modal", "epistemic", "doxastic", "hearsay", "contemplated", "unverified",
)  # fmt: skip
MACHINE_HEDGE_TYPES = ("conditional", "approximator")
VOICES = ("outlet", "reported", "quoted")
KINDS = ("statement", "mental")
FORMS = ("direct", "indirect", "mixed")
SOURCE_KINDS = ("person", "group", "institution", "document", "media", "none")
NAMINGS = ("named", "veiled", "bare", "none")
SOURCE_ROLES = (
    "official", "insider", "spokesperson", "expert", "partisan", "public", "other",
)  # fmt: skip
REASON_TYPES = (
    "not_authorised", "sensitive_deliberation", "fear_of_reprisal", "safety",
    "none_given",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hedge:
    """A hedge cue (CODEBOOK, section 1); `voice` is None where not yet judged.

    >>> Hedge(3, 6, "may", "modal", "outlet").type
    'modal'
    """

    start: int
    end: int
    text: str
    type: str
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """Content tied to a source by a cue (CODEBOOK, section 2).

    `source` is None where none is expressed. `content` may be in pieces. `role` is
    None except for veiled or bare people. `source_name` is the same for the same
    source within an article. `via` is the first relaying outlet, `via_name` its name
    (the name may stand without a span where the relay carries over from before).
    `anonymity_reason` is the clause that grants an unnamed person anonymity ("who
    asked not to be named for fear of arrest"), `reason_type` the reason it gives:
    none_given where the grant stands alone, None where there is no such clause.

    >>> said = Attribution(Span(6, 10), Span(0, 5), (Span(11, 20),), "statement",
    ...     "indirect", "person", "named", source_name="Rubio")
    >>> said.cue, said.role
    (Span(start=6, end=10), None)
    """

    cue: Span
    source: Span | None
    content: tuple[Span, ...]
    kind: str
    form: str
    source_kind: str = "none"
    naming: str = "none"
    role: str | None = None
    source_name: str | None = None
    via: Span | None = None
    via_name: str | None = None
    anonymity_reason: Span | None = None
    reason_type: str | None = None


@dataclass(frozen=True, slots=True)
class CodedArticle:
    """All codes of one coder on one article, each layer in text order.

    >>> CodedArticle("A1", "anna").hedges
    ()
    """

    article_id: str
    coder: str
    hedges: tuple[Hedge, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    boilerplate: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Annotations:
    """Coded articles, one per article and coder, with their two tables.

    >>> coded = CodedArticle("A1", "x", (Hedge(10, 15, "might", "modal"),))
    >>> annotations = Annotations((coded,))
    >>> len(annotations), annotations["A1"].hedges[0].text
    (1, 'might')
    >>> annotations.hedges[["article_id", "start", "type"]].values.tolist()
    [['A1', 10, 'modal']]
    """

    articles: tuple[CodedArticle, ...] = ()

    def __len__(self) -> int:
        return len(self.articles)

    def __iter__(self) -> Iterator[CodedArticle]:
        return iter(self.articles)

    def __getitem__(self, article_id: str) -> CodedArticle:
        for coded in self.articles:
            if coded.article_id == article_id:
                return coded
        raise KeyError(
            f"article {article_id!r} is not among the {len(self)} coded ones; "
            "articles that are not in English are not coded"
        )

    @property
    def hedges(self) -> pd.DataFrame:
        """One row a hedge: article_id, coder, hedge_id, start, end, text, type, voice.

        `hedge_id` numbers the hedges of an article and coder from 0 in text order.
        """
        rows = [
            (c.article_id, c.coder, i, h.start, h.end, h.text, h.type, h.voice)
            for c in self.articles
            for i, h in enumerate(c.hedges)
        ]
        return _table(rows, HEDGE_COLUMNS)

    @property
    def attributions(self) -> pd.DataFrame:
        """One row an attribution; spans as `<part>_start`, `<part>_end` columns.

        `content` is a list of `[start, end]` pairs. `attribution_id` numbers the
        attributions of an article and coder from 0 in text order. Missing spans are
        <NA>. Add words with `with_words(table, articles)`.
        """
        rows = [
            (c.article_id, c.coder, i, *_attribution_row(a))
            for c in self.articles
            for i, a in enumerate(c.attributions)
        ]
        return _table(rows, ATTRIBUTION_COLUMNS)


HEDGE_COLUMNS = {
    "article_id": "str",
    "coder": "str",
    "hedge_id": "int64",
    "start": "int64",
    "end": "int64",
    "text": "str",
    "type": "str",
    "voice": "str",
}
ATTRIBUTION_COLUMNS = {
    "article_id": "str",
    "coder": "str",
    "attribution_id": "int64",
    "cue_start": "int64",
    "cue_end": "int64",
    "source_start": "Int64",
    "source_end": "Int64",
    "content": "object",
    "kind": "str",
    "form": "str",
    "source_kind": "str",
    "naming": "str",
    "role": "str",
    "source_name": "str",
    "via_start": "Int64",
    "via_end": "Int64",
    "via_name": "str",
    "reason_start": "Int64",
    "reason_end": "Int64",
    "reason_type": "str",
}


def _table(rows: list[tuple[Any, ...]], columns: Mapping[str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(columns), dtype="object")
    return table.astype(dict(columns))


def _attribution_row(a: Attribution) -> tuple[Any, ...]:
    source = a.source or (None, None)
    via = a.via or (None, None)
    reason = a.anonymity_reason or (None, None)
    content = [list(span) for span in a.content]
    return (
        *a.cue, *source, content, a.kind, a.form, a.source_kind, a.naming, a.role,
        a.source_name, *via, a.via_name, *reason, a.reason_type,
    )  # fmt: skip


def with_words(attributions: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """The attributions table with the words behind its offsets.

    Columns `cue`, `source`, `via` and `reason` are added from `articles.text`; a
    missing span gives a missing word.

    >>> said = Attribution(Span(6, 10), Span(0, 5), (), "statement", "indirect")
    >>> coded = CodedArticle("A1", "anna", (), (said,))
    >>> articles = pd.DataFrame({"article_id": ["A1"], "text": ["Rubio said so."]})
    >>> table = with_words(Annotations((coded,)).attributions, articles)
    >>> table[["source", "cue"]].values.tolist()
    [['Rubio', 'said']]
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    added = {
        part: [
            texts[i][start:end] if pd.notna(start) else None
            for i, start, end in zip(
                attributions["article_id"],
                attributions[f"{part}_start"],
                attributions[f"{part}_end"],
                strict=True,
            )
        ]
        for part in ("cue", "source", "via", "reason")
        if f"{part}_start" in attributions
    }
    return attributions.assign(
        **{
            part: pd.Series(w, attributions.index, dtype="str")
            for part, w in added.items()
        }
    )


def annotations_from_tables(
    hedges: pd.DataFrame, attributions: pd.DataFrame, coded: pd.DataFrame
) -> Annotations:
    """Annotations from their two tables.

    `coded` has one row an article and coder (columns article_id, coder), so that an
    article in which nothing was found stays an article that was coded.
    """
    hedges_of = _grouped(hedges, _hedge_from_row)
    attributions_of = _grouped(attributions, _attribution_from_row)
    return Annotations(
        tuple(
            CodedArticle(
                i, c, hedges_of.get((i, c), ()), attributions_of.get((i, c), ())
            )
            for i, c in zip(coded["article_id"], coded["coder"], strict=True)
        )
    )


_Code = TypeVar("_Code")


def _grouped(
    table: pd.DataFrame, build: Callable[[Mapping[str, Any]], _Code]
) -> dict[tuple[str, str], tuple[_Code, ...]]:
    groups: dict[tuple[str, str], list[_Code]] = {}
    for row in table.to_dict("records"):
        key = (str(row["article_id"]), str(row["coder"]))
        groups.setdefault(key, []).append(build({str(k): v for k, v in row.items()}))
    return {key: tuple(codes) for key, codes in groups.items()}


def _hedge_from_row(row: Mapping[str, Any]) -> Hedge:
    return Hedge(
        int(row["start"]),
        int(row["end"]),
        row["text"],
        row["type"],
        _text(row["voice"]),
    )


def _attribution_from_row(row: Mapping[str, Any]) -> Attribution:
    return Attribution(
        Span(int(row["cue_start"]), int(row["cue_end"])),
        _span(row["source_start"], row["source_end"]),
        tuple(Span(int(start), int(end)) for start, end in row["content"]),
        row["kind"],
        row["form"],
        row["source_kind"],
        row["naming"],
        _text(row["role"]),
        _text(row["source_name"]),
        _span(row["via_start"], row["via_end"]),
        _text(row["via_name"]),
        # Tables that were written before reasons were coded have none of the three.
        _span(row.get("reason_start"), row.get("reason_end")),
        _text(row.get("reason_type")),
    )


def _text(value: Any) -> str | None:
    return str(value) if pd.notna(value) else None


def _span(start: Any, end: Any) -> Span | None:
    return Span(int(start), int(end)) if pd.notna(start) else None


def check_offsets(annotations: Annotations, articles: pd.DataFrame) -> None:
    """Raise AnnotationError where a hedge's words are not those at its offsets.

    Guards against codes that were made on another version of the text. Articles that
    are not in the table are not checked.
    """
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    for coded in annotations:
        text = texts.get(coded.article_id)
        if text is None:
            continue
        for hedge in coded.hedges:
            found = text[hedge.start : hedge.end]
            if found != hedge.text:
                raise AnnotationError(
                    f"annotations of {coded.article_id!r} by {coded.coder!r}",
                    None,
                    f"{found!r} at {hedge.start}",
                    f"{hedge.text!r} as coded (is it the same text?)",
                )
