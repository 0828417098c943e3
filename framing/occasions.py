"""How far a relay carries: further statements on the occasion of one that has it.

"Ann Lee told the Gazette ... She added ...": the same speaker, a few sentences on,
where nothing says that she spoke elsewhere. Not covered: an outlet meant by nothing
but the course of the story.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from framing.annotations import Attribution
from framing.channels import Channel
from framing.gazetteer import source_words
from framing.grounds import Because
from framing.scene import Scene
from framing.text import Span


@dataclass
class Relays:
    """Attributions while they get their relays, and why each of these has one."""

    coded: list[Attribution]
    why: dict[int, Because] = field(default_factory=dict)

    def add(
        self, i: int, why: Because, name: str | None, via: Span | None = None
    ) -> None:
        """Give attribution `i` its relay; whoever does says why."""
        self.coded[i] = replace(self.coded[i], via=via, via_name=name)
        self.why[i] = why


PEOPLE = ("person", "group")
TOLD = source_words("told")
REPORTING = source_words("reporting")


def words_of_cue(scene: Scene, attribution: Attribution) -> list[str]:
    """The words of the cue in lower case."""
    return attribution.cue.of(scene.segments.text).lower().split()


def words_of_source(scene: Scene, attribution: Attribution) -> list[str]:
    """The words of the source in lower case, none where no source is expressed."""
    if attribution.source is None:
        return []
    return attribution.source.of(scene.segments.text).lower().split()


def in_one_sentence(scene: Scene, one: Attribution, other: Attribution) -> bool:
    """Whether two cues stand in the same sentence."""
    sentence_at = scene.segments.sentence_at
    return sentence_at(one.cue.start) == sentence_at(other.cue.start)


def carry_after_media(scene: Scene, relays: Relays, own: str | None) -> None:
    """ "The Journal reported. ... These officials said": the Journal's officials."""
    seen: set[str | None] = set()
    coded = relays.coded
    for before, after in pairwise(_order(coded)):
        one, two = coded[before], coded[after]
        seen.add(one.source_name)
        fresh = two.source_name not in seen and two.via_name is None
        if one.source_kind != "media" or one.source_name == own:
            continue
        words = words_of_source(scene, two)
        definite = words[:1] in (["these"], ["those"], ["the"])
        veiled = two.naming in ("veiled", "bare") and two.source_kind in PEOPLE
        if fresh and definite and veiled and _distance(scene, one, two) <= 2:
            rule = "{source} are those of what {words} reported, {far}"
            relays.add(
                after, _at_cue(scene, one, rule, one.source_name), one.source_name
            )


def _at_cue(scene: Scene, other: Attribution, rule: str, name: str | None) -> Because:
    """A reason that rests on another attribution, at the first token of its cue."""
    first = scene.segments.tokens.index_at(other.cue.start)
    return Because(rule, first, first + 1, name or "")


def _order(coded: Sequence[Attribution]) -> list[int]:
    return sorted(range(len(coded)), key=lambda i: coded[i].cue)


def carry(
    scene: Scene,
    relays: Relays,
    by_sentence: Mapping[int, Sequence[int]],
    hosts: Mapping[str, Channel],
) -> None:
    """Further statements on one occasion: of its speaker, and of whoever asks there.

    `by_sentence` has the places of the attributions with their cue in a sentence.
    """
    last: dict[str, Attribution] = {}
    group: Attribution | None = None
    coded = relays.coded
    for i in _order(coded):
        name = coded[i].source_name
        if name is None or coded[i].source is None:
            continue
        outlet = _asks_for(scene, coded[i], hosts)
        one = last.get(name)
        if one is None and _is_of_them(scene, coded[i]):
            one = group
        if one is None and outlet is not None:
            one = _latest(last, outlet)
        here = by_sentence[scene.segments.sentence_at(coded[i].cue.start)]
        told = _is_told_by_another(scene, [coded[j] for j in here], coded[i])
        is_free = coded[i].via_name is None and not told
        if is_free and one and _same_occasion(scene, coded, one, coded[i]):
            because = _at_cue(scene, one, _CARRIED, one.via_name)
            relays.add(i, because, one.via_name, coded[i].via)
        if coded[i].via_name is not None:
            last[name] = coded[i]
            if outlet is not None:
                _keep_up(last, coded[i])
        if coded[i].source_kind == "group":
            group = coded[i]
    _carry_questions(scene, relays, by_sentence)
    _carry_interview(scene, relays)


_HOSTS = source_words("host")


def _asks_for(
    scene: Scene, attribution: Attribution, hosts: Mapping[str, Channel]
) -> str | None:
    """The outlet for which the source asks, "" for that of the occasion, or none."""
    if attribution.source is None or attribution.source_kind != "person":
        return None
    known = hosts.get((attribution.source_name or " ").lower().split(" ")[-1])
    if known is not None:
        return known.name
    asks = not _HOSTS.isdisjoint(words_of_source(scene, attribution))
    return "" if asks else None


