"""Who said it: the lexicon coder for attributions (CODEBOOK, sections 2 and 3).

A cue of `attribution_cues.csv` is read by its *frame*, the first word of the row's
note, which says what must stand around it: `speech` verbs take a clause or a
quotation, `object` verbs what is judged or announced, `tell` verbs a listener first,
and so on. A cue whose frame is not filled is no attribution: "spoke on Monday".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from framing.annotations import Attribution
from framing.clauses import (
    NounPhrase,
    VerbGroup,
    find_letters,
    find_main_subject,
    find_phrase_after,
    find_subject,
    find_verb_group,
)
from framing.lexicon import Match, load_lexicon
from framing.text import Segments, Span


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text with its letters; `outer` has the longer quotations blanked out."""

    segments: Segments
    letters: str
    outer: str
    borders: tuple[int, ...]  # first token of each sentence, and one past the last
    joined: tuple[bool, ...]  # sentences that go on from the one before

    def bounds(self, token: int) -> tuple[int, int]:
        """First token of the token's sentence, and one past its last."""
        first = last = self.segments.tokens.sentence[token]
        while self.joined[first]:
            first -= 1
        while last + 1 < len(self.joined) and self.joined[last + 1]:
            last += 1
        return self.borders[first], self.borders[last + 1]

    def span(self, first: int, last: int) -> Span:
        tokens = self.segments.tokens
        return Span(tokens.starts[first], tokens.ends[last - 1])

    def token_at(self, offset: int) -> int:
        """The first token that starts at or after `offset`."""
        return bisect_left(self.segments.tokens.starts, offset)


@dataclass(frozen=True, slots=True)
class _Cue:
    """A lexicon match in its sentence, or in its quotation where it stands in one."""

    match: Match
    frame: str
    flags: tuple[str, ...]
    letters: str
    lower: tuple[str, ...]
    floor: int
    ceiling: int
    nested: bool
    quotes: bool  # whether a quotation opens soon after it

    @property
    def after(self) -> str:
        """Letters from the cue to the end of what it can govern."""
        return self.letters[self.match.last : self.ceiling]


def find_attribution_spans(segments: Segments) -> list[Attribution]:
    """Every attribution with its cue, source, content, kind and form, in text order.

    >>> from framing.text import find_segments
    >>> text = "The dam is safe, the mayor of Lund said on Monday."
    >>> [found] = find_attribution_spans(find_segments(text))
    >>> found.source.of(text), found.cue.of(text), found.content[0].of(text)
    ('the mayor of Lund', 'said', 'The dam is safe')
    """
    reading = _read(segments)
    found = [a for cue in _cues(reading) if (a := _attribution(reading, cue))]
    found += _signatures(segments)
    found += _speakers(segments, found)
    found.sort(key=lambda a: a.cue)
    return _finished(reading, found)


# --- reading ------------------------------------------------------------------------


def _read(segments: Segments) -> _Reading:
    numbers = segments.tokens.sentence
    count = len(segments.sentences)
    borders = tuple(bisect_left(numbers, n) for n in range(count + 1))
    # A sentence cannot begin in lower case: "Rep. Lund (D-R.I.) said" was cut in two.
    joined = [
        i > 0 and segments.text[s.start].islower() and s.start - segments.sentences[i - 1].end < 2
        for i, s in enumerate(segments.sentences)
    ]
    letters = find_letters(segments)
    return _Reading(
        segments, letters, _blanked(segments, letters), borders, tuple(joined)
    )


def _blanked(segments: Segments, letters: str) -> str:
    """Letters with each quotation that is a sentence or clause written as marks."""
    starts = segments.tokens.starts
    outer = list(letters)
    for quotation in segments.quotations:
        first = bisect_left(starts, quotation.start)
        last = bisect_left(starts, quotation.end)
        inside = letters[first + 1 : last - 1]
        if _is_speech(inside):
            outer[first:last] = '"' * (last - first)
        else:  # 'a "rogue state"' is read like any other noun phrase
            outer[first:last] = "n" * (last - first)
    return "".join(outer)


def _is_speech(inside: str) -> bool:
    return len(inside) > 5 or inside[-1:] in (",", ".") or bool(re.search("[pVXM]", inside))


