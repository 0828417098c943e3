"""How far a relay carries: further statements on the occasion of one that has it.

"Ann Lee told the Gazette ... She added ...": the same speaker, a few sentences on,
where nothing says that she spoke elsewhere. Not covered: an outlet meant by nothing
but the course of the story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from framing.annotations import Attribution
from framing.channels import Channel
from framing.grounds import Because
from framing.interviews import (
    CARRIED,
    Opener,
    answers,
    asks_for,
    carry_interview,
    carry_questions,
    is_question,
)
from framing.relayed import (
    PEOPLE,
    REPORTING,
    TOLD,
    Relays,
    at_cue,
    distance,
    is_elsewhere,
    is_owned,
    order,
    words_of_cue,
    words_of_source,
)
from framing.scene import Scene


def carry_after_media(scene: Scene, relays: Relays, own: str | None) -> None:
    """ "The Journal reported. ... These officials said": the Journal's officials."""
    seen: set[str | None] = set()
    coded = relays.coded
    for before, after in pairwise(order(coded)):
        one, two = coded[before], coded[after]
        seen.add(one.source_name)
        fresh = two.source_name not in seen and two.via_name is None
        if one.source_kind != "media" or one.source_name == own:
            continue
        words = words_of_source(scene, two)
        definite = words[:1] in (["these"], ["those"], ["the"])
        veiled = two.naming in ("veiled", "bare") and two.source_kind in PEOPLE
        if fresh and definite and veiled and distance(scene, one, two) <= 2:
            rule = "{source} are those of what {words} reported, {far}"
            relays.add(
                after, at_cue(scene, one, rule, one.source_name), one.source_name
            )


@dataclass
class _Course:
    """How far the article has told its occasions.

    `last` has the last statement of each speaker on one, `told` how often an outlet
    relayed, `question` what was asked last for an outlet.
    """

    last: dict[str, Attribution] = field(default_factory=dict)
    told: Counter[str | None] = field(default_factory=Counter)
    question: Attribution | None = None
    group: Attribution | None = None
    talks: set[str | None] = field(default_factory=set)

    def open(self, opener: Opener) -> None:
        """A conversation begins: "She sat down with the BBC"."""
        for name in opener.people:
            self.last[name] = opener.begins
        self.told[opener.begins.via_name] += 1

    def go_on(self, spoken: Attribution, *, asks: bool) -> None:
        """Remember a statement as the last of its speaker, and of whom it asks."""
        if spoken.source_kind == "group":
            self.group = spoken
        if spoken.via_name is None or spoken.source_name is None:
            self.question = None
            return
        self.last[spoken.source_name] = spoken
        self.told[spoken.via_name] += spoken.kind == "statement"
        self.question = spoken if asks else None
        # the occasion goes on for all in it as long as a host asks
        if asks:
            self.talks.add(spoken.via_name)
        for name, one in self.last.items() if spoken.via_name in self.talks else ():
            if one.via_name == spoken.via_name:
                self.last[name] = spoken


def carry(
    scene: Scene,
    relays: Relays,
    by_sentence: Mapping[int, Sequence[int]],
    hosts: Mapping[str, Channel],
    openers: Sequence[Opener] = (),
) -> None:
    """Further statements on one occasion: of its speaker, and of whoever asks there.

    `by_sentence` has the places of the attributions with their cue in a sentence.
    """
    course, coded, ahead = _Course(), relays.coded, list(reversed(openers))
    for i in order(coded):
        while ahead and ahead[-1].begins.cue < coded[i].cue:
            course.open(ahead.pop())
        if coded[i].source_name is None or coded[i].source is None:
            continue
        asks = asks_for(scene, coded[i], hosts)
        here = by_sentence[scene.segments.sentence_at(coded[i].cue.start)]
        told = _is_told_by_another(scene, [coded[j] for j in here], coded[i])
        if coded[i].via_name is None and not told:
            _carry_to(scene, relays, i, course, asks)
        course.go_on(relays.coded[i], asks=asks is not None)
    carry_questions(scene, relays, by_sentence)
    carry_interview(scene, relays)


