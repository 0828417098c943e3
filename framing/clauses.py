"""A light reading of clauses: one letter a token, and who is the subject of a verb.

No tagger is trained or downloaded. Function words come from `word_classes.csv`, verbs
from the lexicons, the rest from capitals and endings; patterns then run over the
letters:

    D determiner      p subject pronoun    r other pronoun     N name    n noun, adjective
    # figure          V past verb          z verb or plural    b verb or noun
    E -ed form        G -ing form          X be, have, do      M modal   ! negation
    t to              I preposition        S subordinator      T that    W who, which, what
    C and, or, but    a adverb             d weekday, month    s 's
    , ; : - . ( )     " quotation mark     ' single mark
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from framing.lexicon import load_lexicon, verb_forms, verb_table, word_class
from framing.text import Segments

_CLASSES = (
    ("verb", "b"),
    ("determiner", "D"),
    ("reflexive", "r"),
    ("adverb", "a"),
    ("weekday", "d"),
    ("preposition", "I"),
    ("subordinator", "S"),
    ("relative", "W"),
    ("coordinator", "C"),
    ("modal", "M"),
    ("negation", "!"),
    ("auxiliary", "X"),
)
_MARKS = {
    ",": ",", ".": ".", "!": ".", "?": ".", "…": ".", ";": ";", ":": ":", "—": "-",
    "–": "-", "―": "-", "-": "-", "(": "(", ")": ")", "[": "n", "]": "n", '"': '"',
    "“": '"', "”": '"', "«": '"', "»": '"', "„": '"', "'": "'", "‘": "'", "’": "'",
    "$": "#", "%": "n", "£": "#", "€": "#", "&": "C", "#": "n", "@": "N", "/": "C",
}  # fmt: skip


class NounPhrase(NamedTuple):
    """Tokens `first` to `last`, `last` excluded."""

    first: int
    last: int


@cache
def _known_words() -> dict[str, str]:
    letters: dict[str, str] = {}
    for name, letter in _CLASSES:
        for word in sorted(word_class(name)):
            forms = verb_forms(word) if letter == "b" else (word,)
            for form in forms:
                letters[form] = _verb_letter(word, form) if letter == "b" else letter
    for pronoun in ("i", "he", "she", "it", "we", "they", "you"):
        letters[pronoun] = "p"
    return letters | {"that": "T", "to": "t", "'s": "s", "who": "W"}


def _verb_letter(lemma: str, form: str) -> str:
    if form == lemma:
        return "b"
    if form.endswith("ing"):
        return "G"
    if form.endswith("ed"):
        return "E"
    forms = verb_table().get(lemma, ())
    if len(forms) > 1 and form == forms[1] or form.endswith("s"):
        return "z"
    if len(forms) == 5 and form == forms[3]:
        return "E"
    return "V"


@cache
def cue_verbs() -> frozenset[str]:
    """Lemmas of the reporting verbs, the slots `<...>` of the attribution lexicon."""
    return frozenset(
        lemma
        for entry in load_lexicon("attribution_cues").entries
        for lemma in re.findall(r"<(\w+)>", entry.cue)
    )


@cache
def letter_of(word: str) -> str:
    """The letter of a lower-cased token by itself.

    >>> [letter_of(word) for word in ("the", "quickly", "demanded", "vessels", "said")]
    ['D', 'a', 'E', 'n', 'V']
    """
    known = _known_words().get(word)
    if known is not None:
        return known
    if not word[0].isalnum():
        return _MARKS.get(word[0], "n")
    if word[0].isdigit():
        return "#"
    cue = _cue_letters().get(word)
    if cue is not None:
        return cue
    if word.endswith("ly") and len(word) > 4:
        return "a"
    if word.endswith("ed") and len(word) > 4 and not word.endswith("eed"):
        return "E"
    if word.endswith("ing") and len(word) > 5:
        return "G"
    return "n"


@cache
def _cue_letters() -> dict[str, str]:
    return {
        form: _verb_letter(lemma, form)
        for lemma in sorted(cue_verbs())
        for form in verb_forms(lemma)
    }


def find_letters(segments: Segments) -> str:
    """One letter for each token of the text, capitals and neighbours considered.

    >>> from framing.text import find_segments
    >>> find_letters(find_segments("The mayor of Lund said that he may resign."))
    'DnINVTpMb.'
    """
    text, tokens = segments.text, segments.tokens
    letters = [letter_of(word) for word in tokens.lower]
    sentence = -1
    for i, start in enumerate(tokens.starts):
        first = tokens.sentence[i] != sentence
        if not first and tokens.lower[i - 1] == "." and tokens.lower[i].isalnum():
            # "Mr. Lund said": sentences are cut already, so this ends none.
            letters[i - 1] = "N"
        sentence = tokens.sentence[i]
        if text[start].isupper():
            letters[i] = _capital(letters[i], first or letters[i - 1] in '":-', i, tokens.lower)
    _settle(letters, tokens.lower)
    return "".join(letters)


def _capital(letter: str, opens: bool, i: int, lower: tuple[str, ...]) -> str:
    if letter in "nNbzEGa" and not opens:
        return "N" if letter in "nNb" or len(lower[i]) < 4 else letter.replace("z", "N")
    if letter == "n":
        return "N"
    return letter


_NOMINAL = "nN#"


def _settle(letters: list[str], lower: tuple[str, ...]) -> None:
    """Decide between noun and verb where the neighbours tell."""
    before = "."
    for i, letter in enumerate(letters):
        if letter in "bz":
            letters[i] = _noun_or_verb(letter, before, letters, lower, i)
        elif letter == "E" and before in "DI" or letter == "G" and before in "Ds":
            letters[i] = "n"
        elif letter == "'" and i and lower[i - 1][-1] == "s" and lower[i] in "'’":
            letters[i] = "s"
        if letters[i] not in "a!":
            before = letters[i]


def _noun_or_verb(
    letter: str, before: str, letters: list[str], lower: tuple[str, ...], i: int
) -> str:
    after = letters[i + 1] if i + 1 < len(letters) else "."
    if before in "tMpW" or (before == "X" and letter == "b" and lower[i - 1] != "be"):
        return letter
    if before in "DIs#" or before == "n" and letter == "b" and lower[i - 1][-1] != "s":
        return "n"
    if lower[i] in _FIRM:
        return letter
    if letter == "z":
        return letter if before in "nN)," and after in 'DTpN":#rWs' else "n"
    if before in "nN" and lower[i - 1][-1] == "s" or lower[i - 1] in ("people", "men"):
        return letter if after in 'DTpN"rt#W' else "n"
    return letter if before == "C" and after in "DTp" else "n"


# Forms that are hardly ever nouns: after any noun phrase they are its verb.
_FIRM = frozenset("say says tell tells argue argues insist insists believe believes "
                  "think thinks".split())


# --- verb groups ----------------------------------------------------------------


class VerbGroup(NamedTuple):
    """The auxiliaries, adverbs and negation before the verb at `verb`."""

    first: int
    verb: int
    negated: bool
    modal: bool
    infinitive: bool
    passive: bool


def find_verb_group(letters: str, lower: tuple[str, ...], verb: int) -> VerbGroup:
    """The group of the verb, read backwards from it."""
    first = verb
    negated = modal = infinitive = False
    auxiliaries: list[str] = []
    while first > 0 and letters[first - 1] in "aX!Mt":
        first -= 1
        letter, word = letters[first], lower[first]
        negated = negated or letter == "!"
        modal = modal or letter == "M"
        infinitive = infinitive or letter == "t"
        if letter == "X":
            auxiliaries.append(word)
        if letter == "t":
            break
    while first < verb and letters[first] == "a":
        first += 1
    passive = bool(auxiliaries) and auxiliaries[0] in _BE and letters[verb] in "EV"
    return VerbGroup(first, verb, negated, modal, infinitive, passive)


_BE = frozenset("am is are was were be been being 're 'm".split())


# --- subjects -------------------------------------------------------------------

_INSIDE = frozenset("DNn#saIrCE()zbdGpt'")  # letters a noun phrase may hold
_ADJUNCT = re.compile(
    r"(?:I(?:D?[nN#]{0,2}d[#]?|D?n{1,3})|D?n?d|a|D[n]{1,2})$"
)
_TIMES = frozenset(
    "week month year day night morning afternoon evening time weekend today statement "
    "interview conference letter email tweet post speech address briefing remarks "
    "hearing news front part television response testimony court call turn".split()
)


def find_subject(
    letters: str, lower: tuple[str, ...], group: int, floor: int
) -> NounPhrase | None:
    """The noun phrase that is subject of the verb group starting at `group`.

    `floor` is the first token of the sentence.
    """
    last = _skip_adjuncts(letters, lower, group, floor)
    if last <= floor:
        return None
    before = letters[last - 1]
    if before == "p":
        return NounPhrase(last - 1, last)
    if before in "W" or before == "T" and last - 1 > floor and letters[last - 2] in "nN":
        return _antecedent(letters, lower, last - 1, floor)
    if before in ",-)":
        return _over_insertion(letters, lower, last - 1, floor)
    if before == "C":
        return _shared_subject(letters, lower, last - 1, floor)
    return _phrase_ending(letters, lower, last, floor)


def _skip_adjuncts(letters: str, lower: tuple[str, ...], end: int, floor: int) -> int:
    last = end
    while last > floor:
        step = _adjunct_length(letters, lower, last, floor)
        if not step:
            break
        last -= step
    return last


def _adjunct_length(letters: str, lower: tuple[str, ...], end: int, floor: int) -> int:
    if letters[end - 1] == "a":
        return 1
    found = _ADJUNCT.search(letters, max(floor, end - 6), end)
    if not found or found.start() <= floor:
        return 0
    if "d" in found[0] or lower[end - 1] in _TIMES:
        return end - found.start()
    return 0


def _antecedent(
    letters: str, lower: tuple[str, ...], relative: int, floor: int
) -> NounPhrase | None:
    last = relative
    if last > floor and letters[last - 1] in ",-":
        last -= 1
    if last <= floor or letters[last - 1] not in _INSIDE:
        return None
    return _phrase_ending(letters, lower, last, floor)


def _over_insertion(
    letters: str, lower: tuple[str, ...], closing: int, floor: int
) -> NounPhrase | None:
    """The subject before an insertion: "Ms Lund, the mayor, said"."""
    mark = letters[closing].replace(")", "(")
    opening = letters.rfind(mark, floor, closing)
    if opening <= floor:
        return _shared_subject(letters, lower, closing, floor)
    phrase = _phrase_ending(letters, lower, opening, floor)
    return NounPhrase(phrase.first, closing) if phrase else None


def _shared_subject(
    letters: str, lower: tuple[str, ...], joint: int, floor: int
) -> NounPhrase | None:
    """The subject of the earlier verb: "Ms Lund left and said"."""
    verb = _first_finite(letters, floor, joint)
    if verb is None:
        return None
    group = find_verb_group(letters, lower, verb)
    return find_subject(letters, lower, group.first, floor)


_CLAUSE = re.compile(r"[VX]|[zbE]")


def _first_finite(letters: str, floor: int, joint: int) -> int | None:
    start = floor
    found = None
    for match in re.finditer(r"[SWT;]|(?<![SWTtDI])([VXM]|(?<=[nNp])[zbE])", letters[start:joint]):
        if match[1]:
            found = start + match.start()
            if "X" in match[1] or "M" in match[1]:
                found = start + match.start()
            break
    if found is None:
        return None
    while found + 1 < joint and letters[found] in "XMa!" and letters[found + 1] in "XMa!VEG":
        found += 1
    return found


def _phrase_ending(
    letters: str, lower: tuple[str, ...], last: int, floor: int
) -> NounPhrase | None:
    """The noun phrase whose last token is the one before `last`."""
    first = last
    joint = None
    while first > floor and letters[first - 1] in _INSIDE:
        if letters[first - 1] == "C":
            joint = joint if joint is not None else first
        if letters[first - 1] == "p":
            break
        if letters[first - 1] in "zb" and first < last:
            break
        if letters[first - 1] == "E" and letters[first : first + 1] not in ("I", "n", "t"):
            break
        first -= 1
    if joint is not None and first > floor and letters[first - 1] in "VzbXEM":
        first = joint
    while first < last and letters[first] in "ICatEG)s'":
        first = _without_opening(letters, lower, first, last)
    return NounPhrase(first, last) if first < last else None


def _without_opening(
    letters: str, lower: tuple[str, ...], first: int, last: int
) -> int:
    """Skip "In Oslo on Monday" before "officials"."""
    if letters[first] != "I":
        return first + 1
    at = first + 1
    while at < last and letters[at] in "D#d":
        at += 1
    later = re.compile(r"[DN]|d(?=[nN])").search(letters, at + 1, last)
    if later and letters[first + 1] in "Dnd":
        return later.start()
    return max(first + 1, last - 1)


def find_phrase_after(letters: str, lower: tuple[str, ...], first: int, ceiling: int) -> NounPhrase | None:
    """The noun phrase that begins at `first`, with its appositions.

    `ceiling` is the token after the sentence's last.
    """
    while first < ceiling and letters[first] == "a":
        first += 1
    if first < ceiling and letters[first] == "p":
        return NounPhrase(first, first + 1)
    if first >= ceiling or letters[first] not in "DNn#rG(EI":
        return None
    found = _FORWARD.match(letters, first, min(ceiling, first + 40))
    last = found.end() if found else first
    last = _skip_adjuncts(letters, lower, last, first)
    return NounPhrase(first, last) if last > first else None


_CORE = r"(?:[DNn#sEz(']|a(?=[nNE])|\)|C(?=[DNn#])|I(?=[DNn#s])(?!Dn?d|d)|G(?=[nN]))+"
_FORWARD = re.compile(rf"{_CORE}(?:,(?=[DnN#])(?:{_CORE})(?=[,.;:\"]|$)|,W[^,.;\"]*(?=[,.]))*")