def _cues(reading: _Reading) -> Iterator[_Cue]:
    """Cues in text order, the longest where they overlap, pseudo entries shielding."""
    segments, letters = reading.segments, reading.letters
    found = load_lexicon("attribution_cues").find_all(segments.text, segments.tokens)
    found.sort(key=lambda m: (m.outer_first - m.outer_last, m.first, m.entry.cue))
    taken: dict[int, Match] = {}
    for match in found:
        frame = match.entry.note.partition(":")[0].split()[:1]
        is_noun = letters[match.first] in "nN"
        if frame and frame[0] in _VERB_FRAMES and is_noun:
            continue
        if frame and frame[0] in _NOUN_FRAMES and not is_noun:
            continue
        if not any(i in taken for i in range(match.first, match.last)):
            taken.update({i: match for i in range(match.outer_first, match.outer_last)})
    kept = {m.first: m for m in taken.values() if m.entry.role == "cue"}
    for first in sorted(kept):
        yield _placed(reading, kept[first])


_VERB_FRAMES = frozenset(
    "speech clause quote object open tell name paper belief wish as".split()
)
_NOUN_FRAMES = frozenset("noun rumour".split())


def _placed(reading: _Reading, match: Match) -> _Cue:
    segments = reading.segments
    floor, ceiling = reading.bounds(match.first)
    frame, *flags = match.entry.note.partition(":")[0].split()
    nested = reading.outer[match.first] == '"'
    letters = reading.letters if nested else reading.outer
    at = segments.quotation_at(match.span.start)
    if nested and at is not None:
        quotation = segments.quotations[at]
        floor = max(floor, reading.token_at(quotation.start) + 1)
        ceiling = min(ceiling, reading.token_at(quotation.end))
    lower = segments.tokens.lower
    end = min(match.span.end + 90, segments.tokens.ends[ceiling - 1])
    following = bisect_left(segments.quotations, (match.span.end,))
    opens = [q.start for q in segments.quotations[following : following + 1]]
    quotes = not nested and bool(opens) and opens[0] < end
    return _Cue(
        match, frame, tuple(flags), letters, lower, floor, ceiling, nested, quotes
    )


def _attribution(reading: _Reading, cue: _Cue) -> Attribution | None:
    if cue.frame == "by":
        return _by_phrase(reading, cue)
    if cue.frame in _NOUN_FRAMES:
        return _noun(reading, cue)
    if cue.frame == "feeling":
        return _feeling(reading, cue)
    return _verb(reading, cue)


def _made(
    reading: _Reading,
    cue: _Cue,
    source: NounPhrase | None,
    content: tuple[Span, ...],
) -> Attribution:
    span = reading.span(*source) if source else None
    # The form is settled when all contents are (`_finished`).
    form = "nested" if cue.nested else "indirect"
    return Attribution(cue.match.span, span, content, cue.match.entry.type, form)


# --- verbs --------------------------------------------------------------------------


def _verb(reading: _Reading, cue: _Cue) -> Attribution | None:
    group = find_verb_group(cue.letters, cue.lower, cue.match.first)
    if group.first < cue.floor:
        group = group._replace(first=cue.match.first)
    mental = cue.match.entry.type == "mental"
    if group.modal or group.negated and not mental or _is_supposed(cue, group):
        return None
    if cue.nested and cue.frame not in _NESTED_FRAMES:
        return None
    if group.passive or _is_bare_participle(cue, group):
        return _passive(reading, cue, group)
    source = _source(cue, group)
    if source is None or _is_no_source(cue, source):
        return None
    if _is_reduced(cue, group, source):
        return None
    content = _content(reading, cue, group, source)
    return _made(reading, cue, source, content) if content else None


# Inside a quotation only plain reports of speech are told apart from the speech itself.
_NESTED_FRAMES = frozenset("speech tell belief wish".split())


def _is_supposed(cue: _Cue, group: VerbGroup) -> bool:
    """"if they want", "is expected to": no one is said to want or expect anything."""
    if cue.match.entry.type != "mental":
        return False
    before = cue.lower[max(cue.floor, group.first - 6) : group.first]
    if "if" in before or "whether" in before:
        return True
    bare = group.first == group.verb and cue.letters[group.verb] in "EV"
    return cue.frame == "belief" and bare and cue.after.startswith("t")


