"""What each command does: options in, tables and figures out, nothing computed here."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from framing.annotate import CODERS, annotate_articles, annotate_to_file
from framing.annotations import Annotations, read_annotations
from framing.articles import find_data_folder, read_articles
from framing.benchmark import (
    benchmark_accuracy,
    benchmark_processes,
    benchmark_sources,
    benchmark_speed,
    peak_memory,
)
from framing.errors import CorpusError
from framing.extras import require
from framing.highlight import highlight
from framing.score import score_articles
from framing.tables import write_csv, write_tables
from framing.validate import evaluate_annotations, side_by_side

# What needs an extra is asked for first, and imported in the command that uses it.


def run_reproduce(options: argparse.Namespace) -> None:
    """Tables to figures, for the corpora that ship or for the user's own."""
    require("reproduce", "matplotlib", "pyarrow", "scipy")
    from framing.reproduce import (
        Corpus,
        own_corpus,
        reproduce,
        sample_corpus,
        summarise,
        venezuela_corpora,
    )

    corpora: tuple[Corpus, ...]
    if options.corpus:
        corpora = (own_corpus(*options.corpus, coder=options.coder),)
    else:
        corpora = (sample_corpus(coder=options.coder), *venezuela_corpora())
    output = options.output or (
        "figures" if options.corpus else find_data_folder().parent / "figures"
    )
    contrasts = reproduce(corpora, output)
    print(summarise(contrasts))
    print(f"\nFigures, scores and contrasts: {output}")


def run_annotate(options: argparse.Namespace) -> None:
    """Articles to annotations, as JSON lines or as tables without text."""
    if not options.output and not options.tables:
        raise ValueError(
            "annotate: found neither -o nor --tables, allowed: one or both"
        )
    if options.tables:
        require("annotate --tables", "pyarrow", "scipy", "sklearn")
    articles = _read(options)
    if options.output:
        done = annotate_to_file(
            articles, options.output, coder=options.coder, processes=options.processes
        )
        if done:
            print(f"framing: resumed after {done} articles", file=sys.stderr)
        annotations = read_annotations(options.output)
    else:
        annotations = annotate_articles(
            articles, coder=options.coder, processes=options.processes
        )
    if options.tables:
        _write_tables(articles, annotations, options.tables)


def _write_tables(
    articles: pd.DataFrame, annotations: Annotations, folder: str
) -> None:
    from framing.events import find_events

    # Events are found in the text, so now or never.
    articles = articles.assign(event=find_events(articles))
    write_tables(articles, annotations, folder)


def run_score(options: argparse.Namespace) -> None:
    """Articles to one row of counts and measures each."""
    articles = _read(options)
    if options.annotations:
        annotations = read_annotations(*options.annotations)
    else:
        annotations = annotate_articles(
            articles, coder=options.coder, processes=options.processes
        )
    scores = score_articles(articles, annotations)
    if options.output or len(scores) != 1:
        _write_or_print(scores, options.output)
    else:
        # one article reads better as a column than as a row of sixty numbers
        print(scores.iloc[0].to_string(na_rep="-"))


def run_compare(options: argparse.Namespace) -> None:
    """Scores to estimates and differences with intervals."""
    require("compare", *(["matplotlib"] if options.figure else []), "scipy")
    from framing.compare import compare_outlets

    scores = read_scores(options.scores)
    contrasts = compare_outlets(
        scores, options.measure, by=options.by, reference=options.reference
    )
    _write_or_print(contrasts, options.output)
    if options.figure:
        _draw(contrasts, options.figure, scores)


def _draw(contrasts: pd.DataFrame, path: str, scores: pd.DataFrame) -> None:
    from framing.figures import save_figure
    from framing.plot import plot_outlets

    save_figure(plot_outlets(contrasts), contrasts, path, scores=scores)


def run_evaluate(options: argparse.Namespace) -> None:
    """Coders, or files of their codes, against another file of codes."""
    articles = _read(options)
    gold = read_annotations(options.gold)
    found = {name: _codes_of(name, articles) for name in options.found}
    for name, group in _groups(articles, options.by):
        if name:
            print(f"{name} ({len(group)} articles)")
        kept = set(group["article_id"])
        tables = {
            coder: evaluate_annotations(
                _only(codes, kept),
                _only(gold, kept),
                articles=group,
                repeats=options.repeats,
            )
            for coder, codes in found.items()
        }
        several = len(tables) > 1
        table = side_by_side(tables) if several else tables[options.found[0]]
        print(_as_text(table), end="\n\n")


def _codes_of(found: str, articles: pd.DataFrame) -> Annotations:
    """The codes of a coder that is run, or of a file."""
    if found in CODERS:
        return annotate_articles(articles, coder=found)
    return read_annotations(found)


