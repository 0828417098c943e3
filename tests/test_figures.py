"""Every kind of figure: words that do not touch, a finding as the title, four files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from test_curves import corrected, visible
from test_differences import hedges, tables
from test_plot import NAMES, fake_scores, words_of
from test_relay_table import wide_table

from framing.compare import compare_outlets, weekly_estimates
from framing.curves import (
    plot_corrections,
    plot_specifications,
    plot_visible_differences,
)
from framing.differences import plot_differences, plot_keyness
from framing.errors import __version__
from framing.figures import caption_of, save_figure
from framing.keyness import keyness
from framing.plot import plot_outlets
from framing.relay_plot import plot_relays
from framing.robustness import specification_curve
from framing.score import MEASURES
from framing.takeaways import format_estimate
from framing.timeline import plot_timeline
from framing.type_plot import plot_types, type_shares


@pytest.fixture(autouse=True)
def _closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


def many_scores() -> pd.DataFrame:
    """Twenty outlets over two years: what is legible for four must be for these."""
    parts = [
        fake_scores(seed).assign(
            article_id=[f"{seed}-{i}" for i in range(48)],
            outlet=[f"{name} {seed}" for name in fake_scores()["outlet"]],
            published=fake_scores()["published"] + pd.Timedelta(days=150 * seed),
        )
        for seed in range(5)
    ]
    return pd.concat(parts, ignore_index=True)


def two_weeks() -> pd.DataFrame:
    scores = fake_scores(n_articles=600)
    days = pd.to_timedelta(np.arange(len(scores)) % 2 * 7, unit="D")
    return scores.assign(published=pd.Timestamp("2025-11-03") + days)


def keyness_table() -> pd.DataFrame:
    return keyness(*hedges())


def curve() -> pd.DataFrame:
    return specification_curve(fake_scores(), "anonymity", NAMES[0], minima=[1, 5])


def outlets(scores: pd.DataFrame, measure: str) -> tuple[Axes, pd.DataFrame]:
    contrasts = compare_outlets(scores, measure)
    return plot_outlets(contrasts), contrasts


def timeline(scores: pd.DataFrame, **options: str) -> tuple[Axes, pd.DataFrame]:
    table = weekly_estimates(scores, "hedge_density", **options)
    return plot_timeline(scores, "hedge_density", **options), table


KINDS: dict[str, Callable[[], tuple[Axes, pd.DataFrame]]] = {
    "outlets": lambda: outlets(fake_scores(), "hedge_density"),
    "outlets, shares": lambda: outlets(fake_scores(), "anonymity"),
    "outlets, twenty": lambda: outlets(many_scores(), "anonymity"),
    "roles": lambda: (plot_types(fake_scores()), type_shares(fake_scores(), "roles")),
    "roles, twenty": lambda: (plot_types(many_scores()), many_scores()),
    "voices": lambda: (plot_types(fake_scores(), what="voices"), fake_scores()),
    "weeks": lambda: timeline(fake_scores()),
    "weeks, two": lambda: timeline(two_weeks()),
    "weeks, a hundred": lambda: timeline(many_scores()),
    "weeks by outlet": lambda: timeline(fake_scores(), by="outlet"),
    "relays": lambda: (plot_relays(wide_table(5)), wide_table(5)),
    "specifications": lambda: (plot_specifications(curve()), curve()),
    "differences": lambda: (
        plot_differences(tables(), "hedge_density"), tables()["raw"],
    ),
    "keyness": lambda: (plot_keyness(keyness_table()), keyness_table()),
    "corrected": lambda: (plot_corrections(corrected()), corrected()),
    "visible": lambda: (plot_visible_differences(visible()), visible()),
}  # fmt: skip


def out_of_view(ax: Axes) -> set[Text]:
    """Labels of ticks beyond the ends of an axis: they are there, but not drawn."""
    hidden = set()
    for axis, limits in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not min(limits) <= tick.get_loc() <= max(limits):
                hidden |= {tick.label1, tick.label2}
    return hidden


def drawn_words(figure: Figure) -> dict[Text, Bbox]:
    """Level texts that are drawn, and where."""
    hidden = set().union(*map(out_of_view, figure.axes))
    return {
        text: text.get_window_extent()
        for text in figure.findobj(Text)
        if text.get_text().strip() and text.get_visible() and text.get_rotation() == 0
        if text not in hidden
    }


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_is_cut_off_or_touches_another(kind: str) -> None:
    ax, _ = KINDS[kind]()
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    figure.canvas.draw()
    boxes = drawn_words(figure)
    for text, box in boxes.items():
        assert figure.bbox.y0 - 1 <= box.y0, text.get_text()
        assert box.y1 <= figure.bbox.y1 + 1, text.get_text()
    under = next(t for t in boxes if t.get_text() == figure.get_supxlabel())
    foot = min(axes.get_tightbbox().y0 for axes in figure.axes)
    assert 0 < foot - boxes[under].y1 < 0.2 * figure.dpi, "no hole above the caption"
    title = next(t for t in boxes if t.get_text() == figure.get_suptitle())
    assert boxes[title].x1 <= figure.bbox.x1
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        beside = first.x1 <= second.x0 + 1 or second.x1 <= first.x0 + 1
        beneath = first.y1 <= second.y0 + 1.5 or second.y1 <= first.y0 + 1.5
        assert beside or beneath, (one.get_text(), other.get_text())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_finding_and_a_caption_of_its_own(kind: str) -> None:
    ax, _ = KINDS[kind]()
    text = caption_of(ax).to_markdown()
    heading, shown, *paragraphs = text.strip().split("\n\n")
    title = ax.get_figure(root=True).get_suptitle()  # type: ignore[union-attr]
    assert heading == "# " + " ".join(title.split())
    assert re.search(r"[a-z] [a-z]", title), "a sentence"
    assert re.search(r"\d", shown), "what is shown, with its numbers"
    assert any(p.startswith("**How it was computed.** ") for p in paragraphs)
    assert __version__ in paragraphs[-1]
    assert caption_of(KINDS[kind]()[0]).to_markdown() == text


def test_an_interval_stays_on_one_line() -> None:
    contrasts = compare_outlets(fake_scores(), "hedge_density")
    for padding in (0, 9, 18):
        title = f"{'word ' * 10}{'x' * padding} by 0.3 [1.25, 3.50] and p < 0.05"
        words = words_of(plot_outlets(contrasts[:1], title=title))
        assert "[1.25,\u00a03.50]" in words and "p\u00a0<\u00a00.05" in words
        plt.close("all")


def test_numbers_of_a_caption_are_those_of_the_csv(tmp_path: Path) -> None:
    scores = fake_scores().assign(method="framing test", constructed=True)
    contrasts = compare_outlets(scores, "anonymity")
    ax = plot_outlets(contrasts, note="Constructed.")
    _, _, csv, md = save_figure(
        ax, contrasts, tmp_path / "a", scores=scores, caption="Left out: nothing."
    )
    table, text = pd.read_csv(csv), md.read_text(encoding="utf-8")
    measure = MEASURES["anonymity"]
    lowest = table.loc[table["estimate"].idxmin()]
    highest = table.loc[table["estimate"].idxmax()]
    for row in (lowest, highest):
        assert f"{row['outlet']} has {format_estimate(row, measure)}, n = 12" in text
    assert f"{table['n_articles'].sum()} articles" in text
    assert f"{table['numerator'].sum():.0f} statements by unnamed people" in text
    assert f"{table['denominator'].sum():.0f} statements by people" in text
    pooled = table["numerator"].sum() / table["denominator"].sum()
    assert f"all outlets: {pooled:.0%}" in text
    assert f"differ at a Holm-adjusted p below {0.05}" in text.replace(
        "differs", "differ"
    )
    for words in ("Constructed.", "Coded by framing test.", "Left out: nothing."):
        assert words in text
    first = scores["published"].min()
    assert f"4 outlets, published from {first.day} November 2025" in text
    assert (
        measure.definition.rstrip(".") in text and "codebook, sections 2 and 4" in text
    )


def test_a_given_title_is_kept_and_an_empty_one_leaves_none(tmp_path: Path) -> None:
    contrasts = compare_outlets(fake_scores(), "anonymity")
    assert "My own" in words_of(plot_outlets(contrasts, title="My own"))
    ax = plot_outlets(contrasts, title="")
    assert ax.get_figure(root=True).get_suptitle() == ""  # type: ignore[union-attr]
    text = save_figure(ax, contrasts, tmp_path / "a")[3].read_text(encoding="utf-8")
    assert text.startswith("Unnamed people as sources")


def test_an_axes_of_ones_own_is_saved_with_its_title(tmp_path: Path) -> None:
    ax = plt.figure().add_subplot()
    ax.set_title("By hand")
    paths = save_figure(ax, pd.DataFrame(), tmp_path / "a.md", caption="Two weeks.")
    text = paths[3].read_text(encoding="utf-8")
    assert text.startswith("# By hand\n\n**Articles.** Two weeks.\n")


def test_counts_above_many_weeks_are_those_between_the_marks() -> None:
    scores = many_scores()
    ax = plot_timeline(scores, "hedge_density")
    counts = [t.get_text() for t in ax.texts][1:]
    assert 2 < len(counts) <= 12
    assert sum(map(int, counts)) == len(scores)
    few = [t.get_text() for t in plot_timeline(two_weeks(), "hedge_density").texts]
    assert few == ["n", "1,200", "1,200"]


def test_an_interval_beyond_the_axis_ends_in_an_arrow() -> None:
    scores = fake_scores()[1::3]
    ax = plot_timeline(scores, "hedge_density")
    weeks = weekly_estimates(scores, "hedge_density")
    top = ax.get_ylim()[1]
    arrows = [line for line in ax.lines if line.get_marker() == "^"]
    beyond = int((weeks["high"] > top).sum())
    assert beyond and sum(len(line.get_xdata()) for line in arrows) == beyond
    assert "Arrow: the interval goes on" in words_of(ax).replace("\n", " ")
