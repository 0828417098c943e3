"""Through which outlet a statement came: "told Reuters", "as reported by CNN".

A relay stands beside the cue, inside the source ("who spoke to Fox News") or around
the statement ("X said ..., Reuters reported"), or carries over to the next statement
of the same speaker where the occasion is plainly the same. The article's own outlet
and the platforms never relay. Not covered: an outlet named sentences earlier and meant
by nothing but the course of the story; interviews on a channel without a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from framing.annotations import Attribution
from framing.names import DEMONYM, MEDIA, ORGANISATION, PERSON, PLACE, known_name, known_names
from framing.outlets import PLATFORM, find_outlets, is_same_outlet, outlet_name
from framing.referents import OWN_VOICE, Scene
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
    own = outlet_name(outlet) if outlet else None
    coded = list(attributions)
    by_sentence = _by_sentence(scene, coded)
    for named in _outlets(scene, own):
        if named.name is not None:
            _attach(scene, coded, by_sentence, named)
    _from_media(scene, coded, by_sentence, own)
    _after_media(scene, coded, own)
    _carry(scene, coded)
    return coded


def _by_sentence(scene: Scene, coded: Sequence[Attribution]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for i, attribution in enumerate(coded):
        number = scene.segments.sentence_at(attribution.cue.start)
        found.setdefault(number, []).append(i)
    return found


# --- outlets ------------------------------------------------------------------

# Words that relay without a name, alone or behind "the".
_UNNAMED = frozenset("""
    state|media state|television state|tv state|radio state|broadcaster local|media
    local|television news|agency national|television public|radio public|television
""".split())
_ANAPHORS = frozenset("""
    network outlet channel station broadcaster magazine paper newspaper publication
    daily tabloid program programme show podcast newspaper news|outlet
""".split())


def _outlets(scene: Scene, own: str | None) -> list[Outlet]:
    found = [
        Outlet(
            m.first, m.last, m.entry.note if m.entry.note != own else None, m.entry.type
        )
        for m in find_outlets(scene.segments)
        if m.entry.type != PLATFORM
    ]
    taken = {at for o in found for at in range(o.first, o.last)}
    # "the Harbour Gazette": an outlet by its name alone
    for name in scene.names:
        if name.kind == MEDIA and name.first not in taken:
            is_own = own is not None and is_same_outlet(name.whole, own)
            whole = None if is_own else name.whole
            found.append(Outlet(name.first, name.last, whole, "newspaper"))
    found += _beside_noun(scene, taken)
    for noun in scene.nouns:
        if noun.entry.type == "media" and noun.first not in taken:
            found += _unnamed(scene, noun.first, noun.last, found)
    found += _unnamed_interviews(scene)
    return sorted(found, key=lambda o: o.first)


_OUTLET_NOUNS = frozenset("""
    newspaper agency magazine channel broadcaster network station daily weekly tabloid
    tv television radio outlet website site
""".split())


def _beside_noun(scene: Scene, taken: set[int]) -> Iterator[Outlet]:
    # "told the Ebtekar newspaper", "the state broadcaster IRINN"
    lower = scene.segments.tokens.lower
    nouns = [m for m in scene.nouns if lower[m.last - 1] in _OUTLET_NOUNS]
    ends, starts = {m.last for m in nouns}, {m.first for m in nouns}
    for name in scene.names:
        if name.first not in taken and (name.first in ends or name.last in starts):
            plain = name.kind in (PERSON, ORGANISATION) and name.title_first == name.first
            if plain and name.whole.lower() not in known_names():
                yield Outlet(name.first, name.last, name.whole, "newspaper")


def _unnamed_interviews(scene: Scene) -> Iterator[Outlet]:
    # "in a radio interview with the host": an interview on an unnamed channel
    lower = scene.segments.tokens.lower
    for at, word in enumerate(lower):
        if word == "interview" and at and lower[at - 1] in _AIRED:
            yield Outlet(at - 1, at + 1, f"{lower[at - 1]} interview", "interview")


_AIRED = frozenset("radio television tv televised podcast".split())


def _unnamed(
    scene: Scene, first: int, last: int, outlets: Sequence[Outlet]
) -> Iterator[Outlet]:
    lower = scene.segments.tokens.lower
    words = "|".join(lower[first:last])
    before = lower[first - 1] if first else ""
    # "Iranian TV", "state television": outlets of their own
    national = known_names().get(before, ("",))[0] in (DEMONYM, PLACE)
    if words in _UNNAMED or (national and words in ("tv", "television", "media")):
        name = " ".join(lower[first - national : last])
        yield Outlet(first - national, last, name, "unnamed")
    elif words in _ANAPHORS and before in ("the", "that", "his", "her"):
        earlier = [o for o in outlets if o.last <= first]
        nearest = max(earlier, key=lambda o: o.first).name if earlier else None
        show = before in ("his", "her") and nearest is None
        yield Outlet(first, last, f"{before} {words}" if show else nearest, "unnamed")


# --- beside the cue -----------------------------------------------------------

_TOLD = frozenset("""
    tell tells told telling inform informs informed informing assure assured remind
    reminded interviewed spoke speak speaks speaking talked talking
