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
from framing.grounds import ALIKE, Because, Grounds, on
from framing.names import Name
from framing.scene import (
    History,
    Referent,
    Scene,
    body_name,
    known_as,
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
# papers of an outlet that are its reporting
_COVERAGE = frozenset("report reports investigation profile review analysis".split())
# pieces in an outlet that are their author's and not the outlet's
_OPINION = frozenset("op-ed op-eds essay column".split())
_PAPERS = frozenset("document paper report text".split())
_SAME = (
    _PAPERS,
    frozenset("poll survey".split()),
    frozenset("study research paper report analysis".split()),
    frozenset("letter missive".split()),
    frozenset("email e-mail message".split()),
    frozenset("suit lawsuit complaint".split()),
)


def document_referent(
    scene: Scene, found: Description, history: History, at: int
) -> Referent:
    """A paper as source: named where the article tells whose it is."""
    if found.owner is not None:
        return _owned_paper(scene, found, at)
    if found.head == "reports" and set(found.label.split()) <= _NEWS_REPORTS:
        return _outlet_reports(found, "{source} are reports of other outlets")
    if found.head == "intelligence" and found.nations:
        why = on(Because("{source} is the intelligence of a state"))
        return new_referent("institution", "named", found.label, why=why)
    if found.of_body or found.nations:
        return _paper(found, at, "named", "a body or a state stands beside {words}")
    if found.determiner == "definite":
        before = _document_before(scene, found, history, at)
        return before or _paper(found, at, "veiled", _NOT_TOLD)
    # "The Senate released a report that describes": its author stands in front
    if found.head in _AUTHORED and _author_in_front(scene, at):
        return _paper(found, at, "named", "its author stands in front of {words}")
    if _is_sent(scene, at):
        return _paper(found, at, "named", "who sends {words} stands in front of it")
    later = scene.sentence_of(at) < 3 and _authored_later(scene, found, at)
    if later:
        rule = "{source} is told later to be of a body: {words}"
        why = found.why._replace(naming=Because(rule, *later))
        return new_referent("document", "named", found.label, head=found.head, why=why)
    if found.head in _PAPERS and _OF_STATE & set(found.label.split()):
        return _paper(found, at, "named", "{source} is of a body of the state")
    # "according to a report" is another outlet's, "a leaked draft report" is a paper
    lower = scene.segments.tokens.lower
    plain = {*found.label.split()} <= _NEWS_REPORTS | {"report", "one"}
    told = lower[max(0, at - 2) : at] == ("according", "to")
    if found.head == "report" and plain and told:
        named = _outlet_after(scene, found, at)
        if named is not None:
            return named
        return _outlet_reports(found, "{source} behind 'according to' is an outlet's")
    return _paper(found, at, "veiled", _NOT_TOLD)


_OF_STATE = frozenset(
    "congressional parliamentary senate presidential ministerial".split()
)
_NOT_TOLD = "the article does not tell whose paper {words} is"


def _paper(found: Description, at: int, naming: str, rule: str) -> Referent:
    why = found.why._replace(naming=found.why.kind._replace(rule=rule), name=ALIKE)
    named = new_referent("document", naming, found.label, head=found.head, why=why)
    return replace(named, at=at)


def _owned_paper(scene: Scene, found: Description, at: int) -> Referent:
    assert found.owner is not None
    owner = Because("{words} tells whose it is", found.owner.first, found.owner.last)
    if found.owner.kind == MEDIA and found.head in _COVERAGE:
        name = body_name(scene, found.owner.whole)
        return new_referent("media", "named", name, head=found.head, why=on(owner))
    paper = _paper(found, at, "named", "")
    return replace(paper, why=paper.why._replace(naming=owner))


def _outlet_reports(found: Description, rule: str) -> Referent:
    why = on(Because(rule))._replace(name=ALIKE)
    return new_referent("media", "veiled", found.label, head=found.head, why=why)


def _document_before(
    scene: Scene, found: Description, history: History, at: int
) -> Referent | None:
    for referent in history.back():
        if referent.kind in ("document", "media") and _same_paper(referent.head, found):
            return known_as(referent, "the last paper called so")
    authored = _authored_before(scene, found, at)
    if authored is not None:
        rule = "{source} was said before to be of a body: {words}"
        why = found.why._replace(naming=Because(rule, *authored))
        return new_referent("document", "named", found.label, head=found.head, why=why)
    last = history.referents[-1] if history.referents else None
    close = last is not None and scene.sentence_of(at) - last.sentence <= 2
    if last is not None and close and last.naming == "named" and found.head in _UTTERED:
        rule = "{source} is of the last source, {words}, {far}"
        why = found.why._replace(
            naming=Because(rule, last.at, last.last, last.name, earlier=None)
        )
        return new_referent(
            "document", "named", f"{last.name} {found.head}", head=found.head, why=why
        )
    return None


def _same_paper(head: str, found: Description) -> bool:
    if not head:
        return False
    # "the paper" after "a policy paper", "the document" after anything written
    one, two = head.split()[-1], found.head.split()[-1]
    return one == two or any(one in same and two in same for same in _SAME)


def _authored_before(
    scene: Scene, found: Description, at: int
) -> tuple[int, int] | None:
    """Where the text told whose paper it is: "a letter from the ministry"."""
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
            return first, last
        # "Hill sent a letter to the court. ... The letter said"
        fresh = before.determiner in ("indefinite", "new") and noun.last < at
        if fresh and found.head in _AUTHORED and _author_in_front(scene, first):
            return first, last
    return None


_SENDING = source_words("sending")
_SENDERS = frozenset("he she it they we campaign administration company".split())


def _is_sent(scene: Scene, at: int) -> bool:
    """ "His campaign sent out an email that said": who sends is named or known."""
    lower, sentence = scene.segments.tokens.lower, scene.sentence_of(at)
    for verb in range(at - 1, max(0, at - 5), -1):
        if scene.sentence_of(verb) != sentence:
            return False
        if lower[verb] in _SENDING:
            before = scene.names[: bisect_left(scene.name_starts, verb)][-1:]
            named = any(name.last == verb for name in before)
            return named or lower[verb - 1] in _SENDERS
    return False


_LATER = 6  # sentences after a lead in which its paper gets an author


def _authored_later(
    scene: Scene, found: Description, at: int
) -> tuple[int, int] | None:
    """A lead's "a new survey", which soon is "the Harbour Bank survey"."""
    tokens, sentence = scene.segments.tokens, scene.sentence_of(at)
    for noun in scene.nouns[bisect_left(scene.noun_starts, at + 1) :]:
        if scene.sentence_of(noun.first) - sentence > _LATER:
            return None
        same = " ".join(tokens.lower[noun.first : noun.last])
        if not _same_paper(same, found) or noun.first - at < 4:
            continue
        first = phrase_start(scene, noun.first)
        span = Span(tokens.starts[first], tokens.ends[noun.last - 1])
        later = describe(scene.phrase(span))
        if later.kind == "document" and later.owner and later.owner.kind != MEDIA:
            return first, noun.last
    return None


def _author_in_front(scene: Scene, at: int) -> bool:
    lower, sentence = scene.segments.tokens.lower, scene.sentence_of(at)
    if at < 2 or lower[at - 1] == "to" or not scene.names:
        return False
    name = scene.names[max(bisect_left(scene.name_starts, at) - 1, 0)]
    fits = name.kind in (PERSON, ORGANISATION, PLACE) and name.last <= at
    # "It follows a letter from two mayors": the phrase tells its author
    told = bisect_left(scene.noun_starts, at)
    first = [n.last for n in scene.nouns[told : told + 1]]
    fits = fits and not any({"by", "from"} & set(lower[n : n + 3]) for n in first)
    # "Google employees have signed a letter": not Google's
    own = scene.nouns[bisect_left(scene.noun_starts, name.last) :][:1]
    fits = fits and not any(n.first == name.last and n.first < at for n in own)
    return fits and scene.sentence_of(name.first) == sentence and at - name.last <= 8


def media_referent(
    scene: Scene, found: Description, history: History, at: int
) -> Referent:
    """An outlet as source; "the network" is the one named before."""
    # "USA Today's blog", "the Ebtekar newspaper"
    owner = found.owner
    if found.head in _OPINION and not (owner is not None and owner.kind == MEDIA):
        return document_referent(scene, found, history, at)
    if owner is not None and not (owner.kind == PERSON and found.plural):
        name = body_name(scene, owner.whole)
        named = Because("{words} is its name", owner.first, owner.last)
        why = Grounds(found.why.kind, named, named, named)
        return new_referent("media", "named", name, why=why)
    # "the media" are all of them, not the outlet before
    one = not found.plural and found.head not in ("media", "press")
    if found.determiner == "definite" and one:
        known = _outlet_before(scene, found, history, at)
        if known is not None:
            return known
    if found.head == "paper":
        return document_referent(scene, found, history, at)
    after = _outlet_after(scene, found, at) if found.head == "news report" else None
    if after is not None:
        return after
    unnamed = found.why.kind._replace(rule="{words} has no name beside it")
    why = found.why._replace(naming=unnamed)
    return new_referent("media", "veiled", found.label, head=found.head, why=why)


def _outlet_before(
    scene: Scene, found: Description, history: History, at: int
) -> Referent | None:
    for referent in history.back():
        if referent.kind == "media" or referent.head == found.head:
            return known_as(referent, "the last outlet")
    high = bisect_left(scene.name_starts, at)
    for name in reversed(scene.names[:high]):
        if name.kind == MEDIA:
            return _outlet_named(scene, found, name, "the last outlet named")
    return None


def _outlet_named(scene: Scene, found: Description, name: Name, rule: str) -> Referent:
    outlet = body_name(scene, name.whole)
    named = new_referent("media", "named", outlet, why=found.why)
    return known_as(named, rule, first=name.first, last=name.last)


_REPORTING = source_words("reporting")


def _outlet_after(scene: Scene, found: Description, at: int) -> Referent | None:
    """ "... according to a new report. The Gazette reported": named right after."""
    lower = scene.segments.tokens.lower
    for name in scene.names[bisect_left(scene.name_starts, at) :][:6]:
        if scene.sentence_of(name.first) - scene.sentence_of(at) > 2:
            return None
        reports = not _REPORTING.isdisjoint(lower[name.last : name.last + 1])
        if name.kind == MEDIA and reports:
            return _outlet_named(scene, found, name, "the outlet named right after")
    return None
