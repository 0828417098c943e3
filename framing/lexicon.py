"""Lexicons: reviewed CSV tables of cues, compiled into one matcher over tokens.

A row is one decision (STYLE: each row carries its own test):

    cue,role,type,case,scope,example,counterexample,reference,note

`role` is cue, pseudo (looks like a cue, is not; shields the cues inside it) or stop.
A cue is a sequence of slots, one token each:

    might              the token itself, whatever its case (case `exact`: as written)
    may|might          either token (an alternative holds no space)
    <consider>         any form of the verb: consider, considers, considered, ...
    [yet]              optional
    *                  any one word; [*] any one word or none
    ~ly                any word that ends so; # any number in figures
    @name              a word class: the rows of `word_classes.csv` with that type
    (is|was) said (to) slots in brackets are context: they must be there, but are not
                       part of the cue
    (!the|a) claim     context that must not be there; a sentence border passes
    (^) may            ^ stands for the border of the sentence, at either side
Among overlapping matches the longest wins; row order never matters.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

from framing.errors import LexiconError
from framing.inflection import verb_forms
from framing.text import Span, Tokens

COLUMNS = (
    "cue", "role", "type", "case", "scope",
    "example", "counterexample", "reference", "note",
)  # fmt: skip
ROLES = ("cue", "pseudo", "stop")
CASES = ("any", "exact")
SCOPES = ("forward", "backward", "both", "")
FOLDER = Path(__file__).parent / "lexicons"


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a lexicon; `line` is its line in the file."""

    cue: str
    role: str
    type: str
    case: str
    scope: str
    example: str
    counterexample: str
    reference: str
    note: str
    line: int


class Match(NamedTuple):
    """An entry found in a text: the cue's span and its tokens `first` to `last`.

    `first` and `last` bound the cue itself (`last` excluded), `outer_first` and
    `outer_last` the cue with its context.
    """

    entry: Entry
    span: Span
    first: int
    last: int
    outer_first: int
    outer_last: int


class _Slot(NamedTuple):
    """What one token must be (or, `negative`, must not be) to fill a place.

    The token beyond a sentence border is the empty string.
    """

    words: frozenset[str]
    endings: tuple[str, ...] = ()
    any_word: bool = False
    number: bool = False
    negative: bool = False
    context: bool = False
    is_open: bool = False
    """Whether more fits than `words`: most slots are done with one look."""

    def fits(self, token: str) -> bool:
        if not self.is_open:
            return (token in self.words) is not self.negative
        found = (
            token in self.words
            or (self.any_word and token[:1].isalnum())
            or (self.number and token[:1].isdecimal())
            or (bool(self.endings) and token.endswith(self.endings))
        )
        return found is not self.negative


class _Pattern(NamedTuple):
    """Slots around an anchor, the cue's first slot, whose word the index has found.

    `around` are the others by their distance from it, the nearest first: most
    patterns fail there. The whole runs from `first` to `last` (excluded).
    """

    entry: Entry
    around: tuple[tuple[int, _Slot], ...]
    first: int
    last: int
    cue_length: int
    exact: bool


class _Bucket(NamedTuple):
    """The patterns of one anchor that can fit, by the word behind the anchor.

    `by_next` has a word where some pattern asks for it, and then all that can fit,
    in the order of the file; before any other word it is `rest`.
    """

    rest: tuple[_Pattern, ...]
    by_next: dict[str, tuple[_Pattern, ...]]


@dataclass(frozen=True)
class Lexicon:
    """Entries of one file and the index that matches them."""

    path: Path
    entries: tuple[Entry, ...]
    index: dict[str, _Bucket]

    def find(self, text: str, tokens: Tokens) -> list[Match]:
        """Cue matches in text order, longest first where they compete.

        Pseudo entries are resolved here and never returned.
        """
        return _resolve(list(self._candidates(text, tokens)))

    def find_all(self, text: str, tokens: Tokens) -> list[Match]:
        """Every match of every entry, pseudo ones too, overlapping ones too."""
        return list(self._candidates(text, tokens))

    def _candidates(self, text: str, tokens: Tokens) -> Iterator[Match]:
        index, lower, sentence = self.index, tokens.lower, tokens.sentence
        n = len(lower)
        for at in [at for at, token in enumerate(lower) if token in index]:
            rest, by_next = index[lower[at]]
            inside = at + 1 < n and sentence[at + 1] == sentence[at]
            for pattern in by_next.get(lower[at + 1] if inside else "", rest):
                match = _match(pattern, text, tokens, at)
                if match is not None:
                    yield match


