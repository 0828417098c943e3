"""Who said it: the lexicon coder for attributions (CODEBOOK, sections 2 and 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from bisect import bisect_left

from framing.annotations import Attribution
from framing.clauses import (
    NounPhrase,
    VerbGroup,
    find_letters,
    find_phrase_after,
    find_subject,
    find_verb_group,
)
from framing.lexicon import Match, load_lexicon
from framing.text import Segments, Span


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text with its letters; what every rule looks at."""

    segments: Segments
    letters: str
    borders: tuple[int, ...]  # first token of each sentence, and one past the last

    def sentence_of(self, token: int) -> tuple[int, int]:
        number = self.segments.tokens.sentence[token]
        return self.borders[number], self.borders[number + 1]

    def span(self, first: int, last: int) -> Span:
        tokens = self.segments.tokens
        return Span(tokens.starts[first], tokens.ends[last - 1])


def find_attribution_spans(segments: Segments) -> list[Attribution]:
    """Every attribution with its cue, source, content, kind and form, in text order.

    >>> from framing.text import find_segments
    >>> text = "The dam is safe, the mayor of Lund said on Monday."
    >>> [found] = find_attribution_spans(find_segments(text))
    >>> found.source.of(text), found.cue.of(text), found.content[0].of(text)
    ('the mayor of Lund', 'said', 'The dam is safe')
    """
    reading = _read(segments)
    found = [a for match in _matches(reading) if (a := _attribution(reading, match))]
    found += _signatures(reading)
    found.sort(key=lambda a: a.cue)
    return _with_continuations(reading, found)


def _read(segments: Segments) -> _Reading:
    numbers = segments.tokens.sentence
    borders = tuple(
        bisect_left(numbers, n) for n in range(len(segments.sentences) + 1)
    )
    return _Reading(segments, find_letters(segments), borders)


def _matches(reading: _Reading) -> Iterator[Match]:
    """Cues, the longest first where they overlap, pseudo entries shielding theirs."""
    segments = reading.segments
    found = load_lexicon("attribution_cues").find_all(segments.text, segments.tokens)
    found.sort(key=lambda m: (m.first - m.last, m.first, m.entry.cue))
    taken: dict[int, Match] = {}
    for match in found:
        is_noun = reading.letters[match.first] in "nN"
        if is_noun != (match.entry.note.split(":")[0] in _NOUN_FRAMES):
            continue
        if not any(i in taken for i in range(match.first, match.last)):
            taken.update({i: match for i in range(match.first, match.last)})
    kept = {m.first: m for m in taken.values() if m.entry.role == "cue"}
    yield from (kept[i] for i in sorted(kept))


_NOUN_FRAMES = ("noun", "rumour", "feeling", "by")


def _attribution(reading: _Reading, match: Match) -> Attribution | None:
    frame = match.entry.note.split(":")[0]
    if frame == "by":
        return _by_phrase(reading, match)
    if frame in ("noun", "rumour"):
        return _noun_phrase(reading, match, frame)
    if frame == "feeling":
        return _feeling(reading, match)
    return _verb(reading, match, frame)


def _made(
    reading: _Reading,
    match: Match,
    source: NounPhrase | None,
    content: tuple[Span, ...],
) -> Attribution:
    span = reading.span(*source) if source else None
    form = _form(reading, content)
    return Attribution(match.span, span, content, match.entry.type, form)


def _form(reading: _Reading, content: tuple[Span, ...]) -> str:
    quoted = unquoted = 0
    segments = reading.segments
    for start, end in content:
        inside = 0
        for quotation in segments.quotations:
            if quotation.start < end and start < quotation.end:
                inside += len(
                    segments.text[
                        max(start, quotation.start) : min(end, quotation.end)
                    ]
                )
        quoted += inside
        unquoted += len(segments.text[start:end].strip(" ,.")) - inside > 2
    if not quoted:
        return "indirect"
    return "mixed" if unquoted else "direct"


# --- verbs ------------------------------------------------------------------------


def _verb(reading: _Reading, match: Match, frame: str) -> Attribution | None:
    letters, lower = reading.letters, reading.segments.tokens.lower
    floor, ceiling = reading.sentence_of(match.first)
    group = find_verb_group(letters, lower, match.first)
    if group.negated or group.modal:
        return None
    if letters[match.first] in "nN":
        return None
    source: NounPhrase | None
    if group.passive:
        source = None
        if match.entry.type == "mental" or frame not in ("tell", "object", "clause"):
            return None
    else:
        source = find_subject(letters, lower, group.first, floor)
        after = _inverted(reading, match, group, ceiling)
        if after:
            source = after
    if source is None and not group.passive:
        return None
    if source and _first_person(reading, source):
        return None
    content = _content(reading, match, group, source, frame)
    if not content:
        return None
    return _made(reading, match, source, content)


def _first_person(reading: _Reading, source: NounPhrase) -> bool:
    lower = reading.segments.tokens.lower
    return lower[source.last - 1] in ("i", "we", "you")


def _inverted(
    reading: _Reading, match: Match, group: VerbGroup, ceiling: int
) -> NounPhrase | None:
    letters = reading.letters
    floor, _ = reading.sentence_of(match.first)
    if group.first == floor or letters[group.first - 1] not in ',"\'-':
        return None
    if match.entry.scope != "both" or letters[match.first] == "G":
        return None
    after = find_phrase_after(
        letters, reading.segments.tokens.lower, match.last, ceiling
    )
    if after is None:
        return None
    if after.last < ceiling and letters[after.last] in "VXMzTE" :
        return None
    return after


