"""Frames: what must stand around a cue before it is an attribution.

The note of a row of `attribution_cues.csv` opens with its frame and flags:

    speech   "said": almost anything may follow
    clause   "hinted": "that ...", a clause or a quotation
    quote    "replied": "that ..." or a quotation
    object   "condemned": a thing is enough
    open     "took issue": nothing more is needed
    tell     "told us that": a listener comes first
    name     "called it a mistake"
    paper    "shows": the source is a document
    as       "views it as a test"
    wish     "wants to leave", "wants peace"
    belief   "believes that ..."
    feeling  "was confident that ..."
    noun     "the mayor's call for"
    rumour   "reports of", "reports that": without a source too
    by       "according to": the source comes after

    agent    the source must be someone or something that speaks
    bare     "criticism from residents" is enough
    clause   only with "that ..." or a clause
    finite   not as a participle or gerund
    passive  "it was announced" counts, without a source
    to       also "vowed to leave", "considers it a mistake"
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from framing.clauses import find_letters
from framing.lexicon import Match
from framing.text import Segments, Span


@dataclass(frozen=True, slots=True)
class Reading:
    """A text with its letters; `outer` has whole quotations blanked out.

    `borders` are the first tokens of the sentences and one past the last; `joined`
    tells which sentences only go on from the one before.
    """

    segments: Segments
    letters: str
    outer: str
    borders: tuple[int, ...]
    joined: tuple[bool, ...]

    def bounds(self, token: int) -> tuple[int, int]:
        """First token of the token's sentence, and one past its last."""
        first = last = self.segments.tokens.sentence[token]
        while self.joined[first]:
            first -= 1
        while last + 1 < len(self.joined) and self.joined[last + 1]:
            last += 1
        return self.borders[first], self.borders[last + 1]

    def span(self, first: int, last: int) -> Span:
        """The text of the tokens `first` to `last`, `last` excluded."""
        tokens = self.segments.tokens
        return Span(tokens.starts[first], tokens.ends[last - 1])

    def token_at(self, offset: int) -> int:
        """The first token that starts at or after `offset`."""
        return bisect_left(self.segments.tokens.starts, offset)


@dataclass(frozen=True, slots=True)
class Cue:
    """A lexicon match in its sentence, or in its quotation where it is `nested`.

    `quotes` tells whether a quotation opens soon after it.
    """

    match: Match
    frame: str
    flags: tuple[str, ...]
    letters: str
    lower: tuple[str, ...]
    floor: int
    ceiling: int
    nested: bool
    quotes: bool

    @property
    def after(self) -> str:
        """Letters from the cue to the end of its sentence."""
        return self.letters[self.match.last : self.ceiling]

    @property
    def before(self) -> str:
        """Letters from the start of its sentence to the cue."""
        return self.letters[self.floor : self.match.first]


def read_clauses(segments: Segments) -> Reading:
    """The text with its letters, quotations blanked, cut sentences joined.

    >>> from framing.text import find_segments
    >>> read_clauses(find_segments('The "old guard" said "we will never leave".')).outer
    'DnnnnV\"\"\"\"\"\".'
    """
    numbers = segments.tokens.sentence
    count = len(segments.sentences)
    borders = tuple(bisect_left(numbers, n) for n in range(count + 1))
    joined = tuple(_goes_on(segments, n) for n in range(count))
    letters = find_letters(segments)
    return Reading(segments, letters, _blanked(segments, letters), borders, joined)


def _goes_on(segments: Segments, number: int) -> bool:
    # No sentence begins in lower case: "Rep. Lund (D-R.I.) said" was cut in two.
    start = segments.sentences[number].start
    if number == 0 or not segments.text[start].islower():
        return False
    return start - segments.sentences[number - 1].end < 2


def _blanked(segments: Segments, letters: str) -> str:
    starts = segments.tokens.starts
    outer = list(letters)
    for quotation in segments.quotations:
        first = bisect_left(starts, quotation.start)
        last = bisect_left(starts, quotation.end)
        inside = letters[first + 1 : last - 1]
        # 'a "rogue state"' is read like any other noun phrase
        mark = '"' if _is_speech(inside) else "n"
        outer[first:last] = mark * (last - first)
    return "".join(outer)


def _is_speech(inside: str) -> bool:
    long = len(inside) > 5 or inside[-1:] in (",", ".")
    return long or bool(re.search("[pVXM]", inside))


def place_cue(reading: Reading, match: Match) -> Cue:
    """The match with its frame, its surroundings and their bounds."""
    segments = reading.segments
    floor, ceiling = reading.bounds(match.first)
    frame, *flags = match.entry.note.partition(":")[0].split() or [""]
    nested = reading.outer[match.first] == '"'
    at = segments.quotation_at(match.span.start)
    if nested and at is not None:
        quotation = segments.quotations[at]
        floor = max(floor, reading.token_at(quotation.start) + 1)
        ceiling = min(ceiling, reading.token_at(quotation.end))
    return Cue(
        match,
        frame,
        tuple(flags),
        reading.letters if nested else reading.outer,
        segments.tokens.lower,
        floor,
        ceiling,
        nested,
        not nested and _quotation_follows(segments, match, ceiling),
    )