def _match(pattern: _Pattern, text: str, tokens: Tokens, at: int) -> Match | None:
    lower, sentence = tokens.lower, tokens.sentence
    number, n = sentence[at], len(lower)
    for distance, slot in pattern.around:
        place = at + distance
        inside = 0 <= place < n and sentence[place] == number
        if not slot.fits(lower[place] if inside else ""):
            return None
    last = at + pattern.cue_length
    span = Span(tokens.starts[at], tokens.ends[last - 1])
    if pattern.exact and not _as_written(pattern.entry, span.of(text)):
        return None
    outer = at + pattern.first, at + pattern.last
    return Match(pattern.entry, span, at, last, *outer)


def _as_written(entry: Entry, found: str) -> bool:
    written = {word for slot in entry.cue.split() for word in slot.split("|")}
    return all(word in written for word in found.split())


def _resolve(matches: list[Match]) -> list[Match]:
    """Longest match wins; a pseudo shields what lies inside it."""
    if len(matches) < 2:
        return [m for m in matches if m.entry.role == "cue"]
    shields = [m for m in matches if m.entry.role != "cue"]
    cues = [m for m in matches if m.entry.role == "cue" and not _shielded(m, shields)]
    cues.sort(
        key=lambda m: (
            m.first - m.last,
            m.outer_first - m.outer_last,
            m.first,
            m.entry.type,
            m.entry.cue,
        )
    )
    taken: set[int] = set()
    kept: list[Match] = []
    for match in cues:
        inside = range(match.first, match.last)
        if taken.isdisjoint(inside):
            taken.update(inside)
            kept.append(match)
    return sorted(kept, key=lambda m: m.first)


def _shielded(match: Match, shields: Sequence[Match]) -> bool:
    length = match.outer_last - match.outer_first
    return any(
        s.outer_first <= match.first
        and match.last <= s.outer_last
        and s.outer_last - s.outer_first >= length
        for s in shields
    )


# --- reading ------------------------------------------------------------------


@cache
def load_lexicon(name: str | Path) -> Lexicon:
    """The lexicon `name` of the package, or of a path that ends in `.csv`.

    Raises LexiconError with path, line, found and allowed where a row breaks the
    schema of STYLE.md section 4.

    >>> lexicon = load_lexicon("word_classes")
    >>> sorted({entry.role for entry in lexicon.entries})
    ['cue']
    """
    path = Path(name) if str(name).endswith(".csv") else FOLDER / f"{name}.csv"
    entries = read_entries(path)
    return compile_lexicon(path, entries)


def read_entries(path: Path) -> tuple[Entry, ...]:
    """The rows of a lexicon file, each checked against the schema."""
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LexiconError(path, None, "no readable file", "a UTF-8 CSV") from error
    except UnicodeDecodeError as error:
        raise LexiconError(
            path, None, f"byte {error.start} undecodable", "UTF-8"
        ) from error
    rows = csv.reader(content.splitlines())
    header = next(rows, [])
    if tuple(header) != COLUMNS:
        raise LexiconError(path, 1, f"columns {','.join(header)}", ",".join(COLUMNS))
    return tuple(_entry(path, rows.line_num, row) for row in rows if row)


def _entry(path: Path, line: int, row: list[str]) -> Entry:
    if len(row) != len(COLUMNS):
        raise LexiconError(path, line, f"{len(row)} fields", f"{len(COLUMNS)}")
    entry = Entry(**dict(zip(COLUMNS, row, strict=True)), line=line)
    for value, allowed, name in (
        (entry.role, ROLES, "role"),
        (entry.case, CASES, "case"),
        (entry.scope, SCOPES, "scope"),
    ):
        if value not in allowed:
            raise LexiconError(path, line, f"{name} {value!r}", ", ".join(allowed))
    if not entry.cue.strip():
        raise LexiconError(path, line, "an empty cue", "a cue")
    return entry


def compile_lexicon(path: Path, entries: Iterable[Entry]) -> Lexicon:
    """Entries with the index that finds them."""
    entries = tuple(entries)
    index: dict[str, list[_Pattern]] = {}
    for entry in entries:
        for anchor, pattern in _patterns(path, entry):
            for word in anchor.words:
                index.setdefault(word, []).append(pattern)
    return Lexicon(
        path, entries, {word: _bucket(found) for word, found in index.items()}
    )


