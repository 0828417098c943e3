"""Covariates as columns of a model, and in words what they could and could not hold.

A covariate that is absent, the same in all articles, or told by the outlet and the
others already is left out and named: its effect cannot be told from theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from framing.clusters import Floats
from framing.compare import first_days
from framing.intervals import is_share
from framing.score import Measure, measure_parts

FEWEST = 5  # articles of a level; rarer ones are one level together
_OTHER, _UNKNOWN = "other", "unknown"


@dataclass(frozen=True)
class Design:
    """Effects of outlets and, after them, of covariates; and the words for both."""

    outlets: Floats
    covariates: Floats
    sentence: str


def design_columns(
    rows: pd.DataFrame, names: Sequence[Any], covariates: Sequence[str],
    what: tuple[str, Measure],
) -> Design:  # fmt: skip
    """Columns of the outlets `names` and of the covariates; `what` is by and measure.

    >>> from framing.score import MEASURES
    >>> rows = pd.DataFrame({"outlet": list("XXY"), "n_hedges": 1, "n_words": 9})
    >>> what = ("outlet", MEASURES["hedge_density"])
    >>> design_columns(rows, ["X", "Y"], ["unit"], what).sentence
    'Adjusted for nothing. Not for unit (no such column).'
    """
    by, measure = what
    labels = rows[by].to_numpy()
    outlets = np.array([labels == name for name in names], dtype="float64")
    outlets = outlets.T.reshape(len(rows), len(names))
    kept, used, unused = outlets, [], []
    # No article is of two outlets: their columns are at right angles as they are.
    basis = outlets / np.sqrt(np.maximum(outlets.sum(axis=0), 1.0))
    for covariate in covariates:
        columns, found = _columns_of(rows, covariate, measure)
        enlarged, basis = _independent(kept, basis, columns)
        if not columns.shape[1]:
            unused.append(f"{covariate} ({found})")
        elif enlarged.shape[1] == kept.shape[1]:
            unused.append(f"{covariate} (cannot be told from {by} and the rest)")
        else:
            used.append(f"{covariate} ({found})")
        kept = enlarged
    sentence = f"Adjusted for {_listed(used) or 'nothing'}."
    if unused:
        sentence += f" Not for {_listed(unused)}."
    return Design(outlets, kept[:, len(names) :], sentence)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _independent(kept: Floats, basis: Floats, columns: Floats) -> tuple[Floats, Floats]:
    """`kept` with those of `columns` that are no combination of what is there."""
    for column in columns.T:
        # Twice, so that rounding leaves nothing of the others in it.
        rest = column - basis @ (basis.T @ column)
        rest = rest - basis @ (basis.T @ rest)
        size = float(np.linalg.norm(rest))
        if size > 1e-6 * float(np.linalg.norm(column)):
            basis = np.column_stack([basis, rest / size])
            kept = np.column_stack([kept, column])
    return kept, basis


def _columns_of(
    rows: pd.DataFrame, covariate: str, measure: Measure
) -> tuple[Floats, str]:
    """Centred columns of a covariate, none where it cannot be had, and its words."""
    nothing = np.zeros((len(rows), 0))
    values = _values_of(rows, covariate)
    if values is None:
        return nothing, "no such column"
    if pd.api.types.is_numeric_dtype(values) and not _is_logical(values):
        columns, found = _numbers(values, logged=covariate == "n_words")
    else:
        columns, found = _levels(values, rows, measure)
    if len(rows):
        columns = columns - columns.mean(axis=0)
        columns = columns[:, np.abs(columns).max(axis=0) > 1e-9]
    if not columns.shape[1]:
        return nothing, "the same in all articles" if len(rows) else "no articles"
    return columns, found


def _is_logical(values: pd.Series[Any]) -> bool:
    return bool(pd.api.types.is_bool_dtype(values))


def _values_of(rows: pd.DataFrame, covariate: str) -> pd.Series[Any] | None:
    if covariate in rows.columns:
        return rows[covariate]
    if covariate not in ("week", "day") or "published" not in rows.columns:
        return None
    if covariate == "week":
        return first_days(rows["published"])
    return pd.to_datetime(rows["published"], format="ISO8601").dt.normalize()


def _numbers(values: pd.Series[Any], *, logged: bool) -> tuple[Floats, str]:
    numbers = values.to_numpy(dtype="float64", na_value=np.nan)
    if logged:
        numbers = np.log(np.maximum(numbers, 1.0))
    known = np.isfinite(numbers)
    middle = float(numbers[known].mean()) if known.any() else 0.0
    spread = (float(numbers[known].std()) if known.any() else 0.0) or 1.0
    filled = (np.where(known, numbers, middle) - middle) / spread
    # Articles whose number is unknown have an effect of their own.
    columns = np.column_stack([filled, (~known).astype("float64")])
    return columns, "its logarithm" if logged else "linear"


def _levels(
    values: pd.Series[Any], rows: pd.DataFrame, measure: Measure
) -> tuple[Floats, str]:
    numerator, denominator = measure_parts(rows, measure.name)
    table = pd.DataFrame(
        {
            "level": values.astype("str").fillna(_UNKNOWN).to_numpy(),
            "n": 1,
            "events": numerator,
            "others": denominator - numerator if is_share(measure) else 1.0,
        }
    )
    for _ in range(2):
        # A second round, where the rare levels together are still too few.
        sums = table.groupby("level")[["n", "events", "others"]].sum()
        is_rare = (sums["n"] < FEWEST) | (sums[["events", "others"]] <= 0).any(axis=1)
        rare = set(sums.index[is_rare])
        target = _OTHER if _OTHER not in rare else str(sums["n"].idxmax())
        kept = table["level"].where(~table["level"].isin(rare), target)
        table = table.assign(level=kept)
    names = sorted(table["level"].unique())
    level = table["level"].to_numpy()
    columns = [np.equal(level, name).astype("float64") for name in names[1:]]
    matrix = np.column_stack([np.zeros((len(rows), 0)), *columns])
    return matrix, f"{len(names)} levels"
