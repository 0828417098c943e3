"""Captions: what stands around a figure, and the text beside it for a paper.

A figure carries its sentence, the definition and how to read its marks. The file
beside it (`.md`) is read without the figure: what is shown, of which articles, by which
coder, how each number was computed and what was left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from framing.annotations import HEDGE_TYPES
from framing.compare import ALL_OTHERS
from framing.errors import __version__
from framing.intervals import is_share
from framing.score import MEASURES, Measure
from framing.takeaways import LEVEL, format_estimate, format_value

INTERVALS = (
    "Intervals are 95 % score intervals (Wilson 1927; of counts, the same for Poisson) "
    "over articles, where an article and its wire copies are one: at the number of "
    "independent words or statements that these are worth, so that none goes below 0. "
    "Of counts the variance over articles has Student's t with Satterthwaite's degrees "
    "of freedom, and is never taken to be smaller than that of independent events. "
    "Where one article holds nearly all there is no interval."
)
DIFFERENCES = (
    "A difference takes the two intervals together (MOVER; Newcombe 1998, Zou and "
    "Donner 2008), less what wire copies on both sides share. Its p is the level at "
    "which that interval reaches 0, adjusted by Holm's method."
)
_MADE = (
    f"Drawn by framing {__version__}; the numbers drawn are in the CSV of the same "
    "name."
)
SHRUNK = (
    "The order, and the short stroke, are those of the estimate drawn towards the mean "
    "of all outlets, the more the less is known, so that no outlet leads by a few "
    "articles."
)


@dataclass(frozen=True)
class Caption:
    """What is said of a figure: around it, and in full in the file beside it.

    `title` is the sentence to take away. `note`, `definition` and `reading` stand
    under the figure too; `shown` (what it shows, with numbers) and `method` (how they
    were computed) in the file alone.
    """

    title: str
    shown: str = ""
    definition: str = ""
    reading: tuple[str, ...] = ()
    method: tuple[str, ...] = ()
    note: str | None = None

    @property
    def under(self) -> tuple[str, ...]:
        """The lines under the figure."""
        lines = (self.note, self.definition, " ".join(self.reading))
        return tuple(line for line in lines if line)

    def to_markdown(self, *more: str) -> str:
        """The caption file: a heading, then a paragraph for each thing to know.

        >>> caption = Caption("A is above B", "Two outlets.")
        >>> print(caption.to_markdown("Six articles."))  # doctest: +ELLIPSIS
        # A is above B
        <BLANKLINE>
        Two outlets.
        <BLANKLINE>
        **Articles.** Six articles.
        <BLANKLINE>
        Drawn by framing ...; the numbers drawn are in the CSV of the same name.
        <BLANKLINE>
        """
        parts = {
            "": self.shown,
            "**Measure.** ": self.definition,
            "**How to read it.** ": " ".join(self.reading),
            "**How it was computed.** ": " ".join(self.method),
            "**Articles.** ": " ".join(filter(None, [self.note, *more])),
        }
        words = [f"{head}{text}" for head, text in parts.items() if text]
        heading = [f"# {self.title}"] if self.title else []
        return "\n\n".join([*heading, *words, _MADE]) + "\n"


def describe_measure(measure: Measure) -> str:
    """The definition with its name, sections of the codebook and, of a share, the unit.

    >>> print(describe_measure(MEASURES["source_count"]))
    Distinct sources to whom an article attributes a statement (source_count; \
codebook, sections 2 and 4).
    """
    first = 1 if measure.name.startswith("hedge") else 2
    unit = "in per cent; " if is_share(measure) else ""
    return (
        f"{measure.definition.rstrip('.')} ({measure.name}; {unit}codebook, sections "
        f"{first} and 4)."
    )


def count_noun(column: str) -> str:
    """What a column of counts counts, in plain words.

    >>> count_noun("n_people"), count_noun("n_hedges_modal"), count_noun("n_words")
    ('statements by people', 'modal hedges', 'words')
    """
    if column.startswith("n_hedges_"):
        kind = column.removeprefix("n_hedges_")
        return (
            f"{kind} hedges" if kind in HEDGE_TYPES else f"hedges of the voice {kind}"
        )
    return _NOUNS.get(column, column.removeprefix("n_").replace("_", " "))


_NOUNS = {
    "n_attributed_words": "words inside attributed content",
    "n_unnamed": "statements by unnamed people",
    "n_unnamed_strict": "statements by unnamed officials and insiders",
    "n_people": "statements by people",
    "n_relayed": "relayed statements",
    "n_direct": "statements with words in quotation marks",
    "n_explained": "statements by unnamed people whose anonymity is explained",
}


def describe_pooling(measure: Measure, noun: str = "outlet") -> str:
    """How articles become one rate of an outlet (or other `noun`)."""
    parts = [count_noun(part) for part in (measure.numerator, measure.denominator)]
    per = f", times {measure.per}" if measure.per > 1 else ""
    return (
        f"A rate pools all articles of {'an' if noun == 'outlet' else 'a'} {noun}: all "
        f"{parts[0]} over all {parts[1]}{per}, not the mean of the articles' rates."
    )


def describe_estimates(
    rows: pd.DataFrame, measure: Measure, noun: str = "outlet"
) -> str:
    """What a table of estimates shows: how many, of how much, and from where to where.

    `rows` has a row an outlet (or other `noun`), its name in the first column.

    >>> row = {"outlet": "X", "n_articles": 3, "numerator": 6.0, "denominator": 300.0,
    ...     "estimate": 2.0, "low": 1.0, "high": 4.0}
    >>> describe_estimates(pd.DataFrame([row]), MEASURES["hedge_density"])
    'Hedges per 100 words in 1 outlet: 3 articles, 6 hedges, 300 words. X has 2.00 \
[1.00, 4.00], n = 3.'
    """
    known = rows[rows["estimate"].notna()]
    totals = rows[["numerator", "denominator"]].sum()
    parts = [format_count(rows["n_articles"].sum(), "articles")]
    for column, total in zip(
        (measure.numerator, measure.denominator), totals, strict=True
    ):
        if column != "n_articles":
            parts.append(format_count(total, count_noun(column)))
    words = [
        f"{measure.label} in {format_count(len(rows), f'{noun}s')}: {', '.join(parts)}."
    ]
    ends = known.sort_values("estimate", kind="stable").iloc[
        [0, -1] if len(known) else []
    ]
    named = [
        f"{row.iloc[0]} has {format_estimate(row, measure)}, n = {row['n_articles']:,}"
        for _, row in ends.drop_duplicates().iterrows()
    ]
    if len(named) > 1:
        named = [f"The lowest: {named[0]}", f"the highest: {named[1]}"]
    return " ".join([*words, *([f"{'; '.join(named)}."] if named else [])])


def format_count(number: float, noun: str) -> str:
    """A number with its noun, which loses its s where there is one.

    >>> format_count(1, "statements by people"), format_count(1200, "words")
    ('1 statement by people', '1,200 words')
    """
    whole = f"{number:,.0f}"
    first, _, rest = noun.partition(" ")
    words = f"{first.removesuffix('s')} {rest}".strip() if whole == "1" else noun
    return f"{whole} {words}"


def describe_reference(rows: pd.DataFrame) -> tuple[str, float]:
    """The words and value of the line that outlets are compared with."""
    measure = MEASURES[str(rows["measure"].iloc[0])]
    reference = rows["reference"].iloc[0]
    if reference != ALL_OTHERS:
        value = rows.loc[rows.iloc[:, 0] == reference, "estimate"].max()
        return f"reference: {reference}: {format_value(value, measure)}", float(value)
    total = float(rows["denominator"].sum())
    value = rows["numerator"].sum() / total * measure.per if total else float("nan")
    return f"all outlets: {format_value(value, measure)}", float(value)


def describe_apart(contrasts: pd.DataFrame) -> str:
    """How many of the rows differ, of how many that could be compared."""
    n_apart = int((contrasts["p_adjusted"] < LEVEL).sum())
    return (
        f"Of the {contrasts['p'].count()} that can be compared, {n_apart} "
        f"{'differs' if n_apart == 1 else 'differ'} at a Holm-adjusted p below {LEVEL}."
    )


def describe_scores(scores: pd.DataFrame) -> str:
    """The articles behind a table of scores: outlets, dates, copies, coder, version.

    >>> scores = pd.DataFrame({"article_id": ["a", "b"], "outlet": ["X", "Y"],
    ...     "published": ["2025-11-03", "2025-11-09"], "method": "anna"})
    >>> print(describe_scores(scores))
    2 articles of 2 outlets, published from 3 November 2025 to 9 November 2025. \
Coded by anna.
    """
    words = format_count(len(scores), "articles")
    if "outlet" in scores.columns:
        words += f" of {format_count(scores['outlet'].nunique(), 'outlets')}"
    sentences = [f"{words}{_dates_in_words(scores)}."]
    if "wire_of" in scores.columns and (
        n_copies := int(scores["wire_of"].notna().sum())
    ):
        verb = "is a copy" if n_copies == 1 else "are copies"
        sentences.append(f"{n_copies:,} {verb} of another article, and count with it.")
    for column in ("method", "coder"):
        known = sorted({str(v) for v in scores.get(column, pd.Series()).dropna()})
        if known:
            sentences.append(f"Coded by {'; '.join(known)}.")
            break
    return " ".join(sentences)


def _dates_in_words(scores: pd.DataFrame) -> str:
    if "published" not in scores.columns:
        return ""
    dates = pd.to_datetime(scores["published"], format="ISO8601")
    if dates.isna().all():
        return ", without dates"
    ends = [f"{day.day} {day:%B %Y}" for day in (dates.min(), dates.max())]
    without = int(dates.isna().sum())
    more = f" ({without:,} without a date)" if without else ""
    return f", published from {ends[0]} to {ends[1]}{more}"
