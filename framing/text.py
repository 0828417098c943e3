"""Text as offsets: paragraphs, sentences, words, tokens and quotations.

Nothing here edits a text: every result is a span `(start, end)` in Unicode code
points into the string that was given, so `text[start:end]` is always the original.
Any string is accepted; none raises.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from framing.quotations import Quotation, quotations_in

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer


class Span(NamedTuple):
    """A half-open stretch of text, `text[start:end]`.

    >>> Span(0, 5).overlaps(Span(4, 9)), Span(0, 5).overlaps(Span(5, 9))
    (True, False)
    >>> Span(0, 9).contains(Span(4, 9))
    True
    """

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def of(self, text: str) -> str:
        """The words of the span."""
        return text[self.start : self.end]


class Tokens(NamedTuple):
    """Parallel tuples over the tokens: offsets, lower-cased forms, sentence index."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    lower: tuple[str, ...]
    sentence: tuple[int, ...]

    def index_at(self, offset: int) -> int:
        """Index of the last token that starts at or before `offset`, or -1."""
        return bisect_right(self.starts, offset) - 1


@dataclass(frozen=True, slots=True)
class Segments:
    """One text cut up once, shared by every finder.

    `paragraphs`, `sentences` and `quotations` are in text order. `words` are what is
    counted; `tokens` what is matched: words with their clitics apart ("could" "n't")
    and each punctuation mark. Boilerplate is in none of them.
    """

    text: str
    boilerplate: tuple[Span, ...]
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    quotations: tuple[Quotation, ...]
    words: tuple[Span, ...]
    tokens: Tokens

    def sentence_at(self, offset: int) -> int:
        """Index of the last sentence that starts at or before `offset`, or -1."""
        return bisect_right(self.sentences, (offset, len(self.text) + 1)) - 1

    def paragraph_at(self, offset: int) -> int:
        """Index of the last paragraph that starts at or before `offset`, or -1."""
        return bisect_right(self.paragraphs, (offset, len(self.text) + 1)) - 1

    def quotation_at(self, offset: int) -> int | None:
        """Index of the quotation whose marks enclose `offset`, or None."""
        i = bisect_right(self.quotations, (offset, len(self.text) + 1)) - 1
        if i >= 0 and offset < self.quotations[i].end:
            return i
        return None

    def count_words(self, spans: Iterable[Span]) -> int:
        """Words that start inside any of `spans`, each counted once."""
        return sum(
            bisect_left(self.words, (end,)) - bisect_left(self.words, (start,))
            for start, end in merge_spans(spans)
        )


def merge_spans(spans: Iterable[tuple[int, int]]) -> list[Span]:
    """The union of `spans` as sorted spans that neither touch nor overlap.

    >>> merge_spans([(5, 9), (0, 3), (2, 5)])
    [Span(start=0, end=9)]
    """
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(end, merged[-1].end))
        else:
            merged.append(Span(start, end))
    return merged


def find_segments(text: str, *, boilerplate: Sequence[Span] = ()) -> Segments:
    """Cut `text` once for all finders, leaving `boilerplate` out of everything.

    >>> cut = find_segments('He may. "I can\\'t," she said.')
    >>> [cut.text[s:e] for s, e in cut.sentences]
    ['He may.', '"I can\\'t," she said.']
    >>> cut.tokens.lower[4:8]
    ('i', 'ca', "n't", ',')
    """
    marked = tuple(merge_spans(boilerplate))
    paragraphs = tuple(
        paragraph
        for block in _gaps(marked, len(text))
        for paragraph in _paragraphs_in(text, block)
    )
    sentences = tuple(s for p in paragraphs for s in _sentences_in(text, p))
    words, tokens = _words_and_tokens(text, sentences)
    quotations = tuple(quotations_in(text, paragraphs))
    return Segments(text, marked, paragraphs, sentences, quotations, words, tokens)


def find_paragraphs(text: str) -> list[Span]:
    """Paragraphs of `text`, without the white space around them.

    A line break ends a paragraph, except inside hard-wrapped text: after a line
    without closing punctuation when the next line goes on in lower case.

    >>> find_paragraphs("One.\\nTwo is\\nwrapped.")
    [Span(start=0, end=4), Span(start=5, end=20)]
    """
    return list(_paragraphs_in(text, Span(0, len(text))))


