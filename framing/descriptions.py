"""What a source phrase says by itself: "a senior US official" is one official, veiled.

The phrase is cut at its head: the last noun or name before the first preposition,
comma or relative clause. A name as head makes it named; a noun is looked up in
`source_nouns.csv`. Who a pronoun or "the official" points to is judged in `sources`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from framing.lexicon import Match
from framing.names import (
    DEMONYM,
    MEDIA,
    OFFICE,
    ORGANISATION,
    PEOPLE_ROLES,
    PERSON,
    PLACE,
    Name,
    known_name,
    known_names,
)
from framing.text import Segments, Span


@dataclass(frozen=True, slots=True)
class Phrase:
    """A source phrase as tokens `first` to `last` with the names and nouns in it."""

    first: int
    last: int
    lower: tuple[str, ...]
    names: tuple[Name, ...]
    nouns: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class Description:
    """What the phrase itself tells; `kind` is "" where it tells nothing.

    `determiner` is "definite", "new" ("another official"), "indefinite" or "".
    `of_body` is True where a body or "his" stands before ("justice department rules").
    `label` names the source where no proper name does ("US official"). `name` is the
    proper name of the source, `owner` one that only qualifies it ("a Pentagon
    spokesman", "Trump's tweets").
    """

    kind: str
    naming: str = "veiled"
    role: str | None = None
    head: str = ""
    plural: bool = False
    determiner: str = ""
    label: str = ""
    name: Name | None = None
    owner: Name | None = None
    nations: frozenset[str] = frozenset()
    of_body: bool = False


_DEFINITE = frozenset("the this that these those his her its their our".split())
_NEW = frozenset("another other second third fourth fifth additional separate".split())
_INDEFINITE = frozenset("a an one some several".split())
_NUMBERS = frozenset("""
    two three four five six seven eight nine ten eleven twelve dozen dozens hundreds
    thousands many most several few all both various multiple numerous scores some
    more half almost nearly about over around only just at least than roughly
""".split())
# Words that end the head of a phrase: "officials | briefed on the plan".
_ENDS = frozenset("""
    , ( ) [ ] - – — : ; who whom whose which that of from in at for with to on near
    inside outside beyond along within by close familiar briefed speaking involved charged quoted traveling
    travelling carrying released obtained published filmed provided shared posted
    conducted collected circulated produced named called including such like as dated
    based written led without against among behind across under during after before
    about aware considered questioned contacted interviewed reached attending present
    working living watching following representing claiming purporting seen reviewed
    issued made sent signed backed backing opposed critical loyal sympathetic privy
    knowledgeable allegedly reportedly
""".split())
_PARTITIVES = frozenset("""
    one two three some many most several few none all both each any group groups number
    dozens hundreds thousands scores majority minority percent % per-cent half third
    thirds quarter quarters pair trio range wave team lot series couple handful plurality
    host string chorus bunch list rest crowd average out much mix variety half
    segment parts share portion elements another slew faction spate
""".split())
_UNNAMED = frozenset("anonymous unnamed unidentified undisclosed unspecified".split())
_INSIDE = frozenset("""
    familiar briefed knowledge close privy aware involved knowledgeable involvement
    access direct anonymity brief
""".split())
_GOVERNMENTAL = frozenset("""
    government administration official military security intelligence diplomatic police
    enforcement pentagon congressional defense defence ministry army presidential
    ministerial cabinet palace kremlin treasury judicial governmental
""".split())
_PARTY = frozenset("""
    republican republicans democratic democrat gop conservative liberal tory labour
    socialist communist chavista opposition dnc rnc party progressive
""".split())
_PARTY_HEADS = frozenset("""
    lawmaker lawmakers legislator legislators leader leaders politician politicians
    member members official officials strategist strategists senator senators
    congressman congressmen representative representatives operative operatives
    figure figures voice voices delegate delegates governor governors
""".split())
_AUTHORED = frozenset(("from", "by", "of", "with", "like", "as", "including"))


def cut_phrase(
    segments: Segments, span: Span, names: Sequence[Name], nouns: Sequence[Match]
) -> Phrase:
    """The phrase at `span`, with those of `names` and `nouns` that lie in it."""
    tokens = segments.tokens
    first = max(tokens.index_at(span.start), 0)
    last = max(tokens.index_at(span.end - 1) + 1, first)
    return Phrase(
        first,
        last,
        tokens.lower[first:last],
        tuple(n for n in names if n.first < last and first < n.last),
        tuple(m for m in nouns if m.first < last and first < m.last),
    )


def describe(phrase: Phrase) -> Description:
    """Codes of a source phrase that the phrase alone can give (CODEBOOK, section 2)."""
    start, end = _head_bounds(phrase)
    joined = _joined_names(phrase, start, end)
    if joined is not None:
        return joined
    head = _head(phrase, start, end)
    if isinstance(head, Name) and head.kind not in (OFFICE, DEMONYM):
        return _named(phrase, head)
    apposed = _apposed_name(phrase, end)
    found = _described(phrase, start, end, head)
    if apposed is not None and found.kind in ("person", "group", ""):
        return _with_name(found, apposed)
    return found


# --- the head -----------------------------------------------------------------


def _head_bounds(phrase: Phrase) -> tuple[int, int]:
    """Tokens (counted in the text) of the head part of the phrase."""
    start, end = phrase.first, _end_of_part(phrase, phrase.first)
    # "one of the officials", "a group of ministers": the head follows "of"
    while end < phrase.last and _token(phrase, end) == "of":
        before = {_token(phrase, at) for at in range(start, end)}
        if not before & _PARTITIVES or _noun_at_end(phrase, start, end):
            break
        start, end = end + 1, _end_of_part(phrase, end + 1)
    return start, end


def _noun_at_end(phrase: Phrase, start: int, end: int) -> bool:
    word = _token(phrase, end - 1)
    return word not in _PARTITIVES and any(
        start <= m.first and m.last == end for m in phrase.nouns
    )


def _end_of_part(phrase: Phrase, start: int) -> int:
    inside = {at for n in phrase.names for at in range(n.title_first, n.last)}
    inside |= {at for m in phrase.nouns for at in range(m.first, m.last)}
    seen = start in inside
    for at in range(start + 1, phrase.last):
        # "these knowledgeable sources": nothing ends before the first noun
        if seen and at not in inside and _token(phrase, at) in _ENDS:
            return at
        seen = seen or at in inside
    return phrase.last


def _token(phrase: Phrase, at: int) -> str:
    inside = phrase.first <= at < phrase.last
    return phrase.lower[at - phrase.first] if inside else ""


def _head(phrase: Phrase, start: int, end: int) -> Name | Match | None:
    """The last name or noun of the part that is not a mere owner ("Trump's ...")."""
    units: list[Name | Match] = [
        n for n in phrase.names if start <= n.first and n.last <= end
    ]
    covered = {at for n in phrase.names if n.kind != OFFICE for at in _tokens_of(n)}
    units += [
        m
        for m in phrase.nouns
        if start <= m.first and m.last <= end and not covered.issuperset(_tokens_of(m))
    ]
    units.sort(key=lambda u: (u.last, isinstance(u, Match)))
    if len(units) > 1 and isinstance(units[-2], Match):
        # "a study Blendon produced": the noun is the head, not the name
        last, before = units[-1], units[-2]
        document = before.entry.type == "document"
        if isinstance(last, Name) and document and before.last == last.title_first:
            if _token(phrase, last.last).isalpha():
                return before
    return units[-1] if units else None


def _tokens_of(unit: Name | Match) -> range:
    return range(unit.first, unit.last)


def _apposed_name(phrase: Phrase, end: int) -> Name | None:
    # "the spokesman, Jay Carney": a person's name right behind the comma
    for name in phrase.names:
        before = _token(phrase, name.title_first - 1)
        if name.kind == PERSON and name.title_first > end - 1 and before in _COMMAS:
            return name
        # "the head of Google's cloud unit, Diane Greene", "his lawyer, former judge X"
        if name.kind == PERSON and name.title_first > end and _after_comma(phrase, name):
            return name
    return None


_COMMAS = frozenset((",", "-", "–", "—", "named", "called", ":"))


def _after_comma(phrase: Phrase, name: Name) -> bool:
    """Whether only nouns and modifiers stand between a comma and the name."""
    for at in range(name.title_first - 1, phrase.first, -1):
        word = _token(phrase, at)
        if word == ",":
            return name.last == phrase.last or _token(phrase, name.last) in (",", "(")
        if word in _ENDS or word in ("and", "'s"):
            return False
    return False


# --- named --------------------------------------------------------------------

_KIND_OF_NAME = {PERSON: "person", MEDIA: "media"}


def _named(phrase: Phrase, name: Name) -> Description:
    kind = _KIND_OF_NAME.get(name.kind, "institution")
    for noun in phrase.nouns:
        # "activist group PEN America", "military news outlet Ebtekar"
        untitled = name.title_first == name.first and noun.last == name.first
        if untitled and noun.entry.type in ("institution", "media"):
            kind = noun.entry.type
    return Description(
        kind,
        "named",
        head=_last_word(name.whole),
        label=name.whole,
        name=name,
        nations=_nations(phrase),
    )


def _last_word(whole: str) -> str:
    return whole.split()[-1].lower()


def _with_name(found: Description, name: Name) -> Description:
    kind = "group" if found.plural else "person"
    return replace(
        found, kind=kind, naming="named", role=None, name=name, label=name.whole
    )


def _joined_names(phrase: Phrase, start: int, end: int) -> Description | None:
    """ "Clinton and Obama", "Pompeo and other officials": a group with a name."""
    names = [n for n in phrase.names if n.kind != DEMONYM and n.first >= start]
    for at in range(start + 1, phrase.last - 1):
        if _token(phrase, at) not in ("and", "or") or _in_clause(phrase, at):
            continue
        left = [n for n in names if n.last <= at and n.last >= _closing(phrase, at)]
        right = [n for n in names if n.first > at]
        if left and not any(n.first < at < n.last for n in names):
            joined = _joined(phrase, at, end, left[0], right)
            if joined is not None:
                return joined
    return None


def _in_clause(phrase: Phrase, at: int) -> bool:
    # "Ann Lee, who leads it and other bodies", "the talks between X and Y"
    before = phrase.lower[: at - phrase.first]
    return bool({"who", "which", "that", "whose", "between"} & set(before))


def _closing(phrase: Phrase, at: int) -> int:
    """Where a name must end to stand right before "and": "X and", "X (R-Fla.), and"."""
    while at > phrase.first and _token(phrase, at - 1) in (",", ")"):
        at -= 1
        if _token(phrase, at) == ")":
            while at > phrase.first and _token(phrase, at) != "(":
                at -= 1
    return at


def _joined(
    phrase: Phrase, at: int, end: int, left: Name, right: Sequence[Name]
) -> Description | None:
    people = any(
        m.first > at and m.entry.type.split()[0] in PEOPLE_ROLES for m in phrase.nouns
    )
    their = _token(phrase, at + 1) in ("his", "her", "their", "its", "other", "others")
    starts = [n for n in right if n.title_first <= at + 4]
    if left.kind == PERSON:
        # "Ann Lee, director of Hill and Partners": the name must be a person's
        full = bool(starts) and starts[0].kind == PERSON
        near = at <= end and (their or people or bool(starts))
        return _group(phrase) if near or (full and _is_top(phrase, end, left)) else None
    if left.kind in (ORGANISATION, PLACE) and left.title_first < end:
        # "The US and its allies" are states, "the ministry and an official" are not
        bodies = starts and starts[0].kind in (ORGANISATION, PLACE) and not people
        if bodies or their:
            return Description("institution", "named", label=_label(phrase), plural=True)
        return _group(phrase) if people and left.last >= _closing(phrase, at) else None
    return None


def _is_top(phrase: Phrase, end: int, left: Name) -> bool:
    """Whether the name heads the phrase or an apposition, not "of Hill and Lee"."""
    return left.title_first < end or _token(phrase, left.title_first - 1) in _COMMAS


def _group(phrase: Phrase) -> Description:
    return Description("group", "named", plural=True, label=_label(phrase))


def _label(phrase: Phrase) -> str:
    skip = ("the", "a", "an")
    return " ".join(w for w in phrase.lower if w not in skip)


# --- described ----------------------------------------------------------------


def _described(
    phrase: Phrase, start: int, end: int, head: Name | Match | None
) -> Description:
    determiner = _determiner(phrase)
    nations, owner = _nations(phrase, head), _owner(phrase, head)
    if isinstance(head, Name):
        return _office(phrase, head, determiner, nations)
    if _is_share(phrase, head):
        return Description("group", role="public", plural=True, label="respondents")
    if head is None:
        return replace(_without_noun(phrase, start, end), determiner=determiner)
    type_ = head.entry.type.split()
    word = phrase.lower[head.last - 1 - phrase.first] if head.last <= phrase.last else ""
    found = Description(
        type_[0],
        head=" ".join(phrase.lower[head.first - phrase.first : head.last - phrase.first]),
        plural=_is_plural(head, word, start, phrase),
        determiner=determiner,
        owner=owner,
        nations=nations,
        of_body=_is_owned(phrase, head),
    )
    if type_[0] in PEOPLE_ROLES:
        return _people(phrase, start, end, head, found)
    label = _modified_label(phrase, head)
    return replace(found, label=label)


_POSSESSIVES = frozenset("his her its their our my whose presidential".split())


def _is_owned(phrase: Phrase, head: Match) -> bool:
    """ "justice department rules", "its filings", "a report by the ministry"."""
    if _POSSESSIVES & set(phrase.lower[: head.first - phrase.first]):
        return True
    return any(
        m.entry.type == "institution"
        and (m.last <= head.first or _token(phrase, m.first - 2) in ("from", "by"))
        for m in phrase.nouns
        if m is not head
    )


def _is_plural(match: Match, word: str, start: int, phrase: Phrase) -> bool:
    forms = match.entry.cue.split()[-1].split("|")
    if "group" in match.entry.type:
        return True
    if match.entry.cue in _PLURAL_PRONOUNS:
        return True
    partitive = start > phrase.first and _token(phrase, start - 1) == "of"
    # "one of the officials" is one person, "some of the officials" are several
    if partitive and phrase.lower[0] in ("one", "another") or (
        partitive and phrase.lower[:2] in (("yet", "another"), ("only", "one"))
    ):
        return "percent" in phrase.lower or "out" in phrase.lower
    plurals = {form for slot in match.entry.cue.split() for form in slot.split("|")[1:]}
    spoken = phrase.lower[match.first - phrase.first : match.last - phrase.first]
    return bool(plurals & set(spoken)) and word not in forms[:1] * (len(forms) > 1)


_PLURAL_PRONOUNS = frozenset(
    "some many most several few those ones all both half".split()
) | {"many others", "few others"}


def _determiner(phrase: Phrase) -> str:
    opening = phrase.lower[:3]
    if not opening:
        return ""
    if _NEW & set(opening):
        return "new"
    if opening[0] in _DEFINITE:
        return "definite"
    if opening[0] in _INDEFINITE or opening[0].isdigit() or opening[0] in _NUMBERS:
        return "indefinite"
    return ""


def _nations(phrase: Phrase, head: Name | Match | None = None) -> frozenset[str]:
    known = known_names()
    found = set()
    # "videos released to Iranian media" are not Iran's; "the president of Iran" is
    things = isinstance(head, Match) and head.entry.type.split()[0] not in PEOPLE_ROLES
    last = head.last if things and head is not None else phrase.last
    for name in phrase.names:
        if name.first >= last and _token(phrase, name.first - 1) not in ("of", "from"):
            continue
        entry = known_name(name.whole) or known_name(name.whole.rstrip("s"))
        if entry and entry[0] in (PLACE, DEMONYM):
            found.add(entry[1])
        elif name.kind == OFFICE:
            words = name.whole.lower().split()
            found |= {known[w][1] for w in words if known.get(w, ("",))[0] in _AREAS}
    return frozenset(found)


_AREAS = frozenset((PLACE, DEMONYM))


_NO_OWNERS = frozenset((OFFICE, PLACE, DEMONYM))


def _owner(phrase: Phrase, head: Name | Match | None) -> Name | None:
    """A proper name that qualifies the head: its author, owner or institution."""
    if head is None:
        return None
    for name in reversed(phrase.names):
        if name.last <= head.first and name.kind not in _NO_OWNERS:
            return name
    for name in phrase.names:
        if name.first < head.last or name.kind in _NO_OWNERS:
            continue
        of = name.title_first - 1
        of = of if _token(phrase, of) in _AUTHORED else of - 1
        # "documents seen by Reuters" are not its own, nor "a note from a BBC editor"
        seen = _token(phrase, of - 1) in _SEEN
        if _token(phrase, of) in _AUTHORED and not seen and not _qualifies(phrase, name):
            return name
    return None


_SEEN = frozenset("seen obtained reviewed viewed examined cited quoted read leaked".split())


def _qualifies(phrase: Phrase, name: Name) -> bool:
    return any(
        m.first == name.last and m.entry.type.split()[0] in PEOPLE_ROLES
        for m in phrase.nouns
    )


def _office(
    phrase: Phrase, name: Name, determiner: str, nations: frozenset[str]
) -> Description:
    """A capitalised office or people without a name: "US President", "Iranians"."""
    words = name.whole.lower().split()
    if name.kind == DEMONYM:
        plural = words[-1].endswith("s")
        kind, role = ("group", "public") if plural else ("institution", None)
        naming = "veiled" if plural else "named"
        return Description(kind, naming, role, words[-1], plural, determiner, name.whole)
    inside = (m for m in reversed(phrase.nouns) if name.first <= m.first < name.last)
    match = next(inside, None)
    if match is None:
        return Description("institution", "named", label=name.whole, name=name)
    found = Description(
        "person",
        head=" ".join(words[-(match.last - match.first) :]),
        plural=_is_plural(match, words[-1], phrase.first, phrase),
        determiner=determiner,
        nations=nations,
    )
    return _people(phrase, phrase.first, name.last, match, found)


def _people(
    phrase: Phrase, start: int, end: int, match: Match, found: Description
) -> Description:
    role, *marks = match.entry.type.split()
    words = phrase.lower
    kind = "group" if found.plural else "person"
    role = _role(words, match, role, found.head)
    described = set(words) & (_INSIDE | _GOVERNMENTAL)
    modifiers = [
        w
        for w in words[start - phrase.first : match.first - phrase.first]
        if w not in _UNNAMED | _NUMBERS | _DEFINITE | _NEW | _INDEFINITE
        and w[:1].isalpha()
    ]
    # "Ms. Lee's sources" are as bare as "sources"
    if found.owner is not None and found.owner.kind == PERSON:
        modifiers = []
    after = _token(phrase, match.last)
    restricted = bool(after) and after != "else" and start == phrase.first
    # "the people" are the nation, "people" are anyone
    restricted |= found.head == "people" and found.determiner == "definite"
    bare = "bare" in marks and not modifiers and not restricted and not described
    naming = "bare" if bare else "veiled"
    if bare and found.head == "people":
        role = "other"
    return replace(
        found, kind=kind, role=role, naming=naming, label=_modified_label(phrase, match)
    )


_SOCIAL = frozenset("""
    tribal catholic religious church community business industry industrial union
    evangelical muslim jewish faith rights indigenous corporate spiritual student labor
""".split())
_COMPANIES = frozenset("""
    foundation foundations university college inc corp company airlines league group
    club hospital school
""".split())


def _role(words: Sequence[str], match: Match, role: str, head: str) -> str:
    inside = _INSIDE & set(words)
    before = words[: words.index(head.split()[-1])] if head.split()[-1] in words else ()
    if role == "official" and head in ("leader", "leaders") and _SOCIAL & set(before):
        return "other"  # "Catholic leaders"
    if head in ("official", "officials") and _COMPANIES & set(words):
        return "other"
    if "bare" in match.entry.type:
        # "a law enforcement source" and "sources within the county government"
        if role == "insider" and _GOVERNMENTAL & set(words):
            return "official"
        return "insider" if inside and "condition" not in words else role
    last = head.split()[-1] if head else ""
    if last in _PARTY_HEADS and _PARTY & set(before):
        return "partisan"
    if role == "other" and head in ("member", "members") and "congress" in words:
        return "official"
    return role


def _modified_label(phrase: Phrase, match: Match) -> str:
    """The head with what stands before it: "senior US official" -> "US official"."""
    known = known_names()
    kept = []
    for at in range(phrase.first, match.last):
        word = _token(phrase, at)
        if word in _LABEL_STOP or word.isdigit() or not word[:1].isalnum():
            continue
        area = known.get(word)
        kept.append(area[1] if area and area[0] in _AREAS else word)
    return " ".join(kept)


_LABEL_STOP = (
    _DEFINITE | _NEW | _INDEFINITE | _NUMBERS | _UNNAMED | _PARTITIVES | {"of", "'s"}
) | frozenset("senior top high-ranking current former yet's yet 's other".split())


_COUNTS = frozenset(
    "one two three four five six seven eight nine ten half most third".split()
)


def _is_share(phrase: Phrase, head: Match | None) -> bool:
    """Answers to a poll: "54%", "nine in 10", "a majority of that segment"."""
    type_ = head.entry.type.split() if head is not None else []
    if type_ and type_[0] in PEOPLE_ROLES and "bare" not in type_:
        return False
    words = phrase.lower
    return bool(_ANYONE & set(words)) or any(
        one in _COUNTS | {"just"} or one[:1].isdigit()
        for one, two in zip(words, words[1:], strict=False)
        if two in ("in", "out") and len(words) < 9
    )


_ANYONE = frozenset("percent % respondents majority out quarters thirds tenths".split())


def _without_noun(phrase: Phrase, start: int, end: int) -> Description:
    words = phrase.lower
    if any(w[:1].isdigit() for w in words):
        return Description("group", role="public", plural=True, label="respondents")
    if words and words[0] in ("some", "many", "several", "most", "others", "those"):
        return Description("group", "bare", "other", plural=True, label=words[0])
    if set(words) <= {"the", "two", "three", "four"}:
        return Description("group", role="other", head=words[-1], plural=True)
    # "Democratic claims that": the party speaks
    if words and words[-1] in _PARTY:
        return Description("group", role="partisan", plural=True, label=words[-1])
    last = _token(phrase, end - 1)
    if last.endswith("s") and not last.endswith("ss") and last.isalpha():
        return Description("group", role="other", head=last, plural=True, label=last)
    return Description("", head=last, label=_label(phrase))


def names_within(names: Iterable[Name], first: int, last: int) -> Iterator[Name]:
    """The names among `names` that lie between two tokens."""
    return (n for n in names if first <= n.title_first and n.last <= last)
