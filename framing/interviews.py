"""Interviews: where a conversation begins, who asks in it, and transcripts.

"Lee was a guest on CNN's “New Day”", "“Is it shut?” Tapper asked. “No,” she said".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from framing.annotations import Attribution
from framing.channels import Channel, is_occasion
from framing.gazetteer import PERSON, source_words
from framing.grounds import Because
from framing.relayed import (
    Relays,
    at_cue,
    distance,
    in_one_sentence,
    is_elsewhere,
    order,
    words_of_cue,
    words_of_source,
)
from framing.scene import Scene
from framing.text import Span


@dataclass(frozen=True, slots=True)
class Opener:
    """Where a conversation with an outlet begins, and the people who are in it."""

    begins: Attribution
    people: tuple[str, ...]


def find_openers(scene: Scene, channels: Sequence[Channel]) -> list[Opener]:
    """ "Lee was a guest on CNN's “New Day”": what she says next is said there."""
    found = []
    for channel in channels:
        if channel.name is None or not is_occasion(scene, channel):
            continue
        people = _people_of(scene, channel)
        tokens = scene.segments.tokens
        at = Span(tokens.starts[channel.first], tokens.ends[channel.last - 1])
        begins = Attribution(
            at, None, (), "statement", "indirect", via_name=channel.name
        )
        if people:
            found.append(Opener(begins, people))
    return found


_CONVERSE = source_words("conversation")
_WRITTEN = ("column", "essay", "op-ed")
_NOT_THERE = frozenset("after following before tape tapes clip clips since".split())


def conversation_at(scene: Scene, channel: Channel) -> int | None:
    """The word near the outlet that tells of a conversation there, if any."""
    lower, (start, end) = scene.segments.tokens.lower, _bounds(scene, channel)
    near = range(max(start, channel.first - 8), min(end, channel.last + 2))
    at = next((i for i in near if lower[i] in _CONVERSE), None)
    if at is None or not _NOT_THERE.isdisjoint(lower[max(start, at - 3) : at]):
        return None
    return at


def _bounds(scene: Scene, channel: Channel) -> tuple[int, int]:
    """First token of the sentence that names the outlet, and one past its last."""
    sentence = scene.segments.sentences[scene.sentence_of(channel.first)]
    index_at = scene.segments.tokens.index_at
    return index_at(sentence.start), index_at(sentence.end - 1) + 1


def _people_of(scene: Scene, channel: Channel) -> tuple[str, ...]:
    """Who is in a conversation that the words around the outlet tell of, if any."""
    tokens = scene.segments.tokens
    at = conversation_at(scene, channel)
    if at is None:
        return ()
    start, end = _bounds(scene, channel)
    low, high = (bisect_left(scene.name_starts, edge) for edge in (start, end))
    quoted = scene.segments.quotation_at
    names = [
        name
        for name in scene.names[low:high]
        if name.kind == PERSON and quoted(tokens.starts[name.first]) is None
    ]
    before = [n for n in names if n.first < at]
    # "Lee renewed her feud with Hill in an op-ed": the first is who wrote it
    before = before[:1] if tokens.lower[at] in _WRITTEN else before[-1:]
    after = [n for n in names if n.first > at][: 2 - len(before)]
    people = (scene.cast.find(n.whole) for n in (*before, *after))
    return tuple(dict.fromkeys(p.name for p in people if p is not None))


_HOSTS = source_words("host")


def asks_for(
    scene: Scene, attribution: Attribution, hosts: Mapping[str, Channel]
) -> Channel | str | None:
    """The outlet for which the source asks, "" for that of the occasion, or none."""
    if attribution.source is None or attribution.source_kind != "person":
        return None
    known = hosts.get((attribution.source_name or " ").lower().split(" ")[-1])
    if known is not None:
        return known
    asks = not _HOSTS.isdisjoint(words_of_source(scene, attribution))
    return "" if asks else None


def answers(
    scene: Scene, question: Attribution, two: Attribution, asks: Channel | str | None
) -> bool:
    """ "“Is it shut?” Tapper asked. “No,” the mayor said": on Tapper's occasion."""
    if asks is not None or two.source_kind != "person" or two.kind != "statement":
        return False
    if any(content.contains(two.cue) for content in question.content):
        return False
    if two.form != "indirect" and distance(scene, question, two) <= 1:
        return True
    return in_one_sentence(scene, question, two) and is_question(scene, question)


