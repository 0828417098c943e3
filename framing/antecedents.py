"""Whom a description refers to: last names, "the official", "the report".

A description is looked up among the sources before it and among the people and bodies
that the article names. Not covered: a person named later under another title.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from functools import cache

from framing.descriptions import Description, describe
from framing.documents import document_referent, media_referent
from framing.gazetteer import (
    ORGANISATION,
    PERSON,
    PLACE,
    source_words,
)
from framing.lexicon import Match, load_lexicon
from framing.names import Name
from framing.people import Person, fold
from framing.phrases import Phrase
from framing.scene import (
    History,
    Referent,
    Scene,
    body_name,
    new_referent,
    person_referent,
    phrase_start,
)
from framing.text import Span


def described_at(scene: Scene, noun: Match, history: History) -> Referent:
    """The source that a noun of the text describes, with the words before it."""
    first = phrase_start(scene, noun.first)
    tokens = scene.segments.tokens
    span = Span(tokens.starts[first], tokens.ends[noun.last - 1])
    return from_description(scene, scene.phrase(span), history)


# --- descriptions -------------------------------------------------------------


def from_description(scene: Scene, phrase: Phrase, history: History) -> Referent:
    """The source that a phrase without a pronoun refers to."""
    surname = _surname(scene, phrase)
    if surname is not None:
        return surname
    found = describe(phrase)
    name = _apposed_to(scene, phrase, found.kind)
    if name is not None and found.naming != "named":
        found = replace(found, naming="named", role=None, name=name)
    if found.kind == "group" and _names_a_member(scene, phrase):
        return new_referent("group", "named", found.label or found.head)
    return from_found(scene, found, history, phrase.first)


def _surname(scene: Scene, phrase: Phrase) -> Referent | None:
    """ "King said": a surname that is also a noun."""
    if len(phrase.lower) > 1 and phrase.lower[1] not in (",", "(", "-", "–", "—"):
        return None
    start = scene.segments.tokens.starts[phrase.first]
    if not scene.segments.text[start].isupper():
        return None
    person = scene.cast.find(phrase.lower[0])
    if person is None or not is_surname(person, phrase.lower[0]):
        return None
    return person_referent(person)


def _apposed_to(scene: Scene, phrase: Phrase, kind: str) -> Name | None:
    """ "Harbour Aid, a relief group that said": the name before the comma speaks."""
    lower, at = scene.segments.tokens.lower, phrase.first - 1
    relative = lower[phrase.last : phrase.last + 1] in (("who",), ("that",), ("which",))
    if not relative or phrase.lower[0] not in ("a", "an", "the") or lower[at] != ",":
        return None
    if lower[at - 1] == ")":  # "Harbour Aid (HA), a group that"
        at = next((i for i in range(at, max(0, at - 5), -1) if lower[i] == "("), at)
    before = bisect_left(scene.name_starts, at) - 1
    name = scene.names[before] if before >= 0 else None
    if name is None or name.last != at:
        return None
    fits = {"person": (PERSON,), "institution": (ORGANISATION, PERSON)}.get(kind, ())
    return name if name.kind in fits else None


def from_found(scene: Scene, found: Description, history: History, at: int) -> Referent:
    """The source behind what a phrase at token `at` was found to say."""
    if found.name is not None and found.kind != "document":
        return named_referent(scene, found)
    if found.kind == "person":
        return _person(scene, found, history, at)
    if found.kind == "group":
        return _group(scene, found, history, at)
    if found.kind == "institution":
        return _institution(found, history, at)
    if found.kind == "document":
        return document_referent(scene, found, history, at)
    if found.kind == "media":
        return media_referent(scene, found, history, at)
    return _unknown(scene, found, history)


def named_referent(scene: Scene, found: Description) -> Referent:
    """The person, body or outlet that the phrase names."""
    assert found.name is not None
    if found.kind == "person":
        person = scene.cast.find(found.name.whole)
        if person is not None:
            return person_referent(person)
        return new_referent("person", "named", found.name.whole)
    # "Holland" is a pollster where the article has a Keating Holland
    if found.determiner == "" and " " not in found.name.whole:
        person = scene.cast.find(found.name.whole)
        place = found.name.kind == PLACE
        if person is not None and is_surname(person, found.name.whole, place=place):
            return person_referent(person)
    return replace(
        new_referent(
            found.kind, "named", body_name(scene, found.name.whole), head=found.head
        ),
        nations=found.nations,
    )


def is_surname(person: Person, word: str, *, place: bool = False) -> bool:
    """Whether `word` is the surname of a person known by more than that."""
    known = person.gender is not None or (place and len(person.parts) == 2)
    return len(person.parts) > 1 and known and person.parts[-1] == fold(word)


_FRESH = frozenset(("new", "indefinite"))


def _person(scene: Scene, found: Description, history: History, at: int) -> Referent:
    if found.determiner not in _FRESH:
        known = _known_person(scene, found, history, at)
    else:
        known = _named_later(scene, found, at)
    known = known or _named_after_lead(scene, found, at)
    if known is not None:
        return known
    label = found.label or found.head or "person"
    return Referent(
        "person",
        found.naming,
        found.role,
        history.number(label),
        -1,
        -1,
        None,
        found.head,
        found.nations,
    )


_ANONYMOUS = source_words("anonymous")


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


def bears_title(person: Person, head: str) -> bool:
    """Whether the article gives the person the title `head`, or one like it."""
    words = head.split()
    return set(words) <= person.titles or bool(
        _SAME_TITLE.get(words[-1], set()) & person.titles
    )


def _named_later(scene: Scene, found: Description, at: int) -> Referent | None:
    """ "One lawmaker objected. ... “No,” said Sen. Lee": named only later."""
    if found.head in _ANONYMOUS:
        return None
    sentence = scene.sentence_of(at)
    low = bisect_left(scene.mention_starts, at)
    for person_at, person in scene.cast.mentions[low : low + 6]:
        if scene.sentence_of(person_at) - sentence > 4:
            return None
        fits = not (found.nations and person.nations) or found.nations & person.nations
        if person.mentions[0] == person_at and fits and bears_title(person, found.head):
            return person_referent(person)
    return None


_INTRODUCING = 14  # tokens from a name that tell who bears it


def _named_after_lead(scene: Scene, found: Description, at: int) -> Referent | None:
    """A lead's "A harbour safety official", named two sentences on with that word."""
    sentence = scene.sentence_of(at)
    if sentence > 1 or found.head in _ANONYMOUS - {"official"}:
        return None
    lower = scene.segments.tokens.lower
    telling = {w for w in found.label.split() if len(w) > 5} - {found.head, *_VAGUE}
    low = bisect_left(scene.mention_starts, at)
    for person_at, person in scene.cast.mentions[low : low + 4]:
        near = 0 < scene.sentence_of(person_at) - sentence <= 3
        fresh = near and person.mentions[0] == person_at
        around = set(lower[max(at, person_at - 6) : person_at + _INTRODUCING])
        apart = found.nations and person.nations and not found.nations & person.nations
        if fresh and not apart and telling & around:
            return person_referent(person)
    return None


