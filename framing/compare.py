"""Outlets compared: pooled estimates, differences, intervals and adjusted p.

An estimate pools totals over articles, a difference is to one outlet or to all others
together; both have intervals over clusters of wire copies (`intervals.py`). A cluster
that stands on both sides of a difference moves both, and is no doubt about it.
Nothing is drawn at random: neither the order of rows nor the company of other outlets
changes an interval. Beside each estimate stands the same drawn towards the common
mean (`shrinkage.py`), by which figures are ordered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from framing.clusters import Clustered, Side, check_reference, cluster_scores
from framing.intervals import (
    FEW_CLUSTERS,
    Rate,
    benjamini_hochberg_adjusted,
    difference_interval,
    difference_p,
    holm_adjusted,
    own_spread,
    pool_rate,
)
from framing.score import MEASURES, Measure
from framing.shrinkage import shrink_rates

ALL_OTHERS = "all others"
POOLED = {
    "n_articles": "int64",
    "n_clusters": "int64",
    "numerator": "float64",
    "denominator": "float64",
    "estimate": "float64",
    "low": "float64",
    "high": "float64",
}
_SHRUNK = {"shrunk": "float64", "shrunk_low": "float64", "shrunk_high": "float64"}
CONTRAST = {
    "reference": "str",
    "difference": "float64",
    "difference_low": "float64",
    "difference_high": "float64",
    "p": "float64",
    "p_adjusted": "float64",
    "p_bh": "float64",
    "note": "str",
}


def compare_outlets(
    scores: pd.DataFrame,
    measures: str | Sequence[str],
    *,
    by: str = "outlet",
    reference: str | None = None,
) -> pd.DataFrame:
    """One row an outlet and measure: pooled estimate, difference, 95 % intervals, p.

    An estimate pools totals: all hedges of an outlet per 100 of all its words.
    `shrunk` is the same drawn towards the mean of all, with its interval (NaN for
    fewer than three outlets). The difference is to the outlet `reference`, or else to
    all other outlets pooled. `by` may be any column of the scores (also `coder`); rows
    without a value in it belong to no group and are left out. `p` is two-sided,
    `p_adjusted` Holm's and `p_bh` Benjamini and Hochberg's over all rows. `note` says
    where the row rests on little.

    There are neither repeats nor a seed: intervals are formulas (`intervals.py`). A
    bootstrap of few articles is too narrow, has no width where all articles are alike,
    and gives other bounds with another seed; how often these hold the truth was
    simulated instead (`tests/coverage.csv`).

    NaN: an estimate whose denominator is 0; the interval of an outlet where one
    cluster holds nearly all; the contrast of the reference with itself.

    >>> scores = pd.DataFrame({"article_id": list("abcd"), "outlet": list("XXYY"),
    ...     "n_hedges": [1, 3, 6, 10], "n_words": [100, 100, 200, 200]})
    >>> contrasts = compare_outlets(scores, "hedge_density")
    >>> contrasts[["outlet", "n_articles", "estimate", "difference"]].values.tolist()
    [['X', 2, 2.0, -2.0], ['Y', 2, 4.0, 2.0]]
    """
    names = [measures] if isinstance(measures, str) else list(measures)
    sample = cluster_scores(scores, names, by)
    check_reference(reference, list(sample.sides))
    rates = _rates(sample)
    shrunk = [
        shrink_rates([of_side[column] for of_side in rates.values()])
        for column in range(len(names))
    ]
    rows = [
        (name, *_row(sample, rates, name, column, reference, shrunk[column][place]))
        for place, name in enumerate(sample.sides)
        for column in range(len(names))
    ]
    columns = {by: scores[by].dtype, "measure": "str"} | POOLED | _SHRUNK | CONTRAST
    contrasts = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    return with_adjusted_p(contrasts)


def with_adjusted_p(contrasts: pd.DataFrame) -> pd.DataFrame:
    """The table with `p_adjusted` (Holm) and `p_bh` over all of its rows."""
    p = contrasts["p"].to_numpy(dtype="float64")
    return contrasts.assign(
        p_adjusted=holm_adjusted(p), p_bh=benjamini_hochberg_adjusted(p)
    )


def weekly_estimates(
    scores: pd.DataFrame, measure: str, *, by: str | None = None
) -> pd.DataFrame:
    """Pooled estimate with its 95 % interval, one row a week (and value of `by`).

    Weeks begin on Monday; weeks without articles have no row; articles without a date
    are left out. Intervals as in `compare_outlets`.

    >>> scores = pd.DataFrame({"article_id": ["a", "b"], "n_hedges": [2, 4],
    ...     "n_words": [100, 100], "published": ["2025-10-28", "2025-11-02"]})
    >>> weeks = weekly_estimates(scores, "hedge_density")
    >>> weeks[["week", "n_articles", "estimate"]].astype(str).values.tolist()
    [['2025-10-27', '2', '3.0']]
    """
    table = scores.assign(week=first_days(scores["published"]))
    groups = [("", table)] if by is None else list(table.groupby(by))
    columns = {"group": "object", "week": "datetime64[us]"} | POOLED
    rows: list[dict[str, Any]] = []
    for name, part in groups:
        sample = cluster_scores(part, [measure], "week")
        for week, side in sample.sides.items():
            rate = pool_rate(side, 0, MEASURES[measure])
            pooled = _pooled(side, rate, 0, MEASURES[measure])
            rows.append({"group": name, "week": week} | pooled)
    weeks = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    if by is None:
        return weeks.drop(columns="group")
    return weeks.astype({"group": scores[by].dtype}).rename(columns={"group": by})


def first_days(published: pd.Series[Any]) -> pd.Series[Any]:
    """The Monday of each date's week; missing where there is no date.

    >>> first_days(pd.Series(["2025-11-02", None])).astype("str").tolist()
    ['2025-10-27', nan]
    """
    days = pd.to_datetime(published, format="ISO8601").dt.normalize()
    return days - pd.to_timedelta(days.dt.day_of_week, unit="D")


# --- rows ---------------------------------------------------------------------


def _rates(sample: Clustered) -> dict[Any, list[Rate]]:
    return {
        name: [pool_rate(side, i, m) for i, m in enumerate(sample.measures)]
        for name, side in sample.sides.items()
    }


def _row(
    sample: Clustered, rates: dict[Any, list[Rate]], name: Any, column: int,
    reference: str | None, shrunk: np.ndarray,
) -> tuple[Any, ...]:  # fmt: skip
    side, measure = sample.sides[name], sample.measures[column]
    rate = rates[name][column]
    pooled = _pooled(side, rate, column, measure)
    if reference is None:
        other = sample.whole.without(side)
        other_rate = pool_rate(other, column, measure)
    else:
        other, other_rate = sample.sides[reference], rates[reference][column]
    label = ALL_OTHERS if reference is None else reference
    contrast = (np.nan,) * 4
    if reference is None or name != reference:
        own = own_spread(side, other, column)
        contrast = contrast_rates(rate, other_rate, own, measure.per)
    return (
        measure.name, *pooled.values(), *(shrunk * measure.per), label, *contrast,
        np.nan, np.nan, describe_support(rate),
    )  # fmt: skip


def _pooled(side: Side, rate: Rate, column: int, measure: Measure) -> dict[str, float]:
    low, high = rate.interval()
    return {
        "n_articles": int(side.articles[:, column].sum()),
        "n_clusters": rate.n_clusters,
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "estimate": rate.value * measure.per,
        "low": low * measure.per,
        "high": high * measure.per,
    }


def contrast_rates(
    first: Rate, second: Rate, own: tuple[float, float], per: int
) -> tuple[float, float, float, float]:
    """Difference, its interval and p; NaN where a side has no denominator."""
    low, high = difference_interval(first, second, own=own)
    p = difference_p(first, second, own=own)
    return first.value * per - second.value * per, low * per, high * per, p


def describe_support(rate: Rate) -> str | None:
    """Where a row rests on little, in words; None where it does not."""
    if rate.denominator <= 0:
        return "nothing to count in"
    if not rate.is_known:
        return "one article or wire story holds nearly all: no interval"
    if rate.effective < FEW_CLUSTERS:
        return f"worth fewer than {FEW_CLUSTERS} articles: wide by design"
    if rate.numerator in (0, rate.denominator) and rate.is_share:
        return "all or none: a bound, not a spread"
    return None
