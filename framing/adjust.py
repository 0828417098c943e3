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
    with_adjusted_p,
)
from framing.covariates import Design, design_columns
from framing.intervals import (
    Rate,
    is_share,
    own_parts,
    pool_rate,
)
from framing.score import Measure, measure_parts

_MOST_LEVERAGE = 0.95
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
    design = design_columns(rows, fitted, covariates, (by, measure))
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


# --- the model --------------------------------------------------------------------


@dataclass(frozen=True)
class _Means:
    """Standardised means of the outlets and what each cluster adds to them."""

    value: Floats
    influence: Floats
    least: Floats
    weights: Floats


def _standardised(
    rows: pd.DataFrame, design: Design, measure: Measure
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
    seen = float(((means.influence @ weights) ** 2).sum())
    variance = max(seen, float(weights @ means.least @ weights))
    one = value * (1 - value) if raw.is_share else value
    most = raw.size if raw.is_share else raw.denominator
    size = min(one / variance, most) if variance > 0 else most
    # The leverage taken out of each cluster reaches as far as skewness would.
    part = min(seen * size / one, 1.0)
    return replace(raw, numerator=value * size, denominator=size, size=size, seen=part)


def _contrast(
    means: _Means, sides: tuple[Floats, Floats], rates: tuple[Rate, Rate], per: int
) -> tuple[float, float, float, float]:
    first, second = rates[0], _rate_of(means, sides[1], rates[1])
    change, other = (means.influence @ side for side in sides)
    variances = float((change**2).sum()), float((other**2).sum())
    own = own_parts(variances, float((change * other).sum()))
    return contrast_rates(first, second, own, per)
