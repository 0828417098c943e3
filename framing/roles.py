"""What a noun for people tells: their role, and the label that stands for a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from framing.gazetteer import known_names, source_words
from framing.lexicon import Match
from framing.modifiers import AREAS, DEFINITE, INDEFINITE, NEW, QUANTITIES
from framing.phrases import PARTITIVES, Phrase, token_at

UNNAMED = frozenset("anonymous unnamed unidentified undisclosed unspecified".split())
INSIDE = source_words("inside")
GOVERNMENTAL = source_words("governmental")
PARTY = source_words("party")
_PARTY_HEADS = source_words("party head")
_SOCIAL = source_words("social")
_COMPANIES = source_words("company")


_BY_ROW = "{words} has that role in source_nouns.csv, row {row}"


def role_of(words: Sequence[str], type_: str, head: str) -> tuple[str, str]:
    """The role of unnamed people, and the rule that gives it.

    `type_` is that of the row of `source_nouns.csv`, `head` its words in the phrase.

    >>> role_of("a law enforcement source".split(), "insider bare", "source")[0]
    'insider'
    """
    role, *marks = type_.split()
    inside = INSIDE & set(words)
    before = words[: words.index(head.split()[-1])] if head.split()[-1] in words else ()
    if role == "official" and head in ("leader", "leaders") and _SOCIAL & set(before):
        return "other", "{source} leads a social group"  # "Catholic leaders"
    if head in _HEADED and _COMPANIES & set(words) and not _is_union_of_states(words):
        return "other", "{source} is of a company"
    if "bare" in marks:
        if inside and "condition" not in words:
            return "insider", "{source} tells of knowledge from inside"
        return role, _BY_ROW
    last = head.split()[-1] if head else ""
    if last in _STATE_ALLIES and role == "partisan" and _is_foreign(before):
        return "official", "{source} stands for a state"
    if last in _PARTY_HEADS | _VOICES and _takes_sides(before, last):
        return "partisan", "{source} stands for a party"
    return _role_of_body(words, role, head) or (role, _BY_ROW)


_HEADED = frozenset("official officials leader leaders".split())


def _is_union_of_states(words: Sequence[str]) -> bool:
    """ "European Union officials" are of states, "union officials" of workers."""
    return not _UNIONS_OF_STATES.isdisjoint(pairwise(words))


_UNIONS_OF_STATES = frozenset((("european", "union"), ("african", "union")))


_STATE_ALLIES = frozenset("ally allies partner partners delegate delegates".split())
_FOREIGN = source_words("foreign")


def _is_foreign(before: Sequence[str]) -> bool:
    """ "our allies" and "European allies" are states, "Trump allies" his party's."""
    known = known_names()
    areas = (known[word][0] in AREAS for word in before if word in known)
    owned = "'s" in before and not any(word in known for word in before)
    return (
        not owned
        and not PARTY & set(before)
        and (bool(_FOREIGN & set(before)) or any(areas))
    )


_VOICES = source_words("voice")
_SIDES = re.compile(
    r"(anti|pro|never)-(?!corr|crim|drug|terror|trust|narc|dop|frau|rack)"
)


def _takes_sides(before: Sequence[str], last: str) -> bool:
    """ "conservative commentators", "anti-Lee delegates", not "anti-drug officials"."""
    # "left-wing leaders of the region" are its presidents
    wings = () if last in _HEADED else _WINGS
    return not (PARTY | {*wings}).isdisjoint(before) or any(
        _SIDES.match(word) for word in before
    )


_WINGS = source_words("wing")


_OF_BODIES = source_words("state body")
_OF_PARTIES = source_words("party body")
_BODY_HEADS = source_words("body head")


def _role_of_body(words: Sequence[str], role: str, head: str) -> tuple[str, str] | None:
    """ "members of the ruling party", "the head of the customs agency"."""
    first, last = head.split()[0], head.split()[-1]
    if last not in _BODY_HEADS | _PARTY_HEADS or last not in words:
        return None
    at = list(words).index(last)
    behind = words[at + 1 : at + 9]
    if not behind or behind[0] not in _BELONGING:
        behind = ()
    ends = [i for i, w in enumerate(behind[1:], 1) if w in _BODY_ENDS]
    # "a campaign official" is an official, "a GOP campaign official" partisan
    start = list(words).index(first) if first in words else at
    scope = set(words[:start]) | set(behind[: ends[0]] if ends else behind)
    if last in _PARTY_HEADS and scope & (_OF_PARTIES | PARTY):
        return None if scope & _GOVERNING else ("partisan", "{source} is of a party")
    if role == "other" and scope & _OF_BODIES:
        return "official", "{source} is of a body of the state"
    return None


_BELONGING = frozenset(("of", "in", "from", "within", "at", "inside"))
_BODY_ENDS = frozenset(", who which that whose and with said".split())
# "lawmakers from both parties" are of none, a government's officials its own
_GOVERNING = frozenset(("administration", "government", "cabinet", "both"))


def modified_label(phrase: Phrase, match: Match) -> str:
    """The head with what stands before it: "senior US official" -> "US official"."""
    known = known_names()
    kept = []
    for at in range(phrase.first, match.last):
        word = token_at(phrase, at)
        if word in _LABEL_STOP or word.isdigit() or not word[:1].isalnum():
            continue
        area = known.get(word)
        kept.append(area[1] if area and area[0] in AREAS else word)
    return " ".join(kept)


_LABEL_STOP = (
    DEFINITE | NEW | INDEFINITE | QUANTITIES | UNNAMED | PARTITIVES | {"of", "'s"}
) | frozenset("senior top high-ranking current former yet's yet 's other".split())
