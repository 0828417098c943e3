"""Scores: the codes of an article counted, one row an article and coder.

Every measure is a numerator over a denominator, both of them columns of the same
table (CODEBOOK, section 4), so that rates can be pooled and checked by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from framing.annotate import CODERS, annotate_text, describe_method
from framing.annotations import (
    HEDGE_TYPES,
    MACHINE_HEDGE_TYPES,
    REASON_TYPES,
    SOURCE_KINDS,
    SOURCE_ROLES,
    VOICES,
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
    check_offsets,
)
from framing.errors import AnnotationError, CorpusError
from framing.hedges import classify_voices
from framing.reasons import is_unnamed
from framing.text import Segments, Span, find_segments, merge_spans

ARTICLE_COLUMNS = (
    "article_id", "coder", "outlet", "published", "title", "language", "unit",
    "wire_of",
)  # fmt: skip
TEXT_COUNTS = ("n_words", "n_sentences", "n_hedged_sentences", "n_attributed_words")
REASON_COUNTS = ("n_explained", *(f"n_reason_{t}" for t in REASON_TYPES))
COUNTS = (
    "n_articles",
    *TEXT_COUNTS,
    "n_hedges",
    *(f"n_hedges_{t}" for t in HEDGE_TYPES + MACHINE_HEDGE_TYPES),
    *(f"n_hedges_{v}" for v in VOICES),
    *("n_statements", "n_mental", "n_direct", "n_sources"),
    *("n_people", "n_unnamed", "n_unnamed_strict"),
    *(f"n_unnamed_{r}" for r in SOURCE_ROLES),
    *REASON_COUNTS,
    "n_relayed",
    *(f"n_source_{k}" for k in SOURCE_KINDS),
)
_NOT_CARRIED = ("text", "url", "boilerplate", "dateline", "agency", "sha256")


@dataclass(frozen=True, slots=True)
class Measure:
    """`per` times a numerator over a denominator, both columns of the scores table.

    `n_articles` is 1 in every row: a measure over it is a mean over articles.
    """

    name: str
    numerator: str
    denominator: str
    per: int
    label: str
    definition: str


def _measures() -> Iterable[Measure]:
    words = "per 100 words"
    yield Measure(
        "hedge_density", "n_hedges", "n_words", 100, f"Hedges {words}",
        "Hedges of the six types per 100 words outside boilerplate.",
    )  # fmt: skip
    for kind in HEDGE_TYPES:
        yield Measure(
            f"hedge_density_{kind}", f"n_hedges_{kind}", "n_words", 100,
            f"{kind.capitalize()} hedges {words}",
            f"Hedges of the type {kind} per 100 words outside boilerplate.",
        )  # fmt: skip
    for voice, place in zip(VOICES, _PLACES, strict=True):
        yield Measure(
            f"hedge_density_{voice}", f"n_hedges_{voice}", "n_words", 100,
            f"Hedges {place} {words}",
            f"Hedges of the six types {place} per 100 words outside boilerplate.",
        )  # fmt: skip
    yield Measure(
        "hedged_sentence_share", "n_hedged_sentences", "n_sentences", 1,
        "Sentences with a hedge, share",
        "Sentences with at least one hedge of the six types / sentences.",
    )  # fmt: skip
    yield from _sourcing_measures()


_PLACES = ("in the outlet's own voice", "in indirect speech", "in quotation marks")


def _sourcing_measures() -> Iterable[Measure]:
    rows = (
        ("attribution_density", "n_statements", "n_words", 100,
         "Attributed statements per 100 words",
         "Attributions of the kind statement per 100 words outside boilerplate."),
        ("source_count", "n_sources", "n_articles", 1, "Sources per article",
         "Distinct sources to whom an article attributes a statement."),
        ("sources_per_100", "n_sources", "n_words", 100, "Sources per 100 words",
         "Distinct sources of statements per 100 words outside boilerplate."),
        ("sourced_share", "n_attributed_words", "n_words", 1,
         "Words inside attributed content, share",
         "Words inside the content of statements / words outside boilerplate."),
        ("anonymity", "n_unnamed", "n_people", 1,
         "Unnamed people as sources, share of statements by people",
         "Statements by a person or group who is veiled or bare / all statements "
         "by a person or group."),
        ("anonymity_strict", "n_unnamed_strict", "n_people", 1,
         "Unnamed officials and insiders, share of statements by people",
         "Statements by a veiled or bare official or insider / all statements by a "
         "person or group."),
        ("explained_share", "n_explained", "n_unnamed", 1,
         "Unnamed people whose anonymity is explained, share of their statements",
         "Statements by a veiled or bare person or group with a stated reason for the "
         "anonymity / all statements by a veiled or bare person or group."),
        ("relay_share", "n_relayed", "n_statements", 1,
         "Statements that reached the article through another outlet, share",
         "Statements with a relay, or with a media source / statements."),
        ("direct_share", "n_direct", "n_statements", 1,
         "Statements with words in quotation marks, share",
         "Statements in direct or mixed form / statements."),
    )  # fmt: skip
    return (Measure(*row) for row in rows)


MEASURES: Mapping[str, Measure] = MappingProxyType({m.name: m for m in _measures()})


def score_articles(articles: pd.DataFrame, annotations: Annotations) -> pd.DataFrame:
    """Counts and measures, one row an article and coder (CODEBOOK, section 4).

    Counts are whole numbers, <NA> where they cannot be known (voices that a coder
    left out, reasons where a person codes none in all `annotations`, words of a table
    without text); measures are NaN where the denominator
    is 0 or unknown. Boilerplate is the coder's, or else that of the table; codes
    inside it are not counted. Rows follow the order of `articles`; an article without
    codes by a coder has no row for that coder. Where there is no text, `n_words`,
    `n_sentences`, `n_hedged_sentences` and `n_attributed_words` are those of
    `articles`. Other columns that the reader brought along follow after `method`.

    >>> articles = pd.DataFrame({"article_id": ["A"], "text": ["It might rain."]})
    >>> coded = CodedArticle("A", "x", (Hedge(3, 8, "might", "modal", "outlet"),))
    >>> scores = score_articles(articles, Annotations((coded,)))
    >>> scores[["n_hedges", "n_words", "hedge_density"]].round(2).values.tolist()
    [[1, 3, 33.33]]
    """
    records = _records(articles)
    coded_of = _coded_by_article(annotations, records)
    known = articles[[_has_text(record) for record in records.values()]]
    check_offsets(annotations, known.reindex(columns=["article_id", "text"]))
    pairs = [(records[i], coded) for i in records for coded in coded_of.get(i, ())]
    counts = pd.DataFrame(
        [_counts_of(record, coded) for record, coded in pairs],
        columns=list(COUNTS),
        dtype="Int64",
    )
    coders = [coded.coder for _, coded in pairs]
    counts = _without_reasons(counts, coders, annotations)
    measures = pd.DataFrame(
        {name: measure_values(counts, name) for name in MEASURES}, counts.index
    )
    about = _about(articles, [record["article_id"] for record, _ in pairs], coders)
    first = about[[*ARTICLE_COLUMNS]]
    extra = about.drop(columns=[*ARTICLE_COLUMNS])
    method = pd.Series(
        [describe_method(coder) for coder in coders],
        counts.index,
        dtype="str",
        name="method",
    )
    return pd.concat([first, counts, measures, method, extra], axis=1)


def score(text: str) -> dict[str, float]:
    """Counts and measures of one text by the default coder; the quickest look.

    Undefined measures are NaN (no words, no statements, ...).

    >>> found = score("The talks might resume.")
    >>> found["n_hedges"], found["n_words"], found["hedge_density"]
    (1, 4, 25.0)
    """
    coded = annotate_text(text)
    counts = _count_codes(coded, text, coded.boilerplate)
    table = pd.DataFrame([counts], columns=list(COUNTS), dtype="Int64")
    rates = {name: float(measure_values(table, name)[0]) for name in MEASURES}
    known = {name: np.nan if (n := counts[name]) is None else n for name in COUNTS}
    return known | rates


def measure_parts(
    scores: pd.DataFrame, measure: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Numerator and denominator of a measure, row by row; NaN where unknown.

    >>> scores = pd.DataFrame({"n_hedges": [1, 0], "n_words": [50, 80]})
    >>> [part.tolist() for part in measure_parts(scores, "hedge_density")]
    [[1.0, 0.0], [50.0, 80.0]]
    """
    if measure not in MEASURES:
        raise ValueError(f"measure {measure!r} is not one of {', '.join(MEASURES)}")
    columns = (MEASURES[measure].numerator, MEASURES[measure].denominator)
    numerator, denominator = (_floats(scores[column]) for column in columns)
    return numerator, denominator


