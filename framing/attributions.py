"""Who said it: the lexicon coder for attributions (CODEBOOK, sections 2 and 3).

Transparent rules over tokens, no trained weights. A cue of `attribution_cues.csv` is an
attribution where its frame is filled (`frames`), a source is found (`subjects`) and
something is said (`contents`). Speech that is denied, future or only possible is none
("has not said", "will announce"), nor is what the first person of a quotation says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from framing.annotations import Attribution
from framing.clauses import VerbGroup, find_verb_group, words_of
from framing.contents import (
    NESTED,
    find_content,
    find_signatures,
    find_speakers,
    finish_contents,
    span_from_quotation,
)
from framing.frames import (
    NOUN_FRAMES,
    VERB_FRAMES,
    Cue,
    Reading,
    place_cue,
    read_clauses,
)
from framing.lexicon import Match, load_lexicon
from framing.speakers import (
    NESTED_FRAMES,
    cited_people,
    is_fight,
    is_no_source,
    may_speak,
    quoted_speaker,
)
from framing.subjects import (
    NounPhrase,
    find_main_subject,
    find_phrase_after,
    find_subject,
)
from framing.text import Segments, Span


def find_attribution_spans(segments: Segments) -> list[Attribution]:
    """Every attribution with its cue, source, content, kind and form, in text order.

    The codes of the source (kind, naming, role, relay) are left at their defaults.

    >>> from framing.text import find_segments
    >>> text = "The dam is safe, the mayor of Lund said on Monday."
    >>> [found] = find_attribution_spans(find_segments(text))
    >>> found.source.of(text), found.cue.of(text), found.content[0].of(text)
    ('the mayor of Lund', 'said', 'The dam is safe')
    """
    reading = read_clauses(segments)
    found = [a for cue in _find_cues(reading) if (a := _attribution(reading, cue))]
    found += find_signatures(segments)
    found += find_speakers(segments, found)
    return finish_contents(reading, sorted(found, key=lambda a: a.cue))


def _find_cues(reading: Reading) -> Iterator[Cue]:
    """Cues in text order, the longest where they overlap, pseudo entries shielding."""
    segments = reading.segments
    found = load_lexicon("attribution_cues").find_all(segments.text, segments.tokens)
    found.sort(key=lambda m: (m.outer_first - m.outer_last, m.first, m.entry.cue))
    taken: dict[int, Match] = {}
    for match in found:
        inside = range(match.first, match.last)
        if not _is_other_word(reading, match) and taken.keys().isdisjoint(inside):
            taken.update(dict.fromkeys(inside, match))
    kept = {m.first: m for m in taken.values() if m.entry.role == "cue"}
    for first in sorted(kept):
        yield place_cue(reading, kept[first])


def _is_other_word(reading: Reading, match: Match) -> bool:
    """A verb's row on a noun ("two claims of theft"), or the other way round."""
    frame = match.entry.note.partition(":")[0].partition(" ")[0]
    is_noun = reading.letters[match.first] in "nN"
    return frame in (VERB_FRAMES if is_noun else NOUN_FRAMES)


def _attribution(reading: Reading, cue: Cue) -> Attribution | None:
    if cue.frame == "by":
        return _by_phrase(reading, cue)
    if cue.frame in NOUN_FRAMES:
        return _noun(reading, cue)
    if cue.frame == "feeling":
        return _feeling(reading, cue)
    return _verb(reading, cue)


def _made(
    reading: Reading, cue: Cue, source: NounPhrase | None, content: tuple[Span, ...]
) -> Attribution:
    span = reading.span(*source) if source else None
    form = NESTED if cue.nested else "indirect"
    return Attribution(cue.match.span, span, content, cue.match.entry.type, form)


# --- verbs --------------------------------------------------------------------------


def _verb(reading: Reading, cue: Cue) -> Attribution | None:
    group = find_verb_group(cue.letters, cue.lower, cue.match.first)
    if group.first < cue.floor:
        group = group._replace(first=cue.match.first)
    is_mental = cue.match.entry.type == "mental"
    denied = group.negated or "no" in cue.lower[group.verb : cue.match.last]
    if group.modal or (denied and not is_mental):
        return None
    if is_mental and _is_supposed(cue, group):
        return None
    if cue.nested and not _is_told_apart(cue, group):
        return None
    if group.passive or _is_passive_participle(cue, group):
        return None if is_mental else _passive(reading, cue, group)
    source = _source(cue, group)
    if source and is_fight(cue, source):
        return None
    cited = cited_people(cue)
    if cited is not None and source is not None:
        return _made(reading, cue, cited, (reading.span(cue.floor, cue.ceiling),))
    if source is None or is_no_source(cue, source):
        return None
    if _is_reduced(cue, group, source):
        return None
    content = find_content(reading, cue, group, source)
    if not content and source.first > cue.floor and quoted_speaker(cue, group):
        # "It failed," the Gazette quoted a guard as saying.
        content = (reading.span(cue.floor, source.first),)
    return _made(reading, cue, source, content) if content else None


