"""Whom a source phrase refers to: pronouns, last names, "the official", "it".

Each source is looked up among those before it (`History`) and among the people and
bodies that the article names (`Scene`). Not covered: full coreference; a pronoun goes
to the last fitting speaker, else to the last fitting name.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from framing.annotations import Attribution
from framing.descriptions import Description, Phrase, cut_phrase, describe
from framing.lexicon import Match
from framing.names import (
    MEDIA,
    ORGANISATION,
    PEOPLE_ROLES,
    PERSON,
    PLACE,
    Cast,
    Name,
    Person,
    fold,
    known_name,
)
from framing.text import Segments, Span


@dataclass(frozen=True, slots=True)
class Referent:
    """A source as resolved at token `at`; `name` is its name within the article."""

    kind: str
    naming: str
    role: str | None
    name: str
    at: int
    sentence: int
    gender: str | None = None
    head: str = ""
    nations: frozenset[str] = frozenset()
    owner: str = ""


@dataclass(frozen=True)
class Scene:
    """What the article offers for reference: its names, nouns and people."""

    segments: Segments
    names: tuple[Name, ...]
    nouns: tuple[Match, ...]
    cast: Cast
    attributions: tuple[Attribution, ...]

    @cached_property
    def name_starts(self) -> list[int]:
        return [name.title_first for name in self.names]

    @cached_property
    def noun_starts(self) -> list[int]:
        return [noun.first for noun in self.nouns]

    @cached_property
    def mention_starts(self) -> list[int]:
        return [at for at, _ in self.cast.mentions]

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
        """Whether a lone capital only opens a sentence: "Tribal elders", "Early polls"."""
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


_OTHERS = frozenset("""
    other others his her their its two three several some many the a an fellow