def _source(cue: _Cue, group: VerbGroup) -> NounPhrase | None:
    letters, lower, floor = cue.letters, cue.lower, cue.floor
    if letters[group.verb] == "G" and not _is_progressive(cue, group):
        if cue.frame == "belief" or "finite" in cue.flags:
            return None
        if letters[group.first - 1] == "I" and lower[group.first - 1] not in _GERUNDS:
            return None  # "stopped short of calling it a coup"
        return _participle_source(cue, group)
    if group.infinitive:
        if not _is_spoken_infinitive(cue, group):
            return None
        return find_main_subject(letters, lower, group.first, floor)
    return _inverted(cue, group) or find_subject(letters, lower, group.first, floor)


_GERUNDS = frozenset("by for in after before despite since upon besides".split())


def _is_progressive(cue: _Cue, group: VerbGroup) -> bool:
    return "X" in cue.letters[group.first : group.verb]


def _participle_source(cue: _Cue, group: VerbGroup) -> NounPhrase | None:
    letters, lower, floor = cue.letters, cue.lower, cue.floor
    opening = group.first - floor - (letters[floor] in "CaSI")
    if opening <= 0 or group.first - floor == 1 and letters[floor] in "SIa":
        # "Calling it a mistake, Ms Lund left.", "While calling it"
        return find_main_subject(letters, lower, cue.ceiling, floor)
    if letters[group.first - 1] in "nN" and lower[group.first - 1] not in _PAPERS:
        return find_subject(letters, lower, group.first, floor)
    return find_main_subject(letters, lower, group.first, floor)


_PAPERS = frozenset("statement letter tweet post message memo email note".split())


def _is_spoken_infinitive(cue: _Cue, group: VerbGroup) -> bool:
    """"went on to say" and "was forced to admit", not "hopes to say"."""
    before = cue.lower[max(cue.floor, group.first - 2) : group.first]
    return bool(_SPOKEN.intersection(before))


_SPOKEN = frozenset(
    "on forced sought appeared appears seemed seems used continued continues began "
    "rushed quick moved proceeded came took tried tries attempting attempted "
    "choosing gathered opportunity chance letter statement "
    "twitter television interview compelled".split()
)


def _is_bare_participle(cue: _Cue, group: VerbGroup) -> bool:
    """"sanctions announced in Oslo": an -ed form with no auxiliary and no object."""
    if cue.letters[group.verb] != "E" or cue.frame not in ("object", "speech", "name"):
        return False
    if cue.lower[cue.match.last : cue.match.last + 1] == ("by",):
        return True
    if cue.frame != "object" or cue.match.last - cue.match.first > 1:
        return False
    return bool(re.match(r"I", cue.after)) and not re.search('[T"]', cue.after)


def _is_reduced(cue: _Cue, group: VerbGroup, source: NounPhrase) -> bool:
    """"the ban announced on Friday": what was said stands before, no one speaks."""
    if cue.letters[group.verb] != "E" or group.first != group.verb:
        return False
    if not re.match(r'(?:D?d|a)*(?:[ISGzVXM]|$)', cue.after) or "T" in cue.after[:9]:
        return False
    return cue.frame == "object" and not _may_speak(cue, source)


def _is_no_source(cue: _Cue, source: NounPhrase) -> bool:
    last = cue.lower[source.last - 1]
    if last in _NO_SPEAKERS and cue.letters[source.last - 1] != "N":
        return True
    if "agent" in cue.flags:
        return not _may_speak(cue, source)
    if cue.frame == "paper":
        return not _is_paper(cue, source)
    return False


_NO_SPEAKERS = frozenset("i we you me us there what that".split())


def _is_paper(cue: _Cue, source: NounPhrase) -> bool:
    """What shows or finds: a document for anything, a body or "it" for "that ..."."""
    words = cue.lower[source.first : source.last]
    if any(w in _paper_nouns() for w in words):
        return True
    return "T" in cue.after[:4] and (words[-1:] == ("it",) or _may_speak(cue, source))