def _is_told_apart(cue: Cue, group: VerbGroup) -> bool:
    going_on = "X" in cue.letters[group.first : group.verb]  # "they are warning"
    is_finite = going_on or cue.letters[group.verb] in "EVz"
    is_finite = is_finite and not group.infinitive
    return cue.frame in NESTED_FRAMES or (is_finite and cue.frame == "object")


def _is_supposed(cue: Cue, group: VerbGroup) -> bool:
    """ "if they want", "a move thought to": no one is said to want or think it."""
    before = cue.lower[max(cue.floor, group.first - 6) : group.first]
    if "if" in before or "whether" in before:
        return True
    bare = group.first == group.verb and cue.letters[group.verb] in "EV"
    return cue.frame == "belief" and bare and cue.after.startswith("t")


def _is_passive_participle(cue: Cue, group: VerbGroup) -> bool:
    """ "first reported by the Mail", "sanctions announced in Oslo"."""
    if cue.letters[group.verb] != "E" or cue.letters[group.first - 1] == "p":
        return False
    asked = cue.lower[group.verb] == "asked" and group.first == group.verb
    if asked and cue.letters[group.first - 1] == "," and "T" not in cue.after[:4]:
        return True  # "The ministry, asked about the raid, said"
    if cue.frame == "name" and re.match(r"[nI]", cue.after) and not cue.quotes:
        bare = cue.letters[group.first - 1] in "nN" and group.first == group.verb
        if bare and cue.after[1:2] not in ("D", "a", "E"):
            return True  # "people deemed likely to move"
    if re.search('"[DNns#I]*$', cue.before) or cue.match.entry.type == "mental":
        return False  # '"It is over," the mayor explained with a smile'
    if cue.lower[cue.match.last : cue.match.last + 1] == ("by",):
        return True
    if cue.frame != "object" or cue.match.last - cue.match.first > 1:
        return False
    if re.match(r"I[DnNd]{1,4}[tT]", cue.after):  # "promised on Tuesday to leave"
        return False
    if re.match(r"I(?:D?n)?d[.,]", cue.after):
        # "The pier is shut, the Gazette reported on Friday.", "cuts made in May"
        source = find_subject(cue.letters, cue.lower, group.first, cue.floor)
        return source is None or not may_speak(cue, source)
    return cue.after.startswith("I") and not re.search('[T"]', cue.after)


def _is_reduced(cue: Cue, group: VerbGroup, source: NounPhrase) -> bool:
    """ "the ban announced on Friday": what was said stands before, no one speaks."""
    if cue.letters[group.verb] != "E" or group.first != group.verb:
        return False
    if not re.match(r"(?:D?d|a)*(?:[ISGzVXM]|$)", cue.after) or "T" in cue.after[:9]:
        return False
    return cue.frame == "object" and not may_speak(cue, source)


def _passive(reading: Reading, cue: Cue, group: VerbGroup) -> Attribution | None:
    """ "was criticised by residents", "was told that": the agent, or no source."""
    found = re.match(r"[aInNDd]{0,3}?I", cue.after)
    by = cue.match.last + found.end() if found else 0
    source = None
    if by and cue.lower[by - 1] == "by":
        source = find_phrase_after(cue.letters, cue.lower, by, cue.ceiling)
        if source is None or not may_speak(cue, source):
            return None
    elif not (group.passive and "passive" in cue.flags):
        return None
    if by and cue.lower[by - 1] == "by" and cue.lower[cue.match.first] == "asked":
        return None  # "Asked by reporters about the raid, ..." tells nothing
    return _made(reading, cue, source, (reading.span(cue.floor, cue.ceiling),))


# --- the source of a verb -----------------------------------------------------------


def _source(cue: Cue, group: VerbGroup) -> NounPhrase | None:
    letters, lower, floor = cue.letters, cue.lower, cue.floor
    if letters[group.verb] == "G" and "X" not in letters[group.first : group.verb]:
        return _source_of_participle(cue, group)
    if group.infinitive:
        if not _is_spoken(cue, group):
            return None
        return find_main_subject(letters, lower, group.first, floor)
    return _inverted(cue, group) or find_subject(letters, lower, group.first, floor)


