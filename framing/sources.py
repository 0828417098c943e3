"""Who the source of an attribution is: kind, naming, role, sameness and relay.

The source is judged by what the article tells its reader (CODEBOOK, sections 2, 3): a
pronoun, a bare last name or "the official" takes the codes of the one it refers to.
Rules only, in this order: what the phrase says (`descriptions`), whom it refers to
(here), through which outlet it came (`relays`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from framing.annotations import Attribution
from framing.lexicon import load_lexicon
from framing.names import find_names
from framing.outlets import find_outlets
from framing.people import gather_people
from framing.pronouns import refer
from framing.relays import find_relays
from framing.scene import History, Referent, Scene
from framing.text import Segments


def classify_sources(
    segments: Segments,
    attributions: Sequence[Attribution],
    *,
    outlet: str | None = None,
) -> list[Attribution]:
    """The attributions with source_kind, naming, role, source_name and relay filled.

    Same order and length; spans, kind and form are left as they are. `outlet` is the
    article's own, which never relays. CODEBOOK, sections 2 and 3.

    >>> from framing.annotations import Attribution
    >>> from framing.text import Span, find_segments
    >>> cut = find_segments("A customs official told Reuters that the port is shut.")
    >>> said = Attribution(Span(19, 23), Span(0, 18), (Span(32, 53),), "statement", "x")
    >>> found = classify_sources(cut, [said])[0]
    >>> found.source_kind, found.naming, found.role, found.via_name
    ('person', 'veiled', 'official', 'Reuters')
    """
    scene = _scene(segments, attributions)
    history = History()
    order = sorted(range(len(attributions)), key=lambda i: _position(attributions[i]))
    coded = list(attributions)
    for i in order:
        referent = refer(scene, attributions[i], history)
        if referent is not None:
            history.append(referent)
        coded[i] = _coded(attributions[i], referent)
    return find_relays(scene, coded, outlet=outlet)


def _position(attribution: Attribution) -> tuple[int, int]:
    at = attribution.source or attribution.cue
    return at.start, attribution.cue.start


def _scene(segments: Segments, attributions: Sequence[Attribution]) -> Scene:
    outlets = find_outlets(segments)
    names = find_names(segments, outlets=outlets)
    nouns = load_lexicon("source_nouns").find(segments.text, segments.tokens)
    cast = gather_people(segments, names, nouns)
    return Scene(
        segments, tuple(names), tuple(nouns), cast, tuple(attributions), tuple(outlets)
    )


def _coded(attribution: Attribution, referent: Referent | None) -> Attribution:
    if referent is None:
        return replace(attribution, source_kind="none", naming="none", role=None)
    veiled = referent.kind in ("person", "group") and referent.naming != "named"
    return replace(
        attribution,
        source_kind=referent.kind,
        naming=referent.naming,
        role=(referent.role or "other") if veiled else None,
        source_name=referent.name,
    )
