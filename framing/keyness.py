"""What a difference is made of: the cues, roles or relays that tell groups apart.

Log-odds ratios with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008):
each group is compared with all others on how often it uses each item, and both are
drawn towards the usage of all, so that an item seen twice does not lead the list.

Their z takes every code as independent. An outlet whose one article repeats a phrase
is not an outlet that favours it: `z_clustered` has the larger of their standard error
and that over articles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from framing.clusters import Floats
from framing.errors import CorpusError

_COLUMNS = {
    "group": "str",
    "item": "str",
    "n": "int64",
    "total": "int64",
    "n_other": "int64",
    "total_other": "int64",
    "n_articles": "int64",
    "n_other_articles": "int64",
    "log_odds": "float64",
    "low": "float64",
    "high": "float64",
    "z": "float64",
    "z_clustered": "float64",
}
_MISSING = "(none)"
_Z = 1.96
_AROUND = 80  # characters of text on each side of an example


def keyness(
    codes: pd.DataFrame,
    groups: Mapping[str, str] | pd.Series[Any],
    *,
    what: str = "text",
    words: Mapping[str, int] | pd.Series[Any] | None = None,
    prior: float = 100.0,
) -> pd.DataFrame:
    """One row a group and item: log-odds ratio to the other groups, z and counts.

    `codes` is a table with one row a code (hedges or attributions; choose its rows
    before: one coder, statements only), `groups` gives the group of each article_id
    (a Series with that index will do), `what` the column whose values are counted:
    the words of a hedge, a `role`, a `via_name`. Case does not count, missing values
    are the item `(none)`. With `words` (words of each article_id) the odds are against
    all words, so that a group that hedges more has more of most cues; without, against
    the other codes. `prior` is a number of codes: each side is drawn towards all
    groups as if it had so many more, spread over the items as in all of them.

    `low` and `high` are a 95 % interval with the clustered standard error. Articles
    without a group are left out; two groups give each item twice, with opposite signs.

    >>> hedges = pd.DataFrame({"article_id": list("aaabbb"),
    ...     "text": ["may", "may", "could", "could", "could", "could"]})
    >>> table = keyness(hedges, {"a": "X", "b": "Y"}, prior=10)
    >>> table[["group", "item", "n", "n_other"]].values.tolist()[:2]
    [['X', 'may', 2, 0], ['X', 'could', 1, 3]]
    """
    table = _labelled(codes, groups, what)
    if table.empty:
        return pd.DataFrame(columns=list(_COLUMNS)).astype(_COLUMNS)
    counts, totals = _counted(table, groups, words)
    group = counts.index.to_series().map(dict(groups))
    alpha, mass = _prior(counts.to_numpy(), totals, prior)
    parts = []
    for name in sorted(group.unique()):
        is_mine = (group == name).to_numpy()
        sides = [(counts.to_numpy()[r], totals[r]) for r in (is_mine, ~is_mine)]
        found = _contrasted(sides[0], sides[1], alpha, mass)
        part = pd.DataFrame(found).assign(group=name, item=[*counts.columns])
        order = ["z_clustered", "n", "item"]
        parts.append(part.sort_values(order, ascending=[False, False, True]))
    return pd.concat(parts, ignore_index=True)[list(_COLUMNS)].astype(_COLUMNS)


def list_examples(
    codes: pd.DataFrame,
    groups: Mapping[str, str] | pd.Series[Any],
    item: str,
    *,
    what: str = "text",
    group: str | None = None,
    articles: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The rows behind one item of `keyness`, with their group and their words.

    With `articles` (a table with text), `context` is the text around each code, the
    code itself between › and ‹.

    >>> hedges = pd.DataFrame({"article_id": ["a", "b"], "start": [3, 3],
    ...     "end": [6, 8], "text": ["may", "could"]})
    >>> texts = pd.DataFrame({"article_id": ["a"], "text": ["It may rain."]})
    >>> shown = list_examples(hedges, {"a": "X", "b": "Y"}, "may", articles=texts)
    >>> shown[["group", "context"]].values.tolist()
    [['X', 'It ›may‹ rain.']]
    """
    table = _labelled(codes, groups, what)
    is_shown = table["item"] == item.casefold()
    if group is not None:
        is_shown &= table["group"] == group
    shown = table[is_shown].drop(columns="item").reset_index(drop=True)
    if articles is None:
        return shown
    texts = dict(zip(articles["article_id"], articles["text"], strict=True))
    start = "start" if "start" in shown.columns else "cue_start"
    end = "end" if "end" in shown.columns else "cue_end"
    context = [
        _around(texts.get(i), int(first), int(last))
        for i, first, last in zip(
            shown["article_id"], shown[start], shown[end], strict=True
        )
    ]
    return shown.assign(context=pd.Series(context, shown.index, dtype="str"))


