"""Speed and accuracy of a coder in one run, as ratios to a fixed yardstick.

Machines are noisy, so words per second are only comparable as a ratio: the yardstick
is NLTK's `NLTKWordTokenizer` on the same texts in the same run, which needs no
download and does not change with this package.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from framing.annotate import annotate_articles, annotate_text
from framing.annotations import Annotations, read_annotations
from framing.clean import find_boilerplate
from framing.hedges import find_hedge_cues
from framing.score import score_articles
from framing.text import count_words, find_segments
from framing.validate import evaluate_annotations

COLUMNS = ("step", "words_per_second", "seconds", "ratio_to_yardstick")


def benchmark_speed(articles: pd.DataFrame, *, coder: str = "lexicon") -> pd.DataFrame:
    """Words per second of each step on one core, the best of three rounds.

    Columns: step, words_per_second, seconds (for all articles), ratio_to_yardstick
    (times as fast as NLTK's word tokenizer). Steps: `tokenize (yardstick)`,
    `hedges` (segments and hedge cues) and `everything` (boilerplate, segments,
    attributions, sources, hedges, voices, scores).
    """
    # Imported here, because nltk takes a second to import.
    from nltk.tokenize.destructive import NLTKWordTokenizer

    texts = articles["text"].tolist()
    n_words = sum(map(count_words, texts))
    tokenize = NLTKWordTokenizer().tokenize
    steps: dict[str, Callable[[], object]] = {
        "tokenize (yardstick)": lambda: [tokenize(text) for text in texts],
        "boilerplate": lambda: [find_boilerplate(text) for text in texts],
        "hedges": lambda: [find_hedge_cues(find_segments(text)) for text in texts],
        "everything": lambda: _annotate_and_score(articles, coder),
    }
    seconds = {name: min(_time(step) for _ in range(3)) for name, step in steps.items()}
    yardstick = seconds["tokenize (yardstick)"]
    rows = [
        (name, n_words / spent, spent, yardstick / spent)
        for name, spent in seconds.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def benchmark_accuracy(
    articles: pd.DataFrame, gold_path: str | Path, *, coder: str = "lexicon"
) -> pd.DataFrame:
    """`evaluate_annotations` of the coder against a hand-coded file."""
    found = annotate_articles(articles, coder=coder)
    return evaluate_annotations(found, read_annotations(gold_path), articles=articles)


def peak_memory() -> float:
    """Largest resident size of this process so far, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _time(step: Callable[[], object]) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def _annotate_and_score(articles: pd.DataFrame, coder: str) -> pd.DataFrame:
    """Everything afresh: stored boilerplate spans are not used."""
    coded = tuple(
        annotate_text(text, coder=coder, outlet=outlet, article_id=article_id)
        for article_id, outlet, text in zip(
            articles["article_id"], articles["outlet"], articles["text"], strict=True
        )
    )
    return score_articles(articles, Annotations(coded))
