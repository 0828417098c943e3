"""The relays of an article while they are found, and what their rules ask of it.

Words of a cue or a source, how far one statement is from the next, and whether words
around it mean another occasion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

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

    def attach(self, scene: Scene, i: int, outlet: Channel, rule: str) -> None:
        """Give attribution `i` an outlet that the text names, unless it has one."""
        if self.coded[i].via_name is None:
            tokens = scene.segments.tokens
            via = Span(tokens.starts[outlet.first], tokens.ends[outlet.last - 1])
            because = Because(rule, outlet.first, outlet.last)
            self.add(i, because, outlet.name, via)


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


def at_cue(scene: Scene, other: Attribution, rule: str, name: str | None) -> Because:
    """A reason that rests on another attribution, at the first token of its cue."""
    first = scene.segments.tokens.index_at(other.cue.start)
    return Because(rule, first, first + 1, name or "")


def is_owned(scene: Scene, attribution: Attribution) -> bool:
    """ "His promise", "the mayor's promise": told again, not said here."""
    words = words_of_source(scene, attribution)
    if attribution.source is None or (len(words) == 1 and words[0] in _OWN_WORDS):
        return bool(words)
    between = scene.segments.text[attribution.source.end : attribution.cue.start]
    return between.strip() in ("'s", "’s", "'", "’")


def order(coded: Sequence[Attribution]) -> list[int]:
    """The places of the attributions in the order of their cues."""
    return sorted(range(len(coded)), key=lambda i: coded[i].cue)


_OWN_WORDS = frozenset("i we you my our your his her their its him".split())
_ELSEWHERE = source_words("elsewhere")
_BEFORE = source_words("said before")


def is_elsewhere(scene: Scene, attribution: Attribution) -> bool:
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


def distance(scene: Scene, one: Attribution, two: Attribution) -> int:
    """Sentences from the end of one statement to the cue of the next."""
    segments = scene.segments
    end = max([one.cue.end, *(content.end for content in one.content)])
    first, last = segments.sentence_at(end - 1), segments.sentence_at(two.cue.start)
    if last <= first:
        return last - first
    # a quotation that runs on to the end of the paragraph, or leads to the cue of the
    # next, takes no step
    here = (segments.paragraph_at(one.cue.start), segments.paragraph_at(two.cue.start))
    starts = [segments.sentences[number].start for number in range(first + 1, last)]
    return 1 + sum(
        segments.quotation_at(at) is None or segments.paragraph_at(at) not in here
        for at in starts
    )
