"""Proper names of an article: where they stand and what they name.

A name is a run of capitalised tokens ("Secretary of State John Kerry") cut into the
title and the name proper; what a name is of, its words and the lexicons tell. Not
covered: companies that nobody lists and that are called by one word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from framing.gazetteer import (
    ABBREVIATED,
    DEMONYM,
    MEDIA,
    OFFICE,
    ORGANISATION,
    PERSON,
    PLACE,
    body_words,
    first_names,
    known_names,
    noun_words,
    source_words,
    title_words,
)
from framing.lexicon import Match
from framing.outlets import find_outlets
from framing.text import Segments


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens `first` to `last` (excluded) that name something.

    `title_first` is where a title in front begins ("President" in "President Obama"),
    else equal to `first`. `whole` is the text of the name without the title, `why`
    the rule that gave the kind, with {words} for the name.
    """

    title_first: int
    first: int
    last: int
    whole: str
    kind: str
    why: str = ""


# --- names --------------------------------------------------------------------

_PARTICLES = source_words("name particle")
# Words that open a sentence or a headline with a capital and name nothing.
_OPENERS = source_words("opener")
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


def find_names(
    segments: Segments, *, outlets: Sequence[Match] | None = None
) -> list[Name]:
    """Names of a text in text order; `outlets` where they were found already.

    >>> from framing.text import find_segments
    >>> names = find_names(find_segments("President Evo Morales flew to the U.S."))
    >>> [(name.whole, name.kind) for name in names]
    [('Evo Morales', 'person'), ('U.S.', 'place')]
    """
    found = find_outlets(segments) if outlets is None else outlets
    media = _outlet_names(found)
    taken = {at for name in media for at in range(name.first, name.last)}
    names = [
        name
        for run in _runs(segments)
        for first, last in _without(run, taken)
        for name in _names_in(segments, first, last)
    ]
    names = _with_short_forms(names)
    return sorted((*names, *media), key=lambda n: (n.title_first, n.last))


_SHORT = "{words} is short for an outlet that the article names in full"
_LISTED = "{words} is a listed name (institutions.csv, outlets.csv)"


def _with_short_forms(names: list[Name]) -> list[Name]:
    # "Brimfield News reported it. She told Brimfield that ...": one outlet
    shorts = {
        name.whole.rsplit(" ", 1)[0]: name.whole
        for name in names
        if name.kind == MEDIA and " " in name.whole
    }
    known = known_names()
    return [
        replace(name, whole=shorts[name.whole], kind=MEDIA, why=_SHORT)
        if name.whole in shorts
        and name.title_first == name.first
        and name.whole.lower() not in known
        else name
        for name in names
    ]


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


def _outlet_names(found: Sequence[Match]) -> list[Name]:
    # "Stars and Stripes", "Cleveland.com": no run of capitals
    return [
        Name(m.first, m.first, m.last, m.entry.note, kind, _LISTED)
        for m in found
        for kind in (ORGANISATION if m.entry.type == "platform" else MEDIA,)
        if m.last - m.first > 1 or m.entry.type != "platform"
    ]