def _content(
    reading: _Reading,
    match: Match,
    group: VerbGroup,
    source: NounPhrase | None,
    frame: str,
) -> tuple[Span, ...]:
    letters = reading.letters
    floor, ceiling = reading.sentence_of(match.first)
    start = match.last
    inverted = source is not None and source.first >= match.last
    if inverted and source:
        start = source.last
    pieces: list[Span] = []
    head = min(group.first, source.first) if source else group.first
    if head > floor and letters[head - 1] in ',"\'-' and head - floor > 2:
        if letters[match.first] != "G" and letters[head - 1] in ',"-':
            pieces.append(reading.span(floor, head))
    if _continues(letters[start:ceiling], frame):
        pieces.append(reading.span(start, ceiling))
    return tuple(pieces)


_CLAUSE_AFTER = re.compile(
    r"(?:,|:|\(|a|[I][DnNd#]*[,]?|D?n?d)*(?:[T\"WS']|[-:]|[DpNn#rGIC(][^.;]*?[VXMzEb])"
)
_OBJECT_AFTER = re.compile(r"a*(?:[DpNn#rGTW\"SIt':zEs(]|,\")")


def _continues(after: str, frame: str) -> bool:
    if frame in ("clause", "belief"):
        return bool(_CLAUSE_AFTER.match(after))
    if frame in ("tell",):
        return bool(re.match(r"[^.;]{1,40}?(?:[TSW\"t:]|[I]|p?[VXM])", after))
    if frame == "name":
        return bool(re.match(r"a*[DpNn#rGTsW\"']", after))
    if frame == "wish":
        return bool(re.match(r"a*[tDnNr]", after))
    if frame == "as":
        return bool(re.match(r"[^.;,VX]{1,40}", after))
    return bool(_OBJECT_AFTER.match(after))


# --- nouns and prepositions -----------------------------------------------------------


def _by_phrase(reading: _Reading, match: Match) -> Attribution | None:
    floor, ceiling = reading.sentence_of(match.first)
    lower = reading.segments.tokens.lower
    source = find_phrase_after(reading.letters, lower, match.last, ceiling)
    if source is None:
        return None
    pieces = []
    if match.first > floor:
        pieces.append(reading.span(floor, match.first))
    if source.last < ceiling and ceiling - source.last > 2:
        pieces.append(reading.span(source.last, ceiling))
    return _made(reading, match, source, tuple(pieces)) if pieces else None


def _noun_phrase(reading: _Reading, match: Match, frame: str) -> Attribution | None:
    letters, lower = reading.letters, reading.segments.tokens.lower
    floor, ceiling = reading.sentence_of(match.first)
    source = _owner(reading, match.first, floor)
    after = letters[match.last : ceiling]
    if frame == "rumour" and source is None:
        if not (match.last - match.first > 1 or re.match(r"T", after)):
            return None
    elif not re.match(r"[ITt]", after) or source is None:
        return None
    return _made(reading, match, source, (reading.span(match.last, ceiling),))


def _owner(reading: _Reading, noun: int, floor: int) -> NounPhrase | None:
    letters, lower = reading.letters, reading.segments.tokens.lower
    first = noun
    while first > floor and letters[first - 1] in "nN#Ga" and noun - first < 3:
        first -= 1
    if first <= floor:
        return None
    if lower[first - 1] in ("his", "her", "their", "its"):
        return NounPhrase(first - 1, first)
    if letters[first - 1] != "s":
        return None
    last = first - 1
    first = last
    while first > floor and letters[first - 1] in "nN#D":
        first -= 1
    return NounPhrase(first, last) if first < last else None


def _feeling(reading: _Reading, match: Match) -> Attribution | None:
    letters, lower = reading.letters, reading.segments.tokens.lower
    floor, ceiling = reading.sentence_of(match.first)
    group = find_verb_group(letters, lower, match.first)
    if group.first == match.first or group.negated or group.modal:
        return None
    if not re.match(r"[TItS]", letters[match.last : ceiling]):
        return None
    source = find_subject(letters, lower, group.first, floor)
    if source is None or _first_person(reading, source):
        return None
    return _made(reading, match, source, (reading.span(match.last, ceiling),))


# --- signatures, speakers, quotations that go on ------------------------------------


_SIGNATURE = re.compile(r"[—–-]\s?((?:[^\n—()]{2,60}?)\s\(@\w+\))")
_SPEAKER = re.compile(r"([A-Z][^\n:.,;!?\"“”]{1,60}?)(:)\s+(?=[\"“‘'A-Z\[…])(.+)")


def _signatures(reading: _Reading) -> list[Attribution]:
    text = reading.segments.text
    found = []
    for match in _SIGNATURE.finditer(text):
        paragraph = reading.segments.paragraph_at(match.start())
        start = reading.segments.paragraphs[paragraph].start if paragraph >= 0 else 0
        if start >= match.start():
            continue
        content = (Span(start, match.start()),)
        found.append(
            Attribution(
                Span(match.start(), match.start() + 1),
                Span(*match.span(1)),
                content,
                "statement",
                "direct",
            )
        )
    for paragraph in reading.segments.paragraphs:
        match = _SPEAKER.match(text, paragraph.start, paragraph.end)
        if not match or not re.match(r"(?:[^a-z]\S*\s?)+$", match[1]):
            continue
        content = (Span(*match.span(3)),)
        found.append(
            Attribution(
                Span(*match.span(2)), Span(*match.span(1)), content, "statement", "direct"
            )
        )
    return found


def _with_continuations(
    reading: _Reading, found: list[Attribution]
) -> list[Attribution]:
    """Quotations of their own sentence, without a cue, go to the last speaker."""
    return found
