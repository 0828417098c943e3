"""Who the source of an attribution is: kind, naming, role, sameness and relay.

The source is judged by what the article tells its reader (CODEBOOK, sections 2, 3): a
pronoun, a bare last name or "the official" takes the codes of the one it refers to.
Rules only, in this order: what the phrase says (`descriptions`), whom it refers to
(`pronouns`, `antecedents`), through which outlet it came (`relays`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from framing.annotations import Attribution
from framing.grounds import Because, Grounds, on
from framing.headline import with_headline
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
    title: str | None = None,
) -> list[Attribution]:
    """The attributions with source_kind, naming, role, source_name and relay filled.

    Same order and length; spans, kind and form are left as they are. `outlet` is the
    article's own, which never relays; `title` its headline, whose people count as
    named. CODEBOOK, sections 2 and 3.

    >>> from framing.annotations import Attribution
    >>> from framing.text import Span, find_segments
    >>> cut = find_segments("A customs official told Reuters that the port is shut.")
    >>> said = Attribution(Span(19, 23), Span(0, 18), (Span(32, 53),), "statement", "x")
    >>> found = classify_sources(cut, [said])[0]
    >>> found.source_kind, found.naming, found.role, found.via_name
    ('person', 'veiled', 'official', 'Reuters')
    """
    traced = trace_sources(segments, attributions, outlet=outlet, title=title)
    return [one.attribution for one in traced]


@dataclass(frozen=True, slots=True)
class Traced:
    """A classified attribution and the reasons of its codes; `via` where relayed."""

    attribution: Attribution
    why: Grounds
    via: Because | None


def trace_sources(
    segments: Segments,
    attributions: Sequence[Attribution],
    *,
    outlet: str | None = None,
    title: str | None = None,
) -> list[Traced]:
    """`classify_sources` with the reasons, which are the same run's."""
    scene = _scene(segments, attributions, title)
    history = History()
    order = sorted(range(len(attributions)), key=lambda i: _position(attributions[i]))
    coded, why = list(attributions), [_NO_SOURCE] * len(attributions)
    for i in order:
        referent = refer(scene, attributions[i], history)
        if referent is not None:
            history.append(referent)
            coded[i], why[i] = _coded(attributions[i], referent)
        else:
            coded[i] = replace(
                attributions[i], source_kind="none", naming="none", role=None
            )
    relays = find_relays(scene, coded, outlet=outlet)
    return [
        Traced(attribution, why[i], relays.why.get(i))
        for i, attribution in enumerate(relays.coded)
    ]


_NO_SOURCE = on(Because("no source is expressed"))


def _position(attribution: Attribution) -> tuple[int, int]:
    at = attribution.source or attribution.cue
    return at.start, attribution.cue.start


def _scene(
    segments: Segments, attributions: Sequence[Attribution], title: str | None
) -> Scene:
    outlets = find_outlets(segments)
    names = find_names(segments, outlets=outlets)
    nouns = load_lexicon("source_nouns").find(segments.text, segments.tokens)
    spans = (a.source for a in attributions if a.source is not None)
    speaking = frozenset(segments.text[span.start : span.end] for span in spans)
    cast = gather_people(segments, names, nouns, speaking=speaking)
    if title and attributions:
        cast = with_headline(cast, title)
    return Scene(
        segments, tuple(names), tuple(nouns), cast, tuple(attributions), tuple(outlets)
    )


def _coded(attribution: Attribution, referent: Referent) -> tuple[Attribution, Grounds]:
    why = referent.why
    role = None
    if referent.kind not in ("person", "group"):
        why = why._replace(role=_NO_PEOPLE)
    elif referent.naming == "named":
        why = why._replace(role=_NAMED)
    else:
        role = referent.role or "other"
    coded = replace(
        attribution,
        source_kind=referent.kind,
        naming=referent.naming,
        role=role,
        source_name=referent.name,
    )
    return coded, why


_NO_PEOPLE = Because("only people have a role")
_NAMED = Because("only unnamed people have a role")
