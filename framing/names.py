"""Proper names of an article: where they stand, what they name, who is the same person.

A name is a run of capitalised tokens ("Secretary of State John Kerry") cut into the
title and the name proper. People are clustered by their names, so that "Kerry",
"Mr. Kerry" and "John Kerry" are one; titles, nationality and gender are gathered from
every mention. Not covered: two people who share a surname and are both called by it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from framing.lexicon import Match, load_lexicon
from framing.text import Segments

PERSON, ORGANISATION, PLACE, MEDIA, DEMONYM, OFFICE = (
    "person", "organisation", "place", "media", "demonym", "office",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens `first` to `last` (excluded) that name something.

    `title_first` is where a title in front begins ("President" in "President Obama"),
    else equal to `first`. `whole` is the text of the name without the title.
    """

    title_first: int
    first: int
    last: int
    whole: str
    kind: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person of an article; `mentions` are token indices in text order."""

    name: str
    parts: tuple[str, ...]
    gender: str | None
    titles: frozenset[str]
    nations: frozenset[str]
    mentions: tuple[int, ...]

    def mentioned_before(self, token: int) -> int:
        """Token of the last mention before `token`, or -1."""
        at = bisect_left(self.mentions, token)
        return self.mentions[at - 1] if at else -1


@dataclass(frozen=True)
class Cast:
    """The people of an article and the index from a part of a name to them."""

    people: tuple[Person, ...]
    by_part: dict[str, tuple[Person, ...]]
    mentions: tuple[tuple[int, Person], ...]

    def find(self, whole: str) -> Person | None:
        """The person whom a full name or a part of one names, or None.

        The surname counts before any other part, then who is mentioned most.
        """
        parts = _parts(whole)
        if not parts:
            return None
        people = [
            p for p in self.by_part.get(parts[-1], ()) if _compatible(parts, p.parts)
        ]
        people.sort(key=lambda p: (p.parts[-1] != parts[-1], -len(p.mentions)))
        return people[0] if people else None


# --- names --------------------------------------------------------------------

_PARTICLES = frozenset(
    "de la del da dos das du van von der den bin ibn al el di le y ben abu bint".split()
)
# Words that open a sentence or a headline with a capital and name nothing.
_OPENERS = frozenset("""
    a an the this that these those in on at by for from to of with without after before
    as and or but if when while where why how what who whom whose which since until
    although though because so yet still then there here now today yesterday tomorrow
    i he she it we they you his her its their our my your one two three four five six
    seven eight nine ten some many most several few all both each every any no not none
    another other others more much such according meanwhile however also even just only
    about over under during against among between through into upon per despite amid
    among like unlike is are was were be been has have had do does did will would can
    could may might must shall should asked speaking citing told let said says monday
    tuesday wednesday thursday friday saturday sunday january february march april june
    july august september october november december jan feb mar apr jun jul aug sept oct
    nov dec mon tue wed thu fri sat sun updated exclusive breaking yes well
    oh ok former
""".split())
_ABBREVIATED = frozenset("""
    mr mrs ms dr sen sens rep reps gov gen lt col sgt adm capt maj rev hon prof brig cmdr
    st jr sr messrs supt det insp pres cpl pvt amb atty asst dep
""".split())
_SHORT_TITLES = _ABBREVIATED - {"st", "jr", "sr"}
_COURTESY = {
    "mr": "male", "sir": "male", "lord": "male", "king": "male", "prince": "male",
    "pope": "male", "congressman": "male", "chairman": "male", "spokesman": "male",
    "mrs": "female", "ms": "female", "miss": "female", "lady": "female",
    "queen": "female", "princess": "female", "congresswoman": "female",
    "spokeswoman": "female", "chairwoman": "female", "businesswoman": "female",
    "businessman": "male", "actress": "female", "actor": "male", "cardinal": "male",
    "ayatollah": "male", "imam": "male", "widow": "female", "madame": "female",
    "mother": "female", "wife": "female", "father": "male", "husband": "male",
}  # fmt: skip
_TITLES_ONLY = frozenset("""
    miss sir lord lady dame madame sheikh sheik crown princess duke saint brother sister
    retired acting deputy vice assistant former interim senior chief minority majority
    supreme foreign prime then incoming outgoing shadow rear brigadier staff executive
    associate special grand press counselor permanent under undersecretary ex-president
    democratic republican independent premier czar rev. archbishop monsignor father
    fellow host colleague
