"""Who speaks in a printed interview: "Q:" is the outlet, "A:" the one it asks.

Not covered: interviews whose turns begin with initials or in bold without a letter.
"""

from __future__ import annotations

from framing.grounds import Because, on, refers
from framing.phrases import Phrase
from framing.scene import Referent, Scene, new_referent, person_referent

OWN_VOICE = "this outlet"  # "as we have reported"
_QUESTION = frozenset(("q", "question"))
_ANSWER = frozenset(("a", "answer"))


def find_turn(scene: Scene, phrase: Phrase) -> Referent | None:
    """The source of a turn that begins with "Q:" or "A:", or None.

    Whom the article mentions most often is asked.
    """
    words, lower = phrase.lower, scene.segments.tokens.lower
    letter = words[0] if len(words) == 1 else ""
    start = scene.segments.tokens.starts[phrase.first]
    colon = lower[phrase.last : phrase.last + 1] in ((":",), (".",))
    if not colon or not scene.segments.text[start].isupper():
        return None
    if letter in _QUESTION:
        why = on(Because("{source} begins a question of the outlet"))
        return new_referent("media", "named", OWN_VOICE, why=why)
    asked = scene.cast.foremost
    if letter not in _ANSWER or asked is None:
        return None
    rule = refers("whom the article mentions most, who answers")
    first = asked.mentions[0]
    return person_referent(asked, on(Because(rule, first, first + 1, asked.name)))
