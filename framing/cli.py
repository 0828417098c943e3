"""The command line: the words of the package, one command a verb, nothing more."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from framing.annotate import CODERS, DEFAULT_CODER, annotate_articles, annotate_to_file
from framing.annotations import Annotations, read_annotations
from framing.articles import read_articles
from framing.benchmark import (
    benchmark_accuracy,
    benchmark_processes,
    benchmark_sources,
    benchmark_speed,
    peak_memory,
)
from framing.compare import compare_outlets
from framing.errors import CorpusError, __version__
from framing.events import find_events
from framing.figures import save_figure
from framing.highlight import highlight
from framing.plot import plot_outlets
from framing.reproduce import (
    Corpus,
    find_data_folder,
    own_corpus,
    reproduce,
    sample_corpus,
    summarise,
    venezuela_corpora,
    write_csv,
)
from framing.score import MEASURES, score_articles
from framing.tables import write_tables
from framing.validate import evaluate_annotations, side_by_side

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]
_Command = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, 2 with one line on standard error on bad input."""
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _one_line_warning
            options.run(options)
    except BrokenPipeError:  # `framing score ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ValueError, OSError) as error:
        print(f"framing: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("framing: stopped; what was written stays", file=sys.stderr)
        return 130
    return 0


def _one_line_warning(message: Warning | str, *_: object, **__: object) -> None:
    print(f"framing: {message}", file=sys.stderr)


# --- the grammar --------------------------------------------------------------


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command, each with an example in its help."""
    parser = argparse.ArgumentParser(
        prog="framing",
        description="Hedging, sourcing and anonymity of attribution in news.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in (
        _add_reproduce, _add_annotate, _add_score, _add_compare, _add_evaluate,
        _add_show, _add_benchmark,
    ):  # fmt: skip
        add(commands)
    return parser


def _add(
    commands: _Commands, run: _Command, summary: str, example: str
) -> argparse.ArgumentParser:
    name = run.__name__.removeprefix("run_")
    parser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def _add_articles(parser: argparse.ArgumentParser, *, flag: str | None = None) -> None:
    if flag:
        parser.add_argument(
            flag, dest="articles", nargs="+", required=True, metavar="IN"
        )
    else:
        parser.add_argument(
            "articles",
            nargs="+",
            metavar="IN",
            help="csv, tsv, jsonl, parquet, txt, html, a folder of these, or - ",
        )
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="NAME=COLUMN",
        help="which column is text, outlet, published, title, url or article_id",
    )
    parser.add_argument(
        "--assign",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a column with one value for all articles, such as unit=lead",
    )
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="only the articles with that value, such as split=dev",
    )
    parser.add_argument(
        "--skip-bad",
        action="store_true",
        help="leave bad rows out and list them, instead of stopping at the first",
    )


def _add_coder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--coder", default=DEFAULT_CODER, choices=list(CODERS))
    parser.add_argument("--processes", type=int, default=1, metavar="N")


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


# --- the commands -------------------------------------------------------------


def run_reproduce(options: argparse.Namespace) -> None:
    """Tables to figures, for the corpora that ship or for the user's own."""
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
        # Events are found in the text, so now or never.
        articles = articles.assign(event=find_events(articles))
        write_tables(articles, annotations, options.tables)


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
    scores = read_scores(options.scores)
    contrasts = compare_outlets(
        scores, options.measure, by=options.by, reference=options.reference
    )
    _write_or_print(contrasts, options.output)
    if options.figure:
        ax = plot_outlets(contrasts)
        save_figure(ax, contrasts, options.figure, scores=scores)


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
        coded = annotate_articles(chosen, coder=options.coder, progress=False).articles[
            0
        ]
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


# --- their options ------------------------------------------------------------


def _add_reproduce(commands: _Commands) -> None:
    parser = _add(
        commands,
        run_reproduce,
        "Everything from the tables that ship, or from your articles, to the figures.",
        "framing reproduce --corpus my_articles.csv -o my_figures",
    )
    parser.add_argument("--corpus", nargs="+", metavar="IN", help="your own articles")
    parser.add_argument("-o", "--output", metavar="DIR")
    _add_coder(parser)


def _add_annotate(commands: _Commands) -> None:
    parser = _add(
        commands,
        run_annotate,
        "Code articles: hedges, attributions, sources. A run that was killed resumes.",
        "framing annotate articles.csv -o annotations.jsonl",
    )
    _add_articles(parser)
    _add_coder(parser)
    parser.add_argument("-o", "--output", metavar="OUT.jsonl")
    parser.add_argument(
        "--tables", metavar="DIR", help="write or update tables without text there"
    )


def _add_score(commands: _Commands) -> None:
    parser = _add(
        commands,
        run_score,
        "Count: one row an article with every count and measure.",
        "framing score articles.csv -o scores.csv",
    )
    _add_articles(parser)
    _add_coder(parser)
    parser.add_argument("-o", "--output", metavar="scores.csv")
    parser.add_argument(
        "--annotations",
        nargs="+",
        metavar="FILE",
        help="codes to count, if made before",
    )


def _add_compare(commands: _Commands) -> None:
    parser = _add(
        commands,
        run_compare,
        "Compare outlets: pooled estimates and differences with intervals.",
        "framing compare scores.csv -m anonymity --reference 'Daily Planet'",
    )
    parser.add_argument("scores", metavar="SCORES")
    parser.add_argument(
        "-m", "--measure", action="append", required=True, choices=list(MEASURES)
    )
    parser.add_argument("--by", default="outlet", metavar="COLUMN")
    parser.add_argument("--reference", metavar="OUTLET")
    parser.add_argument("-o", "--output", metavar="contrasts.csv")
    parser.add_argument(
        "--figure", metavar="PATH", help="PNG, SVG, CSV and caption by this name"
    )


def _add_evaluate(commands: _Commands) -> None:
    parser = _add(
        commands,
        run_evaluate,
        "Agreement and accuracy: two coders on the same articles.",
        "framing evaluate lexicon framing gold.jsonl --articles articles.jsonl",
    )
    parser.add_argument(
        "found",
        metavar="FOUND",
        nargs="+",
        help="a file of codes, or a coder's name to run; several stand side by side",
    )
    parser.add_argument("gold", metavar="GOLD.jsonl")
    _add_articles(parser, flag="--articles")
    parser.add_argument("--by", metavar="COLUMN", help="each value of it apart")
    parser.add_argument(
        "--repeats", type=int, default=0, metavar="N", help="bootstrap, for intervals"
    )


def _add_show(commands: _Commands) -> None:
    parser = _add(
        commands,
        run_show,
        "One article as a page: every hedge, attribution, unnamed source and relay.",
        "framing show articles.jsonl --id S01 -o page.html",
    )
    _add_articles(parser)
    _add_coder(parser)
    parser.add_argument("--id", metavar="ID")
    parser.add_argument("--annotations", metavar="FILE", help="codes to show")
    parser.add_argument("-o", "--output", default="page.html", metavar="page.html")


def _add_benchmark(commands: _Commands) -> None:
    parser = _add(
        commands,
        run_benchmark,
        "Speed and accuracy of a coder, as ratios to a yardstick in the same run.",
        "framing benchmark",
    )
    parser.add_argument("--articles", nargs="+", metavar="IN", help="time on these")
    _add_coder(parser)
