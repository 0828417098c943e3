"""Why a source was coded so: the rule in words and the place in the text it rests on.

Every rule leaves a `Because` at the return that decides, so the reason cannot differ
from the decision and no second pass has to guess it. It holds tokens, not words:
`explain` puts it into a line.
"""

from __future__ import annotations

from typing import NamedTuple

from framing.lexicon import Entry


class Because(NamedTuple):
    """A rule, and the tokens `first` to `last` (excluded) of the text it rests on.

    In `rule`, {source} stands for the source as written, {words} for those tokens (or
    `name`, where the source has one), {far} for how many sentences off they are and
    {row} for the row of a lexicon. `earlier` is the reason of what is referred to,
    where that referred to something itself: "he", of "he", of "Ann Lee".
    """

    rule: str
    first: int = -1
    last: int = -1
    name: str = ""
    row: Entry | None = None
    earlier: Because | None = None

    @property
    def is_reference(self) -> bool:
        """Whether another place of the text decided."""
        return "{far}" in self.rule


class Grounds(NamedTuple):
    """The reasons of a source's four codes, in the order of the codes."""

    kind: Because
    naming: Because
    role: Because
    name: Because


def on(because: Because) -> Grounds:
    """One reason for everything.

    >>> grounds = on(Because("{source} opens a quotation"))
    >>> grounds.kind is grounds.role, grounds.kind.is_reference
    (True, False)
    """
    return Grounds(because, because, because, because)


def refers(rule: str) -> str:
    """The rule of a reference, in one shape for all.

    >>> refers("the last speaker who fits")
    '{source} refers to {words}, {far} (the last speaker who fits)'
    """
    return f"{{source}} refers to {{words}}, {{far}} ({rule})"


ALIKE = Because("all that the article calls so are one source")
UNTOLD = on(Because("no rule tells more of {source}"))