""".split())
_OCCASION = frozenset("""
    interview interviews interviewed appearance appearances appeared appearing appear
    show program programme broadcast aired airs op-ed opinion column article essay
    speaking spoke published wrote writes writing write report story conversation
    segment remarks host anchor quoted live sunday monday tuesday wednesday thursday
    friday saturday carried phone quoting said says told joined guest correspondent
    podcast radio statement statements comments email e-mail panel denounced echoed
    announcing announced described reported covered quotes obtained provided given
    confirmed speech late
""".split())
_NOT_OCCASION = frozenset("following watching against criticism attacked sued".split())
_BETWEEN = frozenset("""
    the a an 's ' " “ ‘ ’ state local news agency official semi-official newspaper network
    broadcaster magazine channel host anchor conservative radio daily military website
    sunday rival state-run state-owned programme program show in-house his her that
    agency's talk national recent prior
""".split())


def _attach(
    scene: Scene,
    coded: list[Attribution],
    by_sentence: dict[int, list[int]],
    outlet: Outlet,
) -> None:
    number = scene.sentence_of(outlet.first)
    near = [i for i in by_sentence.get(number, ()) if _can_relay(scene, coded[i], outlet)]
    chosen = _told(scene, coded, near, outlet)
    if chosen is None and _is_occasion(scene, outlet):
        chosen = _nearest(scene, coded, near, outlet)
        if chosen is None:
            _begin(scene, coded, by_sentence, outlet)
    if chosen is None:
        return
    name = coded[chosen].source_name
    for i in near:
        if i == chosen or (coded[i].source_name == name and name is not None):
            _relay(scene, coded, i, outlet)


_MEETS = frozenset("""
    interview interviewed appearance appeared appearing spoke speaking sat joined told
    talked
