"""The figure of outlets: the rate of each with its interval, and who differs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from framing.captions import (
    DIFFERENCES,
    INTERVALS,
    SHRUNK,
    Caption,
    describe_apart,
    describe_estimates,
    describe_measure,
    describe_pooling,
    describe_reference,
)
from framing.compare import ALL_OTHERS
from framing.figures import (
    FAINT,
    INK,
    OutletStyle,
    as_records,
    draw_nothing,
    drawing,
    outlet_styles,
    set_rows,
    set_values,
)
from framing.score import MEASURES
from framing.takeaways import format_estimate, summarise_contrasts

_INTERVAL = "Bars: 95 % intervals over articles (wire copies as one)."
_STROKE = (
    "Short stroke: the estimate drawn towards the mean of all outlets, the more the "
    "less is known; outlets are in its order."
)


def plot_outlets(
    contrasts: pd.DataFrame,
    ax: Axes | None = None,
    *,
    measure: str | None = None,
    title: str | None = None,
    note: str | None = None,
) -> Axes:
    """Forest plot of one measure: estimate and 95 % interval of each outlet.

    `contrasts` is what `compare_outlets` gives; `measure` is its first unless given.
    The title says who differs, unless one is given. The dashed line is the reference
    outlet, or all outlets pooled. Filled markers differ from the reference at a
    Holm-adjusted p below 0.05. Outlets are ordered by the estimate drawn towards the
    mean (a short stroke), where there is one, so that none leads by a few articles. An
    outlet without an interval has its marker alone; one without an estimate has a dash.

    >>> from framing.compare import compare_outlets
    >>> scores = pd.DataFrame({"article_id": ["a", "b"], "outlet": ["X", "Y"],
    ...     "n_hedges": [1, 2], "n_words": [100, 100]})
    >>> ax = plot_outlets(compare_outlets(scores, "hedge_density"))
    >>> ax.get_xlabel()
    'Hedges per 100 words'
    """
    name = measure or next(iter(contrasts["measure"]), None)
    rows = contrasts[contrasts["measure"] == name]
    if rows.empty:
        return draw_nothing(ax, title, note)
    is_shrunk = "shrunk" in rows and bool(rows["shrunk"].notna().any())
    order = ["shrunk", "estimate"] if is_shrunk else ["estimate"]
    rows = rows.sort_values(
        order, na_position="first", kind="stable", ignore_index=True
    )
    caption = _outlets_caption(rows, title, note, is_shrunk)
    with drawing(ax, caption, height=0.75 + 0.34 * len(rows), above=14) as drawn:
        _draw_outlets(drawn, rows)
        _draw_reference(drawn, rows)
    return drawn


def _outlets_caption(
    rows: pd.DataFrame, title: str | None, note: str | None, is_shrunk: bool
) -> Caption:
    measure = MEASURES[str(rows["measure"].iloc[0])]
    reference = rows["reference"].iloc[0]
    other = "all other outlets" if reference == ALL_OTHERS else reference
    filled = f"Filled: differs from {other}, Holm-adjusted p < 0.05."
    line = f"Dashed line: {describe_reference(rows)[0]}."
    corrected = "machine" in rows
    intervals = _CORRECTED if corrected else INTERVALS
    return Caption(
        title=summarise_contrasts(rows) if title is None else title,
        shown=f"{describe_estimates(rows, measure)} {line} {describe_apart(rows)}",
        definition=describe_measure(measure),
        reading=(_INTERVAL, *([_STROKE] if is_shrunk else []), filled),
        method=(
            describe_pooling(measure), intervals, DIFFERENCES,
            *([SHRUNK] if is_shrunk else []),
        ),
        note=note,
    )  # fmt: skip


_CORRECTED = (
    "Estimates are the program's, corrected by articles coded by hand that were drawn "
    "at random with known probabilities (difference estimator of survey sampling; "
    "prediction-powered inference, Angelopoulos and others 2023)."
)


def _draw_outlets(ax: Axes, rows: pd.DataFrame) -> None:
    measure = MEASURES[str(rows["measure"].iloc[0])]
    names = [str(name) for name in rows.iloc[:, 0]]
    styles = outlet_styles(names)
    set_rows(ax, names, [f"n = {n:,}" for n in rows["n_articles"]])
    set_values(ax, measure)
    for place, (name, row) in enumerate(zip(names, as_records(rows), strict=True)):
        _draw_outlet(ax, place, row, styles[name])
        ax.text(
            1.02, place, format_estimate(row, measure),
            transform=ax.get_yaxis_transform(), va="center", fontsize=8, color=INK,
        )  # fmt: skip


def _draw_outlet(
    ax: Axes, place: int, row: Mapping[str, Any], style: OutletStyle
) -> None:
    ax.plot(
        [row["low"], row["high"]], [place, place], color=style.colour, linewidth=1.6,
        solid_capstyle="butt", zorder=2,
    )  # fmt: skip
    ax.plot(
        [row["estimate"]], [place], style.marker, markersize=6.5,
        markerfacecolor=style.colour if row["p_adjusted"] < 0.05 else "white",
        markeredgecolor=style.colour, markeredgewidth=1.4, zorder=3,
    )  # fmt: skip
    ax.vlines(
        row.get("shrunk", np.nan), place - 0.3, place + 0.3, INK, linewidth=1.2,
        zorder=4,
    )  # fmt: skip


def _draw_reference(ax: Axes, rows: pd.DataFrame) -> None:
    words, value = describe_reference(rows)
    if np.isnan(value):
        return
    ax.axvline(value, color=FAINT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    left, right = ax.get_xlim()
    side = {"ha": "left"} if value < (left + right) / 2 else {"ha": "right"}
    ax.annotate(
        words, (value, 1), (0, 3), xycoords=ax.get_xaxis_transform(),
        textcoords="offset points", fontsize=8, color=FAINT,
        **side,  # type: ignore[arg-type]
    )  # fmt: skip