@cache
def _paper_nouns() -> frozenset[str]:
    entries = load_lexicon("source_nouns").entries
    named = (w for e in entries if e.type == "document" for w in e.cue.lower().split("|"))
    return frozenset(named) | {"polling", "results", "evidence", "footage", "sign"}


def _may_speak(cue: _Cue, source: NounPhrase) -> bool:
    """A name, a pronoun or a noun for people, bodies and papers."""
    if cue.letters[source.last - 1] in "Np":
        return cue.lower[source.last - 1] != "it"
    return any(w in _speaking_nouns() for w in cue.lower[source.first : source.last])


@cache
def _speaking_nouns() -> frozenset[str]:
    entries = load_lexicon("source_nouns").entries
    return frozenset(w for e in entries for w in re.split(r"[| ]", e.cue.lower()))


def _inverted(cue: _Cue, group: VerbGroup) -> NounPhrase | None:
    """The speaker after the verb: "It is over," said the mayor."""
    letters, floor = cue.letters, cue.floor
    if group.first == floor or letters[group.first - 1] not in ',"-)':
        return None
    if cue.match.entry.scope != "both" or group.first != group.verb:
        return None
    spoken = letters[group.first - 1] == '"'
    if cue.frame == "tell" or cue.frame not in ("speech", "clause") and not spoken:
        return None
    after = find_phrase_after(letters, cue.lower, cue.match.last, cue.ceiling)
    if after is None:
        return None
    end = after.last
    while end < cue.ceiling and letters[end] == "a":
        end += 1
    follows = letters[end] if end < cue.ceiling else "."
    if follows in "VXMzbTEptr":
        return None
    if spoken:
        return after
    if letters[after.first] == "N" and follows in tuple('.,"-'):
        return after
    # "Ms Lund, the mayor, said nothing new" has its speaker before the verb
    clause = letters[floor : group.first - 1]
    return after if re.search(r"(?<!W)[VXMzE]", clause) and follows in tuple('.,"I-:') and not re.search(r",D[nN]+$|,W[^,]*$", clause) else None


def _passive(reading: _Reading, cue: _Cue, group: VerbGroup) -> Attribution | None:
    """"was criticised by residents", "was told that": the agent, or no source."""
    if cue.match.entry.type == "mental":
        return None
    found = re.match(r"[aInNDd]{0,3}?I", cue.after)
    source = None
    if found:
        by = cue.match.last + found.end() - 1
        if cue.lower[by] == "by":
            source = find_phrase_after(cue.letters, cue.lower, by + 1, cue.ceiling)
    unowned = "passive" in cue.flags and group.passive
    if source is None and not unowned:
        return None
    if source and not _may_speak(cue, source):
        return None
    return _made(reading, cue, source, (reading.span(cue.floor, cue.ceiling),))


# --- content ------------------------------------------------------------------------


def _content(
    reading: _Reading, cue: _Cue, group: VerbGroup, source: NounPhrase
) -> tuple[Span, ...]:
    head, start = group.first, cue.match.last
    if source.first >= cue.match.last and cue.letters[group.verb] != "G":
        start = source.last
    elif source.last <= head:
        head = source.first if source.first >= cue.floor else head
    before = _content_before(reading, cue, group, head)
    rest = cue.letters[start : cue.ceiling]
    if cue.lower[max(head - 1, 0)] == "as" and re.match(r"[,.\-]|n[,.]", rest):
        # "As the mayor said, it is over": everything else is what was said
        before = reading.span(cue.floor, head - 1) if head - 1 > cue.floor else None
        rest_span = reading.span(start, cue.ceiling) if len(rest) > 3 else None
        return tuple(span for span in (before, rest_span) if span)
    if before:
        quoted = cue.letters[head - 1] == '"'
        again = re.match(r'[^."]*?[,:]"|[^."]{0,3}"' + ("" if quoted else "|[^.]*T"), rest)
        if not again:
            return (before,)
        return (before, reading.span(_opening(cue, start), cue.ceiling))
    if _FRAMES[cue.frame](cue, start):
        return (reading.span(_opening(cue, start), cue.ceiling),)
    return _relative_object(reading, cue, group, source) or _quotation_before(
        reading, cue, head
    )