""".split())


@dataclass
class History:
    """The sources resolved so far, in text order, and the count of veiled labels."""

    referents: list[Referent] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def append(self, referent: Referent) -> None:
        self.referents.append(referent)

    def back(self) -> Iterator[Referent]:
        """Referents from the last to the first."""
        return reversed(self.referents)

    def number(self, label: str) -> str:
        """A new name under `label`: "official#1", then "official#2"."""
        self.counts[label] = self.counts.get(label, 0) + 1
        return f"{label}#{self.counts[label]}"


def refer(scene: Scene, attribution: Attribution, history: History) -> Referent | None:
    """The source of one attribution, or None where none is expressed."""
    if attribution.source is None:
        return None
    phrase = scene.phrase(attribution.source)
    if not phrase.lower:
        return None
    found = _pronoun(scene, attribution, phrase, history)
    if found is None:
        found = _from_description(scene, phrase, history)
    return replace(found, at=phrase.first, sentence=scene.sentence_of(phrase.first))


def _new(
    kind: str, naming: str, name: str, *, role: str | None = None, head: str = ""
) -> Referent:
    return Referent(kind, naming, role, name, -1, -1, head=head)


# --- pronouns -----------------------------------------------------------------

_HE = {
    "he": "male", "his": "male", "him": "male", "himself": "male",
    "she": "female", "her": "female", "hers": "female", "herself": "female",
}  # fmt: skip
_THEY = frozenset("they their them themselves".split())
_IT = frozenset("it its itself".split())
_RELATIVE = frozenset("who whom whose which that".split())
_I = frozenset("i my me myself".split())
_WE = frozenset("we our ourselves".split())


def _pronoun(
    scene: Scene, attribution: Attribution, phrase: Phrase, history: History
) -> Referent | None:
    words = [w for w in phrase.lower if w[0].isalnum()]
    if len(words) > 2 and words[-2] == "of" and words[-1] in _THEY | _RELATIVE:
        return _some_of(scene, phrase, history, words)
    if len(words) > 2 and words[0] in _HE and words[1] == "and":
        he = _he(scene, attribution, phrase, history, _HE[words[0]])
        return _new("group", he.naming, f"{he.name} and others", role=he.role)
    if not words or len(words) > 2:
        return None
    word = words[0]
    if len(words) == 2 and words[1] not in _HE and words[1] != "themselves":
        return None
    if word in _HE:
        return _he(scene, attribution, phrase, history, _HE[word])
    if word in _THEY:
        return _they(scene, phrase, history)
    if word in _IT:
        return _it(scene, phrase, history)
    if word in _RELATIVE:
        return _relative(scene, phrase, history)
    if word in _I or word == "you":
        return _speaker(scene, attribution, history)
    if word in _WE:
        return _we(scene, attribution, history)
    return None


def _he(
    scene: Scene,
    attribution: Attribution,
    phrase: Phrase,
    history: History,
    gender: str,
) -> Referent:
    outer = _enclosing_speaker(scene, attribution, history)
    sentence = scene.sentence_of(phrase.first)
    mention = _mention_before(scene, phrase.first, sentence, gender, outer)
    if mention is not None:
        return mention
    for referent in history.back():
        if sentence - referent.sentence > 6:
            break
        if _fits(referent, gender) and referent.name != outer:
            mention = _mention_after(scene, referent, phrase.first, gender, outer)
            return mention or referent
    mention = _last_mention(scene, phrase.first, gender, outer)
    return mention or _new("person", "veiled", history.number("person"), role="other")


def _fits(referent: Referent, gender: str) -> bool:
    return referent.kind == "person" and referent.gender in (None, gender)


def _mention_before(
    scene: Scene, at: int, sentence: int, gender: str, outer: str | None
) -> Referent | None:
    """The first fitting person of the same sentence: its subject."""
    for person_at, person in _mentions(scene, at, sentence):
        if person.gender in (None, gender) and person.name != outer:
            return _of_person(person, person_at)
    return None


def _mentions(scene: Scene, at: int, sentence: int) -> Iterator[tuple[int, Person]]:
    high = bisect_left(scene.mention_starts, at)
    low = high
    while low and scene.sentence_of(scene.mention_starts[low - 1]) == sentence:
        low -= 1
    yield from scene.cast.mentions[low:high]


def _mention_after(
    scene: Scene, referent: Referent, at: int, gender: str, outer: str | None
) -> Referent | None:
    """The subject of the last sentence, where it came after the last speaker."""
    sentence = scene.sentence_of(at)
    for number in range(sentence - 1, referent.sentence, -1):
        for person_at, person in _mentions(scene, at, number):
            if person.gender in (None, gender) and person.name != outer:
                return _of_person(person, person_at)
    return None


def _last_mention(
    scene: Scene, at: int, gender: str, outer: str | None
) -> Referent | None:
    high = bisect_left(scene.mention_starts, at)
    for person_at, person in reversed(scene.cast.mentions[:high]):
        if person.gender in (None, gender) and person.name != outer:
            return _of_person(person, person_at)
    return None


def _of_person(person: Person, at: int = -1) -> Referent:
    return Referent(
        "person", "named", None, person.name, at, -1, person.gender, "", person.nations
    )


def _enclosing_speaker(
    scene: Scene, attribution: Attribution, history: History
) -> str | None:
    """Who says the words in which this attribution stands, or None."""
    found = _outer_referent(scene, attribution, history)
    return found.name if found else None


def _outer_referent(
    scene: Scene, attribution: Attribution, history: History
) -> Referent | None:
    quotation = scene.segments.quotation_at(attribution.cue.start)
    if quotation is None:
        return None
    # "she was “confident” that": only the cue is quoted
    source = attribution.source
    if source and scene.segments.quotation_at(source.start) != quotation:
        return None
    for other in scene.attributions:
        if other.cue != attribution.cue and other.source is not None:
            inside = scene.segments.quotations[quotation]
            if inside.start <= other.cue.start < inside.end:
                continue
            if any(span.contains(attribution.cue) for span in other.content):
                return _at_source(scene, other, history)
    return None


def _at_source(
    scene: Scene, other: Attribution, history: History
) -> Referent | None:
    assert other.source is not None
    first = scene.segments.tokens.index_at(other.source.start)
    for referent in history.back():
        if referent.at == first:
            return referent
    phrase = scene.phrase(other.source)
    found = describe(phrase)
    return _named(scene, found) if found.name is not None else None


def _speaker(scene: Scene, attribution: Attribution, history: History) -> Referent:
    outer = _outer_referent(scene, attribution, history)
    if outer is not None:
        return outer
    for referent in history.back():
        if referent.kind == "person":
            return referent
    return _new("person", "veiled", history.number("person"), role="other")


OWN_VOICE = "this outlet"  # "as we have reported"


def _we(scene: Scene, attribution: Attribution, history: History) -> Referent:
    quoted = scene.segments.quotation_at(attribution.cue.start) is not None
    if not quoted:
        return _new("media", "named", OWN_VOICE)
    outer = _speaker(scene, attribution, history)
    if outer.naming != "named" or outer.kind != "person":
        return outer
    return _new("institution", "named", f"{outer.name}'s side")


def _they(scene: Scene, phrase: Phrase, history: History) -> Referent:
    sentence = scene.sentence_of(phrase.first)
    group = _group_before(scene, phrase.first, sentence, history)
    if group is not None:
        return group
    for referent in history.back():
        if sentence - referent.sentence > 4:
            break
        if referent.kind in ("group", "institution"):
            return referent
    group = _group_before(scene, phrase.first, sentence - 1, history)
    group = group or _body_before(scene, phrase.first, sentence)
    group = group or _body_before(scene, phrase.first, sentence - 1)
    return group or _new("group", "bare", history.number("they"), role="other")


def _some_of(
    scene: Scene, phrase: Phrase, history: History, words: list[str]
) -> Referent:
    """ "one of them", "some of whom": part of the group before."""
    they = replace(phrase, first=phrase.last - 1, lower=phrase.lower[-1:])
    found = _they(scene, they, history)
    if words[-1] in _RELATIVE:
        found = _relative(scene, replace(they, first=phrase.first), history)
    if "one" in words and found.kind == "group":
        return replace(found, kind="person", name=history.number(found.head or "one"))
    return found


def _group_before(
    scene: Scene, at: int, sentence: int, history: History
) -> Referent | None:
    """The first plural noun for people in a sentence, before token `at`."""
    high = bisect_left(scene.noun_starts, at)
    found = None
    for noun in reversed(scene.nouns[:high]):
        if scene.sentence_of(noun.first) != sentence:
            break
        if noun.entry.type.split()[0] in PEOPLE_ROLES:
            referent = _described_at(scene, noun, history)
            found = referent if referent.kind == "group" else found
    return found


def _described_at(scene: Scene, noun: Match, history: History) -> Referent:
    first = _phrase_start(scene, noun.first)
    tokens = scene.segments.tokens
    span = Span(tokens.starts[first], tokens.ends[noun.last - 1])
    return _from_description(scene, scene.phrase(span), history)


_PHRASE_STOPS = frozenset("""
    of in at for with to on by from and or but that which who as , . ; : ( ) " “ ” 's
    said says told is are was were have has had would will could may might can be been
    when if while because since until after before than not
