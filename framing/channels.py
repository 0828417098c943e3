"""The outlets of an article through which a statement can have come.

Named ones ("Reuters", "the Harbour Gazette"), those that stand for one named before
("the paper") and those that have no name ("state television", "a radio interview").
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from framing.gazetteer import (
    DEMONYM,
    MEDIA,
    ORGANISATION,
    PERSON,
    PLACE,
    body_words,
    known_names,
    source_words,
)
from framing.groups import is_agency
from framing.lexicon import Match
from framing.names import Name
from framing.outlets import PLATFORM, is_same_outlet
from framing.scene import Scene


@dataclass(frozen=True, slots=True)
class Channel:
    """An outlet, or words that stand for one, at tokens `first` to `last`.

    `name` is None where it is the article's own.
    """

    first: int
    last: int
    name: str | None
    type: str


# Words that relay without a name, alone or behind "the".
_UNNAMED = source_words("unnamed outlet")
_PAPERS = source_words("outlet name")
_ANAPHORS = source_words("outlet noun")


def find_channels(scene: Scene, own: str | None) -> list[Channel]:
    """Outlets that can relay, in text order; the article's `own` ones have no name."""
    found = [
        Channel(m.first, m.last, _name_of(scene, m, own), m.entry.type)
        for m in scene.outlets
        if m.entry.type != PLATFORM and not _is_in_name(scene, m.last)
    ]
    taken = {at for o in found for at in range(o.first, o.last)}
    # "the Harbour Gazette": an outlet by its name alone
    for name in scene.names:
        airs = name.whole.lower().split()[-1] in _AIRS
        named = name.kind == MEDIA and not _is_in_name(scene, name.last)
        if (named or airs) and name.first not in taken:
            is_own = own is not None and is_same_outlet(name.whole, own)
            whole = None if is_own else name.whole
            kind = "programme" if airs else "newspaper"
            found.append(Channel(name.first, name.last, whole, kind))
    found += _beside_noun(scene, taken)
    for noun in scene.nouns:
        if noun.entry.type == "media" and noun.first not in taken:
            found += _unnamed(scene, noun.first, noun.last, found)
    found += _unnamed_interviews(scene, found)
    found += _agencies_again(scene, found)
    found += _hosts_again(scene, found)
    return sorted(found, key=lambda o: o.first)


def _name_of(scene: Scene, match: Match, own: str | None) -> str | None:
    """The outlet's name, none where it is the article's own."""
    # "told The Times" in The Washington Times
    last = scene.segments.tokens.lower[match.last - 1]
    short = match.last - match.first == 1 or match.entry.cue.startswith("(the) ")
    alike = own is not None and short and own.lower().split()[-1:] == [last]
    is_own = match.entry.note == own or (alike and last in _PAPERS)
    return None if is_own else match.entry.note


def _is_in_name(scene: Scene, after: int) -> bool:
    # "told the House Foreign Affairs Committee", no magazine
    tokens = scene.segments.tokens
    start, end = tokens.starts[after : after + 1], tokens.ends[after : after + 1]
    word = scene.segments.text[start[0] : end[0]] if start else ""
    return word.istitle() and word.lower() in body_words()


def find_hosts(scene: Scene, outlets: Sequence[Channel]) -> dict[str, Channel]:
    """Last name of whoever asks for an outlet -> that outlet: "CNN's Jake Tapper"."""
    lower = scene.segments.tokens.lower
    people = {name.first: name for name in scene.names if name.kind == PERSON}
    hosts: dict[str, Channel] = {}
    for outlet in outlets:
        if outlet.name is None:
            continue
        if outlet.type == "programme":  # "The Rachel Maddow Show"
            for at in range(outlet.first, outlet.last):
                hosts.setdefault(lower[at], outlet)
        for at in range(outlet.last + 1, outlet.last + 5):
            if at in people and set(lower[outlet.last : at]) <= _HOST_LINKS:
                hosts.setdefault(lower[people[at].last - 1], outlet)
    return hosts


_HOST_LINKS = (
    source_words("host")
    | source_words("reporter")
    | frozenset("'s ' ’ and chief news senior".split())
)


def _hosts_again(scene: Scene, found: Sequence[Channel]) -> Iterator[Channel]:
    # "CNN's Jake Tapper asked. ... She told Tapper": once more on CNN
    tokens, lower = scene.segments.tokens, scene.segments.tokens.lower
    hosts = find_hosts(scene, found)
    for name in scene.names if hosts else ():
        outlet = hosts.get(lower[name.last - 1])
        if name.kind != PERSON or outlet is None or name.first < outlet.last + 5:
            continue
        told = name.title_first and lower[name.title_first - 1] in _TOLD
        if told and tokens.sentence[name.first] != tokens.sentence[outlet.first]:
            yield Channel(name.first, name.last, outlet.name, "host")


