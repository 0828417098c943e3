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
    sounds_like_person,
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
        # "Ann Lee and many of her allies": the name is no partitive
        if before & _ANDS and any(start <= n.first < end for n in phrase.names):
            break
        start, end = end + 1, _end_of_part(phrase, end + 1)
    return start, end


_ANDS = frozenset(("and", "or"))


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
        seen = seen or (token_at(phrase, at) == "of" and _ends_unlisted(phrase, at))
        if seen and ends and not _goes_on(phrase, at, inside):
            return at
        seen = seen or at in inside
    return phrase.last


def _ends_unlisted(phrase: Phrase, of: int) -> bool:
    """ "The welder | of Harbour Street": a noun for people that no list has."""
    word = token_at(phrase, of - 1)
    return word not in PARTITIVES and sounds_like_person(word)


def _goes_on(phrase: Phrase, at: int, inside: set[int]) -> bool:
    """Whether the head is still to come behind what else would end the part."""
    return (
        _joins_nations(phrase, at)
        or _joins_modifiers(phrase, at)
        or _is_bracketed(phrase, at)
        or (token_at(phrase, at) == "-" and at - 1 in inside and _is_hyphen(phrase, at))
    )


_PARTICIPLES = ("ed", "born", "led", "made", "run", "built")


def _is_hyphen(phrase: Phrase, at: int) -> bool:
    # "the U.S.-born gunman", where the full stop cuts the word
    return token_at(phrase, at + 1).endswith(_PARTICIPLES)


def _is_bracketed(phrase: Phrase, at: int) -> bool:
    # "a Harbour Aid Group (HAG) spokesman": the noun stands behind the bracket
    close = at + 2 if token_at(phrase, at) == "(" else at
    if token_at(phrase, close) != ")" or token_at(phrase, close - 2) != "(":
        return False
    return any(m.first == close + 1 and is_people(m) for m in phrase.nouns)


def _joins_modifiers(phrase: Phrase, at: int) -> bool:
    """The comma of "government, industry and shipping sources" ends no part."""
    behind = [token_at(phrase, i) for i in range(at + 1, at + 7)]
    if token_at(phrase, at) != "," or "and" not in behind[1:3]:
        return False
    before = any(
        m.last == at and m.entry.type == "institution" and m.last - m.first == 1
        for m in phrase.nouns
    )
    last = at + 1 + behind.index("and")
    people = [m for m in phrase.nouns if is_people(m) and last < m.first <= last + 3]
    return before and bool(people) and not {"the", "a", "an", "his"} & set(behind)


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
        beside = name.kind == PERSON and name.title_first > end - 1
        if beside and before in COMMAS and not _is_compound(phrase, name):
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


def _is_compound(phrase: Phrase, name: Name) -> bool:
    """ "the U.S.-Caribbean talks": the hyphen of an adjective, not a dash."""
    hyphen = token_at(phrase, name.title_first - 1) == "-"
    before = any(n.last == name.title_first - 1 for n in phrase.names)
    return hyphen and before and name.last - name.first == 1


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