""".split())
_DETERMINERS = frozenset("the a an his her its their our this these those".split())


def _phrase_start(scene: Scene, at: int) -> int:
    lower, sentence = scene.segments.tokens.lower, scene.sentence_of(at)
    first = at
    while first and at - first < 5 and lower[first] not in _DETERMINERS:
        if lower[first - 1] in _PHRASE_STOPS or scene.sentence_of(first - 1) != sentence:
            break
        first -= 1
    return first


def _it(scene: Scene, phrase: Phrase, history: History) -> Referent:
    sentence = scene.sentence_of(phrase.first)
    body = _body_before(scene, phrase.first, sentence)
    if body is not None:
        return body
    for referent in history.back():
        if sentence - referent.sentence > 4:
            break
        if referent.kind in ("institution", "document", "media"):
            return referent
    for back in range(1, 4):
        body = _body_before(scene, phrase.first, sentence - back)
        if body is not None:
            return body
    return _new("institution", "named", "it")


def _body_before(scene: Scene, at: int, sentence: int) -> Referent | None:
    """The first institution or outlet named in a sentence, before token `at`."""
    found = None
    high = bisect_left(scene.name_starts, at)
    for name in reversed(scene.names[:high]):
        if scene.sentence_of(name.first) != sentence:
            break
        if name.kind in (ORGANISATION, PLACE, MEDIA):
            found = name
    if found is None:
        return None
    kind = "media" if found.kind == MEDIA else "institution"
    return _new(kind, "named", body_name(scene, found.whole))


def _relative(scene: Scene, phrase: Phrase, history: History) -> Referent:
    """ "who", "which": the name or noun right before it."""
    at = phrase.first
    high = bisect_left(scene.name_starts, at)
    name = scene.names[high - 1] if high else None
    high = bisect_left(scene.noun_starts, at)
    noun = scene.nouns[high - 1] if high else None
    if name is not None and at - name.last <= 2 and (not noun or noun.last <= name.last):
        found = describe(_phrase_of_name(scene, name))
        return _from_found(scene, found, history, at)
    if noun is not None and at - noun.last <= 4:
        return _described_at(scene, noun, history)
    for referent in history.back():
        return referent
    return _new("person", "veiled", history.number("person"), role="other")


def _phrase_of_name(scene: Scene, name: Name) -> Phrase:
    tokens = scene.segments.tokens
    span = Span(tokens.starts[name.title_first], tokens.ends[name.last - 1])
    return scene.phrase(span)


# --- descriptions -------------------------------------------------------------


def _from_description(scene: Scene, phrase: Phrase, history: History) -> Referent:
    surname = _surname(scene, phrase)
    if surname is not None:
        return surname
    return _from_found(scene, describe(phrase), history, phrase.first)


def _surname(scene: Scene, phrase: Phrase) -> Referent | None:
    """ "King said": a surname that is also a noun."""
    if len(phrase.lower) > 1 and phrase.lower[1] not in (",", "(", "-", "–", "—"):
        return None
    start = scene.segments.tokens.starts[phrase.first]
    if not scene.segments.text[start].isupper():
        return None
    person = scene.cast.find(phrase.lower[0])
    if person is None or not _is_surname(person, phrase.lower[0]):
        return None
    return _of_person(person)


def _from_found(
    scene: Scene, found: Description, history: History, at: int
) -> Referent:
    if found.name is not None and found.kind != "document":
        return _named(scene, found)
    if found.kind == "person":
        return _person(scene, found, history, at)
    if found.kind == "group":
        return _group(scene, found, history, at)
    if found.kind == "institution":
        return _institution(found, history, at)
    if found.kind == "document":
        return _document(scene, found, history, at)
    if found.kind == "media":
        return _media(scene, found, history, at)
    return _unknown(scene, found, history)


def _named(scene: Scene, found: Description) -> Referent:
    assert found.name is not None
    if found.kind == "person":
        person = scene.cast.find(found.name.whole)
        if person is not None:
            return _of_person(person)
        return _new("person", "named", found.name.whole)
    # "Holland" is a pollster where the article has a Keating Holland
    if found.determiner == "" and " " not in found.name.whole:
        person = scene.cast.find(found.name.whole)
        place = found.name.kind == PLACE
        if person is not None and _is_surname(person, found.name.whole, place=place):
            return _of_person(person)
    return replace(
        _new(found.kind, "named", body_name(scene, found.name.whole), head=found.head),
        nations=found.nations,
    )


def _is_surname(person: Person, word: str, *, place: bool = False) -> bool:
    known = person.gender is not None or (place and len(person.parts) == 2)
    return len(person.parts) > 1 and known and person.parts[-1] == fold(word)


def body_name(scene: Scene, whole: str) -> str:
    """One name for a body, place or outlet: "FAA", "Federal Aviation Administration"."""
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
    return "".join(w.replace(".", "") if "." in w else w[0] for w in words if w[0].isupper())


_FRESH = frozenset(("new", "indefinite"))


def _person(
    scene: Scene, found: Description, history: History, at: int
) -> Referent:
    if found.determiner not in _FRESH:
        known = _known_person(scene, found, history, at)
    else:
        known = _named_later(scene, found, at)
    if known is not None:
        return known
    label = found.label or found.head or "person"
    return Referent(
        "person",
        found.naming,
        found.role,
        history.number(label),
        -1,
        -1,
        None,
        found.head,
        found.nations,
    )


_ANONYMOUS = frozenset("""
    official source aide staffer person agent insider individual witness resident
    prosecutor investigator diplomat employee