def _bucket(patterns: Sequence[_Pattern]) -> _Bucket:
    asked = [_words_behind(pattern) for pattern in patterns]
    words = {word for behind in asked if behind is not None for word in behind}
    pairs = list(zip(patterns, asked, strict=True))
    by_next = {
        word: tuple(p for p, behind in pairs if behind is None or word in behind)
        for word in words
    }
    return _Bucket(tuple(p for p, behind in pairs if behind is None), by_next)


def _words_behind(pattern: _Pattern) -> frozenset[str] | None:
    """The words that the pattern allows behind its anchor, None where too many do."""
    for distance, slot in pattern.around:
        if distance == 1 and not slot.negative and not slot.is_open:
            return slot.words
    return None


def _patterns(path: Path, entry: Entry) -> Iterator[tuple[_Slot, _Pattern]]:
    """Each way to leave optional slots out, beside its anchor."""
    choices = [_choices(path, entry, slot) for slot in _split(entry.cue)]
    for variant in product(*choices):
        slots = tuple(slot for slot in variant if slot is not None)
        cue = [i for i, slot in enumerate(slots) if not slot.context]
        if not cue or not slots[cue[0]].words or slots[cue[0]].negative:
            raise LexiconError(
                path, entry.line, f"cue {entry.cue!r}", "a cue that begins with a word"
            )
        at, length = cue[0], cue[-1] + 1 - cue[0]
        around = [(i - at, slot) for i, slot in enumerate(slots) if i != at]
        around.sort(key=lambda place: abs(place[0]))
        first, last, exact = -at, len(slots) - at, entry.case == "exact"
        yield slots[at], _Pattern(entry, tuple(around), first, last, length, exact)


def _split(cue: str) -> list[str]:
    """Slots of a cue; a bracketed group "(is said)" is given back word by word.

    >>> _split("(is|was) said (to be) [yet]")
    ['(is|was)', 'said', '(to)', '(be)', '[yet]']
    """
    slots: list[str] = []
    in_context = False
    for word in cue.split():
        in_context = in_context or word.startswith("(")
        slots.append(f"({word.strip('()')})" if in_context else word)
        in_context = in_context and not word.endswith(")")
    return slots


def _choices(path: Path, entry: Entry, written: str) -> tuple[_Slot | None, ...]:
    """The slot, and None where it may be left out."""
    context = written.startswith("(")
    slot = written.strip("()") if context else written
    optional = slot.startswith("[") and slot.endswith("]")
    slot = slot[1:-1] if optional else slot
    negative = context and slot.startswith("!")
    parts = slot.removeprefix("!").split("|") if negative else slot.split("|")
    endings = tuple(part[1:] for part in parts if part.startswith("~"))
    any_word, number = "*" in parts, "#" in parts
    filled = _Slot(
        frozenset(word for part in parts for word in _words(path, entry, part)),
        endings,
        any_word=any_word,
        number=number,
        negative=negative,
        context=context,
        is_open=bool(endings) or any_word or number,
    )
    return (filled, None) if optional else (filled,)


def _words(path: Path, entry: Entry, part: str) -> frozenset[str]:
    if part in ("*", "#") or part.startswith("~"):
        return frozenset()
    if part == "^":
        return frozenset(("",))
    if part.startswith("<") and part.endswith(">"):
        return verb_forms(part[1:-1])
    if part.startswith("@"):
        members = word_class(part[1:])
        if not members:
            raise LexiconError(
                path, entry.line, f"class {part!r}", "a type of word_classes.csv"
            )
        return members
    return frozenset((part.lower().replace("’", "'"),))


@cache
def word_class(name: str) -> frozenset[str]:
    """Words of the class `name` in `word_classes.csv`; empty where there is none."""
    return frozenset(
        word
        for entry in read_entries(FOLDER / "word_classes.csv")
        if entry.type == name
        for word in entry.cue.split("|")
    )


@cache
def lexicon_digest() -> str:
    """Eight hex digits that change when any lexicon of the package changes."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.glob("*.csv")):
        # Read as text: a checkout with other line ends is the same lexicon.
        digest.update(f"{path.name}\n{path.read_text(encoding='utf-8')}\n".encode())
    return digest.hexdigest()[:8]
