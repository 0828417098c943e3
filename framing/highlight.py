"""One article with its codes as HTML, for a notebook and for a file.

Two channels that do not mix: colour and underline style tell the type of a hedge;
ink, boxes and numbers tie cue, source and content of an attribution together. The
page needs no network and no script, follows a dark theme, and keeps every distinction
when printed in grey. Numbers, brackets and badges are drawn by the style sheet, so
the words of the page are the words of the article, to the character.
"""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from framing.annotate import annotate_text
from framing.annotations import (
    HEDGE_TYPES,
    MACHINE_HEDGE_TYPES,
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
    check_offsets,
)
from framing.reasons import is_unnamed
from framing.score import MEASURES, Measure, measure_parts, score_articles
from framing.text import Span, find_paragraphs
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
        page = _PAGE.format(title=_escape(self.title), fragment=self.fragment)
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

    Codes are found by the lexicon coder where none are given; of `Annotations` the
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
    body = "\n".join(
        [
            _header(row, codes),
            _legend(codes),
            f'<div class="fh-text" role="article">{_text(row["text"], codes)}</div>',
            _sources(row["text"], codes),
            _measures(score_articles(shown, Annotations((codes,)))),
        ]
    )
    scope = f"fh-{hashlib.sha256(body.encode()).hexdigest()[:8]}"
    style = _STYLE + _hover_rules(scope, len(codes.attributions))
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


# --- codes as marks on the page ---------------------------------------------------


class _Mark(NamedTuple):
    """One code on the page: where it stands, how it looks, what its hover text says.

    `opens` and `closes` say whether the code's own first and last words are in it:
    a code that runs over paragraphs is cut into several marks.
    """

    start: int
    end: int
    part: str
    label: str
    number: int | None = None
    look: str = ""
    badges: tuple[tuple[str, str], ...] = ()
    opens: bool = True
    closes: bool = True


def _marks(coded: CodedArticle) -> Iterator[_Mark]:
    for span in coded.boilerplate:
        yield _Mark(*span, "boilerplate", "boilerplate: not coded, not counted")
    for number, attribution in enumerate(coded.attributions, 1):
        yield from _attribution_marks(number, attribution)
    for hedge in coded.hedges:
        yield _hedge_mark(hedge)


def _hedge_mark(hedge: Hedge) -> _Mark:
    voice = f", voice: {hedge.voice}" if hedge.voice else ""
    counted = "" if hedge.type in HEDGE_TYPES else " (not in the density)"
    label = f"hedge: {hedge.type}{voice}{counted}"
    return _Mark(hedge.start, hedge.end, "hedge", label, None, f"fh-{hedge.type}")


def _attribution_marks(number: int, a: Attribution) -> Iterator[_Mark]:
    label = f"{number}: {_describe(a)}"
    mental = "fh-mental" if a.kind == "mental" else ""
    for i, span in enumerate(a.content):
        ends = (i == 0, i == len(a.content) - 1)
        yield _Mark(*span, "content", label, number, mental, (), *ends)
    badges: list[tuple[str, str]] = []
    unnamed = a.kind == "statement" and is_unnamed(a)
    if unnamed:
        badges.append(("unnamed", a.role or "unnamed"))
    if a.via_name and not a.via:
        badges.append(("relay", f"via {a.via_name}"))
    if a.source:
        look = _source_look([a])
        yield _Mark(*a.source, "source", label, number, look, tuple(badges))
    if a.via:
        yield _Mark(*a.via, "via", label, number, "", (("relay", "relay"),))
    if a.anonymity_reason and a.reason_type:
        badge = ("reason", _reason_words(a.reason_type))
        yield _Mark(*a.anonymity_reason, "reason", label, number, "", (badge,))
    # Where no source is expressed the cue carries what the reader must not miss.
    yield _Mark(*a.cue, "cue", label, number, "", () if a.source else tuple(badges))


def _source_look(attributions: Sequence[Attribution]) -> str:
    if any(a.kind == "statement" and is_unnamed(a) for a in attributions):
        return "fh-unnamed"
    return "fh-media" if any(a.source_kind == "media" for a in attributions) else ""