""".split())
_NO_TITLES = frozenset("american americans independents us some many all".split())
# "Secretary of State", "Speaker of the House": the office goes on after "of".
_OFFICES = tuple(
    tuple(words.split())
    for words in (
        "state,defense,defence,war,energy,labor,commerce,education,agriculture,staff,"
        "the house,the treasury,the interior,national intelligence,homeland security,"
        "health and human services,transportation,veterans affairs,the army,the navy,"
        "the air force,health,finance,justice,foreign affairs,the exchequer,defence,"
        "the senate,housing and urban development,central intelligence"
    ).split(",")
)
_LINKS = frozenset(("of", "for", "on", "to"))


def find_names(segments: Segments) -> list[Name]:
    """Names of a text in text order.

    >>> from framing.text import find_segments
    >>> names = find_names(find_segments("President Evo Morales flew to the U.S."))
    >>> [(name.whole, name.kind) for name in names]
    [('Evo Morales', 'person'), ('U.S.', 'place')]
    """
    outlets = _outlet_names(segments)
    taken = {at for name in outlets for at in range(name.first, name.last)}
    names = [
        name
        for run in _runs(segments)
        for first, last in _without(run, taken)
        for name in _names_in(segments, first, last)
    ]
    return sorted((*names, *outlets), key=lambda n: (n.title_first, n.last))


def _without(run: tuple[int, int], taken: set[int]) -> Iterator[tuple[int, int]]:
    # "CNN Polling Director Ann Hill" is an outlet and a person
    first = run[0]
    for at in range(*run):
        if at in taken:
            if first < at:
                yield first, at
            first = at + 1
    if first < run[1]:
        yield first, run[1]


def _outlet_names(segments: Segments) -> list[Name]:
    # "Stars and Stripes", "Cleveland.com": no run of capitals
    found = load_lexicon("outlets").find(segments.text, segments.tokens)
    return [
        Name(m.first, m.first, m.last, _joined(segments, m.first, m.last), kind)
        for m in found
        for kind in (ORGANISATION if m.entry.type == "platform" else MEDIA,)
        if m.last - m.first > 1 or m.entry.type != "platform"
    ]


def _runs(segments: Segments) -> Iterator[tuple[int, int]]:
    text, tokens = segments.text, segments.tokens
    starts, n, at = tokens.starts, len(tokens.starts), 0
    while at < n:
        if not text[starts[at]].isupper() and not _is_prefixed(text, tokens.starts, at):
            at += 1
            continue
        last = at + 1
        while (step := _step(segments, at, last)) > 0:
            last += step
        yield at, last
        at = last


def _is_prefixed(text: str, starts: Sequence[int], at: int) -> bool:
    # "al-Abadi" and "@amnesty" are names with a small first letter
    start = starts[at]
    if text[start] == "@":
        return at + 1 < len(starts) and starts[at + 1] == start + 1
    return text[start : start + 3] in ("al-", "el-") and text[
        start + 3 : start + 4
    ].isupper()


def _step(segments: Segments, first: int, at: int) -> int:
    """How many tokens after `at` belong to the run that began at `first`, or 0."""
    text, tokens = segments.text, segments.tokens
    n = len(tokens.starts)
    if at >= n or tokens.sentence[at] != tokens.sentence[first]:
        return 0
    word, before = tokens.lower[at], tokens.lower[at - 1]
    if before == "@":
        return 1
    if text[tokens.starts[at]].isupper() or _is_prefixed(text, tokens.starts, at):
        # "Trump Says" in a headline: the verb is no part of the name
        return 0 if word in _OPENERS and word not in _PARTICLES else 1
    if word == "." and (len(before) == 1 or before in _ABBREVIATED):
        return 1 if _is_capital(segments, at + 1, first) else 0
    if word in _PARTICLES or word == "&":
        step = 2 if at + 1 < n and tokens.lower[at + 1] in _PARTICLES else 1
        return step if _is_capital(segments, at + step, first) else 0
    if word in _LINKS and _goes_on(segments, first, at):
        step = 2 if at + 1 < n and tokens.lower[at + 1] == "the" else 1
        return step if _is_capital(segments, at + step, first) else 0
    # "Center for Strategic and International Studies" is one body
    if word == "and" and _is_capital(segments, at + 1, first):
        linked = any(tokens.lower[i] in _LINKS for i in range(first, at))
        return 1 if linked and _has_keyword(tokens.lower, first, at) else 0
    return 0


def _is_capital(segments: Segments, at: int, first: int) -> bool:
    tokens = segments.tokens
    return (
        at < len(tokens.starts)
        and tokens.sentence[at] == tokens.sentence[first]
        and segments.text[tokens.starts[at]].isupper()
    )


def _goes_on(segments: Segments, first: int, at: int) -> bool:
    lower = segments.tokens.lower
    before = lower[at - 1]
    if before in _keywords() or before in ("commissioner", "representatives", "chiefs"):
        return True
    if lower[at] == "to":
        return before in ("ambassador", "envoy", "representative")
    return lower[at] == "of" and before in _office_heads()


@cache
def _keywords() -> frozenset[str]:
    entries = load_lexicon("institutions").entries
    return frozenset(e.cue.lower() for e in entries if e.type == "keyword")


@cache
def _office_heads() -> frozenset[str]:
    return frozenset(("secretary", "speaker", "director", "minister", "chief"))


@cache
def title_words() -> frozenset[str]:
    """Words that stand as a title before a name: "president", "spokesman", "Gen"."""
    words: set[str] = set(_TITLES_ONLY | _SHORT_TITLES)
    for entry in load_lexicon("source_nouns").entries:
        if entry.role == "cue" and entry.type.split()[0] in PEOPLE_ROLES:
            words.update(entry.cue.split()[-1].split("|"))
    words -= _NO_TITLES
    return frozenset(words)


PEOPLE_ROLES = frozenset(
    "official insider spokesperson expert partisan public other".split()
)


@cache
def known_names() -> dict[str, tuple[str, str]]:
    """Lower-cased name of a place, people or body -> its kind and its canonical name.

    >>> known_names()["havana"], known_names()["cuban"]
    (('place', 'Cuba'), ('demonym', 'Cuba'))
    """
    kinds = {"country": PLACE, "capital": PLACE, "place": PLACE, "demonym": DEMONYM}
    known: dict[str, tuple[str, str]] = {}
    for entry in load_lexicon("institutions").entries:
        if entry.type != "keyword":
            kind = kinds.get(entry.type, ORGANISATION)
            known[entry.cue.lower()] = (kind, entry.note or entry.cue)
    for entry in load_lexicon("outlets").entries:
        if " . " not in entry.cue and len(entry.cue) > 1:
            name = entry.cue.lower().removeprefix("the|the ")
            kind = ORGANISATION if entry.type == "platform" else MEDIA
            known.setdefault(name, (kind, entry.note))
    return known


def known_name(whole: str) -> tuple[str, str] | None:
    """Kind and canonical name of a known name, "the" or not: "The Times"."""
    lower = whole.lower()
    known = known_names()
    return known.get(lower) or known.get(lower.removeprefix("the "))


@cache
def _genders() -> dict[str, str]:
    return {
        word: entry.type
        for entry in load_lexicon("first_names").entries
        if entry.type != "nickname"
        for word in entry.cue.split("|")
    }


@cache
def _nicknames() -> dict[str, str]:
    entries = load_lexicon("first_names").entries
    return {e.cue: e.note for e in entries if e.type == "nickname"}


def _names_in(segments: Segments, first: int, last: int) -> Iterator[Name]:
    """The names in a run: "US President Donald Trump" is a place and a person."""
    lower = segments.tokens.lower
    while first < last and lower[first] in _OPENERS:
        first += 1
    if first >= last:
        return
    whole = known_names().get(" ".join(lower[first:last]))
    if whole is not None:  # "Mother Jones" is no mother
        yield Name(first, first, last, _joined(segments, first, last), whole[0])
        return
    after = _after_title(lower, first, last)
    for start, end in _known_in(lower, first, after if after < last else first):
        kind = known_names()[" ".join(lower[start:end])][0]
        yield Name(start, start, end, _joined(segments, start, end), kind)
    if after >= last:
        yield _office_or_body(segments, first, last)
        return
    kind = _kind(segments, after, last, titled=after > first)
    head = after
    if kind == PERSON and after == first:
        head = _skip_modifiers(lower, first, last)
        for start, end in _known_in(lower, first, head):
            modifier = known_names()[" ".join(lower[start:end])][0]
            yield Name(start, start, end, _joined(segments, start, end), modifier)
    yield Name(first, head, last, _joined(segments, head, last), kind)


def _after_title(lower: Sequence[str], first: int, last: int) -> int:
    """Token after the last title word of the run, or `first` where there is none."""
    titles = title_words()
    after = first
    if _is_body_of(lower, first, last):
        return first
    for at in range(first, last):
        of = lower[at + 1] in _LINKS if at + 1 < last else False
        title = lower[at].rsplit("-", 1)[-1] in titles  # "Vice-Admiral"
        if not title or (not of and _has_keyword(lower, at + 1, last)):
            continue  # "Justice Department" is no judge
        if at == last - 1 and at > after and lower[after] in _genders():
            break  # "Rep. Peter King" is not an office
        after = at + 1
        if after < last and lower[after] == "." and lower[at] in _ABBREVIATED:
            after += 1
        if after < last and lower[after] in _LINKS:
            after = _after_office(lower, after, last)
    return after


def _is_body_of(lower: Sequence[str], first: int, last: int) -> bool:
    # "Panel of Experts on Iran", "Center for Strategic Studies"
    return (
        first + 1 < last and lower[first] in _keywords() and lower[first + 1] in _LINKS
    )


def _has_keyword(lower: Sequence[str], first: int, last: int) -> bool:
    return any(lower[at] in _keywords() for at in range(first, last))


def _after_office(lower: Sequence[str], of: int, last: int) -> int:
    for office in _OFFICES:
        end = of + 1 + len(office)
        if tuple(lower[of + 1 : end]) == office and end <= last:
            return end
    # "Ambassador to the United Nations Nikki Haley"
    start = of + 2 if lower[of + 1] == "the" else of + 1
    return next((end for _, end in _known_in(lower, start, last)), last)


def _skip_modifiers(lower: Sequence[str], first: int, last: int) -> int:
    # "Venezuelan Nicolás Maduro", "Democrat Amy Klobuchar": the name begins later
    known = known_names()
    at = first
    while at < last - 1 and known.get(lower[at], ("",))[0] in (DEMONYM, PLACE):
        at += 1
    # "the UN Mike Waltz" after "ambassador to"
    body = known.get(lower[at], ("",))[0] == ORGANISATION
    return at + 1 if body and at < last - 2 and lower[at + 1] in _genders() else at


def _known_in(lower: Sequence[str], first: int, last: int) -> Iterator[tuple[int, int]]:
    known, at = known_names(), first
    while at < last:
        for end in range(min(last, at + 5), at, -1):
            if " ".join(lower[at:end]) in known:
                yield at, end
                at = end
                break
        else:
            at += 1


def _office_or_body(segments: Segments, first: int, last: int) -> Name:
    lower = segments.tokens.lower
    known = known_names().get(" ".join(lower[first:last]))
    kind = known[0] if known else OFFICE
    # "Joint Chiefs of Staff", "American Farmers Union" are bodies, not offices
    if _has_keyword(lower, first, last) and not known:
        kind = ORGANISATION if lower[last - 1] in _keywords() else OFFICE
    return Name(first, first, last, _joined(segments, first, last), kind)


# Last words of outlets that no list can hold: "Harbour Gazette", "KRQE-TV".
_PAPERS = frozenset("""
    times post herald tribune gazette journal chronicle observer telegraph news dispatch
    examiner courier bulletin daily magazine tv television radio newspaper broadcasting
    weekly sentinel star inquirer advertiser democrat-gazette republic ledger
    citizen press
