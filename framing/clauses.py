"""A light reading of clauses: one letter a token, verb groups, and their subjects.

No tagger is trained or downloaded. Function words and common verbs come from
`clause_words.csv`, reporting verbs from `attribution_cues.csv`, the rest from capitals,
endings and neighbours; rules then run over the letters:

    D determiner    p subject pronoun  r other pronoun   N name   n noun, adjective
    # figure        V past verb        z third person    b base   E -ed form
    G -ing form     X be, have, do     M modal           ! not    t to
    I preposition   S subordinator     T that            W who, which, what
    C and, or, but  a adverb           d weekday, month  s 's     , ; : - . ( )
    " quotation mark, or a word inside a quotation that the reader skips
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from framing.inflection import verb_forms, verb_table
from framing.lexicon import FOLDER, load_lexicon, read_entries
from framing.text import Segments

_CLASSES = {
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
def words_of(name: str) -> frozenset[str]:
    """The words of a class of `clause_words.csv`.

    >>> sorted(words_of("staying_verb"))[:3]
    ['became', 'grew', 'grows']
    """
    entries = read_entries(FOLDER / "clause_words.csv")
    return frozenset(w for e in entries if e.type == name for w in e.cue.split("|"))


@cache
def _known_words() -> dict[str, str]:
    letters: dict[str, str] = {}
    for lemma in sorted(words_of("verb") | _cue_verbs()):
        for form in verb_forms(lemma):
            letters.setdefault(form, _verb_letter(lemma, form))
    for name, letter in _CLASSES.items():
        letters.update(dict.fromkeys(words_of(name), letter))
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
        return "n" if word in words_of("not_adverb") else "a"
    if word.endswith("ed") and len(word) > 4 and not word.endswith("eed"):
        return "E"
    if word.endswith("ing") and len(word) > 5:
        return "G"
    return "n"


def find_letters(segments: Segments) -> str:
    """One letter for each token of the text, capitals and neighbours considered.

    >>> from framing.text import find_segments
    >>> find_letters(find_segments("The mayor of Lund said that he may resign."))
    'DnINVTpMb.'
    """
    text, tokens = segments.text, segments.tokens
    lower, numbers = tokens.lower, tokens.sentence
    letters = [letter_of(word) for word in lower]
    for i, start in enumerate(tokens.starts):
        opens = i == 0 or numbers[i] != numbers[i - 1]
        inside = lower[i].isalnum() or lower[i] in "),"
        if inside and not opens and lower[i - 1] == ".":
            # "Mr. Lund said": sentences are cut already, so this period ends none.
            letters[i - 1] = "N"
        if text[start].isupper():
            opens = opens or letters[i - 1] in '":-'
            shouted = text[start : start + 2].isupper()
            letters[i] = _capital(letters[i], lower[i], opens=opens, shouted=shouted)
            if letters[i] == "a" and letters[i + 1 : i + 2] in (["V"], ["E"]):
                letters[i] = "N"  # "Kelly said"
    _settle(letters, lower)
    return "".join(letters)


def _capital(letter: str, word: str, *, opens: bool, shouted: bool) -> str:
    if letter == "n" or (letter in "rM" and shouted):  # "US" is not "us"
        return "N"
    if opens or letter in "DpIXtCTSW":
        return letter if word not in ("us", "may", "will") or opens else "N"
    return letter if letter in "Vd!" or word in words_of("firm_verb") else "N"


def _settle(letters: list[str], lower: tuple[str, ...]) -> None:
    """Decide between noun and verb where the neighbours tell."""
    before, previous = ".", ""
    for i, letter in enumerate(letters):
        if letter == "n" and previous == "who" and lower[i][-1:] == "s":
            letters[i] = "z"  # "a clerk who resides in Oslo": no list has every verb
        elif letter in "bz":
            letters[i] = _noun_or_verb(before, previous, letters, lower, i)
        elif letter in 'EGsTt"' or lower[i] == "yet":
            after = "".join(letters[i + 1 : i + 3])
            letters[i] = _settled(letter, lower[i], before, previous, after)
        if letters[i] not in "a!":
            before, previous = letters[i], lower[i]


def _settled(letter: str, word: str, before: str, previous: str, after: str) -> str:
    """The letter of a participle, a clitic, "that" or "to" among its neighbours."""
    if letter == "E" and before in "DIs" and after[:1] in _NOMINAL:
        return "n"  # "the reported strike", "for alleged crimes"
    if letter == "G" and before in "Ds":
        return "n"
    if word in ("'", "’") and previous[-1:] == "s":
        return "s"
    if letter == "s" and before in "pW":
        return "X"  # "he's"
    if word == "yet" and before in "X!":
        return "a"  # "has not yet said"
    if letter == "t" and previous == "according":
        return "I"
    if letter == "T" and before in ',".' and after in ("nV", "nE"):
        return "D"  # "..., that official said"
    return letter


_NOMINAL = frozenset("nNE#Gbz")


def _noun_or_verb(
    before: str, previous: str, letters: list[str], lower: tuple[str, ...], i: int
) -> str:
    letter, word = letters[i], lower[i]
    after = letters[i + 1] if i + 1 < len(letters) else "."
    plural = previous in words_of("plural_noun")
    if before in "tMpW" or (before == "X" and previous in _DO):
        return letter
    if plural and after in "DTpNrWI":
        return letter  # "many call it a mistake"
    if before in "DIs#!X":
        return "n"
    if word in words_of("firm_verb"):
        return letter
    if i and letters[i - 1] == "G":
        return "n"
    plural = plural or (before in "nN" and previous[-1:] == "s")
    if letter == "z":
        after += "".join(letters[i + 2 : i + 3])
        return letter if _is_third_person(before, plural, word, after) else "n"
    if plural and after in "nEbzG" and word in words_of("demanding_verb"):
        return letter  # "lawmakers demand answers"
    if plural:
        wider = 'DTpN"rt#WSIan.' if before == "N" else 'DTpN"rt#WSIa.'
        return letter if after in wider else "n"
    return letter if before == "C" and after in "DTpr" else "n"


def _is_third_person(before: str, plural: bool, word: str, after: str) -> bool:
    if word in words_of("mostly_noun"):
        relative = after[:1] == "T" and after[1:] in tuple("EVXMzb")
        if after[:1] in ("T", '"') and not relative:
            return True
        return after[:1] == "." and before == "n"
    after = after[:1]
    if before in "),":
        return after in 'DTpN":#rW.'
    if before in "Nr-":
        return after in 'DTpN":#rWSIG,.nat-!'
    # "the ministry plans to", but "the peace talks to end the war"
    wide = 'DTpNrW#"!tX' if word in words_of("intention_verb") else 'DTpNrW#"!'
    return before == "n" and after in wide and not plural


_DO = frozenset("do does did".split())


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