def measure_values(scores: pd.DataFrame, measure: str) -> npt.NDArray[np.float64]:
    """A measure row by row from its counts; NaN where the denominator is 0."""
    numerator, denominator = measure_parts(scores, measure)
    defined = denominator > 0
    values = np.full(len(scores), np.nan)
    values[defined] = numerator[defined] / denominator[defined]
    return values * MEASURES[measure].per


# --- the table ----------------------------------------------------------------


def _floats(column: pd.Series[Any]) -> npt.NDArray[np.float64]:
    return column.to_numpy(dtype="float64", na_value=np.nan)


def _records(articles: pd.DataFrame) -> dict[str, dict[str, Any]]:
    wanted = ("article_id", "text", "boilerplate", *TEXT_COUNTS)
    table = articles[[c for c in wanted if c in articles.columns]]
    records = {r["article_id"]: r for r in table.to_dict("records")}
    if len(records) < len(articles):
        again = articles.loc[articles["article_id"].duplicated(), "article_id"]
        found = f"article_id {again.iloc[0]!r} again"
        raise CorpusError("articles table", None, found, "each once")
    return {str(i): {str(k): v for k, v in r.items()} for i, r in records.items()}


def _coded_by_article(
    annotations: Annotations, records: Mapping[str, Any]
) -> dict[str, list[CodedArticle]]:
    coded_of: dict[str, list[CodedArticle]] = {}
    for coded in annotations:
        place = f"annotations by {coded.coder!r}"
        found = f"article_id {coded.article_id!r}"
        if coded.article_id not in records:
            raise AnnotationError(place, None, found, "those of the articles table")
        same = coded_of.setdefault(coded.article_id, [])
        if any(coded.coder == other.coder for other in same):
            raise AnnotationError(place, None, f"{found} again", "each once")
        same.append(coded)
    return coded_of


