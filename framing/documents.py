"""Whose paper a document is, and which outlet "the network" or "the report" means."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from framing.descriptions import Description, describe
from framing.gazetteer import (
    MEDIA,
    ORGANISATION,
    PERSON,
    PLACE,
    source_words,
)
from framing.scene import (
    History,
    Referent,
    Scene,
    body_name,
    new_referent,
    phrase_start,
)
from framing.text import Span

# "various reports", "new press reports" are other outlets' stories
_NEWS_REPORTS = frozenset(
    "reports new recent news press media other early several".split()
)
_AUTHORED = source_words("authored") | {
    "policy paper",
    "press release",
    "executive order",
}
_UTTERED = source_words("uttered")
_PAPERS = frozenset("document paper report text".split())


def document_referent(
    scene: Scene, found: Description, history: History, at: int
) -> Referent:
    """A paper as source: named where the article tells whose it is."""
    named = replace(
        new_referent("document", "named", found.label, head=found.head), at=at
    )
    if found.owner is not None:
        if found.owner.kind == MEDIA and found.head in ("report", "reports"):
            return new_referent("media", "named", body_name(scene, found.owner.whole))
        return named
    if found.head == "reports" and set(found.label.split()) <= _NEWS_REPORTS:
        return new_referent("media", "veiled", found.label, head="reports")
    if found.head == "intelligence" and found.nations:
        return new_referent("institution", "named", found.label)
    if found.of_body or found.nations:
        return named
    if found.determiner == "definite":
        before = _document_before(scene, found, history, at)
        return before or replace(named, naming="veiled")
    # "The Senate released a report that describes": its author stands in front
    if found.head in _AUTHORED and _author_in_front(scene, at):
        return named
    # "according to a report" is another outlet's
    lower = scene.segments.tokens.lower
    if found.head == "report" and lower[max(0, at - 2) : at] == ("according", "to"):
        return new_referent("media", "veiled", found.label, head="report")
    return replace(named, naming="veiled")


def _document_before(
    scene: Scene, found: Description, history: History, at: int
) -> Referent | None:
    for referent in history.back():
        if referent.kind in ("document", "media") and _same_paper(referent.head, found):
            return referent
    if _authored_before(scene, found, at):
        return new_referent("document", "named", found.label, head=found.head)
    last = history.referents[-1] if history.referents else None
    close = last is not None and scene.sentence_of(at) - last.sentence <= 2
    if last is not None and close and last.naming == "named" and found.head in _UTTERED:
        return new_referent(
            "document", "named", f"{last.name} {found.head}", head=found.head
        )
    return None


def _same_paper(head: str, found: Description) -> bool:
    if not head:
        return False
    # "the paper" after "a policy paper", "the document" after anything written
    one, two = head.split()[-1], found.head.split()[-1]
    return one == two or (two in _PAPERS and one in _PAPERS)


def _authored_before(scene: Scene, found: Description, at: int) -> bool:
    """Whether the text told earlier whose paper it is: "a letter from the ministry"."""
    tokens = scene.segments.tokens
    for noun in reversed(scene.nouns[: bisect_left(scene.noun_starts, at)]):
        if " ".join(tokens.lower[noun.first : noun.last]) != found.head:
            continue
        last = noun.last
        while last < min(at, noun.last + 7) and tokens.lower[last] not in (",", "."):
            last += 1
        first = phrase_start(scene, noun.first)
        span = Span(tokens.starts[first], tokens.ends[last - 1])
        before = describe(scene.phrase(span))
        if before.kind == "document" and (before.owner or before.of_body):
            return True
    return False


def _author_in_front(scene: Scene, at: int) -> bool:
    lower, sentence = scene.segments.tokens.lower, scene.sentence_of(at)
    if at < 2 or lower[at - 1] == "to" or not scene.names:
        return False
    name = scene.names[max(bisect_left(scene.name_starts, at) - 1, 0)]
    fits = name.kind in (PERSON, ORGANISATION, PLACE) and name.last <= at
    # "Google employees have signed a letter": not Google's
    own = scene.nouns[bisect_left(scene.noun_starts, name.last) :][:1]
    fits = fits and not any(n.first == name.last and n.first < at for n in own)
    return fits and scene.sentence_of(name.first) == sentence and at - name.last <= 8


def media_referent(
    scene: Scene, found: Description, history: History, at: int
) -> Referent:
    """An outlet as source; "the network" is the one named before."""
    # "USA Today's blog", "the Ebtekar newspaper"
    if found.owner is not None and not (found.owner.kind == PERSON and found.plural):
        return new_referent("media", "named", body_name(scene, found.owner.whole))
    if found.determiner == "definite" and not found.plural:
        for referent in history.back():
            if referent.kind == "media" or referent.head == found.head:
                return referent
        high = bisect_left(scene.name_starts, at)
        for name in reversed(scene.names[:high]):
            if name.kind == MEDIA:
                return new_referent("media", "named", body_name(scene, name.whole))
    if found.head == "paper":
        return document_referent(scene, found, history, at)
    return new_referent("media", "veiled", found.label, head=found.head)