""".split())


_SAME_TITLE = {
    "general": {"gen"}, "senator": {"sen"}, "governor": {"gov"}, "colonel": {"col"},
    "lawmaker": {"sen", "rep", "senator", "representative", "congressman", "mp"},
    "representative": {"rep", "congressman", "congresswoman"}, "admiral": {"adm"},
    "congressman": {"rep"}, "congresswoman": {"rep"}, "lieutenant": {"lt"},
    "professor": {"prof"}, "doctor": {"dr"}, "captain": {"capt"}, "major": {"maj"},
    "leader": {"president", "premier", "minister"}, "politician": {"sen", "rep"},
    "lawyer": {"attorney"}, "attorney": {"lawyer"}, "spokesperson": {"spokesman",
    "spokeswoman"}, "chairman": {"chair"}, "pontiff": {"pope"},
}  # fmt: skip


def _bears_title(person: Person, head: str) -> bool:
    words = head.split()
    return set(words) <= person.titles or bool(
        _SAME_TITLE.get(words[-1], set()) & person.titles
    )


def _named_later(scene: Scene, found: Description, at: int) -> Referent | None:
    """ "One lawmaker objected. ... “No,” said Sen. Lee": named only later."""
    if found.head in _ANONYMOUS:
        return None
    sentence = scene.sentence_of(at)
    low = bisect_left(scene.mention_starts, at)
    for person_at, person in scene.cast.mentions[low : low + 6]:
        if scene.sentence_of(person_at) - sentence > 4:
            return None
        fits = not (found.nations and person.nations) or found.nations & person.nations
        if person.mentions[0] == person_at and fits and _bears_title(person, found.head):
            return _of_person(person)
    return None


def _known_person(
    scene: Scene, found: Description, history: History, at: int
) -> Referent | None:
    definite = found.determiner == "definite"
    if definite and found.owner is None:
        for referent in history.back():
            if referent.kind == "person" and _same_description(referent, found):
                return referent
    if found.head not in _ANONYMOUS and not _is_one_of_many(found):
        holder = _office_holder(scene, found, at)
        if holder is not None:
            return holder
        if definite and found.owner is None:
            return _last_named_person(history, found.nations) or _leading(scene, found)
    return None


def _is_one_of_many(found: Description) -> bool:
    # "the head of Kurdistan's security council" is not whoever heads something
    owned = found.owner is not None or bool(found.nations) or found.of_body
    return owned and found.head in ("head", "director", "member", "chief", "founder")


_HEADS_OF_STATE = frozenset("president leader premier pope commander-in-chief".split())


def _leading(scene: Scene, found: Description) -> Referent | None:
    """ "the president" where nobody is called so: who is mentioned most."""
    if found.head not in _HEADS_OF_STATE or not scene.cast.people:
        return None
    return _of_person(max(scene.cast.people, key=lambda p: len(p.mentions)))


def _same_description(referent: Referent, found: Description) -> bool:
    if referent.naming == "named":
        return False
    if referent.nations and found.nations and not referent.nations & found.nations:
        return False
    return referent.head == found.head or found.head in ("person", "source", "man")


def _office_holder(scene: Scene, found: Description, at: int) -> Referent | None:
    """The person whom the article gives the office: "the senator", "US president"."""
    people = [
        p
        for p in scene.cast.people
        if _bears_title(p, found.head)
        and (not found.nations or not p.nations or found.nations & p.nations)
    ]
    if not people:
        return None
    # "the Israeli leader": the one called Israeli; else the one mentioned last
    return _of_person(
        max(
            people,
            key=lambda p: (
                bool(found.nations & p.nations),
                p.mentioned_before(at),
                len(p.mentions),
            ),
        )
    )


def _last_named_person(
    history: History, nations: frozenset[str] = frozenset()
) -> Referent | None:
    for referent in history.back():
        if referent.kind == "person" and referent.naming == "named":
            if not nations or not referent.nations or nations & referent.nations:
                return referent
    return None


def _group(
    scene: Scene, found: Description, history: History, at: int
) -> Referent:
    label = found.label or found.head or "people"
    if found.naming == "named":
        return _new("group", "named", label)
    if found.determiner == "definite":
        known = _known_group(scene, found, history, at)
        if known is not None:
            return known
    name = f"{label}#1"
    if found.determiner == "new":
        name = history.number(label)
    else:
        history.counts.setdefault(label, 1)
    return replace(
        _new("group", found.naming, name, role=found.role, head=found.head),
        nations=found.nations,
    )


_TOGETHER = frozenset("two three four pair couple duo trio both".split())


def _known_group(
    scene: Scene, found: Description, history: History, at: int
) -> Referent | None:
    for referent in history.back():
        if referent.kind == "group" and referent.head == found.head:
            return referent
    sentence = scene.sentence_of(at)
    for referent in history.back():
        # "Lee and Hill objected. ... The senators said"
        if sentence - referent.sentence > 4:
            break
        if referent.kind == "group" and referent.naming == "named":
            return referent
    if found.nations or found.owner is not None:
        return None
    lower = scene.segments.tokens.lower
    together = bool(_TOGETHER & set(lower[at : at + 3]))
    singular = found.head.removesuffix("s")
    near = [
        person
        for person_at, person in _people_before(scene, at)
        if sentence - scene.sentence_of(person_at) <= 3
        and (together or _bears_title(person, singular))
    ]
    if len({person.name for person in near}) < 2:
        return None
    return _new("group", "named", " and ".join(sorted({p.name for p in near})))


def _people_before(scene: Scene, at: int) -> tuple[tuple[int, Person], ...]:
    high = bisect_left(scene.mention_starts, at)
    return scene.cast.mentions[max(0, high - 8) : high]


def _institution(found: Description, history: History, at: int) -> Referent:
    if found.naming == "named":
        return _new("institution", "named", found.label)
    if found.plural and found.owner is not None and found.owner.first > at:
        return _new("institution", "named", found.label, head=found.head)
    if found.owner is not None or found.nations:
        naming = "veiled" if found.plural else "named"
        return _new("institution", naming, found.label, head=found.head)
    if found.determiner == "definite" and not found.plural:
        for referent in history.back():
            if referent.kind == "institution":
                return referent
        return _new("institution", "named", found.label, head=found.head)
    return _new("institution", "veiled", found.label, head=found.head)


# "various reports", "new press reports" are other outlets' stories
_NEWS_REPORTS = frozenset(
    "reports new recent news press media other early several".split()
)
_AUTHORED = frozenset("""
    report resolution paper video investigation email e-mail policy post statement
    letter memo tweet message speech proclamation op-ed book lawsuit note review
