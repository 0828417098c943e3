"""Who can speak: people, bodies and papers as the sources of a cue.

A phrase that is no speaker makes no statement ("the dog attacked", "none of them has
announced"); people who are cited speak, not the outlet that cites them.
"""

from __future__ import annotations

import re
from functools import cache

from framing.clauses import VerbGroup, letter_of, words_of
from framing.frames import Cue
from framing.gazetteer import PEOPLE_ROLES
from framing.lexicon import load_lexicon
from framing.subjects import NounPhrase, find_phrase_after

_NOBODY = frozenset("no none nobody neither anyone anybody whoever nothing".split())


# Inside a quotation only plain reports are told apart from the speech itself; others
# need a finite verb and a source that speaks.
NESTED_FRAMES = frozenset("speech tell belief wish".split())


def is_no_source(cue: Cue, source: NounPhrase) -> bool:
    """Whether the phrase cannot be the source of the cue ("none of them", "it")."""
    if cue.lower[source.first] in _NOBODY:  # "none of the mayors has announced plans"
        return True
    is_name = cue.letters[source.last - 1] == "N"  # "US" is not "us"
    if cue.lower[source.last - 1] in words_of("no_speaker") and not is_name:
        return True
    if "agent" in cue.flags or (cue.nested and cue.frame not in NESTED_FRAMES):
        return not may_speak(cue, source)
    quotes = cue.letters[source.first - 1] == '"'  # "No entry," it read
    return cue.frame == "paper" and not (quotes or _is_paper(cue, source))


def may_speak(cue: Cue, source: NounPhrase) -> bool:
    """A name, a pronoun or a noun for people, bodies and papers."""
    head = _head(cue, source)
    if cue.letters[head] in "NprD":
        return cue.lower[head] != "it"
    return cue.lower[head] in _speaking_nouns()


def _head(cue: Cue, source: NounPhrase) -> int:
    """The last token before "of", "who" or a comma: what the phrase is about."""
    letters = cue.letters[source.first : source.last]
    core = re.match(r"a*[^I,W(EG]+", letters)
    return source.first + (core.end() if core else len(letters)) - 1


def _is_paper(cue: Cue, source: NounPhrase) -> bool:
    """What shows or finds: a document anything, a body or "it" only "that ..."."""
    words = cue.lower[source.first : source.last]
    if not _paper_nouns().isdisjoint(words):
        return True
    return "T" in cue.after[:4] and (words[-1] == "it" or may_speak(cue, source))


_FIGHTERS = frozenset(
    "fighters|rebels|militants|gunmen|troops|soldiers|forces|insurgents|militiamen"
    "|extremists|terrorists|jihadists|hackers|mobs|mob|dogs|police".split("|")
)


def is_fight(cue: Cue, source: NounPhrase) -> bool:
    """ "Rebel fighters attacked the port": with arms, not with words."""
    return cue.lower[cue.match.first] == "attacked" and not _FIGHTERS.isdisjoint(
        cue.lower[source.first : source.last]
    )


_CITING = frozenset("citing cited cites quoting quoted quotes".split())


def cited_people(cue: Cue) -> NounPhrase | None:
    """ "The Gazette reported, citing two officials": the officials say it."""
    if cue.lower[cue.match.first] not in _CITING:
        return None
    found = find_phrase_after(cue.letters, cue.lower, cue.match.last, cue.ceiling)
    if found is None or "saying" in cue.lower[found.last - 1 : found.last + 2]:
        return None  # "it quoted a guard as saying": two statements
    core = range(found.first, _head(cue, found) + 1)
    people = [at for at in core if cue.lower[at] in _people_nouns()]
    named = people and "N" in cue.letters[people[-1] : core.stop]
    return found if people and not named else None


def quoted_speaker(cue: Cue, group: VerbGroup) -> NounPhrase | None:
    """ "The paper quoted a guard as saying": the guard says it."""
    if cue.lower[group.first - 1] != "as":
        return None
    before = cue.lower[cue.floor : group.first - 1]
    quoting = [at for at, word in enumerate(before, cue.floor) if word in _CITING]
    if not quoting:
        return None
    ceiling = group.first - 1
    return find_phrase_after(cue.letters, cue.lower, quoting[-1] + 1, ceiling)


@cache
def _people_nouns() -> frozenset[str]:
    """ "officials", "sources": words for people who are not named."""
    entries = [e for e in load_lexicon("source_nouns").entries if e.role == "cue"]
    people = (e for e in entries if e.type.split()[0] in PEOPLE_ROLES)
    return frozenset(w for e in people for w in e.cue.lower().split()[-1].split("|"))


@cache
def _speaking_nouns() -> frozenset[str]:
    entries = load_lexicon("source_nouns").entries
    words = frozenset(w for e in entries for w in re.split(r"[| ]", e.cue.lower()))
    return frozenset(w for w in words if w and letter_of(w) in "nbzEG")


@cache
def _paper_nouns() -> frozenset[str]:
    entries = load_lexicon("source_nouns").entries
    papers = (e.cue.lower().split("|") for e in entries if e.type == "document")
    named = frozenset(word for words in papers for word in words)
    return named | words_of("evidence_noun")
