"""Figures of doubt: what a finding owes to its choices, its machine and its size."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from framing.captions import (
    DIFFERENCES,
    INTERVALS,
    Caption,
    describe_estimates,
    describe_measure,
    describe_pooling,
)
from framing.compare import ALL_OTHERS
from framing.figures import (
    COLOURS,
    FAINT,
    INK,
    STYLE,
    WIDTH,
    draw_nothing,
    drawing,
    set_differences,
    set_rows,
    set_values,
    set_words,
)
from framing.intervals import is_share
from framing.robustness import CHOICES, summarise_specifications
from framing.score import MEASURES, Measure
from framing.takeaways import find_seen, summarise_corrections, summarise_visible

_APART, _TOGETHER, _DEFAULT = COLOURS[0], "#9A9A9A", COLOURS[1]
_MOST = 400  # columns beyond which the dots of the matrix run into each other
_CURVE = (
    "Each column is one combination of the choices beneath, in the order of the "
    "difference; bars: 95 % intervals (filled and blue where they leave out 0). "
    "Diamonds: the choices made by default."
)
_MANY = (
    "All combinations of the choices are computed; none is chosen by its result. They "
    "share their articles, so that their number is no measure of evidence."
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
    rows = curve[curve["difference"].notna()]
    if rows.empty:
        return draw_nothing(None, title, note)
    order = ["difference", *CHOICES]
    rows = rows.sort_values(order, kind="stable", ignore_index=True)
    varied = _varied(rows)
    n_values = sum(len(values) for values in varied.values())
    heights = [2.4, 0.4 + 0.19 * n_values + 0.12 * len(varied)]
    caption = _specifications_caption(curve, rows, varied, (title, note))
    with plt.rc_context(STYLE):
        size = (WIDTH, sum(heights) + 0.3)
        figure = plt.figure(figsize=size, layout="constrained")
        upper: Axes
        upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=heights)
        _draw_curve(upper, rows)
        _draw_choices(lower, rows, varied)
        set_words(figure, upper, caption)
    return upper


def _specifications_caption(
    curve: pd.DataFrame,
    rows: pd.DataFrame,
    varied: dict[str, list[str]],
    words: tuple[str | None, str | None],
) -> Caption:
    title, note = words
    measure = MEASURES[str(rows["measure"].iloc[0])]
    summary = summarise_specifications(curve)
    choices = [f"{choice} ({', '.join(values)})" for choice, values in varied.items()]
    return Caption(
        title=summary.split(". ")[0].rstrip(".") if title is None else title,
        shown=f"{summary} The choices: {'; '.join(choices)}.",
        definition=describe_measure(measure),
        reading=tuple(filter(None, (_size(rows), _fixed(rows, varied), _CURVE))),
        method=(describe_pooling(measure), INTERVALS, _MANY),
        note=note,
    )


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
    set_differences(ax, measure, axis="y", width=36)
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


# --- the machine corrected ------------------------------------------------------

_CORRECTED = (
    "Filled: corrected by hand codes, with the 95 % interval. Open square: the "
    "machine's own estimate; cross: the hand codes alone."
)
_OUTSIDE = "Triangle: the corrected estimate is beyond what is possible."
_HAND = (
    "Articles were drawn for hand coding at random with known probabilities. The "
    "machine's counts of all articles, plus the weighted difference of hand and "
    "machine in those drawn, are the corrected counts (difference estimator of survey "
    "sampling; prediction-powered inference, Angelopoulos and others 2023). Where few "
    "are coded an estimate may leave the range of its measure; its interval does not."
)


def plot_corrections(
    corrected: pd.DataFrame, *, title: str | None = None, note: str | None = None
) -> Axes:
    """Corrected estimates beside the machine's and those of the hand codes alone.

    `corrected` is what `correct_estimates` gives; an outlet that cannot be corrected
    has its open square alone.

    >>> from framing.correct import correct_estimates
    >>> scores = pd.DataFrame({"article_id": list("abcdef"), "outlet": ["X"] * 6,
    ...     "n_hedges": [1, 2, 3, 2, 1, 3], "n_words": [100] * 6})
    >>> hand = scores.iloc[:3].assign(n_hedges=[2, 3, 5], inclusion_probability=0.5)
    >>> plot_corrections(correct_estimates(scores, hand, "hedge_density")).get_xlabel()
    'Hedges per 100 words'
    """
    if corrected.empty:
        return draw_nothing(None, title, note)
    order = ["estimate", "machine"]
    rows = corrected.sort_values(order, na_position="first", kind="stable")
    measure = MEASURES[str(rows["measure"].iloc[0])]
    is_out = _is_impossible(rows, measure)
    caption = Caption(
        title=summarise_corrections(rows) if title is None else title,
        shown=f"{describe_estimates(rows, measure)} {_hand_in_words(rows)}",
        definition=describe_measure(measure),
        reading=(_CORRECTED, *([_OUTSIDE] if is_out.any() else [])),
        method=(describe_pooling(measure), _HAND),
        note=note,
    )
    with drawing(None, caption, height=0.7 + 0.34 * len(rows)) as drawn:
        beside = [
            f"n = {n:,}, {hand:,} by hand"
            for n, hand in zip(rows["n_articles"], rows["n_hand"], strict=True)
        ]
        set_rows(drawn, [str(name) for name in rows.iloc[:, 0]], beside)
        set_values(drawn, measure)
        _draw_corrections(drawn, rows, is_out)
    return drawn


def _hand_in_words(rows: pd.DataFrame) -> str:
    inside = rows["machine"].between(rows["low"], rows["high"])
    return (
        f"{rows['n_hand'].sum():,} of the articles were coded by hand. The machine's "
        f"own estimate is inside the interval in {int(inside.sum())} of "
        f"{int(rows['low'].notna().sum())} outlets."
    )


def _is_impossible(rows: pd.DataFrame, measure: Measure) -> pd.Series[bool]:
    highest = 1.0 if is_share(measure) else np.inf
    return (rows["estimate"] < 0) | (rows["estimate"] > highest)


def _draw_corrections(ax: Axes, rows: pd.DataFrame, is_out: pd.Series[bool]) -> None:
    places = np.arange(len(rows))
    ax.hlines(places, rows["low"], rows["high"], _APART, linewidth=1.8)
    look: dict[str, Any] = {"linestyle": "", "zorder": 3}
    inside, out = ~is_out.to_numpy(), is_out.to_numpy()
    estimate = rows["estimate"].to_numpy()
    ax.plot(
        estimate[inside], places[inside], marker="o", color=_APART, markersize=6.5,
        **look,
    )  # fmt: skip
    for part, edge, marker in ((estimate < 0, 0.0, "<"), (estimate > 0, 1.0, ">")):
        beyond = places[out & part]
        at = np.full(len(beyond), edge)
        ax.plot(at, beyond, marker=marker, color=_APART, markersize=6.5, **look)
    ax.plot(
        rows["machine"], places, marker="s", markerfacecolor="none",
        markeredgecolor=_DEFAULT, markeredgewidth=1.3, markersize=6.5, **look,
    )  # fmt: skip
    ax.plot(rows["hand"], places, marker="x", color=INK, markersize=5, **look)


# --- what could have been seen ----------------------------------------------------

_VISIBLE = (
    "Bar: true differences from all others that would be seen in fewer than "
    "{power:.0%} of corpora like this one. Diamond: the difference found; filled where "
    "it is outside the bar. No cap: no rate that is possible would be seen there."
)
_SIMULATED = (
    "The codes of this corpus are drawn anew, with its articles, its copies and its "
    "unevenness from article to article, under larger and smaller true differences; "
    "the smallest whose 95 % interval leaves out 0 often enough is where the bar ends."
)


def plot_visible_differences(
    visible: pd.DataFrame, *, title: str | None = None, note: str | None = None
) -> Axes:
    """For each outlet the differences too small to see, and the one that was found.

    `visible` is what `smallest_visible_difference` gives. Outlets of which nothing can
    be said have no bar.

    >>> from framing.power import smallest_visible_difference
    >>> scores = pd.DataFrame({"article_id": [f"a{i}" for i in range(80)],
    ...     "outlet": ["X", "Y"] * 40, "n_unnamed": [0, 1, 2, 1] * 20, "n_people": 4})
    >>> table = smallest_visible_difference(scores, "anonymity", repeats=20)
    >>> len(plot_visible_differences(table).get_yticks())
    2
    """
    if visible.empty:
        return draw_nothing(None, title, note)
    rows = visible.sort_values(
        "visible_above", ascending=False, na_position="first", kind="stable"
    )
    measure = MEASURES[str(rows["measure"].iloc[0])]
    power = float(rows["power"].iloc[0])
    finding, n_articles = summarise_visible(rows), rows["n_articles"].sum()
    caption = Caption(
        title=finding if title is None else title,
        shown=f"{finding}. {n_articles:,} articles of {len(rows)} outlets.",
        definition=describe_measure(measure),
        reading=(_VISIBLE.format(power=power),),
        method=(describe_pooling(measure), _SIMULATED, INTERVALS, DIFFERENCES),
        note=note,
    )
    with drawing(None, caption, height=0.7 + 0.3 * len(rows)) as drawn:
        beside = [f"n = {n:,}" for n in rows["n_articles"]]
        set_rows(drawn, [str(name) for name in rows.iloc[:, 0]], beside)
        set_differences(drawn, measure, axis="x", words="Difference from all others in")
        _draw_visible(drawn, rows)
    return drawn


def _draw_visible(ax: Axes, rows: pd.DataFrame) -> None:
    above = rows["visible_above"].to_numpy()
    below = -rows["visible_below"].to_numpy()
    lowest = -rows["other"].to_numpy()
    highest = np.nanmax([*above, *rows["difference"], 0.0])
    left = np.where(np.isnan(below), lowest, below)
    right = np.where(np.isnan(above), highest, above)
    places = np.arange(len(rows))
    ax.use_sticky_edges = False
    has_bar = ~(np.isnan(above) & np.isnan(below))
    ax.barh(
        places[has_bar], (right - left)[has_bar], left=left[has_bar], height=0.5,
        color="#DDDDDD",
    )  # fmt: skip
    for edge in (above, below):
        ax.plot(edge, places, "|", color=INK, markersize=9, markeredgewidth=1.4)
    found = rows["difference"].to_numpy()
    outside = find_seen(rows).to_numpy()
    for part, face in ((outside, _DEFAULT), (~outside, "white")):
        ax.plot(
            found[part], places[part], "D", markerfacecolor=face,
            markeredgecolor=_DEFAULT, markersize=5.5, zorder=3,
        )  # fmt: skip
    ax.axvline(0, color=INK, linewidth=0.8)
