"""Raw rows to the articles table: column names, dates, ids, languages, mended text.

A row keeps the path and line that it came from until the table stands, so that every
fault can be told with its place.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import ftfy
import ftfy.badness
import pandas as pd

from framing.errors import CorpusError

# Column of the table to the names that stand for it elsewhere, best first.
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "article_id": ("article_id", "id", "uid", "articleid", "doc_id", "guid"),
    "outlet": (
        "outlet", "source", "domain", "publication", "publisher", "site", "newspaper",
        "source_name", "outlet_name", "site_name",
    ),
    "published": (
        "published", "date", "pubdate", "publish_date", "published_at", "publishedat",
        "pub_date", "publication_date", "date_published", "timestamp", "datetime",
    ),
    "title": ("title", "headline", "head"),
    "url": ("url", "link", "web_url", "permalink", "href"),
    "language": ("language", "lang"),
    "text": (
        "text", "body", "content", "article", "fulltext", "full_text", "maintext",
        "article_text", "body_text", "articlebody",
    ),
}  # fmt: skip
UNKNOWN_OUTLET = "unknown"
# Found by reading, unless a table that was written brings them along.
FOUND = ("boilerplate", "dateline", "agency", "wire_of")
_OWN = (*FOUND, "n_words", "repaired")


@dataclass(frozen=True, slots=True)
class Row:
    """One article as found: its cells by the names of the file, and its place.

    `repair` is for text that was read from a file and may be mojibake.
    """

    cells: Mapping[str, Any]
    path: str
    line: int | None
    repair: bool = True

    def fault(self, found: str, allowed: str) -> CorpusError:
        """The error that tells of this row."""
        return CorpusError(self.path, self.line, found, allowed)


@dataclass
class Faults:
    """Where faults go: the first is raised, or all are kept, if `skip_bad`."""

    skip_bad: bool
    kept: list[CorpusError] = field(default_factory=list)

    def add(self, error: CorpusError) -> None:
        """Raise `error`, or keep it."""
        if not self.skip_bad:
            raise error
        self.kept.append(error)

    def table(self) -> pd.DataFrame:
        """The faults kept, one a row: path, line, found, allowed."""
        rows = [(str(e.path), e.line, e.found, e.allowed) for e in self.kept]
        table = pd.DataFrame(rows, columns=["path", "line", "found", "allowed"])
        return table.astype(
            {"path": "str", "line": "Int64", "found": "str", "allowed": "str"}
        )


def match_columns(
    names: Sequence[str], given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Which of `names` is which column; `given` decides, else the usual variants.

    >>> match_columns(["Headline", "pubDate", "Body", "section"])
    {'published': 'pubDate', 'title': 'Headline', 'text': 'Body'}
    >>> match_columns(["Body", "text"], {"text": "Body"})
    {'text': 'Body'}
    """
    given = given or {}
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(_key(name), name)
    matched = {}
    for column, variants in VARIANTS.items():
        found = [by_key[v] for v in map(_key, variants) if v in by_key]
        if column in given:
            found = [given[column]] if given[column] in names else []
        found = [name for name in found if name not in _others(given, column)]
        if found:
            matched[column] = found[0]
    return matched


def _others(given: Mapping[str, str], column: str) -> set[str]:
    return {name for other, name in given.items() if other != column}


def _key(name: str) -> str:
    return re.sub(r"[\s_-]", "", str(name).strip().lower())


def rows_to_columns(
    rows: Iterable[Row], given: Mapping[str, str] | None, faults: Faults
) -> list[dict[str, Any]]:
    """Rows under the names of the table, checked; faulty ones go to `faults`."""
    names: dict[tuple[str, ...], dict[str, str]] = {}
    places: dict[str, Row] = {}
    articles = []
    for row in rows:
        layout = tuple(map(str, row.cells))
        if layout not in names:
            names[layout] = match_columns(layout, given)
        try:
            article = _article(row, names[layout], given)
            _check_id(article["article_id"], row, places)
        except CorpusError as error:
            faults.add(error)
            continue
        articles.append(article)
    return articles


