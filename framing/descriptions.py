"""What a source phrase says by itself: "a senior US official" is one official, veiled.

A name as head makes the phrase named; a noun is looked up in
`source_nouns.csv`. Whom "the official" means is judged in `antecedents`, whom a pronoun
means in `pronouns`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from framing.conjunctions import find_joined
from framing.gazetteer import (
    DEMONYM,
    MEDIA,
    OFFICE,
    ORGANISATION,
    PERSON,
    first_names,
    sounds_like_person,
    source_words,
)
from framing.grounds import ALIKE, UNTOLD, Because, Grounds, on
from framing.lexicon import Match
from framing.modifiers import (
    DEFINITE,
    INDEFINITE,
    NEW,
    QUANTITIES,
    determiner_of,
    is_owned,
    is_percentage,
    is_plural,
    is_share,
    nations_of,
    owner_of,
)
from framing.names import Name
from framing.phrases import (
    Phrase,
    apposed_name,
    find_head,
    head_bounds,
    is_people,
    token_at,
    tokens_of,
    words_of,
)
from framing.roles import (
    GOVERNMENTAL,
    INSIDE,
    PARTY,
    UNNAMED,
    modified_label,
    role_of,
)


@dataclass(frozen=True, slots=True)
class Description:
    """What the phrase itself tells; `kind` is "" where it tells nothing.

    `determiner` is "definite", "new" ("another official"), "indefinite" or "".
    `of_body` is True where a body or "his" stands before ("justice department rules").
    `label` names the source where no proper name does ("US official"). `name` is the
    proper name of the source, `owner` one that only qualifies it ("a Pentagon
    spokesman", "Trump's tweets"). `why` are the rules that say all this.
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
    why: Grounds = UNTOLD


_FORCES = frozenset("rebels fighters militants insurgents guerrillas gunmen".split())


def describe(phrase: Phrase) -> Description:
    """Codes of a source phrase that the phrase alone can give (CODEBOOK, section 2)."""
    start, end = head_bounds(phrase)
    joined = find_joined(phrase, start, end)
    if joined is not None:
        return _joined(phrase, *joined)
    if len(phrase.lower) == 1 and phrase.lower[0] in _PARTISAN | _REGIONAL:
        return _adjective(phrase)
    head = find_head(phrase, start, end)
    if isinstance(head, Name) and head.kind not in (OFFICE, DEMONYM):
        # "42% of Ohioans", of whom no list knows
        return _respondents() if is_percentage(phrase) else _named(phrase, head)
    apposed = apposed_name(phrase, end)
    found = _described(phrase, start, end, head)
    if apposed is not None and found.kind in ("person", "group", ""):
        return _with_name(found, apposed)
    return found


# --- named --------------------------------------------------------------------

_KIND_OF_NAME = {PERSON: "person", MEDIA: "media"}


def _named(phrase: Phrase, name: Name) -> Description:
    kind = _KIND_OF_NAME.get(name.kind, "institution")
    because = Because(name.why, name.first, name.last)
    named = Because("{words} is a proper name", name.first, name.last)
    for noun in phrase.nouns:
        # "activist group PEN America", "military news outlet Ebtekar"
        untitled = name.title_first == name.first and noun.last == name.first
        if name.whole.split()[0].lower() in first_names():
            continue  # "broadcaster Joe Hill"
        if untitled and noun.entry.type in ("institution", "media"):
            # "the agency Oceanic Press" stays an outlet
            kind = noun.entry.type if name.kind != MEDIA else kind
            because = _listed(noun) if name.kind != MEDIA else because
    return Description(
        kind,
        "named",
        head=_last_word(name.whole),
        label=name.whole,
        name=name,
        nations=nations_of(phrase),
        why=Grounds(because, named, named, named),
    )


def _listed(noun: Match) -> Because:
    rule = "{words} is a noun of source_nouns.csv, row {row}"
    return Because(rule, noun.first, noun.last, row=noun.entry)


def _last_word(whole: str) -> str:
    return whole.split()[-1].lower()


def _with_name(found: Description, name: Name) -> Description:
    kind = "group" if found.plural else "person"
    beside = Because("the name {words} stands beside it", name.first, name.last)
    return replace(
        found,
        kind=kind,
        naming="named",
        role=None,
        name=name,
        label=name.whole,
        why=Grounds(found.why.kind, beside, beside, beside),
    )


_PARTISAN = source_words("party adjective")
_REGIONAL = frozenset("western european arab african asian regional".split())


def _adjective(phrase: Phrase) -> Description:
    """ "Democratic criticism", "Western claims": people of a party or a region."""
    word = phrase.lower[0]
    why = on(Because("{source} alone stands for people of a party or a region"))
    role = "partisan" if word in _PARTISAN else "official"
    return Description("group", role=role, plural=True, label=word, why=why)


def _joined(phrase: Phrase, kind: str, at: int) -> Description:
    if kind == "institution":
        why = on(Because("{words} joins bodies or states", at, at + 1))
    else:
        why = on(Because("{words} joins names, or a name with others", at, at + 1))
    return Description(kind, "named", plural=True, label=_label(phrase), why=why)


def _label(phrase: Phrase) -> str:
    skip = ("the", "a", "an")
    return " ".join(w for w in phrase.lower if w not in skip)


# --- described ----------------------------------------------------------------


def _described(
    phrase: Phrase, start: int, end: int, head: Name | Match | None
) -> Description:
    determiner = determiner_of(phrase)
    nations, owner = nations_of(phrase, head), owner_of(phrase, head)
    head = _first_of_two(phrase, start, end) or head
    if isinstance(head, Name):
        return _office(phrase, head, determiner, nations)
    if is_share(phrase, head):
        return _respondents()
    if head is None:
        return replace(_without_noun(phrase, start, end), determiner=determiner)
    found = Description(
        head.entry.type.split()[0],
        head=" ".join(words_of(phrase, head)),
        plural=is_plural(phrase, head, start=start)
        or token_at(phrase, head.last) == "and",
        determiner=determiner,
        owner=owner,
        nations=nations,
        of_body=is_owned(phrase, head),
        why=on(_listed(head))._replace(name=ALIKE),
    )
    if is_people(head):
        return _people(phrase, start, end, head, found)
    return replace(found, label=modified_label(phrase, head))


def _first_of_two(phrase: Phrase, start: int, end: int) -> Match | None:
    # "two officials and a person familiar with it": the first noun counts
    for noun in phrase.nouns:
        two = token_at(phrase, noun.last) == "and" and noun.last + 1 < phrase.last
        inside = start <= noun.first and noun.last < end
        if not (is_people(noun) and two and inside):
            continue
        if token_at(phrase, noun.last + 1) in _ARTICLES or _joins_groups(
            phrase, noun, end
        ):
            return noun
    return None


def _joins_groups(phrase: Phrase, noun: Match, end: int) -> bool:
    """ "opposition activists and local rescuers": two groups, neither the other's."""
    bare = "bare" in noun.entry.type
    plural = is_plural(phrase, noun)
    last = [m for m in phrase.nouns if noun.last < m.first and m.last == end]
    if plural and not bare and any(is_people(m) for m in last):
        return True
    # "witnesses and news reports", not "police and court documents"
    papers = any(m.entry.type in ("document", "media") for m in last)
    return plural and papers and "group" not in noun.entry.type


_ARTICLES = frozenset("a an the one two three four his her their".split())


def _office(
    phrase: Phrase, name: Name, determiner: str, nations: frozenset[str]
) -> Description:
    """A capitalised office without a name: "US President", "Minister of Justice"."""
    if name.kind == DEMONYM:
        return _people_of_nation(phrase, name, determiner)
    words = name.whole.lower().split()
    inside = [m for m in phrase.nouns if name.first <= m.first < name.last]
    # "Minister of Intelligence": an office, although intelligence is a paper
    people = [m for m in inside if is_people(m)]
    match = next(reversed(people or inside), None)
    if match is None:
        why = on(Because(name.why, name.first, name.last))
        return Description("institution", "named", label=name.whole, name=name, why=why)
    found = Description(
        "person",
        head=" ".join(words[-(match.last - match.first) :]),
        plural=is_plural(phrase, match),
        determiner=determiner,
        nations=nations,
        why=on(_listed(match)),
    )
    return _people(phrase, phrase.first, name.last, match, found)


def _people_of_nation(phrase: Phrase, name: Name, determiner: str) -> Description:
    """ "the Russians" are the state, "Russians" and "many Russians" anyone."""
    words = name.whole.lower().split()
    whole = name.last - phrase.first == 2 == len(phrase.lower)
    state = phrase.lower[0] == "the" and len(words) == 1 and whole
    plural = words[-1].endswith("s") and not state
    kind, role = ("group", "public") if plural else ("institution", None)
    naming = "veiled" if plural else "named"
    return Description(
        kind, naming, role, words[-1], plural, determiner, name.whole,
        why=on(Because(name.why, name.first, name.last)),
    )  # fmt: skip


def _follows_body(phrase: Phrase, match: Match) -> bool:
    bodies = (name for name in phrase.names if name.kind == ORGANISATION)
    return any(match.first - 1 in tokens_of(name) for name in bodies)


def _people(
    phrase: Phrase, start: int, end: int, match: Match, found: Description
) -> Description:
    role, role_rule = role_of(phrase.lower, match.entry.type, found.head)
    bare = _is_bare(phrase, start, match, found)
    naming, naming_rule = ("bare", _BARE) if bare else ("veiled", _VEILED)
    # "Hamas fighters": the proper name tells whose they are (a group with a name)
    rebels = found.plural and found.head in _FORCES and _follows_body(phrase, match)
    if rebels and found.head == "rebels":
        return _rebels(phrase, match, found)
    if rebels:
        naming, naming_rule = "named", "the name before {words} tells whose they are"
    if role == "partisan" and is_percentage(phrase):
        role, role_rule = "public", "{words} are a share of those asked in a poll"
    if bare and found.head == "people":
        role, role_rule = "other", "{words} are anyone"
    listed = found.why.kind
    return replace(
        found,
        kind="group" if found.plural else "person",
        role=None if naming == "named" else role,
        naming=naming,
        label=modified_label(phrase, match),
        why=Grounds(
            listed._replace(rule=_SEVERAL if found.plural else _ONE),
            Because(naming_rule, match.first, match.last),
            listed._replace(rule=role_rule),
            ALIKE,
        ),
    )


def _rebels(phrase: Phrase, match: Match, found: Description) -> Description:
    """ "Houthi rebels" are the body itself."""
    label = modified_label(phrase, match)
    return replace(found, kind="institution", naming="named", label=label)


def _is_bare(phrase: Phrase, start: int, match: Match, found: Description) -> bool:
    """Whether nothing describes the people: "sources", not "industry sources"."""
    words = phrase.lower
    modifiers = [
        w
        for w in words[start - phrase.first : match.first - phrase.first]
        if w not in UNNAMED | QUANTITIES | DEFINITE | NEW | INDEFINITE
        and w[:1].isalpha()
    ]
    # "Ms. Lee's sources" are as bare as "sources", "Gulf sources" are not
    owner = found.owner
    if owner is not None and owner.kind == PERSON and "'s" in words:
        modifiers = []
    after = token_at(phrase, match.last)
    # "some of those who fled" are told of, as "those who fled" are
    told = start == phrase.first or (found.head in _TOLD_OF and after in _TELLING)
    restricted = bool(after) and after != "else" and told
    # "the people" are the nation, "people" are anyone
    restricted |= found.head == "people" and found.determiner == "definite"
    described = set(words) & (INSIDE | GOVERNMENTAL)
    alone = not modifiers and not restricted and not described
    return alone and "bare" in match.entry.type.split()[1:]


_ONE = "{words} is one person (source_nouns.csv, row {row})"
_SEVERAL = "{words} are several people (source_nouns.csv, row {row})"
_TOLD_OF = frozenset(("those", "ones", "people"))
_TELLING = frozenset(
    "who that whose with surveyed polled interviewed questioned present".split()
)
_BARE = "{words} is all that is told of the source"
_VEILED = "the source is described by {words} and not named"


def _respondents() -> Description:
    why = on(Because("{source} is a share of those asked in a poll"))
    return Description(
        "group", role="public", plural=True, label="respondents", why=why
    )


def _without_noun(phrase: Phrase, start: int, end: int) -> Description:
    words = phrase.lower
    # "911 calls", "most hypotheses": things that no list has
    last, numbered = token_at(phrase, end - 1), any(w[:1].isdigit() for w in words)
    thing = end - start == 2 and last.isalpha() and last.endswith("s")
    if thing and words[0] not in ("the", "those") and not sounds_like_person(last):
        return _unlisted(phrase, end - 1)
    if numbered:
        return _respondents()
    if words and words[0] in ("some", "many", "several", "most", "others", "those"):
        why = on(Because("{source} has a quantity and no noun for people"))
        return Description(
            "group", "bare", "other", plural=True, label=words[0], why=why
        )
    if words and words[-1] in _FRACTIONS:  # "only a third"
        return _respondents()
    if set(words) <= {"the", "two", "three", "four", "pair", "duo", "trio"}:
        why = on(Because("{source} is a number of people and no more"))
        return Description("group", role="other", head=words[-1], plural=True, why=why)
    # "Democratic claims that": the party speaks
    if words and words[-1] in PARTY:
        why = on(Because("{source} ends with the name of a party"))
        return Description(
            "group", role="partisan", plural=True, label=words[-1], why=why
        )
    return _unlisted(phrase, end - 1)


_FRACTIONS = frozenset("half third thirds quarter quarters majority".split())


def _unlisted(phrase: Phrase, at: int) -> Description:
    """A head that no list has: people and papers are told apart by its ending."""
    last, label = token_at(phrase, at), _label(phrase)
    # "welders", "the banker-turned-poet" are people; "malware", "details" are not
    if not sounds_like_person(last):
        why = on(Because(f"{_UNLISTED} not as people do", at, at + 1))
        return Description("document", head=last, label=label, why=why)
    why = on(Because(f"{_UNLISTED} as nouns for people do", at, at + 1))
    if last.endswith("s"):
        return Description("group", "veiled", "other", last, True, label=last, why=why)
    return Description("", head=last, label=label, why=why)


_UNLISTED = "{words} is in no list, and ends"
