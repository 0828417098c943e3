"""Differences with the week, the kind of piece and its length held equal.

A generalised linear model with an effect for every outlet and for every covariate:
Poisson with the denominator as offset for counts, binomial for shares. Neither
distribution is believed: standard errors are sandwiches over wire clusters with the
leverage of each taken out (the jackknife's, CR3), which holds for quasi-Poisson and
negative binomial counts alike, and they are never smaller than the model's own.

An adjusted estimate is the model's mean over all articles, as if each had been written
by the outlet: the outlets' rates on one and the same mix of weeks, kinds and lengths.
Intervals, differences and p are those of `intervals.py` with the variance of the
model in place of the jackknife's.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from framing.clusters import (
    Clustered,
    Floats,
    Indices,
    check_reference,
    cluster_scores,
    find_clusters,
)
from framing.compare import (
    ALL_OTHERS,
    CONTRAST,
    POOLED,
    contrast_rates,
    describe_support,
    first_days,
    with_adjusted_p,
)
from framing.intervals import (
    Rate,
    is_share,
    own_parts,
    pool_rate,
)
from framing.score import Measure, measure_parts

FEWEST = 5  # articles of a level; rarer ones are one level together
_MOST_LEVERAGE = 0.95
_OTHER, _UNKNOWN = "other", "unknown"
_COLUMNS = {**POOLED, **CONTRAST, "adjusted_for": "str"}


def adjust_contrasts(
    scores: pd.DataFrame,
    measures: str | Sequence[str],
    *,
    covariates: Sequence[str] = ("week", "unit", "n_words"),
    by: str = "outlet",
    reference: str | None = None,
) -> pd.DataFrame:
    """One row an outlet and measure: what `compare_outlets` gives, covariates equal.

    `estimate` is the outlet's rate on the mix of covariates of all articles (the one
    of the article's length is its logarithm); `numerator` and `denominator` are what
    was counted. `week` and `day` are made from `published`. Categories with fewer than
    five articles, or without any event, are one category; missing values are a
    category of their own. `adjusted_for` says in a sentence what was adjusted for and
    what could not be: a covariate that is absent, the same everywhere, or the same
    within every outlet (its difference cannot be told from theirs).

    NaN, and no part in the model: an outlet in which nothing, or everything, was
    counted (`compare_outlets` has a bound), or that has no interval there.

    >>> scores = pd.DataFrame({"article_id": list("abcdefgh"),
    ...     "outlet": list("XYXYXYXY"), "n_hedges": [1, 3, 2, 4, 1, 2, 3, 4],
    ...     "n_words": [100] * 8})
    >>> contrasts = adjust_contrasts(scores, "hedge_density", covariates=["unit"])
    >>> contrasts["estimate"].round(2).tolist()
    [1.75, 3.25]
    >>> contrasts["adjusted_for"][0]
    'Adjusted for nothing. Not for unit (no such column).'
    """
    names = [measures] if isinstance(measures, str) else list(measures)
    parts = [_adjusted(scores, name, covariates, by, reference) for name in names]
    columns = {by: scores[by].dtype, "measure": "str"} | _COLUMNS
    rows = [row for part in parts for row in part]
    table = pd.DataFrame(rows, columns=list(columns)).astype(columns)
    # As in compare_outlets: outlet by outlet.
    order = np.argsort(table[by].astype("str").to_numpy(), kind="stable")
    return with_adjusted_p(table.iloc[order].reset_index(drop=True))


def _adjusted(
    scores: pd.DataFrame, name: str, covariates: Sequence[str], by: str,
    reference: str | None,
) -> list[tuple[Any, ...]]:  # fmt: skip
    sample = cluster_scores(scores, [name], by)
    check_reference(reference, list(sample.sides))
    measure = sample.measures[0]
    rates = {k: pool_rate(side, 0, measure) for k, side in sample.sides.items()}
    fitted = [k for k, rate in rates.items() if _can_be_fitted(rate)]
    kept = scores[scores[by].isin(fitted)]
    rows = _known_rows(kept, measure)
    design = _design(rows, fitted, covariates, (by, measure))
    means = _standardised(rows, design, measure) if fitted else None
    labels = {k: place for place, k in enumerate(fitted)}
    in_model = cluster_scores(kept, [name], by)
    return [
        (
            *_row((sample, in_model), rates, (k, reference), labels, means),
            design.sentence,
        )
        for k in sample.sides
    ]


def _can_be_fitted(rate: Rate) -> bool:
    if rate.numerator <= 0 or not rate.is_known:
        return False
    return not rate.is_share or rate.numerator < rate.denominator


def _known_rows(scores: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    numerator, denominator = measure_parts(scores, measure.name)
    known = np.isfinite(numerator) & (denominator > 0)
    return scores[known].reset_index(drop=True)


# --- the design -----------------------------------------------------------------


@dataclass(frozen=True)
class _Design:
    """Effects of outlets and, after them, of covariates; and the words for both."""

    outlets: Floats
    covariates: Floats
    sentence: str


def _design(
    rows: pd.DataFrame, names: Sequence[Any], covariates: Sequence[str],
    what: tuple[str, Measure],
) -> _Design:  # fmt: skip
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
    return _Design(outlets, kept[:, len(names) :], sentence)


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


# --- the model --------------------------------------------------------------------


@dataclass(frozen=True)
class _Means:
    """Standardised means of the outlets and what each cluster adds to them."""

    value: Floats
    influence: Floats
    least: Floats
    weights: Floats


def _standardised(
    rows: pd.DataFrame, design: _Design, measure: Measure
) -> _Means | None:
    """Means of every outlet over the covariates of all articles; None without a fit."""
    numerator, denominator = measure_parts(rows, measure.name)
    counts_part = is_share(measure)
    columns = np.column_stack([design.outlets, design.covariates])
    fit = _fitted(columns, numerator, denominator, counts_part)
    if fit is None:
        return None
    n_outlets = design.outlets.shape[1]
    linear = fit[None, :n_outlets] + (design.covariates @ fit[n_outlets:])[:, None]
    mean = _inverse(linear, counts_part)
    slope = mean * (1 - mean) if counts_part else mean
    weights = denominator / denominator.sum()
    gradient = np.column_stack(
        [np.diag(weights @ slope), (slope * weights[:, None]).T @ design.covariates]
    )
    here = _inverse(columns @ fit, counts_part)
    scale = denominator * (here * (1 - here) if counts_part else here)
    bread = np.linalg.pinv(columns.T @ (columns * scale[:, None]), hermitian=True)
    residual = numerator - denominator * here
    model = (np.asarray(bread), scale)
    parts = _cluster_scores(columns, residual, model, find_clusters(rows))
    return _Means(
        weights @ mean,
        parts @ bread @ gradient.T,
        gradient @ bread @ gradient.T,
        denominator @ design.outlets,
    )


def _inverse(linear: Floats, is_share: bool) -> Floats:
    linear = np.clip(linear, -30, 30)
    return np.asarray(1 / (1 + np.exp(-linear)) if is_share else np.exp(linear))


def _fitted(
    columns: Floats, numerator: Floats, denominator: Floats, is_share: bool
) -> Floats | None:
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM

    if is_share:
        outcome = np.column_stack([numerator, denominator - numerator])
        model = GLM(outcome, columns, families.Binomial(), hasconst=True)
    else:
        offset = np.log(denominator)
        family = families.Poisson()
        model = GLM(numerator, columns, family, offset=offset, hasconst=True)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Separation is told by the row that has no estimate, not by a warning.
        warnings.simplefilter("ignore")
        try:
            found = model.fit(maxiter=100)
        except (np.linalg.LinAlgError, ValueError):
            return None
    is_found = bool(found.converged) and bool(np.isfinite(found.params).all())
    return np.asarray(found.params, dtype="float64") if is_found else None


def _cluster_scores(
    columns: Floats, residual: Floats, model: tuple[Floats, Floats], clusters: Indices
) -> Floats:
    """Score of each cluster, enlarged by its leverage as if it had been left out."""
    bread, scale = model
    n_clusters = int(clusters.max(initial=-1)) + 1
    leverage = ((columns @ bread) * columns).sum(axis=1) * scale
    of_cluster = np.bincount(clusters, leverage, minlength=n_clusters)
    summed = np.zeros((n_clusters, columns.shape[1]))
    np.add.at(summed, clusters, columns * residual[:, None])
    kept = 1 - np.minimum(of_cluster, _MOST_LEVERAGE)
    return np.asarray(summed / kept[:, None])


# --- rows -------------------------------------------------------------------------


def _row(
    samples: tuple[Clustered, Clustered], rates: dict[Any, Rate],
    names: tuple[Any, str | None], labels: dict[Any, int], means: _Means | None,
) -> tuple[Any, ...]:  # fmt: skip
    name, reference = names
    sample, in_model = samples
    measure, rate = sample.measures[0], rates[name]
    place = labels.get(name)
    counted = (
        name, measure.name, int(sample.sides[name].articles.sum()), rate.n_clusters,
        rate.numerator, rate.denominator,
    )  # fmt: skip
    label = ALL_OTHERS if reference is None else reference
    if means is None or place is None:
        return (*counted, *(np.nan,) * 3, label, *(np.nan,) * 6, _without(rate))
    mine = np.eye(len(labels))[place]
    found = _rate_of(means, mine, rate)
    theirs, raw = _other_side(in_model, rates, labels, (name, reference), means)
    low, high = found.interval()
    estimate = tuple(value * measure.per for value in (found.value, low, high))
    contrast = (np.nan,) * 4
    if theirs is not None and (reference is None or name != reference):
        contrast = _contrast(means, (mine, theirs), (found, raw), measure.per)
    note = describe_support(rate)
    return (*counted, *estimate, label, *contrast, np.nan, np.nan, note)


def _without(rate: Rate) -> str:
    if not rate.is_known:
        return str(describe_support(rate))
    if _can_be_fitted(rate):
        return "the model has no solution: see compare_outlets"
    return "all or none: a model has no estimate, see compare_outlets"


def _other_side(
    sample: Clustered, rates: dict[Any, Rate], labels: dict[Any, int],
    names: tuple[Any, str | None], means: _Means,
) -> tuple[Floats | None, Rate]:  # fmt: skip
    """Weights of the outlets on the other side, and what was counted there."""
    name, reference = names
    if reference is not None:
        place = labels.get(reference)
        weights = None if place is None else np.eye(len(labels))[place]
        return weights, rates[reference]
    rest = sample.whole.without(sample.sides[name])
    weights = means.weights.copy()
    weights[labels[name]] = 0.0
    total = float(weights.sum())
    raw = pool_rate(rest, 0, sample.measures[0])
    return (weights / total if total > 0 else None), raw


def _rate_of(means: _Means, weights: Floats, raw: Rate) -> Rate:
    """The adjusted rate, and the independent sample that its variance is worth."""
    value = float(weights @ means.value)
    variance = float(((means.influence @ weights) ** 2).sum())
    variance = max(variance, float(weights @ means.least @ weights))
    one = value * (1 - value) if raw.is_share else value
    most = raw.size if raw.is_share else raw.denominator
    size = min(one / variance, most) if variance > 0 else most
    return replace(raw, numerator=value * raw.denominator, size=size)


def _contrast(
    means: _Means, sides: tuple[Floats, Floats], rates: tuple[Rate, Rate], per: int
) -> tuple[float, float, float, float]:
    first, second = rates[0], _rate_of(means, sides[1], rates[1])
    change, other = (means.influence @ side for side in sides)
    variances = float((change**2).sum()), float((other**2).sum())
    own = own_parts(variances, float((change * other).sum()))
    return contrast_rates(first, second, own, per)