_VAGUE = frozenset(
    "administration government military national defense defence security united"
    " states american president foreign intelligence former current federal state"
    " department ministry office agency police congressional presidential democratic"
    " republican minister leader secretary official officials another enforcement"
    " council committee diplomatic western european embassy campaign border".split()
)


def _known_person(
    scene: Scene, found: Description, history: History, at: int
) -> Referent | None:
    definite = found.determiner == "definite"
    if definite and found.owner is None:
        for referent in history.back():
            if referent.kind == "person" and _same_description(referent, found):
                return referent
    if found.head not in _ANONYMOUS and not _is_one_of_many(found):
        holder = _office_holder(scene, found, at)
        if holder is not None:
            return holder
        # "his spokeswoman", "our interpreter": someone else than the last named
        if scene.segments.tokens.lower[at] in _POSSESSIVES:
            return _named_later(scene, found, at)
        if definite and found.owner is None:
            last = _last_named_person(history, found.nations) or _leading(scene, found)
            return last or _named_just_before(scene, found, at)
    if definite and found.nations and found.head in _ANONYMOUS:
        return _named_just_before(scene, found, at)
    return None


_POSSESSIVES = frozenset("his her its their our my".split())


def _named_just_before(scene: Scene, found: Description, at: int) -> Referent | None:
    """ "... met Sen. Lee after the Ohio Republican said": named, then described.

    Who may be anonymous ("the Chadian diplomat") must be of the nation told.
    """
    sentence = scene.sentence_of(at)
    before = scene.cast.mentions[: bisect_left(scene.mention_starts, at)]
    for person_at, person in reversed(before):
        if sentence - scene.sentence_of(person_at) > 1:
            return None
        apart = person.nations or found.head in _ANONYMOUS
        if not (apart and found.nations) or found.nations & person.nations:
            return person_referent(person)
    return None


def _is_one_of_many(found: Description) -> bool:
    # "the head of Kurdistan's security council" is not whoever heads something
    owned = found.owner is not None or bool(found.nations) or found.of_body
    return owned and found.head in ("head", "director", "member", "chief", "founder")


_HEADS_OF_STATE = frozenset("president leader premier pope commander-in-chief".split())


def _leading(scene: Scene, found: Description) -> Referent | None:
    """ "the president" where nobody is called so: who is mentioned most."""
    if found.head not in _HEADS_OF_STATE or not scene.cast.people:
        return None
    return person_referent(max(scene.cast.people, key=lambda p: len(p.mentions)))


