"""Figures of differences: one beside another, and what they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from framing.captions import (
    DIFFERENCES,
    INTERVALS,
    Caption,
    describe_apart,
    describe_measure,
    describe_pooling,
)
from framing.compare import ALL_OTHERS
from framing.figures import (
    COLOURS,
    FAINT,
    INK,
    MARKERS,
    draw_nothing,
    drawing,
    set_differences,
    set_lines,
    set_rows,
)
from framing.score import MEASURES
from framing.takeaways import summarise_keyness, summarise_methods

_FEWEST = 3  # times that an item must stand somewhere to be shown
_WIDEST = 4.0  # times the middle range of the differences; longer bars are cut
_APART = (
    "Bars: 95 % intervals over articles (wire copies as one) or events. Filled: Holm-"
    "adjusted p < 0.05. Arrows: the interval goes on."
)
_METHODS = (
    "An adjusted difference is that at equal covariates; one of the same event is "
    "taken within events that the outlet and another both covered, with its interval "
    "over events. p is adjusted for all outlets and measures computed together."
)
_BESIDE = (
    "Bars: 95 % intervals over articles; filled where they leave out no difference. "
    "Beside each: how often in either group."
)
_KEYNESS = (
    "Log-odds ratios with an informative Dirichlet prior (Monroe, Colaresi and Quinn "
    "2008), with the larger of their standard error and that over articles."
)
_ALL_ITEMS = (
    "Of many items some stand apart by chance: the title names only those that do at "
    "5 % for all items of the group together (Bonferroni)."
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
    rows = {name: _rows_of(table, measure) for name, table in tables.items()}
    first = next(iter(rows.values()), pd.DataFrame())
    if first.empty:
        return draw_nothing(ax, title, note)
    order = first["difference"].sort_values(na_position="first", kind="stable")
    outlets = [str(name) for name in order.index]
    height = 1.0 + (0.12 + 0.1 * len(rows)) * len(outlets)
    caption = _caption(rows, measure, title, note)
    with drawing(ax, caption, height=height, above=18) as drawn:
        _draw_methods(drawn, rows, outlets)
        counts = [f"n = {int(n):,}" for n in first.loc[order.index, "n_articles"]]
        set_rows(drawn, outlets, counts)
        reference = first["reference"].iloc[0]
        other = "all others" if reference == ALL_OTHERS else reference
        words = f"Difference from {other}:"
        set_differences(drawn, MEASURES[measure], axis="x", words=words)
        drawn.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4)
    return drawn


def _caption(
    rows: Mapping[str, pd.DataFrame], name: str, title: str | None, note: str | None
) -> Caption:
    measure = MEASURES[name]
    first = next(iter(rows.values()))
    adjusted = [
        str(table["adjusted_for"].iloc[0])
        for table in rows.values()
        if "adjusted_for" in table and len(table)
    ]
    shown = (
        f"Differences of {len(first)} outlets ({first['n_articles'].sum():,} articles) "
        f"by {len(rows)} methods, side by side: {', '.join(rows)}."
    )
    apart = [f"{key}: {describe_apart(table)}" for key, table in rows.items()]
    finding = summarise_methods(rows, measure)
    return Caption(
        title=finding if title is None else title,
        shown=" ".join([shown, *apart]),
        definition=describe_measure(measure),
        reading=(*adjusted, _APART),
        method=(describe_pooling(measure), INTERVALS, DIFFERENCES, _METHODS),
        note=note,
    )


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
    name = group or next(iter(table["group"]), "")
    mine = table[(table["group"] == name) & table["log_odds"].notna()]
    if mine.empty:
        return draw_nothing(ax, title, note)
    shown = _most_telling(mine, items)
    totals = _totals(shown, name)
    caption = Caption(
        title=summarise_keyness(mine, name) if title is None else title,
        shown=f"{len(shown)} of {len(mine):,} items, those that most tell {name} from "
        f"the other groups. {totals}",
        reading=(_BESIDE, totals),
        method=(_KEYNESS, _ALL_ITEMS),
        note=note,
    )
    with drawing(ax, caption, height=0.7 + 0.24 * len(shown)) as drawn:
        _draw_keyness(drawn, shown)
        beside = [
            f"{n:,} : {other:,}"
            for n, other in zip(shown["n"], shown["n_other"], strict=True)
        ]
        set_rows(drawn, list(shown["item"]), beside)
        drawn.set_xlabel(f"Odds in {name}, times those in the other groups")
    return drawn


def _most_telling(mine: pd.DataFrame, items: int) -> pd.DataFrame:
    rows = mine.sort_values("z_clustered", kind="stable")
    often = rows["n"] + rows["n_other"] >= _FEWEST
    rows = rows[often] if often.any() else rows
    below, above = rows[rows["log_odds"] < 0], rows[rows["log_odds"] >= 0]
    return pd.concat([below.head(items), above.tail(items)])


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
    set_lines(ax, axis="x")
    ax.tick_params(axis="y", labelcolor=INK, color=FAINT)


def _ratio(power: int) -> str:
    return (
        "the same" if power == 0 else f"{'×' if power > 0 else '÷'} {2 ** abs(power)}"
    )
