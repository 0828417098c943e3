"""Source phrases and their heads: "a senior US official | briefed on the plan".

A phrase is cut at its head: the last noun or name before the first preposition, comma
or relative clause; "one of the officials" has its head behind "of".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from framing.gazetteer import (
    DEMONYM,
    OFFICE,
    PEOPLE_ROLES,
    PERSON,
    PLACE,
    known_name,
    source_words,
)
from framing.lexicon import Match
from framing.names import Name
from framing.text import Segments, Span


@dataclass(frozen=True, slots=True)
class Phrase:
    """A source phrase as tokens `first` to `last` with the names and nouns in it."""

    first: int
    last: int
    lower: tuple[str, ...]
    names: tuple[Name, ...]
    nouns: tuple[Match, ...]


# Words that end the head of a phrase: "officials | briefed on the plan".
_ENDS = source_words("phrase end")
PARTITIVES = source_words("partitive")


def cut_phrase(
    segments: Segments, span: Span, names: Sequence[Name], nouns: Sequence[Match]
) -> Phrase:
    """The phrase at `span`, with those of `names` and `nouns` that lie in it."""
    tokens = segments.tokens
    first = max(tokens.index_at(span.start), 0)
    last = max(tokens.index_at(span.end - 1) + 1, first)
    return Phrase(
        first,
        last,
        tokens.lower[first:last],
        tuple(
            _clipped(segments, n, first, last)
            for n in names
            if n.first < last and first < n.last
        ),
        tuple(m for m in nouns if m.first < last and first < m.last),
    )


def _clipped(segments: Segments, name: Name, first: int, last: int) -> Name:
    """The name inside the phrase: "Kites | Peru", of a headline run on, is Peru."""
    if first <= name.first and name.last <= last:
        return name
    starts, ends = segments.tokens.starts, segments.tokens.ends
    low, high = max(first, name.first), min(last, name.last)
    whole = " ".join(segments.text[starts[low] : ends[high - 1]].split())
    known = known_name(whole)
    kind = known[0] if known is not None else name.kind
    title = max(first, name.title_first) if low == name.first else low
    return replace(
        name, title_first=title, first=low, last=high, whole=whole, kind=kind
    )


def head_bounds(phrase: Phrase) -> tuple[int, int]:
    """Tokens (counted in the text) of the head part of the phrase."""
    start, end = phrase.first, _end_of_part(phrase, phrase.first)
    # "one of the officials", "a group of ministers": the head follows "of"
    while end < phrase.last and token_at(phrase, end) == "of":
        before = {token_at(phrase, at) for at in range(start, end)}
        if not before & PARTITIVES or _noun_at_end(phrase, start, end):
            break
        start, end = end + 1, _end_of_part(phrase, end + 1)
    return start, end


def _noun_at_end(phrase: Phrase, start: int, end: int) -> bool:
    word = token_at(phrase, end - 1)
    return word not in PARTITIVES and any(
        start <= m.first and m.last == end for m in phrase.nouns
    )


def _end_of_part(phrase: Phrase, start: int) -> int:
    inside = {at for n in phrase.names for at in range(n.title_first, n.last)}
    inside |= {at for m in phrase.nouns for at in range(m.first, m.last)}
    seen = start in inside
    for at in range(start + 1, phrase.last):
        # "these knowledgeable sources": nothing ends before the first noun
        ends = at not in inside and token_at(phrase, at) in _ENDS
        if seen and ends and not _joins_nations(phrase, at):
            return at
        seen = seen or at in inside
    return phrase.last


def _joins_nations(phrase: Phrase, at: int) -> bool:
    """The comma of "French, German and British officials" ends no part."""
    nations = [n for n in phrase.names if n.kind in (DEMONYM, PLACE)]
    before = any(n.last == at for n in nations)
    after = any(n.first == at + 1 and n.kind == DEMONYM for n in nations)
    return token_at(phrase, at) == "," and before and after


def token_at(phrase: Phrase, at: int) -> str:
    """Lower-cased token of the text at `at`, "" outside the phrase."""
    inside = phrase.first <= at < phrase.last
    return phrase.lower[at - phrase.first] if inside else ""


def find_head(phrase: Phrase, start: int, end: int) -> Name | Match | None:
    """The last name or noun of the part that is not a mere owner ("Trump's ...")."""
    units: list[Name | Match] = [
        n for n in phrase.names if start <= n.first and n.last <= end
    ]
    covered = {at for n in phrase.names if n.kind != OFFICE for at in tokens_of(n)}
    covered |= {at for n in phrase.names for at in _field_of(phrase, n)}
    units += [
        m
        for m in phrase.nouns
        if start <= m.first and m.last <= end and not covered.issuperset(tokens_of(m))
    ]
    units.sort(key=lambda u: (u.last, isinstance(u, Match)))
    if len(units) > 1 and isinstance(units[-2], Match):
        # "a study Blendon produced": the noun is the head, not the name
        last, before = units[-1], units[-2]
        document = before.entry.type == "document"
        adjacent = isinstance(last, Name) and before.last == last.title_first
        if document and adjacent and token_at(phrase, last.last).isalpha():
            return before
    return units[-1] if units else None


def _field_of(phrase: Phrase, office: Name) -> range:
    """The field of an office: "Intelligence" in "Minister of Intelligence"."""
    of = [at for at in tokens_of(office) if token_at(phrase, at) in ("of", "for")]
    return range(of[0], office.last) if of else range(0)


def tokens_of(unit: Name | Match) -> range:
    """Indices of the tokens of a name or noun."""
    return range(unit.first, unit.last)


def words_of(phrase: Phrase, unit: Name | Match) -> tuple[str, ...]:
    """Lower-cased tokens of a name or noun, as far as the phrase has them."""
    return phrase.lower[unit.first - phrase.first : unit.last - phrase.first]


def is_people(noun: Match) -> bool:
    """Whether a row of `source_nouns.csv` is of people: its type begins with a role."""
    return noun.entry.type.split()[0] in PEOPLE_ROLES


def _follows_place(phrase: Phrase, name: Name) -> bool:
    places = (n for n in phrase.names if n.kind == PLACE)
    return any(n.first == name.title_first and n.last == name.first for n in places)


def apposed_name(phrase: Phrase, end: int) -> Name | None:
    """The person's name that stands in apposition to the head, or None."""
    # "the spokesman, Jay Carney": a person's name right behind the comma
    for name in phrase.names:
        before = token_at(phrase, name.title_first - 1)
        if name.kind == PERSON and name.title_first > end - 1 and before in COMMAS:
            return name
        # "the special envoy for Peru Ann Lee": the name stands behind the country
        behind = name.kind == PERSON and _follows_place(phrase, name)
        if behind and before in ("for", "to", "of") and name.last == phrase.last:
            return name
        # "the head of Google's cloud unit, Diane Greene", "his lawyer, former judge X"
        if (
            name.kind == PERSON
            and name.title_first > end
            and _after_comma(phrase, name)
        ):
            return name
    return None


COMMAS = frozenset((",", "-", "–", "—", "named", "called", ":"))


def _after_comma(phrase: Phrase, name: Name) -> bool:
    """Whether only nouns and modifiers stand between a comma and the name."""
    for at in range(name.title_first - 1, phrase.first, -1):
        word = token_at(phrase, at)
        if word == ",":
            return name.last == phrase.last or token_at(phrase, name.last) in (",", "(")
        if word in _ENDS or word in ("and", "'s"):
            return False
    return False