def run_show(options: argparse.Namespace) -> None:
    """One article as a page with every code marked."""
    articles = _read(options)
    chosen = articles[articles["article_id"] == options.id] if options.id else articles
    if len(chosen) != 1:
        found = f"{len(chosen)} articles with id {options.id!r}"
        some = ", ".join(articles["article_id"].head(5))
        raise CorpusError(options.articles[0], None, found, f"--id, one of {some} ...")
    if options.annotations:
        coded = read_annotations(options.annotations)[chosen["article_id"].iloc[0]]
    else:
        annotations = annotate_articles(chosen, coder=options.coder, progress=False)
        coded = annotations.articles[0]
    highlight(chosen.iloc[0], coded).to_html(options.output)
    print(options.output)


def run_benchmark(options: argparse.Namespace) -> None:
    """Words a second and agreement with the hand codes, in one run."""
    sample = find_data_folder() / "sample"
    articles = coded = read_articles(sample / "articles.jsonl")
    if options.articles:
        articles = read_articles(*options.articles)
    articles = _repeated(articles)
    print("coder framing, by number of processes")
    print(_as_text(benchmark_processes(articles)))
    here, child = peak_memory(), peak_memory(children=True)
    print(f"peak memory: {here:.0f} MB, of one of two processes {child:.0f} MB")
    print("\nsource classification, share of the whole annotation")
    print(_as_text(benchmark_sources(articles)), flush=True)
    speed = benchmark_speed(articles, coder=options.coder)
    print(f"\ncoder {options.coder}, step by step\n{_as_text(speed)}")
    if "spaCy (peer)" not in set(speed["step"]):
        print("spaCy: not installed (pip install 'framing-news[benchmark]')")
    gold = sample / "coded" / "adjudicated.jsonl"
    accuracy = benchmark_accuracy(coded, gold, coder=options.coder)
    print(f"\n{_as_text(accuracy)}")


def _repeated(articles: pd.DataFrame, least: int = 150) -> pd.DataFrame:
    """A few articles over and over, so that starting a process does not decide."""
    times = 1 + least // max(1, len(articles)) if len(articles) < least else 1
    many = pd.concat([articles] * times, ignore_index=True)
    return many.assign(article_id=many.index.astype("str"))


def read_scores(path: str | Path) -> pd.DataFrame:
    """A scores CSV; CorpusError where a column that is needed is missing."""
    try:
        scores = pd.read_csv(path, dtype={"article_id": "str", "wire_of": "str"})
    except (OSError, ValueError) as error:
        raise CorpusError(path, None, str(error), "a CSV of `framing score`") from error
    for column in ("article_id", "outlet", "n_words"):
        if column not in scores:
            raise CorpusError(
                path, 1, f"no column {column}", "`framing score`'s columns"
            )
    return scores


def _groups(articles: pd.DataFrame, by: str | None) -> list[tuple[str, pd.DataFrame]]:
    if by is None:
        return [("", articles)]
    if by not in articles:
        raise ValueError(f"--by {by!r}: allowed: {_names(articles)}")
    return [(f"{by} {name}", group) for name, group in articles.groupby(by)]


def _only(annotations: Annotations, kept: set[str]) -> Annotations:
    return Annotations(tuple(c for c in annotations if c.article_id in kept))


# --- what they read and print -------------------------------------------------


def _pairs(options: Sequence[str], flag: str) -> dict[str, str]:
    pairs = dict(option.partition("=")[::2] for option in options)
    for name, value in pairs.items():
        if not value:
            raise ValueError(f"{flag} {name!r}: found no '=', allowed: NAME=VALUE")
    return pairs


def _read(options: argparse.Namespace) -> pd.DataFrame:
    articles = read_articles(
        *options.articles,
        columns=_pairs(options.column, "--column"),
        skip_bad=options.skip_bad,
    )
    _tell_left_out(articles)
    articles = articles.assign(**_pairs(options.assign, "--assign"))
    for column, value in _pairs(options.where, "--where").items():
        if column not in articles:
            raise CorpusError(
                options.articles[0], None, f"no column {column!r}", _names(articles)
            )
        articles = articles[articles[column].astype("str") == value]
    return articles


def _names(table: pd.DataFrame) -> str:
    return ", ".join(map(str, table.columns))


def _tell_left_out(articles: pd.DataFrame) -> None:
    left_out = articles.attrs.get("left_out")
    if left_out is None or left_out.empty:
        return
    print(f"framing: {len(left_out)} rows left out:", file=sys.stderr)
    print(left_out.to_string(index=False), file=sys.stderr)


def _write_or_print(table: pd.DataFrame, path: str | None) -> None:
    if path:
        write_csv(table, Path(path))
    else:
        print(_as_text(table))


def _as_text(table: pd.DataFrame) -> str:
    return table.to_string(index=False, float_format="{:.3f}".format, na_rep="-")
