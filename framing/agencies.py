"""Who wrote the story: datelines and news agencies, read off the article's edges.

`lexicons/agencies.csv` holds written forms, `|` between them: role cue is an agency
(`type` is its name), pseudo gives out pictures only, stop is a label in capitals
that stands where a place would ("UPDATE:").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from framing.lexicon import FOLDER, read_entries

AGENCIES = FOLDER / "agencies.csv"
MONTHS = (
    "January|February|March|April|June|July|August|September|October|November|"
    "December|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
)


def find_dateline(text: str) -> str | None:
    """The dateline that opens the story, without its closing dash or colon, or None.

    Looked for at the start of the first ten lines, since bylines may stand before it.

    >>> find_dateline("Washington DC [US], October 25 (ANI): The president may go.")
    'Washington DC [US], October 25 (ANI)'
    >>> find_dateline("WASHINGTON — The talks may resume.")
    'WASHINGTON'
    >>> find_dateline("He may go to Washington.") is None
    True
    """
    found = _dateline(text)
    return text[found.start() : found.end("dateline")] if found else None


def find_agency(text: str) -> str | None:
    """The news agency that wrote the story, as named in `agencies.csv`, or None.

    Told by the dateline, a tag that ends a paragraph or a byline, in this order; an
    agency that is only quoted or that "contributed to this report" does not count.

    >>> find_agency("CARACAS, Venezuela (AP) — The talks may resume.")
    'Associated Press'
    >>> find_agency("Reuters said the talks may resume.") is None
    True
    """
    found = _dateline(text)
    tag = found["agency"] if found else None
    if tag is None:
        match = _signature().search(shadow_of(text))
        tag = match[match.lastgroup or 0] if match else None
    return agencies()[tag] if tag else None


def is_agency(outlet: str) -> bool:
    """Whether the name or address of an outlet is an agency's.

    >>> is_agency("reuters.com"), is_agency("Associated Press"), is_agency("The Hill")
    (True, True, False)
    """
    key = outlet_key(re.sub(r"\.[a-z]{2,3}$", "", outlet.lower()))
    forms = map(outlet_key, agencies())
    return any(
        key == form or (len(form) > 3 and key.startswith(form)) for form in forms
    )


def outlet_key(name: str) -> str:
    """The name of an outlet without case, spaces, signs and a leading article.

    >>> outlet_key("The Harbour-Gazette"), outlet_key("www.harbourgazette.com")
    ('harbourgazette', 'harbourgazettecom')
    """
    return re.sub(r"^the |^www\.|[\W_]", "", name.strip().lower())


# --- the shadow of a text -----------------------------------------------------

# Patterns are written once for “ and ", for U+00A0 and a space, for \r\n and \n.
_STRAIGHT = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("\t\x1f\u00a0\u1680\u202f\u205f\u3000\ufeff", " "),
        **{chr(code): " " for code in range(0x2000, 0x200C)},
        **dict.fromkeys("\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n"),
    }
)
_MARGIN = re.compile(r"(?<![^\n]) +| +(?![^\n ])")
LINE = re.compile(r"[^\n]+")


def shadow_of(text: str) -> str:
    """`text` with the same offsets, easier to match: straight marks, no margins.

    >>> shadow_of("“Yes”\\r\\n  No") == '"Yes"' + 4 * chr(10) + "No"
    True
    """
    straight = text.translate(_STRAIGHT)
    return _MARGIN.sub(lambda margin: "\n" * len(margin[0]), straight)


# --- the lexicon --------------------------------------------------------------


@cache
def agencies() -> dict[str, str]:
    """Written form ("AP", "The Associated Press") to the agency's name."""
    return {
        form: entry.type
        for entry in read_entries(AGENCIES)
        if entry.role == "cue"
        for form in entry.cue.split("|")
    }


