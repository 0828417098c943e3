"""Figures of doubt: what a finding owes to its choices, its machine and its size."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from framing.compare import ALL_OTHERS
from framing.intervals import is_share
from framing.plot import (
    _STYLE,
    COLOURS,
    FAINT,
    INK,
    _set_around,
    _set_values,
    _without_articles,
)
from framing.robustness import CHOICES, summarise_specifications
from framing.score import MEASURES

_APART, _TOGETHER, _DEFAULT = COLOURS[0], "#9A9A9A", COLOURS[1]
_MOST = 400  # columns beyond which the dots of the matrix run into each other
_CURVE = (
    "Each column is one combination of the choices beneath, in the order of the "
    "difference; bars: 95 % intervals (filled and blue where they leave out 0). "
    "Diamonds: the choices made by default."
)


def plot_specifications(
    curve: pd.DataFrame, *, title: str | None = None, note: str | None = None
) -> Axes:
    r"""The specification curve: differences in order, and beneath each its choices.

    `curve` is what `specification_curve` gives; specifications without a difference
    are left out. The title is `summarise_specifications`, its first sentence. The
    Axes returned is that of the curve; the dots stand in another of the same figure.

    >>> from framing.robustness import specification_curve
    >>> scores = pd.DataFrame({"article_id": list("abcd"), "outlet": list("XXYY"),
    ...     "n_statements": [1, 3, 6, 10], "n_mental": 1, "n_words": [100] * 4})
    >>> curve = specification_curve(scores, "attribution_density", "X", minima=[1])
    >>> plot_specifications(curve).get_ylabel().replace("\n", " ")
    'Difference in attributed statements per 100 words'
    """
    with plt.rc_context(_STYLE):
        known = curve[curve["difference"].notna()]
        if known.empty:
            return _without_articles(None, title, note)
        order = ["difference", *CHOICES]
        rows = known.sort_values(order, kind="stable", ignore_index=True)
        varied = _varied(rows)
        n_values = sum(len(values) for values in varied.values())
        heights = [2.4, 0.4 + 0.19 * n_values + 0.12 * len(varied)]
        figure = plt.figure(figsize=(7.2, sum(heights) + 1.3), layout="constrained")
        upper: Axes
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=heights)
        _draw_curve(upper, rows)
        _draw_choices(lower, rows, varied)
        words = title or summarise_specifications(curve).split(". ")[0].rstrip(".")
        _set_words(figure, words, (note, _size(rows), _fixed(rows, varied), _CURVE))
        return upper


def _varied(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Choices with more than one value, values in the order of the default first."""
    default = rows[rows["is_default"]]
    varied = {}
    for choice in CHOICES:
        values = sorted(rows[choice].unique(), key=_natural)
        if len(values) > 1:
            first = [v for v in values if (default[choice] == v).any()]
            varied[choice] = first + [v for v in values if v not in first]
    return varied


def _natural(value: str) -> tuple[int, str]:
    number = value.split(" ")[0]
    return (int(number) if number.isdigit() else 0), value


def _draw_curve(ax: Axes, rows: pd.DataFrame) -> None:
    places = np.arange(len(rows))
    apart = ((rows["difference_low"] > 0) | (rows["difference_high"] < 0)).to_numpy()
    for colour, part in ((_TOGETHER, ~apart), (_APART, apart)):
        shown = rows[part]
        ax.vlines(
            places[part], shown["difference_low"], shown["difference_high"], colour,
            linewidth=_width(len(rows)), alpha=0.55,
        )  # fmt: skip
        ax.plot(
            places[part], shown["difference"], "o", markersize=2.4,
            markerfacecolor="white" if colour == _TOGETHER else colour,
            markeredgecolor=FAINT if colour == _TOGETHER else colour,
            markeredgewidth=0.5,
        )  # fmt: skip
    ax.axhline(0, color=INK, linewidth=0.8)
    default = np.flatnonzero(rows["is_default"])
    ax.plot(
        default, rows["difference"].to_numpy()[default], "D", color=_DEFAULT,
        markeredgecolor="white", markersize=7, zorder=4,
    )  # fmt: skip
    measure = MEASURES[str(rows["measure"].iloc[0])]
    _set_values(ax, measure, axis="y")
    label = measure.label[0].lower() + measure.label[1:]
    if is_share(measure):
        label += ", points"
        ax.yaxis.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
    ax.set_ylabel(textwrap.fill(f"Difference in {label}", 30), fontsize=8)
    ax.tick_params(axis="x", length=0, labelbottom=False)
    ax.spines["bottom"].set_visible(False)


def _width(n_columns: int) -> float:
    return float(np.clip(260 / n_columns, 0.5, 3.0))


def _draw_choices(ax: Axes, rows: pd.DataFrame, varied: dict[str, list[str]]) -> None:
    height, ticks, labels = 0.0, [], []
    for choice, values in varied.items():
        ax.annotate(
            choice, (1.01, height), xycoords=ax.get_yaxis_transform(), fontsize=8,
            color=FAINT, va="center", annotation_clip=False,
        )  # fmt: skip
        for value in values:
            _draw_value(ax, rows, choice, value, height)
            ticks.append(height)
            labels.append(value)
            height += 1
        height += 0.6
    ax.set_yticks(ticks, labels, fontsize=7.5)
    ax.set_ylim(height - 0.6 - 0.2, -0.8)
    ax.set_xlim(-1, len(rows))
    ax.tick_params(axis="both", length=0, labelbottom=False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.set_xlabel(f"{len(rows):,} specifications, by difference")


def _draw_value(
    ax: Axes, rows: pd.DataFrame, choice: str, value: str, height: float
) -> None:
    chosen = np.flatnonzero(rows[choice] == value)
    default = rows["is_default"].to_numpy()
    ax.plot([-1, len(rows)], [height, height], color="#EEEEEE", linewidth=0.8, zorder=0)
    ax.vlines(
        chosen, height - 0.33, height + 0.33, INK, linewidth=_width(len(rows)) * 0.9
    )
    here = chosen[default[chosen]]
    ax.plot(
        here, [height] * len(here), "D", color=_DEFAULT, markersize=4.5,
        markeredgecolor="white", markeredgewidth=0.6, zorder=4,
    )  # fmt: skip


def _size(rows: pd.DataFrame) -> str | None:
    default = rows[rows["is_default"]]
    if default.empty:
        return None
    row = default.iloc[0]
    n_others = row["n_outlets"]
    against = (
        f"{n_others} others" if row["reference"] == ALL_OTHERS else row["reference"]
    )
    return (
        f"By default {row['n_articles']:,} articles of {row.iloc[0]} against {against}."
    )


def _fixed(rows: pd.DataFrame, varied: dict[str, list[str]]) -> str | None:
    fixed = [f"{c}: {rows[c].iloc[0]}" for c in CHOICES if c not in varied]
    return f"The same in all: {'; '.join(fixed)}." if fixed else None


def _set_words(
    figure: Figure, title: str | None, caption: Sequence[str | None]
) -> None:
    words = "\n".join(
        line for part in caption if part for line in textwrap.wrap(part, 118)
    )
    _set_around(figure, title, words)