def _around(text: Any, start: int, end: int) -> str | None:
    if not isinstance(text, str):
        return None
    before, after = text[max(start - _AROUND, 0) : start], text[end : end + _AROUND]
    return " ".join(f"{before}›{text[start:end]}‹{after}".split())


def _labelled(
    codes: pd.DataFrame, groups: Mapping[str, str] | pd.Series[Any], what: str
) -> pd.DataFrame:
    """The codes of articles with a group, their group and item beside them."""
    for column in ("article_id", what):
        if column not in codes.columns:
            raise CorpusError(
                "table of codes", None, f"no column {column}", ", ".join(codes.columns)
            )
    group = codes["article_id"].map(dict(groups))
    item = codes[what].astype("str").str.casefold().fillna(_MISSING)
    return codes.assign(group=group, item=item)[group.notna()]


def _counted(
    table: pd.DataFrame,
    groups: Mapping[str, str] | pd.Series[Any],
    words: Mapping[str, int] | pd.Series[Any] | None,
) -> tuple[pd.DataFrame, Floats]:
    """Codes by article and item, and what they are counted against, by article."""
    counts = pd.crosstab(table["article_id"], table["item"]).astype("float64")
    if words is None:
        return counts, np.asarray(counts.sum(axis=1), dtype="float64")
    known = pd.Series(dict(words), dtype="float64").dropna()
    known = known[known.index.isin(list(dict(groups)))]
    # An article without a code has words all the same.
    totals: Floats = np.asarray(known, dtype="float64")
    return counts.reindex(known.index, fill_value=0.0), totals


def _prior(counts: Floats, totals: Floats, prior: float) -> tuple[Floats, float]:
    """Pseudo-counts of each item, and of all that they are counted against."""
    items = counts.sum(axis=0)
    scale = prior / max(float(items.sum()), 1.0)
    return np.maximum(items * scale, 1e-9), float(totals.sum()) * scale


def _contrasted(
    mine: tuple[Floats, Floats], others: tuple[Floats, Floats],
    alpha: Floats, mass: float,
) -> dict[str, Any]:  # fmt: skip
    """Columns of one group: its items against those of all other groups."""
    sides = (mine, others)
    odds, variance, spread = zip(
        *(_log_odds(*side, alpha, mass) for side in sides), strict=True
    )
    log_odds, error = odds[0] - odds[1], np.sqrt(variance[0] + variance[1])
    clustered = np.maximum(error, np.sqrt(spread[0] + spread[1]))
    return {
        "n": sides[0][0].sum(axis=0),
        "total": sides[0][1].sum(),
        "n_other": sides[1][0].sum(axis=0),
        "total_other": sides[1][1].sum(),
        "n_articles": (sides[0][0] > 0).sum(axis=0),
        "n_other_articles": (sides[1][0] > 0).sum(axis=0),
        "log_odds": log_odds,
        "low": log_odds - _Z * clustered,
        "high": log_odds + _Z * clustered,
        "z": log_odds / error,
        "z_clustered": log_odds / clustered,
    }


def _log_odds(
    counts: Floats, totals: Floats, alpha: Floats, mass: float
) -> tuple[Floats, Floats, Floats]:
    """Log-odds of each item on one side, their variance, and that over articles."""
    with_it = counts.sum(axis=0) + alpha
    # Where every code is the same item, only the prior's rounding is left beside it.
    without = np.maximum(totals.sum() + mass - with_it, 1e-9)
    odds = np.log(with_it / without)
    share = counts.sum(axis=0) / max(float(totals.sum()), 1.0)
    residual = counts - totals[:, None] * share
    change = residual / with_it + residual / without
    return odds, 1 / with_it + 1 / without, (change**2).sum(axis=0)