_OUTLET_NOUNS = source_words("outlet label")


def _beside_noun(scene: Scene, taken: set[int]) -> Iterator[Channel]:
    # "told the Ebtekar newspaper", "the state broadcaster IRINN"
    lower = scene.segments.tokens.lower
    nouns = [m for m in scene.nouns if lower[m.last - 1] in _OUTLET_NOUNS]
    ends, starts = {m.last for m in nouns}, {m.first for m in nouns}
    shows = {m.first for m in nouns if lower[m.last - 1] in _SHOWS}
    for name in scene.names:
        if name.first in taken or name.whole.lower() in known_names():
            continue
        plain = name.kind in (PERSON, ORGANISATION) and name.title_first == name.first
        if (
            plain
            and _is_outlet_like(name)
            and (name.first in ends or name.last in starts)
        ):
            yield Channel(name.first, name.last, name.whole, "newspaper")
        # "on Hewitt's radio show", "an interview with the journalist Rosa Lee"
        elif name.kind == PERSON and _is_show(lower, name.last, shows):
            yield Channel(name.first, name.last, f"{name.whole}'s show", "programme")
        elif name.kind == PERSON and _is_interviewer(lower, name.first):
            yield Channel(name.first, name.last, name.whole, "interviewer")


_SHOWS = frozenset("show podcast program programme".split())
_AIRS = ("radio", "show", "podcast")


def _is_outlet_like(name: Name) -> bool:
    # not "the H-1B program", "Spanish-language television"
    digits = any(letter.isdigit() for letter in name.whole)
    return not digits and not name.whole.endswith("-language")


def _is_show(lower: Sequence[str], after: int, shows: set[int]) -> bool:
    owner = lower[after : after + 1] == ("'s",)
    at = after + 1 + (lower[after + 1 : after + 2] == ("radio",))
    return owner and at in shows


def _is_interviewer(lower: Sequence[str], first: int) -> bool:
    before = lower[max(0, first - 5) : first]
    # "told radio host Ann Lee", but hosts without a word may be the article's own
    told = not _TOLD.isdisjoint(before) and not _AIRED.isdisjoint(before)
    asked = "interview" in before and "with" in before
    return (told or asked) and lower[first - 1] in _HOSTS


_HOSTS = frozenset("journalist reporter host broadcaster interviewer".split())


def _unnamed_interviews(scene: Scene, found: Sequence[Channel]) -> Iterator[Channel]:
    """ "In a radio interview", "in an interview published on Monday": with whomever."""
    lower = scene.segments.tokens.lower
    named = {scene.sentence_of(o.first) for o in found}
    for word in _TALKS:
        for at in _places(lower, word):
            kind = lower[at - 1] if at and lower[at - 1] in _AIRED else ""
            shown = not _SHOWN.isdisjoint(lower[at + 1 : at + 6])
            free = scene.sentence_of(at) not in named
            if kind or (shown and free):
                name = f"{kind} {word}".strip()
                yield Channel(at - bool(kind), at + 1, name, "interview")


_TALKS = ("interview", "interviews", "appearance", "appearances", "shows")
# an interview of one's own is not told to have been published
_SHOWN = frozenset("published aired airing broadcast".split())


def _agencies_again(scene: Scene, found: Sequence[Channel]) -> Iterator[Channel]:
    # "Oceanic Press reported. ... A trader told the agency"
    lower = scene.segments.tokens.lower
    for at in _places(lower, "agency"):
        if not at or lower[at - 1] != "the":
            continue
        earlier = [o for o in found if o.last <= at]
        nearest = max(earlier, key=lambda o: o.first, default=None)
        if nearest is not None and is_agency(nearest.name):
            yield Channel(at, at + 1, nearest.name, "unnamed")


def _places(lower: Sequence[str], word: str) -> list[int]:
    if word not in lower:  # most articles
        return []
    return [at for at, token in enumerate(lower) if token == word]


_TOLD = source_words("told")


def _is_told_of_one(lower: Sequence[str], at: int) -> bool:
    # "told a magazine", "told a local radio station"
    while at > 1 and lower[at - 1] not in ("a", "an") and _is_word(lower[at - 1]):
        at -= 1
        if lower[at] in _TOLD or lower[at] in ("the", "that"):
            return False
    return at > 1 and lower[at - 2] in _TOLD


def _is_word(token: str) -> bool:
    return token.replace("-", "").isalpha()  # "a state-run agency"


_AIRED = frozenset("radio television tv televised podcast media news".split())


