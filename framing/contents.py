"""What was said: the words that an attribution ties to its source.

For "X said Y" the clause after the cue, for "Y, X said" what stands before it, with
quotations always whole. A quotation that stands alone goes to the last speaker. In
posts and transcripts a mark is the cue, and all beside it is what was said.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from framing.annotations import Attribution
from framing.clauses import VerbGroup, words_of
from framing.frames import Cue, Reading, is_filled
from framing.subjects import NounPhrase, find_subject
from framing.text import Segments, Span, merge_spans

# Forms on the way: a cue inside a quotation, a signed post.
NESTED, SIGNED = "nested", "signed"


def find_content(
    reading: Reading, cue: Cue, group: VerbGroup, source: NounPhrase
) -> tuple[Span, ...]:
    """The pieces of what `source` says, empty where the frame is not filled."""
    head, start = group.first, cue.match.last
    if source.first >= start and cue.letters[group.verb] != "G":
        start = source.last  # "said the mayor"
    elif cue.floor <= source.first and source.last <= head:
        head = source.first
    if cue.lower[max(head - 1, 0)] == "as" and re.match(r"[,.-]|n[,.]", cue.after):
        return _around(reading, cue, head - 1, start)
    before = _content_before(reading, cue, group, head)
    if before:
        more = _resumes(cue, head, start)
        return (before, reading.span(more, cue.ceiling)) if more else (before,)
    if is_filled(cue, start):
        return (reading.span(_opening(cue, start), cue.ceiling),)
    return _object_before(reading, cue, group, source) or _sentence_before(
        reading, cue, head
    )


def _around(reading: Reading, cue: Cue, head: int, start: int) -> tuple[Span, ...]:
    """All else in "As the mayor said, it is over"."""
    pieces = []
    if head > cue.floor:
        pieces.append(reading.span(cue.floor, head))
    if cue.ceiling - start > 3:
        pieces.append(reading.span(start, cue.ceiling))
    return tuple(pieces)


_MORE_SPEECH = re.compile(r'[^."]*?[,:]"|[^."]{0,3}"')
_MORE = re.compile(_MORE_SPEECH.pattern + "|[^.]*T")


def _resumes(cue: Cue, head: int, start: int) -> int:
    """Where the content goes on after '"It is over," she said, "and done."', or 0."""
    pattern = _MORE_SPEECH if cue.letters[head - 1] == '"' else _MORE
    if not pattern.match(cue.letters, start, cue.ceiling):
        return 0
    return _opening(cue, start)


_LISTENER = re.compile(r'(?:[^.;"TVXMzWSpC]{0,14}[,:])?"')
_LISTENING_FRAMES = ("speech", "clause", "quote", "tell")


def _opening(cue: Cue, start: int) -> int:
    """Past listener and occasion: 'told the council on Friday: "It is over."'"""
    if cue.frame not in _LISTENING_FRAMES:
        return start
    found = _LISTENER.match(cue.letters, start, cue.ceiling)
    return found.end() - 1 if found else start


_FRONTED = re.compile(r'(?:C|a)?(?:S[^,"]*|[IE][^,VXM"]*),$|a,$')


def _content_before(
    reading: Reading, cue: Cue, group: VerbGroup, head: int
) -> Span | None:
    letters, floor = cue.letters, cue.floor
    if head <= floor or letters[group.verb] == "G" or cue.match.entry.scope != "both":
        return None
    if letters[head - 1] == '"':
        return span_from_quotation(reading, floor, head)
    if letters[head - 1] not in ",-" or head - floor < 2:
        return None
    earlier = letters[floor:head]
    closes = bool(re.match(r"(?:I?D?n?d)?[.,-]", cue.after))
    if not closes and (head - floor <= 3 or not re.search(r"[VXMzE]", earlier)):
        return None
    if _FRONTED.match(earlier) or re.match(r'(?:I[^,]*|D?d|a|,)*[T":]', cue.after):
        return None
    return reading.span(floor, head - 1)


def span_from_quotation(reading: Reading, first: int, last: int) -> Span:
    """Tokens `first` to `last`, with the whole of the quotation that ends there."""
    span = reading.span(first, last)
    at = reading.segments.quotation_at(span.end - 1)
    if at is None:
        return span
    return Span(min(span.start, reading.segments.quotations[at].start), span.end)


def _object_before(
    reading: Reading, cue: Cue, group: VerbGroup, source: NounPhrase
) -> tuple[Span, ...]:
    """What stands before the speaker: "the cuts he announced", "which it denies"."""
    before = source.first - 1
    if cue.frame != "object" or cue.letters[group.verb] == "G":
        return ()
    if before <= cue.floor or cue.letters[source.last : group.verb].strip("aX"):
        return ()
    follows_noun = cue.letters[before] in "nN" and cue.letters[source.first] in "pD"
    if cue.letters[before] not in "TW" and not follows_noun:
        return ()
    phrase = find_subject(cue.letters, cue.lower, before + 1, cue.floor)
    return (reading.span(*phrase),) if phrase else ()


def _sentence_before(reading: Reading, cue: Cue, head: int) -> tuple[Span, ...]:
    """The quotation of the sentence before: "Why now?" the mayor asked."""
    if head != cue.floor or cue.nested or head == 0 or cue.match.entry.scope != "both":
        return ()
    if cue.match.last - head > 12 or re.search("[VC]", cue.before):
        return ()
    segments = reading.segments
    at = segments.quotation_at(segments.tokens.ends[head - 1] - 1)
    if at is None:
        return ()
    return (Span(segments.quotations[at].start, segments.quotations[at].end),)


# --- once all attributions are known ------------------------------------------------


def finish_contents(reading: Reading, found: list[Attribution]) -> list[Attribution]:
    """Contents ended where the next cue takes over, quotations added, forms told.

    `found` is in text order and stays so.
    """
    found = [_cut(reading, a, found[i + 1 : i + 4]) for i, a in enumerate(found)]
    found = _with_quotations(reading, found)
    tallies = _quoted_and_plain(reading)
    return [replace(a, form=_form(reading, a, *tallies)) for a in found]


def _cut(
    reading: Reading, attribution: Attribution, later: Sequence[Attribution]
) -> Attribution:
    """End the content at the cue that goes on for the speaker: "..., adding that"."""
    content = attribution.content
    cut = next(
        (b.cue.start for b in later if _takes_over(reading, attribution, b)), None
    )
    if cut is None or not content[-1].start < cut < content[-1].end:
        return attribution
    rest = _until(reading.segments.text, content[-1].start, cut)
    return replace(attribution, content=(*content[:-1], rest))


def _until(text: str, start: int, end: int) -> Span:
    """`start` to `end` without the comma or space at its end, never empty."""
    return Span(start, start + max(1, len(text[start:end].rstrip(", \n"))))


def _takes_over(reading: Reading, first: Attribution, second: Attribution) -> bool:
    if second.source is None or not first.content:
        return False
    if second.source == first.source:
        return True
    participle = reading.letters[reading.token_at(second.cue.start)] == "G"
    return participle and second.source.end <= second.cue.start


def _with_quotations(reading: Reading, found: list[Attribution]) -> list[Attribution]:
    """Quotations without a cue given to the last speaker, where they plainly go on."""
    finished = list(found)
    speakers = [i for i, a in enumerate(found) if a.kind == "statement" and a.content]
    cues = [found[i].cue.start for i in speakers]
    covered = merge_spans(span for a in found for span in a.content)
    for quotation in reading.segments.quotations:
        span = Span(quotation.start, quotation.end)
        earlier = bisect_left(cues, span.start)
        if not earlier or not _stands_alone(reading, span):
            continue
        last = finished[speakers[earlier - 1]]
        if _goes_on(reading, last, span) and not _overlaps_any(span, covered):
            content = (*last.content, span)
            finished[speakers[earlier - 1]] = replace(last, content=content)
    return finished


def _overlaps_any(span: Span, merged: Sequence[Span]) -> bool:
    """Whether `span` overlaps one of `merged`, which are sorted and apart."""
    before = bisect_left(merged, (span.end,)) - 1
    return before >= 0 and merged[before].end > span.start


def _stands_alone(reading: Reading, span: Span) -> bool:
    first, last = reading.token_at(span.start), reading.token_at(span.end)
    if last - first < 4 or reading.outer[first] != '"' or first not in reading.borders:
        return False
    return last in reading.borders or reading.letters[last] == "."


def _goes_on(reading: Reading, attribution: Attribution, span: Span) -> bool:
    """Same paragraph, or the next one after a quotation."""
    segments = reading.segments
    end = max(attribution.cue.end, *(c.end for c in attribution.content))
    gap = segments.paragraph_at(span.start) - segments.paragraph_at(end - 1)
    quoted = any(
        segments.quotation_at(c.start) is not None for c in attribution.content
    )
    return gap == 0 or (gap == 1 and quoted)


_LINKS = frozenset(("that", "and", "but"))


def _quoted_and_plain(reading: Reading) -> tuple[list[int], list[int]]:
    """Tokens inside quotation marks, and words outside them, before each token."""
    tokens = reading.segments.tokens
    quoted = [
        reading.segments.quotation_at(start) is not None for start in tokens.starts
    ]
    plain = [
        not inside and word[0].isalnum() and word not in _LINKS
        for inside, word in zip(quoted, tokens.lower, strict=True)
    ]
    return [0, *accumulate(quoted)], [0, *accumulate(plain)]


def _form(
    reading: Reading,
    attribution: Attribution,
    quoted_before: Sequence[int],
    plain_before: Sequence[int],
) -> str:
    if attribution.form in (SIGNED, NESTED):
        # Marks that also enclose the cue do not count (CODEBOOK, section 3).
        return "direct" if attribution.form == SIGNED else "indirect"
    quoted = plain = 0
    for start, end in attribution.content:
        first, last = reading.token_at(start), reading.token_at(end)
        quoted += max(quoted_before[last] - quoted_before[first], 0)
        plain += max(plain_before[last] - plain_before[first], 0)
    if not quoted:
        return "indirect"
    return "mixed" if plain else "direct"


# --- posts and transcripts, where a mark is the cue ---------------------------------


_SIGNATURE = re.compile(r"[—–-]\s?([^\n—()]{2,60}?\s?\(@\w+\))")
_SPEAKER = re.compile(r"([A-Z@][^\n:.,;!?\"“”]{1,60}?)(:)\s+(?=([\"“‘'])?)(.+)")
_CAPITALS = re.compile(r"(?:[^a-z\s]\S*\s?|of\s|the\s){1,6}$")


def find_signatures(segments: Segments) -> list[Attribution]:
    """Embedded posts: the dash before "Name (@handle)" is the cue."""
    found = []
    for match in _SIGNATURE.finditer(segments.text):
        number = segments.paragraph_at(match.start())
        if number < 0 or segments.paragraphs[number].end < match.end():
            continue
        start = segments.paragraphs[number].start
        if start == match.start() and number:
            start = segments.paragraphs[number - 1].start
        cue, source = Span(match.start(), match.start() + 1), Span(*match.span(1))
        content = (_until(segments.text, start, match.start()),)
        found.append(Attribution(cue, source, content, "statement", SIGNED))
    return [a for a in found if a.content[0].start < a.cue.start]


def find_speakers(segments: Segments, others: list[Attribution]) -> list[Attribution]:
    """Paragraphs that open with "Name:" and a quotation, or those of a transcript."""
    text = segments.text
    known = {a.source.of(text).split()[-1] for a in others if a.source}
    opening = (_SPEAKER.match(text, p.start, p.end) for p in segments.paragraphs)
    matches = [m for m in opening if m and _CAPITALS.match(m[1])]
    names = [m[1] for m in matches]
    found = []
    for match in matches:
        last = match[1].split()[-1]
        speaks = match[3] or last in known or names.count(match[1]) > 1
        if speaks and last.lower() not in words_of("label"):
            cue, source = Span(*match.span(2)), Span(*match.span(1))
            form = "indirect" if match[3] else SIGNED
            content = (Span(*match.span(4)),)
            found.append(Attribution(cue, source, content, "statement", form))
    return found