_SOON = 90  # characters: 'called the plan to close the old harbour in Oslo "absurd"'


def _quotation_follows(segments: Segments, match: Match, ceiling: int) -> bool:
    end = min(match.span.end + _SOON, segments.tokens.ends[ceiling - 1])
    following = bisect_left(segments.quotations, (match.span.end,))
    opens = [q.start for q in segments.quotations[following : following + 1]]
    return bool(opens) and opens[0] < end


# --- frames -------------------------------------------------------------------------


def is_filled(cue: Cue, start: int) -> bool:
    """Whether what begins at token `start` is a content for the cue's frame."""
    return _FRAMES[cue.frame](cue, start)


def _matcher(pattern: str) -> Callable[[Cue, int], bool]:
    compiled = re.compile(pattern)
    return lambda cue, start: bool(compiled.match(cue.letters, start, cue.ceiling))


# Dates, places and asides between a cue and its content: "said on Monday, that ..."
_SKIP = r"(?:,|a|I[DnNds#]*(?=[^pVX])|D?n?d|\([^)]*\)|-|t[DnNsI]*(?=T))*"
_speech = _matcher(rf'{_SKIP}(?:[T"WS:]|[DpNn#rGEIC(bzXMs][^.;]|t:)')
_clause = _matcher(rf'{_SKIP}(?:[T":]|W|S|[DpNn#rC][^.;,"]*?[VXMzE])')
_quote = _matcher(r'[^.;T"GE]{0,9}?(?:T(?![VXMzEb])|[":])')
_object = _matcher(
    r"(?:a|D?d|\([^)]*\)|,a,)*"
    r'(?:[DpNn#rGTW"SbzsEX(]|:|,"|t[abX]|!|C[EV]|[It,][^.;]{1,14}?[T"])'
)
_tell = _matcher(
    r'a*(?:[DNn#rsCaIEp()d]+|b)(?:[TSW"t:]|,"|,[DpNn]|[^.;,]*[VXMEz])'
    r'|a*[t"T]|a*[DNn#rp][^.;"]*T'
)
_wish = _matcher(r"a*[tDnNrT]")
_open = _matcher(r".")
_belief_plain = _matcher(r"a*(?:[TtS]|[DpNn#rC][^.;,])")
_name_plain = _matcher(r"a*[DNnrs#TIz]*?[Nnr#Tz](?:D|aE)|a*[rp](?:a|n|E|D)|a*E")
_renamed = _matcher(r"a*[DNnrp#]{1,8}?(?:(?<=[Nnrp])D|tX)")

# "what the mayor called a mistake", "which she thought was wrong"
_RELATIVE = re.compile(r"[TW][DNnprs#I]+[Xa]*$")


def _is_relative(cue: Cue) -> bool:
    return bool(_RELATIVE.search(cue.before))


def _name(cue: Cue, start: int) -> bool:
    if cue.quotes and re.match(r"[DNn#sICtEGd()rpa]*", cue.after):
        return True
    if _is_relative(cue) and "W" in cue.before:
        return True
    return _name_plain(cue, start)


def _thing(cue: Cue, start: int) -> bool:
    if "to" in cue.flags and cue.after.startswith("t"):  # "vowed to leave"
        return True
    return _object(cue, start)


def _quoted(cue: Cue, start: int) -> bool:
    # 'chanted "Go home"': too short to be told from a noun
    opens = start < cue.ceiling and cue.lower[start] in ('"', "“")
    return opens or _quote(cue, start)


def _belief(cue: Cue, start: int) -> bool:
    if "clause" in cue.flags:  # "felt that it was late", not "felt remorse"
        return _clause(cue, start)
    if _is_relative(cue):
        return bool(re.match(r"[VXMzETt]", cue.after))
    return _belief_plain(cue, start)


def _as(cue: Cue, start: int) -> bool:
    if "to" in cue.flags and (_is_relative(cue) or _renamed(cue, start)):
        return True
    return "as" in cue.lower[start : min(cue.ceiling, start + 9)]


_FRAMES: dict[str, Callable[[Cue, int], bool]] = {
    "speech": _speech,
    "clause": _clause,
    "quote": _quoted,
    "object": _thing,
    "paper": _object,
    "open": _open,
    "tell": _tell,
    "name": _name,
    "as": _as,
    "wish": _wish,
    "belief": _belief,
}
VERB_FRAMES = frozenset(_FRAMES)
NOUN_FRAMES = frozenset(("noun", "rumour"))