""".split()) | {"policy paper", "press release", "executive order"}
_UTTERED = frozenset("""
    statement letter memo email e-mail tweet post message speech note address remarks
    release communique proclamation declaration op-ed posts tweets words video
""".split())


def _document(
    scene: Scene, found: Description, history: History, at: int
) -> Referent:
    named = replace(_new("document", "named", found.label, head=found.head), at=at)
    if found.owner is not None:
        if found.owner.kind == MEDIA and found.head in ("report", "reports"):
            return _new("media", "named", body_name(scene, found.owner.whole))
        return named
    if found.head == "reports" and set(found.label.split()) <= _NEWS_REPORTS:
        return _new("media", "veiled", found.label, head="reports")
    if found.head == "intelligence" and found.nations:
        return _new("institution", "named", found.label)
    if found.of_body or found.nations:
        return named
    if found.determiner == "definite":
        before = _document_before(scene, found, history, at)
        return before or replace(named, naming="veiled")
    # "The Senate released a report that describes": its author stands in front
    if found.head in _AUTHORED and _author_in_front(scene, at):
        return named
    # "according to a report" is another outlet's
    lower = scene.segments.tokens.lower
    if found.head == "report" and lower[max(0, at - 2) : at] == ("according", "to"):
        return _new("media", "veiled", found.label, head="report")
    return replace(named, naming="veiled")


def _document_before(
    scene: Scene, found: Description, history: History, at: int
) -> Referent | None:
    for referent in history.back():
        if referent.kind in ("document", "media") and _same_paper(referent.head, found):
            return referent
    if _authored_before(scene, found, at):
        return _new("document", "named", found.label, head=found.head)
    last = history.referents[-1] if history.referents else None
    close = last is not None and scene.sentence_of(at) - last.sentence <= 2
    if last is not None and close and last.naming == "named" and found.head in _UTTERED:
        return _new("document", "named", f"{last.name} {found.head}", head=found.head)
    return None


_PAPERS = frozenset("document paper report text".split())


def _same_paper(head: str, found: Description) -> bool:
    if not head:
        return False
    # "the paper" after "a policy paper", "the document" after anything written
    one, two = head.split()[-1], found.head.split()[-1]
    return one == two or (two in _PAPERS and one in _PAPERS)


def _authored_before(scene: Scene, found: Description, at: int) -> bool:
    """Whether the text told earlier whose paper it is: "a letter from the ministry"."""
    tokens = scene.segments.tokens
    for noun in reversed(scene.nouns[: bisect_left(scene.noun_starts, at)]):
        if " ".join(tokens.lower[noun.first : noun.last]) != found.head:
            continue
        last = noun.last
        while last < min(at, noun.last + 7) and tokens.lower[last] not in (",", "."):
            last += 1
        first = _phrase_start(scene, noun.first)
        span = Span(tokens.starts[first], tokens.ends[last - 1])
        before = describe(scene.phrase(span))
        if before.kind == "document" and (before.owner or before.of_body):
            return True
    return False


def _author_in_front(scene: Scene, at: int) -> bool:
    lower, sentence = scene.segments.tokens.lower, scene.sentence_of(at)
    if at < 2 or lower[at - 1] == "to" or not scene.names:
        return False
    name = scene.names[max(bisect_left(scene.name_starts, at) - 1, 0)]
    fits = name.kind in (PERSON, ORGANISATION, PLACE) and name.last <= at
    # "Google employees have signed a letter": not Google's
    noun = scene.nouns[bisect_left(scene.noun_starts, name.last)]
    fits = fits and not (noun.first == name.last and noun.first < at)
    return fits and scene.sentence_of(name.first) == sentence and at - name.last <= 8


def _media(scene: Scene, found: Description, history: History, at: int) -> Referent:
    # "USA Today's blog", "the Ebtekar newspaper"
    if found.owner is not None and not (found.owner.kind == PERSON and found.plural):
        return _new("media", "named", body_name(scene, found.owner.whole))
    if found.determiner == "definite" and not found.plural:
        for referent in history.back():
            if referent.kind == "media" or referent.head == found.head:
                return referent
        high = bisect_left(scene.name_starts, at)
        for name in reversed(scene.names[:high]):
            if name.kind == MEDIA:
                return _new("media", "named", body_name(scene, name.whole))
    if found.head == "paper":
        return _document(scene, found, history, at)
    return _new("media", "veiled", found.label, head=found.head)


def _unknown(scene: Scene, found: Description, history: History) -> Referent:
    if found.determiner == "definite":
        known = _last_named_person(history)
        if known is not None:
            return known
    return Referent(
        "person", "veiled", "other", history.number(found.label or "person"), -1, -1
    )
