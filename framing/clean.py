"""What is no part of an article: boilerplate; and which articles are one story.

Nothing is cut: boilerplate is marked as spans over the untouched text. The rules are
rows of `lexicons/boilerplate.csv` with the columns of every lexicon; there

    cue      a regular expression. It is tried where a line or a sentence begins and at
             an opening bracket. `^` and `$` are the ends of a line, `\\A` the start of
             the text, `\\Z` the end of the article (what follows is boilerplate)
    type     `any`, or outlets by name, `|` between them
    scope    both: the whole line is boilerplate; forward: from the cue to the end of
             the line; empty: the words that the cue matches
    role     pseudo: where it matches, no cue does
    example, counterexample   whole texts; `\\n` is a line break

A cue may hold `{name}` (a person's), `{agency}`, `{lens}` (who gives out pictures),
`{month}`, `{words}` (inside one sentence) and `{end}` (of a sentence or line). Cues
see straight quotation marks for curly ones and a plain space for every other kind.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from typing import Any

import pandas as pd

from framing.agencies import (
    LINE,
    MONTHS,
    agencies,
    alternatives,
    find_agency,
    find_dateline,
    is_agency,
    outlet_key,
    shadow_of,
    written_forms,
)
from framing.errors import LexiconError
from framing.lexicon import FOLDER, Entry, read_entries
from framing.minhash import find_candidates
from framing.text import Span, merge_spans

__all__ = ["find_agency", "find_boilerplate", "find_dateline", "find_wire_copies"]
BOILERPLATE = FOLDER / "boilerplate.csv"


def find_boilerplate(text: str, *, outlet: str | None = None) -> list[Span]:
    """Spans of `text` that are no part of the article (CODEBOOK, opening paragraph).

    Menus, sign-up lines, credits, agency tags, links, biographies and the like, by
    the rules of `boilerplate.csv` and those for `outlet`; also each long line that
    repeats an earlier one word for word. Captions and datelines are article text.

    >>> text = "Talks may resume.\\nADVERTISEMENT\\nNobody knows when. (ANI)"
    >>> [text[start:end] for start, end in find_boilerplate(text)]
    ['ADVERTISEMENT', '(ANI)']
    """
    shadow = shadow_of(text)
    rules = [_rules_of(type_) for type_ in _types_of(outlet)]
    lines = [Span(*match.span()) for match in LINE.finditer(shadow)]
    spans = [*_repeated_lines(shadow, lines), *_signatures(shadow)]
    article_ended = False
    for line in reversed(lines):
        limit = len(shadow) if article_ended else line.end
        found = list(_in_line(shadow, line, limit, rules))
        spans.extend(found)
        article_ended = article_ended or not _covers(shadow, line, found)
    return _joined(text, spans)


# --- boilerplate rules --------------------------------------------------------

_START = re.compile(
    r"(?<![^\n])|(?<=[.!?:…*\"')\]]) +(?=\S)|(?=[(\[])|(?<=[a-z][.!?])(?=[A-Z(])"
)
_NO_LETTERS = re.compile(r"\W*")


@dataclass(frozen=True, slots=True)
class _Rules:
    """Compiled rules of one type; `any_cue` asks all at once, `cues` one by one."""

    any_cue: re.Pattern[str]
    pseudo: re.Pattern[str]
    cues: tuple[tuple[re.Pattern[str], str], ...]


def _in_line(
    shadow: str, line: Span, limit: int, rules: Sequence[_Rules]
) -> Iterator[Span]:
    done = line.start
    for match in _START.finditer(shadow, line.start, line.end):
        start = match.end()
        if start < done:
            continue
        if not any(part.any_cue.match(shadow, start, limit) for part in rules):
            continue
        if any(part.pseudo.match(shadow, start, limit) for part in rules):
            continue
        found = max(_claims(shadow, line, start, limit, rules), key=_length)
        if _length(found):
            yield found
            done = found.end


def _length(span: Span) -> int:
    return span.end - span.start


def _claims(
    shadow: str, line: Span, start: int, limit: int, rules: Sequence[_Rules]
) -> Iterator[Span]:
    for cue, scope in chain.from_iterable(part.cues for part in rules):
        match = cue.match(shadow, start, limit)
        if match is None:
            continue
        if scope == "both":
            yield Span(line.start, max(line.end, match.end()))
        elif scope == "forward":
            yield Span(start, max(line.end, match.end()))
        else:
            yield Span(start, match.end())


def _covers(shadow: str, line: Span, found: Sequence[Span]) -> bool:
    """Whether nothing with a letter is left of `line` outside `found`."""
    ends = [(line.start, line.start), *sorted(found), (line.end, line.end)]
    return all(
        _NO_LETTERS.fullmatch(shadow, before[1], max(before[1], after[0]))
        for before, after in pairwise(ends)
    )


_DATELINE_TAG = re.compile(r"[^\n]{0,80}?\(([A-Z]{2,5})\)\s*[-–—:]")


def _signatures(shadow: str) -> Iterator[Span]:
    """A dateline's tag where it signs a paragraph: "PORT CITY (XPA) - ... (XPA)".

    Tells the tag of an agency that is in no list.
    """
    dateline = _DATELINE_TAG.match(shadow)
    if dateline:
        tag = re.escape(f"({dateline[1]})")
        for match in re.finditer(rf"{tag}(?=\s*(?:\n|$))", shadow):
            yield Span(*match.span())


_REPEATED_WORDS = 12
_REPEATED_SHARE = 0.25


def _repeated_lines(shadow: str, lines: Sequence[Span]) -> Iterator[Span]:
    """Lines of 12 words or more that stand word for word in an earlier line.

    A caption given twice or a pull quote; none where they make up a quarter of the
    text, which is then of that form (a litany, a text printed twice).
    """
    long = [line for line in lines if line.of(shadow).count(" ") >= _REPEATED_WORDS - 1]
    first: dict[str, Span] = {}
    repeats = [s for s in long if first.setdefault(s.of(shadow), s) is not s]
    if sum(map(_length, repeats)) < _REPEATED_SHARE * sum(map(_length, lines)):
        yield from repeats


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """Sorted spans, one where only white space stands between two, ends trimmed."""
    joined: list[tuple[int, int]] = []
    for span in merge_spans(spans):
        end = span.start + len(span.of(text).rstrip())
        start = joined[-1][1] if joined else 0
        if joined and not text[start : span.start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((span.start, end))
    return [Span(start, end) for start, end in joined]


@cache
def load_rules() -> tuple[Entry, ...]:
    """The rows of `boilerplate.csv`, in file order.

    >>> {entry.scope for entry in load_rules()} <= {"", "forward", "both"}
    True
    """
    return read_entries(BOILERPLATE)


def _types_of(outlet: str | None) -> list[str]:
    """Types of the rules that hold for `outlet`: "Fox Online News" has "Fox"."""
    key = outlet_key(outlet or "")
    return [
        type_
        for type_, names in _type_keys().items()
        if type_ == "any" or (key and any(name in key for name in names))
    ]


@cache
def _type_keys() -> dict[str, tuple[str, ...]]:
    types = sorted({entry.type for entry in load_rules()})
    return {type_: tuple(map(outlet_key, type_.split("|"))) for type_ in types}


@cache
def _rules_of(type_: str) -> _Rules:
    entries = [entry for entry in load_rules() if entry.type == type_]
    cues = [(cue_expression(e), e.scope) for e in entries if e.role == "cue"]
    pseudo = [cue_expression(e) for e in entries if e.role == "pseudo"]
    return _Rules(
        re.compile("|".join(cue for cue, _ in cues), re.MULTILINE),
        re.compile("|".join(pseudo) or r"(?!)", re.MULTILINE),
        tuple((re.compile(cue, re.MULTILINE), scope) for cue, scope in cues),
    )


def cue_expression(entry: Entry) -> str:
    """The regular expression of a rule, its placeholders filled in.

    Raises LexiconError where it is none.
    """
    cue = entry.cue
    for name, meaning in _placeholders().items():
        cue = cue.replace(f"{{{name}}}", meaning)
    cue = f"(?{'i' if entry.case == 'any' else '-i'}:{cue})"
    try:
        re.compile(cue)
    except re.error as error:
        raise LexiconError(
            BOILERPLATE, entry.line, f"cue {entry.cue!r}", f"a pattern ({error})"
        ) from error
    return cue


@cache
def _placeholders() -> dict[str, str]:
    return {
        # "Carol E. Lee", "Ravi J. de la Cruz-Smith", "O'Keefe"
        "name": r"(?-i:[A-Z][\w.'-]+(?: (?:(?:de|la|del|von|van|da|al|bin) ){0,2}"
        r"[A-Z][\w.'-]*){1,3})",
        "agency": f"(?-i:{alternatives(agencies())})",
        "lens": f"(?-i:{alternatives([*agencies(), *written_forms('pseudo')])})",
        "month": f"(?:{MONTHS})",
        # A point that ends no sentence: "Carol E. Lee", "in St. Louis", "usat.ly".
        # Asked in one look-ahead, so that "a.b.c.d" can be read in one way only.
        "words": r"(?:[^.!?\n]|\.(?=(?<=\b[A-Za-z]\.)|(?<=\b(?:St|Mr|Ms|Dr|Jr|Lt)\.)"
        r"|(?<=\b(?:Sen|Rep|Gov|Gen|Mrs|Col)\.)|(?-i:[a-z\d]))){0,400}?",
        "end": r"(?:[.!?]+[\"')\]]*(?= |$)|$)",
    }


# --- wire copies --------------------------------------------------------------

_WORD = re.compile(r"\w+")
_RUN, _SHORT, _JACCARD = 5, 20, 0.7
# 32 bands of 4: two texts at Jaccard 0.7 meet in a band with probability 0.9998.
_BANDS, _ROWS = 32, 4


def find_wire_copies(articles: pd.DataFrame) -> pd.Series[str]:
    """For each article the `article_id` of the copy kept of its story, else missing.

    Copies are articles, of the same outlet or another, whose sets of five-word
    sequences outside boilerplate have a Jaccard index of 0.7 or more (Broder 1997),
    and what is linked through them. Candidates come from MinHash-LSH, each is checked
    exactly. Texts under 20 words are copies only where their words are the same. The
    earliest is kept, then an agency's own, then the smallest id: for it, and for a
    story without copies, the value is missing.

    >>> story = "The port was shut on Friday after a long night of rain and wind, and "
    >>> story += "no ship could leave before noon, "
    >>> texts = [story + "a pilot said.", story + "said a pilot."]
    >>> table = pd.DataFrame({"article_id": ["a", "b"], "text": texts})
    >>> table["published"] = ["2025-02-03", "2025-02-01"]
    >>> find_wire_copies(table).tolist()
    ['b', nan]
    """
    ids = articles["article_id"].tolist()
    words = [_words_of(row) for row in articles.to_dict("records")]
    kept: dict[int, int] = {}
    rank = _ranks(articles)
    for cluster in _clusters(len(ids), _same_story(words)):
        first = min(cluster, key=rank.__getitem__)
        kept.update({member: first for member in cluster if member != first})
    copies = [ids[kept[i]] if i in kept else None for i in range(len(ids))]
    return pd.Series(copies, index=articles.index, name="wire_of", dtype="str")


def _words_of(article: Mapping[Hashable, Any]) -> list[str]:
    text = article["text"]
    pieces, start = [], 0
    if not isinstance(text, str):
        return []
    for span in merge_spans(article.get("boilerplate") or ()):
        pieces.append(text[start : span.start])
        start = span.end
    return _WORD.findall(" ".join([*pieces, text[start:]]).lower())


def _ranks(articles: pd.DataFrame) -> list[tuple[bool, int, bool, str]]:
    """What to keep first: dated before undated, early, the agency's own, by id."""
    published = articles.get("published", pd.Series(pd.NaT, articles.index))
    days = pd.to_datetime(published, format="ISO8601")
    outlets = articles.get("outlet", pd.Series("", articles.index)).fillna("")
    agency = {outlet: is_agency(outlet) for outlet in set(outlets)}
    return [
        (pd.isna(day), 0 if pd.isna(day) else day.value, not agency[outlet], str(name))
        for day, outlet, name in zip(days, outlets, articles["article_id"], strict=True)
    ]


def _same_story(words: Sequence[list[str]]) -> Iterator[tuple[int, int]]:
    """Pairs of texts that are copies of each other."""
    short: dict[tuple[str, ...], int] = {}
    for i, text in enumerate(words):
        if 0 < len(text) < _SHORT:
            yield short.setdefault(tuple(text), i), i
    runs: dict[int, frozenset[str]] = {}
    long = (_runs_of(text) if len(text) >= _SHORT else () for text in words)
    for pair in sorted(find_candidates(long, bands=_BANDS, rows=_ROWS)):
        for i in pair:
            runs[i] = runs.get(i) or _runs_of(words[i])
        first, second = (runs[i] for i in pair)
        shared = len(first & second)
        if shared >= _JACCARD * (len(first) + len(second) - shared):
            yield pair


def _runs_of(words: Sequence[str]) -> frozenset[str]:
    shifted = (words[n:] for n in range(_RUN))
    return frozenset(map(" ".join, zip(*shifted, strict=False)))


def _clusters(n: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Articles 0 to n - 1 in groups that `pairs` link, by union-find."""
    parent = list(range(n))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for i, j in pairs:
        parent[root(i)] = root(j)
    groups: dict[int, list[int]] = {}
    for i in range(n):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())
