"""The sentence that a reader may take away from a figure, told by its table.

A sentence that ranks or contrasts stands on an interval, and where many were looked
at, on a p or a bound adjusted for all of them. Where none does, it says so. What is
only counted (who was relayed how often) is told as a count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from framing.compare import ALL_OTHERS
from framing.intervals import TAIL, is_share
from framing.relay_table import NO_NAME
from framing.score import MEASURES, Measure

LEVEL = 0.05
_PHRASES = {
    "hedged_sentence_share": "share of sentences with a hedge",
    "sourced_share": "share of words inside attributed content",
    "anonymity": "share of unnamed people among speaking people",
    "anonymity_strict": "share of unnamed officials and insiders among speaking people",
    "explained_share": "share of unnamed people whose anonymity is explained",
    "relay_share": "share of statements that came through another outlet",
    "direct_share": "share of statements with words in quotation marks",
}


def format_value(value: float, measure: Measure) -> str:
    """An estimate as figures and captions print it: per cent of a share, or 0.00.

    >>> format_value(0.5, MEASURES["anonymity"])
    '50%'
    """
    return f"{value:.0%}" if is_share(measure) else f"{value:.2f}"


def format_estimate(row: Mapping[Any, Any] | pd.Series[Any], measure: Measure) -> str:
    """Estimate and interval of a row; a dash where there is no estimate."""
    if np.isnan(row["estimate"]):
        return "–"
    estimate = format_value(row["estimate"], measure)
    if np.isnan(row["low"]):
        return f"{estimate} [no interval]"
    low, high = (format_value(row[end], measure) for end in ("low", "high"))
    return f"{estimate} [{low}, {high}]"


def measure_phrase(measure: Measure) -> str:
    """The measure inside a sentence, without an article before it.

    >>> measure_phrase(MEASURES["hedge_density"])
    'hedges per 100 words'
    """
    return _PHRASES.get(measure.name, measure.label[:1].lower() + measure.label[1:])


def list_names(names: Sequence[str], most: int = 3) -> str:
    """Names joined by commas and "and"; beyond `most`, how many more.

    >>> list_names(["X", "Y", "Z"]), list_names(["W", "X", "Y", "Z"], 2)
    ('X, Y and Z', 'W, X and 2 more')
    """
    shown = list(names)
    if len(shown) > most:
        shown = [*shown[:most], f"{len(shown) - most} more"]
    return " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


# --- who differs ------------------------------------------------------------------


def summarise_contrasts(contrasts: pd.DataFrame, *, noun: str = "outlet") -> str:
    """Who is above and who is below, the surest first, with difference and interval.

    `contrasts` are those of one measure; named are rows with a Holm-adjusted p below
    0.05. `noun` is what a row is.

    >>> row = {"outlet": "X", "measure": "anonymity", "reference": ALL_OTHERS,
    ...     "difference": 0.2, "difference_low": 0.1, "difference_high": 0.3}
    >>> print(summarise_contrasts(pd.DataFrame([row | {"p_adjusted": 0.01}])))
    Share of unnamed people among speaking people: X is above the others by 20 points \
[10, 30]
    >>> print(summarise_contrasts(pd.DataFrame([row | {"p_adjusted": 0.2}])))
    No outlet can be told from the others by its share of unnamed people among \
