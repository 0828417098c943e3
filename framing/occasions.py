"""How far a relay carries: further statements on the occasion of one that has it.

"Ann Lee told the Gazette ... She added ...": the same speaker, a few sentences on,
where nothing says that she spoke elsewhere. Not covered: an outlet meant by nothing
but the course of the story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from framing.annotations import Attribution
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


_TOLD = source_words("told")
_REPORTING = source_words("reporting")
_PEOPLE = ("person", "group")


def carry_after_media(scene: Scene, relays: Relays, own: str | None) -> None:
    """ "The Journal reported. ... These officials said": the Journal's officials."""
    seen: set[str | None] = set()
    coded = relays.coded
    for before, after in zip(_order(coded), _order(coded)[1:], strict=False):
        one, two = coded[before], coded[after]
        seen.add(one.source_name)
        fresh = two.source_name not in seen and two.via_name is None
        if two.source is None or one.source_kind != "media" or one.source_name == own:
            continue
        words = two.source.of(scene.segments.text).lower().split()
        definite = words[:1] in (["these"], ["those"], ["the"])
        veiled = two.naming in ("veiled", "bare") and two.source_kind in _PEOPLE
        if fresh and definite and veiled and _distance(scene, one, two) <= 2:
            rule = "{source} are those of what {words} reported, {far}"
            relays.add(
                after, _at_cue(scene, one, rule, one.source_name), one.source_name
            )


def _at_cue(scene: Scene, earlier: Attribution, rule: str, name: str | None) -> Because:
    """A reason that rests on an earlier attribution."""
    first = scene.segments.tokens.index_at(earlier.cue.start)
    return Because(rule, first, first + 1, name or "")


def _order(coded: Sequence[Attribution]) -> list[int]:
    return sorted(range(len(coded)), key=lambda i: coded[i].cue)


def carry(scene: Scene, relays: Relays) -> None:
    """Further statements of one speaker on the same occasion, a few sentences on."""
    last: dict[str, Attribution] = {}
    group: Attribution | None = None
    coded = relays.coded
    for i in _order(coded):
        two = coded[i]
        name = two.source_name
        if name is None or two.source is None:
            continue
        one = last.get(name)
        if one is None and _is_of_them(scene, two):
            one = group
        if (
            one is not None
            and two.via_name is None
            and _goes_on(scene, coded, one, two)
        ):
            because = _at_cue(scene, one, _CARRIED, one.via_name)
            relays.add(i, because, one.via_name, two.via)
        two = coded[i]
        if two.via_name is not None:
            last[name] = two
        if two.source_kind == "group":
            group = two


_CARRIED = "{source} spoke to {words}, {far}, and this is the same occasion"


def _goes_on(
    scene: Scene, coded: Sequence[Attribution], one: Attribution, two: Attribution
) -> bool:
    """Whether the occasion of `one` is still that of `two`."""
    return _same_occasion(scene, one, two) and not _is_told_by_another(
        scene, coded, two
    )


def _is_of_them(scene: Scene, attribution: Attribution) -> bool:
    """ "Officials told the Gazette ... One of them said": on the same occasion."""
    assert attribution.source is not None
    words = attribution.source.of(scene.segments.text).lower().split()
    return words[1:3] in (
        ["of", "them"],
        ["of", "those"],
        ["of", "the"],
        ["of", "whom"],
    )


def _is_told_by_another(
    scene: Scene, coded: Sequence[Attribution], inner: Attribution
) -> bool:
    """ "Aides told the Gazette that Ms Lee had warned them": the aides' occasion."""
    number = scene.segments.sentence_at(inner.cue.start)
    return any(
        outer.source_name != inner.source_name
        and scene.segments.sentence_at(outer.cue.start) == number
        and (_TOLD | _REPORTING) & set(outer.cue.of(scene.segments.text).split())
        and any(
            span.contains(inner.cue) and not span.contains(outer.cue)
            for span in outer.content
        )
        for outer in coded
    )


_SAME_GROUP = frozenset("they the these those their who".split())
_ELSEWHERE = source_words("elsewhere")


def _same_occasion(scene: Scene, one: Attribution, two: Attribution) -> bool:
    if two.kind != "statement" or _distance(scene, one, two) > 3:
        return False
    # "Officials said" anew are other officials
    words = two.source.of(scene.segments.text).lower().split() if two.source else [""]
    if two.source_kind == "group" and words[0] not in _SAME_GROUP:
        return False
    # what others said inside the quotation was said elsewhere
    if scene.segments.quotation_at(two.cue.start) is not None:
        return False
    number = scene.segments.sentence_at(two.cue.start)
    words = scene.segments.sentences[number].of(scene.segments.text).lower().split()
    return not _ELSEWHERE & set(words)


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
