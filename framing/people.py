"""The people of an article: who is the same person, with titles, nation and gender.

"Kerry", "Mr. Kerry" and "John Kerry" are one; titles, nationality and gender are
gathered from every mention. Not covered: two people who share a surname and are both
called by nothing else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter

from framing.gazetteer import (
    DEMONYM,
    PEOPLE_ROLES,
    PERSON,
    PLACE,
    first_names,
    known_names,
)
from framing.lexicon import Match, load_lexicon
from framing.names import Name
from framing.offices import Office, is_like, is_listed, name_parts, offices_of
from framing.text import Segments

HEADLINE = -2
"""The token of a mention in the headline, which is no part of the text."""


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an article; `mentions` are token indices in text order.

    `titles` and `nations` are what the article tells, `offices` what is known.
    """

    name: str
    parts: tuple[str, ...]
    gender: str | None
    titles: frozenset[str]
    nations: frozenset[str]
    mentions: tuple[int, ...]
    offices: tuple[Office, ...] = ()

    @property
    def homes(self) -> frozenset[str]:
        """The nations around the name, and those of the offices."""
        return self.nations | {office.place for office in self.offices}

    def mentioned_before(self, token: int) -> int:
        """Token of the last mention before `token`, or -1."""
        at = bisect_left(self.mentions, token)
        return self.mentions[at - 1] if at else -1


@dataclass(frozen=True)
class Cast:
    """The people of an article and the index from a part of a name to them."""

    people: tuple[Person, ...]
    by_part: dict[str, tuple[Person, ...]]
    mentions: tuple[tuple[int, Person], ...]

    @property
    def foremost(self) -> Person | None:
        """Who is mentioned most often, the first named of equals; None in no cast."""
        return max(self.people, key=lambda p: len(p.mentions), default=None)

    def find(self, whole: str) -> Person | None:
        """The person whom a full name or a part of one names, or None.

        The surname counts before any other part, then who is mentioned most.
        """
        parts = name_parts(whole)
        if not parts:
            return None
        people = [
            p for p in self.by_part.get(parts[-1], ()) if _compatible(parts, p.parts)
        ]
        people.sort(key=lambda p: (p.parts[-1] != parts[-1], -len(p.mentions)))
        return people[0] if people else None


# --- people -------------------------------------------------------------------

_COURTESY = {
    "mr": "male", "sir": "male", "lord": "male", "king": "male", "prince": "male",
    "pope": "male", "congressman": "male", "chairman": "male", "spokesman": "male",
    "mrs": "female", "ms": "female", "miss": "female", "lady": "female",
    "queen": "female", "princess": "female", "congresswoman": "female",
    "spokeswoman": "female", "chairwoman": "female", "businesswoman": "female",
    "businessman": "male", "actress": "female", "actor": "male", "cardinal": "male",
    "ayatollah": "male", "imam": "male", "widow": "female", "madame": "female",
    "mother": "female", "wife": "female", "father": "male", "husband": "male",
}  # fmt: skip


@cache
def _nicknames() -> dict[str, str]:
    entries = load_lexicon("first_names").entries
    return {e.cue: e.note for e in entries if e.type == "nickname"}


