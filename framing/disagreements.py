"""Every difference between two coders, with its words, for reading and discussion."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from framing.agreement import (
    LABELS,
    Matched,
    has_relay,
    match_hedges,
    match_mental,
    match_statements,
    same_source,
    shared_articles,
    span_of,
)
from framing.annotations import Annotations, CodedArticle, Hedge
from framing.reasons import is_unnamed
from framing.text import Span

DISAGREEMENT_COLUMNS = {
    "article_id": "str",
    "disagreement": "str",
    "found": "str",
    "gold": "str",
    "start": "int64",
    "end": "int64",
    "cue": "str",
    "snippet": "str",
}


def list_disagreements(
    found: Annotations, gold: Annotations, articles: pd.DataFrame, what: str
) -> pd.DataFrame:
    """Every difference behind one row of `evaluate_annotations`, with its words.

    `what` is hedges, statements, mental, unnamed-source statements or relays. One row
    a difference: `disagreement` is "missed", "false find" or the label that differs
    (type, voice, source, form, ...), `found` and `gold` are the two sides' labels,
    `snippet` has the cue in double brackets. A label that one side left out is no
    difference.

    >>> from framing.annotations import CodedArticle, Hedge
    >>> articles = pd.DataFrame({"article_id": ["A"], "text": ["It might rain."]})
    >>> one = CodedArticle("A", "x", (Hedge(3, 8, "might", "modal"),))
    >>> none = CodedArticle("A", "y")
    >>> sides = Annotations((none,)), Annotations((one,))
    >>> table = list_disagreements(*sides, articles, "hedges")
    >>> table[["disagreement", "gold", "snippet"]].values.tolist()
    [['missed', 'modal', 'It [[might]] rain.']]
    """
    if what not in _LISTS:
        raise ValueError(f"what {what!r} is not one of {', '.join(_LISTS)}")
    match, counts = _LISTS[what]
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    rows = [
        (f.article_id, *row)
        for f, g in shared_articles(found, gold)
        if isinstance(texts.get(f.article_id), str)
        for row in _differences(match(f, g), counts, texts[f.article_id])
    ]
    table = pd.DataFrame(rows, columns=list(DISAGREEMENT_COLUMNS), dtype="object")
    return table.astype(DISAGREEMENT_COLUMNS)


_Counts = Callable[[Any], bool]


def _is_any(code: Any) -> bool:
    return True


_LISTS: Mapping[str, tuple[Callable[[CodedArticle, CodedArticle], Matched], _Counts]]
_LISTS = {
    "hedges": (match_hedges, _is_any),
    "statements": (match_statements, _is_any),
    "mental": (match_mental, _is_any),
    "unnamed-source statements": (match_statements, is_unnamed),
    "relays": (match_statements, has_relay),
}


def _differences(
    matched: Matched, counts: _Counts, text: str
) -> Iterator[tuple[Any, ...]]:
    """Rows of `list_disagreements` among the codes that `counts` holds for."""
    for f, g in matched.all_pairs():
        in_found, in_gold = f is not None and counts(f), g is not None and counts(g)
        if in_found and in_gold:
            differing = _label_differences(f, g, text)
        elif in_found or in_gold:
            name = "false find" if in_found else "missed"
            differing = [(name, _summary(f, text), _summary(g, text))]
        else:
            continue
        span = span_of(f if g is None else g)
        for difference in differing:
            yield (*difference, *span, span.of(text), _snippet(text, span))


def _label_differences(
    found: Any, gold: Any, text: str
) -> list[tuple[str, str | None, str | None]]:
    theirs = _labels(gold, text)
    return [
        (label, value, theirs[label])
        for label, value in _labels(found, text).items()
        if value is not None
        and theirs[label] not in (None, value)
        and not (label == "source" and same_source(found, gold))
    ]


def _labels(code: Any, text: str) -> dict[str, str | None]:
    if isinstance(code, Hedge):
        return {"type": code.type, "voice": code.voice}
    labels = {label: getattr(code, label) for label in LABELS if label != "kind"}
    return {"source": code.source.of(text) if code.source else "none", **labels}


def _summary(code: Any, text: str) -> str | None:
    if code is None:
        return None
    if isinstance(code, Hedge):
        return code.type
    labels = _labels(code, text)
    parts = (labels[k] for k in ("source", "source_kind", "naming", "role"))
    return " | ".join(part for part in parts if part is not None)


def _snippet(text: str, span: Span, *, width: int = 80) -> str:
    before = text[max(0, span.start - width) : span.start]
    after = text[span.end : span.end + width]
    return " ".join(f"{before}[[{span.of(text)}]]{after}".split())