def _article(
    row: Row, names: Mapping[str, str], given: Mapping[str, str] | None
) -> dict[str, Any]:
    values = {column: row.cells[name] for column, name in names.items()}
    taken = set(names.values())
    extra = {
        name: value
        for name, value in row.cells.items()
        if name not in taken and name not in VARIANTS and name not in _OWN
    }
    text, repaired = _text(row, names, values.get("text"), given)
    url = _clean(values.get("url"))
    return {
        **extra,
        "article_id": _clean(values.get("article_id")) or made_id(url, text),
        "outlet": _clean(values.get("outlet")) or outlet_of(url),
        "published": _date(row, values.get("published")),
        "title": _clean(values.get("title")),
        "url": url,
        "language": _clean(values.get("language")),
        "text": text,
        **_found(row, text),
        "repaired": str(row.cells.get("repaired")) == "True" or repaired,
    }


def _found(row: Row, text: str) -> dict[str, Any]:
    """What an earlier reading found and wrote down; boilerplate is checked."""
    found = {name: _clean(row.cells[name]) for name in FOUND[1:] if name in row.cells}
    value: Any = row.cells.get("boilerplate")
    if is_missing(value) or (isinstance(value, str) and not value):
        return found
    try:
        pairs = json.loads(value) if isinstance(value, str) else value
        spans = [[int(start), int(end)] for start, end in pairs]
    except (TypeError, ValueError) as error:
        raise row.fault(f"boilerplate {value!r}", "[[start, end], ...]") from error
    if not all(0 <= start < end <= len(text) for start, end in spans):
        raise row.fault(f"boilerplate {spans}", f"offsets into {len(text)} characters")
    return {**found, "boilerplate": spans}


def _check_id(article_id: str, row: Row, places: dict[str, Row]) -> None:
    first = places.setdefault(article_id, row)
    if first is not row:
        place = first.path if first.line is None else f"{first.path} line {first.line}"
        raise row.fault(
            f"article_id {article_id!r} a second time (first: {place})",
            "each article once",
        )


def _text(
    row: Row, names: Mapping[str, str], value: Any, given: Mapping[str, str] | None
) -> tuple[str, bool]:
    if "text" not in names:
        wanted = (given or {}).get("text") or ", ".join(VARIANTS["text"])
        found = ", ".join(map(str, row.cells)) or "none"
        raise row.fault(f"no text column among {found}", wanted)
    if is_missing(value) or not str(value).strip():
        raise row.fault("a row without text", "a text in every row")
    if not isinstance(value, str):
        raise row.fault(f"text {value!r}", "a string")
    # A table that was written has been through this: its offsets are into this text.
    if row.repair and "repaired" not in row.cells and ftfy.badness.is_bad(value):
        mended = ftfy.fix_text(value, _MOJIBAKE_ONLY)
        return mended, mended != value
    return value, False


# Only wrong decoding is undone; quotation marks, ligatures, newlines and width stay.
_MOJIBAKE_ONLY = ftfy.TextFixerConfig(
    unescape_html=False, remove_terminal_escapes=False, fix_latin_ligatures=False,
    fix_character_width=False, uncurl_quotes=False, fix_line_breaks=False,
    remove_control_chars=False, normalization=None, max_decode_length=10_000_000,
)  # fmt: skip


def is_missing(value: Any) -> bool:
    """Whether a cell is empty: None, NaN, NaT or NA.

    >>> is_missing(None), is_missing(float("nan")), is_missing(""), is_missing([1])
    (True, True, False, False)
    """
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _clean(value: Any) -> str | None:
    if is_missing(value):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # an id column of 1, 2, NaN
    return str(value).strip() or None


# --- dates --------------------------------------------------------------------

_ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?|\d{4})?(?:[T ]\d\d.*)?$")
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?|\d{13}")
_NUMBERS_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")


def _date(row: Row, value: Any) -> pd.Timestamp | None:
    if is_missing(value) or not str(value).strip():
        return None
    try:
        day = parse_date(value)
    except (ValueError, OverflowError, TypeError) as error:
        raise row.fault(
            f"published {value!r}", "a date such as 2025-10-25 or 25 October 2025"
        ) from error
    return day


def parse_date(value: Any) -> pd.Timestamp:
    """A moment without time zone, in UTC; a number is Unix time.

    Raises ValueError for what is no date, and for one that two countries read as two
    days ("03/04/2025").

    >>> parse_date("2025-10-25T23:30:00-05:00")
    Timestamp('2025-10-26 04:30:00')
    >>> parse_date("Sat, 25 Oct 2025 10:00:00 GMT")
    Timestamp('2025-10-25 10:00:00')
    """
    if isinstance(value, str):
        moment = _parsed(value.strip())
    elif isinstance(value, int | float) and not isinstance(value, bool):
        moment = _from_number(str(int(value)))
    else:
        moment = pd.Timestamp(value)
    if moment.tzinfo is not None:
        moment = moment.tz_convert("UTC").tz_localize(None)
    if pd.isna(moment):
        raise ValueError(value)
    return moment.as_unit("us")


