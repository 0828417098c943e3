"""The command line: the words of the package, one command a verb, nothing more."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from framing.annotate import CODERS, DEFAULT_CODER
from framing.commands import (
    run_annotate,
    run_benchmark,
    run_compare,
    run_evaluate,
    run_reproduce,
    run_score,
    run_show,
)
from framing.errors import MissingExtraError, __version__
from framing.score import MEASURES

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]
_Command = Callable[[argparse.Namespace], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when done, else 2 with one line on standard error.

    That is bad input, or an extra that is not installed.
    """
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _one_line_warning
            options.run(options)
    except BrokenPipeError:  # `framing score ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ValueError, OSError, MissingExtraError) as error:
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
    for pair, metavar, summary in _PAIRS:
        parser.add_argument(
            pair, action="append", default=[], metavar=metavar, help=summary
        )
    parser.add_argument(
        "--skip-bad",
        action="store_true",
        help="leave bad rows out and list them, instead of stopping at the first",
    )


_PAIRS = (
    ("--column", "NAME=COLUMN",
     "which column is text, outlet, published, title, url or article_id"),
    ("--assign", "NAME=VALUE",
     "a column with one value for all articles, such as unit=lead"),
    ("--where", "COLUMN=VALUE",
     "only the articles with that value, such as split=dev"),
)  # fmt: skip


def _add_coder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--coder", default=DEFAULT_CODER, choices=list(CODERS))
    parser.add_argument("--processes", type=int, default=1, metavar="N")


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
