"""Through which outlet a statement came: "told Reuters", "as reported by CNN".

A relay stands in the sentence of its attribution, or carries over to the next one of
the same speaker where the occasion is plainly the same. The article's own outlet and
the platforms never relay. Not covered: an outlet that is named sentences earlier and
meant by nothing but the course of the story.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from framing.annotations import Attribution
from framing.outlets import PLATFORM, find_outlets, outlet_name
from framing.referents import Scene
from framing.text import Span


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet, or words that stand for one, at tokens `first` to `last`.

    `name` is None where it is the article's own.
    """

    first: int
    last: int
    name: str | None
    type: str


def find_relays(
    scene: Scene, attributions: Sequence[Attribution], *, outlet: str | None = None
) -> list[Attribution]:
    """The attributions with `via` and `via_name` filled (CODEBOOK, section 2, Relay)."""
    outlets = _outlets(scene, outlet)
    coded = list(attributions)
    for i, attribution in enumerate(attributions):
        found = _beside_cue(scene, attribution, outlets)
        found = found or _around(scene, attribution, attributions, outlet)
        if found is not None:
            coded[i] = replace(attribution, via=found[0], via_name=found[1])
    return _carried(scene, coded)


_GENERIC = frozenset("""
    media press newspaper network outlet channel station broadcaster magazine paper
    publication daily tabloid tv television radio program programme podcast website
    news|agency news|outlet state|media state|television state|tv state|radio
    local|media news|media public|radio news|service news|site news|organization
""".split())
_SHOWS = frozenset("show interview broadcast talk|show radio|interview".split())


def _outlets(scene: Scene, own_label: str | None) -> list[Outlet]:
    own = outlet_name(own_label) if own_label else None
    found = [
        Outlet(
            m.first, m.last, m.entry.note if m.entry.note != own else None, m.entry.type
        )
        for m in find_outlets(scene.segments)
        if m.entry.type != PLATFORM
    ]
    taken = {at for o in found for at in range(o.first, o.last)}
    lower = scene.segments.tokens.lower
    for noun in scene.nouns:
        words = lower[noun.first : noun.last]
        if "|".join(words) in _GENERIC and taken.isdisjoint(
            range(noun.first, noun.last)
        ):
            name = _meant(lower, noun.first, noun.last, found)
            found.append(Outlet(noun.first, noun.last, name, "generic"))
    return sorted(found, key=lambda o: o.first)


def _meant(
    lower: Sequence[str], first: int, last: int, outlets: Sequence[Outlet]
) -> str | None:
    """ "the paper" is the outlet named last; "state television" is itself."""
    if first and lower[first - 1] in ("the", "this") and last - first == 1:
        before = [o for o in outlets if o.last <= first]
        return before[-1].name if before else None
    return " ".join(lower[first:last])


# --- in the sentence ----------------------------------------------------------

_TOLD = frozenset("""
    tell tells told telling inform informs informed assured assure reminded interview
    interviewed spoke speaking speak talking talked remarks comments statement
    statements email e-mail emailed conversation confirmed quoted
""".split())
_TO = frozenset("to with by for in on via at from".split())
_OCCASION = frozenset("""
    interview interviews appearance appeared appearing interviewed show program
    programme broadcast aired airs op-ed opinion column article essay speaking spoke
    hour-long published wrote writes writing report story conversation segment remarks
    host anchor quoted exclusive during live sunday monday tuesday wednesday thursday
    friday saturday obtained cited reported carried phone quoting saying said says told
    joined guest correspondent podcast radio
""".split())
_Via = tuple[Span | None, str]


def _beside_cue(
    scene: Scene, attribution: Attribution, outlets: Sequence[Outlet]
) -> _Via | None:
    """An outlet in the sentence of the cue, joined to it by "told" or "on"."""
    tokens = scene.segments.tokens
    cue = tokens.index_at(attribution.cue.start)
    cue_end = tokens.index_at(attribution.cue.end - 1) + 1
    sentence = scene.sentence_of(cue)
    for outlet in _in_sentence(scene, outlets, sentence):
        if outlet.name is None or _is_source(scene, attribution, outlet):
            continue
        if _inside_other(scene, attribution, outlet):
            continue
        if _is_told(tokens.lower, cue, cue_end, outlet) or _is_occasion(
            tokens.lower, scene, sentence, outlet
        ):
            return _span(scene, outlet), outlet.name
    return None


def _in_sentence(
    scene: Scene, outlets: Sequence[Outlet], sentence: int
) -> Iterator[Outlet]:
    starts = scene.segments.tokens.sentence
    low = bisect_left(starts, sentence)
    high = bisect_left(starts, sentence + 1)
    return (o for o in outlets if low <= o.first < high)