def find_sentences(text: str) -> list[Span]:
    """Sentences of `text`; none crosses a paragraph border.

    >>> text = "The U.S. is weighing it. Gen. H.R. Smith said so."
    >>> [text[s:e] for s, e in find_sentences(text)]
    ['The U.S. is weighing it.', 'Gen. H.R. Smith said so.']
    """
    return list(find_segments(text).sentences)


def find_words(text: str) -> list[Span]:
    """Words of `text`: runs of letters and digits with inner hyphens and apostrophes.

    >>> text = "Don't count 4,500 co-defendants twice."
    >>> [text[s:e] for s, e in find_words(text)]
    ["Don't", 'count', '4,500', 'co-defendants', 'twice']
    """
    return list(find_segments(text).words)


def count_words(text: str) -> int:
    """Number of words in `text` (see `find_words`).

    >>> count_words("Don't count 4,500 co-defendants twice.")
    5
    """
    return sum(not m[0][0].isspace() and m[0][0].isalnum() for m in _RAW.finditer(text))


def find_quotations(text: str) -> list[Quotation]:
    """Quotations of `text`: straight, curly, single, low and guillemet marks.

    Nested quotations are part of the outer one. An unclosed quotation ends with its
    paragraph and says so; an apostrophe or an inch mark opens nothing.

    >>> text = '“It may,” he said of the 6" gun. “We\\'ll see.'
    >>> [(text[q.start : q.end], q.closed) for q in find_quotations(text)]
    [('“It may,”', True), ("“We'll see.", False)]
    """
    return list(quotations_in(text, find_paragraphs(text)))


# --- paragraphs and sentences -------------------------------------------------

_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_CLOSING = tuple(".!?:;\"'”’»)]")


def _gaps(marked: Sequence[Span], length: int) -> Iterator[Span]:
    start = 0
    for span in marked:
        if span.start > start:
            yield Span(start, span.start)
        start = max(start, span.end)
    if start < length:
        yield Span(start, length)


def _paragraphs_in(text: str, block: Span) -> Iterator[Span]:
    current: Span | None = None
    for match in _LINE.finditer(text, block.start, block.end):
        line = _strip(text, match.start(), match.end())
        if line.start == line.end:
            continue
        if current and _is_wrapped(text, current, line):
            current = Span(current.start, line.end)
            continue
        if current:
            yield current
        current = line
    if current:
        yield current


def _is_wrapped(text: str, before: Span, line: Span) -> bool:
    gap = text[before.end : line.start]
    return (
        gap.count("\n") == 1
        and text[line.start].islower()
        and not text[before.start : before.end].endswith(_CLOSING)
    )


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


# Titles, months, states and ranks that end in a period inside a news sentence.
_ABBREVIATIONS = """
    a.k.a a.m adm al ala amb approx apr ariz ark assn atty aug ave b.a blvd brig bros
    calif capt cf cmdr co col colo conn corp cpl d-calif d-conn d-mass d-n.y d.c dec
    del dept det dr e.g e.u est etc feb fig fla ft ga gen gov hon i.e ill inc ind insp
    jan jr jun jul kan ky la lt ltd llc m.a m.d maj mar mass md messrs mich minn miss
    mont mr mrs ms mt n.c n.h n.j n.m n.y nev no nov oct okla ore p.m pa ph.d pfc
    pres prof pvt r-ariz r-fla r-ky r-texas rd rep reps ret rev rt s.c sec sen sens
    sept sep sgt spc sr st supt tenn tex u.k u.n u.s u.s.a univ v va vs vt w.va wash
    wis wyo
""".split()
_ACRONYM_END = re.compile(r"(?:^|[^\w.])(?:[^\W\d_]\.){2,}$")
_OPENER = (
    r"(?:The|It|He|She|They|This|That|These|Those|But|And|Many|Some|Most|However|"
    r"After|Before|If|When|While|There|His|Her|Their|In)\b"
)
_SENTENCE_OPENER = re.compile(rf"[\"“‘']?{_OPENER}")
_ACRONYM_THEN_OPENER = re.compile(rf"(?<=[A-Z]\.[A-Z]\.)\s+(?={_OPENER})")