def _same_description(referent: Referent, found: Description) -> bool:
    if referent.naming == "named":
        return False
    if referent.nations and found.nations and not referent.nations & found.nations:
        return False
    return referent.head == found.head or found.head in ("person", "source", "man")


def _office_holder(scene: Scene, found: Description, at: int) -> Referent | None:
    """The person whom the article gives the office: "the senator", "US president"."""
    people = [
        p
        for p in scene.cast.people
        if bears_title(p, found.head)
        and (not found.nations or not p.nations or found.nations & p.nations)
    ]
    if not people:
        return None
    # "the Israeli leader": the one called Israeli; else the one mentioned last
    return person_referent(
        max(
            people,
            key=lambda p: (
                bool(found.nations & p.nations),
                p.mentioned_before(at),
                len(p.mentions),
            ),
        )
    )


def _last_named_person(
    history: History, nations: frozenset[str] = frozenset()
) -> Referent | None:
    for referent in history.back():
        named = referent.kind == "person" and referent.naming == "named"
        apart = nations and referent.nations and not nations & referent.nations
        if named and not apart:
            return referent
    return None


def _names_a_member(scene: Scene, phrase: Phrase) -> bool:
    """ "senators led by Ann Lund", "some, including Ann Lund": a name is in it."""
    lower, starts = scene.segments.tokens.lower, scene.mention_starts
    for at in range(phrase.first + 1, min(phrase.last + 2, len(lower))):
        if lower[at] == "including" or lower[at - 1 : at + 1] == ("led", "by"):
            named = bisect_left(starts, at)
            return named < len(starts) and starts[named] - at < 7
    return False


def _group(scene: Scene, found: Description, history: History, at: int) -> Referent:
    label = found.label or found.head or "people"
    if found.naming == "named":
        return new_referent("group", "named", label)
    if found.determiner == "definite":
        known = _known_group(scene, found, history, at)
        if known is not None:
            return known
    name = f"{label}#1"
    if found.determiner == "new":
        name = history.number(label)
    else:
        history.counts.setdefault(label, 1)
    return replace(
        new_referent("group", found.naming, name, role=found.role, head=found.head),
        nations=found.nations,
    )


_TOGETHER = frozenset("two three four pair couple duo trio both".split())


def _known_group(
    scene: Scene, found: Description, history: History, at: int
) -> Referent | None:
    for referent in history.back():
        if referent.kind == "group" and referent.head == found.head:
            return referent
    sentence = scene.sentence_of(at)
    for referent in history.back():
        # "Lee and Hill objected. ... The senators said"
        if sentence - referent.sentence > 4:
            break
        if referent.kind == "group" and referent.naming == "named":
            return referent
    if found.nations or found.owner is not None:
        return None
    lower = scene.segments.tokens.lower
    together = bool(_TOGETHER & set(lower[at : at + 3]))
    singular = found.head.removesuffix("s")
    near = [
        person
        for person_at, person in _people_before(scene, at)
        if sentence - scene.sentence_of(person_at) <= 3
        and (together or bears_title(person, singular))
    ]
    if len({person.name for person in near}) < 2:
        return None
    return new_referent("group", "named", " and ".join(sorted({p.name for p in near})))


def _people_before(scene: Scene, at: int) -> tuple[tuple[int, Person], ...]:
    high = bisect_left(scene.mention_starts, at)
    return scene.cast.mentions[max(0, high - 8) : high]


@cache
def _agencies() -> frozenset[str]:
    entries = load_lexicon("outlets").entries
    return frozenset(e.note for e in entries if e.type == "agency")


def is_agency(name: str | None) -> bool:
    """Whether a named outlet can be called "the agency"."""
    return name in _agencies() or (name or "").endswith((" Press", "Agency"))


def _institution(found: Description, history: History, at: int) -> Referent:
    if found.naming == "named":
        return new_referent("institution", "named", found.label)
    if found.plural and found.owner is not None and found.owner.first > at:
        return new_referent("institution", "named", found.label, head=found.head)
    if found.owner is not None or found.nations:
        naming = "veiled" if found.plural else "named"
        return new_referent("institution", naming, found.label, head=found.head)
    if found.determiner == "definite" and not found.plural:
        for referent in history.back():
            # "Oceanic Press reported it. The agency said": an outlet
            press = referent.kind == "media" and found.head == "agency"
            if referent.kind == "institution" or (press and is_agency(referent.name)):
                return referent
        return new_referent("institution", "named", found.label, head=found.head)
    return new_referent("institution", "veiled", found.label, head=found.head)


def _unknown(scene: Scene, found: Description, history: History) -> Referent:
    if found.determiner == "definite":
        known = _last_named_person(history)
        if known is not None:
            return known
    return Referent(
        "person", "veiled", "other", history.number(found.label or "person"), -1, -1
    )
