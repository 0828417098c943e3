"""The figure of weeks: how a measure moved, and on how many articles that rests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from framing.captions import (
    DIFFERENCES,
    INTERVALS,
    Caption,
    describe_apart,
    describe_estimates,
    describe_measure,
    describe_pooling,
)
from framing.compare import (
    compare_outlets,
    first_days,
    weekly_estimates,
    with_adjusted_p,
)
from framing.figures import (
    INK,
    OutletStyle,
    constructed_note,
    draw_nothing,
    drawing,
    outlet_styles,
    set_values,
)
from framing.score import MEASURES
from framing.takeaways import summarise_contrasts

_MOST_TICKS = 12
_MOST_COUNTS = 16  # weeks whose numbers of articles fit beside each other
_WIDEST = 2.5  # times the largest estimate; intervals above are cut
_LINE = 11  # points between rows of counts
_BAND = (
    "Band or bar: 95 % interval over articles (wire copies as one). Open: no interval."
)
_CUT = "Arrow: the interval goes on beyond the axis."
_WEEKLY = "n: articles of the week."
_BETWEEN = "n: articles from one mark of the axis to the next."


def plot_timeline(
    scores: pd.DataFrame,
    measure: str,
    ax: Axes | None = None,
    *,
    by: str | None = None,
    title: str | None = None,
    note: str | None = None,
) -> Axes:
    """Weekly pooled estimate with its 95 % interval, n articles above.

    Weeks begin on Monday; a week without articles, or without a denominator, breaks
    the line. With `by`, one line a group. The title says which weeks differ from all
    other weeks (of the group), unless one is given. Of many weeks, n is that of all
    between two marks of the axis. The table drawn is `weekly_estimates`.

    >>> scores = pd.DataFrame({"article_id": ["a", "b"], "n_hedges": [2, 4],
    ...     "n_words": [100, 100], "published": ["2025-10-28", "2025-11-02"]})
    >>> plot_timeline(scores, "hedge_density").get_ylabel()
    'Hedges per 100 words'
    """
    weeks = weekly_estimates(scores, measure, by=by)
    note = note or constructed_note(scores)
    if weeks.empty:
        return draw_nothing(ax, title, note)
    groups = [("", weeks)] if by is None else list(weeks.groupby(by))
    named = [(str(name), part) for name, part in groups]
    apart = _compare_weeks(scores, measure, by)
    caption = _caption(weeks, apart, title, note)
    above = 10.0 + _LINE * len(groups) + (14.0 * ((len(groups) + 1) // 2) if by else 0)
    height = 2.9 + above / 72
    with drawing(ax, caption, height=height, above=above) as drawn:
        _draw_groups(drawn, named)
        _set_weeks(drawn, weeks["week"])
        set_values(drawn, MEASURES[measure], axis="y")
        _cut(drawn, named)
        if by is not None:
            _set_legend_above(drawn, 8 + _LINE * len(groups))
    return drawn


def _compare_weeks(scores: pd.DataFrame, measure: str, by: str | None) -> pd.DataFrame:
    """Each week against all other weeks (of its group), under a name to be read."""
    table = scores.assign(week=first_days(scores["published"]))
    table = table[table["week"].notna()]
    parts = [("", table)] if by is None else list(table.groupby(by))
    rows = []
    for group, part in parts:
        contrasts = compare_outlets(part, measure, by="week")
        names = [f"the week of {d.day} {d:%B %Y}" for d in contrasts["week"]]
        of = f" in {group}" if by is not None else ""
        rows.append(contrasts.assign(week=[f"{name}{of}" for name in names]))
    return with_adjusted_p(pd.concat(rows, ignore_index=True))


def _caption(
    weeks: pd.DataFrame, apart: pd.DataFrame, title: str | None, note: str | None
) -> Caption:
    measure = MEASURES[str(apart["measure"].iloc[0])]
    shown = describe_estimates(apart, measure, "week")
    counts = _WEEKLY if _n_weeks(weeks["week"]) <= _MOST_COUNTS else _BETWEEN
    cut = [_CUT] if weeks["high"].max() > _limit(weeks) else []
    compared = (
        "For the title every week is compared with all other weeks of the same line, "
        "as outlets are with all others."
    )
    return Caption(
        title=summarise_contrasts(apart, noun="week") if title is None else title,
        shown=f"{shown} Weeks begin on Monday. {describe_apart(apart)}",
        definition=describe_measure(measure),
        reading=(_BAND, *cut, counts),
        method=(describe_pooling(measure, "week"), INTERVALS, DIFFERENCES, compared),
        note=note,
    )


def _draw_groups(ax: Axes, groups: Sequence[tuple[str, pd.DataFrame]]) -> None:
    styles = outlet_styles(name for name, _ in groups)
    every = pd.concat([part["week"] for _, part in groups])
    for row, (name, part) in enumerate(groups):
        # Side by side within the week, so that no interval hides another.
        shift = 0.9 * (row - (len(groups) - 1) / 2)
        _draw_weeks(ax, part, styles[name], (name, shift))
        offset = 7 + _LINE * (len(groups) - 1 - row)
        look = styles[name] if len(groups) > 1 else None
        _draw_counts(ax, part, _marks(every), (offset, look))


def _draw_weeks(
    ax: Axes, part: pd.DataFrame, style: OutletStyle, place: tuple[str, float]
) -> None:
    # Weeks without articles come back as gaps, so that no line bridges them.
    every = pd.date_range(part["week"].min(), part["week"].max(), freq="7D")
    week = part.set_index("week").reindex(every)
    name, shift = place
    x = np.array(_day_numbers(every)) + shift
    known = week["low"].notna().to_numpy()
    before, after = np.append(False, known[:-1]), np.append(known[1:], False)
    # A week between two without intervals has no band to see: it gets a bar.
    alone = known & ~before & ~after
    colour = style.colour
    ax.fill_between(x, week["low"], week["high"], color=colour, alpha=0.18, linewidth=0)
    ax.vlines(x[alone], week["low"][alone], week["high"][alone], colour, alpha=0.6)
    look: dict[str, Any] = {"color": colour, "marker": style.marker, "markersize": 4.5}
    ax.plot(x, week["estimate"], linewidth=1.5, label=name, **look)
    open_ones = look | {"linestyle": "", "markerfacecolor": "white"}
    ax.plot(x[~known], week["estimate"][~known], **open_ones)


def _limit(weeks: pd.DataFrame) -> float:
    """Where the axis ends: an interval of two articles squeezes no other week."""
    largest = float(weeks["estimate"].max())
    return largest * _WIDEST if largest > 0 else np.inf


def _cut(ax: Axes, groups: Sequence[tuple[str, pd.DataFrame]]) -> None:
    weeks = pd.concat([part for _, part in groups])
    limit = _limit(weeks)
    if not weeks["high"].max() > limit:
        return
    ax.set_ylim(-0.04 * limit, limit)
    styles = outlet_styles(name for name, _ in groups)
    for row, (name, part) in enumerate(groups):
        shift = 0.9 * (row - (len(groups) - 1) / 2)
        beyond = part.loc[part["high"] > limit, "week"]
        if beyond.empty:  # an empty line would take room at the foot of the page
            continue
        x = np.array(_day_numbers(beyond)) + shift
        y = np.full(len(x), limit)
        ax.plot(x, y, "^", color=styles[name].colour, markersize=4, clip_on=False)


def _set_legend_above(ax: Axes, points: float) -> None:
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    above = ScaledTranslation(0, points / 72, figure.dpi_scale_trans)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=ax.transAxes + above,
        ncols=2, borderaxespad=0.2,
    )  # fmt: skip


def _draw_counts(
    ax: Axes,
    part: pd.DataFrame,
    marks: pd.DatetimeIndex,
    at: tuple[float, OutletStyle | None],
) -> None:
    """Numbers of articles above the axes: of each week, or between two marks."""
    offset, style = at
    across = ax.get_xaxis_transform()
    ax.annotate(
        "n", (0, 1), (-10, offset), xycoords="axes fraction", fontsize=7.5,
        textcoords="offset points", color=INK, ha="right",
    )  # fmt: skip
    if style is not None:
        _draw_marker(ax, offset, style)
    ends = [*marks[1:], part["week"].max() + pd.Timedelta(days=7)]
    for first, end in zip(marks, ends, strict=True):
        between = part[(part["week"] >= first) & (part["week"] < end)]
        last = between["week"].max() if len(between) else first
        # A stretch of weeks has its number in its middle, one week above itself.
        width = max((min(end, max(last, end - pd.Timedelta(days=7))) - first).days, 0)
        if n := int(between["n_articles"].sum()):
            ax.annotate(
                f"{n:,}", (_day_number(first) + width / 2, 1), (0, offset),
                xycoords=across, textcoords="offset points", ha="center", fontsize=7.5,
                color=INK,
            )  # fmt: skip


def _draw_marker(ax: Axes, offset: float, style: OutletStyle) -> None:
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    beside = ScaledTranslation(-22 / 72, (offset + 2.5) / 72, figure.dpi_scale_trans)
    ax.plot(
        [0], [1], style.marker, color=style.colour, markersize=4.5, clip_on=False,
        transform=ax.transAxes + beside,
    )  # fmt: skip


def _marks(weeks: pd.Series[Any]) -> pd.DatetimeIndex:
    """First weeks of the stretches that are counted together."""
    every = pd.date_range(weeks.min(), weeks.max(), freq="7D")
    return every if len(every) <= _MOST_COUNTS else every[:: _step(weeks)]


def _set_weeks(ax: Axes, weeks: pd.Series[Any]) -> None:
    every = pd.date_range(weeks.min(), weeks.max(), freq="7D")
    ticks = every[:: _step(weeks)]
    years = [None, *ticks.year]
    labels = [
        # Two lines each, or those with a year would stand lower.
        f"{t.day} {t:%b}\n{t.year if t.year != before else ' '}"
        for t, before in zip(ticks, years, strict=False)
    ]
    ax.set_xticks(_day_numbers(ticks), labels)
    first, last = _day_number(every[0]), _day_number(every[-1])
    room = max(4.0, 0.02 * (last - first))
    ax.set_xlim(first - room, last + room)
    ax.set_xlabel("Week beginning")


def _n_weeks(weeks: pd.Series[Any]) -> int:
    return int((weeks.max() - weeks.min()).days // 7 + 1)


def _step(weeks: pd.Series[Any]) -> int:
    return int(np.ceil(_n_weeks(weeks) / _MOST_TICKS))


def _day_number(day: pd.Timestamp) -> float:
    return float((day - pd.Timestamp("1970-01-01")).days)


def _day_numbers(days: Iterable[pd.Timestamp]) -> list[float]:
    return [_day_number(day) for day in days]