def _runs(segments: Segments) -> Iterator[tuple[int, int]]:
    text, tokens = segments.text, segments.tokens
    starts, n, at = tokens.starts, len(tokens.starts), 0
    while at < n:
        letter = text[starts[at]]
        # most words begin small and with none of the letters of "@", "al-", "el-"
        if not letter.isupper() and (
            letter not in "@ae" or not _is_prefixed(text, starts, at)
        ):
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
    return (
        text[start : start + 3] in ("al-", "el-")
        and text[start + 3 : start + 4].isupper()
    )


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
        # "Trump Says" in a headline: the verb is no part of the name; "Mr. May" is
        month = before == "." and tokens.lower[at - 2] in _HONORIFICS
        surname = month or _is_surname(segments, at)
        return 0 if word in _OPENERS and word not in _PARTICLES and not surname else 1
    if word == "." and (len(before) == 1 or before in ABBREVIATED):
        return 1 if _is_capital(segments, at + 1, first) else 0
    if word in _PARTICLES or word == "&":
        step = 2 if at + 1 < n and tokens.lower[at + 1] in _PARTICLES else 1
        return step if _is_capital(segments, at + step, first) else 0
    if word in _LINKS and _goes_on(segments, first, at):
        step = 2 if at + 1 < n and tokens.lower[at + 1] == "the" else 1
        # "The Water Ministry on Monday said": the day is no part of the name
        named = _is_capital(segments, at + step, first)
        return step if named and tokens.lower[at + step] not in _OPENERS else 0
    # "Center for Strategic and International Studies" is one body
    if word == "and" and _is_capital(segments, at + 1, first):
        linked = any(tokens.lower[i] in _LINKS for i in range(first, at))
        return 1 if linked and _has_keyword(tokens.lower, first, at) else 0
    return 0


def _is_surname(segments: Segments, at: int) -> bool:
    """ "George F. Will", "Theresa May": words that open a sentence, as surnames."""
    lower = segments.tokens.lower
    given = at - 3 if lower[at - 1] == "." and len(lower[at - 2]) == 1 else at - 1
    if given < 0 or lower[at] not in _SURNAMES or lower[given] not in first_names():
        return False
    # "Ann Will Stay", in a headline
    return at + 1 >= len(lower) or not _is_capital(segments, at + 1, at)


_SURNAMES = frozenset(("will", "may", "march", "so", "such", "still"))


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
    if before in body_words() or before in (
        "commissioner",
        "representatives",
        "chiefs",
    ):
        return True
    if lower[at] == "to":
        return before in ("ambassador", "envoy", "representative")
    if lower[at] == "for":  # "Secretary of State for Ocean Affairs", "Minister for"
        return not _OFFICE_HEADS.isdisjoint(lower[first:at])
    return lower[at] == "of" and before in _OFFICE_HEADS


_OFFICE_HEADS = frozenset(
    "secretary speaker director minister chief general coordinator envoy".split()
)


def _names_in(segments: Segments, first: int, last: int) -> Iterator[Name]:
    """The names in a run: "US President Donald Trump" is a place and a person."""
    lower = segments.tokens.lower
    while first < last and (lower[first] in _OPENERS or _BACKED.search(lower[first])):
        first += 1
    if first >= last or _PARTY_AND_STATE.match(lower[first]):
        return
    whole = known_names().get(" ".join(lower[first:last]))
    if whole is not None:  # "Mother Jones" is no mother
        joined = _joined(segments, first, last)
        yield Name(first, first, last, joined, whole[0], _LISTED)
        return
    after = _after_title(lower, first, last)
    if after == last and _sounds_like_outlet(segments, first, last):
        after = first  # "Oceanic Press" is no press officer
    for start, end in _known_in(lower, first, after if after < last else first):
        kind = known_names()[" ".join(lower[start:end])][0]
        yield Name(start, start, end, _joined(segments, start, end), kind, _LISTED)
    if after >= last:
        yield _office_or_body(segments, first, last)
        return
    kind, why = _kind(segments, after, last, titled=after > first)
    head = after
    if kind == PERSON and after == first:
        head = _skip_modifiers(lower, first, last)
        for start, end in _known_in(lower, first, head):
            modifier = known_names()[" ".join(lower[start:end])][0]
            joined = _joined(segments, start, end)
            yield Name(start, start, end, joined, modifier, _LISTED)
    yield Name(first, head, last, _joined(segments, head, last), kind, why)