""".split())
_CALL_SIGN = re.compile(r"[WK][A-Z]{2,3}(?:-?(?:TV|FM|AM)\d?)?$")


def _sounds_like_outlet(segments: Segments, first: int, last: int) -> bool:
    lower, start = segments.tokens.lower, segments.tokens.starts[last - 1]
    if last - first > 1 and lower[last - 1] in _PAPERS:
        # "the Free Press" but not "Washington Post-Dispatch Building", "Fox Star"
        return lower[first] not in _genders() or (first > 0 and lower[first - 1] == "the")
    word = segments.text[start : segments.tokens.ends[last - 1]]
    return last - first == 1 and bool(_CALL_SIGN.match(word)) and len(word) >= 4


@cache
def _noun_words() -> frozenset[str]:
    entries = load_lexicon("source_nouns").entries
    words = (e.cue for e in entries if e.role == "cue" and " " not in e.cue)
    return frozenset(form for word in words for form in word.split("|"))


def _kind(segments: Segments, first: int, last: int, *, titled: bool) -> str:
    lower = segments.tokens.lower
    if _sounds_like_outlet(segments, first, last):
        return MEDIA
    if _is_body_of(lower, first, last):
        return ORGANISATION
    # "Governments have denounced", "Footage showed": a noun that opens a sentence
    # and "Travel Advisory", a paper; but "Ellen Page" is a person
    if lower[last - 1] in _noun_words() and not titled:
        if lower[first] not in _genders() and lower[last - 1] not in _keywords():
            return OFFICE
    known = known_names().get(" ".join(lower[first:last]))
    if known is not None and not titled:
        return known[0]
    # "George Mason University" is no person, "Peter Church" is
    body = last - first > 2 and lower[last - 1] in _keywords()
    if lower[first] in _genders() and last - first >= 2 and not body:
        return PERSON
    if _has_keyword(lower, first, last):
        return ORGANISATION
    if titled or lower[first] == "@":
        return PERSON
    if lower[last - 1].endswith("s") and lower[last - 1][:-1] in known_names():
        return DEMONYM
    whole = _joined(segments, first, last)
    if whole.isupper() and last - first == 1 and 2 <= len(whole) <= 6:
        return ORGANISATION
    if first and lower[first - 1] == "the":
        return ORGANISATION
    return PERSON


def _joined(segments: Segments, first: int, last: int) -> str:
    tokens = segments.tokens
    return " ".join(segments.text[tokens.starts[first] : tokens.ends[last - 1]].split())


# --- people -------------------------------------------------------------------


def fold(word: str) -> str:
    """Lower case without accents: "Nicolás" and "Nicolas" are one name.

    >>> fold("Nicolás")
    'nicolas'
    """
    plain = unicodedata.normalize("NFKD", word)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


_SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))


@cache
def _parts(whole: str) -> tuple[str, ...]:
    words = (fold(w).strip(".,'’\"") for w in whole.split())
    return tuple(w for w in words if w and w not in _SUFFIXES)


def _compatible(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two names can be of one person: "Mike Pompeo", "Michael R. Pompeo"."""
    shorter, longer = sorted((some, others), key=len)
    if len(shorter) == 1:
        return shorter[0] in longer
    if shorter[-1] not in longer:
        return False
    one, two = (_nicknames().get(p[0], p[0]) for p in (shorter, longer))
    return one == two or one[:3] == two[:3] or shorter[0] in longer or len(one) == 1