def _about(
    articles: pd.DataFrame, article_ids: Sequence[str], coders: Sequence[str]
) -> pd.DataFrame:
    skipped = {*_NOT_CARRIED, *COUNTS, *MEASURES, "method", "coder"}
    kept = [c for c in articles.columns if c not in skipped]
    table = articles[kept].set_index("article_id", drop=False)
    table = table.loc[list(article_ids)].reset_index(drop=True)
    table["coder"] = pd.Series(coders, table.index, dtype="str")
    for column in ARTICLE_COLUMNS:
        if column not in table.columns:
            dtype = "datetime64[us]" if column == "published" else "str"
            table[column] = pd.Series(None, table.index, dtype=dtype)
    return table


def _has_text(record: Mapping[str, Any]) -> bool:
    return isinstance(record.get("text"), str)


def _counts_of(record: Mapping[str, Any], coded: CodedArticle) -> dict[str, Any]:
    spans = record.get("boilerplate")
    # Absent in a table is None, NaN or <NA>; a list or array is there.
    marked: Iterable[Any] = spans if isinstance(spans, Iterable) else ()
    boilerplate = coded.boilerplate or tuple(Span(int(s), int(e)) for s, e in marked)
    if _has_text(record):
        return _count_codes(coded, record["text"], boilerplate)
    given = {c: _whole(record.get(c)) for c in TEXT_COUNTS}
    return _count_codes(coded, None, boilerplate) | given


def _without_reasons(
    counts: pd.DataFrame, coders: Sequence[str], annotations: Annotations
) -> pd.DataFrame:
    # A hand coder may leave reasons out: then their number is unknown, and not 0.
    known = {c.coder for c in annotations if any(a.reason_type for a in c.attributions)}
    is_left_out = ~pd.Series(coders, counts.index, dtype="str").isin(known | {*CODERS})
    return counts.assign(
        **{name: counts[name].mask(is_left_out) for name in REASON_COUNTS}
    )


