"""From the tables that ship to every figure: the main job of the repository.

Two corpora ship. `sample` is constructed (text and hand codes in the repository);
`venezuela` is real (offsets and labels only, split into leads and full articles,
which are never pooled). A third can be the reader's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from framing.annotate import DEFAULT_CODER, annotate_articles
from framing.annotations import Annotations
from framing.articles import find_data_folder, read_articles
from framing.compare import compare_outlets, weekly_estimates
from framing.figures import save_figure
from framing.plot import plot_outlets
from framing.relay_plot import plot_relays
from framing.relay_table import relays
from framing.score import score_articles
from framing.tables import read_tables, write_csv
from framing.timeline import plot_timeline
from framing.type_plot import plot_types, type_shares

MEASURES_SHOWN = ("hedge_density", "attribution_density", "anonymity", "relay_share")


@dataclass(frozen=True)
class Corpus:
    """Scores and relays under one name, with what a figure must say about them.

    `minimum` is the number of articles below which an outlet is left out of the
    comparison (it stays in the scores).
    """

    name: str
    scores: pd.DataFrame
    relayed: pd.DataFrame
    minimum: int
    note: str

    @property
    def compared(self) -> pd.DataFrame:
        """Scores of the outlets with at least `minimum` articles."""
        n_articles = self.scores["outlet"].map(self.scores["outlet"].value_counts())
        return self.scores[n_articles >= self.minimum]

    @property
    def compared_relays(self) -> pd.DataFrame:
        """Relays of the outlets with at least `minimum` articles."""
        return self.relayed[self.relayed["n_articles"] >= self.minimum]

    @property
    def left_out(self) -> str:
        """What the comparison leaves out, in a sentence for a caption."""
        scores = self.scores
        kept = set(self.compared["outlet"].dropna())
        rest = scores[~scores["outlet"].isin(kept)]
        n_outlets, n_nameless = rest["outlet"].nunique(), rest["outlet"].isna().sum()
        if rest.empty:
            return "No coded article was left out."
        nameless = f", and {n_nameless:,} of no outlet" if n_nameless else ""
        return (
            f"Left out: {len(rest) - n_nameless:,} articles of {n_outlets:,} outlets "
            f"with fewer than {self.minimum} articles each{nameless}."
        )


def sample_corpus(*, coder: str = DEFAULT_CODER) -> Corpus:
    """The constructed articles, coded afresh by `coder`."""
    articles = read_articles(find_data_folder() / "sample" / "articles.jsonl")
    annotations = annotate_articles(articles, coder=coder)
    note = "Constructed articles of invented outlets."
    return _corpus("sample", articles, annotations, (1, note))


def venezuela_corpora() -> tuple[Corpus, Corpus]:
    """Leads and full articles of real outlets, from the tables without text."""
    manifest, annotations = read_tables(find_data_folder() / "venezuela")
    return (
        _corpus_of_unit(manifest, annotations, "lead"),
        _corpus_of_unit(manifest, annotations, "full"),
    )


def own_corpus(*paths: str | Path, coder: str = DEFAULT_CODER) -> Corpus:
    """The reader's own articles; fewer than 3 of an outlet are not compared."""
    articles = read_articles(*paths)
    annotations = annotate_articles(articles, coder=coder)
    return _corpus(
        Path(paths[0]).stem, articles, annotations, (3, f"Coded by {coder}.")
    )


_UNITS = {
    "lead": ("venezuela_leads", 50, "Headline leads only, cut by the feed."),
    "full": ("venezuela_full", 4, "Full articles, 2013 to 2026, few an outlet."),
}


def _corpus_of_unit(
    manifest: pd.DataFrame, annotations: Annotations, unit: str
) -> Corpus:
    name, minimum, note = _UNITS[unit]
    articles = manifest[(manifest["unit"] == unit) & manifest["coder"].notna()]
    kept = set(articles["article_id"])
    coded = Annotations(tuple(c for c in annotations if c.article_id in kept))
    return _corpus(name, articles, coded, (minimum, note))


def _corpus(
    name: str, articles: pd.DataFrame, annotations: Annotations, about: tuple[int, str]
) -> Corpus:
    minimum, note = about
    scores = score_articles(articles, annotations)
    return Corpus(name, scores, relays(articles, annotations), minimum, note)


def reproduce(corpora: tuple[Corpus, ...], output: str | Path) -> pd.DataFrame:
    """Draw every figure of `corpora` into `output`; returns the contrasts.

    Writes `<corpus>_scores.csv`, `<corpus>_contrasts.csv` and, for each figure, PNG,
    SVG, the CSV that it was drawn from and its caption (`.md`). The same input gives
    the same files to the byte.
    """
    output = Path(output)
    output.mkdir(parents=True, exist_ok=True)
    contrasts = [_reproduce_corpus(corpus, output) for corpus in corpora]
    return pd.concat(contrasts, ignore_index=True)


def _reproduce_corpus(corpus: Corpus, output: Path) -> pd.DataFrame:
    write_csv(corpus.scores, output / f"{corpus.name}_scores.csv")
    contrasts = compare_outlets(corpus.compared, MEASURES_SHOWN)
    write_csv(contrasts, output / f"{corpus.name}_contrasts.csv")
    for name, axes, table in _figures(corpus, contrasts):
        save_figure(
            axes, table, output / f"{corpus.name}_{name}", scores=corpus.compared,
            caption=corpus.left_out,
        )  # fmt: skip
        plt.close(axes.get_figure(root=True))
    return contrasts.assign(corpus=corpus.name)


def _figures(
    corpus: Corpus, contrasts: pd.DataFrame
) -> Iterator[tuple[str, Axes, pd.DataFrame]]:
    for measure in MEASURES_SHOWN:
        rows = contrasts[contrasts["measure"] == measure]
        yield measure, plot_outlets(rows, note=corpus.note), rows
    scores = corpus.compared
    for what in ("hedges", "voices", "roles"):
        axes = plot_types(scores, what=what, note=corpus.note)
        yield f"types_{what}", axes, type_shares(scores, what)
    weeks = weekly_estimates(scores, "hedge_density")
    axes = plot_timeline(scores, "hedge_density", note=corpus.note)
    yield "timeline_hedge_density", axes, weeks
    table = corpus.compared_relays
    yield "relays", plot_relays(table, note=corpus.note), table


def summarise(contrasts: pd.DataFrame) -> str:
    """A short table for the terminal: estimate [low, high], corpus by corpus.

    Outlets are in the order of their number of articles, twelve at the most.
    """
    blocks = [
        f"{corpus}\n{_summary_of(group)}"
        for corpus, group in contrasts.groupby("corpus", sort=False)
    ]
    return "\n\n".join(blocks)


def _summary_of(contrasts: pd.DataFrame) -> str:
    cells = contrasts.assign(cell=[_cell(row) for row in contrasts.itertuples()])
    wide = cells.pivot_table(
        index=["outlet", "n_articles"],
        columns="measure",
        values="cell",
        aggfunc="first",
    )
    wide = wide.reindex(columns=list(MEASURES_SHOWN)).reset_index()
    wide = wide.sort_values(
        ["n_articles", "outlet"], ascending=[False, True], kind="stable"
    )
    text = wide.head(12).to_string(index=False)
    left = len(wide) - 12
    return text if left <= 0 else f"{text}\n... and {left} more outlets in the CSV"


def _cell(row: Any) -> str:
    if pd.isna(row.estimate):
        return "-"
    if pd.isna(row.low):
        return f"{row.estimate:.2f}"
    return f"{row.estimate:.2f} [{row.low:.2f}, {row.high:.2f}]"
