"""Figures: one function a figure, a table in, the Axes out.

Every figure shows intervals or counts, the unit on its axis, n beside each name and
the definition of its measure underneath. Nothing is set at import: style lives in a
context around each drawing. Outlets are told apart by colour and marker, types by
colour and hatching, so that a print in grey still reads.
"""

from __future__ import annotations

import hashlib
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator, PercentFormatter
from matplotlib.transforms import ScaledTranslation

from framing.annotations import HEDGE_TYPES, SOURCE_ROLES, VOICES
from framing.compare import ALL_OTHERS, weekly_estimates
from framing.score import MEASURES, Measure

# A backend loaded inside a style loses what it sets (a notebook's: to show figures as
# they come) when the style ends, and no later figure shows: have it loaded now.
plt.switch_backend(plt.get_backend())

# Okabe and Ito's colours without the yellow, which no white page carries.
COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6B4C9A",
    "#4D4D4D",
)  # fmt: skip
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "p")
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----", "oo")
INK, FAINT = "#222222", "#767676"
_INTERVAL = "Bars: 95 % intervals over articles (wire copies as one)."
_SHRUNK = (
    "Short stroke: the estimate drawn towards the mean of all outlets, the more the "
    "less is known; outlets are in its order."
)
_BAND = (
    "Band or bar: 95 % interval over articles (wire copies as one). Open: no interval."
)
_STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": 8,
}


class _Types(NamedTuple):
    """Columns whose shares are stacked, and the words for their sum."""

    columns: dict[str, str]
    label: str
    unit: str
    definition: str


TYPES = {
    "roles": _Types(
        {f"n_unnamed_{role}": role for role in SOURCE_ROLES},
        "Statements by unnamed people, share by role of the source",
        "statements",
        "Statements whose source is a person or group, veiled or bare, by role.",
    ),
    "hedges": _Types(
        {f"n_hedges_{kind}": kind for kind in HEDGE_TYPES},
        "Hedges, share by type",
        "hedges",
        "Hedges of the six types by type.",
    ),
    "voices": _Types(
        {f"n_hedges_{voice}": voice for voice in VOICES},
        "Hedges, share by voice",
        "hedges",
        "Hedges of the six types by voice: the outlet's own, inside indirect speech, "
        "inside quotation marks.",
    ),
}


class OutletStyle(NamedTuple):
    """How one outlet is drawn in every figure."""

    colour: str
    marker: str


def outlet_styles(names: Iterable[str]) -> dict[str, OutletStyle]:
    """Colour and marker of each outlet, from its name; distinct up to eight names.

    A name keeps its style from figure to figure, unless another name of the same
    figure that sorts before it has taken it.

    >>> outlet_styles(["Daily Planet"]) == outlet_styles(["Daily Planet"] * 2)
    True
    """
    taken: dict[str, int] = {}
    for name in sorted(set(names)):
        start = hashlib.blake2b(name.encode("utf-8", "surrogatepass")).digest()[0]
        slots = range(start, start + len(COLOURS))
        used = [slot % len(COLOURS) for slot in taken.values()]
        taken[name] = min(slots, key=lambda s: used.count(s % len(COLOURS)))
    return {
        name: OutletStyle(COLOURS[s % len(COLOURS)], MARKERS[s % len(MARKERS)])
        for name, s in taken.items()
    }


