"""English verbs in their forms: the irregular from a list, the others by spelling."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_IRREGULAR = Path(__file__).parent / "lexicons" / "irregular_verbs.csv"


@cache
def verb_table() -> dict[str, tuple[str, ...]]:
    """Forms of the irregular verbs by lemma, in the order of `irregular_verbs.csv`.

    >>> verb_table()["write"]
    ('write', 'writes', 'wrote', 'written', 'writing')
    """
    rows = _IRREGULAR.read_text(encoding="utf-8").splitlines()
    return {forms[0]: forms for forms in (tuple(row.split(",")) for row in rows[1:])}


_VOWELS = "aeiou"


@cache
def verb_forms(lemma: str) -> frozenset[str]:
    """The forms of an English verb, from the irregular list or the spelling rules.

    >>> sorted(verb_forms("deny"))
    ['denied', 'denies', 'deny', 'denying']
    >>> sorted(verb_forms("mull"))
    ['mull', 'mulled', 'mulling', 'mulls']
    >>> sorted(verb_forms("say"))
    ['said', 'say', 'saying', 'says']
    """
    irregular = verb_table().get(lemma)
    if irregular is not None:
        return frozenset(irregular)
    return frozenset((lemma, _third_person(lemma), *_past_and_participle(lemma)))


def _third_person(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return f"{lemma[:-1]}ies"
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{lemma}es"
    return f"{lemma}s"


def _past_and_participle(lemma: str) -> tuple[str, str]:
    if lemma.endswith("ie"):
        return f"{lemma}d", f"{lemma[:-2]}ying"
    if lemma.endswith("ee"):
        return f"{lemma}d", f"{lemma}ing"
    if lemma.endswith("e"):
        return f"{lemma}d", f"{lemma[:-1]}ing"
    if lemma.endswith("y") and lemma[-2:-1] not in _VOWELS:
        return f"{lemma[:-1]}ied", f"{lemma}ing"
    return f"{lemma}ed", f"{lemma}ing"
