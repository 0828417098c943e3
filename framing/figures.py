"""What figures share: style, frame and words, rows and axes, and the files of each.

Nothing is set at import: style lives in a context around each drawing. Outlets are
told apart by colour and marker, so that a print in grey still reads.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from framing.captions import Caption, describe_scores
from framing.intervals import is_share
from framing.score import Measure

# A backend loaded inside a style loses what it sets (a notebook's: to show figures as
# they come) when the style ends, and no later figure shows: have it loaded now.
plt.switch_backend(plt.get_backend())

# Okabe and Ito's colours without the yellow, which no white page carries.
COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6B4C9A",
    "#4D4D4D",
)  # fmt: skip
MARKERS = ("o", "s", "D", "^", "v", "P", "X", "p")
INK, FAINT, LINES = "#222222", "#6B6B6B", "#E6E6E6"
WIDTH = 7.2  # inches: a page of two columns
STYLE: Any = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 8,
}
_TITLE, _UNDER = 11.0, 7.5  # points
_WIDE = 0.64  # of its height, a bold letter on average; others a tenth less
_SUFFIXES = (".png", ".svg", ".csv", ".md")


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


# --- the frame and its words ----------------------------------------------------------


@contextmanager
def drawing(
    ax: Axes | None, caption: Caption, *, height: float, above: float = 0.0
) -> Iterator[Axes]:
    """An Axes to draw on in the style of the house, with the words of `caption`.

    Without `ax` a figure is made whose axes, with their labels, have `height` inches;
    title and caption come on top of that. `above` is the room in points that a legend
    or counts take above the axes.
    """
    with plt.rc_context(STYLE):
        if ax is not None:
            yield ax
            _set_words_on(ax, caption, above)
            return
        figure = plt.figure(figsize=(WIDTH, height), layout="constrained")
        own = figure.add_subplot()
        yield own
        set_words(figure, own, caption)


def caption_of(ax: Axes) -> Caption:
    """The caption of a figure of this package; of another, its title alone."""
    found = getattr(ax, "framing_caption", None)
    if isinstance(found, Caption):
        return found
    return Caption(ax.get_title() or ax.get_title(loc="left"))


def set_words(figure: Figure, ax: Axes, caption: Caption) -> None:
    """Title above and caption below the axes of `figure`, which grows to hold them.

    `ax`, which the reader is given, keeps the caption for the file beside the figure.
    """
    ax.framing_caption = caption  # type: ignore[attr-defined]
    title = _wrap([caption.title], WIDTH, _TITLE)
    under = _wrap(caption.under, WIDTH, _UNDER)
    if title:
        figure.suptitle(title, x=0.01, ha="left", fontsize=_TITLE, fontweight="bold")
    figure.supxlabel(under, x=0.01, ha="left", fontsize=_UNDER, color="#555555")
    lines = _n_lines(title) * _TITLE + _n_lines(under) * _UNDER
    width, height = figure.get_size_inches()
    figure.set_size_inches(width, height + 1.25 * lines / 72)


def _set_words_on(ax: Axes, caption: Caption, above: float) -> None:
    ax.framing_caption = caption  # type: ignore[attr-defined]
    # A figure of the reader's own: the words must fit the width of this Axes.
    figure = ax.get_figure(root=True)
    width = ax.get_position().width * (
        WIDTH if figure is None else figure.get_figwidth()
    )
    title = _wrap([caption.title], width, 9.0)
    ax.set_title(title, loc="left", fontsize=9, fontweight="bold", pad=6 + above)
    ax.annotate(
        _wrap(caption.under, width, 7.0), (0, 0), (0, -34), xycoords="axes fraction",
        fontsize=7, textcoords="offset points", va="top", color=FAINT,
    )  # fmt: skip


def _wrap(parts: Iterable[str], inches: float, points: float) -> str:
    wide = _WIDE if points >= 9 else 0.9 * _WIDE
    letters = max(int(inches * 72 / (points * wide)), 20)
    # "p < 0.05" stays on one line, and so does "[0.33, 2.02]"
    whole = [re.sub(r" < |(?<=,) (?=[^\[]*\])", _unbroken, part) for part in parts]
    return "\n".join(line for part in whole for line in textwrap.wrap(part, letters))


def _unbroken(blanks: re.Match[str]) -> str:
    return blanks[0].replace(" ", "\u00a0")


def _n_lines(words: str) -> int:
    return words.count("\n") + 1 if words else 0


def draw_nothing(ax: Axes | None, title: str | None, note: str | None) -> Axes:
    """A frame that says that there are no articles."""
    caption = Caption(title or "", "No articles: nothing is drawn.", note=note)
    with drawing(ax, caption, height=0.9) as drawn:
        drawn.set_axis_off()
        drawn.text(
            0.5, 0.5, "no articles", ha="center", va="center", color=FAINT,
            transform=drawn.transAxes,
        )  # fmt: skip
    return drawn


def constructed_note(scores: pd.DataFrame) -> str | None:
    """What must be said of articles that are nobody's."""
    if "constructed" not in scores.columns:
        return None
    return "Constructed articles." if scores["constructed"].eq(True).any() else None