def _describe(a: Attribution) -> str:
    role = f", {a.role}" if a.role else ""
    name = f" ({a.source_name})" if a.source_name else ""
    relay = f"; relay: {a.via_name or 'yes'}" if has_relay(a) else ""
    reason = f"; anonymity, {_reason_words(a.reason_type)}" if a.reason_type else ""
    source = f"source: {a.source_kind}, {a.naming}{role}{name}"
    return f"{a.kind}, {a.form}; {source}{reason}{relay}"


def _reason_words(reason_type: str) -> str:
    if reason_type == "none_given":
        return "no reason given"
    return f"why: {reason_type.replace('_', ' ')}"


# --- the text, cut where codes begin and end --------------------------------------


def _text(text: str, coded: CodedArticle) -> str:
    paragraphs = find_paragraphs(text)
    marks_of = _marks_by_paragraph(_marks(coded), paragraphs)
    html, position = [], 0
    for paragraph, marks in zip(paragraphs, marks_of, strict=True):
        html.append(_escape(text[position : paragraph.start]))
        html.append(f'<p dir="auto">{_paragraph(text, paragraph, marks)}</p>')
        position = paragraph.end
    return "".join([*html, _escape(text[position:])])


def _marks_by_paragraph(
    marks: Iterable[_Mark], paragraphs: Sequence[Span]
) -> list[list[_Mark]]:
    starts, ends = [p.start for p in paragraphs], [p.end for p in paragraphs]
    marks_of: list[list[_Mark]] = [[] for _ in paragraphs]
    for mark in marks:
        first, last = bisect_right(ends, mark.start), bisect_left(starts, mark.end) - 1
        for i in range(first, last + 1):
            inside = mark._replace(
                start=max(mark.start, starts[i]),
                end=min(mark.end, ends[i]),
                opens=mark.opens and i == first,
                closes=mark.closes and i == last,
            )
            marks_of[i].append(inside)
    return marks_of


def _paragraph(text: str, paragraph: Span, marks: Sequence[_Mark]) -> str:
    # Codes cross ("[CNN [said] officials] say ..."), elements cannot: the paragraph is
    # cut wherever a code begins or ends.
    borders = {border for m in marks for border in (m.start, m.end)}
    cuts = sorted(borders | {paragraph.start, paragraph.end})
    waiting = sorted(marks, key=lambda m: m.start, reverse=True)
    active: list[_Mark] = []
    html = []
    for start, end in itertools.pairwise(cuts):
        while waiting and waiting[-1].start == start:
            active.append(waiting.pop())
        html.append(_piece(text, Span(start, end), active))
        active = [m for m in active if m.end > end]
    return "".join(html)


def _piece(text: str, span: Span, active: Sequence[_Mark]) -> str:
    words = _escape(span.of(text))
    if not active:
        return words
    starting = [m for m in active if m.start == span.start and m.opens]
    ending = [m for m in active if m.end == span.end and m.closes]
    classes = [f"fh-{m.part}" for m in active] + [m.look for m in active if m.look]
    classes += [f"fh-{m.part}-start" for m in starting]
    classes += [f"fh-{m.part}-end" for m in ending]
    tag = "mark" if any(m.part == "hedge" for m in active) else "span"
    title = _escape("\n".join(dict.fromkeys(m.label for m in active)))
    return (
        f"{_opening_sign(starting)}"
        f'<{tag} class="{" ".join(dict.fromkeys(classes))}"{_tie(active)}'
        f' title="{title}">{words}</{tag}>'
        f"{_closing_signs(ending)}"
    )


def _opening_sign(starting: Sequence[_Mark]) -> str:
    return _sign("open", [m for m in starting if m.part == "content"], "{}[")


_NUMBERED = ("source", "cue", "via", "reason")


def _closing_signs(ending: Sequence[_Mark]) -> str:
    """Number, badges, then the closing bracket: source and cue stand inside it."""
    badges = dict.fromkeys(badge for m in ending for badge in m.badges)
    named = [m for m in ending if m.part in _NUMBERED]
    content = [m for m in ending if m.part == "content"]
    return "".join(
        [
            _sign("number", named, "{}"),
            *(_badge(kind, shown) for kind, shown in badges),
            _sign("close", content, "]{}"),
        ]
    )


def _sign(kind: str, marks: Sequence[_Mark], shape: str) -> str:
    if not marks:
        return ""
    numbers = ",".join(map(str, _numbers(marks)))
    shown = shape.format(numbers)
    return f'<i class="fh-sign fh-{kind}" data-s="{shown}"{_tie(marks)}></i>'