def _relative_object(
    reading: _Reading, cue: _Cue, group: VerbGroup, source: NounPhrase
) -> tuple[Span, ...]:
    """What stands before the speaker: "the cuts he announced", "which it denies"."""
    if cue.frame != "object" or cue.letters[group.verb] == "G":
        return ()
    before = source.first - 1
    if before <= cue.floor or source.last != group.first:
        return ()
    if cue.letters[before] not in "TW" and (
        cue.letters[before] not in "nN" or cue.letters[source.first] not in "pD"
    ):
        return ()
    phrase = find_subject(cue.letters, cue.lower, before + 1, cue.floor)
    return (reading.span(*phrase),) if phrase else ()


_LISTENER = re.compile(r'(?:[^.;"TVXMzWSpC]{0,14}[,:])?"')


def _opening(cue: _Cue, start: int) -> int:
    """Past listener and occasion: 'told the council on Friday: "It is over."'"""
    if cue.frame not in ("speech", "clause", "quote", "tell"):
        return start
    found = _LISTENER.match(cue.letters, start, cue.ceiling)
    return found.end() - 1 if found else start


def _content_before(
    reading: _Reading, cue: _Cue, group: VerbGroup, head: int
) -> Span | None:
    letters, floor = cue.letters, cue.floor
    if head <= floor or letters[group.verb] == "G" or cue.match.entry.scope != "both":
        return None
    mark = letters[head - 1]
    if mark == '"':
        return _from_quotation(reading, floor, head)
    if mark in ",-" and head - floor > 3:
        ends = bool(re.match(r"(?:I?D?n?d)?[.,-]", cue.after))
        if not ends and not re.search(r"[VXMzE]", letters[floor:head]):
            return None
        if re.match(r'(?:C|a)?(?:S[^,"]*|[IE][^,VXM"]*),$|a,$', letters[floor:head]):
            return None
        if re.match(r'(?:I[^,]*|D?d|a|,)*(?:[T":])', cue.after):
            return None
        return reading.span(floor, head - 1)
    return None


def _from_quotation(reading: _Reading, floor: int, head: int) -> Span:
    """From the sentence's start, or that of a quotation that began before it."""
    span = reading.span(floor, head)
    at = reading.segments.quotation_at(span.end - 1)
    if at is None:
        return span
    return Span(min(span.start, reading.segments.quotations[at].start), span.end)


def _quotation_before(reading: _Reading, cue: _Cue, head: int) -> tuple[Span, ...]:
    """The quotation of the sentence before: "Why now?" the mayor asked."""
    if head != cue.floor or cue.nested or cue.floor == 0:
        return ()
    if cue.match.last - head > 12 or re.search("[VC]", cue.letters[head : cue.match.first]):
        return ()
    end = reading.segments.tokens.ends[cue.floor - 1]
    at = reading.segments.quotation_at(end - 1)
    if at is None or cue.match.entry.scope != "both":
        return ()
    quotation = reading.segments.quotations[at]
    return (Span(quotation.start, quotation.end),)


_SKIP = r"(?:,|a|I[DnNds#]*(?=[^pVX])|D?n?d|\([^)]*\)|-)*"
_SPEECH = re.compile(rf'{_SKIP}(?:[T"WS:]|[DpNn#rGEIC(bzXMs][^.;]|t:)')
_STRICT = re.compile(rf'{_SKIP}(?:[T":]|W|S|[DpNn#rC][^.;,"]*?[VXMzE])')
_OBJECT = re.compile(
    r'(?:a|D?d|\([^)]*\)|,a,)*(?:[DpNn#rGTW"SbzsEX(]|:|,"|t[ab]|!|[It,][^.;]{1,14}?[T"])'
)
_TELL = re.compile(r'a*(?:[DNn#rsCaIEp()d]+|b)(?:[TSW"t:]|,"|,[DpNn]|[^.;,]*[VXMEz])|a*[t"T]|a*[DNn#rp][^.;"]*T')
_NAME = re.compile(r"a*[DNnrs#TI]*?[Nnr#T](?:D|aE)|a*[rp](?:a|n|E|D)|a*E")


def _speech(cue: _Cue, start: int) -> bool:
    return bool(_SPEECH.match(cue.letters, start, cue.ceiling))


