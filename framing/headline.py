"""The headline's people: whom it names is named, though nothing in it is coded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from framing.gazetteer import first_names
from framing.names import find_names
from framing.offices import fold, is_listed, offices_of
from framing.people import HEADLINE, Cast, Person, gather_people
from framing.text import Segments, find_segments


def with_headline(cast: Cast, title: str) -> Cast:
    """The cast and the people whom only the headline names, mentioned at `HEADLINE`.

    Where every word has a capital, a name ends nowhere: who is known to hold an office
    is looked for word by word, others count with a first name and a second.

    >>> from framing.names import find_names
    >>> cut = find_segments("The US secretary of state left.")
    >>> cast = gather_people(cut, find_names(cut), [])
    >>> [person.name for person in with_headline(cast, "Rubio Heads for Oslo").people]
    ['Rubio']
    """
    segments = find_segments(title)
    named = gather_people(segments, find_names(segments), ()).people
    whole = (p for p in named if len(p.parts) > 1 and p.parts[0] in first_names())
    for person in (*_holders_in(segments), *whole):
        if cast.find(person.name) is None:
            cast = _joined_by(cast, replace(person, mentions=(HEADLINE,)))
    return cast


def _holders_in(segments: Segments) -> Iterator[Person]:
    text, (starts, ends, *_) = segments.text, segments.tokens
    words = [text[a:b] for a, b in zip(starts, ends, strict=True)]
    for first, size in product(range(len(words)), (3, 2, 1)):
        parts = tuple(map(fold, words[first : first + size]))
        if is_listed(parts) and words[first][0].isupper():
            name = text[starts[first] : ends[first + len(parts) - 1]]
            gender = first_names().get(parts[0]) if len(parts) > 1 else None
            offices = offices_of(parts)
            yield Person(name, parts, gender, frozenset(), frozenset(), (), offices)


def _joined_by(cast: Cast, person: Person) -> Cast:
    parts = {p: (*cast.by_part.get(p, ()), person) for p in set(person.parts)}
    mentions = ((person.mentions[0], person), *cast.mentions)
    return Cast((*cast.people, person), {**cast.by_part, **parts}, mentions)
