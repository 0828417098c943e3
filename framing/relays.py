"""Through which outlet a statement came: "told Reuters", "as reported by CNN".

A relay stands beside the cue, inside the source ("who spoke to Fox News") or around
the statement ("X said ..., Reuters reported"); `occasions` carries it over to further
statements on the same occasion. The article's own outlet and the platforms never relay.
Not covered: interviews on a channel without a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from framing.annotations import Attribution
from framing.blocks import attach_blocks
from framing.channels import Channel, find_channels, find_hosts, is_occasion
from framing.gazetteer import known_name, source_words
from framing.grounds import Because
from framing.interviews import carry_transcript, conversation_at, find_openers
from framing.occasions import carry, carry_after_media
from framing.outlets import outlet_name
from framing.relayed import (
    PEOPLE,
    REPORTING,
    TOLD,
    Relays,
    in_one_sentence,
    is_owned,
    words_of_cue,
    words_of_source,
)
from framing.scene import Scene
from framing.transcripts import OWN_VOICE


def find_relays(
    scene: Scene, attributions: Sequence[Attribution], *, outlet: str | None = None
) -> Relays:
    """The attributions with `via` and `via_name` filled (CODEBOOK, section 2)."""
    own = outlet_name(outlet) if outlet else None
    relays = Relays(list(attributions))
    by_sentence = _by_sentence(scene, relays.coded)
    channels = find_channels(scene, own)
    for named in channels:
        if named.name is not None:
            _attach(scene, relays, by_sentence, named)
    _from_media(scene, relays, by_sentence, own)
    attach_blocks(scene, relays, by_sentence, channels)
    carry_after_media(scene, relays, own)
    carry_transcript(scene, relays, channels)
    hosts, openers = find_hosts(scene, channels), find_openers(scene, channels)
    carry(scene, relays, by_sentence, hosts, openers)
    return relays


def _by_sentence(scene: Scene, coded: Sequence[Attribution]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for i, attribution in enumerate(coded):
        number = scene.segments.sentence_at(attribution.cue.start)
        found.setdefault(number, []).append(i)
    return found


# --- beside the cue -----------------------------------------------------------


def _attach(
    scene: Scene,
    relays: Relays,
    by_sentence: dict[int, list[int]],
    outlet: Channel,
) -> None:
    number, coded = scene.sentence_of(outlet.first), relays.coded
    near = [
        i for i in by_sentence.get(number, ()) if _can_relay(scene, coded[i], outlet)
    ]
    rule = "the cue has {words} as its listener"
    chosen = _told(scene, coded, near, outlet)
    if chosen is None:
        chosen = _quoted_by(scene, coded, near, outlet)
        rule = rule if chosen is None else "{words} quotes it"
    if chosen is None and is_occasion(scene, outlet):
        rule = "the words before {words} make it an occasion of speech"
        chosen = _nearest(scene, coded, near, outlet)
        if chosen is None:
            _begin(scene, relays, by_sentence, outlet)
    if chosen is None:
        return
    name = coded[chosen].source_name
    for i in near:
        if i == chosen:
            relays.attach(scene, i, outlet, rule)
        elif coded[i].source_name == name and name is not None:
            same = "the same source speaks to {words} in the sentence"
            relays.attach(scene, i, outlet, same)


def _begin(
    scene: Scene,
    relays: Relays,
    by_sentence: dict[int, list[int]],
    outlet: Channel,
) -> None:
    """ "She sat down with the BBC on Monday. She said ...": the next sentence."""
    number = scene.sentence_of(outlet.first)
    if by_sentence.get(number) or conversation_at(scene, outlet) is None:
        return
    for i in by_sentence.get(number + 1, ())[:1]:
        first = relays.coded[i]
        if first.source_kind in PEOPLE and first.via_name is None:
            rule = "the meeting with {words}, {far}, is where it was said"
            relays.add(i, Because(rule, outlet.first, outlet.last), outlet.name)


def _can_relay(scene: Scene, attribution: Attribution, outlet: Channel) -> bool:
    """Whether the outlet can be where this was said, not what was said or by whom."""
    if attribution.source_kind == "media":
        return False
    segments = scene.segments
    at = segments.tokens.starts[outlet.first]
    if _is_of_outlet(scene, attribution, at):
        return False
    quotation = segments.quotation_at(attribution.cue.start)
    if quotation is not None and quotation != segments.quotation_at(at):
        return False
    # "said CNN had lied": the outlet is part of what was said
    inside = any(
        content.start <= at < content.end and not content.contains(attribution.cue)
        for content in attribution.content
    )
    return not inside or _follows_cue(scene, attribution, outlet)


def _is_of_outlet(scene: Scene, attribution: Attribution, at: int) -> bool:
    """ "Footage of the show on CNN" is the source itself; a memo it saw is relayed."""
    source = attribution.source
    if source is None or attribution.source_kind in PEOPLE:
        return False
    seen = not _SEEN.isdisjoint(words_of_source(scene, attribution))
    return source.start <= at < source.end and not seen


_SEEN = frozenset(
    "seen obtained reviewed viewed shared released published read aired".split()
)


def _follows_cue(scene: Scene, attribution: Attribution, outlet: Channel) -> bool:
    """Whether only an occasion parts cue and outlet: "said on Monday on CNN"."""
    tokens = scene.segments.tokens
    cue_end = tokens.index_at(attribution.cue.end - 1) + 1
    between = tokens.lower[cue_end : outlet.first]
    if between[:1] == (",",):
        between = between[1:]  # "denied, in an interview with CNN, that"
    if not between:
        return attribution.cue.end <= tokens.starts[outlet.first]
    if set(between) & _SPEECH or len(between) > 12:
        return False
    return between[0] in _TO or len(between) <= 5


_TO = frozenset("to with by for in on via at from during".split())
_SPEECH = frozenset("that , . had was were would could has have is are".split())


def _told(
    scene: Scene, coded: Sequence[Attribution], near: Sequence[int], outlet: Channel
) -> int | None:
    """The attribution with "told" right before the outlet, or none."""
    lower = scene.segments.tokens.lower
    for i in reversed(near):
        cue_end = scene.segments.tokens.index_at(coded[i].cue.end - 1) + 1
        between = lower[cue_end : outlet.first]
        told = TOLD & set(words_of_cue(scene, coded[i]))
        close = cue_end <= outlet.first and len(between) <= 5
        if told and close and not set(between) & {",", "that", ".", "said"}:
            return i
    return None


def _quoted_by(
    scene: Scene, coded: Sequence[Attribution], near: Sequence[int], outlet: Channel
) -> int | None:
    """The attribution with the outlet right before its cue: "CNN quoted a guard"."""
    at = scene.segments.tokens.ends[outlet.last - 1]
    for i in near:
        cue, source = coded[i].cue, coded[i].source
        beside = not scene.segments.text[at : cue.start].strip()
        quoted = not _CITES.isdisjoint(words_of_cue(scene, coded[i]))
        if beside and quoted and source is not None and cue < source:
            return i
    return None


def _nearest(
    scene: Scene, coded: Sequence[Attribution], near: Sequence[int], outlet: Channel
) -> int | None:
    at = scene.segments.tokens.starts[outlet.first]
    return min(near, key=lambda i: abs(coded[i].cue.start - at), default=None)


# --- inside the source and around the statement -------------------------------

_REPORTERS = source_words("reporter")
_WRITES = frozenset("write writes wrote writing written".split())


def _from_media(
    scene: Scene,
    relays: Relays,
    by_sentence: dict[int, list[int]],
    own: str | None,
) -> None:
    """Statements that another outlet, or its reporter, holds or cites."""
    coded = relays.coded
    reporters = {
        a.source_name: via
        for a in coded
        if (via := _paper_of(scene, a, own)) is not None
    }
    for i, attribution in enumerate(coded):
        if attribution.via_name is None and attribution.source_name in reporters:
            outlet = reporters[attribution.source_name]
            relays.add(i, Because("{source} reports for {words}", name=outlet), outlet)
    for outer in list(coded):
        name = outer.source_name
        media = outer.source_kind == "media" and name not in (own, OWN_VOICE)
        if outer.source is None or not (media or name in reporters):
            continue
        first = scene.segments.tokens.index_at(outer.source.start)
        last = scene.segments.tokens.index_at(outer.source.end - 1) + 1
        for i, rule in _inner(scene, coded, by_sentence, outer):
            via_name = name if media else reporters[name]
            relays.add(i, Because(rule, first, last), via_name, outer.source)


def _paper_of(scene: Scene, attribution: Attribution, own: str | None) -> str | None:
    """The outlet of a reporter as source: "Mollie Hill at The Federalist"."""
    if attribution.source is None or attribution.source_kind != "person":
        return None
    cue = words_of_cue(scene, attribution)
    if REPORTING.isdisjoint(cue):
        return None  # a tweet of hers is her own
    phrase = scene.phrase(attribution.source)
    for name in phrase.names:
        known = known_name(name.whole) or ("", name.whole)
        if name.kind != "media" or known[1] == own:
            continue
        first, last = name.first - phrase.first, name.last - phrase.first
        before = phrase.lower[max(0, first - 2) : first]
        writes = "of" in before and not _WRITES.isdisjoint(cue)
        beside = {*before, *phrase.lower[last : last + 1]}
        if "at" in phrase.lower[max(0, first - 3) : first]:
            beside.add("at")  # "at the now-defunct Gazette"
        # "Ms Lee, who appeared on CNN's ..." does not report for CNN
        if "who" not in phrase.lower[:first] and (beside & _REPORTERS or writes):
            return known[1]
    return None


def _inner(
    scene: Scene,
    coded: Sequence[Attribution],
    by_sentence: dict[int, list[int]],
    outer: Attribution,
) -> Iterator[tuple[int, str]]:
    """Statements inside what `outer` reports, each with the rule that says so."""
    numbers = _sentences_near(scene, outer)
    for i in (i for number in numbers for i in by_sentence.get(number, ())):
        inner = coded[i]
        if inner.via_name or inner.source_kind == "media" or inner.cue == outer.cue:
            continue
        if inner.source_name == outer.source_name or is_owned(scene, inner):
            continue
        if _holds(scene, outer, inner):
            yield i, "{words} reports that it was said, {far}"
        elif _cites(scene, outer, inner):
            yield i, "{words} cites the source, {far}"


def _sentences_near(scene: Scene, outer: Attribution) -> list[int]:
    """The sentences of the cue and its content, and two more behind each."""
    sentence_at = scene.segments.sentence_at
    numbers = {sentence_at(outer.cue.start)}
    for content in outer.content:
        numbers.update(
            range(sentence_at(content.start), sentence_at(content.end - 1) + 1)
        )
    # "The Free Press reports:" and then a paragraph of its text
    return sorted({number + more for number in numbers for more in range(3)})


def _holds(scene: Scene, outer: Attribution, inner: Attribution) -> bool:
    """Whether `inner` is part of what the media source `outer` says.

    A coder may give whole sentences as content, the cue included; then the order
    in the sentence decides.
    """
    segments = scene.segments
    # "criticism from the media": not every media source relays
    reporting = REPORTING & set(words_of_cue(scene, outer))
    if outer.naming != "named" and (not reporting or _is_one_paper(scene, outer)):
        return False
    if _quotes_next(scene, outer, inner):
        return True
    held = [span for span in outer.content if span.contains(inner.cue)]
    if any(not span.contains(outer.cue) for span in held):
        return True
    same = in_one_sentence(scene, outer, inner)
    if not (held or _shares(outer, inner)) or not same or not reporting:
        return False
    if not held and reporting <= _CITES:
        return False  # "It is over, Ms Lee said, citing the Journal"
    low, high = sorted((outer.cue.end, inner.cue.end))
    # "The Journal notes the rule, while the mayor said": two separate statements
    return not _APART & set(segments.text[low:high].lower().split())


def _is_one_paper(scene: Scene, outer: Attribution) -> bool:
    # "according to a congressional report": no outlet tells what it cites
    return not {"report", "article"}.isdisjoint(words_of_source(scene, outer))


def _shares(outer: Attribution, inner: Attribution) -> bool:
    """ "“It is over,” Ms Lee said, the Journal reported": one content, two cues."""
    return any(a.contains(b) for a in outer.content for b in inner.content)


def _quotes_next(scene: Scene, outer: Attribution, inner: Attribution) -> bool:
    # "The Free Press reports:" and a paragraph of its text
    segments = scene.segments
    one = segments.paragraph_at(outer.cue.start)
    two = segments.paragraph_at(inner.cue.start)
    paragraph = segments.paragraphs[one].of(segments.text)
    return two == one + 1 and paragraph.endswith(":") and len(paragraph) < 120


_APART = frozenset(("while", "but", "whereas", "although", "though"))
_CITES = frozenset("cite cites cited citing quote quotes quoted quoting".split())


def _cites(scene: Scene, outer: Attribution, inner: Attribution) -> bool:
    # "CNN reported on Monday, citing two people briefed on the talks"
    text, same = scene.segments.text, in_one_sentence(scene, outer, inner)
    word = inner.cue.of(text).lower()
    # "Oceanic Press quoted a guard as saying"
    quoted = word == "saying" and outer.cue.of(text).lower() in _CITES
    return same and (word in _CITES or quoted)