def _source_of_participle(cue: Cue, group: VerbGroup) -> NounPhrase | None:
    letters, lower, floor = cue.letters, cue.lower, cue.floor
    if cue.frame == "belief" or "finite" in cue.flags:
        return None
    quoted = quoted_speaker(cue, group)
    if quoted is not None:
        return quoted
    if letters[group.first - 1] == "I" and lower[group.first - 1] not in words_of(
        "gerund_preposition"
    ):
        return None  # "stopped short of calling it a coup"
    if cue.lower[group.first - 1] == "worth":
        return None  # "it is worth pointing out that"
    reduced = letters[group.first - 1] in "nN" and cue.frame == "object"
    if reduced and re.match(r"[DnNa#]{1,5}[VE][DnNpra]", cue.after):
        return None  # "officials advising the port authority signed a letter"
    ahead = letters[floor : group.first]
    if ahead in tuple("CaSI") or re.fullmatch(r"[^VXMzE]*[SI]|", ahead):
        # "Calling it a mistake, Ms Lund left.", "While calling it a mistake, she ..."
        return find_main_subject(letters, lower, cue.ceiling, floor)
    if letters[group.first - 1] in "nN" and lower[group.first - 1] not in words_of(
        "paper_noun"
    ):
        return find_subject(letters, lower, group.first, floor)
    return find_main_subject(letters, lower, group.first, floor)


def _is_spoken(cue: Cue, group: VerbGroup) -> bool:
    """ "went on to say" and "was forced to admit", not "hopes to say"."""
    before = cue.lower[max(cue.floor, group.first - 2) : group.first]
    if "whether" in before:
        return False  # "split on whether to insist on a ban"
    if not words_of("speaking_governor").isdisjoint(before):
        return True
    # "Ms Lund appeared on Harbour Radio to defend the plan"
    wider = cue.lower[max(cue.floor, group.first - 9) : group.first]
    # "Residents took to the streets to demand a lift", "lined up to condemn it"
    if not _GATHERING.isdisjoint(wider) or _takes_to(wider):
        return True
    return "on" in wider and not {"appeared", "went"}.isdisjoint(wider)


_GATHERING = frozenset("lined rallied marched".split())


def _takes_to(words: tuple[str, ...]) -> bool:
    # "took to the floor to condemn it", not "took two days to confirm it"
    return any(
        one in ("took", "taken", "take", "takes", "taking") and two == "to"
        for one, two in pairwise(words)
    )


_DESCRIBED = re.compile(r",D[nN]+$|,W[^,]*$")


def _inverted(cue: Cue, group: VerbGroup) -> NounPhrase | None:
    """The speaker after the verb: "It is over," said the mayor."""
    letters = cue.letters
    if group.first == cue.floor or letters[group.first - 1] not in ',"-)':
        return None
    if cue.match.entry.scope != "both" or group.first != group.verb:
        return None
    if cue.frame == "tell":
        return None  # "Ms Lund, the mayor, told Reuters.": the listener stands there
    spoken = letters[group.first - 1] == '"'
    after = find_phrase_after(letters, cue.lower, cue.match.last, cue.ceiling)
    if after is None:
        return None
    # "The pier is shut, reports the Gazette.": nothing but the speaker follows
    is_last = letters[after.last : cue.ceiling] in ("", ".")
    if not (spoken or is_last or cue.frame in ("speech", "clause")):
        return None
    follows = letters[after.last : cue.ceiling].lstrip("a")[:1] or "."
    if follows in "VXMzbTEptr":
        return None
    if spoken or (letters[after.first] == "N" and follows in '.,"-'):
        return after
    if letters[group.verb] == "b" and follows == ",":
        return after  # "The report, say officials, is wrong"
    # "Ms Lund, the mayor, said nothing new" has its speaker before the verb
    clause = letters[cue.floor : group.first - 1]
    is_clause = re.search(r"(?<!W)[VXMzE]", clause) and not _DESCRIBED.search(clause)
    return after if is_clause and follows in '.,"I-:' else None


# --- nouns, prepositions, feelings --------------------------------------------------


