"""Which group or body a description means: "the officials", "the ministry"."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from framing.descriptions import Description
from framing.gazetteer import MEDIA, ORGANISATION, PERSON, PLACE, source_words
from framing.grounds import ALIKE, Because
from framing.lexicon import load_lexicon
from framing.names import Name
from framing.people import Person, bears_title
from framing.phrases import Phrase
from framing.scene import History, Referent, Scene, known_as, new_referent

_OTHERS = Because("they are others, as {source} says")


def group_referent(
    scene: Scene, found: Description, history: History, at: int
) -> Referent:
    """Unnamed people as source; "the officials" are those who spoke before."""
    label = found.label or found.head or "people"
    if found.naming == "named":
        return new_referent("group", "named", label, why=found.why)
    if found.determiner == "definite":
        known = _known_group(scene, found, history, at)
        if known is not None:
            return known
    if found.determiner == "new":
        name, because = history.number(label), _OTHERS
    else:
        name, because = f"{label}#1", ALIKE
        history.counts.setdefault(label, 1)
    why = found.why._replace(name=because)
    return new_referent(
        "group", found.naming, name, why=why,
        role=found.role, head=found.head, nations=found.nations,
    )  # fmt: skip


_TOGETHER = frozenset("two three four pair couple duo trio both".split())
_TOLD_TOGETHER = source_words("told together")


def _known_group(
    scene: Scene, found: Description, history: History, at: int
) -> Referent | None:
    for referent in history.back():
        if referent.kind == "group" and referent.head == found.head:
            return known_as(referent, "the last group called so")
    sentence = scene.sentence_of(at)
    told = {*scene.segments.tokens.lower[at : at + 3]}
    together = not _TOGETHER.isdisjoint(told)
    # "both men", but "both judges" must be called so
    together &= "both" not in told or found.head in _TOLD_TOGETHER
    # "Lee and Hill objected. ... The senators said", not "the officials said"
    told_together = together or found.head in _TOLD_TOGETHER
    for referent in history.back() if told_together else ():
        if sentence - referent.sentence > 4:
            break
        # "the leaders of Peru and Chile" are not whoever was named together
        apart = found.nations and not found.nations & referent.nations
        if referent.kind == "group" and referent.naming == "named" and not apart:
            return known_as(referent, "the last people named together")
    # "its leaders" are not those named before
    owned = scene.segments.tokens.lower[at] in ("its", "their")
    if found.nations or found.owner is not None or owned:
        return None
    return _named_before(scene, found, at, together=together)


def _named_before(
    scene: Scene, found: Description, at: int, *, together: bool
) -> Referent | None:
    """ "Sen. Lee met Sen. Hill. ... The senators said": both, by their names."""
    sentence, singular = scene.sentence_of(at), found.head.removesuffix("s")
    near = [
        (mention, person)
        for mention, person in _people_before(scene, at)
        if sentence - scene.sentence_of(mention) <= 3
        and (together or bears_title(person, singular))
    ]
    names = sorted({person.name for _, person in near})
    if len(names) < 2:
        return None
    group = new_referent("group", "named", " and ".join(names), why=found.why)
    first, last = near[-1][0], near[-1][0] + 1
    return known_as(group, "people named shortly before", first=first, last=last)


def _people_before(scene: Scene, at: int) -> tuple[tuple[int, Person], ...]:
    high = bisect_left(scene.mention_starts, at)
    return scene.cast.mentions[max(0, high - 8) : high]


_NAMING = frozenset((("such", "as"), ("led", "by"), ("headed", "by")))


def named_member(scene: Scene, phrase: Phrase, found: Description) -> str | None:
    """The name in "senators led by Ann Lund", "states such as Peru", or None."""
    plural = found.kind == "institution" and found.plural
    if (found.kind != "group" and not plural) or found.naming == "named":
        return None
    lower = scene.segments.tokens.lower
    for at in range(phrase.first + 1, min(phrase.last + 2, len(lower))):
        # "senators proposed including Peru" names none of them
        outside = at >= phrase.last and lower[at - 1] != ","
        named = lower[at] == "including" and not outside
        named = named or lower[at - 1 : at + 1] in _NAMING
        if not named and lower[at] != "like":
            continue
        member = _member_behind(scene, at, person=found.kind == "group")
        if member is not None:
            return member
    return None


def _member_behind(scene: Scene, at: int, *, person: bool) -> str | None:
    """Who is named behind "including": a person near it, a body right behind it."""
    for name in scene.names[bisect_left(scene.name_starts, at + 1) :][:3]:
        if name.title_first - at > 9:
            return None
        is_person = name.kind == PERSON and scene.cast.find(name.whole) is not None
        between = set(scene.segments.tokens.lower[at + 1 : name.title_first])
        is_body = name.kind in (ORGANISATION, PLACE, MEDIA) and not between - {"the"}
        if is_body and _heads_phrase(scene, name):
            return name.whole
        if is_person and person:
            return name.whole
    return None


def _heads_phrase(scene: Scene, name: Name) -> bool:
    """Whether the name is not the owner of what follows: "Peru 's", "UN envoys"."""
    lower = scene.segments.tokens.lower
    after = lower[name.last] if name.last < len(lower) else ""
    nouns = scene.nouns[bisect_left(scene.noun_starts, name.last) :][:1]
    return after != "'s" and not any(n.first == name.last for n in nouns)


@cache
def _agencies() -> frozenset[str]:
    entries = load_lexicon("outlets").entries
    return frozenset(e.note for e in entries if e.type == "agency")


def is_agency(name: str | None) -> bool:
    """Whether a named outlet can be called "the agency"."""
    return name in _agencies() or (name or "").endswith((" Press", "Agency"))


def body_referent(found: Description, history: History, at: int) -> Referent:
    """A body without a proper name as source; "the agency" is the last that spoke."""
    owner = found.owner
    if found.naming == "named":
        return new_referent("institution", "named", found.label, why=found.why)
    if found.plural and owner is not None and owner.first > at:
        return _body(found, "named", "a name behind {words} tells which")
    if owner is not None or found.nations:
        # "Peruvian agencies" may be any, "the French and German governments" are two
        if found.plural and len(found.nations) < 2:
            return _body(found, "veiled", "{words} are several, and none is named")
        return _body(found, "named", "a name or a state tells which {words} it is")
    # "numerous administration claims": the one there is
    alone = found.head in _WITHOUT_ARTICLE and found.head == found.label
    if (found.determiner == "definite" or alone) and not found.plural:
        for referent in history.back():
            if _is_other_body(found, referent):
                continue
            # "Oceanic Press reported it. The agency said": an outlet
            press = referent.kind == "media" and found.head == "agency"
            if referent.kind == "institution" or (press and is_agency(referent.name)):
                return known_as(referent, "the last body that spoke")
        return _body(found, "named", "there is one such {words} in the article")
    return _body(found, "veiled", "no name tells which {words} it is")


_WITHOUT_ARTICLE = frozenset(("administration", "parliament", "congress"))
_SOLE = source_words("sole body")


def _is_other_body(found: Description, referent: Referent) -> bool:
    """ "The army said" after "the parliament": the one there is, not the last body."""
    if referent.kind != "institution":
        return False
    last = (referent.head or referent.name).lower().split()[-1]
    sole = found.head in _SOLE and last in _SOLE | _HOSTS and last != found.head
    return sole or (referent.naming == "veiled" and last != found.head)


_HOSTS = frozenset(("industry", "company", "states", "police", "court"))


def _body(found: Description, naming: str, rule: str) -> Referent:
    why = found.why._replace(naming=found.why.kind._replace(rule=rule), name=ALIKE)
    return new_referent("institution", naming, found.label, head=found.head, why=why)