""".split())


def _begin(
    scene: Scene,
    coded: list[Attribution],
    by_sentence: dict[int, list[int]],
    outlet: Outlet,
) -> None:
    """ "She sat down with the BBC on Monday. She said ...": the next sentence."""
    number = scene.sentence_of(outlet.first)
    start = scene.segments.tokens.index_at(scene.segments.sentences[number].start)
    lower = scene.segments.tokens.lower
    if by_sentence.get(number) or not _MEETS & set(lower[start : outlet.first]):
        return
    for i in by_sentence.get(number + 1, ())[:1]:
        if coded[i].source_kind in _PEOPLE and coded[i].via_name is None:
            coded[i] = replace(coded[i], via_name=outlet.name)


def _relay(scene: Scene, coded: list[Attribution], i: int, outlet: Outlet) -> None:
    if coded[i].via_name is None:
        tokens = scene.segments.tokens
        via = Span(tokens.starts[outlet.first], tokens.ends[outlet.last - 1])
        coded[i] = replace(coded[i], via=via, via_name=outlet.name)


def _can_relay(scene: Scene, attribution: Attribution, outlet: Outlet) -> bool:
    """Whether the outlet can be where this was said, not what was said or by whom."""
    if attribution.source_kind == "media":
        return False
    segments = scene.segments
    at = segments.tokens.starts[outlet.first]
    quotation = segments.quotation_at(attribution.cue.start)
    if quotation is not None and quotation != segments.quotation_at(at):
        return False
    # "said CNN had lied": the outlet is part of what was said
    inside = any(
        content.start <= at < content.end and not content.contains(attribution.cue)
        for content in attribution.content
    )
    return not inside or _follows_cue(scene, attribution, outlet)


def _follows_cue(scene: Scene, attribution: Attribution, outlet: Outlet) -> bool:
    """Whether only an occasion stands between cue and outlet: "said on Monday on CNN"."""
    tokens = scene.segments.tokens
    cue_end = tokens.index_at(attribution.cue.end - 1) + 1
    between = tokens.lower[cue_end : outlet.first]
    if not between:
        return attribution.cue.end <= tokens.starts[outlet.first]
    if set(between) & _SPEECH or len(between) > 12:
        return False
    return between[0] in _TO or len(between) <= 5


_TO = frozenset("to with by for in on via at from during".split())
_SPEECH = frozenset("that , . had was were would could has have is are".split())


def _told(
    scene: Scene, coded: Sequence[Attribution], near: Sequence[int], outlet: Outlet
) -> int | None:
    """The attribution with "told" right before the outlet, or none."""
    lower = scene.segments.tokens.lower
    for i in reversed(near):
        cue_end = scene.segments.tokens.index_at(coded[i].cue.end - 1) + 1
        between = lower[cue_end : outlet.first]
        told = set(coded[i].cue.of(scene.segments.text).lower().split()) & _TOLD
        if told and cue_end <= outlet.first and len(between) <= 5:
            if not set(between) & {",", "that", ".", "said"}:
                return i
    return None


def _is_occasion(scene: Scene, outlet: Outlet) -> bool:
    tokens = scene.segments.tokens
    lower, at = tokens.lower, outlet.first - 1
    while at > outlet.first - 6 and at > 0 and _is_between(scene, at):
        at -= 1
    if at < 0 or tokens.sentence[at] != tokens.sentence[outlet.first]:
        return False
    before = set(lower[max(0, at - 6) : at + 1])
    after = set(lower[outlet.last : outlet.last + 2])
    if before & _NOT_OCCASION:
        return False
    if lower[at] in _TOLD:
        return True
    if lower[at] == "on":
        return outlet.type in ("broadcaster", "programme", "unnamed") or bool(
            before & _OCCASION
        )
    if outlet.type == "interview":
        return lower[at] in ("in", "during")
    if lower[at] in ("to", "with", "by", "in", "for", "recent", "same"):
        return bool((before | after) & _OCCASION)
    return False


def _is_between(scene: Scene, at: int) -> bool:
    tokens = scene.segments.tokens
    capital = scene.segments.text[tokens.starts[at]].isupper()
    known = known_names().get(tokens.lower[at], ("",))[0]
    return tokens.lower[at] in _BETWEEN or (capital and known in (DEMONYM, PLACE))


def _nearest(
    scene: Scene, coded: Sequence[Attribution], near: Sequence[int], outlet: Outlet
) -> int | None:
    at = scene.segments.tokens.starts[outlet.first]
    return min(near, key=lambda i: abs(coded[i].cue.start - at), default=None)


# --- inside the source and around the statement -------------------------------

_REPORTERS = frozenset("""
    columnist reporter correspondent journalist writer columnists reporters journalists
    correspondents editor 's at
