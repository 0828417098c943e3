"""Whom "they" and "it" refer to: the people, body or paper before them.

The first people or body of the sentence, else the last that spoke, else the last named.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

from framing.antecedents import described_at
from framing.gazetteer import MEDIA, ORGANISATION, PERSON, PLACE
from framing.grounds import Because, on, refers
from framing.phrases import Phrase, is_people
from framing.scene import History, Referent, Scene, body_name, known_as, new_referent


def find_they(scene: Scene, phrase: Phrase, history: History) -> Referent:
    """The people or the body that "they" at the start of the phrase refers to."""
    sentence = scene.sentence_of(phrase.first)
    group = _group_before(scene, phrase.first, sentence, history)
    if group is not None:
        return group
    for referent in history.back():
        if sentence - referent.sentence > 4:
            break
        if is_quoted(scene, referent.at, phrase.first):
            continue
        if referent.kind in ("group", "institution"):
            return known_as(referent, "the last group or body that spoke")
    group = _group_before(scene, phrase.first, sentence - 1, history)
    group = group or _body_before(scene, phrase.first, sentence)
    group = group or _body_before(scene, phrase.first, sentence - 1)
    group = group or _pair_before(scene, phrase.first, sentence)
    if group is not None:
        return group
    why = on(Because("no people or body before it fit {source}"))
    return new_referent("group", "bare", history.number("they"), role="other", why=why)


def _pair_before(scene: Scene, at: int, sentence: int) -> Referent | None:
    """Two people named together: "Ann Lee and Tom Hill met in May. They said"."""
    lower = scene.segments.tokens.lower
    high = bisect_left(scene.name_starts, at)
    for one, two in pairwise(reversed(scene.names[:high])):
        if sentence - scene.sentence_of(two.first) > 2:
            break
        together = lower[two.last : one.title_first] == ("and",)
        if together and one.kind == two.kind == PERSON:
            pair = f"{two.whole} and {one.whole}"
            why = on(Because(refers("two people named together"), two.first, one.last))
            return new_referent("group", "named", pair, why=why)
    return None


def _group_before(
    scene: Scene, at: int, sentence: int, history: History
) -> Referent | None:
    """The first plural noun for people in a sentence, before token `at`."""
    high = bisect_left(scene.noun_starts, at)
    found = None
    for noun in reversed(scene.nouns[:high]):
        if scene.sentence_of(noun.first) != sentence:
            break
        if is_people(noun):
            referent = described_at(scene, noun, history)
            if referent.kind == "group":
                rule = "the first people in the sentence"
                found = known_as(referent, rule, first=noun.first, last=noun.last)
    return found


def find_it(scene: Scene, phrase: Phrase, history: History) -> Referent:
    """The body, paper or outlet that "it" at the start of the phrase refers to."""
    sentence = scene.sentence_of(phrase.first)
    body = _body_before(scene, phrase.first, sentence)
    if body is not None:
        return body
    for referent in history.back():
        if sentence - referent.sentence > 4:
            break
        if is_quoted(scene, referent.at, phrase.first):
            continue
        if referent.kind in ("institution", "document", "media"):
            return known_as(referent, "the last body, paper or outlet that spoke")
    for back in range(1, 4):
        body = _body_before(scene, phrase.first, sentence - back)
        if body is not None:
            return body
    why = on(Because("no body before it fits {source}"))
    return new_referent("institution", "named", "it", why=why)


def _body_before(scene: Scene, at: int, sentence: int) -> Referent | None:
    """The first institution or outlet named in a sentence, before token `at`."""
    found = None
    high = bisect_left(scene.name_starts, at)
    for name in reversed(scene.names[:high]):
        if scene.sentence_of(name.first) != sentence:
            break
        if name.kind in (ORGANISATION, PLACE, MEDIA):
            found = name
    if found is None:
        return None
    kind = "media" if found.kind == MEDIA else "institution"
    whole = body_name(scene, found.whole)
    rule = refers("the first body or outlet named in the sentence")
    why = on(Because(rule, found.first, found.last, whole))
    return new_referent(kind, "named", whole, why=why)


def is_quoted(scene: Scene, spoken: int, at: int) -> bool:
    """Whether `spoken` stands in a quotation and `at` in none."""
    starts, quotation_at = scene.segments.tokens.starts, scene.segments.quotation_at
    if spoken < 0 or quotation_at(starts[at]) is not None:
        return False
    return quotation_at(starts[spoken]) is not None