def gather_people(
    segments: Segments, names: Sequence[Name], nouns: Sequence[Match]
) -> Cast:
    """Cluster the person names of a text; `nouns` give the titles beside them.

    >>> from framing.text import find_segments
    >>> cut = find_segments("Mr. Kerry left. John Kerry, a senator, is back.")
    >>> cast = gather_people(cut, find_names(cut), [])
    >>> [(p.name, p.gender, len(p.mentions)) for p in cast.people]
    [('John Kerry', 'male', 2)]
    """
    persons = [name for name in names if name.kind == PERSON]
    clusters: list[list[Name]] = []
    by_part: dict[str, list[int]] = {}
    for name in sorted(persons, key=lambda n: -len(_parts(n.whole))):
        _add_to_cluster(segments, name, clusters, by_part)
    nouns_by_end = {m.last: m for m in nouns}
    nouns_by_first = {m.first: m for m in nouns}
    beside = _Beside(segments, names, nouns_by_end, nouns_by_first)
    people = tuple(_person(segments, cluster, beside) for cluster in clusters)
    index = {part: tuple(people[i] for i in c) for part, c in by_part.items()}
    mentions = sorted(
        ((at, person) for person in people for at in person.mentions),
        key=lambda m: m[0],
    )
    return Cast(people, index, tuple(mentions))