""".split())


def _from_media(
    scene: Scene,
    coded: list[Attribution],
    by_sentence: dict[int, list[int]],
    own: str | None,
) -> None:
    """Statements that another outlet, or its reporter, holds or cites."""
    reporters = {
        a.source_name: via for a in coded if (via := _paper_of(scene, a, own)) is not None
    }
    for i, attribution in enumerate(coded):
        if attribution.via_name is None and attribution.source_name in reporters:
            coded[i] = replace(attribution, via_name=reporters[attribution.source_name])
    for outer in list(coded):
        name = outer.source_name
        media = outer.source_kind == "media" and name not in (own, OWN_VOICE)
        if outer.source is None or not (media or name in reporters):
            continue
        for i in _inner(scene, coded, by_sentence, outer):
            via_name = name if media else reporters[name]
            coded[i] = replace(coded[i], via=outer.source, via_name=via_name)


def _paper_of(scene: Scene, attribution: Attribution, own: str | None) -> str | None:
    """The outlet of a reporter as source: "Mollie Hill at The Federalist"."""
    if attribution.source is None or attribution.source_kind != "person":
        return None
    if not _REPORTING & set(attribution.cue.of(scene.segments.text).lower().split()):
        return None  # a tweet of hers is her own
    phrase = scene.phrase(attribution.source)
    for name in phrase.names:
        known = known_name(name.whole)
        if name.kind != "media" or known is None or known[1] == own:
            continue
        beside = phrase.lower[
            max(0, name.first - phrase.first - 1) : name.last - phrase.first + 1
        ]
        if set(beside) & _REPORTERS:
            return known[1]
    return None


def _inner(
    scene: Scene,
    coded: Sequence[Attribution],
    by_sentence: dict[int, list[int]],
    outer: Attribution,
) -> Iterator[int]:
    numbers = {scene.segments.sentence_at(outer.cue.start)}
    for content in outer.content:
        numbers.update(
            range(
                scene.segments.sentence_at(content.start),
                scene.segments.sentence_at(content.end - 1) + 1,
            )
        )
    numbers |= {number + 1 for number in numbers} | {number + 2 for number in numbers}
    for number in sorted(numbers):
        for i in by_sentence.get(number, ()):
            inner = coded[i]
            if inner.via_name or inner.source_kind == "media" or inner.cue == outer.cue:
                continue
            if inner.source_name == outer.source_name:
                continue
            if _holds(scene, outer, inner) or _cites(scene, outer, inner):
                yield i


def _holds(scene: Scene, outer: Attribution, inner: Attribution) -> bool:
    """Whether `inner` is part of what the media source `outer` says.

    A coder may give whole sentences as content, the cue included; then the order
    in the sentence decides.
    """
    segments = scene.segments
    # "criticism from the media": not every media source relays
    reporting = _REPORTING & set(outer.cue.of(segments.text).lower().split())
    if outer.naming != "named" and not reporting:
        return False
    if _quotes_next(scene, outer, inner):
        return True
    held = [span for span in outer.content if span.contains(inner.cue)]
    if any(not span.contains(outer.cue) for span in held):
        return True
    same = segments.sentence_at(outer.cue.start) == segments.sentence_at(inner.cue.start)
    if not held or not same or not reporting:
        return False
    low, high = sorted((outer.cue.end, inner.cue.end))
    # "The Journal notes the rule, while the mayor said": two separate statements
    return not _APART & set(segments.text[low:high].lower().split())


def _quotes_next(scene: Scene, outer: Attribution, inner: Attribution) -> bool:
    # "The Free Press reports:" and a paragraph of its text
    segments = scene.segments
    one = segments.paragraph_at(outer.cue.start)
    two = segments.paragraph_at(inner.cue.start)
    paragraph = segments.paragraphs[one].of(segments.text)
    return two == one + 1 and paragraph.endswith(":") and len(paragraph) < 120


_REPORTING = frozenset("""
    according report reports reported reporting said says say per citing cites cited
    quoting quotes quoted wrote writes written writing notes noted adds added
    suggests suggested revealed reveals claims claimed reads read told tells broke
    published detailed describes described continued cite
""".split())
_APART = frozenset(("while", "but", "whereas", "although", "though"))
_CITES = frozenset("cite cites cited citing quote quotes quoted quoting".split())


def _cites(scene: Scene, outer: Attribution, inner: Attribution) -> bool:
    # "CNN reported on Monday, citing two people briefed on the talks"
    segments = scene.segments
    same = segments.sentence_at(outer.cue.start) == segments.sentence_at(inner.cue.start)
    return same and inner.cue.of(segments.text).lower() in _CITES


# --- carried over -------------------------------------------------------------


def _after_media(scene: Scene, coded: list[Attribution], own: str | None) -> None:
    """ "The Journal reported. ... These officials said": the Journal's officials."""
    seen: set[str | None] = set()
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
            coded[after] = replace(two, via_name=one.source_name)


_PEOPLE = ("person", "group")


def _order(coded: Sequence[Attribution]) -> list[int]:
    return sorted(range(len(coded)), key=lambda i: coded[i].cue)


def _carry(scene: Scene, coded: list[Attribution]) -> None:
    """Further statements of one speaker on the same occasion, a few sentences on."""
    last: dict[str, Attribution] = {}
    for i in _order(coded):
        two = coded[i]
        if two.source_name is None or two.source is None:
            continue
        one = last.get(two.source_name)
        if two.via_name is None and one is not None and _same_occasion(scene, one, two):
            coded[i] = two = replace(two, via_name=one.via_name)
        if two.via_name is not None:
            last[two.source_name] = two


_SAME_GROUP = frozenset("they the these those their who".split())
_ELSEWHERE = frozenset("""
    tweeted wrote posted statement rally speech letter tweet twitter reporters event
    facebook testimony testified conference x
""".split())


def _same_occasion(scene: Scene, one: Attribution, two: Attribution) -> bool:
    if two.kind != "statement" or _distance(scene, one, two) > 2:
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
    return segments.sentence_at(two.cue.start) - segments.sentence_at(end - 1)