speaking people
    """
    first = contrasts.iloc[0]
    measure = MEASURES[str(first["measure"])]
    phrase = measure_phrase(measure)
    reference = first["reference"]
    others = "the others" if reference == ALL_OTHERS else str(reference)
    if not contrasts["difference_low"].notna().any():
        return f"Too few articles to compare {noun}s by their {phrase}"
    apart = contrasts[contrasts["p_adjusted"] < LEVEL]
    if apart.empty:
        return f"No {noun} can be told from {others} by its {phrase}"
    size = apart["difference"].abs()
    apart = apart.assign(size=-size).sort_values(["p_adjusted", "size"], kind="stable")
    sides = (apart[apart["difference"] > 0], apart[apart["difference"] < 0])
    words: list[str] = []
    for side, word in zip(sides, ("above", "below"), strict=True):
        # Who they are compared with is said once.
        place = word if words else f"{word} {others}"
        words += [_side_in_words(side, place, measure)] if len(side) else []
    return f"{phrase[0].upper()}{phrase[1:]}: {'; '.join(words)}"


def _side_in_words(side: pd.DataFrame, place: str, measure: Measure) -> str:
    row = side.iloc[0]
    names = [str(name) for name in side.iloc[:, 0]]
    words = f"{names[0]} is {place} by {_difference_in_words(row, measure)}"
    if len(names) == 1:
        return words
    verb = "so is" if len(names) == 2 else "so are"
    return f"{words}, and {verb} {list_names(names[1:])}"


def _difference_in_words(row: pd.Series[Any], measure: Measure) -> str:
    """Size of a difference with its interval, both without their sign."""
    columns = ("difference", "difference_low", "difference_high")
    size, *ends = (abs(float(row[column])) for column in columns)
    factor, digits, unit = (100, 0, " points") if is_share(measure) else (1, 2, "")
    low, high = (f"{factor * end:.{digits}f}" for end in sorted(ends))
    return f"{factor * size:.{digits}f}{unit} [{low}, {high}]"


def summarise_methods(tables: Mapping[str, pd.DataFrame], measure: Measure) -> str:
    """How many outlets differ by each method, of those that it has an estimate for."""
    parts = [
        f"{int((rows['p_adjusted'] < LEVEL).sum())} of {rows['p'].count()} {name}"
        for name, rows in tables.items()
    ]
    phrase = measure_phrase(measure)
    reference = next(iter(tables.values()))["reference"].iloc[0]
    others = "the others" if reference == ALL_OTHERS else reference
    return (
        f"{phrase[0].upper()}{phrase[1:]}: outlets that differ from {others} are "
        f"{', '.join(parts)}"
    )


# --- what things are made of ---------------------------------------------------------


def summarise_shares(pooled: pd.DataFrame, noun: str, unit: str) -> str:
    """The most frequent type of all, where its interval is above that of the next.

    `pooled` has a row a type: type, share, low, high and total.
    """
    known = pooled[pooled["share"].notna()]
    if known.empty:
        return f"There are no {unit} to divide"
    first, *rest = (
        row for _, row in known.sort_values("share", ascending=False).iterrows()
    )
    words = f"{_share_in_words(first)} of {int(first['total']):,} {unit}"
    if not rest:
        return f"The one {noun} is {first['type']}: {words}"
    second = rest[0]
    if first["low"] > second["high"]:
        return (
            f"The most frequent {noun} is {first['type']}: {words}, before "
            f"{second['type']} with {_share_in_words(second)}"
        )
    return (
        f"No {noun} is clearly the most frequent of {int(first['total']):,} {unit}: "
        f"{first['type']} with {_share_in_words(first)}, {second['type']} with "
        f"{_share_in_words(second)}"
    )


def _share_in_words(row: pd.Series[Any]) -> str:
    if np.isnan(row["low"]):
        return f"{row['share']:.0%} [no interval]"
    return f"{row['share']:.0%} [{row['low']:.0%}, {row['high']:.0%}]"


def summarise_relays(table: pd.DataFrame) -> str:
    """Through whom most relayed statements came, as counted in this corpus."""
    n_articles = int(table.groupby("outlet")["n_articles"].first().sum())
    counts = table.groupby("relayed")["n_statements"].sum()
    total = int(counts.sum())
    if not total:
        return f"No statement of {n_articles:,} articles came through another outlet"
    words = f"Of {total:,} relayed statements in {n_articles:,} articles, "
    named = counts.drop(NO_NAME, errors="ignore")
    if named.empty:
        return f"{words}none came through an outlet that is named"
    most = named[named == named.max()].index.sort_values()
    than = "each" if len(most) > 1 else "more than through any other named outlet"
    return f"{words}{int(named.max()):,} came through {list_names(most)}, {than}"


def summarise_keyness(rows: pd.DataFrame, group: str) -> str:
    """The item that most tells `group` from the others on either side.

    Of so many items some stand apart by chance: only those are named whose z, for all
    items of the group together (Bonferroni), leaves out no difference.
    """
    z = -float(special.ndtri(TAIL / max(len(rows), 1)))
    apart = rows[rows["z_clustered"].abs() > z]
    order = apart["z_clustered"].abs().sort_values(ascending=False, kind="stable")
    apart = apart.loc[order.index]
    sides = (
        (apart[apart["log_odds"] > 0], "more"),
        (apart[apart["log_odds"] < 0], "less"),
    )
    words = [
        f"{side['item'].iloc[0]} {word} often, {_odds_in_words(side.iloc[0])}"
        for side, word in sides
        if len(side)
    ]
    if not words:
        return f"Of {len(rows):,} items none tells {group} from the others"
    return f"{group} has {'; '.join(words)}"


def _odds_in_words(row: pd.Series[Any]) -> str:
    times, low, high = np.exp([row["log_odds"], row["low"], row["high"]])
    return f"at {times:.1f} times the odds [{low:.1f}, {high:.1f}]"


# --- what the machine and the corpus can do -----------------------------------------


def summarise_corrections(corrected: pd.DataFrame) -> str:
    """In how many outlets the machine is outside the corrected interval."""
    known = corrected[corrected["low"].notna()]
    if known.empty:
        return "Too few articles coded by hand to correct an estimate"
    inside = known["machine"].between(known["low"], known["high"])
    phrase = measure_phrase(MEASURES[str(known["measure"].iloc[0])])
    if inside.all():
        return (
            f"In all of the {len(known)} outlets the machine's {phrase} is inside the "
            "interval of the corrected one"
        )
    names = list_names([str(name) for name in known.iloc[:, 0][~inside]])
    return (
        f"In {int((~inside).sum())} of {len(known)} outlets the machine's {phrase} is "
        f"outside the interval of the corrected one: {names}"
    )


def summarise_visible(visible: pd.DataFrame) -> str:
    """How large a difference must be to be seen, and where one that large was found."""
    measure = MEASURES[str(visible["measure"].iloc[0])]
    sizes = visible[["visible_above", "visible_below"]].to_numpy(dtype="float64")
    sizes = sizes[np.isfinite(sizes)]
    if not len(sizes):
        return (
            f"No difference in {measure_phrase(measure)} could be seen in this corpus"
        )
    factor, digits, unit = (100, 0, " points") if is_share(measure) else (1, 2, "")
    low, high = (f"{factor * end:.{digits}f}" for end in (sizes.min(), sizes.max()))
    n_seen = int(find_seen(visible).sum())
    span = low if low == high else f"{low} to {high}"
    power = float(visible["power"].iloc[0])
    return (
        f"To be seen with a power of {power:.0%}, an outlet must differ by "
        f"{span}{unit} in {measure_phrase(measure)}; {n_seen} of {len(visible)} were "
        "found to"
    )


def find_seen(visible: pd.DataFrame) -> pd.Series[bool]:
    """Rows whose difference is large enough to be seen with the power asked for."""
    found = visible["difference"]
    above = found > visible["visible_above"]
    return above | (found < -visible["visible_below"])