# "Iranian-backed Houthi rebels": the name begins behind it
_BACKED = re.compile(r"-(backed|led|born|based|aligned|allied|funded|run|controlled)$")
_HONORIFICS = frozenset(("mr", "mrs", "ms", "miss", "mister"))
# "an aide to Sen. Ann Lee, R-Texas": no second name
_PARTY_AND_STATE = re.compile(r"[rdi]-[a-z]")


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
        if at == last - 1 and at > after and lower[after] in first_names():
            break  # "Rep. Peter King" is not an office
        after = at + 1
        if after < last and lower[after] == "." and lower[at] in ABBREVIATED:
            after += 1
        if lower[at] in _HONORIFICS and after < last:
            break  # "Mr. Tribe" and "Mrs. Judge" are people
        if after < last and lower[after] in _LINKS:
            after = _after_office(lower, after, last)
    if after > first and after < last and lower[after] == "for":
        after = _after_field(lower, after, last)
    return after


_FIELDS = frozenset(
    "affairs policy security operations health intelligence enforcement rights"
    " nonproliferation diplomacy energy environment education communications".split()
)


def _after_field(lower: Sequence[str], after: int, last: int) -> int:
    # "Assistant Secretary of State for Near Eastern Affairs Anne Lee"
    fields = [at for at in range(after, last) if lower[at] in _FIELDS]
    return fields[-1] + 1 if fields else last


def _is_body_of(lower: Sequence[str], first: int, last: int) -> bool:
    # "Panel of Experts on Iran", "Center for Strategic Studies", "US Department of ..."
    place = known_names().get(lower[first], ("",))[0] == PLACE
    first += place and lower[first] not in body_words()
    return (
        first + 1 < last and lower[first] in body_words() and lower[first + 1] in _LINKS
    )


def _has_keyword(lower: Sequence[str], first: int, last: int) -> bool:
    return any(lower[at] in body_words() for at in range(first, last))


def _after_office(lower: Sequence[str], of: int, last: int) -> int:
    for office in _OFFICES:
        end = of + 1 + len(office)
        if tuple(lower[of + 1 : end]) == office and end <= last:
            return end
    if lower[of] == "for":
        return _after_field(lower, of, last)
    # "Ambassador to the United Nations Nikki Haley"
    start = of + 2 if lower[of + 1] == "the" else of + 1
    known = next((end for _, end in _known_in(lower, start, last)), last)
    # "Director of Harbour Affairs Ann Lee"
    given = (at for at in range(start, last - 1) if lower[at] in first_names())
    return next(given, last) if known == last else known


def _skip_modifiers(lower: Sequence[str], first: int, last: int) -> int:
    # "Venezuelan Nicolás Maduro", "Democrat Amy Klobuchar": the name begins later
    known = known_names()
    at = first
    while at < last - 1 and known.get(lower[at], ("",))[0] in (DEMONYM, PLACE):
        at += 1
    # "the UN Mike Waltz" after "ambassador to"
    body = known.get(lower[at], ("",))[0] == ORGANISATION
    return at + 1 if body and at < last - 2 and lower[at + 1] in first_names() else at


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
    kind, why = (known[0], _LISTED) if known else (OFFICE, _TITLE)
    # "Joint Chiefs of Staff", "American Farmers Union" are bodies, not offices
    alone = last - first == 1 and _opens_with_noun(segments, first)
    if _has_keyword(lower, first, last) and not known and not alone:
        # "Minister of Intelligence" is an office
        office = any(
            lower[at] in _OFFICE_HEADS and lower[at + 1] in _LINKS
            for at in range(first, last - 1)
        )
        is_body = lower[last - 1] in body_words() and not office
        kind, why = (ORGANISATION, _BODY) if is_body else (OFFICE, _TITLE)
    return Name(first, first, last, _joined(segments, first, last), kind, why)


_TITLE = "{words} is a title without a name"
_BODY = "{words} holds a word for bodies (institutions.csv)"


# Last words of outlets that no list can hold: "Harbour Gazette", "KRQE-TV".
_PAPERS = source_words("outlet name")
_CALL_SIGN = re.compile(r"[WK][A-Z]{2,3}(?:-?(?:TV|FM|AM)\d?)?$")