def _add_to_cluster(
    segments: Segments,
    name: Name,
    clusters: list[list[Name]],
    by_part: dict[str, list[int]],
) -> None:
    parts = _parts(name.whole)
    if not parts:
        return
    near = [
        i
        for i in by_part.get(parts[-1], ())
        if _compatible(parts, _parts(clusters[i][0].whole))
    ]
    if near:
        surname = [i for i in near if _parts(clusters[i][0].whole)[-1] == parts[-1]]
        clusters[(surname or near)[0]].append(name)
        return
    # A lone capitalised word is no person of the cast unless a title says so:
    # "Speaking of the plan", "Monday".
    if len(parts) == 1 and name.title_first == name.first:
        return
    clusters.append([name])
    for part in set(parts):
        by_part.setdefault(part, []).append(len(clusters) - 1)


@dataclass(frozen=True, slots=True)
class _Beside:
    """What stands beside a name: titles before it, appositions after it."""

    segments: Segments
    names: Sequence[Name]
    nouns_by_end: dict[int, Match]
    nouns_by_first: dict[int, Match]

    def titles(self, name: Name) -> Iterator[str]:
        lower = self.segments.tokens.lower
        yield from (w for w in lower[name.title_first : name.first] if w.isalnum())
        noun = self.nouns_by_end.get(name.title_first)
        if noun is not None and _is_people(noun):
            yield from lower[noun.first : noun.last]
        for at in self.apposition(name):
            noun = self.nouns_by_first.get(at)
            if noun is not None and _is_people(noun):
                yield from lower[noun.first : noun.last]

    def apposition(self, name: Name) -> range:
        """Tokens of ", the Venezuelan president," behind a name, or none."""
        tokens = self.segments.tokens
        n, at = len(tokens.lower), name.last
        if at + 2 >= n or tokens.lower[at] not in (",", "-", "—", "–", "("):
            return range(0)
        if tokens.lower[at + 1] not in _APPOSITION and not tokens.lower[at + 1].isalpha():
            return range(0)
        if tokens.lower[at + 1][:2] in ("r-", "d-", "i-") and at + 4 < n:
            at = next((i for i in range(at + 2, at + 5) if tokens.lower[i] == ","), at)
        end = at + 1
        while end < min(n, at + 14) and tokens.lower[end] not in (",", ";", ".", ")"):
            end += 1
        return range(at + 1, end)

    def nations(self, name: Name) -> Iterator[str]:
        known = known_names()
        around = [*range(max(0, name.title_first - 4), name.first)]
        around += [*self.apposition(name)]
        for at in around:
            found = known.get(self.segments.tokens.lower[at])
            if found is not None and found[0] in (PLACE, DEMONYM):
                yield found[1]


def _is_people(noun: Match) -> bool:
    role, *marks = noun.entry.type.split()
    return role in PEOPLE_ROLES and not marks


_APPOSITION = frozenset("the a an who his her its their".split())


def _person(segments: Segments, cluster: Iterable[Name], beside: _Beside) -> Person:
    cluster = sorted(cluster, key=lambda n: n.first)
    longest = max(cluster, key=lambda n: (len(_parts(n.whole)), -n.first))
    titles = frozenset(t for name in cluster for t in beside.titles(name))
    parts = _parts(longest.whole)
    return Person(
        longest.whole,
        parts,
        _gender(parts, titles),
        titles,
        frozenset(n for name in cluster for n in beside.nations(name)),
        tuple(name.first for name in cluster),
    )


def _gender(parts: Sequence[str], titles: frozenset[str]) -> str | None:
    for title in sorted(titles):
        if title in _COURTESY:
            return _COURTESY[title]
    return _genders().get(parts[0]) if len(parts) > 1 else None
