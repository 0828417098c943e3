"""News outlets: where a text names one, and which one an article is from.

`outlets.csv` gives each alias its type and, as note, the name of the outlet. Platforms
(X, Facebook) are in it so that they can be told apart: they never relay.
"""

from __future__ import annotations

import re
from functools import cache

from framing.lexicon import Match, load_lexicon
from framing.text import Segments

PLATFORM = "platform"


def find_outlets(segments: Segments) -> list[Match]:
    """Outlets and platforms that a text names; `entry.note` is the outlet's name.

    >>> from framing.text import find_segments
    >>> cut = find_segments("He told the BBC on Friday.")
    >>> [match.entry.note for match in find_outlets(cut)]
    ['BBC']
    """
    return load_lexicon("outlets").find(segments.text, segments.tokens)


@cache
def outlet_name(label: str) -> str:
    """The outlet behind a label of a corpus, or the label itself where unknown.

    >>> outlet_name("CNN (Web News)"), outlet_name("Fox Online News")
    ('CNN', 'Fox News')
    >>> outlet_name("New York Times - News"), outlet_name("foxnews.com")
    ('The New York Times', 'Fox News')
    >>> outlet_name("The Harbour Gazette")
    'The Harbour Gazette'
    """
    aliases = _aliases()
    address = label.strip().lower().removeprefix("www.")
    if address in aliases:
        return aliases[address]
    words = _words(label)
    for length in range(len(words), 0, -1):
        for first in range(len(words) - length + 1):
            alias = " ".join(words[first : first + length])
            if alias in aliases and (length > 1 or len(words) <= 3):
                return aliases[alias]
    return label.strip()


def is_same_outlet(one: str, two: str) -> bool:
    """Whether two labels mean one outlet.

    >>> is_same_outlet("The Harbour Gazette", "Harbour Gazette")
    True
    """
    return _words(outlet_name(one)) == _words(outlet_name(two))


def _words(label: str) -> list[str]:
    words = re.findall(r"[^\W_]+(?:['’&.][^\W_]+)*|&", label.lower())
    return words[1:] if words[:1] == ["the"] and len(words) > 1 else words


@cache
def _aliases() -> dict[str, str]:
    aliases: dict[str, str] = {}
    for entry in load_lexicon("outlets").entries:
        if entry.role != "cue" or entry.type in (PLATFORM, "programme"):
            continue
        alias = entry.cue.removeprefix("(the) ").lower()
        aliases.setdefault(alias.replace(" . ", "."), entry.note)
        aliases.setdefault(" ".join(_words(alias)), entry.note)
    return aliases