# --- rows and axes ------------------------------------------------------------------


def set_rows(ax: Axes, names: Sequence[str], beside: Sequence[str]) -> None:
    """One row a name, from below, with a few words (its n) in brackets beside it."""
    labels = [
        f"{textwrap.fill(name, 34)}  ({words})"
        for name, words in zip(names, beside, strict=True)
    ]
    ax.set_yticks(range(len(names)), labels)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.tick_params(axis="y", length=0)


def set_values(ax: Axes, measure: Measure, *, axis: str = "x") -> None:
    """The axis of a measure: its label with the unit, few ticks, faint lines."""
    which = ax.xaxis if axis == "x" else ax.yaxis
    which.set_label_text(textwrap.fill(measure.label, 48))
    which.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    if is_share(measure):
        which.set_major_formatter(PercentFormatter(1, decimals=0))
    set_lines(ax, axis=axis)


def set_differences(
    ax: Axes,
    measure: Measure,
    *,
    axis: str,
    words: str = "Difference in",
    width: int = 60,
) -> None:
    """The axis of a difference: of shares in points, without a per cent sign."""
    set_values(ax, measure, axis=axis)
    which = ax.xaxis if axis == "x" else ax.yaxis
    label = measure.label[0].lower() + measure.label[1:]
    if is_share(measure):
        label += ", points"
        which.set_major_formatter(PercentFormatter(1, decimals=0, symbol=""))
    which.set_label_text(textwrap.fill(f"{words} {label}", width))


def set_lines(ax: Axes, *, axis: str) -> None:
    """Faint lines behind the marks."""
    ax.grid(axis=axis, color=LINES, linewidth=0.8)  # type: ignore[arg-type]
    ax.set_axisbelow(True)


def as_records(rows: pd.DataFrame) -> list[Mapping[str, Any]]:
    """Rows as mappings, in order."""
    return [{str(k): v for k, v in row.items()} for row in rows.to_dict("records")]


# --- files ----------------------------------------------------------------------------


def save_figure(
    ax: Axes,
    table: pd.DataFrame,
    path: str | Path,
    *,
    scores: pd.DataFrame | None = None,
    caption: str | None = None,
) -> list[Path]:
    """Write the figure of `ax` as PNG and SVG, its table as CSV, its caption as `.md`.

    `path` has no suffix (one of the four is taken off). The caption says in plain
    language what is shown and how it was computed; with `scores` (those that were
    compared) also of how many articles, of which dates, by which coder and version;
    `caption` adds sentences of your own. The same figure and table give the same
    bytes: no date, and ids from a fixed salt.

    >>> from tempfile import TemporaryDirectory
    >>> ax = plt.figure().add_subplot()
    >>> with TemporaryDirectory() as folder:
    ...     written = save_figure(ax, pd.DataFrame(), f"{folder}/a")
    >>> [path.name for path in written]
    ['a.png', 'a.svg', 'a.csv', 'a.md']
    """
    path = Path(path)
    if path.suffix in _SUFFIXES:
        path = path.with_suffix("")
    path.parent.mkdir(parents=True, exist_ok=True)
    png, svg, csv, md = (Path(f"{path}{suffix}") for suffix in _SUFFIXES)
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("an Axes without a figure cannot be saved")
    look: Any = {"bbox_inches": "tight", "facecolor": "white"}
    with plt.rc_context({"svg.hashsalt": "framing"}):
        figure.savefig(png, dpi=300, metadata={"Software": None}, **look)
        figure.savefig(svg, metadata={"Date": None, "Creator": None}, **look)
    table.to_csv(csv, index=False, lineterminator="\n", encoding="utf-8")
    more = [describe_scores(scores)] if scores is not None else []
    words = caption_of(ax).to_markdown(*more, *([caption] if caption else []))
    md.write_text(words, encoding="utf-8", newline="\n")
    return [png, svg, csv, md]