def _sounds_like_outlet(segments: Segments, first: int, last: int) -> bool:
    lower, start = segments.tokens.lower, segments.tokens.starts[last - 1]
    if last - first > 1 and lower[last - 1] in _PAPERS:
        # "the Free Press" but not "Washington Post-Dispatch Building", "Fox Star"
        return lower[first] not in first_names() or (
            first > 0 and lower[first - 1] == "the"
        )
    word = segments.text[start : segments.tokens.ends[last - 1]]
    return last - first == 1 and bool(_CALL_SIGN.match(word)) and len(word) >= 4


def _kind(
    segments: Segments, first: int, last: int, *, titled: bool
) -> tuple[str, str]:
    """What the name is of, and the rule that says so."""
    lower = segments.tokens.lower
    if _sounds_like_outlet(segments, first, last):
        return MEDIA, "{words} is a name as only outlets have"
    if _is_body_of(lower, first, last):
        return ORGANISATION, _BODY
    # "Governments have denounced", "Footage showed": a noun that opens a sentence
    # and "Travel Advisory", a paper; but "Ellen Page" is a person
    noun = lower[last - 1] in noun_words() and lower[last - 1] not in body_words()
    noun = noun or (last - first == 1 and _opens_with_noun(segments, first))
    if noun and not titled and lower[first] not in first_names():
        return OFFICE, "{words} is a noun with a capital"
    known = known_names().get(" ".join(lower[first:last]))
    if known is not None and not titled:
        return known[0], _LISTED
    # "George Mason University" is no person, "Peter Church" is
    the = first > 0 and lower[first - 1] == "the"  # "the Hill Foundation"
    body = (last - first > 2 or the) and lower[last - 1] in body_words()
    if lower[first] in first_names() and last - first >= 2 and not body:
        return PERSON, "{words} begins with a first name (first_names.csv)"
    if _has_keyword(lower, first, last):
        return ORGANISATION, _BODY
    if titled or lower[first] == "@":
        return PERSON, "{words} stands behind a title or an @"
    return _kind_by_form(segments, first, last)


def _kind_by_form(segments: Segments, first: int, last: int) -> tuple[str, str]:
    """What a name is of that no list knows."""
    lower = segments.tokens.lower
    if lower[last - 1].endswith("s") and lower[last - 1][:-1] in known_names():
        return DEMONYM, "{words} is the plural of a listed people"
    whole = _joined(segments, first, last)
    if whole.isupper() and last - first == 1 and 2 <= len(whole) <= 6:
        return ORGANISATION, "{words} is short and in capitals, as bodies are"
    if first and lower[first - 1] == "the":
        return ORGANISATION, "{words} has 'the' before it, as bodies have"
    if _MEDIAL_CAPITAL.match(whole):
        return ORGANISATION, "{words} has a capital inside, as companies have"
    return PERSON, "{words} is a name that no list has for a body, place or outlet"


# "FireEye", "DeepMind" are companies; "McCain", "DeSantis", "LeBron" are people
_MEDIAL_CAPITAL = re.compile(
    r"(?!Mac|Mc|De[A-Z]|Di[A-Z]|Du[A-Z]|La[A-Z]|Le[A-Z]|Da[A-Z]|Fitz|Van|Von|San)"
    r"[A-Z][a-z]+[A-Z][a-z]+$"
)


def _opens_with_noun(segments: Segments, at: int) -> bool:
    # "Advocates for the bill", "Media in Oslo": a capital that opens the sentence
    tokens = segments.tokens
    opens = at == 0 or tokens.sentence[at - 1] != tokens.sentence[at]
    word = tokens.lower[at]
    return word == "police" or (opens and (word == "media" or word in title_words()))


def _joined(segments: Segments, first: int, last: int) -> str:
    tokens = segments.tokens
    return " ".join(segments.text[tokens.starts[first] : tokens.ends[last - 1]].split())
