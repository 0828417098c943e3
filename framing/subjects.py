"""Subjects and noun phrases, read from the letters of `clauses`.

A phrase is found from one end: backwards from a verb to its subject, over dates,
insertions and relative clauses, or forwards from a cue ("according to ...").
"""

from __future__ import annotations

import re
from typing import NamedTuple

from framing.clauses import find_verb_group, words_of


class NounPhrase(NamedTuple):
    """Tokens `first` to `last`, `last` excluded."""

    first: int
    last: int


_PHRASE = frozenset("DNn#saIrC()dGEt")  # letters inside a noun phrase, read backwards
_ADJUNCT = re.compile(r"(?:I?D?[nN]{0,2}[d#]+n?|ID?[nN]{1,3}|[Dn]n{1,2})$")


def find_subject(
    letters: str, lower: tuple[str, ...], group: int, floor: int
) -> NounPhrase | None:
    """The noun phrase that is subject of the verb group starting at token `group`.

    `floor` is the first token that may belong to it, mostly that of the sentence.

    >>> lower = ("the", "mayor", ",", "a", "pilot", ",", "said")
    >>> find_subject("Dn,Dn,V", lower, 6, 0)
    NounPhrase(first=0, last=5)
    """
    last = _skip_adjuncts(letters, lower, group, floor)
    if last <= floor:
        return None
    before = letters[last - 1]
    if before == "p":
        return NounPhrase(last - 1, last)
    if lower[last - 1] in ("who", "which", "whom") or before == "T":
        return _antecedent(letters, lower, last - 1, floor)
    if before in ",-)":
        return _before_insertion(letters, lower, last - 1, floor)
    if before in 'CSIt"':
        return find_main_subject(letters, lower, last - 1, floor)
    return _phrase_ending(letters, lower, last, floor)


def find_main_subject(
    letters: str, lower: tuple[str, ...], before: int, floor: int
) -> NounPhrase | None:
    """The subject of the sentence's main verb: "Ms Lund left and said"."""
    if letters[before - 1] == "," and before > floor:
        before -= 1
    ends = re.search(r"[VzE](?:I?D?n?d)?$", letters[floor:before])
    if letters[before : before + 1] == "," and ends and ends.start():
        # "It failed, Ms Lund added on Monday, saying": the speaker just named goes on
        group = find_verb_group(letters, lower, floor + ends.start())
        return find_subject(letters, lower, group.first, floor)
    start = _main_clause(letters, before, floor)
    verb = _FINITE.search(letters, start, before)
    if verb is None:
        found = re.compile(r'[^-,;:."]+').match(letters, start, before)
        return _phrase_ending(letters, lower, found.end(), start) if found else None
    return find_subject(letters, lower, verb.start(), floor)


_FINITE = re.compile(r"(?<![WTtDIS])(?:[VXM]|(?<=[nNp#)a\",dr])[zbE])")
_FRONTED = re.compile(r'(?:C|a)?(?:[SIGEad]|tb)[^,";]*,(?=[DNnp#a])')


def _main_clause(letters: str, before: int, floor: int) -> int:
    """Past an opening "After the talks failed,"."""
    found = _FRONTED.match(letters, floor, before)
    return found.end() if found else floor


def _skip_adjuncts(letters: str, lower: tuple[str, ...], end: int, floor: int) -> int:
    last = end
    while last > floor:
        step = 1 if letters[last - 1] == "a" else 0
        found = None if step else _ADJUNCT.search(letters, max(floor, last - 6), last)
        if found and found.start() > floor:
            dated = "d" in found[0] or lower[last - 1] in words_of("time_noun")
            dated = dated or (
                found[0][0] == "I" and lower[last - 1] in words_of("occasion_noun")
            )
            step = last - found.start() if dated else 0
        if not step:
            break
        last -= step
    return last


def _antecedent(
    letters: str, lower: tuple[str, ...], relative: int, floor: int
) -> NounPhrase | None:
    """What "who" or "which" refers to; the pronoun itself where nothing else stands."""
    last = relative
    while last > floor and letters[last - 1] in ",-C":
        last -= 1
    found = _phrase_ending(letters, lower, last, floor) if last > floor else None
    return found or NounPhrase(relative, relative + 1)


def _before_insertion(
    letters: str, lower: tuple[str, ...], closing: int, floor: int
) -> NounPhrase | None:
    """The subject with what is inserted after it: "Ms Lund, the mayor, said"."""
    mark = letters[closing].replace(")", "(")
    opening = letters.rfind(mark, floor, closing)
    quoted = letters.rfind('"', floor, closing)
    if opening <= floor or quoted > opening:
        return find_main_subject(letters, lower, closing, floor)
    phrase = _phrase_ending(letters, lower, opening, floor)
    if phrase is None:
        return find_main_subject(letters, lower, closing, floor)
    if mark == "(":
        return NounPhrase(phrase.first, closing + 1)
    first = _over_further_commas(letters, lower, phrase.first, floor)
    if letters[opening + 1] in "aSIGEW" or lower[opening + 1] in _ASIDES:
        return NounPhrase(first, opening if letters[opening + 1] in "aSIG" else closing)
    return NounPhrase(first, closing)


