"""Blocks that an article takes from another outlet, and their relays.

"From the Gazette: “Residents said ...”", a paragraph behind "reports the Gazette:",
quotations that "Ann Lee, Harbour Gazette" signs. Not covered: blocks of several
paragraphs behind such words, of which only the first is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from framing.channels import Channel
from framing.relayed import PEOPLE, REPORTING, Relays, words_of_cue
from framing.scene import Scene
from framing.text import Span


@dataclass(frozen=True)
class _Page:
    """A scene with its relays; `by_sentence` has the places of its attributions."""

    scene: Scene
    relays: Relays
    by_sentence: Mapping[int, Sequence[int]]

    def between(self, span: Span) -> list[int]:
        """The attributions with their cue in a span."""
        sentence_at, coded = self.scene.segments.sentence_at, self.relays.coded
        numbers = range(sentence_at(span.start), sentence_at(span.end - 1) + 1)
        near = (i for number in numbers for i in self.by_sentence.get(number, ()))
        return [i for i in near if span.contains(coded[i].cue)]

    def attach(self, outlet: Channel, block: Span, rule: str) -> None:
        """Relay what a block says that is no outlet's own."""
        for i in self.between(block):
            if self.relays.coded[i].source_kind != "media":
                self.relays.attach(self.scene, i, outlet, rule)


def attach_blocks(
    scene: Scene,
    relays: Relays,
    by_sentence: Mapping[int, Sequence[int]],
    channels: Sequence[Channel],
) -> None:
    """Relay what stands in blocks that an outlet introduces or signs."""
    page = _Page(scene, relays, by_sentence)
    for outlet in channels:
        if outlet.name is not None:
            _attach_cited(page, outlet)
            _attach_next(page, outlet)
            _attach_signed(page, outlet)


def _attach_cited(page: _Page, outlet: Channel) -> None:
    """ "From the Gazette: “Residents said ...”": all that the paragraph cites."""
    segments, tokens = page.scene.segments, page.scene.segments.tokens
    colon = tokens.lower[outlet.last : outlet.last + 1] == (":",)
    if not colon or not _is_origin(page.scene, outlet):
        return
    start = tokens.starts[outlet.first]
    end = segments.paragraphs[segments.paragraph_at(start)].end
    rule = "{words} is named before all that the paragraph cites"
    page.attach(outlet, Span(start, end), rule)


def _is_origin(scene: Scene, outlet: Channel) -> bool:
    lower = scene.segments.tokens.lower
    at = outlet.first - (lower[outlet.first - 1] == "the") - 1
    return at >= 0 and lower[at] in ("from", "via", "per")


def _attach_next(page: _Page, outlet: Channel) -> None:
    """ "..., reports the Gazette:" and a paragraph of its text."""
    segments, tokens = page.scene.segments, page.scene.segments.tokens
    number = segments.paragraph_at(tokens.starts[outlet.first])
    if number + 1 >= len(segments.paragraphs):
        return
    paragraph = segments.paragraphs[number]
    tail = segments.text[tokens.ends[outlet.last - 1] : paragraph.end]
    if not tail.rstrip().endswith(":") or len(tail) > _TAIL:
        return
    if _is_origin(page.scene, outlet) or _reports(page, outlet):
        rule = "{words} is named before the paragraph"
        page.attach(outlet, segments.paragraphs[number + 1], rule)


_TAIL = 40  # "(via the Gazette) [emphasis mine]:"


def _reports(page: _Page, outlet: Channel) -> bool:
    """Whether a cue beside the outlet tells that it reports: "reports the Gazette"."""
    number = page.scene.sentence_of(outlet.first)
    beside = (page.relays.coded[i] for i in page.by_sentence.get(number, ()))
    return any(
        outlet.name in (a.via_name, a.source_name)
        and not REPORTING.isdisjoint(words_of_cue(page.scene, a))
        for a in beside
    )


def _attach_signed(page: _Page, outlet: Channel) -> None:
    """ "“...” Ann Lee, Harbour Gazette" signs what was quoted from the outlet."""
    scene, segments = page.scene, page.scene.segments
    tokens = segments.tokens
    number = segments.paragraph_at(tokens.starts[outlet.first])
    paragraph = segments.paragraphs[number]
    start = tokens.index_at(paragraph.start)
    before = tokens.lower[start : outlet.first]
    signs = before[-1:] == (",",) or before[-2:] == (",", "the")
    if not signs or not _ends(scene, outlet, number):
        return
    marks = [i for i, token in enumerate(before) if token in _CLOSING]
    name = before[marks[-1] + 1 :] if marks else before
    if not 2 <= len(name) <= 16:
        return
    rule = "the quotation is signed with {words}"
    for i, signed in enumerate(page.relays.coded if not marks else ()):
        source = signed.source if signed.source_kind in PEOPLE else None
        if source is not None and paragraph.contains(source):
            page.relays.attach(scene, i, outlet, "{source} signs with {words}")
    block = paragraph if marks else _quoted_before(scene, number)
    if block is not None:
        page.attach(outlet, block, rule)


_CLOSING = ('"', "”", "''")


def _quoted_before(scene: Scene, number: int) -> Span | None:
    """The paragraph in front where it ends with a quotation."""
    segments = scene.segments
    before = segments.paragraphs[number - 1] if number else None
    quoted = before is not None and before.of(segments.text).rstrip()[-1:] in _CLOSING
    return before if quoted else None


def _ends(scene: Scene, outlet: Channel, number: int) -> bool:
    """Whether nothing but a mark follows the outlet in its paragraph."""
    tokens, end = scene.segments.tokens, scene.segments.paragraphs[number].end
    rest = scene.segments.text[tokens.ends[outlet.last - 1] : end]
    return not any(letter.isalnum() for letter in rest)
