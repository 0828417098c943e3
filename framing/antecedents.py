"""Whom a description refers to: last names, "the official", "the report".

A description is looked up among the sources before it and among the people and bodies
that the article names. Not covered: a person named later under another title.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from framing.conjunctions import find_joined
from framing.descriptions import Description, describe
from framing.documents import document_referent, media_referent
from framing.gazetteer import (
    ORGANISATION,
    PERSON,
    PLACE,
    known_name,
    source_words,
)
from framing.grounds import Because, Grounds, on
from framing.groups import body_referent, group_referent, named_member
from framing.holders import (
    are_apart,
    holds_another,
    known_holder,
    most_named,
    title_bearer,
)
from framing.lexicon import Match
from framing.names import Name
from framing.offices import fold, names_office
from framing.pairs import find_pair
from framing.people import Person, bears_title
from framing.phrases import Phrase, head_bounds
from framing.scene import (
    History,
    Referent,
    Scene,
    body_name,
    known_as,
    new_referent,
    person_at,
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
    surname = _surname(scene, phrase) or _handle(scene, phrase)
    if surname is not None:
        return surname
    found = describe(phrase)
    name = _apposed_to(scene, phrase, found.kind)
    if name is not None and found.naming != "named":
        rule = "{source} tells more of {words}, which stands before it"
        why = on(Because(rule, name.first, name.last))
        found = replace(found, naming="named", role=None, name=name, why=why)
    pair = find_pair(scene, phrase)
    if pair is not None:
        return pair
    member = named_member(scene, phrase, found)
    if member is not None:
        named = Because("{source} names {words} as one of them", name=member)
        why = found.why._replace(naming=named)
        label = found.label or found.head
        return new_referent(found.kind, "named", label, head=found.head, why=why)
    return from_found(scene, found, history, phrase.first)


def _handle(scene: Scene, phrase: Phrase) -> Referent | None:
    """The account of an embedded tweet: author="AnnHill"."""
    text, tokens = scene.segments.text, scene.segments.tokens
    start, end = tokens.starts[phrase.first], tokens.ends[phrase.last - 1]
    if len(phrase.lower) > 2 or not text[:start].endswith(('author="', "author='")):
        return None
    handle = text[start:end].lstrip("@")
    for person in scene.cast.people:
        if len(person.parts) > 1 and "".join(person.parts) in fold(handle):
            return person_at(person, "whose account it is", person.mentions[0])
    why = on(Because("{source} is the account of an embedded tweet"))
    return new_referent("person", "named", handle, why=why)


def _surname(scene: Scene, phrase: Phrase) -> Referent | None:
    """ "King said": a surname that is also a noun."""
    if len(phrase.lower) > 1 and phrase.lower[1] not in (",", "(", "-", "–", "—"):
        return None
    start = scene.segments.tokens.starts[phrase.first]
    if not scene.segments.text[start].isupper():
        return None
    person = scene.cast.find(phrase.lower[0])
    if person is None or not _is_surname(person, phrase.lower[0]):
        return None
    # "King, Hill and Mayor Ann Lee" are three
    if find_joined(phrase, *head_bounds(phrase)) is not None:
        return None
    return _by_surname(person, phrase.first)


def _by_surname(person: Person, at: int) -> Referent:
    rule = "{source} is the surname of {words}, who is named in the article"
    return person_referent(person, on(Because(rule, at, at + 1, person.name)))


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
        return group_referent(scene, found, history, at)
    if found.kind == "institution":
        return body_referent(found, history, at)
    if found.kind == "document":
        return document_referent(scene, found, history, at)
    if found.kind == "media":
        return media_referent(scene, found, history, at)
    return _unknown(scene, found, history)


def named_referent(scene: Scene, found: Description) -> Referent:
    """The person, body or outlet that the phrase names."""
    assert found.name is not None
    whole = found.name.whole
    if found.kind == "person":
        person = scene.cast.find(whole)
        if person is not None:
            return person_referent(person, _named(found, person.name))
        return new_referent("person", "named", whole, why=found.why)
    # "Holland" is a pollster where the article has a Keating Holland
    if found.determiner == "" and " " not in whole:
        person = scene.cast.find(whole)
        place = found.name.kind == PLACE
        # "Kites | Peru asked for": a headline run on is nobody's name
        if person is not None and found.name.first - 1 in person.mentions:
            person = None
        if person is not None and _is_surname(person, whole, place=place):
            return _by_surname(person, found.name.first)
    name = body_name(scene, whole)
    why = _named(found, name)
    return new_referent(
        found.kind, "named", name, head=found.head, nations=found.nations, why=why
    )


def _named(found: Description, name: str) -> Grounds:
    """The reasons of a named source; `name` may be another form of its name."""
    assert found.name is not None
    if name == found.name.whole:
        return found.why
    rule = "the lists or the article call {words} so"
    return found.why._replace(name=Because(rule, found.name.first, found.name.last))


def _is_surname(person: Person, word: str, *, place: bool = False) -> bool:
    """Whether `word` is the surname of a person known by more than that.

    "Ann Lee Compares Peru", of a headline, makes nobody of Peru.
    """
    known = person.gender is not None or (place and len(person.parts) == 2)
    short = 1 < len(person.parts) <= (3 if known_name(word) is None else 2)
    return short and known and person.parts[-1] == fold(word)


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
    name = history.number(label)
    why = found.why._replace(name=found.why.kind._replace(rule=_NEW))
    return new_referent(
        "person", found.naming, name, why=why,
        role=found.role, head=found.head, nations=found.nations,
    )  # fmt: skip


_NEW = "{words} means no source before it"
_ANONYMOUS = source_words("anonymous")


def _named_later(scene: Scene, found: Description, at: int) -> Referent | None:
    """ "One lawmaker objected. ... “No,” said Sen. Lee": named only later."""
    if found.head in _ANONYMOUS:
        return None
    sentence, lower = scene.sentence_of(at), scene.segments.tokens.lower
    low = bisect_left(scene.mention_starts, at)
    # "A spokesman for Harbour Aid" is not one of another body
    body = found.role == "spokesperson" and found.owner
    whose = set(body.whole.lower().split()[-1:]) if body else set()
    for mention, person in scene.cast.mentions[low : low + 6]:
        if scene.sentence_of(mention) - sentence > 4:
            return None
        fits = not are_apart(found.nations, person.nations)
        fits &= whose <= {*lower[max(0, mention - 14) : mention + 14]}
        if person.mentions[0] == mention and fits and bears_title(person, found.head):
            return person_at(person, "who is named later, with that title", mention)
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
    for mention, person in scene.cast.mentions[low : low + 4]:
        near = 0 < scene.sentence_of(mention) - sentence <= 3
        fresh = near and person.mentions[0] == mention
        around = set(lower[max(at, mention - 6) : mention + _INTRODUCING])
        apart = are_apart(found.nations, person.nations)
        if fresh and not apart and telling & around:
            return person_at(person, "named after the lead in the same words", mention)
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
    alone = found.owner is None or not _PARTIES.isdisjoint(found.owner.whole.split())
    if definite and alone:
        for referent in history.back():
            if referent.kind == "person" and _same_description(referent, found):
                return known_as(referent, "the last person so described")
    if found.head not in _ANONYMOUS:
        one_of_many = _is_one_of_many(found)
        holder = None if one_of_many else title_bearer(scene, found, at)
        holder = holder or known_holder(scene, found, at)
        if holder is not None or one_of_many:
            return holder
        # "his spokeswoman", "our interpreter": someone else than the last named
        if scene.segments.tokens.lower[at] in _POSSESSIVES:
            return _named_later(scene, found, at)
        if definite and alone and not _is_only_called(scene, found, at):
            last = _last_named_person(scene, history, found)
            last = last or most_named(scene, found, at)
            return last or _named_just_before(scene, found, at)
        # "Hill left. ... the Harbour Bank director said"
        if definite and not alone and _ends_with_head(scene, found, at):
            return _named_just_before(scene, found, at)
    if definite and found.nations and found.head in _ANONYMOUS:
        return _named_just_before(scene, found, at)
    return None


def _ends_with_head(scene: Scene, found: Description, at: int) -> bool:
    """Whether a name stands before the noun and nothing behind: "the Citi clerk"."""
    owner, tokens = found.owner, scene.segments.tokens
    if owner is None or found.role == "spokesperson" or found.head in _TITLED:
        return False
    head = owner.last + len(found.head.split())
    before = at < owner.first and tokens.lower[owner.last] != "'s"
    behind = tokens.lower[head : head + 1]
    return before and (not behind or behind[0] not in _COMPLEMENT)


_COMPLEMENT = frozenset("of for in at to from who whose ,".split())


_POSSESSIVES = frozenset("his her its their our my".split())
# "the GOP front-runner" is not the party's own as "the union's lawyer" is the union's
_PARTIES = frozenset("GOP Republican Democratic Party Labour Conservative".split())
_TITLED = source_words("titled")
_EPITHETS = source_words("epithet")


def _is_only_called(scene: Scene, found: Description, at: int) -> bool:
    """Whether one is only whom the article calls so: "the nurse", not "the mogul"."""
    told = {*scene.segments.tokens.lower[at : at + 3]} & {"former", "retired"}
    epithet = found.head in _EPITHETS or bool(told)
    plain = found.role in ("public", "expert") and not epithet
    return plain or found.head in _TITLED


def _named_just_before(scene: Scene, found: Description, at: int) -> Referent | None:
    """ "... met Sen. Lee after the Ohio Republican said": named, then described.

    Who may be anonymous ("the Chadian diplomat") must be of the nation told.
    """
    sentence = scene.sentence_of(at)
    before = scene.cast.mentions[: bisect_left(scene.mention_starts, at)]
    for mention, person in reversed(before):
        if sentence - scene.sentence_of(mention) > 1:
            return None
        if holds_another(person, found):
            continue
        apart = person.nations or found.head in _ANONYMOUS
        if not (apart and found.nations) or found.nations & person.nations:
            return person_at(person, "the person named just before", mention)
    return None


def _is_one_of_many(found: Description) -> bool:
    # "the head of Kurdistan's security council" is not whoever heads something
    owned = found.owner is not None or bool(found.nations) or found.of_body
    return owned and found.head in ("head", "director", "member", "chief", "founder")


def _same_description(referent: Referent, found: Description) -> bool:
    if referent.naming == "named":
        return False
    if are_apart(referent.nations, found.nations):
        return False
    return referent.head == found.head or found.head in ("person", "source", "man")


def _last_named_person(
    scene: Scene, history: History, found: Description
) -> Referent | None:
    for referent in history.back():
        named = referent.kind == "person" and referent.naming == "named"
        if named and _can_be_called(scene, referent, found):
            return known_as(referent, "the last person named as a source")
    return None


def _can_be_called(scene: Scene, referent: Referent, found: Description) -> bool:
    """Whether a person may be meant: not the president by "the supreme leader"."""
    if are_apart(found.nations, referent.nations):
        return False
    person = scene.cast.find(referent.name)
    offices = person.offices if person is not None else ()
    return not offices or not names_office(found.label)


def _unknown(scene: Scene, found: Description, history: History) -> Referent:
    if found.determiner == "definite":
        known = _last_named_person(scene, history, found)
        if known is not None:
            return known
    name = history.number(found.label or "person")
    why = found.why._replace(name=found.why.kind._replace(rule=_NEW))
    return new_referent("person", "veiled", name, role="other", why=why)