_ASIDES = frozenset("though however meanwhile".split())


def _over_further_commas(
    letters: str, lower: tuple[str, ...], first: int, floor: int
) -> int:
    """Towards "Sen. Lund" in "Sen. Lund, R-Utah, chair of the panel, said"."""
    while first - 1 > floor and letters[first - 1] == ",":
        phrase = _phrase_ending(letters, lower, first - 1, floor)
        if phrase is None or letters[phrase.first] in "d#I":
            break
        if phrase.first > floor and letters[phrase.first - 1] not in ',"TS':
            break
        first = phrase.first
    return first


def _phrase_ending(
    letters: str, lower: tuple[str, ...], last: int, floor: int
) -> NounPhrase | None:
    """The noun phrase whose last token is the one before `last`."""
    first, joint = last, 0
    while first > floor:
        letter = letters[first - 1]
        if letter == "C":
            joint = joint or first
        if letter == "p" and first == last:
            return NounPhrase(first - 1, last)
        if letter in "VzbXME":
            step = _over_relative(letters, lower, first, last, floor)
            if not step:
                break
            first = step
            continue
        if letter not in _PHRASE:
            break
        first -= 1
    if joint and first > floor and letters[first - 1] in "VzbXEMt":
        first = joint  # "attacked the port, and officials said"
    return _trimmed(letters, lower, first, last)


def _over_relative(
    letters: str, lower: tuple[str, ...], first: int, last: int, floor: int
) -> int:
    """First token of "who met him" or "briefed on the plan" where such ends at `first`.

    0 where the verb is no part of the noun phrase.
    """
    verb = first - 1
    if letters[verb] == "E" and letters[verb - 1] in "nNr" and letters[first] in "It":
        # "officials briefed on the plan said": all between hangs on a preposition
        return verb
    if letters[verb] in "EV" and verb - 2 >= floor and letters[verb - 2 : verb] == "np":
        return verb - 1  # "the protesters we met said"
    group = find_verb_group(letters, lower, verb).first
    if group > floor and lower[group - 1] in ("who", "which"):
        return group - 1 if letters[group - 2] not in "," else group - 2
    return 0


def _trimmed(
    letters: str, lower: tuple[str, ...], first: int, last: int
) -> NounPhrase | None:
    """Without an opening "But in Oslo on Monday" and a closing preposition."""
    while first < last and letters[last - 1] in "ICtG(Ea":
        if letters[last - 2 : last] == "WE":
            break  # "two people who attended"
        last -= 1
    while first < last and letters[first] in "ICatEG)s(":
        if letters[first] == "E" and letters[first + 1 : first + 2] in ("n", "N"):
            break  # "Retired Gen. Lund"
        if letters[first] != "I":
            first += 1
            continue
        later = re.compile(r"(?<=.)D|(?<=[d#])[nN]").search(letters, first + 2, last)
        first = later.start() if later else max(first + 1, last - 1)
    return NounPhrase(first, last) if first < last else None


# --- phrases after a cue ------------------------------------------------------------


_CORE = (
    r"(?:[DNn#sz(r]|E(?=[nN])|(?<=[nN])E(?=I)|a(?=[nNE#])|\)|C(?=[DNn#])|I(?=[DNn#srG])(?!Dn?d|d|D?nd)|"
    r"G(?=[nN]))+"
)
_APPOSITION = rf',(?=[DNn#])(?:{_CORE})(?:W[^,.;"]*)?(?=[,.;:"-]|$)|,W[^,.;"]*'
_AFTER = re.compile(rf"{_CORE}(?:(?:{_APPOSITION})(?=,|[.;\"-]|$))*(?:W[^,.;\"]*)?")


def find_phrase_after(
    letters: str, lower: tuple[str, ...], first: int, ceiling: int
) -> NounPhrase | None:
    """The noun phrase that begins at token `first`, with its appositions.

    `ceiling` is one past the last token that may belong to it.

    >>> find_phrase_after("VDnIN,DnIn.", ("",) * 11, 1, 11)
    NounPhrase(first=1, last=10)
    """
    while first < ceiling and letters[first] == "a":
        first += 1
    if first < ceiling and letters[first] == "p":
        return NounPhrase(first, first + 1)
    found = _AFTER.match(letters, first, min(ceiling, first + 50))
    if not found or letters[first] not in "DNn#rE":
        return None
    last = _skip_adjuncts(letters, lower, found.end(), first + 1)
    return NounPhrase(first, last)
