"""States told together: "both sides", "the two countries", "these two old allies".

They are the two that the text names last, or right after. Not covered: more than two
states; sides that are no states ("both sides of the aisle").
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from framing.gazetteer import DEMONYM, PLACE, known_name, source_words, state_names
from framing.grounds import Because, on, refers
from framing.names import Name
from framing.phrases import Phrase
from framing.scene import Referent, Scene, new_referent

_OPENINGS = (("both",), ("the", "two"), ("these", "two"), ("those", "two"))
_TOLD = source_words("states together")


def find_pair(scene: Scene, phrase: Phrase) -> Referent | None:
    """The two states that a phrase tells together, or None."""
    if not _tells_pair(phrase):
        return None
    at, sentence = phrase.first, scene.sentence_of(phrase.first)
    low = bisect_left(scene.name_starts, at)
    before = [n for n in scene.names[:low] if sentence - scene.sentence_of(n.first) < 4]
    pair = _two_states(reversed(before))
    if len(pair) < 2:
        after = scene.names[low : low + 4]
        pair = _two_states(
            n for n in after if scene.sentence_of(n.first) - sentence < 2
        )
    if len(pair) < 2:
        return None
    name = " and ".join(sorted(pair))
    rule = refers("the two states named nearest")
    near = pair[sorted(pair)[0]]
    why = on(Because(rule, near.first, near.last, name))
    return new_referent("institution", "named", name, why=why)


def _tells_pair(phrase: Phrase) -> bool:
    words = phrase.lower
    opens = next((len(o) for o in _OPENINGS if words[: len(o)] == o), 0)
    if not opens:
        return False
    told = [i for i, w in enumerate(words[: opens + 3]) if i >= opens and w in _TOLD]
    if told and any(n.first < phrase.first + told[0] for n in phrase.names):
        return False  # "the two Peruvian states"
    # "both sides of the debate" are people
    people = words[-1] != "sides" and "sides" in words
    return bool(told) and not people


def _two_states(names: Iterable[Name]) -> dict[str, Name]:
    """The first two different states among `names`, a capital for its state."""
    pair: dict[str, Name] = {}
    for name in names:
        known = known_name(name.whole)
        if known is None or known[0] not in (PLACE, DEMONYM):
            continue
        if known[1] in state_names() and len(pair) < 2:
            pair.setdefault(known[1], name)
    return pair