def _clause(cue: _Cue, start: int) -> bool:
    return bool(_STRICT.match(cue.letters, start, cue.ceiling))


def _object(cue: _Cue, start: int) -> bool:
    return bool(_OBJECT.match(cue.letters, start, cue.ceiling))


def _tell(cue: _Cue, start: int) -> bool:
    return bool(_TELL.match(cue.letters, start, cue.ceiling))


def _name(cue: _Cue, start: int) -> bool:
    if cue.quotes and re.match(r"[DNn#sICtEGd()rpa]*", cue.after):
        return True
    if re.search(r"W[DNnprs#I]+[Xa]*$", cue.letters[cue.floor : cue.match.first]):
        return True  # "what the mayor called a mistake"
    return bool(_NAME.match(cue.letters, start, cue.ceiling))


_BELIEF = re.compile(r"a*(?:[TtS]|[DpNn#rC][^.;,])")
_ASIDE = re.compile(r"[TW][DNnprs#I]+[Xa]*$")


def _belief(cue: _Cue, start: int) -> bool:
    if "clause" in cue.flags:  # "felt that it was", not "felt remorse"
        return _clause(cue, start)
    if _ASIDE.search(cue.letters, cue.floor, cue.match.first):
        return bool(re.match(r"[VXMzETt]", cue.after))  # "which she thought was"
    return bool(_BELIEF.match(cue.letters, start, cue.ceiling))


def _wish(cue: _Cue, start: int) -> bool:
    return bool(re.compile(r"a*[tDnNrT]").match(cue.letters, start, cue.ceiling))


def _as(cue: _Cue, start: int) -> bool:
    if "to" in cue.flags:  # "considers it a mistake", "what she considers a mistake"
        if _ASIDE.search(cue.letters, cue.floor, cue.match.first):
            return True
        return bool(re.match(r"a*[DNnrp#]{1,8}?(?:(?<=[Nnrp])D|tX)", cue.after))
    return "as" in cue.lower[start : min(cue.ceiling, start + 9)]


def _quote(cue: _Cue, start: int) -> bool:
    return bool(re.compile(r'[^.;T"GE]{0,9}?(?:T(?![VXMzEb])|[":])').match(cue.letters, start, cue.ceiling))


def _open(cue: _Cue, start: int) -> bool:
    return start < cue.ceiling


_FRAMES = {
    "quote": _quote,
    "open": _open,
    "speech": _speech,
    "clause": _clause,
    "belief": _belief,
    "paper": _object,
    "object": _object,
    "tell": _tell,
    "name": _name,
    "wish": _wish,
    "as": _as,
}


# --- nouns and prepositions ---------------------------------------------------------


def _by_phrase(reading: _Reading, cue: _Cue) -> Attribution | None:
    first = cue.match.last
    source = find_phrase_after(cue.letters, cue.lower, first, cue.ceiling)
    if source is None:
        return None
    if cue.lower[cue.match.first] == "per" and cue.letters[first] != "D":
        if cue.letters[first] != "N":
            return None
    pieces = []
    rest = cue.letters[source.last : cue.ceiling]
    if cue.match.first > cue.floor:
        last = _end_of_quotation(cue)
        pieces.append(_from_quotation(reading, cue.floor, last))
    if len(rest) > 2 and (not pieces or '"' in rest):
        pieces.append(reading.span(source.last, cue.ceiling))
    if not pieces and rest == ":":  # the words follow in paragraphs of their own
        number = reading.segments.tokens.sentence[cue.match.first] + 1
        pieces.extend(reading.segments.sentences[number : number + 1])
    return _made(reading, cue, source, tuple(pieces)) if pieces else None


def _end_of_quotation(cue: _Cue) -> int:
    """The content's end in '"It is over," she said, according to the paper'."""
    before = cue.letters[cue.floor : cue.match.first]
    found = re.match(r'"+(?=[^"]{1,9}$)', before)
    return cue.floor + found.end() if found else cue.match.first


