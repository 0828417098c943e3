"""The figure of types: what hedges, voices or unnamed sources consist of, by outlet.

A column a type and a row an outlet, all on one scale: place tells the type, so that
no colour has to, and every share has its interval.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from framing.annotations import HEDGE_TYPES, SOURCE_ROLES, VOICES
from framing.captions import INTERVALS, Caption, format_count
from framing.clusters import Side, check_coders, find_clusters
from framing.figures import (
    COLOURS,
    FAINT,
    INK,
    LINES,
    constructed_note,
    draw_nothing,
    drawing,
    set_rows,
)
from framing.intervals import pool_rate
from framing.score import Measure
from framing.takeaways import summarise_shares

POOLED = "all outlets"


class _Types(NamedTuple):
    """Columns whose shares are shown, and the words for them."""

    columns: dict[str, str]
    label: str
    noun: str
    unit: str
    definition: str


TYPES = {
    "roles": _Types(
        {f"n_unnamed_{role}": role for role in SOURCE_ROLES},
        "Share of statements by unnamed people, by role of the source",
        "role of unnamed people",
        "statements",
        "Statements whose source is a person or group, veiled or bare, by role "
        "(codebook, section 2).",
    ),
    "hedges": _Types(
        {f"n_hedges_{kind}": kind for kind in HEDGE_TYPES},
        "Share of hedges, by type",
        "type of hedge",
        "hedges",
        "Hedges of the six types, by type (codebook, section 1).",
    ),
    "voices": _Types(
        {f"n_hedges_{voice}": voice for voice in VOICES},
        "Share of hedges, by voice",
        "voice of hedges",
        "hedges",
        "Hedges of the six types by voice: the outlet's own, inside indirect speech "
        "(reported), inside quotation marks (quoted; codebook, section 1).",
    ),
}
_GAP = 0.28  # between columns, of the width of one
_SHARES = (
    "Each column is one type on the same scale; bars: 95 % intervals over articles "
    "(wire copies as one). Dashed line: all outlets. n: articles."
)


def type_shares(scores: pd.DataFrame, what: str, *, by: str = "outlet") -> pd.DataFrame:
    """Pooled shares of roles, hedge types or voices with 95 % intervals, by group.

    Columns: `by`, type, n, total (of the group), share (NaN where the total is 0), its
    interval (low, high; NaN where one article holds nearly all) and n_articles.
    Articles whose types are unknown are left out. Where there are several groups, the
    last rows are all of them together, under the name `all outlets`. `what` is roles,
    hedges or voices.

    >>> scores = pd.DataFrame({"outlet": ["X"], "n_hedges_outlet": [1],
    ...     "n_hedges_reported": [3], "n_hedges_quoted": [0]})
    >>> type_shares(scores, "voices")["share"].tolist()
    [0.25, 0.75, 0.0]
    """
    if what not in TYPES:
        raise ValueError(f"types {what!r} are not one of {', '.join(TYPES)}")
    check_coders(scores, by)
    columns = TYPES[what].columns
    known = scores[scores[[by, *columns]].notna().all(axis=1)]
    known = known.astype(dict.fromkeys(columns, "int64"))
    groups = list(known.groupby(by))
    if len(groups) > 1:
        groups.append((POOLED, known))
    rows = [row for name, part in groups for row in _shares_of(name, part, columns)]
    dtypes = {
        by: scores[by].dtype, "type": "str", "n": "int64", "total": "int64",
        "share": "float64", "low": "float64", "high": "float64", "n_articles": "int64",
    }  # fmt: skip
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


def _shares_of(
    name: Any, part: pd.DataFrame, columns: Mapping[str, str]
) -> list[tuple[Any, ...]]:
    ids = part.get("article_id", pd.Series(range(len(part)), part.index))
    clusters = find_clusters(part.assign(article_id=ids))
    counts = part[[*columns]].groupby(clusters).sum().to_numpy(dtype="float64")
    total = np.repeat(counts.sum(axis=1, keepdims=True), len(columns), axis=1)
    side = Side(np.arange(len(counts)), np.ones_like(counts), counts, total)
    rows = []
    for place, (column, kind) in enumerate(columns.items()):
        measure = Measure("share", column, "total", 1, "", "")
        rate = pool_rate(side, place, measure)
        size = (int(rate.numerator), int(rate.denominator))
        rows.append((name, kind, *size, rate.value, *rate.interval(), len(part)))
    return rows


def plot_types(
    scores: pd.DataFrame,
    ax: Axes | None = None,
    *,
    what: str = "roles",
    by: str = "outlet",
    title: str | None = None,
    note: str | None = None,
) -> Axes:
    """Shares of source roles, hedge types or voices: a row an outlet, a column a type.

    Ordered by the share of the type that is commonest overall, all outlets together on
    top. The title says which type that is, unless one is given. An outlet in which
    nothing was counted has no marks. The table drawn is `type_shares`.

    >>> scores = pd.DataFrame({"outlet": ["X"], "n_hedges_outlet": [1],
    ...     "n_hedges_reported": [3], "n_hedges_quoted": [0]})
    >>> plot_types(scores, what="voices").get_xlabel()
    'Share of hedges, by voice'
    """
    shares = type_shares(scores, what, by=by)
    note = note or constructed_note(scores)
    if shares.empty:
        return draw_nothing(ax, title, note)
    types = TYPES[what]
    # The last rows are those of all, or of the only group.
    pooled = shares.tail(len(types.columns))
    commonest = str(pooled["type"].iloc[int(pooled["n"].argmax())])
    rows = shares[shares["type"] == commonest].iloc[
        : -1 if len(shares) > len(pooled) else None
    ]
    rows = rows.sort_values("share", na_position="first", kind="stable")
    names = [*rows[by], *([POOLED] if len(shares) > len(pooled) else [])]
    caption = _types_caption(pooled, types, title, note)
    with drawing(ax, caption, height=1.3 + 0.32 * len(names), above=44) as drawn:
        _draw_types(drawn, shares, names, types)
        drawn.set_xlabel(textwrap.fill(types.label, 60))
    return drawn


def _types_caption(
    pooled: pd.DataFrame, types: _Types, title: str | None, note: str | None
) -> Caption:
    parts = [
        f"{row['type']} {row['n']:,}"
        + ("" if np.isnan(row["share"]) else f" ({row['share']:.0%})")
        for _, row in pooled.iterrows()
    ]
    first = pooled.iloc[0]
    shown = (
        f"{types.label}: {first['total']:,} {types.unit} in {first['n_articles']:,} "
        f"articles. In all of them: {', '.join(parts)}."
    )
    finding = summarise_shares(pooled, types.noun, types.unit)
    pooling = (
        "A share pools all articles of an outlet: its codes of one type over its "
        "codes of all these types. Shares of an outlet sum to 1, so that where one is "
        "larger another must be smaller. The title compares intervals, which must not "
        "overlap."
    )
    return Caption(
        title=finding if title is None else title,
        shown=shown,
        definition=types.definition,
        reading=(_SHARES,),
        method=(pooling, INTERVALS),
        note=note,
    )


def _draw_types(
    ax: Axes, shares: pd.DataFrame, names: Sequence[Any], types: _Types
) -> None:
    top = _top(shares)
    step = top * (1 + _GAP)
    by_type = {
        str(kind): part.set_index(part.columns[0]).loc[list(names)]
        for kind, part in shares.groupby("type", sort=False)
    }
    for column, (kind, rows) in enumerate(by_type.items()):
        _draw_column(ax, rows, (column * step, top))
        ax.annotate(
            kind, (column * step, 1), (2, 5), xycoords=ax.get_xaxis_transform(),
            textcoords="offset points", rotation=30, ha="left", va="bottom", fontsize=8,
        )  # fmt: skip
    about = next(iter(by_type.values()))
    beside = [f"n = {n:,}" for n in about["n_articles"]]
    set_rows(ax, [str(name) for name in names], beside)
    across = ax.get_yaxis_transform()
    for place, total in enumerate(about["total"]):
        words = format_count(total, types.unit)
        ax.text(1.01, place, words, transform=across, va="center", fontsize=7.5)
    if names[-1] == POOLED:
        ax.axhline(len(names) - 1.5, color=FAINT, linewidth=0.8)
    _set_columns(ax, len(types.columns), top)


def _top(shares: pd.DataFrame) -> float:
    """The end of the common scale: the largest interval, to the next quarter."""
    largest = float(np.nanmax([*shares["share"], *shares["high"], 0.25]))
    return float(min(np.ceil(round(4 * largest, 6)) / 4, 1.0))


def _draw_column(ax: Axes, rows: pd.DataFrame, at: tuple[float, float]) -> None:
    start, top = at
    places = np.arange(len(rows))
    for edge in (start, start + top / 2, start + top):
        ax.axvline(edge, color=LINES, linewidth=0.8, zorder=0)
    pooled = rows["share"].iloc[-1]
    if rows.index[-1] == POOLED and not np.isnan(pooled):
        ax.axvline(start + pooled, color=FAINT, linewidth=0.9, linestyle=(0, (4, 3)))
    colours = [INK if name == POOLED else COLOURS[0] for name in rows.index]
    ax.hlines(places, start + rows["low"], start + rows["high"], colours, linewidth=1.4)
    ax.scatter(start + rows["share"], places, 16, colours, zorder=3)
    for place, share in enumerate(rows["share"]):
        # Above the point: beside it, it would lie in the next column.
        words = "none" if np.isnan(share) else f"{share:.0%}"
        across = 0.0 if np.isnan(share) else share / top
        side = "left" if across < 0.15 else "right" if across > 0.85 else "center"
        ax.text(
            start + across * top, place + 0.2, words, ha=side, va="bottom",
            fontsize=6.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
        )  # fmt: skip


def _set_columns(ax: Axes, n_columns: int, top: float) -> None:
    step = top * (1 + _GAP)
    shown = (0.0, top / 2, top) if n_columns < 5 else (0.0, top / 2)
    places = [column * step + share for column in range(n_columns) for share in shown]
    labels = [f"{100 * share:.3g}%" if share else "0" for share in shown] * n_columns
    ax.set_xticks(places, labels, fontsize=7)
    ax.set_xlim(-0.06 * top, n_columns * step - _GAP * top + 0.06 * top)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.tick_params(axis="x", length=0)
