"""What stands around the head of a phrase: determiner, number, owner and nation."""

from __future__ import annotations

from itertools import pairwise

from framing.gazetteer import (
    DEMONYM,
    OFFICE,
    PLACE,
    known_name,
    known_names,
    source_words,
)
from framing.lexicon import Match
from framing.names import Name
from framing.phrases import Phrase, is_people, token_at, words_of

_POSSESSIVES = frozenset("his her its their our my whose presidential".split())
_PLURAL_PRONOUNS = frozenset(
    "some many most several few those ones all both half".split()
) | {"many others", "few others"}
AREAS = frozenset((PLACE, DEMONYM))
_NO_OWNERS = frozenset((OFFICE, PLACE, DEMONYM))
_SEEN = frozenset(
    "seen obtained reviewed viewed examined cited quoted read leaked".split()
)
DEFINITE = frozenset("the this that these those his her its their our".split())
NEW = frozenset("another other second third fourth fifth additional separate".split())
INDEFINITE = frozenset("a an one some several".split())
QUANTITIES = source_words("quantity")
_AUTHORS = frozenset(("from", "by", "of", "with", "like", "as", "including"))


def is_owned(phrase: Phrase, head: Match) -> bool:
    """ "justice department rules", "its filings", "a report by the ministry"."""
    if _POSSESSIVES & set(phrase.lower[: head.first - phrase.first]):
        return True
    return any(
        m.entry.type == "institution"
        and (m.last <= head.first or _is_author(phrase, head, m))
        for m in phrase.nouns
        if m is not head
    )


def _is_author(phrase: Phrase, head: Match, body: Match) -> bool:
    """ "a statement from the mayor's office", not "a memo seen by the office"."""
    for at in range(body.first - 1, head.last - 1, -1):
        word = token_at(phrase, at)
        if word in ("from", "by"):
            by = token_at(phrase, at + 1)
            told = by in DEFINITE or at == body.first - 2
            return told and token_at(phrase, at - 1) not in _SEEN
        if word in (",", "that", "who", "which", "a", "an"):
            return at == body.first - 1 and token_at(phrase, at - 1) in ("from", "by")
    return False


def is_plural(phrase: Phrase, match: Match, *, start: int | None = None) -> bool:
    """Whether the phrase means several: "some of the officials".

    `start` is where the part with `match` as its head begins, if not the phrase itself.
    """
    forms = match.entry.cue.split()[-1].split("|")
    if "group" in match.entry.type:
        return True
    if match.entry.cue in _PLURAL_PRONOUNS:
        return True
    partitive = start is not None and token_at(phrase, start - 1) == "of"
    # "one of the officials" is one person, "some of the officials" are several
    if (partitive and phrase.lower[0] in ("one", "another")) or (
        partitive and phrase.lower[:2] in (("yet", "another"), ("only", "one"))
    ):
        return "percent" in phrase.lower or "out" in phrase.lower
    plurals = {form for slot in match.entry.cue.split() for form in slot.split("|")[1:]}
    last = token_at(phrase, match.last - 1)
    is_singular = len(forms) > 1 and last == forms[0]
    return not is_singular and not plurals.isdisjoint(words_of(phrase, match))


def determiner_of(phrase: Phrase) -> str:
    """ "definite", "new", "indefinite" or "" (see `Description`)."""
    opening = phrase.lower[:3]
    if not opening:
        return ""
    if NEW & set(opening):
        return "new"
    both = opening[0] == "both" and len(phrase.lower) == 2
    if opening[0] in DEFINITE or both:
        return "definite"
    if opening[0] in INDEFINITE or opening[0].isdigit() or opening[0] in QUANTITIES:
        return "indefinite"
    return ""


def nations_of(phrase: Phrase, head: Name | Match | None = None) -> frozenset[str]:
    """Countries that the phrase names: "the Iraqi official", "the US"."""
    known = known_names()
    found = set()
    # "videos released to Iranian media" are not Iran's; "the president of Iran" is
    things = isinstance(head, Match) and not is_people(head)
    last = head.last if things and head is not None else phrase.last
    for name in phrase.names:
        if name.first >= last and token_at(phrase, name.first - 1) not in (
            "of",
            "from",
        ):
            continue
        entry = known_name(name.whole) or known_name(name.whole.rstrip("s"))
        if entry and entry[0] in (PLACE, DEMONYM):
            found.add(entry[1])
        elif name.kind == OFFICE:
            words = name.whole.lower().split()
            found |= {known[w][1] for w in words if known.get(w, ("",))[0] in AREAS}
    return frozenset(found)


def owner_of(phrase: Phrase, head: Name | Match | None) -> Name | None:
    """A proper name that qualifies the head: its author, owner or institution."""
    if head is None:
        return None
    for name in reversed(phrase.names):
        if name.last <= head.first and name.kind not in _NO_OWNERS:
            return name
        # "a Harbour Watch Poll" is a name of its own
        titled = name.kind == OFFICE and name.first < head.first < name.last
        if titled and isinstance(head, Match) and head.entry.type == "document":
            return name
    for name in phrase.names:
        if name.first < head.last or name.kind in _NO_OWNERS:
            continue
        if name.title_first == head.last:  # "a study Lee produced"
            return name
        of = name.title_first - 1
        of = of if token_at(phrase, of) in _AUTHORS else of - 1
        # "documents seen by Reuters" are not its own, nor "a note from a BBC editor"
        seen = token_at(phrase, of - 1) in _SEEN
        if (
            token_at(phrase, of) in _AUTHORS
            and not seen
            and not _qualifies(phrase, name)
        ):
            return name
    return None


def _qualifies(phrase: Phrase, name: Name) -> bool:
    return any(m.first == name.last and is_people(m) for m in phrase.nouns)


_COUNTS = frozenset(
    "one two three four five six seven eight nine ten half most third".split()
)
_ANYONE = frozenset("percent % respondents majority quarters thirds tenths".split())


def is_percentage(phrase: Phrase) -> bool:
    """Whether the phrase counts those asked: "42% of them", "42 percent"."""
    return phrase.lower[0][0].isdigit() and not _PERCENT.isdisjoint(phrase.lower[:4])


_PERCENT = frozenset(("%", "percent"))


def is_share(phrase: Phrase, head: Match | None) -> bool:
    """Answers to a poll: "54%", "nine in 10", "a majority of that segment"."""
    if head is not None and is_people(head) and "bare" not in head.entry.type.split():
        return False
    words = phrase.lower
    # "Majority Leader Lee's office" is no majority
    some = {one for one, two in pairwise((*words, "")) if two not in ("leader", "whip")}
    return not _ANYONE.isdisjoint(some) or any(
        one in _COUNTS | {"just"} or one[:1].isdigit()
        for one, two in pairwise(words)
        if two in ("in", "out") and len(words) < 9
    )