def _latest(last: Mapping[str, Attribution], outlet: str) -> Attribution | None:
    """The last statement that the outlet relays; of any, where it has no name."""
    there = [one for one in last.values() if outlet in ("", one.via_name)]
    return max(there, key=lambda one: one.cue.start, default=None)


def _keep_up(last: dict[str, Attribution], question: Attribution) -> None:
    # the guest's occasion goes on as long as the host asks
    for name, one in last.items():
        if one.via_name == question.via_name:
            last[name] = question


_ASKING = source_words("asking")


def _carry_questions(
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
            because = _at_cue(scene, answer, _ASKED, answer.via_name)
            relays.add(i, because, answer.via_name)


_ASKED = "{words} relays the answer, {far}"


def _carry_interview(scene: Scene, relays: Relays) -> None:
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
        if "interview" not in close or _is_elsewhere(scene, two):
            continue
        own = (a for a in relayed if a.source_name == two.source_name)
        near = (a for a in own if abs(segments.sentence_at(a.cue.start) - number) <= 6)
        one = next(near, None)
        if one is not None:
            relays.add(i, _at_cue(scene, one, _CARRIED, one.via_name), one.via_name)


def carry_transcript(scene: Scene, relays: Relays, outlets: Sequence[Channel]) -> None:
    """ "On CNN on Sunday: ... TAPPER: Is it shut?": all that the transcript holds."""
    lines = [i for i in _order(relays.coded) if _is_line(scene, relays.coded[i])]
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


_CARRIED = "{source} spoke to {words}, {far}, and this is the same occasion"


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
_ELSEWHERE = source_words("elsewhere")
_BEFORE = source_words("said before")
_OWN_WORDS = frozenset("i we you my our your his her their its him".split())


def _same_occasion(
    scene: Scene, coded: Sequence[Attribution], one: Attribution, two: Attribution
) -> bool:
    """Whether the occasion of `one` is still that of `two`."""
    if two.kind != "statement" or not _is_near(scene, coded, one, two):
        return False
    # "Officials said" anew are other officials
    words = words_of_source(scene, two)
    if two.source_kind == "group" and not _SAME_GROUP & set(words[:1]):
        return False
    # "his promise": told again, not said here
    if len(words) == 1 and words[0] in _OWN_WORDS:
        return False
    # what others said inside the quotation was said elsewhere
    if scene.segments.quotation_at(two.cue.start) is not None:
        return False
    return not _is_elsewhere(scene, two)


def _is_near(
    scene: Scene, coded: Sequence[Attribution], one: Attribution, two: Attribution
) -> bool:
    """Within three sentences, or five where nobody else spoke."""
    far = _distance(scene, one, two)
    return far <= 3 or (far <= 5 and not _is_parted(coded, one, two))


def _is_parted(
    coded: Sequence[Attribution], one: Attribution, two: Attribution
) -> bool:
    """Whether another person spoke between the two."""
    return any(
        one.cue < other.cue < two.cue
        and other.kind == "statement"
        and other.source_kind == "person"
        and other.via_name != one.via_name
        and other.source_name not in (one.source_name, two.source_name, None)
        for other in coded
    )


def _is_elsewhere(scene: Scene, attribution: Attribution) -> bool:
    """Whether the words around the cue mean another occasion: "has said"."""
    tokens, segments = scene.segments.tokens, scene.segments
    cue = tokens.index_at(attribution.cue.start)
    first = cue
    while first and tokens.sentence[first - 1] == tokens.sentence[cue]:
        first -= 1
    last = cue + 1
    while last < len(tokens.lower) and tokens.sentence[last] == tokens.sentence[cue]:
        last += 1
    outside = {
        tokens.lower[at]
        for at in range(first, last)
        if segments.quotation_at(tokens.starts[at]) is None
    }
    before = set(tokens.lower[max(first, cue - 3) : cue])
    return bool(outside & _ELSEWHERE or before & _BEFORE)


def _distance(scene: Scene, one: Attribution, two: Attribution) -> int:
    """Sentences from the end of one statement to the cue of the next."""
    segments = scene.segments
    end = max([one.cue.end, *(content.end for content in one.content)])
    first, last = segments.sentence_at(end - 1), segments.sentence_at(two.cue.start)
    if last <= first:
        return last - first
    # a quotation that runs on to the end of the paragraph takes no step
    same = segments.paragraph_at(one.cue.start)
    starts = [segments.sentences[number].start for number in range(first + 1, last)]
    return 1 + sum(
        segments.quotation_at(at) is None or segments.paragraph_at(at) != same
        for at in starts
    )