def _carry_to(
    scene: Scene, relays: Relays, i: int, course: _Course, asks: Channel | str | None
) -> None:
    """Relay statement `i` where it still is on an occasion told before."""
    two = relays.coded[i]
    one = course.last.get(two.source_name or "")
    if one is None and _is_of_them(scene, two):
        one = course.group
    outlet = asks.name if isinstance(asks, Channel) else asks
    if one is None and outlet is not None:
        one = _latest(course.last, outlet)
    if one and _same_occasion(scene, one, two, course.told[one.via_name]):
        relays.add(i, at_cue(scene, one, CARRIED, one.via_name), one.via_name)
    elif course.question and answers(scene, course.question, two, asks):
        question = course.question
        why = at_cue(scene, question, _ANSWERED, question.via_name)
        relays.add(i, why, question.via_name)
    elif isinstance(asks, Channel) and is_question(scene, two):
        relays.add(i, Because(_HOST_ASKS, asks.first, asks.last), asks.name)


_ANSWERED = "{source} answers what was asked for {words}, {far}"
_HOST_ASKS = "{source} asks for {words}"


def _latest(last: Mapping[str, Attribution], outlet: str) -> Attribution | None:
    """The last statement that the outlet relays; of any, where it has no name."""
    there = [one for one in last.values() if outlet in ("", one.via_name)]
    return max(there, key=lambda one: one.cue.start, default=None)


def _is_of_them(scene: Scene, attribution: Attribution) -> bool:
    """ "Officials told the Gazette ... One of them said": on the same occasion."""
    words = words_of_source(scene, attribution)
    return words[1:2] == ["of"] and words[2:3] in (
        ["them"], ["those"], ["the"], ["whom"],
    )  # fmt: skip


def _is_told_by_another(
    scene: Scene, here: Sequence[Attribution], inner: Attribution
) -> bool:
    """ "Aides told the Gazette that Ms Lee had warned them": the aides' occasion.

    `here` are the attributions of the sentence.
    """
    return any(
        outer.source_name != inner.source_name
        and (TOLD | REPORTING) & set(outer.cue.of(scene.segments.text).split())
        and any(
            span.contains(inner.cue) and not span.contains(outer.cue)
            for span in outer.content
        )
        for outer in here
    )


_SAME_GROUP = frozenset("they the these those their who".split())
_WRITES = ("write", "writes", "wrote", "writing")


def _same_occasion(scene: Scene, one: Attribution, two: Attribution, told: int) -> bool:
    """Whether the occasion of `one`, so often `told` of, is still that of `two`."""
    if two.kind != "statement" or not _is_near(scene, one, two, told):
        return False
    if one.via_name in _MANY_TALKS:
        return False
    # "Officials said" anew are other officials
    words = words_of_source(scene, two)
    if two.source_kind == "group" and not _SAME_GROUP & set(words[:1]):
        return False
    if is_owned(scene, two):
        return False
    # what others said inside the quotation was said elsewhere
    if scene.segments.quotation_at(two.cue.start) is not None:
        return False
    cues = (*words_of_cue(scene, one), *words_of_cue(scene, two))
    written = len([cue for cue in cues if cue in _WRITES]) == 2
    return written or not is_elsewhere(scene, two)


# not one occasion
_MANY_TALKS = (
    "media interviews", "television interviews", "media appearances",
    "television appearances", "news shows",
)  # fmt: skip


def _is_near(scene: Scene, one: Attribution, two: Attribution, told: int) -> bool:
    """Whether an occasion of which the article `told` so much can still go on.

    One that is retold at length reaches further than a single "told the Gazette",
    and words that are quoted are rather from it than what someone says besides.
    """
    reach = min(2 * told, 6) * (1 if two.form == "indirect" else 2)
    return distance(scene, one, two) <= reach
