"""The codes of an article as marks in its text.

Codes cross, elements cannot: a text is cut wherever a code begins or ends, and each
piece carries the classes of all codes that it is in. Numbers, brackets and badges are
drawn by the style sheet, so the words of the page are the words of the article.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from framing.annotations import HEDGE_TYPES, Attribution, CodedArticle, Hedge
from framing.explain import Explanation
from framing.page import as_html, draw_badge
from framing.reasons import is_unnamed
from framing.text import Span, find_paragraphs
from framing.validate import has_relay


class _Mark(NamedTuple):
    """One code on the page: where it stands, how it looks, what is told about it.

    `opens` and `closes` say whether the code's own first and last words are in it:
    a code that runs over paragraphs is cut into several marks.
    """

    start: int
    end: int
    part: str
    told: str
    number: int | None = None
    look: str = ""
    badges: tuple[tuple[str, str], ...] = ()
    opens: bool = True
    closes: bool = True
    stops: bool = False
    """Whether the Tab key stops here: once an attribution, once a hedge."""


def mark_text(
    text: str, coded: CodedArticle, explanations: Sequence[Explanation]
) -> str:
    """The text as paragraphs of HTML with every code marked.

    `explanations` are those of the attributions, in their order.

    >>> coded = CodedArticle("", "x", (Hedge(3, 6, "may", "modal"),))
    >>> mark_text("It may rain.", coded, ())[:32]
    '<p dir="auto">It <mark class="fh'
    """
    paragraphs = find_paragraphs(text)
    marks_of = _marks_by_paragraph(_marks(coded, explanations), paragraphs)
    html, position = [], 0
    for paragraph, marks in zip(paragraphs, marks_of, strict=True):
        html.append(as_html(text[position : paragraph.start]))
        html.append(f'<p dir="auto">{_paragraph(text, paragraph, marks)}</p>')
        position = paragraph.end
    return "".join([*html, as_html(text[position:])])


def _marks(coded: CodedArticle, explanations: Sequence[Explanation]) -> Iterator[_Mark]:
    for span in coded.boilerplate:
        yield _Mark(*span, "boilerplate", "boilerplate: not coded, not counted")
    attributions = zip(coded.attributions, explanations, strict=True)
    for number, (attribution, why) in enumerate(attributions, 1):
        yield from _attribution_marks(number, attribution, why)
    for hedge in coded.hedges:
        yield _hedge_mark(hedge)


def _hedge_mark(hedge: Hedge) -> _Mark:
    voice = f", voice: {hedge.voice}" if hedge.voice else ""
    counted = "" if hedge.type in HEDGE_TYPES else " (not in the density)"
    told = f"hedge: {hedge.type}{voice}{counted}"
    look = f"fh-{hedge.type}"
    return _Mark(hedge.start, hedge.end, "hedge", told, None, look, stops=True)


def _attribution_marks(
    number: int, a: Attribution, why: Explanation
) -> Iterator[_Mark]:
    label = f"{number}: {describe_attribution(a)}"
    mental = "fh-mental" if a.kind == "mental" else ""
    for i, span in enumerate(a.content):
        ends = (i == 0, i == len(a.content) - 1)
        yield _Mark(*span, "content", label, number, mental, (), *ends)
    badges = tuple(_badges_of(a))
    reasons = f"{number}: {a.kind}, {a.form}\n{why.short}"
    if a.source:
        look = look_of_source([a])
        yield _Mark(*a.source, "source", reasons, number, look, badges, stops=True)
    if a.via:
        told, badge = f"{number}: {why['via']}", ("relay", "relay")
        yield _Mark(*a.via, "via", told, number, "", (badge,))
    if a.anonymity_reason and a.reason_type:
        told, badge = (
            f"{number}: {why['anonymity_reason']}",
            ("reason", reason_words(a)),
        )
        yield _Mark(*a.anonymity_reason, "reason", told, number, "", (badge,))
    # Where no source is expressed the cue carries what the reader must not miss.
    if a.source:
        yield _Mark(*a.cue, "cue", label, number)
    else:
        yield _Mark(*a.cue, "cue", reasons, number, "", badges, stops=True)


def _badges_of(a: Attribution) -> Iterator[tuple[str, str]]:
    if a.kind == "statement" and is_unnamed(a):
        yield "unnamed", a.role or "unnamed"
    if a.via_name and not a.via:
        yield "relay", f"via {a.via_name}"


def look_of_source(attributions: Sequence[Attribution]) -> str:
    """The class of a source by the attributions to it: unnamed, an outlet, or none."""
    if any(a.kind == "statement" and is_unnamed(a) for a in attributions):
        return "fh-unnamed"
    return "fh-media" if any(a.source_kind == "media" for a in attributions) else ""


def describe_attribution(a: Attribution) -> str:
    """The codes of an attribution in one line, without their reasons."""
    role = f", {a.role}" if a.role else ""
    name = f" ({a.source_name})" if a.source_name else ""
    relay = f"; relay: {a.via_name or 'yes'}" if has_relay(a) else ""
    reason = f"; anonymity, {reason_words(a)}" if a.reason_type else ""
    source = f"source: {a.source_kind}, {a.naming}{role}{name}"
    return f"{a.kind}, {a.form}; {source}{reason}{relay}"


def reason_words(a: Attribution) -> str:
    """The stated reason of anonymity as a badge says it, "" where there is none."""
    if a.reason_type == "none_given":
        return "no reason given"
    return f"why: {a.reason_type.replace('_', ' ')}" if a.reason_type else ""


# --- the text, cut where codes begin and end --------------------------------------


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
    waiting = sorted(marks, key=lambda m: m.start)[::-1]
    active: list[_Mark] = []
    html = []
    for start, end in itertools.pairwise(cuts):
        while waiting and waiting[-1].start == start:
            active.append(waiting.pop())
        html.append(_piece(text, Span(start, end), active))
        active = [m for m in active if m.end > end]
    return "".join(html)


def _piece(text: str, span: Span, active: Sequence[_Mark]) -> str:
    words = as_html(span.of(text))
    if not active:
        return words
    starting = [m for m in active if m.start == span.start and m.opens]
    ending = [m for m in active if m.end == span.end and m.closes]
    classes = [f"fh-{m.part}" for m in active] + [m.look for m in active if m.look]
    classes += [f"fh-{m.part}-start" for m in starting]
    classes += [f"fh-{m.part}-end" for m in ending]
    tag = "mark" if any(m.part == "hedge" for m in active) else "span"
    told = as_html("\n".join(dict.fromkeys(m.told for m in active)))
    stop = ' tabindex="0"' if any(m.stops for m in starting) else ""
    return (
        f"{_opening_sign(starting)}"
        f'<{tag} class="{" ".join(dict.fromkeys(classes))}"{_tie(active)}'
        f'{stop} aria-description="{told}">{words}</{tag}>'
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
            *(draw_badge(kind, shown) for kind, shown in badges),
            _sign("close", content, "]{}"),
        ]
    )


def _sign(kind: str, marks: Sequence[_Mark], shape: str) -> str:
    if not marks:
        return ""
    numbers = ",".join(map(str, _numbers(marks)))
    shown = shape.format(numbers)
    return f'<i class="fh-sign fh-{kind}" data-s="{shown}"{_tie(marks)}></i>'


def _tie(marks: Iterable[_Mark]) -> str:
    numbers = " ".join(map(str, _numbers(marks)))
    return f' data-a="{numbers}"' if numbers else ""


def _numbers(marks: Iterable[_Mark]) -> list[int]:
    return sorted({m.number for m in marks if m.number is not None})
