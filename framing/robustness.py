"""Does the finding survive: one contrast under every choice that a critic would vary.

A difference between outlets hangs on choices that could have been made otherwise:
which hedges count, whether the agency's copies stay, who coded, how articles are
weighed. A specification curve (Simonsohn, Simmons and Nelson 2020) computes the
contrast under each combination of them, once, and shows them all, so that a finding
that needs one of them is seen to need it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from framing.annotate import DEFAULT_CODER
from framing.annotations import HEDGE_TYPES, MACHINE_HEDGE_TYPES
from framing.clusters import (
    Floats,
    Indices,
    Side,
    check_reference,
    find_clusters,
)
from framing.compare import ALL_OTHERS
from framing.intervals import (
    difference_interval,
    difference_p,
    is_share,
    own_spread,
    pool_rate,
)
from framing.score import MEASURES, Measure, measure_parts
from framing.subsample import Marks

CHOICES = ("counted", "wire", "coder", "unit", "weighting", "minimum")
WIRE = ("copies kept", "copies dropped")
WEIGHTING = ("totals pooled", "articles alike")
MINIMA = (1, 5, 20)
_ALL_UNITS = "all"
_COLUMNS = {
    "measure": "str",
    "reference": "str",
    **dict.fromkeys(CHOICES, "str"),
    "is_default": "bool",
    "n_articles": "int64",
    "n_outlets": "int64",
    "estimate": "float64",
    "other": "float64",
    "difference": "float64",
    "difference_low": "float64",
    "difference_high": "float64",
    "p": "float64",
}


def specification_curve(
    scores: pd.DataFrame | Mapping[str, pd.DataFrame],
    measure: str,
    outlet: Any,
    *,
    by: str = "outlet",
    reference: Any = None,
    minima: Sequence[int] = MINIMA,
) -> pd.DataFrame:
    """The contrast of `outlet` under each combination of choices, one row each.

    `scores` may be a mapping of names to tables (the same articles by other coders,
    or scored otherwise); a table with several coders is taken apart. Varied are:

    - counted: the measure's numerator (each hedge type left out in turn, the two
      machine-only types let in, quoted voice out, the outlet's own voice alone;
      anonymity broad, strict, or without the public; mental attributions let in);
    - wire: copies of wire stories kept (as one cluster) or dropped;
    - coder: the tables given;  - unit: full articles or leads, never together;
    - weighting: totals pooled, or every article alike;
    - minimum: articles that an outlet must have, `minima`.

    The first of each is the default, marked in `is_default`: of units full, of coders
    the first given (or the default coder). `difference` is to `reference` or to all
    others pooled, its interval and p as in `compare_outlets`. NaN where the combination
    leaves the outlet or the others without a denominator.

    >>> scores = pd.DataFrame({"article_id": list("abcd"), "outlet": list("XXYY"),
    ...     "n_statements": [1, 3, 6, 10], "n_mental": 1, "n_words": [100] * 4})
    >>> curve = specification_curve(scores, "attribution_density", "X", minima=[1])
    >>> curve[["counted", "weighting", "difference"]].values.tolist()[:2]
    [['statements', 'totals pooled', -6.0], ['statements', 'articles alike', -6.0]]
    """
    tables = _by_coder(scores)
    if measure not in MEASURES:
        raise ValueError(f"measure {measure!r} is not one of {', '.join(MEASURES)}")
    names = sorted({name for t in tables.values() for name in t[by].dropna()}, key=str)
    if names:
        check_reference(outlet, names)
        check_reference(reference, names)
    sides = (outlet, reference)
    shown = MEASURES[measure]
    rows = list(_rows(tables, shown, (by, sides), minima)) if names else []
    columns = {by: next(iter(tables.values()))[by].dtype} | _COLUMNS
    return pd.DataFrame(rows, columns=list(columns)).astype(columns)


def summarise_specifications(curve: pd.DataFrame) -> str:
    """In how many specifications the sign and the interval hold, in plain sentences.

    >>> curve = pd.DataFrame({"outlet": "X", "measure": "anonymity",
    ...     "reference": "all others", "difference": [0.2, 0.1],
    ...     "difference_low": [0.1, -0.1], "difference_high": [0.3, 0.3],
    ...     "is_default": [True, False], "wire": ["copies kept", "copies dropped"]})
    >>> summary = summarise_specifications(curve).split(". ")
    >>> summary[0]
    'X is above all others in 2 of 2 specifications, and the interval leaves out 0 in 1'
    >>> summary[1]
    'The difference is 20.0 points [10.0, 30.0] by default, and 10.0 to 20.0 over all.'
    """
    known = curve[curve["difference"].notna()]
    default = known[known["is_default"]]
    if default.empty:
        return "There is no difference by default: nothing to compare."
    row = default.iloc[0]
    sign = float(np.sign(row["difference"]))
    holds = np.sign(known["difference"]) == sign
    apart = holds & _leaves_out_zero(known)
    where = {1.0: "above", -1.0: "below"}.get(sign, "level with")
    words = [
        f"{row.iloc[0]} is {where} {row['reference']} in {holds.sum()} of "
        f"{len(known)} specifications, and the interval leaves out 0 in {apart.sum()}.",
        _range_in_words(row, known),
        _opposed_in_words(known, sign),
        _weakest_in_words(known, holds),
        _missing_in_words(len(curve) - len(known)),
    ]
    return " ".join(part for part in words if part)


def _leaves_out_zero(curve: pd.DataFrame) -> pd.Series[bool]:
    return (curve["difference_low"] > 0) | (curve["difference_high"] < 0)


def _range_in_words(row: pd.Series[Any], known: pd.DataFrame) -> str:
    measure = MEASURES[row["measure"]]
    factor, unit = (100, " points") if is_share(measure) else (1, "")
    ends = (known["difference"].min(), known["difference"].max())
    numbers = [
        f"{factor * value:.{1 if unit else 2}f}"
        for value in (*row[["difference", "difference_low", "difference_high"]], *ends)
    ]
    has_interval = not np.isnan(row["difference_low"])
    interval = f" [{numbers[1]}, {numbers[2]}]" if has_interval else ""
    return (
        f"The difference is {numbers[0]}{unit}{interval} by default, and {numbers[3]} "
        f"to {numbers[4]} over all."
    )


def _opposed_in_words(known: pd.DataFrame, sign: float) -> str:
    against = (np.sign(known["difference"]) == -sign) & _leaves_out_zero(known)
    if not against.any():
        return ""
    return f"In {against.sum()} the interval leaves out 0 on the other side."


def _weakest_in_words(known: pd.DataFrame, holds: pd.Series[bool]) -> str:
    """The choice under which the sign holds least often, where it does not always."""
    if holds.all():
        return ""
    shares = {
        (choice, value): float(holds[part.index].mean())
        for choice in CHOICES
        if choice in known.columns
        for value, part in known.groupby(choice, sort=False)
    }
    choice, value = min(shares, key=lambda key: (shares[key], key))
    share = shares[(choice, value)]
    return f"The sign holds least under {choice}: {value} ({share:.0%} of those)."


def _missing_in_words(n_missing: int) -> str:
    return f"{n_missing} could not be computed." if n_missing else ""


# --- choices ------------------------------------------------------------------


def _by_coder(
    scores: pd.DataFrame | Mapping[str, pd.DataFrame],
) -> dict[str, pd.DataFrame]:
    if not isinstance(scores, pd.DataFrame):
        return {str(name): table for name, table in scores.items()}
    if "coder" not in scores.columns or scores["coder"].isna().all():
        return {"as scored": scores}
    coders = sorted(
        scores["coder"].dropna().unique(), key=lambda c: (c != DEFAULT_CODER, c)
    )
    return {str(c): scores[scores["coder"] == c] for c in coders}


def counted_choices(measure: Measure) -> dict[str, dict[str, int]]:
    """What a critic might count instead: columns with their sign, by name.

    The first is the measure itself.

    >>> [*counted_choices(MEASURES["anonymity"])]
    ['broad', 'strict', 'without the public']
    """
    own = measure.numerator
    if own == "n_hedges":
        return _hedge_choices()
    if own in ("n_unnamed", "n_unnamed_strict"):
        rows = {
            "broad": {"n_unnamed": 1},
            "strict": {"n_unnamed_strict": 1},
            "without the public": {"n_unnamed": 1, "n_unnamed_public": -1},
        }
        first = "broad" if own == "n_unnamed" else "strict"
        return {first: rows[first]} | rows
    if own == "n_statements":
        return {"statements": {own: 1}, "and mental": {own: 1, "n_mental": 1}}
    return {"as defined": {own: 1}}


def _hedge_choices() -> dict[str, dict[str, int]]:
    every = {"n_hedges": 1}
    machine = {f"n_hedges_{kind}": 1 for kind in MACHINE_HEDGE_TYPES}
    return (
        {"six types": every}
        | {f"no {kind}": every | {f"n_hedges_{kind}": -1} for kind in HEDGE_TYPES}
        | {f"and {', '.join(MACHINE_HEDGE_TYPES)}": every | machine}
        | {"no quoted voice": every | {"n_hedges_quoted": -1}}
        | {"outlet's voice": {"n_hedges_outlet": 1}}
    )


@dataclass(frozen=True)
class _Coded:
    """The scores of one coder as arrays: what every specification takes its part of."""

    measure: Measure
    numerators: Mapping[str, Floats]
    denominator: Floats
    cluster: Indices
    outlet: Indices
    names: tuple[Any, ...]
    is_copy: Marks
    units: Mapping[str, Marks]

    @classmethod
    def of(cls, scores: pd.DataFrame, measure: Measure, by: str) -> _Coded:
        """Rows of a known outlet, in the order of their ids."""
        table = scores[scores[by].notna()]
        place = np.argsort(table["article_id"].astype("str"), kind="stable")
        table = table.iloc[place]
        names = tuple(sorted(table[by].unique(), key=str))
        _, denominator = measure_parts(table, measure.name)
        has_copies = "wire_of" in table.columns
        no_copies = np.zeros(len(table), dtype=bool)
        return cls(
            measure,
            dict(_numerators(table, measure)),
            denominator,
            find_clusters(table),
            pd.Index(names).get_indexer(table[by]).astype("intp"),
            names,
            table["wire_of"].notna().to_numpy() if has_copies else no_copies,
            _units(table),
        )


def _numerators(table: pd.DataFrame, measure: Measure) -> Iterator[tuple[str, Floats]]:
    for name, columns in counted_choices(measure).items():
        if columns.keys() <= set(table.columns):
            parts = [
                sign * table[column].to_numpy(dtype="float64", na_value=np.nan)
                for column, sign in columns.items()
            ]
            yield name, np.asarray(np.sum(parts, axis=0), "float64")


def _units(table: pd.DataFrame) -> dict[str, Marks]:
    everything = {_ALL_UNITS: np.ones(len(table), dtype=bool)}
    if "unit" not in table.columns:
        return everything
    units = sorted(table["unit"].dropna().unique())
    return {u: (table["unit"] == u).to_numpy() for u in units} or everything


# --- specifications -------------------------------------------------------------


def _rows(
    tables: Mapping[str, pd.DataFrame],
    measure: Measure,
    sides: tuple[str, tuple[Any, Any]],
    minima: Sequence[int],
) -> Iterator[tuple[Any, ...]]:
    by, (outlet, reference) = sides
    coded = {name: _Coded.of(table, measure, by) for name, table in tables.items()}
    counted = [
        c
        for c in counted_choices(measure)
        if all(c in t.numerators for t in coded.values())
    ]
    units = list(dict.fromkeys(unit for t in coded.values() for unit in t.units))
    every = itertools.product(counted, WIRE, coded, units, WEIGHTING, minima)
    label = ALL_OTHERS if reference is None else reference
    for number, choices in enumerate(every):
        words = (*choices[:-1], f"{choices[-1]} or more")
        contrast = _contrast(coded[choices[2]], choices, (outlet, reference))
        yield (outlet, measure.name, label, *words, number == 0, *contrast)


def _contrast(
    coded: _Coded, choices: tuple[Any, ...], sides: tuple[Any, Any]
) -> tuple[float, ...]:
    counted, wire, _, unit, weighting, minimum = choices
    numerator, denominator = coded.numerators[counted], coded.denominator
    kept = np.isfinite(numerator) & np.isfinite(denominator)
    kept &= coded.units.get(unit, np.zeros(len(kept), dtype=bool))
    if wire == WIRE[1]:
        kept &= ~coded.is_copy
    if weighting == WEIGHTING[1]:
        numerator, denominator, kept = _alike(numerator, denominator, kept)
    size = np.bincount(coded.outlet[kept], minlength=len(coded.names))
    kept &= (size >= minimum)[coded.outlet]
    outlet, reference = (
        coded.names.index(side) if side in coded.names else -1 for side in sides
    )
    mine = kept & (coded.outlet == outlet)
    theirs = kept & (coded.outlet == reference if sides[1] is not None else ~mine)
    pair = [_summed(coded, part, numerator, denominator) for part in (mine, theirs)]
    n_outlets = len(np.unique(coded.outlet[theirs]))
    return int(mine.sum()), n_outlets, *_differences(pair[0], pair[1], coded.measure)


def _alike(
    numerator: Floats, denominator: Floats, kept: Marks
) -> tuple[Floats, Floats, Marks]:
    """Every article with the mean denominator, at its own rate; those without, out."""
    kept = kept & (denominator > 0)
    if not kept.any():
        return numerator, denominator, kept
    typical = float(denominator[kept].mean())
    rate = np.divide(numerator, denominator, out=np.zeros(len(kept)), where=kept)
    return rate * typical, np.full(len(kept), typical), kept


def _summed(coded: _Coded, part: Marks, numerator: Floats, denominator: Floats) -> Side:
    used, rows = np.unique(coded.cluster[part], return_inverse=True)
    sums = [
        np.bincount(rows, column[part], len(used)).astype("float64")[:, None]
        for column in (np.ones(len(part)), numerator, denominator)
    ]
    return Side(used, *sums)


def _differences(first: Side, second: Side, measure: Measure) -> tuple[float, ...]:
    """Estimate, other, difference, low, high, p."""
    rate, other = (pool_rate(side, 0, measure) for side in (first, second))
    own = own_spread(first, second, 0)
    low, high = difference_interval(rate, other, own=own)
    p = difference_p(rate, other, own=own)
    values = (rate.value, other.value, rate.value - other.value, low, high)
    return *(value * measure.per for value in values), p