def _span(scene: Scene, outlet: Outlet) -> Span:
    tokens = scene.segments.tokens
    return Span(tokens.starts[outlet.first], tokens.ends[outlet.last - 1])


def _is_source(scene: Scene, attribution: Attribution, outlet: Outlet) -> bool:
    if attribution.source is None or attribution.source_kind != "media":
        return False
    return attribution.source.overlaps(_span(scene, outlet))


def _inside_other(scene: Scene, attribution: Attribution, outlet: Outlet) -> bool:
    """Whether the outlet stands inside what is said: "said CNN had lied"."""
    span = _span(scene, outlet)
    return any(
        content.contains(span) and not content.contains(attribution.cue)
        for content in attribution.content
    )


def _is_told(lower: Sequence[str], cue: int, cue_end: int, outlet: Outlet) -> bool:
    # "told the Xinhua news agency": at most a few words in between
    between = lower[cue_end : outlet.first]
    return (
        lower[cue] in _TOLD and cue_end <= outlet.first and len(between) <= 5
        and not set(between) & {",", "that", ".", '"', "“"}
    )  # fmt: skip


def _is_occasion(
    lower: Sequence[str], scene: Scene, sentence: int, outlet: Outlet
) -> bool:
    at = outlet.first - 1
    while at >= 0 and outlet.first - at <= 4 and lower[at] not in _TO | _TOLD:
        at -= 1
    if at < 0 or scene.sentence_of(at) != sentence:
        return False
    before = set(lower[max(0, at - 4) : at + 1])
    if lower[at] in _TOLD:
        return True
    if lower[at] in ("on", "to", "with", "by", "in", "for"):
        return bool(before & _OCCASION) or (
            lower[at] == "on" and outlet.type in ("broadcaster", "programme")
        )
    return False


# --- from other attributions --------------------------------------------------


def _around(
    scene: Scene,
    attribution: Attribution,
    attributions: Sequence[Attribution],
    own_label: str | None,
) -> _Via | None:
    """A media source whose statement holds this one: "X said ..., Reuters reported"."""
    own = outlet_name(own_label) if own_label else None
    if attribution.source_kind == "media":
        return None
    for other in attributions:
        if other.source_kind != "media" or other.source is None:
            continue
        if other.source_name == own or other.kind != "statement":
            continue
        if _holds(scene, other, attribution) or _cites(scene, other, attribution):
            return other.source, other.source_name or other.source.of(scene.segments.text)
    return None


def _holds(scene: Scene, outer: Attribution, inner: Attribution) -> bool:
    """Whether `inner` is part of what the media source `outer` says.

    A coder may give whole sentences as content, the cue included; then the order
    in the sentence decides.
    """
    segments = scene.segments
    held = [span for span in outer.content if span.contains(inner.cue)]
    if any(not span.contains(outer.cue) for span in held):
        return True
    same = segments.sentence_at(outer.cue.start) == segments.sentence_at(inner.cue.start)
    if not held or not same:
        return False
    low, high = sorted((outer.cue.end, inner.cue.end))
    # "The Journal notes the rule, while the mayor said": two separate statements
    return not _APART & set(segments.text[low:high].lower().split())


_APART = frozenset(("while", "but", "whereas", "although", "though"))


_CITES = frozenset("cite cites cited citing quote quotes quoted quoting".split())


def _cites(scene: Scene, outer: Attribution, inner: Attribution) -> bool:
    # "CNN reported on Monday, citing two people briefed on the talks"
    segments = scene.segments
    same = segments.sentence_at(outer.cue.start) == segments.sentence_at(inner.cue.start)
    return same and inner.cue.of(segments.text).lower() in _CITES


# --- carried over -------------------------------------------------------------


def _carried(scene: Scene, coded: list[Attribution]) -> list[Attribution]:
    order = sorted(range(len(coded)), key=lambda i: coded[i].cue)
    for before, after in zip(order, order[1:], strict=False):
        one, two = coded[before], coded[after]
        if one.via_name and not two.via_name and _same_occasion(scene, one, two):
            coded[after] = replace(two, via_name=one.via_name)
    return coded


def _same_occasion(scene: Scene, one: Attribution, two: Attribution) -> bool:
    segments = scene.segments
    distance = segments.sentence_at(two.cue.start) - segments.sentence_at(one.cue.start)
    return (
        one.source_name == two.source_name
        and two.source is not None
        and two.kind == "statement"
        and distance <= 2
    )
