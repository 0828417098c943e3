"""What an article offers for reference, and the sources found in it so far."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from framing.annotations import Attribution
from framing.gazetteer import ORGANISATION, PERSON, known_name, source_words
from framing.grounds import UNTOLD, Because, Grounds, on, refers
from framing.lexicon import Match
from framing.names import Name
from framing.people import Cast, Person
from framing.phrases import Phrase, cut_phrase
from framing.text import Segments, Span


@dataclass(frozen=True, slots=True)
class Referent:
    """A source as resolved at tokens `at` to `last` (excluded).

    `name` is its name within the article, `why` are the rules that resolved it.
    """

    kind: str
    naming: str
    role: str | None
    name: str
    at: int
    sentence: int
    gender: str | None = None
    head: str = ""
    nations: frozenset[str] = frozenset()
    last: int = -1
    why: Grounds = UNTOLD


@dataclass(frozen=True)
class Scene:
    """What the article offers for reference: its names, nouns and people."""

    segments: Segments
    names: tuple[Name, ...]
    nouns: tuple[Match, ...]
    cast: Cast
    attributions: tuple[Attribution, ...]
    outlets: tuple[Match, ...] = ()

    @cached_property
    def name_starts(self) -> list[int]:
        """First tokens of the names."""
        return [name.title_first for name in self.names]

    @cached_property
    def noun_starts(self) -> list[int]:
        """First tokens of the nouns."""
        return [noun.first for noun in self.nouns]

    @cached_property
    def mention_starts(self) -> list[int]:
        """Tokens at which people are mentioned."""
        return [at for at, _ in self.cast.mentions]

    @cached_property
    def cue_ends(self) -> frozenset[int]:
        """Where cues end, and sources behind theirs: "said a guard"."""
        sources = (
            a.source.end
            for a in self.attributions
            if a.source is not None and a.cue < a.source
        )
        return frozenset({*(a.cue.end for a in self.attributions), *sources})

    def phrase(self, span: Span) -> Phrase:
        """The phrase at `span` with its names and nouns."""
        tokens = self.segments.tokens
        first = max(tokens.index_at(span.start), 0)
        last = tokens.index_at(span.end - 1) + 1
        low = max(0, bisect_left(self.name_starts, first) - 2)
        names = self.names[low : bisect_left(self.name_starts, last)]
        low = max(0, bisect_left(self.noun_starts, first) - 1)
        nouns = self.nouns[low : bisect_left(self.noun_starts, last)]
        names = tuple(n for n in names if not self._opens_sentence(n, nouns, last))
        return cut_phrase(self.segments, span, names, nouns)

    def _opens_sentence(self, name: Name, nouns: tuple[Match, ...], last: int) -> bool:
        """Whether a lone capital only opens a sentence: "Tribal elders"."""
        tokens = self.segments.tokens
        alone = name.kind == PERSON and name.last - name.title_first == 1
        at = name.first
        if not alone or (at and tokens.sentence[at - 1] == tokens.sentence[at]):
            return False
        after = tokens.lower[name.last] if name.last < last else ""
        noun = any(name.last <= m.first < last or m.first == at for m in nouns)
        if after in ("and", "or"):  # "Medical and security officials"
            after = tokens.lower[name.last + 1] if name.last + 1 < last else "other"
            after = "" if after in _OTHERS else after
        return noun and after.isalpha() and self.cast.find(name.whole) is None

    def sentence_of(self, token: int) -> int:
        """Index of the sentence that `token` is in."""
        sentences = self.segments.tokens.sentence
        return sentences[token] if 0 <= token < len(sentences) else -1


_OTHERS = frozenset(
    """
    other others his her their its two three several some many the a an fellow
""".split()
)


@dataclass
class History:
    """The sources resolved so far, in text order, and the count of veiled labels."""

    referents: list[Referent] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def append(self, referent: Referent) -> None:
        """Remember a source."""
        self.referents.append(referent)

    def back(self) -> Iterator[Referent]:
        """Referents from the last to the first."""
        return reversed(self.referents)

    def number(self, label: str) -> str:
        """A new name under `label`: "official#1", then "official#2"."""
        self.counts[label] = self.counts.get(label, 0) + 1
        return f"{label}#{self.counts[label]}"


def new_referent(
    kind: str,
    naming: str,
    name: str,
    *,
    why: Grounds,
    role: str | None = None,
    head: str = "",
    nations: frozenset[str] = frozenset(),
) -> Referent:
    """A referent without a place; `refer` fills it in."""
    return Referent(
        kind, naming, role, name, -1, -1, head=head, nations=nations, why=why
    )


def person_referent(person: Person, why: Grounds) -> Referent:
    """A named person as referent, without a place."""
    return Referent(
        "person", "named", None, person.name, -1, -1, person.gender, "", person.nations,
        why=why,
    )  # fmt: skip


def person_at(person: Person, rule: str, at: int) -> Referent:
    """The person mentioned at token `at`, to whom a phrase refers by `rule`."""
    why = on(Because(refers(rule), at, at + 1, person.name))
    return replace(person_referent(person, why), at=at)


def known_as(
    referent: Referent, rule: str, *, first: int = -1, last: int = -1
) -> Referent:
    """The referent as what a phrase refers to by `rule`.

    The words it refers to are at `first` to `last`, or those of the referent itself.
    """
    first, last = (first, last) if first >= 0 else (referent.at, referent.last)
    name = referent.name if referent.naming == "named" else ""
    because = referent.why.kind
    earlier = because if because.is_reference else None
    why = on(Because(refers(rule), first, last, name, earlier=earlier))
    return replace(referent, why=why)


def body_name(scene: Scene, whole: str) -> str:
    """One name for a body, place or outlet: "FAA" is its full name."""
    known = known_name(whole)
    if known is not None and known[0] != PERSON:
        return known[1]
    if whole.isupper():
        for name in scene.names:
            if name.kind == ORGANISATION and _initials(name.whole) == whole:
                return name.whole
    return whole


def _initials(whole: str) -> str:
    words = whole.split()
    if len(words) < 2:
        return ""
    return "".join(
        w.replace(".", "") if "." in w else w[0] for w in words if w[0].isupper()
    )


_PHRASE_STOPS = source_words("phrase start")
_DETERMINERS = frozenset("the a an his her its their our this these those".split())


def phrase_start(scene: Scene, at: int) -> int:
    """First token of the noun phrase that the noun at `at` belongs to."""
    lower, sentence = scene.segments.tokens.lower, scene.sentence_of(at)
    first = at
    while first and at - first < 5 and lower[first] not in _DETERMINERS:
        if (
            lower[first - 1] in _PHRASE_STOPS
            or scene.sentence_of(first - 1) != sentence
        ):
            break
        first -= 1
    return first
