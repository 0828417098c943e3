"""Which office somebody holds or has held, as is known of some (`office_holders.csv`).

A headline gives no titles ("Rubio heads for Oslo"), and a text that calls somebody "the
US secretary of state" may leave the name to it. Nothing here looks at a text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from framing.lexicon import FOLDER, read_entries


class Office(NamedTuple):
    """The words that an office is called by, and the country or body it is of."""

    words: frozenset[str]
    place: str


def fold(word: str) -> str:
    """Lower case without accents: "Nicolás" and "Nicolas" are one name.

    >>> fold("Nicolás")
    'nicolas'
    """
    plain = unicodedata.normalize("NFKD", word)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))


@cache
def name_parts(whole: str) -> tuple[str, ...]:
    """The words of a name without accents, marks and "Jr.".

    >>> name_parts("Nicolás Maduro")
    ('nicolas', 'maduro')
    """
    words = (fold(w).strip(".,'’\"") for w in whole.split())
    return tuple(w for w in words if w and w not in _SUFFIXES)


@cache
def _office_holders() -> dict[tuple[str, ...], tuple[Office, ...]]:
    """The parts of a name -> the offices that its bearer holds or has held."""
    held: dict[tuple[str, ...], tuple[Office, ...]] = {}
    for entry in read_entries(FOLDER / "office_holders.csv"):
        office = Office(frozenset(entry.type.split()), entry.note)
        for name in entry.cue.split("|"):
            parts = name_parts(name)
            held[parts] = (*held.get(parts, ()), office)
    return held


def is_listed(parts: tuple[str, ...]) -> bool:
    """Whether somebody of exactly this name is listed: "Rubio" alone is."""
    return parts in _office_holders()


def offices_of(parts: tuple[str, ...]) -> tuple[Office, ...]:
    """The offices of the bearer of a name, none where it is not listed.

    >>> [office.place for office in offices_of(("donald", "j", "trump"))]
    ['United States']
    """
    held = _office_holders()
    return held.get(parts) or held.get((parts[0], parts[-1]), ())


@cache
def _office_words() -> frozenset[str]:
    offices = (office for held in _office_holders().values() for office in held)
    return frozenset().union(*(office.words for office in offices))


def names_office(description: str) -> bool:
    """Whether some word of the description is one that offices are called by."""
    return not _office_words().isdisjoint(description.lower().split())


_LESSER = frozenset(("vice", "acting", "interim"))


def is_among(
    offices: Iterable[Office], description: str, places: frozenset[str]
) -> bool:
    """Whether the office described is one of `offices`.

    Of `description` the words count that offices are called by; `places` are the
    countries or bodies it names, any where it names none.

    >>> president = [Office(frozenset(["president"]), "United States")]
    >>> is_among(president, "re-elected president", frozenset())
    True
    >>> is_among(president, "vice president", frozenset())
    False
    """
    words = _office_words() & set(description.lower().split())
    return bool(words) and any(
        all(word in office.words or is_like(word, office.words) for word in words)
        and (not places or office.place in places)
        and _LESSER & words == _LESSER & office.words
        for office in offices
    )


_SAME_TITLE = {
    "general": {"gen"}, "senator": {"sen"}, "governor": {"gov"}, "colonel": {"col"},
    "lawmaker": {"sen", "rep", "senator", "representative", "congressman", "mp"},
    "representative": {"rep", "congressman", "congresswoman"}, "admiral": {"adm"},
    "congressman": {"rep"}, "congresswoman": {"rep"}, "lieutenant": {"lt"},
    "professor": {"prof"}, "doctor": {"dr"}, "captain": {"capt"}, "major": {"maj"},
    "leader": {"president", "premier", "minister"}, "politician": {"sen", "rep"},
    "lawyer": {"attorney"}, "attorney": {"lawyer"}, "spokesperson": {"spokesman",
    "spokeswoman"}, "chairman": {"chair"}, "pontiff": {"pope"},
}  # fmt: skip


def is_like(word: str, names: frozenset[str]) -> bool:
    """Whether one of `names` means what `word` does.

    >>> is_like("leader", frozenset(["president"]))
    True
    """
    return not _SAME_TITLE.get(word, set()).isdisjoint(names)
