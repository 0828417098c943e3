"""One article with its codes as HTML, for a notebook and for a file.

Two channels that do not mix: colour and underline style tell the type of a hedge;
ink, boxes and numbers tie cue, source and content of an attribution together. Under
the pointer, and under the Tab key, a source says what decided each of its codes. How
a text is marked is in `marks`, how a page looks in `page`.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from framing.annotate import annotate_text
from framing.annotations import (
    HEDGE_TYPES,
    MACHINE_HEDGE_TYPES,
    Annotations,
    Attribution,
    CodedArticle,
    check_offsets,
)
from framing.explain import explain_article
from framing.marks import (
    describe_attribution,
    look_of_source,
    mark_text,
    reason_words,
)
from framing.page import PAGE, STYLE, as_html, draw_badge, hover_rules
from framing.reasons import is_unnamed
from framing.score import MEASURES, Measure, measure_parts, score_articles
from framing.text import Span
from framing.validate import has_relay

_SHOWN = (
    "hedge_density", "hedged_sentence_share", "attribution_density", "sourced_share",
    "source_count", "anonymity", "explained_share", "relay_share", "direct_share",
)  # fmt: skip


@dataclass(frozen=True)
class Highlight:
    """An article as HTML: shows itself in a notebook, saves with `to_html`.

    `fragment` is one `<section>` with its own style; nothing outside it is styled.
    """

    title: str
    fragment: str = field(repr=False)

    def _repr_html_(self) -> str:
        return self.fragment

    def to_html(self, path: str | Path) -> Path:
        """Write one self-contained page to `path` and return it."""
        path = Path(path)
        page = PAGE.format(title=as_html(self.title), fragment=self.fragment)
        path.write_text(page, encoding="utf-8", newline="\n")
        return path


def highlight(
    article: str | Mapping[str, Any] | pd.Series[Any],
    coded: CodedArticle | Annotations | None = None,
    *,
    title: str | None = None,
    outlet: str | None = None,
) -> Highlight:
    """Show the codes of one article: a text, or a row of the articles table.

    Codes are found by the default coder where none are given; of `Annotations` the
    row's own are taken. `title` and `outlet` default to those of the row. The text of
    the page is that of the article, except for what HTML cannot hold (NUL and lone
    surrogates show as U+FFFD). Raises AnnotationError where the codes were made on
    another text.

    >>> page = highlight("Officials said the talks could resume.", title="Talks")
    >>> page
    Highlight(title='Talks')
    >>> "could</mark>" in page.fragment
    True
    """
    row = _row(article, title, outlet)
    codes = _codes(row, coded)
    shown = _shown_table(row, codes)
    check_offsets(Annotations((codes,)), shown)
    marked = mark_text(row["text"], codes, explain_article(codes, row))
    body = "\n".join(
        [
            _header(row, codes),
            _legend(codes),
            f'<div class="fh-text" role="article">{marked}</div>',
            _sources(row["text"], codes),
            _measures(score_articles(shown, Annotations((codes,)))),
        ]
    )
    scope = f"fh-{hashlib.sha256(body.encode()).hexdigest()[:8]}"
    style = STYLE + hover_rules(scope, len(codes.attributions))
    section = f'<section class="framing-highlight {scope}" lang="en">'
    fragment = f"{section}<style>{style}</style>\n{body}\n</section>"
    return Highlight(row["title"] or "Article", fragment)


# --- what is given --------------------------------------------------------------


def _row(
    article: str | Mapping[str, Any] | pd.Series[Any],
    title: str | None,
    outlet: str | None,
) -> dict[str, Any]:
    given = {"text": article} if isinstance(article, str) else dict(article.items())
    if not isinstance(given.get("text"), str):
        raise ValueError("the article has no text to show")
    row = {str(name): value for name, value in given.items()}
    row["title"] = _known(row, "title") if title is None else title
    row["outlet"] = _known(row, "outlet") if outlet is None else outlet
    return row


def _known(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    is_missing = value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    return "" if is_missing else str(value)


def _codes(
    row: Mapping[str, Any], coded: CodedArticle | Annotations | None
) -> CodedArticle:
    if isinstance(coded, CodedArticle):
        return coded
    if coded is not None:
        return coded[_known(row, "article_id")]
    spans: Any = row.get("boilerplate")
    return annotate_text(
        row["text"],
        outlet=row["outlet"] or None,
        article_id=_known(row, "article_id"),
        boilerplate=[Span(*pair) for pair in spans] if _is_list(spans) else None,
        title=row["title"] or None,
    )


def _is_list(value: Any) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str)


def _shown_table(row: Mapping[str, Any], coded: CodedArticle) -> pd.DataFrame:
    spans: Any = row.get("boilerplate")
    record = {
        "article_id": coded.article_id,
        "text": row["text"],
        "boilerplate": list(spans) if _is_list(spans) else None,
    }
    # object: a text with a lone surrogate is a Python string and no Arrow string
    return pd.DataFrame([record], dtype="object")


# --- header, legend, tables -------------------------------------------------------


def _header(row: Mapping[str, Any], coded: CodedArticle) -> str:
    constructed = row.get("constructed")
    is_constructed = isinstance(constructed, (bool, int, str)) and bool(constructed)
    facts = [
        row["outlet"],
        _known(row, "published")[:10],
        "constructed example" if is_constructed else "",
        f"coded by {coded.coder}" if coded.coder else "",
    ]
    title = f'<h2 dir="auto">{as_html(row["title"])}</h2>' if row["title"] else ""
    about = " · ".join(as_html(fact) for fact in facts if fact)
    return f'<header>{title}<p class="fh-about">{about}</p></header>'


def _legend(coded: CodedArticle) -> str:
    types = Counter(hedge.type for hedge in coded.hedges)
    machine = [t for t in MACHINE_HEDGE_TYPES if types[t]]
    hedges = "".join(
        f'<li><mark class="fh-hedge fh-{t}">{t}</mark> {types[t]}</li>'
        for t in (*HEDGE_TYPES, *machine)
    )
    counts = _legend_counts(coded.attributions)
    parts = "".join(f"<li>{sample} {count}</li>" for sample, count in counts)
    return (
        '<div class="fh-legend">'
        f"<div><b>Hedges</b><ul>{hedges}</ul></div>"
        f"<div><b>Attributions</b><ul>{parts}</ul></div></div>"
    )


def _legend_counts(attributions: Sequence[Attribution]) -> list[tuple[str, int]]:
    statements = [a for a in attributions if a.kind == "statement"]
    media = sum(a.source_kind == "media" for a in statements)
    source = '<span class="fh-source fh-source-start fh-source-end'
    return [
        (f"{_LEGEND_STATEMENT} statements", len(statements)),
        (
            '<span class="fh-content fh-mental">mental</span>',
            len(attributions) - len(statements),
        ),
        (
            f'{source} fh-unnamed">unnamed source</span>'
            f"{draw_badge('unnamed', 'role')}",
            sum(map(is_unnamed, statements)),
        ),
        (
            '<span class="fh-reason">its anonymity</span>'
            f"{draw_badge('reason', 'why')}",
            sum(a.reason_type is not None for a in statements),
        ),
        (
            '<span class="fh-via fh-via-start fh-via-end">outlet</span>'
            f"{draw_badge('relay', 'relay')}",
            sum(map(has_relay, statements)),
        ),
        (f'{source} fh-media">outlet as source</span>', media),
    ]


_LEGEND_STATEMENT = (
    '<i class="fh-sign fh-open" data-s="1["></i><span class="fh-content">content</span>'
    '<i class="fh-sign fh-close" data-s="]1"></i> '
    '<span class="fh-source fh-source-start fh-source-end">source</span>'
    '<i class="fh-sign fh-number" data-s="1"></i> '
    '<span class="fh-cue">cue</span><i class="fh-sign fh-number" data-s="1"></i>'
)


def _sources(text: str, coded: CodedArticle) -> str:
    groups: dict[str, list[tuple[int, Attribution]]] = {}
    for number, a in enumerate(coded.attributions, 1):
        words = a.source.of(text) if a.source else "no source expressed"
        groups.setdefault(a.source_name or words, []).append((number, a))
    rows = "".join(_source_row(name, group) for name, group in groups.items())
    return (
        '<table class="fh-table"><caption>Sources</caption><thead><tr><th>source</th>'
        "<th>kind</th><th>naming</th><th>relay</th><th>attributions</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _source_row(name: str, group: Sequence[tuple[int, Attribution]]) -> str:
    attributions = [a for _, a in group]
    naming = dict.fromkeys(
        f"{a.naming}, {a.role}" if a.role else a.naming for a in attributions
    )
    naming |= dict.fromkeys(reason_words(a) for a in attributions if a.reason_type)
    relays = dict.fromkeys(a.via_name or "yes" for a in attributions if has_relay(a))
    numbers = " ".join(
        f'<span data-a="{n}" title="{as_html(describe_attribution(a))}">{n}'
        f"{' (mental)' if a.kind == 'mental' else ''}</span>"
        for n, a in group
    )
    look = f"fh-source fh-source-start fh-source-end {look_of_source(attributions)}"
    is_expressed = any(a.source or a.source_name for a in attributions)
    cells = (
        f'<span class="{look if is_expressed else ""}">{as_html(name)}</span>',
        as_html(", ".join(dict.fromkeys(a.source_kind for a in attributions))),
        as_html("; ".join(naming)),
        as_html(", ".join(relays)),
        numbers,
    )
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _measures(scores: pd.DataFrame) -> str:
    rows = "".join(_measure_row(MEASURES[name], scores) for name in _SHOWN)
    return (
        '<table class="fh-table fh-measures"><caption>Measures</caption><thead><tr>'
        "<th>measure</th><th>value</th><th>counts</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _measure_row(measure: Measure, scores: pd.DataFrame) -> str:
    parts = [float(part[0]) for part in measure_parts(scores, measure.name)]
    is_mean = measure.denominator == "n_articles"  # of one article: a plain count
    columns = (
        [measure.numerator] if is_mean else [measure.numerator, measure.denominator]
    )
    counts = " / ".join(
        f"{'?' if math.isnan(n) else int(n)} {column[2:].replace('_', ' ')}"
        for n, column in zip(parts, columns, strict=False)
    )
    value = float(scores[measure.name].iloc[0])
    shown = f"{value:.0%}" if measure.per == 1 and not is_mean else f"{value:.3g}"
    cells = (
        f'<td title="{as_html(measure.definition)}">{as_html(measure.label)}</td>'
        f"<td>{'undefined' if math.isnan(value) else shown}</td><td>{counts}</td>"
    )
    return f"<tr>{cells}</tr>"
