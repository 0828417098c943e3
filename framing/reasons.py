"""Why a source is not named: the clause that grants anonymity, tied to its source.

"who spoke on condition of anonymity because she was not authorised to comment": the
grant ("on condition of anonymity") and its reason make one clause. `reasons.csv` holds
the words of both; its `type` is the reason, none_given for a grant. A row's `note` is
`alone` where the reason needs no grant beside it ("not authorised to speak publicly"),
`residual` where it decides only if no clearer row does ("feared"), `opener` only if no
other row at all does ("because", "to discuss": sensitive_deliberation). Scope `both`
finds a reason before its grant too ("Fearing arrest, he asked ...").

Settled (an extension of CODEBOOK, section 2):
- A clause belongs to the unnamed person or group before it in the sentence, or else
  after it. A sentence of its own ("The official spoke on condition of anonymity.")
  belongs to the last such source before it, or else to the next one.
- Explained once, explained throughout: every attribution to the same `source_name`
  takes the clause, before and after. A reason outranks a grant without one.
- "an anonymous official" is a label and no grant; words inside quotation marks are the
  speaker's; whoever is named, an institution or an outlet needs no explanation.
Not covered: an editor's note on how sources are treated, names changed for a story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from framing.annotations import Attribution
from framing.grounds import Because
from framing.lexicon import Entry, Lexicon, Match, compile_lexicon, load_lexicon
from framing.text import Segments, Span

_GRANT = "none_given"


class Clause(NamedTuple):
    """A clause that grants or explains anonymity, and the rows that found it.

    `start` is where the grant begins; a reason before it may begin the span. `row`
    is the one that decided the type.
    """

    span: Span
    start: int
    type: str
    cues: tuple[str, ...]
    row: Entry


def find_reasons(
    segments: Segments, attributions: Sequence[Attribution]
) -> list[Attribution]:
    """The attributions with anonymity_reason and reason_type filled.

    Same order and length; only unnamed people (person or group, veiled or bare) have
    a reason. `reason_type` is None where the article says nothing of it.

    >>> from framing.text import find_segments
    >>> text = "A clerk, who asked not to be named for fear of reprisals, said so."
    >>> said = Attribution(Span(58, 62), Span(0, 7), (Span(63, 65),), "statement", "x",
    ...     "person", "veiled", "other", "clerk#1")
    >>> found = find_reasons(find_segments(text), [said])[0]
    >>> found.reason_type, found.anonymity_reason.of(text)
    ('fear_of_reprisal', 'asked not to be named for fear of reprisals')
    """
    return [explained for explained, _ in trace_reasons(segments, attributions)]


def outside_clauses(
    segments: Segments, attributions: Sequence[Attribution]
) -> list[Attribution]:
    """The attributions but for cues that stand in such a clause.

    "Who asked not to be named" tells how somebody speaks, and nothing else.
    """
    clauses = [clause.span for clause in find_clauses(segments, attributions)]
    return [
        attribution
        for attribution in attributions
        if not any(span.contains(attribution.cue) for span in clauses)
    ]


def trace_reasons(
    segments: Segments, attributions: Sequence[Attribution]
) -> list[tuple[Attribution, Because | None]]:
    """`find_reasons`, each with why it has its clause, or None where it has none."""
    clauses = find_clauses(segments, attributions)
    if not clauses:
        return [(attribution, None) for attribution in attributions]
    given: dict[int, _Given] = {}
    for clause in clauses:
        owners, rule = _owners(segments, attributions, clause)
        for i in owners:
            given[i] = _better(given.get(i), _Given(clause, rule))
    by_name: dict[str, _Given] = {}
    for i, one in given.items():
        name = attributions[i].source_name
        if name is not None:
            by_name[name] = _better(by_name.get(name), one)
    for i, a in enumerate(attributions):
        if a.source_name in by_name:
            told = _Given(by_name[a.source_name].clause, _THROUGHOUT)
            given[i] = _better(given.get(i), told)
    return [_explained(segments, a, given.get(i)) for i, a in enumerate(attributions)]


class _Given(NamedTuple):
    """A clause and the rule that gives it to an attribution."""

    clause: Clause
    rule: str


_BESIDE = "{words} stands beside the source"
_AROUND = "{words}, {far}, is said of a source around it"
_THROUGHOUT = "{words} is said of the same source, {far}"


def is_unnamed(attribution: Attribution) -> bool:
    """Whether the source is a person or group without a name (CODEBOOK, section 4)."""
    is_people = attribution.source_kind in ("person", "group")
    return is_people and attribution.naming in ("veiled", "bare")


def _better(one: _Given | None, other: _Given) -> _Given:
    """The first that states a reason, else the first."""
    if one is None:
        return other
    is_reason = one.clause.type == _GRANT and other.clause.type != _GRANT
    return other if is_reason else one


def _explained(
    segments: Segments, attribution: Attribution, given: _Given | None
) -> tuple[Attribution, Because | None]:
    if given is None or not is_unnamed(attribution):
        return attribution, None
    span, type_ = given.clause.span, given.clause.type
    first = segments.tokens.index_at(span.start)
    last = segments.tokens.index_at(span.end - 1) + 1
    coded = replace(attribution, anonymity_reason=span, reason_type=type_)
    rule = f"{given.rule} (reasons.csv, row {{row}})"
    return coded, Because(rule, first, last, row=given.clause.row)


# --- the clauses of a text ------------------------------------------------------

_BREAKS = frozenset((";", ":", "(", ")", "[", "]", "—", "–", *'"“”«»'))
# A comma ends the clause, unless the reason comes behind it.
_GO_ON = frozenset(
    """
    because citing fearing for as since given due out amid in out of owing afraid
    worried