def _parsed(text: str) -> pd.Timestamp:
    if _SECONDS.fullmatch(text):
        return _from_number(text)
    if _ISO.match(text):
        return pd.Timestamp(text)
    numbers = _NUMBERS_FIRST.match(text)
    if numbers and numbers[1] != numbers[2]:
        return pd.to_datetime(text, dayfirst=_is_day_first(numbers))
    if not re.search(r"\d{4}|\d[/.-]\d", text):
        raise ValueError(text)  # "Monday" would become today
    return pd.Timestamp(text)


def _is_day_first(numbers: re.Match[str]) -> bool:
    first, second = int(numbers[1]), int(numbers[2])
    if first <= 12 and second <= 12:
        raise ValueError(f"{numbers[0]} is two dates")
    return first > 12


def _from_number(digits: str) -> pd.Timestamp:
    number = float(digits)
    if len(digits.partition(".")[0]) == 8:
        return pd.Timestamp(digits)  # 20251025
    if number < 1e8:
        raise ValueError(digits)  # a year or a row number is no Unix time
    return pd.Timestamp(number / (1000 if number > 1e11 else 1), unit="s")


# --- ids, outlets, languages --------------------------------------------------


def made_id(url: str | None, text: str) -> str:
    """An id for an article without one: 12 hex digits of the SHA-256 of url or text.

    >>> made_id(None, "The talks may resume.")
    '8a6642505793'
    """
    digest = hashlib.sha256((url or text).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:12]


def outlet_of(url: str | None) -> str:
    """The domain of `url`, or "unknown".

    >>> outlet_of("https://www.harbourgazette.example/2025/talks"), outlet_of(None)
    ('harbourgazette.example', 'unknown')
    """
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") or UNKNOWN_OUTLET


_COMMON = {
    "en": "the of and to in that is was for on with said he his has from have are by "
    "as an at it its not be this who which after were will would their but over they "
    "she her about been had more than when while against amid into could says during",
    "es": "el la los las del que y en un una por con para se su al lo como más es fue "
    "sobre entre desde hasta este esta pero sus tras según ha sin dijo le ya también",
    "pt": "o os do da dos das que e em um uma por com para não se ao no na mais é foi "
    "sobre entre pela pelo seu sua como à são disse após já também mas nos nas",
    "de": "der die das und den von zu mit sich des auf für ist im dem nicht ein eine "
    "einen einer nach bei hat wird aus auch als wie am dass über sie er sind gegen vor",
    "pl": "w i na z się nie że do to jest o jak po przez od za oraz który ale dla są "
    "ze został przed jego będzie tym był która które już być prezydent także czy pod",
    "fr": "le la les des et en du une que est pour dans qui sur au par pas plus avec "
    "un il ce cette aux son sa ses ont été mais après selon elle se ne sont entre",
    "it": "di il che la e per un una in con del non è sono della gli da ha si le dei "
    "delle nel nella alla al lo anche come più dopo dal suo sua questo ma tra",
}
_COMMON_WORDS = {name: frozenset(words.split()) for name, words in _COMMON.items()}
_LATIN_WORD = re.compile(r"[^\W\d_]+")


def guess_language(text: str) -> str:
    """The language of `text` by its commonest words, or "und" where that is unsure.

    One of en, es, pt, de, pl, fr, it. Unsure: fewer than two such words, under a
    twentieth of all, or less than half more than in the next language.

    >>> guess_language("The talks in the capital may resume, he said on Friday.")
    'en'
    >>> guess_language("Caracas 2025")
    'und'
    """
    words = [word.lower() for word in _LATIN_WORD.findall(text[:4000])]
    counts = {
        name: sum(word in common for word in words)
        for name, common in _COMMON_WORDS.items()
    }
    best, second = sorted(counts, key=lambda name: -counts[name])[:2]
    is_sure = (
        counts[best] >= 2
        and counts[best] * 20 >= len(words)
        and counts[best] * 2 >= counts[second] * 3
    )
    return best if is_sure else "und"
