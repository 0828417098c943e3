"""A light reading of clauses: one letter a token, verb groups, and their subjects.

No tagger is trained or downloaded. Function words and common verbs come from
`clause_words.csv`, reporting verbs from `attribution_cues.csv`, the rest from capitals,
endings and neighbours; rules then run over the letters:

    D determiner      p subject pronoun    r other pronoun     N name    n noun, adjective
    # figure          V past verb          z third person      b base    E -ed form
    G -ing form       X be, have, do       M modal             ! not     t to
    I preposition     S subordinator       T that              W who, which, what
    C and, or, but    a adverb             d weekday, month    s 's      , ; : - . ( )
    " quotation mark, or a word inside a quotation that the reader skips
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from framing.lexicon import (
    FOLDER,
    load_lexicon,
    read_entries,
    verb_forms,
    verb_table,
)
from framing.text import Segments

_CLASSES = {
    "verb": "b",
    "determiner": "D",
    "other_pronoun": "r",
    "adverb": "a",
    "date": "d",
    "preposition": "I",
    "subordinator": "S",
    "relative": "W",
    "coordinator": "C",
    "modal": "M",
    "negation": "!",
    "auxiliary": "X",
    "pronoun": "p",
}
_MARKS = {
    ",": ",", ".": ".", "!": ".", "?": ".", "…": ".", ";": ";", ":": ":", "—": "-",
    "–": "-", "―": "-", "-": "-", "(": "(", ")": ")", '"': '"', "“": '"', "”": '"',
    "«": '"', "»": '"', "„": '"', "'": '"', "‘": '"', "’": '"', "$": "#", "£": "#",
    "€": "#", "&": "C", "@": "N", "/": "C",
}  # fmt: skip


class NounPhrase(NamedTuple):
    """Tokens `first` to `last`, `last` excluded."""

    first: int
    last: int


class VerbGroup(NamedTuple):
    """A verb with the auxiliaries, adverbs and negation before it."""

    first: int
    verb: int
    negated: bool
    modal: bool
    infinitive: bool
    passive: bool


# --- letters ----------------------------------------------------------------------


@cache
def _known_words() -> dict[str, str]:
    letters: dict[str, str] = {}
    rows = read_entries(FOLDER / "clause_words.csv")
    lemmas = {w for e in rows if e.type == "verb" for w in e.cue.split("|")}
    for lemma in sorted(lemmas | _cue_verbs()):
        for form in verb_forms(lemma):
            letters.setdefault(form, _verb_letter(lemma, form))
    for entry in rows:
        if entry.type != "verb":
            for word in entry.cue.split("|"):
                letters[word] = _CLASSES[entry.type]
    return letters | {"that": "T", "to": "t", "'s": "s"}


def _cue_verbs() -> set[str]:
    return {
        lemma
        for entry in load_lexicon("attribution_cues").entries
        for lemma in re.findall(r"<(\w+)>", entry.cue)
    }


def _verb_letter(lemma: str, form: str) -> str:
    if form == lemma:
        return "b"
    if form.endswith("ing"):
        return "G"
    if form.endswith("ed"):
        return "E"
    if form.endswith("s"):
        return "z"
    forms = verb_table().get(lemma, ())
    return "E" if len(forms) == 5 and form == forms[3] else "V"


@cache
def letter_of(word: str) -> str:
    """The letter of a lower-cased token by itself.

    >>> [letter_of(word) for word in ("the", "quickly", "demanded", "vessels", "said")]
    ['D', 'a', 'E', 'n', 'V']
    """
    known = _known_words().get(word)
    if known is not None:
        return known
    if word[0].isdigit():
        return "#"
    if not word[0].isalnum():
        return _MARKS.get(word[0], "n")
    if word.endswith("ly") and len(word) > 4:
        return "n" if word in _NOT_ADVERBS else "a"
    if word.endswith("ed") and len(word) > 4 and not word.endswith("eed"):
        return "E"
    if word.endswith("ing") and len(word) > 5:
        return "G"
    return "n"


_NOT_ADVERBS = frozenset(
    "family supply rally ally italy assembly reply anomaly bully monopoly butterfly "
    "daily weekly monthly elderly friendly deadly costly likely unlikely early".split()
)


def find_letters(segments: Segments) -> str:
    """One letter for each token of the text, capitals and neighbours considered.

    >>> from framing.text import find_segments
    >>> find_letters(find_segments("The mayor of Lund said that he may resign."))
    'DnINVTpMb.'
    """
    text, tokens = segments.text, segments.tokens
    lower, numbers = tokens.lower, tokens.sentence
    letters = [letter_of(word) for word in lower]
    number = -1
    for i, start in enumerate(tokens.starts):
        opens = numbers[i] != number
        number = numbers[i]
        if not opens and lower[i - 1] == "." and lower[i].isalnum():
            # "Mr. Lund said": sentences are cut already, so this period ends none.
            letters[i - 1] = "N"
        if text[start].isupper():
            opens = opens or letters[i - 1] in '":-'
            letters[i] = _capital(letters[i], opens, lower[i])
            if letters[i] in "rM" and text[start : start + 2].isupper():
                letters[i] = "N"  # "US" is not "us"
    _settle(letters, lower)
    return "".join(letters)


def _capital(letter: str, opens: bool, word: str) -> str:
    if letter == "n":
        return "N"
    if opens or letter in "DpIXtCTSW":
        return letter if word not in ("us", "may", "will") or opens else "N"
    return letter if letter in "Vd!" or word in _FIRM else "N"


# Forms that are hardly ever nouns: after any noun phrase they are its verb.
_FIRM = frozenset(
    "say says tell tells argue argues insist insists believe believes think thinks "
    "writes accuses warns urges announces confirms denies condemns criticizes insists "
    "wants hopes declares slams blasts threatens vows rejects describes explains adds "
    "suggests reveals blames tells asks intends expects prefers alleges want "
    "expresses voices show shows finds indicates instructs urges cites quotes read put".split()
)


def _settle(letters: list[str], lower: tuple[str, ...]) -> None:
    """Decide between noun and verb where the neighbours tell."""
    before, previous = ".", ""
    for i, letter in enumerate(letters):
        if letter in "bz":
            letters[i] = _noun_or_verb(before, previous, letters, lower, i)
        elif letter in "EG" and before in "DIs" and letters[i + 1 : i + 2] in _NOMINAL:
            # "the reported strike", "their alleged crimes"; but "for saying the"
            letters[i] = "n" if letter == "E" or before != "I" else letter
        elif letter == "G" and before in "Ds":
            letters[i] = "n"
        elif lower[i] in "'’" and lower[i - 1][-1:] == "s":
            letters[i] = "s"
        elif letter == "s" and before in "pW":
            letters[i] = "X"  # "he's"
        elif letter == "t" and previous == "according":
            letters[i] = "I"
        elif letter == "T" and before in ',".' and letters[i + 1 : i + 2] == ["n"]:
            if letters[i + 2 : i + 3] in (["V"], ["E"]):
                letters[i] = "D"  # "..., that official said"
        if letters[i] not in "a!":
            before, previous = letters[i], lower[i]


_NOMINAL = (["n"], ["N"], ["E"], ["#"], ["G"])


def _noun_or_verb(
    before: str, previous: str, letters: list[str], lower: tuple[str, ...], i: int
) -> str:
    letter, word = letters[i], lower[i]
    after = letters[i + 1] if i + 1 < len(letters) else "."
    if before in "tMpW" or (before == "X" and previous in _DO):
        return letter
    if previous in _PLURALS and after in "DTpNrWI":
        return letter  # "many call it a mistake"
    if before in "DIs#!X" or (i and letters[i - 1] == "G" and word not in _FIRM):
        return "n"
    if word in _FIRM:
        return letter
    plural = before in "nN" and previous[-1:] == "s" or previous in _PLURALS
    if letter == "z":
        after += "".join(letters[i + 2 : i + 3])
        return letter if _is_third_person(before, plural, word, after) else "n"
    if plural:
        wider = 'DTpN"rt#WSIan.' if before == "N" else 'DTpN"rt#WSIa.'
        return letter if after in wider else "n"
    return letter if before == "C" and after in "DTpr" else "n"


def _is_third_person(before: str, plural: bool, word: str, after: str) -> bool:
    if word in _MOSTLY_NOUNS:
        relative = after[:1] == "T" and after[1:] in tuple("EVXMzb")
        return after[:1] in ("T", '"') and not relative or after == "." and before == "n"
    after = after[:1]
    if before in "),":
        return after in 'DTpN":#rW.'
    if before in "Nr-":
        return after in 'DTpN":#rWSIG,.nat-!'
    # "the ministry plans to", but "the peace talks to end the war"
    wide = 'DTpNrW#"!tX' if word in _INTENTIONS else 'DTpNrW#"!'
    return before == "n" and after in wide and not plural


_INTENTIONS = frozenset(
    "plans hopes vows threatens claims promises pledges points".split()
)
_MOSTLY_NOUNS = frozenset(
    "states advocates attacks comments remarks projects disputes posts answers challenges "
    "details questions estimates forecasts complaints requests".split()
)
_DO = frozenset("do does did".split())
_PLURALS = frozenset("people men women others some many media police both".split())


# --- verb groups --------------------------------------------------------------------


_BE = frozenset("am is are was were be been being 're 'm get got".split())


def find_verb_group(letters: str, lower: tuple[str, ...], verb: int) -> VerbGroup:
    """The group of the verb, read backwards from it.

    >>> lower = ("he", "has", "not", "yet", "said", "why")
    >>> find_verb_group("pX!aVW", lower, 4)[:3]
    (1, 4, True)
    """
    first = verb
    negated = modal = infinitive = False
    nearest = ""
    while first > 0 and letters[first - 1] in "aX!Mt" and not infinitive:
        first -= 1
        letter, word = letters[first], lower[first]
        negated = negated or letter == "!"
        modal = modal or letter == "M"
        infinitive = infinitive or letter == "t"
        nearest = nearest or (word if letter == "X" else "")
    while first < verb and letters[first] == "a":
        first += 1
    passive = nearest in _BE and letters[verb] in "EV"
    return VerbGroup(first, verb, negated, modal, infinitive, passive)


# --- subjects -----------------------------------------------------------------------


_PHRASE = frozenset("DNn#saIrC()dGEt")  # letters inside a noun phrase, read backwards
_ADJUNCT = re.compile(r"(?:I?D?[nN]{0,2}[d#]+n?|ID?[nN]{1,3}|[Dn]n{1,2})$")
_TIMES = frozenset(
    "week month year day days night morning afternoon evening time weekend today "
    "yesterday ago".split()
)
_OCCASIONS = frozenset(
    "statement interview conference letter email tweet post speech address "
    "briefing remarks hearing news television testimony turn response message "
    "report court reporters press response".split()
)


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
    if before - 1 > floor and letters[before : before + 1] == "," and letters[before - 1] in "VzE":
        # "It failed, Ms Lund added, saying": the speaker just named goes on
        group = find_verb_group(letters, lower, before - 1)
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
            dated = "d" in found[0] or lower[last - 1] in _TIMES
            dated = dated or found[0][0] == "I" and lower[last - 1] in _OCCASIONS
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
    group = find_verb_group(letters, lower, verb).first
    if group > floor and lower[group - 1] in ("who", "which"):
        return group - 1 if letters[group - 2] not in "," else group - 2
    return 0


def _trimmed(
    letters: str, lower: tuple[str, ...], first: int, last: int
) -> NounPhrase | None:
    """Without an opening "But in Oslo on Monday" and a closing preposition."""
    while first < last and letters[last - 1] in "ICtG(Ea":
        last -= 1
    while first < last and letters[first] in "ICatEG)s(":
        if letters[first] != "I":
            first += 1
            continue
        later = re.compile(r"(?<=.)D|(?<=[d#])[nN]").search(letters, first + 2, last)
        first = later.start() if later else max(first + 1, last - 1)
    return NounPhrase(first, last) if first < last else None


# --- phrases after a cue ------------------------------------------------------------


_CORE = (
    r"(?:[DNn#sz(r]|E(?=[nN])|a(?=[nNE#])|\)|C(?=[DNn#])|I(?=[DNn#srG])(?!Dn?d|d|D?nd)|"
    r"G(?=[nN]))+"
)
_APPOSITION = rf',(?=[DNn#])(?:{_CORE})(?=[,.;:"-]|$)|,W[^,.;"]*'
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