""".split()
)
_TRAILING = frozenset(
    "and but or so who which that , as while when also has had".split()
)
_SAYING = frozenset("said says told added".split())
_NO_CUE_BEHIND = frozenset("to was were is are not n't be by".split())
_REACH = 30  # tokens that a clause may be long
_LEAD = 15  # tokens that a reason may stand before its grant


def find_clauses(
    segments: Segments, attributions: Sequence[Attribution] = ()
) -> list[Clause]:
    """Clauses that grant anonymity or say why, in text order, whoever they belong to.

    >>> from framing.text import find_segments
    >>> cut = find_segments("One aide was not authorised to speak publicly.")
    >>> [(c.span.of(cut.text), c.type) for c in find_clauses(cut)]
    [('not authorised to speak publicly', 'not_authorised')]
    """
    if not _anchors().find(segments.text, segments.tokens):
        return []  # most articles; the many rows that need a grant are not tried
    found = load_lexicon("reasons").find(segments.text, segments.tokens)
    matches = [m for m in found if segments.quotation_at(m.span.start) is None]
    cues = {a.cue.start for a in attributions if a.kind == "statement"}
    clauses: list[Clause] = []
    for anchor in matches:
        is_taken = clauses and anchor.span.start < clauses[-1].span.end
        if not is_taken and (anchor.entry.type == _GRANT or _is_alone(anchor)):
            clauses.append(_clause(segments, matches, anchor, cues))
    return clauses


@cache
def _anchors() -> Lexicon:
    """The rows that can begin a clause: grants, and reasons that need none."""
    lexicon = load_lexicon("reasons")
    rows = (e for e in lexicon.entries if e.type == _GRANT or e.note == "alone")
    return compile_lexicon(lexicon.path, rows)


def _is_alone(match: Match) -> bool:
    return match.entry.note == "alone"


def _clause(
    segments: Segments, matches: Sequence[Match], anchor: Match, cues: set[int]
) -> Clause:
    tokens = segments.tokens
    end = _clause_end(segments, anchor, cues)
    inside = [m for m in matches if anchor.first <= m.first and m.last <= end]
    before = [m for m in matches if _leads_to(segments, m, anchor, cues)]
    reasons = [m for m in (*inside, *before) if m.entry.type != _GRANT]
    parts = [anchor, *before, *inside] if reasons else [anchor]
    first, last = min(m.first for m in parts), max(m.last for m in parts)
    if any(m in inside for m in reasons):
        last = end
    span = Span(tokens.starts[first], tokens.ends[last - 1])
    decided = min(reasons, key=_rank, default=anchor)
    row, cues_found = decided.entry, tuple(m.entry.cue for m in parts)
    return Clause(span, anchor.span.start, row.type, cues_found, row)


def _rank(match: Match) -> int:
    return {"residual": 1, "opener": 2}.get(match.entry.note, 0)


def _clause_end(segments: Segments, anchor: Match, cues: set[int]) -> int:
    """The token behind the clause: at a break, a reporting cue or a bare comma."""
    tokens = segments.tokens
    at, number = anchor.last, tokens.sentence[anchor.first]
    limit = min(len(tokens.lower), anchor.last + _REACH)
    while at < limit and tokens.sentence[at] == number:
        if _breaks(segments, at) or _reports(segments, at, cues):
            break
        at += 1
    while at > anchor.last and tokens.lower[at - 1] in _TRAILING:
        at -= 1
    if at > anchor.last and not tokens.lower[at - 1][-1].isalnum():
        at -= 1  # the full stop
    return at


def _breaks(segments: Segments, at: int) -> bool:
    lower = segments.tokens.lower
    if lower[at] == ",":
        return lower[at + 1 : at + 2] == () or lower[at + 1] not in _GO_ON
    return lower[at] in _BREAKS or lower[at : at + 2] == ("-", "-")


def _reports(segments: Segments, at: int, cues: set[int]) -> bool:
    # "... because he was not authorised to describe the talks": no cue of a statement
    tokens = segments.tokens
    is_cue = tokens.starts[at] in cues or tokens.lower[at] in _SAYING
    return is_cue and tokens.lower[at - 1] not in _NO_CUE_BEHIND


def _leads_to(segments: Segments, match: Match, anchor: Match, cues: set[int]) -> bool:
    # "Fearing arrest, a clerk asked not to be named."
    tokens = segments.tokens
    return (
        match.entry.scope == "both"
        and anchor.first - _LEAD <= match.first
        and match.last <= anchor.first
        and tokens.sentence[match.first] == tokens.sentence[anchor.first]
        and cues.isdisjoint(tokens.starts[match.last : anchor.first])
    )


# --- whose clause it is -----------------------------------------------------------

_RELATIVE = frozenset("who whose whom".split())
_ALL = frozenset("all both each everyone most".split())
# Subjects that name nobody: they take the nearest source.
_ANYBODY = _ALL | frozenset(
    """
    he she they one it a an the this that these those of two three four five several
    them her his their person people man woman men women source sources individual
    individuals former latter also and only on has have had was were is spoke speak
    speaking talked agreed would did do who not other others second third like , in
    interview by phone telephone email to reporters with insisted requested
    """.split()
)
_BACK, _AHEAD = (1, 2, 3), (-1,)


def _owners(
    segments: Segments, attributions: Sequence[Attribution], clause: Clause
) -> tuple[list[int], str]:
    """Whose clause it is, and the rule that says so."""
    number = segments.sentence_at(clause.start)
    here = [
        (a.source.start, i)
        for i, a in enumerate(attributions)
        if a.source
        and segments.sentence_at(a.cue.start) == number
        # "because he was describing talks": the clause's own "he" speaks of nobody
        and not clause.start <= a.source.start < clause.span.end
    ]
    before = [start for start, _ in here if start <= clause.start]
    ahead = [start for start, _ in here if start >= clause.span.end]
    nearest = max(before, default=min(ahead, default=None))
    owners = [
        i
        for start, i in here
        if start == nearest and _may_own(segments, attributions[i], clause)
    ]
    if owners or before:
        return owners, _BESIDE
    return _around(segments, attributions, clause), _AROUND


def _may_own(segments: Segments, attribution: Attribution, clause: Clause) -> bool:
    is_other = _is_relative(segments, clause) and _is_of_another(attribution, clause)
    return is_unnamed(attribution) and not is_other


def _is_relative(segments: Segments, clause: Clause) -> bool:
    return not _RELATIVE.isdisjoint(_words_before(segments, clause)[-6:])


def _is_of_another(attribution: Attribution, clause: Clause) -> bool:
    # "A witness said the driver, who asked not to be named, had fled."
    source, start = attribution.source, clause.start
    if source is None or start < source.start:
        return True
    return source.end <= attribution.cue.start < start and start >= source.end


def _words_before(segments: Segments, clause: Clause) -> tuple[str, ...]:
    tokens = segments.tokens
    at = tokens.index_at(clause.start)
    first = at
    while first > 0 and tokens.sentence[first - 1] == tokens.sentence[at]:
        first -= 1
    return tokens.lower[first:at]


def _around(
    segments: Segments, attributions: Sequence[Attribution], clause: Clause
) -> list[int]:
    """Owners of a clause whose sentence attributes nothing, from those around it."""
    subject = _words_before(segments, clause)
    if len(subject) > _LEAD or not _BREAKS.isdisjoint(subject):
        return []  # a sentence about something else, or one whose cue was not found
    named = [word for word in subject if word not in _ANYBODY]
    nouns = set(map(_singular, named))
    # "Both spoke ...", "The officials spoke ...": every one of them shortly before
    is_plural = not _ALL.isdisjoint(subject) or any(
        word.endswith("s") for word in named
    )
    number = segments.sentence_at(clause.start)
    found: list[int] = []
    for distance in (*_BACK, *_AHEAD):
        near = [
            i
            for i, a in enumerate(attributions)
            if is_unnamed(a)
            and segments.sentence_at(a.cue.start) == number - distance
            and (not nouns or nouns & _nouns_of(segments, a))
        ]
        found += near
        if near and not is_plural:
            return near[-1:]
        if found and distance == _BACK[-1]:
            break
    return found


def _nouns_of(segments: Segments, attribution: Attribution) -> set[str]:
    words = attribution.source.of(segments.text) if attribution.source else ""
    name = (attribution.source_name or "").partition("#")[0]
    return {_singular(word) for word in f"{words} {name}".lower().split()}


def _singular(word: str) -> str:
    return word.removesuffix("s")