def is_question(scene: Scene, two: Attribution) -> bool:
    """Whether it asks, here and not on another occasion."""
    return not _ASKING.isdisjoint(words_of_cue(scene, two)) and not is_elsewhere(
        scene, two
    )


_ASKING = source_words("asking")


def carry_questions(
    scene: Scene, relays: Relays, by_sentence: Mapping[int, Sequence[int]]
) -> None:
    """ "Asked about the port, she told CNN ...": the question was CNN's too."""
    coded = relays.coded
    for i, question in enumerate(coded):
        cue = question.cue.of(scene.segments.text).lower()
        if question.source is not None or cue not in _ASKING or question.via_name:
            continue
        here = by_sentence[scene.segments.sentence_at(question.cue.start)]
        beside = (coded[j] for j in here if coded[j].via_name is not None)
        answer = next(beside, None)
        if answer is not None:
            because = at_cue(scene, answer, _ASKED, answer.via_name)
            relays.add(i, because, answer.via_name)


_ASKED = "{words} relays the answer, {far}"


def carry_interview(scene: Scene, relays: Relays) -> None:
    """ "She said so in an interview. ... She told CNN ...": the interview was CNN's."""
    segments, coded = scene.segments, relays.coded
    relayed = [a for a in coded if a.via_name is not None]
    for i, two in enumerate(coded):
        if two.via_name is not None or two.source_kind != "person":
            continue
        tokens = segments.tokens
        number = segments.sentence_at(two.cue.start)
        end = tokens.index_at(segments.sentences[number].end - 1) + 1
        cue = tokens.index_at(two.cue.start)
        close = tokens.lower[max(0, cue - 8) : min(end, cue + 8)]
        if "interview" not in close or is_elsewhere(scene, two):
            continue
        own = (a for a in relayed if a.source_name == two.source_name)
        near = (a for a in own if abs(segments.sentence_at(a.cue.start) - number) <= 6)
        one = next(near, None)
        if one is not None:
            relays.add(i, at_cue(scene, one, CARRIED, one.via_name), one.via_name)


def carry_transcript(scene: Scene, relays: Relays, outlets: Sequence[Channel]) -> None:
    """ "On CNN on Sunday: ... TAPPER: Is it shut?": all that the transcript holds."""
    lines = [i for i in order(relays.coded) if _is_line(scene, relays.coded[i])]
    if len(lines) < 2:
        return
    start = relays.coded[lines[0]].cue.start
    before = [
        o
        for o in outlets
        if scene.segments.tokens.starts[o.first] < start and o.type in _AIRS
    ]
    outlet = max(before, key=lambda o: o.first, default=None)
    if outlet is None or outlet.name is None:
        return
    for i in lines:
        if relays.coded[i].via_name is None:
            why = Because(_TRANSCRIBED, outlet.first, outlet.last, outlet.name)
            relays.add(i, why, outlet.name)


_AIRS = ("broadcaster", "programme", "host", "interviewer", "interview")
_TRANSCRIBED = "{words}, {far}, aired what the transcript has"


def _is_line(scene: Scene, attribution: Attribution) -> bool:
    """Whether it is a line of a transcript: "TAPPER: Is the port shut?"."""
    text = scene.segments.text
    if attribution.source is None or attribution.cue.of(text) != ":":
        return False
    return attribution.source.of(text).isupper()


CARRIED = "{source} spoke to {words}, {far}, and this is the same occasion"
