"""Whom a pronoun refers to: "he", "they", "it", "who", "we".

A pronoun goes to the subject of its sentence, else to the last fitting speaker, else to
the last fitting name. Not covered: full coreference; a pronoun before its name.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from framing.annotations import Attribution
from framing.antecedents import (
    described_at,
    from_description,
    from_found,
    named_referent,
)
from framing.descriptions import describe
from framing.gazetteer import PERSON
from framing.grounds import Because, on
from framing.names import Name
from framing.people import Person
from framing.phrases import Phrase
from framing.scene import (
    History,
    Referent,
    Scene,
    known_as,
    new_referent,
    person_at,
)
from framing.text import Span
from framing.they import find_it, find_they, is_quoted
from framing.transcripts import OWN_VOICE, find_turn

# Sources back to which one phrase may already have been read.
_LATELY = 20


def refer(scene: Scene, attribution: Attribution, history: History) -> Referent | None:
    """The source of one attribution, or None where none is expressed."""
    if attribution.source is None:
        return None
    phrase = scene.phrase(attribution.source)
    if not phrase.lower:
        return None
    found = find_turn(scene, phrase)
    found = found or _pronoun(scene, attribution, phrase, history)
    if found is None:
        # "An official said it failed, adding ...": one phrase, one source
        lately = islice(history.back(), _LATELY)
        found = next((r for r in lately if r.at == phrase.first), None)
    if found is None:
        found = from_description(scene, phrase, history)
    at, sentence = phrase.first, scene.sentence_of(phrase.first)
    return replace(found, at=at, last=phrase.last, sentence=sentence)


# --- pronouns -----------------------------------------------------------------

_HE = {
    "he": "male", "his": "male", "him": "male", "himself": "male",
    "she": "female", "her": "female", "hers": "female", "herself": "female",
}  # fmt: skip
_THEY = frozenset("they their them themselves".split())
_IT = frozenset("it its itself".split())
_RELATIVE = frozenset("who whom whose which that".split())
_I = frozenset("i my me myself".split())
_WE = frozenset("we our ourselves".split())


def _pronoun(
    scene: Scene, attribution: Attribution, phrase: Phrase, history: History
) -> Referent | None:
    words = [w for w in phrase.lower if w[0].isalnum()]
    if len(words) > 2 and words[-2] == "of" and words[-1] in _THEY | _RELATIVE:
        return _some_of(scene, phrase, history, words)
    if _is_elliptic(words):
        return _another(scene, phrase, history, words)
    if len(words) > 2 and words[0] in _HE and words[1] == "and":
        return _and_others(_he(scene, attribution, phrase, history, _HE[words[0]]))
    if not words or len(words) > 2:
        return None
    word = words[0]
    if len(words) == 2 and words[1] not in _HE and words[1] != "themselves":
        return None
    if word in _HE:
        return _he(scene, attribution, phrase, history, _HE[word])
    if word in _THEY:
        return find_they(scene, phrase, history)
    if word in _IT:
        return find_it(scene, phrase, history)
    if word in _RELATIVE:
        return _relative(scene, phrase, history)
    if word in _I or word == "you":
        return _speaker(scene, attribution, history)
    if word in _WE:
        return _we(scene, attribution, history)
    return None


def _and_others(one: Referent) -> Referent:
    """ "he and his allies": a group as named as he is."""
    why = one.why._replace(kind=Because("{source} are one person and others"))
    name = f"{one.name} and others"
    return new_referent("group", one.naming, name, role=one.role, why=why)


def _he(
    scene: Scene,
    attribution: Attribution,
    phrase: Phrase,
    history: History,
    gender: str,
) -> Referent:
    outer = _enclosing_speaker(scene, attribution, history)
    sentence = scene.sentence_of(phrase.first)
    mention = _mention_before(scene, phrase.first, sentence, gender, outer)
    if mention is not None:
        return mention
    for referent in history.back():
        if sentence - referent.sentence > 6:
            break
        if _is_aside(scene, referent, phrase.first, sentence):
            continue
        # “Somebody claims we lied,” she said. She added: not somebody
        if is_quoted(scene, referent.at, phrase.first):
            continue
        if _fits(referent, gender) and referent.name != outer:
            mention = _mention_after(scene, referent, phrase.first, gender, outer)
            return mention or known_as(referent, "the last speaker who fits")
    mention = _last_mention(scene, phrase.first, gender, outer)
    mention = mention or _first_mention_after(scene, phrase.first, gender, outer)
    return mention or _nobody(history)


def _nobody(history: History) -> Referent:
    why = on(Because("nobody before it fits {source}"))
    name = history.number("person")
    return new_referent("person", "veiled", name, role="other", why=why)


_FRONTING = frozenset("after before while when as although though".split())


def _is_aside(scene: Scene, referent: Referent, at: int, sentence: int) -> bool:
    """Whether an unnamed speaker stands aside: "..., according to an aide. He said"."""
    lower, numbers = scene.segments.tokens.lower, scene.segments.tokens.sentence
    named_before = bisect_left(scene.mention_starts, at) > 0
    if referent.naming == "named" or referent.kind != "person" or not named_before:
        return False
    if lower[max(0, referent.at - 2) : referent.at] == ("according", "to"):
        return True
    # "After a guard praised the gate, he said": the speaker of the sentence before
    opening = lower[bisect_left(numbers, referent.sentence)]
    if opening not in _FRONTING:
        return False
    # "When a guard asked whether Hill agreed, Hill paused. He said": not the guard
    return referent.sentence == sentence or _names_person(scene, referent)


def _names_person(scene: Scene, referent: Referent) -> bool:
    after = bisect_left(scene.mention_starts, referent.at)
    mentions = scene.mention_starts[after : after + 1]
    return any(scene.sentence_of(at) == referent.sentence for at in mentions)


def _fits(referent: Referent, gender: str) -> bool:
    return referent.kind == "person" and referent.gender in (None, gender)


def _mention_before(
    scene: Scene, at: int, sentence: int, gender: str, outer: str | None
) -> Referent | None:
    """The first fitting person of the same sentence: its subject."""
    rule = "the first in the sentence who fits"
    return _first_in(scene, at, sentence, rule, gender, outer)


def _first_in(
    scene: Scene, at: int, sentence: int, rule: str, gender: str, outer: str | None
) -> Referent | None:
    for mention, person in _mentions(scene, at, sentence):
        spoken = _is_in_speech(scene, mention, at)
        if not spoken and _can_be(person, gender, outer):
            return person_at(person, rule, mention)
    return None


def _can_be(person: Person, gender: str, outer: str | None) -> bool:
    # “He lied,” Hill said: the one who speaks the words is not the "he" in them
    return person.gender in (None, gender) and person.name != outer


def _mentions(scene: Scene, at: int, sentence: int) -> Iterator[tuple[int, Person]]:
    high = bisect_left(scene.mention_starts, at)
    low = high
    while low and scene.sentence_of(scene.mention_starts[low - 1]) == sentence:
        low -= 1
    yield from scene.cast.mentions[low:high]


def _mention_after(
    scene: Scene, referent: Referent, at: int, gender: str, outer: str | None
) -> Referent | None:
    """The subject of the last sentence, where it came after the last speaker."""
    sentence = scene.sentence_of(at)
    rule = "the first in a sentence after the last speaker"
    for number in range(sentence - 1, referent.sentence, -1):
        found = _first_in(scene, at, number, rule, gender, outer)
        if found is not None:
            return found
    return None


def _first_mention_after(
    scene: Scene, at: int, gender: str, outer: str | None
) -> Referent | None:
    """ "In Oslo, she said no. Ann Hill spoke for an hour": named only then."""
    low = bisect_left(scene.mention_starts, at)
    for mention, person in scene.cast.mentions[low : low + 3]:
        if scene.sentence_of(mention) - scene.sentence_of(at) > 2:
            return None
        if _can_be(person, gender, outer):
            return person_at(person, "the first person named after it", mention)
    return None


def _is_in_speech(scene: Scene, mention: int, at: int) -> bool:
    # “Hill is wrong,” Moss said. “... Hill should go,” he added: Moss did
    starts = scene.segments.tokens.starts
    quotation = scene.segments.quotation_at(starts[mention])
    return quotation is not None and quotation != scene.segments.quotation_at(
        starts[at]
    )


def _last_mention(
    scene: Scene, at: int, gender: str, outer: str | None
) -> Referent | None:
    high = bisect_left(scene.mention_starts, at)
    for mention, person in reversed(scene.cast.mentions[:high]):
        if _can_be(person, gender, outer):
            return person_at(person, "the last person named who fits", mention)
    return None


def _enclosing_speaker(
    scene: Scene, attribution: Attribution, history: History
) -> str | None:
    """Who says the words in which this attribution stands, or None."""
    found = _outer_referent(scene, attribution, history)
    return found.name if found else None


def _outer_referent(
    scene: Scene, attribution: Attribution, history: History
) -> Referent | None:
    quotation = scene.segments.quotation_at(attribution.cue.start)
    if quotation is None:
        return None
    # "she was “confident” that": only the cue is quoted
    source = attribution.source
    if source and scene.segments.quotation_at(source.start) != quotation:
        return None
    inside = scene.segments.quotations[quotation]
    for other in scene.attributions:
        outside = not inside.start <= other.cue.start < inside.end
        holds = any(span.contains(attribution.cue) for span in other.content)
        if outside and holds and other.source is not None:
            return _at_source(scene, other, history)
    return None


def _at_source(scene: Scene, other: Attribution, history: History) -> Referent | None:
    assert other.source is not None
    first = scene.segments.tokens.index_at(other.source.start)
    for referent in history.back():
        if referent.at == first:
            return referent
    phrase = scene.phrase(other.source)
    found = describe(phrase)
    if found.name is None:
        return None
    return replace(named_referent(scene, found), at=first, last=phrase.last)


def _speaker(scene: Scene, attribution: Attribution, history: History) -> Referent:
    outer = _outer_referent(scene, attribution, history)
    if outer is not None:
        return known_as(outer, "who speaks the words around it")
    for referent in history.back():
        if referent.kind == "person":
            return known_as(referent, "the last person who spoke")
    return _nobody(history)


def _we(scene: Scene, attribution: Attribution, history: History) -> Referent:
    quoted = scene.segments.quotation_at(attribution.cue.start) is not None
    if not quoted:
        own = on(Because("{source} outside quotation marks is the outlet itself"))
        return new_referent("media", "named", OWN_VOICE, why=own)
    outer = _speaker(scene, attribution, history)
    if outer.naming != "named" or outer.kind != "person":
        return outer
    side = new_referent("institution", "named", f"{outer.name}'s side", why=outer.why)
    rule = "a named speaker says it for a side"
    return known_as(side, rule, first=outer.at, last=outer.last)


def _some_of(
    scene: Scene, phrase: Phrase, history: History, words: list[str]
) -> Referent:
    """ "one of them", "some of whom": part of the group before."""
    they = replace(phrase, first=phrase.last - 1, lower=phrase.lower[-1:])
    if words[-1] in _RELATIVE:
        found = _relative(scene, replace(they, first=phrase.first), history)
    else:
        found = find_they(scene, they, history)
    if "one" in words and found.kind == "group":
        one = Because("{source} is one of a group")
        why = found.why._replace(kind=one, name=one)
        name = history.number(found.head or "one")
        return replace(found, kind="person", name=name, why=why)
    return found


_ORDINALS = frozenset("second third fourth fifth other".split())
_PLAIN = frozenset("one person people persons".split())


def _is_elliptic(words: list[str]) -> bool:
    """Whether who speaks is only told apart: "another", "a third", "one of the people".

    "Others" and "some" are not: they may be anybody.
    """
    if len(words) == 4 and words[1:3] in (["of", "the"], ["of", "these"]):
        return words[3] in _PLAIN
    rest = words[:-1] if len(words) > 1 and words[-1] in _PLAIN else words
    if rest in (["another"], ["one"]):
        return True
    return len(rest) == 2 and rest[0] in ("a", "the") and rest[1] in _ORDINALS


_ELLIPSIS = 4  # sentences over which "another" carries the description along


def _another(
    scene: Scene, phrase: Phrase, history: History, words: list[str]
) -> Referent | None:
    """ "Two aides said no. A third said yes": described as the last unnamed."""
    sentence = scene.sentence_of(phrase.first)
    for referent in history.back():
        if sentence - referent.sentence > _ELLIPSIS:
            return None
        unnamed = referent.naming in ("veiled", "bare")
        if not unnamed or referent.kind not in ("person", "group"):
            continue
        known = known_as(referent, "the last people not named")
        if "of" in words and words[0] != "one":
            return known
        one = Because("{source} is one more of those before")
        why = known.why._replace(name=one)
        return replace(
            known, kind="person", name=history.number(known.head or "one"), why=why
        )
    return None


def _relative(scene: Scene, phrase: Phrase, history: History) -> Referent:
    """ "who", "which": the name or noun right before it."""
    at = phrase.first
    high = bisect_left(scene.name_starts, at)
    name = scene.names[high - 1] if high else None
    high = bisect_left(scene.noun_starts, at)
    noun = scene.nouns[high - 1] if high else None
    near = name
    if name is not None and phrase.lower[0] in _WHO:
        name = _person_before(scene, name, at)
    if (
        name is not None
        and (at - name.last <= 2 or name is not near)
        and (not noun or noun.last <= name.last or name is not near)
    ):
        found = describe(_phrase_of_name(scene, name))
        named = from_found(scene, found, history, at)
        rule = "the name before it"
        return known_as(named, rule, first=name.first, last=name.last)
    if noun is not None and at - noun.last <= 4:
        described = described_at(scene, noun, history)
        rule = "the noun before it"
        return known_as(described, rule, first=noun.first, last=noun.last)
    for referent in history.back():
        return known_as(referent, "the last source")
    return _nobody(history)


_WHO = frozenset(("who", "whom", "whose"))


def _person_before(scene: Scene, name: Name, at: int) -> Name:
    """ "Ann Hill, head of the Harbour Union, who said": Hill, not the union."""
    comma = scene.segments.tokens.lower[at - 1] == ","
    if name.kind == PERSON or not comma or at - name.last > 1:
        return name
    for before in reversed(scene.names[: bisect_left(scene.name_starts, at)]):
        if at - before.last > 14 or scene.sentence_of(before.first) != (
            scene.sentence_of(at)
        ):
            break
        apposed = scene.segments.tokens.lower[before.last] == ","
        if before.kind == PERSON and apposed:
            return before
    return name


def _phrase_of_name(scene: Scene, name: Name) -> Phrase:
    tokens = scene.segments.tokens
    span = Span(tokens.starts[name.title_first], tokens.ends[name.last - 1])
    return scene.phrase(span)