@cache
def _sentence_tokenizer() -> PunktSentenceTokenizer:
    # Parameters given, nothing downloaded: on the coded articles this list with
    # Punkt places 97 % of the sentence ends where the coders did, sentencex 93 %.
    # Imported at the first text, because nltk takes a second to import.
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(_ABBREVIATIONS)
    return PunktSentenceTokenizer(parameters)


def _sentences_in(text: str, paragraph: Span) -> Iterator[Span]:
    pending: Span | None = None
    for span in _punkt_sentences(text, paragraph):
        if pending and _goes_on(text, pending, span):
            pending = Span(pending.start, span.end)
            continue
        if pending:
            yield from _parted_at_acronyms(text, pending)
        pending = span
    if pending:
        yield from _parted_at_acronyms(text, pending)


def _punkt_sentences(text: str, paragraph: Span) -> Iterator[Span]:
    base = paragraph.start
    for start, end in _sentence_tokenizer().span_tokenize(text[base : paragraph.end]):
        span = _strip(text, base + start, base + end)
        if span.start < span.end:
            yield span


def _goes_on(text: str, before: Span, after: Span) -> bool:
    # "Why now?" she asked.
    if text[after.start].islower() and text[before.end - 1] in "\"”'’":
        return True
    # "The M.E.K. Council met" is one sentence.
    tail = text[max(before.start, before.end - 12) : before.end]
    opening = text[after.start : after.start + 12]
    return bool(_ACRONYM_END.search(tail)) and not _SENTENCE_OPENER.match(opening)


def _parted_at_acronyms(text: str, sentence: Span) -> Iterator[Span]:
    # "They fled to the U.S. The border was closed." is two.
    start = sentence.start
    for gap in _ACRONYM_THEN_OPENER.finditer(text, sentence.start, sentence.end):
        yield from _parted_if_endless(text, Span(start, gap.start()))
        start = gap.end()
    yield from _parted_if_endless(text, Span(start, sentence.end))


_LONGEST_SENTENCE = 2000
_WHITE_SPACE = re.compile(r"\s+")


def _parted_if_endless(text: str, sentence: Span) -> Iterator[Span]:
    # 2,000 characters without a stop are a list or a table, and rules that look
    # around in a sentence must stay fast: cut at the next white space.
    start, end = sentence
    while end - start > _LONGEST_SENTENCE:
        gap = _WHITE_SPACE.search(text, start + _LONGEST_SENTENCE, end)
        if gap is None:
            break
        yield Span(start, gap.start())
        start = gap.end()
    if start < end:
        yield Span(start, end)


# --- words and tokens ---------------------------------------------------------

_RAW = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|\w+(?:(?:[-‐‑'’]\w+)|(?<=\d)[.,]\d+)*"
    r"|[^\w\s]"
)
_CLITIC = re.compile(r"(?i)(?:n['’]t|['’](?:s|re|ve|d|ll|m))$")


def _words_and_tokens(
    text: str, sentences: Sequence[Span]
) -> tuple[tuple[Span, ...], Tokens]:
    words: list[Span] = []
    starts: list[int] = []
    ends: list[int] = []
    lower: list[str] = []
    index: list[int] = []
    lowered = text.lower()
    if len(lowered) != len(text):  # "İ".lower() is two characters long
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    for number, sentence in enumerate(sentences):
        for match in _RAW.finditer(text, sentence.start, sentence.end):
            start, end = match.span()
            if text[start].isalnum() or text[start] == "_":
                words.append(Span(start, end))
            for piece in _clitics_apart(text, start, end):
                starts.append(piece[0])
                ends.append(piece[1])
                lower.append(lowered[piece[0] : piece[1]].replace("’", "'"))
                index.append(number)
    tokens = Tokens(tuple(starts), tuple(ends), tuple(lower), tuple(index))
    return tuple(words), tokens


def _clitics_apart(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    word = text[start:end]
    clitic = _CLITIC.search(word) if "'" in word or "’" in word else None
    if clitic and clitic.start() > 0:
        yield start, start + clitic.start()
        yield start + clitic.start(), end
    else:
        yield start, end
