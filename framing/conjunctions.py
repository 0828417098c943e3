"""Names joined in one source: "Ann Lee and Juan Hill", "Peru and its allies".

Where the phrase joins a proper name with another or with people who have none, the
source is a named group, or a named institution where bodies or states are joined.
"""

from __future__ import annotations

from collections.abc import Sequence

from framing.gazetteer import DEMONYM, ORGANISATION, PERSON, PLACE
from framing.lexicon import Match
from framing.modifiers import is_plural, nations_of
from framing.names import Name
from framing.phrases import COMMAS, Phrase, is_people, token_at

_THEIR = frozenset("his her their its other others".split())
_DETERMINERS = frozenset("the a an his her their".split())
_CLAUSE = frozenset(("who", "which", "that", "whose", "between"))
_TITLES = frozenset("sens reps messrs govs gens profs drs senators presidents".split())


def find_joined(phrase: Phrase, start: int, end: int) -> tuple[str, int] | None:
    """Kind of the source and the token that joins its names, or None.

    `start` and `end` are the bounds of the head part of the phrase.
    """
    names = [n for n in phrase.names if n.kind != DEMONYM and n.first >= start]
    for at in range(start + 1, phrase.last - 1):
        if token_at(phrase, at) not in ("and", "or") or _in_clause(phrase, at):
            continue
        if _is_second_person(phrase, at, end, names) or _is_list(phrase, at, names):
            return "group", at
        if _is_government(phrase, at):
            return "institution", at
        left = [n for n in names if n.last <= at and n.last >= _closing(phrase, at)]
        right = [n for n in names if n.first > at]
        if left and not any(n.first < at < n.last for n in names):
            kind = _kind_of_two(phrase, at, end, left[0], right)
            if kind is not None:
                return kind, at
    return _plural_title(names, phrase, end)


def _plural_title(
    names: Sequence[Name], phrase: Phrase, end: int
) -> tuple[str, int] | None:
    """ "GOP Sens. Ann Lee (Utah) ...": the title tells that there are more."""
    for name in names:
        titles = range(name.title_first, name.first)
        several = [at for at in titles if token_at(phrase, at) in _TITLES]
        if name.kind == PERSON and several and name.last <= end:
            return "group", several[0]
    return None


def _is_second_person(phrase: Phrase, at: int, end: int, names: Sequence[Name]) -> bool:
    # "Ann Lee, an analyst at Citi, and Juan Hill, an economist"
    head = any(n.kind == PERSON and n.last <= end for n in names)
    next_ = any(
        n.kind == PERSON and n.title_first == at + 1 and " " in n.whole for n in names
    )
    # "Ann Lee, the mayor, and prominent colleagues"
    next_ = next_ or any(
        is_people(m) and at < m.first <= at + 3 and is_plural(phrase, m)
        for m in phrase.nouns
    )
    return head and next_ and token_at(phrase, at - 1) == ","


def _is_list(phrase: Phrase, at: int, names: Sequence[Name]) -> bool:
    """ "Ann Lee of Ohio, Juan Hill of Utah and Eva Moss": a person opens each part."""
    opening, first = [], phrase.first
    for comma in (*range(phrase.first, at), at):
        if comma == at or token_at(phrase, comma) == ",":
            opening.append(_opens_part(first, comma, names))
            first = comma + 1
    last = _opens_part(at + 1, phrase.last, names)
    last = last or (token_at(phrase, at + 1) in _DETERMINERS and len(opening) > 2)
    return len(opening) > 1 and all(opening) and last


def _opens_part(first: int, last: int, names: Sequence[Name]) -> bool:
    inside = [n for n in names if first <= n.title_first < last]
    people = [n for n in inside if n.kind == PERSON]
    return bool(people) and people[0].title_first - first <= 3


def _is_government(phrase: Phrase, at: int) -> bool:
    """ "the Peruvian government and its allies" are a state and others."""
    body = any(
        m.entry.type == "institution" and m.last == at and m.last - m.first == 1
        for m in phrase.nouns
    )
    return body and token_at(phrase, at + 1) == "its" and bool(nations_of(phrase))


def _in_clause(phrase: Phrase, at: int) -> bool:
    # "Ann Lee, who leads it and other bodies", "the talks between X and Y"
    return not _CLAUSE.isdisjoint(phrase.lower[: at - phrase.first])


def _closing(phrase: Phrase, at: int) -> int:
    """Where a name must end to stand right before "and": "X and", "X (R-Fla.), and"."""
    while at > phrase.first and token_at(phrase, at - 1) in (",", ")"):
        at -= 1
        if token_at(phrase, at) == ")":
            while at > phrase.first and token_at(phrase, at) != "(":
                at -= 1
    return at


def _kind_of_two(
    phrase: Phrase, at: int, end: int, left: Name, right: Sequence[Name]
) -> str | None:
    people = any(is_people(m) and m.first > at for m in _before_clause(phrase, at))
    if left.kind in (ORGANISATION, PLACE) and _modifies_people(phrase, at):
        return None
    their = token_at(phrase, at + 1) in _THEIR
    starts = [n for n in right if n.title_first <= at + 4]
    if left.kind == PERSON:
        # "Ann Lee, director of Hill and Partners": the name must be a person's
        full = bool(starts) and starts[0].kind == PERSON
        # "Gov. Ann Lee (D) and former Utah Gov. Juan Hill"
        full = full or any(n.kind == PERSON and n.first > n.title_first for n in starts)
        # "Sen. Ann Lee (R-Utah) and other senators"
        beside = at <= end or _closing(phrase, at) <= end
        near = beside and (their or people or bool(starts))
        is_group = near or (full and _is_top(phrase, end, left))
        return "group" if is_group else None
    if left.kind in (ORGANISATION, PLACE) and left.title_first < end:
        # "The US and its allies" are states, "the ministry and an official" are not
        bodies = starts and starts[0].kind in (ORGANISATION, PLACE) and not people
        if bodies or their:
            return "institution"
        return "group" if people and left.last >= _closing(phrase, at) else None
    return None


def _before_clause(phrase: Phrase, at: int) -> list[Match]:
    """The nouns up to the clause behind the second name: "A and B, which said"."""
    ends = (i for i in range(at, phrase.last) if token_at(phrase, i) in _CLAUSE)
    clause = next(ends, phrase.last)
    return [m for m in phrase.nouns if m.first < clause]


def _modifies_people(phrase: Phrase, at: int) -> bool:
    """ "US and European officials", "US and other diplomats" have no name."""
    behind = [n.last for n in phrase.names if n.title_first == at + 1]
    if token_at(phrase, at + 1) == "other":
        behind.append(at + 2)
    return any(
        m.first in behind and is_people(m) and is_plural(phrase, m)
        for m in phrase.nouns
    )


def _is_top(phrase: Phrase, end: int, left: Name) -> bool:
    """Whether the name heads the phrase or an apposition, not "of Hill and Lee"."""
    return left.title_first < end or token_at(phrase, left.title_first - 1) in COMMAS
