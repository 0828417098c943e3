"""The figure of who repeats whom: outlets by the outlets that they relay.

One hue from white to dark, so that the order of shades is the same in grey and to
every eye; the number stands in each cell, so that no shade has to be read.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from framing.captions import Caption
from framing.figures import (
    COLOURS,
    FAINT,
    INK,
    draw_nothing,
    drawing,
    set_rows,
)
from framing.relay_table import NO_NAME
from framing.takeaways import summarise_relays

OTHERS = "other outlets"
_FEWEST = 7  # columns that there is room for
_MOST = 12  # relayed outlets with a column of their own
_DEFINITION = (
    "Statements with a relay, or with a media source, per article of the outlet "
    "(codebook, section 2, Relay)."
)
_READING = "In brackets their number. Dot: none. n: articles of the outlet."
_COUNTED = (
    "Counts of this corpus, without intervals: a cell rests on the few statements in "
    "its brackets. A statement counts once, for the outlet through which it came; what "
    "an outlet says of itself does not count."
)
_SHADES = LinearSegmentedColormap.from_list(
    "relays", ["#FFFFFF", COLOURS[0], "#00263D"]
)


def plot_relays(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    title: str | None = None,
    note: str | None = None,
) -> Axes:
    """Matrix of relayed statements per article: rows outlets, columns whom they repeat.

    `table` is what `relays` gives, of one coder. Outlets that relay most per article
    stand first, and so do those that are relayed most; beyond twelve they are summed
    as other outlets.

    >>> row = {"outlet": "X", "coder": "x", "relayed": "Reuters", "n_statements": 3,
    ...     "n_unnamed": 2, "n_articles": 2, "statements_per_article": 1.5}
    >>> ax = plot_relays(pd.DataFrame([row]))
    >>> [cell.get_text() for cell in ax.texts]
    ['1.50', '(3)']
    """
    coders = table["coder"].unique()
    if len(coders) > 1:
        raise ValueError(f"relays of {', '.join(map(str, coders))}: choose one coder")
    if table.empty:
        return draw_nothing(ax, title, note)
    counts, n_articles = _matrix(table)
    caption = _caption(table, title, note)
    with drawing(ax, caption, height=1.9 + 0.4 * len(counts), above=70) as drawn:
        _draw_cells(drawn, counts, n_articles)
        # The first outlet on top: rows of a figure count from below.
        beside = [f"n = {n:,}" for n in n_articles]
        set_rows(drawn, [str(name) for name in counts.index], beside)
        _set_columns(drawn, [str(name) for name in counts.columns])
    return drawn


def _caption(table: pd.DataFrame, title: str | None, note: str | None) -> Caption:
    n_articles = int(table.groupby("outlet")["n_articles"].first().sum())
    n_statements = int(table["n_statements"].sum())
    n_unnamed = int(table["n_unnamed"].sum())
    shown = (
        f"Who repeats whom: {n_statements:,} relayed statements, {n_unnamed:,} of them "
        f"by unnamed people, in {n_articles:,} articles of "
        f"{table['outlet'].nunique()} outlets, through {table['relayed'].nunique()} "
        "outlets (those that articles do not name are one). Outlets that relay most "
        f"per article stand first; beyond {_MOST} relayed outlets the rest are summed."
    )
    return Caption(
        title=summarise_relays(table) if title is None else title,
        shown=shown,
        definition=_DEFINITION,
        reading=(_READING,),
        method=(_COUNTED,),
        note=note,
    )


def _matrix(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series[int]]:
    """Statements by outlet (row, bottom first) and relayed outlet; articles by row."""
    totals = table.groupby("relayed")["n_statements"].sum()
    by_name = totals.drop(NO_NAME, errors="ignore").reset_index()
    by_name = by_name.sort_values(["n_statements", "relayed"], ascending=[False, True])
    named = by_name["relayed"].tolist()
    shown = named if len(named) <= _MOST else named[: _MOST - 1]
    relayed = table["relayed"].where(
        table["relayed"].isin([*shown, NO_NAME]) | table["relayed"].isna(), OTHERS
    )
    counts = table.assign(relayed=relayed).pivot_table(
        "n_statements", "outlet", "relayed", aggfunc="sum", fill_value=0
    )
    columns = [*shown, *(c for c in (OTHERS, NO_NAME) if c in set(relayed))]
    n_articles = table.groupby("outlet")["n_articles"].first()
    counts = counts.reindex(n_articles.index, columns=columns, fill_value=0)
    rate = (counts.sum(axis=1) / n_articles).sort_index(ascending=False)
    order = rate.sort_values(kind="stable").index
    return counts.loc[order], n_articles.loc[order]


def _draw_cells(ax: Axes, counts: pd.DataFrame, n_articles: pd.Series[int]) -> None:
    rates = counts.div(n_articles, axis=0).to_numpy(dtype="float64")
    numbers = counts.to_numpy(dtype="int64")
    top = float(rates.max(initial=0.0)) or 1.0
    places = (np.arange(size + 1) - 0.5 for size in reversed(rates.shape))
    ax.pcolormesh(
        *places,
        rates,
        cmap=_SHADES,
        vmin=0,
        vmax=top,
        edgecolors="white",
        linewidth=1.5,
    )
    for (row, column), rate in np.ndenumerate(rates):
        ink = _ink_on(_SHADES(rate / top))
        if rate == 0:
            ax.text(column, row, "·", ha="center", va="center", color=FAINT)
            continue
        shown, size = (f"{rate:.2f}", 8) if rate >= 0.005 else ("<0.01", 6.5)
        _write(ax, (column, row + 0.12), shown, (size, ink))
        _write(ax, (column, row - 0.26), f"({numbers[row, column]:,})", (6.5, ink))


def _ink_on(shade: tuple[float, float, float, float]) -> str:
    """White or ink, whichever stands out more (relative luminance of WCAG 2)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shade[:3]
    )
    return "white" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 else INK


def _write(
    ax: Axes, at: tuple[float, float], words: str, look: tuple[float, str]
) -> None:
    size, ink = look
    ax.text(*at, words, ha="center", va="center", fontsize=size, color=ink)


def _set_columns(ax: Axes, names: Sequence[str]) -> None:
    places = range(len(names))
    ax.set_xticks(places, names, rotation=40, ha="left", rotation_mode="anchor")
    # Few outlets: room is left beside them, so that a cell stays a cell.
    ax.set_xlim(-0.5, max(len(names), _FEWEST) - 0.5)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.set_xlabel("Statements per article, by the outlet they came through", loc="left")
    ax.xaxis.set_label_position("bottom")