def _noun(reading: _Reading, cue: _Cue) -> Attribution | None:
    source = _owner(cue)
    if source is None:
        source = _giver(cue)
    if cue.frame == "rumour" and source is None:
        many = cue.match.last - cue.match.first > 1
        if not many and not re.match(r"[IDna#d]{0,5}T[^EVXMz]|pX", cue.after):
            return None
    elif source is None or not _is_said(cue):
        return None
    if source and _is_no_source(cue, source):
        return None
    content = (reading.span(cue.match.last, cue.ceiling),)
    return _made(reading, cue, source, content)


def _is_said(cue: _Cue) -> bool:
    """Whether the noun tells what was said: "call for talks", not "call on Sunday"."""
    following = cue.lower[cue.match.last : cue.match.last + 1]
    if "clause" in cue.flags:
        return cue.after.startswith("T")
    if following and following[0] in ("for", "of", "about", "against", "over", "from"):
        return True
    return bool(re.match(r"t[ab]|[IDNna#d]{0,8}T", cue.after))


def _owner(cue: _Cue) -> NounPhrase | None:
    """"the mayor's" before the noun, or "from the mayor" after it."""
    letters, lower, floor = cue.letters, cue.lower, cue.floor
    first = cue.match.first
    while first > floor and letters[first - 1] in "nN#Ga" and cue.match.first - first < 3:
        first -= 1
    if first <= floor:
        return None
    if lower[first - 1] in ("his", "her", "their", "its"):
        return NounPhrase(first - 1, first)
    named = re.search("N+$", letters[floor : cue.match.first])
    if named and letters[first - 1] != "s":  # "a White House announcement"
        return NounPhrase(floor + named.start(), cue.match.first)
    if letters[first - 1] != "s":
        return None
    last = first = first - 1
    while first > floor and letters[first - 1] in "nN#D":
        first -= 1
    return NounPhrase(first, last) if first < last else None


def _giver(cue: _Cue) -> NounPhrase | None:
    """"criticism from residents", "reports in local media"."""
    last = cue.match.last
    preposition = cue.lower[last : last + 1]
    if preposition != ("from",) and (preposition != ("in",) or cue.frame != "rumour"):
        return None
    source = find_phrase_after(cue.letters, cue.lower, last + 1, cue.ceiling)
    return source if source and _may_speak(cue, source) else None


_STAYING = frozenset("remain remains remained grew grows became stays stayed".split())


def _feeling(reading: _Reading, cue: _Cue) -> Attribution | None:
    verb = cue.match.first
    if cue.lower[verb - 1] in _STAYING:
        verb -= 1
    group = find_verb_group(cue.letters, cue.lower, verb)
    if group.first == cue.match.first or group.modal or cue.nested:
        return None
    if not re.match(r"[TItS]", cue.after):
        return None
    source = find_subject(cue.letters, cue.lower, group.first, cue.floor)
    if source is None or _is_no_source(cue, source):
        return None
    content = (reading.span(cue.match.last, cue.ceiling),)
    return _made(reading, cue, source, content)


# --- signatures and speakers --------------------------------------------------------


_SIGNATURE = re.compile(r"[—–-]\s?([^\n—()]{2,60}?\s?\(@\w+\))")
_SPEAKER = re.compile(r"([A-Z@][^\n:.,;!?\"“”]{1,60}?)(:)\s+(?=([\"“‘'])?)(.+)")


# "UPDATE: ..." and the like label a paragraph; no one speaks.
_LABELS = frozenset(
    "update exclusive breaking quiz related watch note analysis video photos opinion "
    "more read in out news live fact correction".split()
)


def _signatures(segments: Segments) -> list[Attribution]:
    """Embedded tweets: the dash before "Name (@handle)" is the cue."""
    found = []
    for match in _SIGNATURE.finditer(segments.text):
        number = segments.paragraph_at(match.start())
        if number < 0 or segments.paragraphs[number].end < match.end():
            continue
        start = segments.paragraphs[number].start
        if start == match.start() and number:
            start = segments.paragraphs[number - 1].start
        cue = Span(match.start(), match.start() + 1)
        content = (Span(start, match.start()),) if start < match.start() else ()
        source = Span(*match.span(1))
        found.append(Attribution(cue, source, content, "statement", "signed"))
    return found