def _by_phrase(reading: Reading, cue: Cue) -> Attribution | None:
    first = cue.match.last
    source = find_phrase_after(cue.letters, cue.lower, first, cue.ceiling)
    if source is None:
        return None
    if cue.lower[cue.match.first] == "per" and cue.letters[first] not in "DN":
        return None  # "per day"
    pieces = []
    comma = cue.letters.find(",", source.first, source.last)
    swallows = cue.match.first == cue.floor and cue.ceiling - source.last < 2
    if swallows and comma > source.first:
        # "According to a guard, the mayor stays": no apposition fills a sentence
        source = NounPhrase(source.first, comma)
    rest = cue.letters[source.last : cue.ceiling]
    if cue.match.first > cue.floor:
        pieces.append(span_from_quotation(reading, cue.floor, _end_before(cue)))
    if len(rest) > 2 and (not pieces or '"' in rest):
        pieces.append(reading.span(source.last, cue.ceiling))
    if not pieces and rest == ":":  # the words follow in paragraphs of their own
        number = reading.segments.tokens.sentence[first] + 1
        pieces.extend(reading.segments.sentences[number : number + 1])
    return _made(reading, cue, source, tuple(pieces)) if pieces else None


def _end_before(cue: Cue) -> int:
    """The content's end in '"It is over," she said, according to the paper'."""
    found = re.match(r'"+(?=[^"]{1,9}$)', cue.before)
    return cue.floor + found.end() if found else cue.match.first


_TOPICS = frozenset("for of about against over from by".split())


def _noun(reading: Reading, cue: Cue) -> Attribution | None:
    source = _owner(cue) or _giver(cue)
    if cue.frame == "rumour" and source is None:
        many = cue.match.last - cue.match.first > 1
        if not many and not re.match(r"[IDna#d]{0,5}T[^EVXMz]|pX", cue.after):
            return None
    elif source is None or not _tells(cue):
        return None
    if source and is_no_source(cue, source):
        return None
    content = (reading.span(cue.match.last, cue.ceiling),)
    return _made(reading, cue, source, content) if cue.after else None


def _tells(cue: Cue) -> bool:
    """Whether the noun tells what was said: "call for talks", not "call on Sunday"."""
    if "clause" in cue.flags:
        return cue.after.startswith("T")
    if not _TOPICS.isdisjoint(cue.lower[cue.match.last : cue.match.last + 1]):
        return True
    return bool(re.match(r"t[abnX]|[IDNna#d]{0,8}T", cue.after))


_OWNER = re.compile(r"(?P<of>[nN#D]+)s[nN#GaDr]{0,3}$|(?P<name>N+)$")
_POSSESSIVES = frozenset("his her their its".split())


def _owner(cue: Cue) -> NounPhrase | None:
    """ "the mayor's last call", "her call", "a White House announcement"."""
    start = re.search(r"[nN#Ga]{0,3}$", cue.before)
    first = cue.floor + start.start() if start else cue.match.first
    if first > cue.floor and cue.lower[first - 1] in _POSSESSIVES:
        return NounPhrase(first - 1, first)
    found = _OWNER.search(cue.letters, cue.floor, cue.match.first)
    if found is None or found.end() != cue.match.first:
        return None
    return NounPhrase(*found.span("of" if found["of"] else "name"))


def _giver(cue: Cue) -> NounPhrase | None:
    """ "criticism from residents", "reports in local media"."""
    last = cue.match.last
    linked = ("from", "by", "in") if cue.frame == "rumour" else ("from", "by")
    if cue.lower[last] not in linked if last < cue.ceiling else True:
        return None
    source = find_phrase_after(cue.letters, cue.lower, last + 1, cue.ceiling)
    if source is None or not may_speak(cue, source):
        return None
    # "calls from lawmakers for talks": the topic is no part of who calls
    ends = (at for at in range(*source) if cue.lower[at] in ("for", "about", "over"))
    source = source._replace(last=max(next(ends, source.last), source.first + 1))
    # "a report by the bank" says nothing, "a report by the bank that ..." does
    said = re.match(r"a*[tT]", cue.letters[source.last : cue.ceiling])
    about = not _TOPICS.isdisjoint(cue.lower[source.last : source.last + 1])
    return source if said or about or "bare" in cue.flags else None


def _feeling(reading: Reading, cue: Cue) -> Attribution | None:
    verb = cue.match.first
    if verb > cue.floor and cue.lower[verb - 1] in words_of("staying_verb"):
        verb -= 1
    group = find_verb_group(cue.letters, cue.lower, verb)
    if group.first == cue.match.first or group.modal or cue.nested:
        return None
    if not re.match(r"[TItS]", cue.after):
        return None
    source = find_subject(cue.letters, cue.lower, group.first, cue.floor)
    if source is None or is_no_source(cue, source):
        return None
    content = (reading.span(cue.match.last, cue.ceiling),)
    return _made(reading, cue, source, content)
