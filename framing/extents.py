"""Where sources and cues begin and end, as the codebook cuts them (section 3, extent).

The trained coder scores tokens, so its stretch may run over an edge that every coder
keeps: "by the mayor" and "the mayor - who" are the mayor. What only opens or closes a
stretch is taken off here; nothing is added.
"""

from __future__ import annotations

from collections.abc import Sequence

_BEFORE = frozenset("by from with only to , ; : - – —".split())
_AFTER = frozenset("on that which who has have had also , ; : - – — (".split())


def cut_source(lower: Sequence[str], first: int, last: int) -> tuple[int, int] | None:
    """The stretch `first` to `last` without stray edges, or None if nothing is left.

    >>> words = "criticised by the mayor - who left".split()
    >>> cut_source(words, 1, 6)
    (2, 4)
    >>> cut_source(words, 1, 2) is None
    True
    """
    while first < last and lower[first] in _BEFORE:
        first += 1
    while first < last and lower[last - 1] in _AFTER:
        last -= 1
    return (first, last) if first < last else None


def stands_for_nobody(source: Sequence[str], between: Sequence[str]) -> bool:
    """Whether the source is the "it" of "it was reported", which names no one.

    `between` are the words from the source to the cue: forms of "be" and what goes
    with them. CODEBOOK, section 2: the source is null where none is expressed.

    >>> stands_for_nobody(["it"], ["has", "been"]), stands_for_nobody(["it"], [])
    (True, False)
    """
    passive = bool(_BE & set(between)) and set(between) <= _BE | _WITH_BE
    return list(source) == ["it"] and passive


_BE = frozenset("is was been being be 's".split())
_WITH_BE = frozenset("has had have also now then later first widely not n't".split())


def is_leftover(cue: Sequence[str]) -> bool:
    """Whether only particles stand in a cue: the "for" of "called on Monday for".

    The verb is the cue; its particle counts with it where the two stand together.

    >>> is_leftover(["for"]), is_leftover(["called", "for"]), is_leftover(["per"])
    (True, False, False)
    """
    return set(cue) <= _PARTICLES


_PARTICLES = frozenset("for to up on of with in out about at over as against".split())