def _speakers(segments: Segments, others: list[Attribution]) -> list[Attribution]:
    """Paragraphs that open with "Name:" and a quotation, or of a transcript."""
    found = []
    known = {a.source.of(segments.text).split()[-1] for a in others if a.source}
    matches = [
        m
        for p in segments.paragraphs
        if (m := _SPEAKER.match(segments.text, p.start, p.end))
    ]
    names = [m[1] for m in matches]
    for match in matches:
        if not re.match(r"(?:[^a-z\s][^\s]*\s?|of\s|the\s){1,6}$", match[1]):
            continue
        if match[1].lower().split()[-1] in _LABELS:
            continue
        if match[3] or names.count(match[1]) > 1 or match[1].split()[-1] in known:
            cue, source = Span(*match.span(2)), Span(*match.span(1))
            content = (Span(*match.span(4)),)
            form = "indirect" if match[3] else "signed"
            found.append(Attribution(cue, source, content, "statement", form))
    return found


# --- finishing ----------------------------------------------------------------------


def _finished(reading: _Reading, found: list[Attribution]) -> list[Attribution]:
    found = _cut_at_next(reading, found)
    found = _with_continuations(reading, found)
    return [replace(a, form=_form(reading, a)) for a in found]


def _cut_at_next(reading: _Reading, found: list[Attribution]) -> list[Attribution]:
    """End a content where the next cue takes over: "..., adding that"."""
    finished = []
    for i, attribution in enumerate(found):
        content = attribution.content
        cut = _next_start(reading, attribution, found[i + 1 : i + 4])
        if content and content[-1].start < cut < content[-1].end:
            content = (*content[:-1], Span(content[-1].start, cut))
        finished.append(replace(attribution, content=content))
    return finished


def _next_start(
    reading: _Reading, attribution: Attribution, later: list[Attribution]
) -> int:
    for other in later:
        if other.source == attribution.source and other.source:
            return other.cue.start
        participle = reading.letters[reading.token_at(other.cue.start)] == "G"
        if participle and other.source and other.source.end <= other.cue.start:
            return other.cue.start
    return len(reading.segments.text) + 1


def _with_continuations(
    reading: _Reading, found: list[Attribution]
) -> list[Attribution]:
    """Quotations whole, and those without a cue given to the last speaker."""
    finished = list(found)
    covered = sorted(span for a in found for span in a.content)
    speakers = [i for i, a in enumerate(found) if a.kind == "statement" and a.content]
    for quotation in reading.segments.quotations:
        span = Span(quotation.start, quotation.end)
        if not _stands_alone(reading, span) or any(span.overlaps(c) for c in covered):
            continue
        earlier = [i for i in speakers if found[i].cue.start < span.start]
        if not earlier:
            continue
        last = earlier[-1]
        if _goes_on(reading, finished[last], span):
            content = (*finished[last].content, span)
            finished[last] = replace(finished[last], content=content)
    return finished


def _stands_alone(reading: _Reading, span: Span) -> bool:
    first, last = reading.token_at(span.start), reading.token_at(span.end)
    if last - first < 4 or reading.outer[first] != '"':
        return False
    opens = first in reading.borders
    return opens and (last in reading.borders or reading.letters[last] == ".")


def _goes_on(reading: _Reading, attribution: Attribution, span: Span) -> bool:
    """Same paragraph, or the next one after a quotation."""
    paragraph = reading.segments.paragraph_at
    end = max(attribution.cue.end, *(c.end for c in attribution.content))
    quoted = any(
        reading.segments.quotation_at(c.start) is not None
        for c in attribution.content
    )
    gap = paragraph(span.start) - paragraph(end - 1)
    return gap == 0 or gap == 1 and quoted


_LOOSE = frozenset("that and but , . : ; —".split())


def _form(reading: _Reading, attribution: Attribution) -> str:
    if attribution.form == "signed":
        return "direct"
    if attribution.form == "nested":
        return "indirect"
    tokens = reading.segments.tokens
    quoted = unquoted = 0
    for start, end in attribution.content:
        for i in range(reading.token_at(start), reading.token_at(end)):
            if reading.segments.quotation_at(tokens.starts[i]) is not None:
                quoted += 1
            elif tokens.lower[i][0].isalnum() and tokens.lower[i] not in _LOOSE:
                unquoted += 1
    if not quoted:
        return "indirect"
    return "mixed" if unquoted else "direct"
