"""Known names, and the words that tell of what a name or phrase is.

Read from `institutions.csv`, `outlets.csv`, `first_names.csv`, `source_nouns.csv` and
`source_words.csv`; nothing here looks at a text.
"""

from __future__ import annotations

import re
from functools import cache

from framing.lexicon import FOLDER, load_lexicon, read_entries

PERSON, ORGANISATION, PLACE, MEDIA, DEMONYM, OFFICE = (
    "person", "organisation", "place", "media", "demonym", "office",
)  # fmt: skip
PEOPLE_ROLES = frozenset(
    "official insider spokesperson expert partisan public other".split()
)


@cache
def source_words(kind: str) -> frozenset[str]:
    """Words of the type `kind` in `source_words.csv`.

    >>> "tabloid" in source_words("outlet noun")
    True
    """
    return frozenset(
        word
        for entry in read_entries(FOLDER / "source_words.csv")
        if entry.type == kind
        for word in entry.cue.split("|")
    )


_TITLES_ONLY = source_words("title")
ABBREVIATED = source_words("abbreviated")
_SHORT_TITLES = ABBREVIATED - {"st", "jr", "sr"}
_NO_TITLES = frozenset("american americans independents us some many all".split())


@cache
def body_words() -> frozenset[str]:
    """Words that mark a name as that of a body: "Ministry", "Watch"."""
    entries = load_lexicon("institutions").entries
    return frozenset(e.cue.lower() for e in entries if e.type == "keyword")


@cache
def title_words() -> frozenset[str]:
    """Words that stand as a title before a name: "president", "spokesman", "Gen"."""
    words: set[str] = set(_TITLES_ONLY | _SHORT_TITLES)
    for entry in load_lexicon("source_nouns").entries:
        if entry.role == "cue" and entry.type.split()[0] in PEOPLE_ROLES:
            words.update(entry.cue.split()[-1].split("|"))
    words -= _NO_TITLES
    return frozenset(words)


@cache
def known_names() -> dict[str, tuple[str, str]]:
    """Lower-cased name of a place, people or body -> its kind and its canonical name.

    >>> known_names()["havana"], known_names()["cuban"]
    (('place', 'Cuba'), ('demonym', 'Cuba'))
    """
    kinds = {"country": PLACE, "capital": PLACE, "place": PLACE, "demonym": DEMONYM}
    known: dict[str, tuple[str, str]] = {}
    for entry in load_lexicon("institutions").entries:
        if entry.type != "keyword":
            kind = kinds.get(entry.type, ORGANISATION)
            known[entry.cue.lower()] = (kind, entry.note or entry.cue)
    for entry in load_lexicon("outlets").entries:
        if " . " not in entry.cue and len(entry.cue) > 1:
            # "(the) Hill" is an outlet, "Hill" a person
            kind = ORGANISATION if entry.type == "platform" else MEDIA
            name = entry.cue.lower().replace("(the) ", "the ")
            known.setdefault(name, (kind, entry.note))
    return known


@cache
def state_names() -> frozenset[str]:
    """Canonical names of all countries."""
    entries = load_lexicon("institutions").entries
    return frozenset(e.note or e.cue for e in entries if e.type == "country")


def known_name(whole: str) -> tuple[str, str] | None:
    """Kind and canonical name of a known name, "the" or not: "The Times"."""
    lower = whole.lower()
    known = known_names()
    return known.get(lower) or known.get(lower.removeprefix("the "))


@cache
def first_names() -> dict[str, str]:
    """First name -> male or female; names of both are in neither."""
    return {
        word: entry.type
        for entry in load_lexicon("first_names").entries
        if entry.type != "nickname"
        for word in entry.cue.split("|")
    }


@cache
def noun_words() -> frozenset[str]:
    """Source nouns of one word, singular and plural."""
    entries = load_lexicon("source_nouns").entries
    words = (e.cue for e in entries if e.role == "cue" and " " not in e.cue)
    return frozenset(form for word in words for form in word.split("|"))


_PERSON_ENDING = re.compile(r"(?:[^e]er|or|ist|ian|ee|ant|man|eer)s?$|men$|people$")


def sounds_like_person(word: str) -> bool:
    """Whether a noun that no list has is one for people: "the welder".

    >>> sounds_like_person("banker-turned-poet"), sounds_like_person("malware")
    (True, False)
    """
    tail = word.rsplit("-", 1)[-1]
    return bool(_PERSON_ENDING.search(tail)) or tail in title_words()