# --- outlets ------------------------------------------------------------------


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
    The dashed line is the reference outlet, or all outlets pooled. Filled markers
    differ from the reference at a Holm-adjusted p below 0.05. Outlets are ordered by
    the estimate drawn towards the mean (a short stroke), where there is one, so that
    none leads by a few articles. An outlet without an interval has its marker alone;
    one without an estimate has a dash.

    >>> from framing.compare import compare_outlets
    >>> scores = pd.DataFrame({"article_id": ["a", "b"], "outlet": ["X", "Y"],
    ...     "n_hedges": [1, 2], "n_words": [100, 100]})
    >>> ax = plot_outlets(compare_outlets(scores, "hedge_density"))
    >>> ax.get_xlabel()
    'Hedges per 100 words'
    """
    with plt.rc_context(_STYLE):
        if contrasts.empty:
            return _without_articles(ax, title, note)
        shown = MEASURES[measure or str(contrasts["measure"].iloc[0])]
        rows = contrasts[contrasts["measure"] == shown.name]
        if rows.empty:
            return _without_articles(ax, title, note)
        is_shrunk = "shrunk" in rows and bool(rows["shrunk"].notna().any())
        order = ["shrunk", "estimate"] if is_shrunk else ["estimate"]
        rows = rows.sort_values(order, na_position="first", kind="stable")
        rows = rows.reset_index(drop=True)
        frame = _Frame.of(ax, 1.5 + 0.34 * len(rows))
        _draw_outlets(frame.ax, rows, shown)
        _draw_reference(frame.ax, rows, shown)
        stroke = _SHRUNK if is_shrunk else None
        words = (note, shown.definition, _INTERVAL, stroke, _filled(rows))
        frame.set_words(title, words)
        return frame.ax


def _filled(rows: pd.DataFrame) -> str:
    reference = rows["reference"].iloc[0]
    other = "all other outlets" if reference == ALL_OTHERS else reference
    return f"Filled: differs from {other}, Holm-adjusted p < 0.05."


def _draw_outlets(ax: Axes, rows: pd.DataFrame, measure: Measure) -> None:
    names = [str(name) for name in rows.iloc[:, 0]]
    styles = outlet_styles(names)
    _set_rows(ax, names, [f"n = {n:,}" for n in rows["n_articles"]])
    _set_values(ax, measure)
    for place, (name, row) in enumerate(zip(names, _records(rows), strict=True)):
        _draw_outlet(ax, place, row, styles[name])
        ax.text(
            1.02, place, _in_words(row, measure), transform=ax.get_yaxis_transform(),
            va="center", fontsize=8, color=INK,
        )  # fmt: skip


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


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


def _in_words(row: Mapping[str, Any], measure: Measure) -> str:
    if np.isnan(row["estimate"]):
        return "–"
    estimate = _number(row["estimate"], measure)
    if np.isnan(row["low"]):
        return f"{estimate}  [no interval]"
    low, high = _number(row["low"], measure), _number(row["high"], measure)
    return f"{estimate}  [{low}, {high}]"


def _draw_reference(ax: Axes, rows: pd.DataFrame, measure: Measure) -> None:
    reference = rows["reference"].iloc[0]
    if reference == ALL_OTHERS:
        words, total = "all outlets", rows["denominator"].sum()
        value = rows["numerator"].sum() / total * measure.per if total else np.nan
    else:
        words = f"reference: {reference}"
        value = rows.loc[rows.iloc[:, 0] == reference, "estimate"].max()
    if np.isnan(value):
        return
    ax.axvline(value, color=FAINT, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    left, right = ax.get_xlim()
    side = {"ha": "left"} if value < (left + right) / 2 else {"ha": "right"}
    ax.annotate(
        f"{words}: {_number(value, measure)}", (value, 1), (0, 3),
        xycoords=ax.get_xaxis_transform(), textcoords="offset points",
        fontsize=8, color=FAINT, **side,  # type: ignore[arg-type]
    )  # fmt: skip


# --- types --------------------------------------------------------------------


def type_shares(scores: pd.DataFrame, what: str, *, by: str = "outlet") -> pd.DataFrame:
    """Pooled shares of roles, hedge types or voices, one row a group and type.

    Columns: `by`, type, n, total (of the group), share (NaN where the total is 0) and
    n_articles. Articles whose types are unknown are left out. `what` is roles, hedges
    or voices.

    >>> scores = pd.DataFrame({"outlet": ["X"], "n_hedges_outlet": [1],
    ...     "n_hedges_reported": [3], "n_hedges_quoted": [0]})
    >>> type_shares(scores, "voices")["share"].tolist()
    [0.25, 0.75, 0.0]
    """
    if what not in TYPES:
        raise ValueError(f"types {what!r} are not one of {', '.join(TYPES)}")
    columns = TYPES[what].columns
    known = scores[[by, *columns]].dropna().astype(dict.fromkeys(columns, "int64"))
    grouped = known.groupby(by)
    table = grouped.sum().assign(n_articles=grouped.size()).reset_index()
    table["total"] = table[[*columns]].sum(axis=1)
    rows = table.melt([by, "n_articles", "total"], [*columns], "type", "n")
    order = pd.Categorical(rows["type"], [*columns])
    rows = rows.assign(order=order).sort_values([by, "order"], kind="stable")
    share = rows["n"] / rows["total"].where(rows["total"] > 0)
    rows = rows.assign(type=rows["type"].map(columns), share=share)
    return rows[[by, "type", "n", "total", "share", "n_articles"]].reset_index(
        drop=True
    )


def plot_types(
    scores: pd.DataFrame,
    ax: Axes | None = None,
    *,
    what: str = "roles",
    by: str = "outlet",
    title: str | None = None,
    note: str | None = None,
) -> Axes:
    """Stacked shares of source roles, hedge types or voices, one bar an outlet.

    Ordered by the share of the type that is commonest overall. An outlet in which
    nothing was counted has no bar. The table drawn is `type_shares`.

    >>> scores = pd.DataFrame({"outlet": ["X"], "n_hedges_outlet": [1],
    ...     "n_hedges_reported": [3], "n_hedges_quoted": [0]})
    >>> plot_types(scores, what="voices").get_xlabel()
    'Hedges, share by voice'
    """
    with plt.rc_context(_STYLE):
        shares = type_shares(scores, what, by=by)
        note = note or _constructed(scores)
        if shares.empty:
            return _without_articles(ax, title, note)
        types = TYPES[what]
        table = shares.pivot_table(
            "share", index=by, columns="type", aggfunc="first", dropna=False
        )
        table = table[[*types.columns.values()]]
        commonest = table[shares.groupby("type")["n"].sum().idxmax()]
        table = table.loc[commonest.sort_values(na_position="first").index]
        frame = _Frame.of(ax, 1.9 + 0.36 * len(table))
        _draw_types(frame.ax, table)
        about = shares.drop_duplicates(by).set_index(by).loc[table.index]
        _draw_totals(frame.ax, [f"{n:,} {types.unit}" for n in about["total"]])
        beside = [f"n = {n:,}" for n in about["n_articles"]]
        _set_rows(frame.ax, [str(name) for name in table.index], beside)
        frame.ax.set_xlabel(textwrap.fill(types.label, 48))
        frame.set_words(title, (note, f"{types.definition} n: articles."))
        return frame.ax


def _draw_types(ax: Axes, table: pd.DataFrame) -> None:
    start = np.zeros(len(table))
    places = np.arange(len(table))
    styles = list(zip(COLOURS, HATCHES, strict=False))
    for name, (colour, hatch) in zip(table.columns, styles, strict=False):
        width = table[name].fillna(0.0).to_numpy()
        ax.barh(
            places, width, left=start, height=0.68, color=_lighter(colour),
            edgecolor=colour, hatch=hatch, linewidth=0.8,
        )  # fmt: skip
        for place in np.flatnonzero(width >= 0.07).tolist():
            ax.text(
                start[place] + width[place] / 2, place, f"{width[place]:.0%}",
                ha="center", va="center", fontsize=7.5,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
            )  # fmt: skip
        start = start + width
    for place in np.flatnonzero(start == 0).tolist():
        ax.text(0.01, place, "none", va="center", fontsize=8, color=FAINT)
    handles = [
        Patch(facecolor=_lighter(c), edgecolor=c, hatch=h, label=str(name))
        for name, (c, h) in zip(table.columns, styles, strict=False)
    ]
    columns = 4 if len(handles) > 4 else len(handles)
    ax.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns,
        borderaxespad=0.2, handlelength=1.8, columnspacing=1.2,
    )  # fmt: skip
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))


def _draw_totals(ax: Axes, totals: Sequence[str]) -> None:
    across = ax.get_yaxis_transform()
    for place, words in enumerate(totals):
        ax.text(1.02, place, words, transform=across, va="center", fontsize=8)


def _lighter(colour: str) -> tuple[float, float, float]:
    red, green, blue = (0.45 * channel + 0.55 for channel in to_rgb(colour))
    return red, green, blue


# --- weeks --------------------------------------------------------------------


def plot_timeline(
    scores: pd.DataFrame,
    measure: str,
    ax: Axes | None = None,
    *,
    by: str | None = None,
    title: str | None = None,
    note: str | None = None,
) -> Axes:
    """Weekly pooled estimate with its 95 % interval, n articles above each week.

    Weeks begin on Monday; a week without articles, or without a denominator, breaks
    the line. With `by`, one line a group. The table drawn is `weekly_estimates`.

    >>> scores = pd.DataFrame({"article_id": ["a", "b"], "n_hedges": [2, 4],
    ...     "n_words": [100, 100], "published": ["2025-10-28", "2025-11-02"]})
    >>> plot_timeline(scores, "hedge_density").get_ylabel()
    'Hedges per 100 words'
    """
    with plt.rc_context(_STYLE):
        weeks = weekly_estimates(scores, measure, by=by)
        note = note or _constructed(scores)
        if weeks.empty:
            return _without_articles(ax, title, note)
        groups = [("", weeks)] if by is None else list(weeks.groupby(by))
        frame = _Frame.of(ax, 3.9 + 0.14 * len(groups))
        _draw_groups(frame.ax, [(str(name), part) for name, part in groups])
        _set_weeks(frame.ax, weeks)
        if by is not None:
            _set_legend_above(frame.ax, 6 + 10 * len(groups))
        shown = MEASURES[measure]
        _set_values(frame.ax, shown, axis="y")
        frame.set_words(title, (note, shown.definition, _BAND))
        return frame.ax


def _draw_groups(ax: Axes, groups: Sequence[tuple[str, pd.DataFrame]]) -> None:
    styles = outlet_styles(name for name, _ in groups)
    for row, (name, part) in enumerate(groups):
        # Side by side within the week, so that no interval hides another.
        shift = 0.9 * (row - (len(groups) - 1) / 2)
        _draw_weeks(ax, part, styles[name], (name, shift))
        _draw_week_counts(ax, part, styles[name].colour, len(groups) - 1 - row)


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
    ax.plot(
        x[~known],
        week["estimate"][~known],
        linestyle="",
        markerfacecolor="white",
        **look,
    )


def _set_legend_above(ax: Axes, points: float) -> None:
    figure = ax.get_figure(root=True)
    if figure is None:
        return
    above = ScaledTranslation(0, points / 72, figure.dpi_scale_trans)
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), bbox_transform=ax.transAxes + above,
        ncols=2, borderaxespad=0.2,
    )  # fmt: skip


def _draw_week_counts(ax: Axes, part: pd.DataFrame, colour: str, row: int) -> None:
    across = ax.get_xaxis_transform()
    offset = 4 + 10 * row
    step = _step(part["week"], 30)
    ax.annotate(
        "n", (0, 1), (-10, offset), xycoords="axes fraction", fontsize=7,
        textcoords="offset points", color=colour, ha="right",
    )  # fmt: skip
    first = part["week"].min()
    for week, n in zip(part["week"], part["n_articles"], strict=True):
        if (week - first).days // 7 % step == 0:
            ax.annotate(
                f"{n:,}", (_day_number(week), 1), (0, offset), xycoords=across,
                textcoords="offset points", ha="center", fontsize=6.5, color=colour,
            )  # fmt: skip


def _set_weeks(ax: Axes, weeks: pd.DataFrame) -> None:
    every = pd.date_range(weeks["week"].min(), weeks["week"].max(), freq="7D")
    ticks = every[:: _step(weeks["week"], 12)]
    years = [None, *ticks.year]
    labels = [
        f"{t.day} {t:%b}" + (f"\n{t.year}" if t.year != before else "")
        for t, before in zip(ticks, years, strict=False)
    ]
    ax.set_xticks(_day_numbers(ticks), labels)
    ax.set_xlim(_day_number(every[0]) - 4, _day_number(every[-1]) + 4)
    ax.set_xlabel("Week beginning")


def _step(weeks: pd.Series[Any], most: int) -> int:
    n_weeks = (weeks.max() - weeks.min()).days // 7 + 1
    return int(np.ceil(n_weeks / most))


def _day_number(day: pd.Timestamp) -> float:
    return float((day - pd.Timestamp("1970-01-01")).days)


def _day_numbers(days: Iterable[pd.Timestamp]) -> list[float]:
    return [_day_number(day) for day in days]


# --- what figures share ---------------------------------------------------------


class _Frame(NamedTuple):
    """An Axes, and whether its figure is ours to put words around."""

    ax: Axes
    is_own: bool

    @classmethod
    def of(cls, ax: Axes | None, height: float) -> _Frame:
        if ax is not None:
            return cls(ax, False)
        figure = plt.figure(figsize=(7.2, height), layout="constrained")
        return cls(figure.add_subplot(), True)

    def set_words(self, title: str | None, caption: Sequence[str | None]) -> None:
        width = 118 if self.is_own else 70
        words = "\n".join(
            line for part in caption if part for line in textwrap.wrap(part, width)
        )
        figure = self.ax.get_figure(root=True)
        if self.is_own and figure is not None:
            _set_around(figure, title, words)
            return
        self.ax.set_title(title or "", loc="left", fontweight="bold", pad=16)
        self.ax.annotate(
            words, (0, 0), (0, -34), xycoords="axes fraction", fontsize=7,
            textcoords="offset points", va="top", color=FAINT,
        )  # fmt: skip


def _set_around(figure: Figure, title: str | None, words: str) -> None:
    if title:
        figure.suptitle(
            textwrap.fill(title, 78), x=0.01, ha="left", fontsize=11, fontweight="bold"
        )
    figure.supxlabel(words, x=0.01, ha="left", fontsize=7.5, color="#555555")


def _set_rows(ax: Axes, names: Sequence[str], beside: Sequence[str]) -> None:
    labels = [
        f"{textwrap.fill(name, 34)}  ({words})"
        for name, words in zip(names, beside, strict=True)
    ]
    ax.set_yticks(range(len(names)), labels)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.tick_params(axis="y", length=0)


def _set_values(ax: Axes, measure: Measure, *, axis: str = "x") -> None:
    which = ax.xaxis if axis == "x" else ax.yaxis
    which.set_label_text(textwrap.fill(measure.label, 48))
    which.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    if _is_share(measure):
        which.set_major_formatter(PercentFormatter(1, decimals=0))
    ax.grid(axis=axis, color="#E6E6E6", linewidth=0.8)  # type: ignore[arg-type]
    ax.set_axisbelow(True)


def _is_share(measure: Measure) -> bool:
    return measure.per == 1 and measure.denominator != "n_articles"


def _number(value: float, measure: Measure) -> str:
    return f"{value:.0%}" if _is_share(measure) else f"{value:.2f}"


def _constructed(scores: pd.DataFrame) -> str | None:
    if "constructed" not in scores.columns:
        return None
    return "Constructed articles." if scores["constructed"].eq(True).any() else None


def _without_articles(ax: Axes | None, title: str | None, note: str | None) -> Axes:
    frame = _Frame.of(ax, 1.6)
    frame.ax.set_axis_off()
    frame.ax.text(
        0.5, 0.5, "no articles", ha="center", va="center", color=FAINT,
        transform=frame.ax.transAxes,
    )  # fmt: skip
    frame.set_words(title, (note,))
    return frame.ax


def save_figure(ax: Axes, table: pd.DataFrame, path: str | Path) -> list[Path]:
    """Write the figure of `ax` as PNG and SVG and its table as CSV, beside each other.

    `path` has no suffix (one of the three is taken off). The same figure and table
    give the same bytes: no date, and ids from a fixed salt.

    >>> from tempfile import TemporaryDirectory
    >>> ax = plt.figure().add_subplot()
    >>> with TemporaryDirectory() as folder:
    ...     written = save_figure(ax, pd.DataFrame(), f"{folder}/a")
    >>> [path.name for path in written]
    ['a.png', 'a.svg', 'a.csv']
    """
    path = Path(path)
    if path.suffix in (".png", ".svg", ".csv"):
        path = path.with_suffix("")
    path.parent.mkdir(parents=True, exist_ok=True)
    png, svg, csv = (Path(f"{path}{suffix}") for suffix in (".png", ".svg", ".csv"))
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("an Axes without a figure cannot be saved")
    with plt.rc_context({"svg.hashsalt": "framing"}):
        figure.savefig(
            png, dpi=300, bbox_inches="tight", facecolor="white",
            metadata={"Software": None},
        )  # fmt: skip
        figure.savefig(
            svg, bbox_inches="tight", facecolor="white",
            metadata={"Date": None, "Creator": None},
        )  # fmt: skip
    table.to_csv(csv, index=False, lineterminator="\n", encoding="utf-8")
    return [png, svg, csv]