@cache
def written_forms(role: str) -> tuple[str, ...]:
    """Every form of the rows with `role`."""
    entries = read_entries(AGENCIES)
    return tuple(f for e in entries if e.role == role for f in e.cue.split("|"))


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of `words`, longest first.

    >>> alternatives(["AP", "AP News"])
    '(?:AP\\\\ News|AP)'
    """
    return "(?:" + "|".join(map(re.escape, sorted(words, key=len, reverse=True))) + ")"


# --- patterns -----------------------------------------------------------------


@cache
def _signature() -> re.Pattern[str]:
    agency = alternatives(agencies())
    return re.compile(
        rf"(?m)\((?P<tag>{agency})\)[.\"']?$"
        rf"|^\((?P<opening>{agency})\)(?: ?[—–:-]| [A-Z])"
        rf"|^(?i:by|from|source:|sourced from:?) (?P<by>{agency})$"
        rf"|^(?i:by) [^\n.]{{3,60}}, (?P<desk>{agency})$"
        rf"|^\(?(?i:with (?:\w{{1,20}} )?inputs from) (?P<inputs>{agency})\)?\.?$"
        rf"|(?i:copyright|©)[ ©\d]{{0,20}}(?P<holder>{agency})\b"
    )


_DATELINE = r"""
    (?! (?:{labels}) (?!\w) )
    (?P<dateline>
        (?: (?P<capitals> {capital}{capitals} (?:[ /]{capital}{capitals}){{0,4}} )
            (?:,[ ][^\W\d_][\w.'-]{{0,25}} (?:[ ][^\W\d_a-z][\w.'-]{{0,25}}){{0,2}} )?
          | (?=(?:{months})\.?[ ]\d)
          | [^\W\d_a-z][\w.'-]{{1,25}}
            (?:(?P<comma>,)?[ ][^\W\d_a-z][\w.'-]{{0,25}}){{0,4}} )
        (?P<region> [ ]\[[\w. ]{{2,20}}\] )?
        (?P<date> (?:,?[ ])?(?:{months})\.?[ ]\d{{1,2}}\b (?:,[ ]\d{{4}})?
          | ,?[ ]\d{{1,2}}[ ](?:{months})\b\.? (?:[ ]\d{{4}})? )?
        (?: ,?[ ]\((?: (?P<agency>{agencies}) | [A-Z]{{2,6}} )\) )?
    )
    (?P<mark> [ ]?(?:--|[—–]|-(?=[ ])) | :(?=[ ]) | (?(agency)(?=[ ])|(?!)) )
"""
_CAPITAL = r"(?:(?!\d|_)[^\Wa-zß-öø-ÿ])"
_CAPITALS = rf"(?:{_CAPITAL}|[.'-]){{1,25}}"
_FIRST_LINES, _FIRST_CHARACTERS = 10, 4000


@cache
def _dateline_pattern() -> re.Pattern[str]:
    return re.compile(
        _DATELINE.format(
            capital=_CAPITAL,
            capitals=_CAPITALS,
            months=MONTHS,
            labels=alternatives(written_forms("stop")),
            agencies=alternatives(agencies()),
        ),
        re.VERBOSE,
    )


def _dateline(text: str) -> re.Match[str] | None:
    shadow = shadow_of(text[:_FIRST_CHARACTERS])
    lines = LINE.finditer(shadow)
    for _, line in zip(range(_FIRST_LINES), lines, strict=False):
        match = _dateline_pattern().match(shadow, line.start(), line.end())
        if match and match.end() < line.end() and _is_dateline(match):
            return match
    return None


def _is_dateline(match: re.Match[str]) -> bool:
    if match["agency"]:
        # "Washington (CNN) The president" has no dash.
        return True
    if match["mark"] != ":":
        # "Tehran, Iran — Two rockets"; but "Mr. Maduro — the president — left".
        return bool(match["capitals"] or match["comma"] or match["date"])
    # "Maduro: I will stay" is speech.
    return bool(match["region"] or match["date"])