def _badge(kind: str, shown: str) -> str:
    label = _escape(f"unnamed source: {shown}" if kind == "unnamed" else shown)
    return (
        f'<i class="fh-badge fh-badge-{kind}" role="img" aria-label="{label}"'
        f' data-s="{_escape(shown)}"></i>'
    )


def _tie(marks: Iterable[_Mark]) -> str:
    numbers = " ".join(map(str, _numbers(marks)))
    return f' data-a="{numbers}"' if numbers else ""


def _numbers(marks: Iterable[_Mark]) -> list[int]:
    return sorted({m.number for m in marks if m.number is not None})


# NUL and lone surrogates have no place in HTML; a bare CR would be read as LF.
_UNHOLDABLE = re.compile("[\0\ud800-\udfff]")


def _escape(text: str) -> str:
    return escape(_UNHOLDABLE.sub("\ufffd", text)).replace("\r", "&#13;")


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
    title = f'<h2 dir="auto">{_escape(row["title"])}</h2>' if row["title"] else ""
    about = " · ".join(_escape(fact) for fact in facts if fact)
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
            f'{source} fh-unnamed">unnamed source</span>{_badge("unnamed", "role")}',
            sum(map(is_unnamed, statements)),
        ),
        (
            f'<span class="fh-reason">its anonymity</span>{_badge("reason", "why")}',
            sum(a.reason_type is not None for a in statements),
        ),
        (
            '<span class="fh-via fh-via-start fh-via-end">outlet</span>'
            f"{_badge('relay', 'relay')}",
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
    naming |= dict.fromkeys(
        _reason_words(a.reason_type) for a in attributions if a.reason_type
    )
    relays = dict.fromkeys(a.via_name or "yes" for a in attributions if has_relay(a))
    numbers = " ".join(
        f'<span data-a="{n}" title="{_escape(_describe(a))}">{n}'
        f"{' (mental)' if a.kind == 'mental' else ''}</span>"
        for n, a in group
    )
    look = f"fh-source fh-source-start fh-source-end {_source_look(attributions)}"
    is_expressed = any(a.source or a.source_name for a in attributions)
    cells = (
        f'<span class="{look if is_expressed else ""}">{_escape(name)}</span>',
        _escape(", ".join(dict.fromkeys(a.source_kind for a in attributions))),
        _escape("; ".join(naming)),
        _escape(", ".join(relays)),
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
        f'<td title="{_escape(measure.definition)}">{_escape(measure.label)}</td>'
        f"<td>{'undefined' if math.isnan(value) else shown}</td><td>{counts}</td>"
    )
    return f"<tr>{cells}</tr>"


# --- style ------------------------------------------------------------------------


def _hover_rules(scope: str, n_attributions: int) -> str:
    """One rule: any part of an attribution under the pointer lights up the rest."""
    selectors = ",\n".join(
        f'.{scope}:has([data-a~="{n}"]:hover) .fh-text [data-a~="{n}"]'
        for n in range(1, n_attributions + 1)
    )
    return f"{selectors}{{--fh-glow:var(--fh-lit)}}\n" if selectors else ""


_LIGHT = """
--fh-paper:#fffefa;--fh-ink:#1c1c21;--fh-muted:#5d6069;--fh-rule:#d9d9d2;
--fh-thread:#8a93a3;--fh-lit:#ffe9a8;--fh-relay:#ececf2;
--fh-modal:#d3e2fb;--fh-modal-line:#1f5fb4;
--fh-epistemic:#c9efe6;--fh-epistemic-line:#00705f;
--fh-doxastic:#e5dcf8;--fh-doxastic-line:#6a3fb5;
--fh-hearsay:#fcd9ca;--fh-hearsay-line:#b13c12;
--fh-contemplated:#f9ebb0;--fh-contemplated-line:#7f5f00;
--fh-unverified:#f8d4e8;--fh-unverified-line:#a3206a;
"""
_DARK = """
--fh-paper:#17181c;--fh-ink:#ececee;--fh-muted:#a3a7b1;--fh-rule:#3a3c44;
--fh-thread:#737c8c;--fh-lit:#5a4a12;--fh-relay:#2c2e38;
--fh-modal:#1d3a66;--fh-modal-line:#8fbcff;
--fh-epistemic:#0d4a41;--fh-epistemic-line:#5fdcc4;
--fh-doxastic:#41306b;--fh-doxastic-line:#c3a9ff;
--fh-hearsay:#63270f;--fh-hearsay-line:#ff9d75;
--fh-contemplated:#4f3f06;--fh-contemplated-line:#f0cf5b;
--fh-unverified:#5e1c42;--fh-unverified-line:#ff93cb;
"""
# The same hue never stands alone: each type has an underline of its own, for grey
# print and for readers who see fewer colours.
_UNDERLINES = {
    "modal": "solid 2px",
    "epistemic": "dashed 2px",
    "doxastic": "dotted 3px",
    "hearsay": "wavy 1.5px",
    "contemplated": "double 1.5px",
    "unverified": "solid 4px",
}
_TYPE_STYLE = "\n".join(
    f".framing-highlight .fh-{name}{{background:var(--fh-{name});"
    f"text-decoration:underline {line} var(--fh-{name}-line)}}"
    for name, line in _UNDERLINES.items()
)
_STYLE = f"""
.framing-highlight{{{_LIGHT}color-scheme:light}}
@media (prefers-color-scheme:dark){{
.framing-highlight{{{_DARK}color-scheme:dark}}}}
[data-jp-theme-light="true"] .framing-highlight{{{_LIGHT}color-scheme:light}}
[data-jp-theme-light="false"] .framing-highlight{{{_DARK}color-scheme:dark}}
.framing-highlight{{max-width:47rem;margin:0 auto;padding:1.25rem 1.5rem;
background:var(--fh-paper);color:var(--fh-ink);border:1px solid var(--fh-rule);
border-radius:6px;font:15px/1.45 system-ui,-apple-system,"Segoe UI",sans-serif}}
.framing-highlight *{{box-sizing:border-box}}
.framing-highlight h2{{margin:0 0 .2rem;font:700 1.45rem/1.25 Georgia,serif;
color:inherit}}
.framing-highlight .fh-about{{margin:0 0 .9rem;color:var(--fh-muted);font-size:.87rem}}
.framing-highlight .fh-legend{{display:grid;gap:.35rem;margin:0 0 1.1rem;
padding:.6rem 0;border-block:1px solid var(--fh-rule);font-size:.87rem}}
.framing-highlight .fh-legend>div{{display:flex;gap:.9rem;align-items:baseline}}
.framing-highlight .fh-legend b{{flex:0 0 5.6rem;font-weight:600}}
.framing-highlight .fh-legend ul{{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;
margin:0;padding:0;list-style:none}}
.framing-highlight .fh-legend li{{margin:0;font-variant-numeric:tabular-nums}}
.framing-highlight .fh-text{{font:1.08rem/1.95 Georgia,"Times New Roman",serif;
overflow-wrap:anywhere}}
.framing-highlight .fh-text p{{margin:0 0 .75em}}
.framing-highlight mark{{color:inherit;background:none}}
.framing-highlight .fh-hedge{{padding:.08em 0;border-radius:2px;
text-underline-offset:.2em;text-decoration-skip-ink:none}}
{_TYPE_STYLE}
.framing-highlight .fh-conditional,.framing-highlight .fh-approximator{{
text-decoration:underline dotted 1px var(--fh-muted)}}
.framing-highlight .fh-content{{border-bottom:1px solid var(--fh-thread)}}
.framing-highlight span.fh-content,.framing-highlight span.fh-cue,
.framing-highlight span.fh-source{{background:var(--fh-glow,none)}}
.framing-highlight .fh-content.fh-mental{{border-bottom-style:dashed}}
.framing-highlight .fh-cue{{font-style:italic}}
.framing-highlight .fh-source,.framing-highlight .fh-via{{
border-block:1px solid var(--fh-ink);padding-block:.08em;font-weight:600}}
.framing-highlight .fh-via{{border-block-style:dashed;font-weight:400}}
.framing-highlight span.fh-via,.framing-highlight span.fh-media{{
background:var(--fh-glow,var(--fh-relay))}}
.framing-highlight .fh-source-start{{border-inline-start:1px solid var(--fh-ink);
border-start-start-radius:3px;border-end-start-radius:3px;padding-inline-start:.18em}}
.framing-highlight .fh-source-end{{border-inline-end:1px solid var(--fh-ink);
border-start-end-radius:3px;border-end-end-radius:3px;padding-inline-end:.18em}}
.framing-highlight .fh-via-start{{border-inline-start:1px dashed var(--fh-ink);
padding-inline-start:.18em}}
.framing-highlight .fh-via-end{{border-inline-end:1px dashed var(--fh-ink);
padding-inline-end:.18em}}
.framing-highlight .fh-media{{border-style:dashed}}
.framing-highlight .fh-reason{{border-top:1px dotted var(--fh-ink)}}
.framing-highlight span.fh-reason{{background:var(--fh-glow,none)}}
.framing-highlight .fh-source.fh-unnamed{{background:var(--fh-ink);
color:var(--fh-paper);box-shadow:0 0 0 3px var(--fh-glow,transparent)}}
.framing-highlight .fh-boilerplate{{color:var(--fh-muted);font-size:.85em;
text-decoration:none}}
.framing-highlight .fh-sign,.framing-highlight .fh-badge{{font:600 .62em/1
system-ui,-apple-system,"Segoe UI",sans-serif;unicode-bidi:isolate;
user-select:none;white-space:nowrap}}
.framing-highlight .fh-sign{{vertical-align:.55em;color:var(--fh-muted);
margin-inline:.1em}}
.framing-highlight .fh-open,.framing-highlight .fh-close{{font-weight:400}}
.framing-highlight .fh-number{{color:var(--fh-ink)}}
.framing-highlight .fh-sign::after,.framing-highlight .fh-badge::after{{
content:attr(data-s)}}
.framing-highlight .fh-badge{{vertical-align:.14em;margin-inline:.2em .1em;
padding:.16em .42em;border:1px solid var(--fh-ink);border-radius:1em;
letter-spacing:.02em}}
.framing-highlight .fh-badge-unnamed{{background:var(--fh-ink);color:var(--fh-paper)}}
.framing-highlight .fh-badge-reason{{border-style:dotted;border-radius:0}}
.framing-highlight .fh-badge-relay{{background:var(--fh-relay);color:var(--fh-ink);
border-style:dashed}}
.framing-highlight .fh-table{{width:100%;margin:1.2rem 0 0;border-collapse:collapse;
table-layout:auto;font-size:.87rem;color:inherit;border:0}}
.framing-highlight .fh-table tbody tr:nth-child(n){{background:none}}
.framing-highlight .fh-table caption{{caption-side:top;text-align:start;
font-weight:600;padding:0 0 .25rem;color:inherit}}
.framing-highlight .fh-table th,.framing-highlight .fh-table td{{text-align:start;
vertical-align:top;padding:.28rem .7rem .28rem 0;white-space:normal;background:none;
border:0;border-top:1px solid var(--fh-rule);font-variant-numeric:tabular-nums;
max-width:none}}
.framing-highlight .fh-table thead th{{font-weight:400;color:var(--fh-muted)}}
.framing-highlight .fh-table [data-a]{{margin-inline-end:.35em;cursor:help;
white-space:nowrap}}
.framing-highlight .fh-measures td+td{{white-space:nowrap}}
.framing-highlight .fh-table [data-a]:hover{{background:var(--fh-lit)}}
@media (max-width:32rem){{.framing-highlight{{padding:.8rem}}
.framing-highlight .fh-legend>div{{flex-direction:column;gap:.2rem}}
.framing-highlight .fh-legend b{{flex-basis:auto}}}}
@media print{{.framing-highlight,
[data-jp-theme-light] .framing-highlight{{{_LIGHT}--fh-paper:#fff;
max-width:none;padding:0;border:0;
print-color-adjust:exact;-webkit-print-color-adjust:exact}}
.framing-highlight .fh-table tr,.framing-highlight .fh-legend{{break-inside:avoid}}}}
"""
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
html{{background:#f1f0eb}}
body{{margin:0;padding:1.5rem 1rem}}
@media (prefers-color-scheme:dark){{html{{background:#0e0f12}}}}
@media print{{html{{background:none}}body{{padding:0}}}}
</style>
</head>
<body>
{fragment}
</body>
</html>
"""