def _compatible(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two names can be of one person: "Mike Pompeo", "Michael R. Pompeo"."""
    shorter, longer = sorted((some, others), key=len)
    if len(shorter) == 1:
        return shorter[0] in longer
    if shorter[-1] not in longer:
        return False
    one, two = (_nicknames().get(p[0], p[0]) for p in (shorter, longer))
    return one == two or one[:3] == two[:3] or shorter[0] in longer or len(one) == 1


def gather_people(
    segments: Segments,
    names: Sequence[Name],
    nouns: Sequence[Match],
    *,
    speaking: frozenset[str] = frozenset(),
) -> Cast:
    """Cluster the person names of a text; `nouns` give the titles beside them.

    A lone word is a person where a title stands before it, where it is part of a
    longer name, or where it is one of `speaking`, the names that are sources.

    >>> from framing.names import find_names
    >>> from framing.text import find_segments
    >>> cut = find_segments("Mr. Kerry left. John Kerry, a senator, is back.")
    >>> cast = gather_people(cut, find_names(cut), [])
    >>> [(p.name, p.gender, len(p.mentions)) for p in cast.people]
    [('John Kerry', 'male', 2)]
    """
    persons = [name for name in names if name.kind == PERSON]
    clusters: list[list[Name]] = []
    by_part: dict[str, list[int]] = {}
    for name in sorted(persons, key=lambda n: -len(name_parts(n.whole))):
        _add_to_cluster(name, clusters, by_part, speaking)
    by_end, by_first = {m.last: m for m in nouns}, {m.first: m for m in nouns}
    beside = _Beside(segments, names, by_end, by_first)
    people = tuple(_person(segments, cluster, beside) for cluster in clusters)
    index = {part: tuple(people[i] for i in c) for part, c in by_part.items()}
    mentions = [(at, person) for person in people for at in person.mentions]
    return Cast(people, index, tuple(sorted(mentions, key=itemgetter(0))))


def _add_to_cluster(
    name: Name,
    clusters: list[list[Name]],
    by_part: dict[str, list[int]],
    speaking: frozenset[str],
) -> None:
    parts = name_parts(name.whole)
    if not parts:
        return
    near = [
        i
        for i in by_part.get(parts[-1], ())
        if _compatible(parts, name_parts(clusters[i][0].whole))
    ]
    if near:
        surname = [i for i in near if name_parts(clusters[i][0].whole)[-1] == parts[-1]]
        clusters[(surname or near)[0]].append(name)
        return
    # A lone capitalised word is no person of the cast unless a title says so, or
    # that it speaks or is known: "Speaking of the plan", "Monday".
    alone = len(parts) == 1 and name.title_first == name.first
    if alone and name.whole not in speaking and not is_listed(parts):
        return
    clusters.append([name])
    for part in set(parts):
        by_part.setdefault(part, []).append(len(clusters) - 1)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside a name: titles before it, appositions after it."""

    segments: Segments
    names: Sequence[Name]
    nouns_by_end: dict[int, Match]
    nouns_by_first: dict[int, Match]

    def titles(self, name: Name) -> Iterator[str]:
        """Words that tell who the person is: "Sen. Lee", "Lee, a harbour official"."""
        lower = self.segments.tokens.lower
        yield from (w for w in lower[name.title_first : name.first] if w.isalnum())
        noun = self.nouns_by_end.get(name.title_first)
        if noun is not None and _is_title(noun):
            yield from lower[noun.first : noun.last]
        for at in self.apposition(name):
            noun = self.nouns_by_first.get(at)
            if noun is not None and _is_title(noun):
                yield from lower[noun.first : noun.last]

    def apposition(self, name: Name) -> range:
        """Tokens of ", the Venezuelan president," behind a name, or none."""
        tokens = self.segments.tokens
        n, at = len(tokens.lower), name.last
        if at + 2 >= n or tokens.lower[at] not in (",", "-", "—", "–", "("):
            return range(0)
        if (
            tokens.lower[at + 1] not in _APPOSITION
            and not tokens.lower[at + 1].isalpha()
        ):
            return range(0)
        if tokens.lower[at + 1][:2] in ("r-", "d-", "i-") and at + 4 < n:
            at = next((i for i in range(at + 2, at + 5) if tokens.lower[i] == ","), at)
        end = at + 1
        while end < min(n, at + 14) and tokens.lower[end] not in (",", ";", ".", ")"):
            end += 1
        return range(at + 1, end)

    def nations(self, name: Name) -> Iterator[str]:
        """Countries named around the person: "Peruvian envoy Lee", "Lee, of Peru"."""
        known = known_names()
        around = [*range(max(0, name.title_first - 4), name.first)]
        around += [*self.apposition(name)]
        for at in around:
            found = known.get(self.segments.tokens.lower[at])
            if found is not None and found[0] in (PLACE, DEMONYM):
                yield found[1]


def _is_title(noun: Match) -> bool:
    """Whether the noun tells who somebody is: "senator", not the bare "source"."""
    role, *marks = noun.entry.type.split()
    return role in PEOPLE_ROLES and not marks


_APPOSITION = frozenset("the a an who his her its their".split())


def _person(segments: Segments, cluster: Iterable[Name], beside: _Beside) -> Person:
    cluster = sorted(cluster, key=lambda n: n.first)
    longest = max(cluster, key=lambda n: (len(name_parts(n.whole)), -n.first))
    titles = frozenset(t for name in cluster for t in beside.titles(name))
    parts = name_parts(longest.whole)
    offices = offices_of(parts)
    return Person(
        longest.whole,
        parts,
        _gender(parts, titles),
        titles,
        frozenset(n for name in cluster for n in beside.nations(name)),
        tuple(name.first for name in cluster),
        offices,
    )


def _gender(parts: Sequence[str], titles: frozenset[str]) -> str | None:
    for title in sorted(titles):
        if title in _COURTESY:
            return _COURTESY[title]
    return first_names().get(parts[0]) if len(parts) > 1 else None


def bears_title(person: Person, head: str) -> bool:
    """Whether the article gives the person the title `head`, or one like it."""
    words = head.split()
    return set(words) <= person.titles or is_like(words[-1], person.titles)