def _whole(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


# --- the counts of one article -------------------------------------------------


def _count_codes(
    coded: CodedArticle, text: str | None, boilerplate: Sequence[Span]
) -> dict[str, int | None]:
    marked = merge_spans(boilerplate)
    hedges = [h for h in coded.hedges if not _inside(h.start, marked)]
    attributions = [a for a in coded.attributions if not _inside(a.cue.start, marked)]
    statements = [a for a in attributions if a.kind == "statement"]
    segments = None if text is None else find_segments(text, boilerplate=boilerplate)
    return (
        {"n_articles": 1}
        | _count_text(hedges, statements, segments)
        | _count_hedges(hedges, attributions, segments)
        | _count_statements(statements)
        | {"n_mental": len(attributions) - len(statements)}
        | {"n_sources": _count_sources(statements, text)}
    )


def _inside(offset: int, spans: Sequence[Span]) -> bool:
    return any(start <= offset < end for start, end in spans)


def _count_text(
    hedges: Sequence[Hedge], statements: Sequence[Attribution], cut: Segments | None
) -> dict[str, int | None]:
    if cut is None:
        return dict.fromkeys(TEXT_COUNTS)
    hedged = {cut.sentence_at(h.start) for h in hedges if h.type in HEDGE_TYPES}
    contents = [span for a in statements for span in a.content]
    # A statement has content: where no statement shows any, the coder left it out.
    left_out = bool(statements) and not contents
    return {
        "n_words": len(cut.words),
        "n_sentences": len(cut.sentences),
        "n_hedged_sentences": len(hedged),
        "n_attributed_words": None if left_out else cut.count_words(contents),
    }


def _count_hedges(
    hedges: Sequence[Hedge], attributions: Sequence[Attribution], cut: Segments | None
) -> dict[str, int | None]:
    types = Counter(h.type for h in hedges)
    six = [h for h in hedges if h.type in HEDGE_TYPES]
    voices = Counter(h.voice for h in _with_voices(six, attributions, cut))
    counts: dict[str, int | None] = {"n_hedges": len(six)}
    counts |= {f"n_hedges_{t}": types[t] for t in HEDGE_TYPES + MACHINE_HEDGE_TYPES}
    return counts | {
        f"n_hedges_{v}": None if voices[None] else voices[v] for v in VOICES
    }


def _with_voices(
    hedges: Sequence[Hedge], attributions: Sequence[Attribution], cut: Segments | None
) -> Sequence[Hedge]:
    # A hand coder may leave the voice out: it follows from where the hedge stands.
    if cut is None or all(h.voice for h in hedges):
        return hedges
    found = classify_voices(cut, list(hedges), list(attributions))
    return [
        replace(h, voice=h.voice or f.voice) for h, f in zip(hedges, found, strict=True)
    ]


def _count_statements(statements: Sequence[Attribution]) -> dict[str, int | None]:
    people = [a for a in statements if a.source_kind in ("person", "group")]
    unnamed = [a for a in people if is_unnamed(a)]
    # The codebook gives every unnamed person a role; "other" where a coder has not.
    roles = Counter(a.role or "other" for a in unnamed)
    reasons = Counter(a.reason_type for a in unnamed)
    kinds = Counter(a.source_kind for a in statements)
    counts: dict[str, int | None] = {
        "n_statements": len(statements),
        "n_direct": sum(a.form in ("direct", "mixed") for a in statements),
        "n_people": len(people),
        "n_unnamed": len(unnamed),
        "n_unnamed_strict": roles["official"] + roles["insider"],
        "n_explained": sum(reasons[t] for t in REASON_TYPES if t != "none_given"),
        "n_relayed": sum(_is_relayed(a) for a in statements),
    }
    counts |= {f"n_unnamed_{role}": roles[role] for role in SOURCE_ROLES}
    counts |= {f"n_reason_{reason}": reasons[reason] for reason in REASON_TYPES}
    return counts | {f"n_source_{kind}": kinds[kind] for kind in SOURCE_KINDS}


def _is_relayed(a: Attribution) -> bool:
    return a.source_kind == "media" or a.via is not None or a.via_name is not None


def _count_sources(statements: Sequence[Attribution], text: str | None) -> int | None:
    sourced = [a for a in statements if a.source or a.source_kind != "none"]
    names = {a.source_name for a in sourced if a.source_name}
    nameless = [a.source for a in sourced if a.source and not a.source_name]
    if nameless and text is None:
        return None
    return len(names | {span.of(text or "").lower() for span in nameless})