def _unnamed(
    scene: Scene, first: int, last: int, outlets: Sequence[Channel]
) -> Iterator[Channel]:
    lower = scene.segments.tokens.lower
    words = "-".join(lower[first:last])
    before = lower[first - 1] if first else ""
    # "Iranian TV", "state television": outlets of their own
    national = known_names().get(before, ("",))[0] in (DEMONYM, PLACE)
    if words in _UNNAMED or (national and words in ("tv", "television", "media")):
        name = " ".join(lower[first - national : last])
        yield Channel(first - national, last, name, "unnamed")
    elif words.split("-")[-1] in _ANAPHORS and _is_told_of_one(lower, first):
        yield Channel(first, last, words.replace("-", " "), "unnamed")
    elif words in _ANAPHORS and before in ("the", "that", "same", "his", "her"):
        earlier = [o for o in outlets if o.last <= first]
        nearest = max(earlier, key=lambda o: o.first).name if earlier else None
        show = before in ("his", "her") and nearest is None
        yield Channel(first, last, f"{before} {words}" if show else nearest, "unnamed")


# --- occasions ----------------------------------------------------------------

_OCCASION = source_words("occasion")
# "after watching it on CNN", "sued the Gazette over": no one spoke to the outlet
_NOT_OCCASION = frozenset("watching against criticism attacked sued".split())
_DAYS = frozenset("day morning evening night week".split())
_BETWEEN = source_words("before outlet")


def is_occasion(scene: Scene, outlet: Channel) -> bool:
    """Whether the words before the outlet make it an occasion of speech: "on CNN"."""
    tokens = scene.segments.tokens
    lower, at = tokens.lower, outlet.first - 1
    while at > outlet.first - 6 and at > 0 and _is_between(scene, at):
        at -= 1
    if at < 0 or tokens.sentence[at] != tokens.sentence[outlet.first]:
        return False
    before = set(lower[max(0, at - 6) : at + 1])
    after = set(lower[outlet.last : outlet.last + 2])
    if before & _NOT_OCCASION or _is_only_first(lower, at) or _is_after(lower, at):
        return False
    if lower[outlet.last : outlet.last + 1] in _PIECES:
        return not _FROM.isdisjoint(lower[max(0, outlet.first - 4) : outlet.first])
    if lower[at] == "via":  # "(via the Gazette)", not "(Photo: Gazette via AP)"
        return not before & _CREDITS
    if lower[at] in _TOLD or (lower[at] in _BESIDE and _ends_a_cue(scene, at)):
        return True
    if outlet.type == "interview":
        return not {"in", "during", "on"}.isdisjoint(lower[max(0, at - 4) : at + 1])
    if lower[at] == "on":
        return outlet.type in ("broadcaster", "programme", "unnamed") or bool(
            before & _OCCASION
        )
    if outlet.type == "interviewer":
        return True
    if lower[at] in _LINKS:
        return bool((before | after) & _OCCASION)
    return False


_CREDITS = frozenset("photo image video getty ap afp".split())
_PIECES = (("interview",), ("interviews",), ("op-ed",), ("column",), ("essay",))
_FROM = frozenset("in during as from writing penning wrote penned".split())
_BESIDE = frozenset(("to", "at", "in"))
_LINKS = frozenset("to with by in for during over recent same".split())


def _is_after(lower: Sequence[str], at: int) -> bool:
    # "following a report on CNN"; but "broadcast the following day on CNN"
    return any(
        lower[i] == "following" and lower[i + 1] not in _DAYS
        for i in range(max(0, at - 6), at)
    )


def _is_only_first(lower: Sequence[str], at: int) -> bool:
    # "the raid, first reported by the Gazette, was legal, she said": the raid was
    return (
        lower[at] == "by"
        and lower[at - 2 : at] == ("first", "reported")
        and lower[at - 3] not in ("as", "was", "were")
    )


def _ends_a_cue(scene: Scene, at: int) -> bool:
    """ "denied to CNN that", "noted recently in the Gazette", "said a guard to CNN"."""
    tokens = scene.segments.tokens
    ends = {tokens.ends[at - 1]}
    if tokens.lower[at - 1].endswith("ly") and at > 1:
        ends.add(tokens.ends[at - 2])
    return not scene.cue_ends.isdisjoint(ends)


def _is_between(scene: Scene, at: int) -> bool:
    tokens = scene.segments.tokens
    capital = scene.segments.text[tokens.starts[at]].isupper()
    known = known_names().get(tokens.lower[at], ("",))[0]
    return tokens.lower[at] in _BETWEEN or (capital and known in (DEMONYM, PLACE))
