"""Run a coder over one text or a table of articles.

The machine is one more coder: what comes out is the interchange format that people
write too. Coders are named: `framing`, the default, finds its spans with the trained
model of `framing/model`; `lexicon` is rules over the lexicons of the package, nothing
learned, and several times as fast.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from tqdm import tqdm

from framing.annotations import (
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
    annotation_line,
    read_annotations,
)
from framing.attributions import find_attribution_spans
from framing.clean import find_boilerplate
from framing.errors import __version__
from framing.hedges import classify_voices, find_hedge_cues
from framing.lexicon import lexicon_digest
from framing.reasons import find_reasons, outside_clauses
from framing.sources import classify_sources
from framing.text import Segments, Span, find_segments

DEFAULT_CODER = "framing"
_Finder = Callable[
    [Segments, str | None, str | None], tuple[list[Hedge], list[Attribution]]
]


def annotate_text(
    text: str,
    *,
    coder: str = DEFAULT_CODER,
    outlet: str | None = None,
    article_id: str = "",
    boilerplate: Sequence[Span] | None = None,
    title: str | None = None,
) -> CodedArticle:
    """All codes of one text: hedges with voice, attributions with source and relay.

    `outlet` is the article's own outlet, which is no relay and may have boilerplate
    rules of its own. `title` is the headline: nothing in it is coded, but whom it
    names is named. `boilerplate` is found where it is not given. Any string is
    coded; an unknown coder is a ValueError.

    >>> coded = annotate_text("Officials said the talks could resume.")
    >>> [(h.text, h.type, h.voice) for h in coded.hedges]
    [('could', 'modal', 'reported')]
    >>> [(a.source_kind, a.naming, a.role) for a in coded.attributions]
    [('group', 'veiled', 'official')]
    """
    finder = _finder(coder)
    if boilerplate is None:
        boilerplate = find_boilerplate(text, outlet=outlet)
    segments = find_segments(text, boilerplate=boilerplate)
    hedges, attributions = finder(segments, outlet, title)
    return CodedArticle(
        article_id, coder, tuple(hedges), tuple(attributions), segments.boilerplate
    )


def find_hedges(text: str, *, coder: str = DEFAULT_CODER) -> list[Hedge]:
    """Hedges of one text, with type and voice (CODEBOOK, section 1).

    >>> [(h.text, h.type) for h in find_hedges("Venezuela might respond.")]
    [('might', 'modal')]
    """
    return list(annotate_text(text, coder=coder).hedges)


def find_attributions(text: str, *, coder: str = DEFAULT_CODER) -> list[Attribution]:
    """Attributions of one text, with source codes and relay (CODEBOOK, section 2).

    >>> text = "Rubio said the ships had left."
    >>> [(a.cue.of(text), a.source.of(text)) for a in find_attributions(text)]
    [('said', 'Rubio')]
    """
    return list(annotate_text(text, coder=coder).attributions)


def _find_by_lexicon(
    segments: Segments, outlet: str | None, title: str | None
) -> tuple[list[Hedge], list[Attribution]]:
    cues, spans = find_hedge_cues(segments), find_attribution_spans(segments)
    return _classify(segments, cues, spans, outlet, title)


def _find_by_tagger(
    segments: Segments, outlet: str | None, title: str | None
) -> tuple[list[Hedge], list[Attribution]]:
    # Imported here: onnxruntime is only needed by who asks for this coder.
    from framing.tagger import find_codes

    cues, spans = find_codes(segments)
    return _classify(segments, cues, spans, outlet, title)


def _classify(
    segments: Segments,
    cues: list[Hedge],
    spans: list[Attribution],
    outlet: str | None,
    title: str | None,
) -> tuple[list[Hedge], list[Attribution]]:
    spans = outside_clauses(segments, spans)
    sources = classify_sources(segments, spans, outlet=outlet, title=title)
    attributions = find_reasons(segments, sources)
    return classify_voices(segments, cues, attributions), attributions


CODERS: dict[str, _Finder] = {
    "lexicon": _find_by_lexicon,
    "framing": _find_by_tagger,
}


def _finder(coder: str) -> _Finder:
    if coder not in CODERS:
        raise ValueError(f"coder {coder!r} is not one of {', '.join(CODERS)}")
    return CODERS[coder]


# --- tables of articles -------------------------------------------------------


def annotate_articles(
    articles: pd.DataFrame,
    *,
    coder: str = DEFAULT_CODER,
    processes: int = 1,
    progress: bool = True,
) -> Annotations:
    """Annotations of every English article of the table, in its order.

    Only English is coded: articles in other languages are left out with a warning
    that counts them. A progress bar shows on a terminal once a second has passed.

    >>> articles = pd.DataFrame({"article_id": ["a"], "text": ["It may rain."]})
    >>> annotate_articles(articles).hedges.text.tolist()
    ['may']
    """
    coded = iterate_annotations(
        articles, coder=coder, processes=processes, progress=progress
    )
    return Annotations(tuple(coded))


def iterate_annotations(
    articles: pd.DataFrame,
    *,
    coder: str = DEFAULT_CODER,
    processes: int = 1,
    progress: bool = True,
) -> Iterator[CodedArticle]:
    """The coded articles of `annotate_articles` one by one, as soon as each is done."""
    _finder(coder)
    english = select_english(articles)
    jobs = _jobs(english, coder)
    bar = tqdm(
        total=len(english),
        desc=f"annotate ({coder})",
        unit=" articles",
        delay=1,
        # None lets tqdm be quiet where standard error is no terminal
        disable=None if progress else True,
    )
    with bar:
        for coded in _run(jobs, processes):
            bar.update()
            yield coded


def select_english(articles: pd.DataFrame) -> pd.DataFrame:
    """The rows whose language is English, unknown or not given; warns of the others."""
    if "language" not in articles:
        return articles
    language = articles["language"].fillna("und").str.lower().str.slice(0, 3)
    english = language.isin(["en", "eng", "en-", "en_", "und", ""])
    if not english.all():
        left_out = language[~english].value_counts()
        counts = ", ".join(f"{name} {n}" for name, n in left_out.items())
        warnings.warn(
            f"{int(left_out.sum())} articles not in English are left out ({counts})",
            stacklevel=4,
        )
    return articles[english]


class _Job(NamedTuple):
    text: str
    coder: str
    outlet: str | None
    article_id: str
    boilerplate: tuple[Span, ...] | None
    title: str | None


def _jobs(articles: pd.DataFrame, coder: str) -> Iterator[_Job]:
    absent = pd.Series(None, articles.index, dtype="object")
    columns = (articles.get(c, absent) for c in ("outlet", "boilerplate", "title"))
    for article_id, text, outlet, spans, title in zip(
        articles["article_id"], articles["text"], *columns, strict=True
    ):
        yield _Job(
            text,
            coder,
            outlet if isinstance(outlet, str) else None,
            str(article_id),
            # Absent in a table is None, NaN or <NA>; a list or array is there.
            tuple(Span(*pair) for pair in spans)
            if isinstance(spans, Iterable)
            else None,
            title if isinstance(title, str) else None,
        )


def _annotate_job(job: _Job) -> CodedArticle:
    return annotate_text(
        job.text,
        coder=job.coder,
        outlet=job.outlet,
        article_id=job.article_id,
        boilerplate=job.boilerplate,
        title=job.title,
    )


def _run(jobs: Iterable[_Job], processes: int) -> Iterator[CodedArticle]:
    if processes <= 1:
        yield from map(_annotate_job, jobs)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(_annotate_job, jobs, chunksize=16)


def annotate_to_file(
    articles: pd.DataFrame,
    path: str | Path,
    *,
    coder: str = DEFAULT_CODER,
    processes: int = 1,
    progress: bool = True,
) -> int:
    """Write annotations to `path` as JSON lines while they are made; resumes.

    Lines go to `unfinished_path`, which becomes `path` when all are there. A run
    that was killed goes on after its last whole line, provided that coder, version
    and lexicons are the same. Returns the number of articles that were
    already there.
    """
    path = Path(path)
    unfinished = unfinished_path(path, coder)
    done = _whole_lines(unfinished)
    waiting = articles[~articles["article_id"].isin(done)]
    with unfinished.open("a", encoding="utf-8", newline="\n") as file:
        for coded in iterate_annotations(
            waiting, coder=coder, processes=processes, progress=progress
        ):
            file.write(annotation_line(coded) + "\n")
            file.flush()
    unfinished.replace(path)
    return len(done)


def unfinished_path(path: Path, coder: str) -> Path:
    """Where the lines wait: another coder, version or lexicon has another place."""
    digest = hashlib.sha256(describe_method(coder).encode()).hexdigest()[:8]
    return path.with_name(f"{path.name}.{digest}.part")


def describe_method(coder: str) -> str:
    """How codes were made: version, coder and lexicons; a person's name as it is.

    >>> describe_method("anna")
    'anna'
    """
    if coder not in CODERS:
        return coder
    made = f"framing {__version__} {coder} lexicons {lexicon_digest()}"
    if coder == "framing":
        from framing.weights import model_digest

        made = f"{made} model {model_digest()}"
    return made


def _whole_lines(unfinished: Path) -> set[str]:
    """Ids already written; a line cut short by the end of a run is dropped."""
    if not unfinished.exists():
        return set()
    content = unfinished.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        unfinished.write_bytes(whole)
    return {coded.article_id for coded in read_annotations(unfinished)}
