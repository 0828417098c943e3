"""Hedges: cues of holding back, found with a lexicon and a few named rules.

The lexicon `hedges.csv` says which words can hedge and in which surroundings; a cue
whose meaning hangs on more than its neighbours (would, could, suggests) is judged by
a rule of its own. Nothing is trained; every decision can be read.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from framing.annotations import Attribution, Hedge
from framing.inflection import verb_forms, verb_table
from framing.lexicon import Match, load_lexicon, word_class
from framing.text import Segments, Span, Tokens


def find_hedge_cues(segments: Segments) -> list[Hedge]:
    """Hedges of a text in its order, voice not yet judged (CODEBOOK, section 1).

    The six types and the machine-only `conditional` and `approximator`.

    >>> from framing.text import find_segments
    >>> text = "He said it would rain. Perhaps it could flood about 40 homes."
    >>> [(h.text, h.type) for h in find_hedge_cues(find_segments(text))]
    [('Perhaps', 'epistemic'), ('could', 'modal'), ('about', 'approximator')]
    """
    return [
        Hedge(*match.span, match.span.of(segments.text), match.entry.type)
        for match in load_lexicon("hedges").find(segments.text, segments.tokens)
        if _holds(segments, match)
    ]


def _holds(segments: Segments, match: Match) -> bool:
    # "could not be verified" is no matter for the rule of "could"
    rule = _rules().get(segments.tokens.lower[match.first])
    if rule is None or match.entry.type not in ("modal", "epistemic"):
        return True
    return rule(segments, match.first)


def classify_voices(
    segments: Segments, hedges: Sequence[Hedge], attributions: Sequence[Attribution]
) -> list[Hedge]:
    """The hedges with their voice: quoted, reported or outlet (CODEBOOK, section 1).

    >>> from framing.text import find_segments
    >>> text = '"It may rain by noon," he said. Perhaps.'
    >>> cut = find_segments(text)
    >>> [h.voice for h in classify_voices(cut, find_hedge_cues(cut), [])]
    ['quoted', 'outlet']
    """
    speech = [
        Span(q.start, q.end)
        for q in segments.quotations
        if _gives_words(segments, Span(q.start, q.end), attributions)
    ]
    contents = _Contents.of(attributions)
    return [replace(h, voice=_voice(h, speech, contents)) for h in hedges]


class _Contents(NamedTuple):
    """Parts of attributed content by their start, and how far those so far reach.

    A part that holds a hedge is found by going back from the hedge, no farther than
    any part still reaches it: a sentence of a megabyte has 45,000 attributions.
    """

    starts: list[int]
    reach: list[int]
    parts: list[tuple[Span, Attribution]]

    @classmethod
    def of(cls, attributions: Sequence[Attribution]) -> _Contents:
        pairs = [(part, a) for a in attributions for part in a.content]
        pairs.sort(key=lambda pair: pair[0])
        reach = list(accumulate((part.end for part, _ in pairs), max))
        return cls([part.start for part, _ in pairs], reach, pairs)

    def around(self, span: Span) -> Iterator[Attribution]:
        """Attributions with a part of their content around `span`."""
        at = bisect_right(self.starts, span.start) - 1
        while at >= 0 and self.reach[at] >= span.end:
            part, attribution = self.parts[at]
            if part.end >= span.end:
                yield attribution
            at -= 1


# A quotation without attribution is taken for someone's words from this length on;
# below it is a title or a doubted word: the so-called "might makes right" school.
_SPOKEN_WORDS = 4


def _gives_words(
    segments: Segments, quotation: Span, attributions: Sequence[Attribution]
) -> bool:
    return segments.count_words([quotation]) >= _SPOKEN_WORDS or any(
        part.overlaps(quotation)
        for attribution in attributions
        if attribution.form != "indirect"
        for part in attribution.content
    )


def _voice(hedge: Hedge, speech: Sequence[Span], contents: _Contents) -> str:
    span = Span(hedge.start, hedge.end)
    if any(quotation.contains(span) for quotation in speech):
        return "quoted"
    if any(_reports(attribution, span) for attribution in contents.around(span)):
        return "reported"
    return "outlet"


def _reports(attribution: Attribution, span: Span) -> bool:
    # "Aides believe it failed": the cue itself is the outlet's word, not the aides'.
    framing = (attribution.cue, attribution.source)
    return not any(part is not None and part.overlaps(span) for part in framing)


# --- rules for words that need more than their neighbours ----------------------

_NEGATION = frozenset(("not", "n't", "never"))


def _sentence_start(tokens: Tokens, at: int) -> int:
    number = tokens.sentence[at]
    while at > 0 and tokens.sentence[at - 1] == number:
        at -= 1
    return at


def _after(tokens: Tokens, at: int) -> list[str]:
    """Up to five words after `at` in its sentence, negation and adverbs left out."""
    number = tokens.sentence[at]
    words = zip(tokens.lower[at + 1 : at + 6], tokens.sentence[at + 1 :], strict=False)
    return [
        word
        for word, sentence in words
        if sentence == number and word not in _NEGATION and not word.endswith("ly")
    ]


def _before(tokens: Tokens, at: int) -> list[str]:
    """The words of the sentence before `at`, nearest first."""
    return list(reversed(tokens.lower[_sentence_start(tokens, at) : at]))


def _is_unreal(segments: Segments, at: int) -> bool:
    """Whether `would` is unreal or conjectural, not "will" shifted into the past."""
    tokens = segments.tokens
    following = _after(tokens, at) or [""]
    if following[0] in word_class("would_habit"):
        return False  # "she would often write"; "they would like to leave"
    if following[0] in _POLITE and tokens.lower[at - 1 : at] in (("i",), ("we",)):
        return False  # "I would encourage them to come"
    if following[0] == "have" and _is_participle(following[1:]):
        return True  # "the mayor said it would have failed"
    if tokens.lower[at + 1 : at + 2] and tokens.lower[at + 1] in _CONJECTURE:
        return True  # "the mayor said it would likely fail"
    before = _before(tokens, at)
    if following[0] in word_class("would_refusal") and _is_negated(tokens, at):
        return False  # "she would not say who paid"
    distance = _governing_report(segments, at, before)
    if distance is None:
        return True
    return following[0] in word_class("would_outcome") or _supposes(before, distance)


def _supposes(before: list[str], distance: int) -> bool:
    """Whether a reported clause supposes: what stands between report and `would`."""
    between = before[:distance]
    subject = [
        word for word in reversed(between) if word != "that" and word[-2:] != "ly"
    ] or [""]
    asked = before[distance : distance + 5]
    return (
        # "he said prices would rise if it were"; "he said had it failed, it would"
        ("if" in between and not _CONDITION.isdisjoint(between))
        or subject[0] in _CONDITION
        or subject[0].endswith("ing")  # "he said leaving would be wrong"
        or subject[0] in ("no", "nobody")  # "he said no judge would sign it"
        # "40 percent said they would stay", not "fell 1 percent after he said"
        or (not _SURVEY.isdisjoint(asked) and _SINCE.isdisjoint(asked))
    )


_CONJECTURE = frozenset("likely probably possibly potentially presumably".split())
_CONDITION = frozenset(("were", "did", "had"))
_SURVEY = frozenset(("percent", "%", "respondents"))
_SINCE = frozenset(("after", "as", "when", "since"))
_POLITE = frozenset(("encourage", "mention", "urge"))


def _is_negated(tokens: Tokens, at: int) -> bool:
    return tokens.lower[at + 1 : at + 2] in (("not",), ("n't",), ("never",))


def _is_participle(words: list[str]) -> bool:
    return bool(words) and (
        words[0].endswith(("ed", "en")) or words[0] in _irregular_participles()
    )


@cache
def _irregular_participles() -> frozenset[str]:
    # said, saw and seen; where there is one form for all (burst), the lemma
    table = verb_table().values()
    return frozenset(form for forms in table for form in forms[2:-1] or forms[:1])


def _governing_report(segments: Segments, at: int, before: list[str]) -> int | None:
    """How far before `at` the past report stands whose content holds `at`, or None."""
    starts, reports = segments.tokens.starts, word_class("past_report")
    quotation = segments.quotation_at(starts[at])
    for distance, word in enumerate(before[:25]):
        if word == ";" or word in word_class("unreal_frame"):
            return None  # "he said there were fears that it would fail"
        if word not in reports and not _is_said(before[distance : distance + 4]):
            continue
        if segments.quotation_at(starts[at - 1 - distance]) != quotation:
            return None  # 'She said "it would fail"' speaks for itself
        if before[distance - 1 : distance] == [","] and "," in before[distance:][:5]:
            return None  # "the ban, officials said, would hurt"
        if before[0] in ("that", "which", "who", "what") and distance > 1:
            return None  # "he said it weighed a law that would bar them"
        return distance
    return None


def _is_said(words: list[str]) -> bool:
    if words[0] in ("say", "specify", "clear"):
        # "she did not say when it would end", not "critics say it would end"
        return words[1:2] in (["not"], ["n't"], ["to"])
    # "it is unclear how she would land" asks what she will do
    return words[0] in _OPEN


_OPEN = frozenset("unclear unknown uncertain unsure vague".split())


def _is_possible(segments: Segments, at: int) -> bool:
    """Whether `could` is possibility, not past ability ("could not be reached")."""
    tokens = segments.tokens
    if _is_negated(tokens, at):
        return "have" in _after(tokens, at)[:1]
    after = _after(tokens, at)
    if after[:1] == ["be"] and after[1:2] and after[1] in ("heard", "seen", "felt"):
        # "blasts could be heard across the bay", but "it could be seen as a threat"
        return after[2:3] == ["as"]
    if tokens.lower[at + 1 : at + 2] in (("barely",), ("hardly",)):
        return False  # "she could barely walk"
    before = _before(tokens, at)
    return not any(word in ("hoped", "hoping", "wish") for word in before[:15])


def _is_evidence(segments: Segments, at: int) -> bool:
    """Whether a thing suggests or indicates, rather than a person who says so."""
    tokens = segments.tokens
    before = [word for word in _before(tokens, at) if not word.endswith("ly")]
    while before and before[0] in word_class("evidence_helper"):
        before.pop(0)
    subject = before[0] if before else ""
    if not subject or subject in word_class("evidence_barrier"):
        return False  # "the survey indicates that turnout fell" is a statement
    if subject in _speakers():
        return False  # "officials suggested that he leave"
    if subject == ",":
        return tokens.lower[at].endswith("ing") and not any(
            word in word_class("past_report") for word in before
        )
    # "Chen suggests a walk" is a statement; "That suggests a leak" is evidence
    place = _place_of(tokens, at, subject)
    named = segments.text[tokens.starts[place]].isupper()
    return not named or subject in word_class("determiner")


@cache
def _speakers() -> frozenset[str]:
    """Nouns for people and institutions, which say rather than suggest."""
    return frozenset(
        word
        for entry in load_lexicon("source_nouns").entries
        if entry.role == "cue" and entry.type != "document"
        for word in entry.cue.split("|")
    )


def _place_of(tokens: Tokens, at: int, word: str) -> int:
    while tokens.lower[at] != word:
        at -= 1
    return at


@cache
def _rules() -> dict[str, Callable[[Segments, int], bool]]:
    """The rule for a cue by its first word."""
    return {
        "would": _is_unreal,
        "'d": _is_unreal,
        "could": _is_possible,
        **{form: _is_evidence for verb in _EVIDENCE for form in verb_forms(verb)},
    }


_EVIDENCE = ("suggest", "indicate", "imply", "hint", "signal", "point")
