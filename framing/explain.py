"""Why each code of a source was given, in one line each.

The classification runs once more on the spans as they were coded, and its rules tell
what decided (`grounds`), so a reason cannot differ from the decision. Codes of a
person, or of another version of the program, stand beside what this one would say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from framing.annotate import CODERS
from framing.annotations import Annotations, Attribution, CodedArticle, check_offsets
from framing.clean import find_boilerplate
from framing.grounds import Because
from framing.people import HEADLINE
from framing.reasons import is_unnamed, trace_reasons
from framing.sources import Traced, trace_sources
from framing.text import Segments, Span, find_segments


@dataclass(frozen=True, slots=True)
class Reason:
    """One code with its value and what decided it; `value` is None where none is."""

    code: str
    value: str | None
    because: str

    def __str__(self) -> str:
        return f"{self.code}: {self.value or 'none'}, because {self.because}"


@dataclass(frozen=True, repr=False)
class Explanation:
    """The reasons of one attribution: shows itself as one line a code."""

    reasons: tuple[Reason, ...]

    def __iter__(self) -> Iterator[Reason]:
        return iter(self.reasons)

    def __getitem__(self, code: str) -> Reason:
        for reason in self.reasons:
            if reason.code == code:
                return reason
        raise KeyError(code)

    def __repr__(self) -> str:
        return "\n".join(map(str, self.reasons))

    @property
    def short(self) -> str:
        """The same with codes of one reason in one line."""
        codes: dict[str, list[str]] = {}
        for reason in self.reasons:
            code = f"{reason.code}: {reason.value or 'none'}"
            codes.setdefault(reason.because, []).append(code)
        lines = (f"{'; '.join(c)}, because {why}" for why, c in codes.items())
        return "\n".join(lines)

    @property
    def table(self) -> pd.DataFrame:
        """One row a code: code, value, because."""
        rows = [(r.code, r.value, r.because) for r in self.reasons]
        return pd.DataFrame(rows, columns=["code", "value", "because"], dtype="str")


def explain(
    annotations: Annotations,
    article_id: str,
    attribution_id: int,
    *,
    articles: pd.DataFrame | None = None,
    coder: str | None = None,
) -> Explanation:
    """The rule or antecedent that decided each code of one attribution.

    `attribution_id` is that of `annotations.attributions`. A reason is told in the
    words of the article, so `articles` must hold its text, and its `outlet` where
    that was known when it was coded. `coder` chooses where several coded the article.
    ValueError where the attribution or the text is not there.

    >>> from framing.annotate import annotate_articles
    >>> text = "Ana Ruiz left on Monday. It rained. She said the port may close."
    >>> articles = pd.DataFrame({"article_id": ["a"], "text": [text]})
    >>> annotations = annotate_articles(articles)
    >>> why = explain(annotations, "a", 0, articles=articles)
    >>> print(why["naming"])
    naming: named, because 'She' refers to 'Ana Ruiz', 2 sentences before (the last ...
    >>> [reason.code for reason in why]
    ['source_kind', 'naming', 'role', 'source_name', 'via', 'anonymity_reason']
    """
    coded = _coded(annotations, article_id, coder)
    if not 0 <= attribution_id < len(coded.attributions):
        raise ValueError(
            f"attribution {attribution_id} of article {article_id!r}: "
            f"allowed: 0 to {len(coded.attributions) - 1}"
        )
    row = _row(articles, article_id)
    assert articles is not None
    check_offsets(Annotations((coded,)), articles)
    return explain_article(coded, row)[attribution_id]


def _coded(
    annotations: Annotations, article_id: str, coder: str | None
) -> CodedArticle:
    for coded in annotations:
        if coded.article_id == article_id and coder in (None, coded.coder):
            return coded
    by = f" by {coder!r}" if coder else ""
    raise ValueError(f"article {article_id!r}{by} is not in the annotations")


def _row(articles: pd.DataFrame | None, article_id: str) -> dict[str, Any]:
    if articles is None or "text" not in articles:
        raise ValueError("a reason is told in the article's words: articles= with text")
    rows = articles[articles["article_id"] == article_id].to_dict("records")
    if not rows or not isinstance(rows[0]["text"], str):
        raise ValueError(f"article {article_id!r} has no text in `articles`")
    return {str(name): value for name, value in rows[0].items()}


def explain_article(
    coded: CodedArticle, row: dict[str, Any]
) -> tuple[Explanation, ...]:
    """The explanations of all attributions of an article; `row` holds its text."""
    outlet, title = _told(row, "outlet"), _told(row, "title")
    spans = coded.boilerplate or _boilerplate(row, outlet)
    segments = find_segments(row["text"], boilerplate=spans)
    bare = [
        Attribution(a.cue, a.source, a.content, a.kind, a.form)
        for a in coded.attributions
    ]
    traced = trace_sources(segments, bare, outlet=outlet, title=title)
    explained = trace_reasons(segments, [t.attribution for t in traced])
    said = _Said(segments, tuple(a for a, _ in explained), coded)
    return tuple(
        said.explanation(i, t, reason)
        for i, (t, (_, reason)) in enumerate(zip(traced, explained, strict=True))
    )


def _told(row: dict[str, Any], column: str) -> str | None:
    value = row.get(column)
    return value if isinstance(value, str) and value else None


def _boilerplate(row: dict[str, Any], outlet: str | None) -> Sequence[Span]:
    spans: Any = row.get("boilerplate")
    if hasattr(spans, "__len__") and not isinstance(spans, str):
        return [Span(*pair) for pair in spans]
    return find_boilerplate(row["text"], outlet=outlet)


# --- reasons in words -----------------------------------------------------------

_NO_RELAY = Because("no other outlet stands beside the cue, in or around the source")
_OUTLET_ITSELF = Because("{source} is an outlet itself")
_NO_CLAUSE = Because("no clause tells why {source} is not named")
_NO_NEED = Because("only unnamed people have one")


@dataclass(frozen=True)
class _Said:
    """An article as this program codes it and as it was coded."""

    segments: Segments
    attributions: tuple[Attribution, ...]
    coded: CodedArticle

    def explanation(
        self, i: int, traced: Traced, reason: Because | None
    ) -> Explanation:
        """The reasons of attribution `i`, one a code."""
        why, found = traced.why, self.attributions[i]
        no_clause = _NO_CLAUSE if is_unnamed(found) else _NO_NEED
        no_relay = _OUTLET_ITSELF if found.source_kind == "media" else _NO_RELAY
        reasons = {
            "source_kind": self._words(i, why.kind),
            "naming": self._words(i, why.naming),
            "role": self._words(i, why.role),
            "source_name": self._same_source(i, why.name) + self._words(i, why.name),
            "via": self._words(i, traced.via or no_relay),
            "anonymity_reason": self._words(i, reason or no_clause),
        }
        return Explanation(
            tuple(self._reason(i, code, because) for code, because in reasons.items())
        )

    def _reason(self, i: int, code: str, because: str) -> Reason:
        """The reason beside the code as it stands, whoever gave it."""
        stored = _value(self.coded.attributions[i], code)
        ours = _value(self.attributions[i], code)
        coder = self.coded.coder
        if coder in CODERS and _is_same(stored, ours):
            return Reason(code, stored, because)
        if coder in CODERS:
            who = f"another version of {coder} said so; this one"
        else:
            who = f"coded by {coder or 'a person'}; the program"
        says = "agrees" if _is_same(stored, ours) else f"would say {ours or 'none'}"
        return Reason(code, stored, f"{who} {says}, because {because}")

    def _same_source(self, i: int, why: Because) -> str:
        """The last attribution before `i` to the same source, where none is told."""
        one = self.attributions[i]
        before = [
            a
            for a in self.attributions
            if a.source_name == one.source_name and a.source and _at(a) < _at(one)
        ]
        if one.source_name is None or not before or why.is_reference:
            return ""
        last = max(before, key=_at)
        return (
            f"same source as {self._quoted(last.source)}, {self._far(i, _at(last))}; "
        )

    def _words(self, i: int, because: Because) -> str:
        """A reason in words: what it rests on, and how many sentences off."""
        root = because
        while root.earlier is not None:
            root = root.earlier
        line = self._filled(i, because.rule, root)
        if root is because or because.first == root.first:
            return line
        return line + self._filled(
            i, ", through {words}, {far}", because._replace(name="")
        )

    def _filled(self, i: int, rule: str, because: Because) -> str:
        if because.first == HEADLINE:
            rule = rule.replace("{far}", "in the headline")
        elif because.first < 0:
            rule = rule.replace(", {far}", "")
        tokens = self.segments.tokens
        words, far = because.name, ""
        if because.first >= 0:
            start = tokens.starts[because.first]
            place = Span(start, tokens.ends[max(because.last - 1, because.first)])
            words, far = words or place.of(self.segments.text), self._far(i, start)
        filled = {
            "source": self._quoted(self.attributions[i].source),
            "words": _quote(words),
            "far": far,
            "row": _quote(because.row.cue) if because.row else "",
        }
        return re.sub(r"\{(\w+)\}", lambda slot: filled[slot[1]], rule)

    def _quoted(self, span: Span | None) -> str:
        return _quote(span.of(self.segments.text)) if span else "the source"

    def _far(self, i: int, position: int) -> str:
        """How many sentences from attribution `i` a position of the text is."""
        here = self.segments.sentence_at(_at(self.attributions[i]))
        distance = self.segments.sentence_at(position) - here
        if distance == 0:
            return "in the same sentence"
        plural = "s" if abs(distance) > 1 else ""
        side = "before" if distance < 0 else "after"
        return f"{abs(distance)} sentence{plural} {side}"


def _at(attribution: Attribution) -> int:
    return (attribution.source or attribution.cue).start


def _value(attribution: Attribution, code: str) -> str | None:
    if code == "via":
        return attribution.via_name
    if code == "anonymity_reason":
        return attribution.reason_type
    value: str | None = getattr(attribution, code)
    return value


_TABLE_WORDS = 8  # shipped tables keep so many words of a name


def _is_same(stored: str | None, ours: str | None) -> bool:
    if stored is None or ours is None:
        return stored is ours
    return stored in (ours, " ".join(ours.split()[:_TABLE_WORDS]))


_LONGEST = 60  # characters of the article in one line


def _quote(words: str) -> str:
    words = " ".join(words.split())
    if len(words) > _LONGEST:
        end = max(words.rfind(border, 0, _LONGEST) for border in " |")
        words = f"{words[: end if end > 0 else _LONGEST]} …"
    return f"'{words}'"
