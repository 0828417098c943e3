"""Figures of differences: one beside another, and what they are made of."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, PercentFormatter

from framing.compare import ALL_OTHERS
from framing.intervals import is_share
from framing.plot import (
    _STYLE,
    COLOURS,
    FAINT,
    INK,
    MARKERS,
    _Frame,
    _set_rows,
    _without_articles,
)
from framing.score import MEASURES

_FEWEST = 3  # times that an item must stand somewhere to be shown
_WIDEST = 4.0  # times the middle range of the differences; longer bars are cut
_APART = (
    "Bars: 95 % intervals over articles (wire copies as one) or events. Filled: Holm-"
    "adjusted p < 0.05. Arrows: the interval goes on."
)
_KEYNESS = (
    "Log-odds ratios with an informative Dirichlet prior (Monroe, Colaresi and Quinn "
    "2008); bars: 95 % intervals over articles. Beside each: how often in either group."
)


def plot_differences(
    tables: Mapping[str, pd.DataFrame],
    measure: str,
    ax: Axes | None = None,
    *,
    title: str | None = None,
    note: str | None = None,
) -> Axes:
    """Differences of each outlet by several methods, side by side, with intervals.

    `tables` are contrasts under the names that the legend shows, as in
    `{"raw": compare_outlets(...), "same event": match_contrasts(...)}`. Outlets are
    those of the first table, in the order of its differences; a method without an
    estimate has a gap.

    >>> from framing.compare import compare_outlets
    >>> scores = pd.DataFrame({"article_id": list("abcd"), "outlet": list("XXYY"),
    ...     "n_hedges": [1, 3, 6, 10], "n_words": [100] * 4})
    >>> raw = compare_outlets(scores, "hedge_density")
    >>> plot_differences({"raw": raw}, "hedge_density").get_xlabel()
    'Difference from all others: hedges per 100 words'
    """
    with plt.rc_context(_STYLE):
        rows = {name: _rows_of(table, measure) for name, table in tables.items()}
        first = next(iter(rows.values()), pd.DataFrame())
        if first.empty:
            return _without_articles(ax, title, note)
        order = first["difference"].sort_values(na_position="first", kind="stable")
        outlets = [str(name) for name in order.index]
        frame = _Frame.of(ax, 1.9 + (0.12 + 0.1 * len(rows)) * len(outlets))
        _draw_methods(frame.ax, rows, outlets)
        counts = [f"n = {int(n):,}" for n in first.loc[order.index, "n_articles"]]
        _set_rows(frame.ax, outlets, counts)
        _set_difference(frame.ax, measure, str(first["reference"].iloc[0]))
        frame.ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4)
        adjusted = [
            str(rows[name]["adjusted_for"].iloc[0])
            for name in rows
            if "adjusted_for" in rows[name]
        ]
        words = (note, MEASURES[measure].definition, *adjusted, _APART)
        frame.set_words(title, words)
        return frame.ax


def _rows_of(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    rows = table[table["measure"] == measure]
    return rows.set_index(rows.columns[0])


def _draw_methods(
    ax: Axes, rows: Mapping[str, pd.DataFrame], outlets: Sequence[str]
) -> None:
    limit = _limit(list(rows.values()))
    ax.axvline(0, color=INK, linewidth=0.8)
    for place, (name, table) in enumerate(rows.items()):
        shift = 0.17 * ((len(rows) - 1) / 2 - place)
        colour, marker = COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]
        shown = table.reindex(pd.Index(outlets))
        y = np.arange(len(outlets)) + shift
        low, high = shown["difference_low"], shown["difference_high"]
        ax.hlines(y, low.clip(-limit), high.clip(upper=limit), colour, linewidth=1.3)
        for values, sign, arrow in ((low, -1, "<"), (high, 1, ">")):
            is_cut = (sign * values > limit).to_numpy()
            edge = np.full(int(is_cut.sum()), sign * limit)
            ax.plot(edge, y[is_cut], arrow, color=colour, markersize=4)
        is_apart = (shown["p_adjusted"] < 0.05).to_numpy()
        look: dict[str, Any] = {"color": colour, "linestyle": "", "marker": marker}
        ax.plot(shown["difference"][is_apart], y[is_apart], markersize=5, **look)
        look |= {"markerfacecolor": "white", "label": name}
        ax.plot(shown["difference"][~is_apart], y[~is_apart], markersize=5, **look)
    ax.set_xlim(-limit * 1.06, limit * 1.06)


def _limit(tables: Sequence[pd.DataFrame]) -> float:
    """Half the width of the axis: no interval of few articles squeezes the others."""
    columns = ["difference", "difference_low", "difference_high"]
    values = np.abs(np.concatenate([t[columns].to_numpy().ravel() for t in tables]))
    values = values[np.isfinite(values)]
    points = np.abs(np.concatenate([t["difference"].to_numpy() for t in tables]))
    points = points[np.isfinite(points)]
    if not len(values) or values.max() <= 0:
        return 1.0
    return float(min(values.max(), max(_WIDEST * np.median(values), points.max())))


def _set_difference(ax: Axes, name: str, reference: str) -> None:
    measure = MEASURES[name]
    other = "all others" if reference == ALL_OTHERS else reference
    label = measure.label[0].lower() + measure.label[1:]
    if is_share(measure):
        label += ", points"
        ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    ax.set_xlabel(textwrap.fill(f"Difference from {other}: {label}", 60))
    ax.grid(axis="x", color="#E6E6E6", linewidth=0.8)
    ax.set_axisbelow(True)


# --- keyness ------------------------------------------------------------------------


def plot_keyness(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    group: str | None = None,
    items: int = 10,
    title: str | None = None,
    note: str | None = None,
) -> Axes:
    """The items that most tell `group` (else the first) from the others, either way.

    `table` is what `keyness` gives. At most `items` on each side, those of the largest
    `z_clustered` (of those that were counted three times or more, if any were);
    filled where their interval leaves out no difference. What is behind
    a point: `list_examples(codes, groups, item)`.

    >>> from framing.keyness import keyness
    >>> hedges = pd.DataFrame({"article_id": list("aaabbb"),
    ...     "text": ["may", "may", "could", "could", "could", "could"]})
    >>> ax = plot_keyness(keyness(hedges, {"a": "X", "b": "Y"}))
    >>> ax.get_xlabel()
    'Odds in X, times those in the other groups'
    """
    with plt.rc_context(_STYLE):
        if table.empty:
            return _without_articles(ax, title, note)
        name = group or str(table["group"].iloc[0])
        rows = table[table["group"] == name].sort_values("z_clustered", kind="stable")
        rows = rows[rows["log_odds"].notna()]
        if rows.empty:
            return _without_articles(ax, title, note)
        often = rows["n"] + rows["n_other"] >= _FEWEST
        rows = rows[often] if often.any() else rows
        below, above = rows[rows["log_odds"] < 0], rows[rows["log_odds"] >= 0]
        shown = pd.concat([below.head(items), above.tail(items)])
        frame = _Frame.of(ax, 1.7 + 0.24 * len(shown))
        _draw_keyness(frame.ax, shown)
        beside = [
            f"{n:,} : {other:,}"
            for n, other in zip(shown["n"], shown["n_other"], strict=True)
        ]
        _set_rows(frame.ax, list(shown["item"]), beside)
        frame.ax.set_xlabel(f"Odds in {name}, times those in the other groups")
        frame.set_words(title, (note, _KEYNESS, _totals(shown, name)))
        return frame.ax


def _totals(shown: pd.DataFrame, name: str) -> str:
    first = shown.iloc[0]
    return (
        f"Counted against {first['total']:,} in {name} and "
        f"{first['total_other']:,} in the others."
    )


def _draw_keyness(ax: Axes, shown: pd.DataFrame) -> None:
    places = np.arange(len(shown))
    is_more = (shown["log_odds"] >= 0).to_numpy()
    is_apart = ((shown["low"] > 0) | (shown["high"] < 0)).to_numpy()
    limit = max(1.15 * float(shown["log_odds"].abs().max()), np.log(2))
    ax.axvline(0, color=INK, linewidth=0.8)
    for side, (colour, marker) in enumerate(zip(COLOURS, MARKERS, strict=True)):
        if side > 1:
            break
        part = is_more if side == 0 else ~is_more
        low, high = shown["low"].clip(-limit), shown["high"].clip(upper=limit)
        ax.hlines(places[part], low[part], high[part], colour, linewidth=1.4)
        for chosen, face in ((part & is_apart, colour), (part & ~is_apart, "white")):
            ax.plot(
                shown["log_odds"][chosen], places[chosen], marker, color=colour,
                markerfacecolor=face, markersize=5.5,
            )  # fmt: skip
    ax.set_xlim(-limit * 1.03, limit * 1.03)
    powers = range(-int(limit / np.log(2)), int(limit / np.log(2)) + 1)
    step = 1 + len(powers) // 8
    ticks = [power for power in powers if power % step == 0]
    ax.set_xticks([power * np.log(2) for power in ticks], list(map(_ratio, ticks)))
    ax.grid(axis="x", color="#E6E6E6", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(axis="y", labelcolor=INK, color=FAINT)


def _ratio(power: int) -> str:
    return (
        "the same" if power == 0 else f"{'×' if power > 0 else '÷'} {2 ** abs(power)}"
    )
