"""framing: hedging, sourcing and anonymity of attribution in news.

    import framing as fr

    articles = fr.read_articles("data/sample/articles.jsonl")
    annotations = fr.annotate_articles(articles)
    scores = fr.score_articles(articles, annotations)
    contrasts = fr.compare_outlets(scores, "anonymity")
    ax = fr.plot_outlets(contrasts)

Every number opens down to the words counted: `fr.highlight(articles.text[0])`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from framing.annotate import (
    annotate_articles,
    annotate_text,
    find_attributions,
    find_hedges,
)
from framing.annotations import (
    Annotations,
    Attribution,
    CodedArticle,
    Hedge,
    read_annotations,
    with_words,
    write_annotations,
)
from framing.articles import read_articles, write_articles
from framing.clean import find_boilerplate
from framing.compare import compare_outlets
from framing.errors import AnnotationError, CorpusError, LexiconError, __version__
from framing.highlight import highlight
from framing.relay_table import relays
from framing.score import MEASURES, score, score_articles
from framing.tables import read_tables, write_tables
from framing.validate import evaluate_annotations, list_disagreements

if TYPE_CHECKING:
    from framing.plot import plot_outlets, plot_timeline, plot_types, save_figure
    from framing.relay_plot import plot_relays

__all__ = [
    "MEASURES",
    "AnnotationError",
    "Annotations",
    "Attribution",
    "CodedArticle",
    "CorpusError",
    "Hedge",
    "LexiconError",
    "__version__",
    "annotate_articles",
    "annotate_text",
    "compare_outlets",
    "evaluate_annotations",
    "find_attributions",
    "find_boilerplate",
    "find_hedges",
    "highlight",
    "list_disagreements",
    "plot_outlets",
    "plot_relays",
    "plot_timeline",
    "plot_types",
    "read_annotations",
    "read_articles",
    "read_tables",
    "relays",
    "save_figure",
    "score",
    "score_articles",
    "with_words",
    "write_annotations",
    "write_articles",
    "write_tables",
]

_DRAWING = {
    "plot_outlets": "framing.plot",
    "plot_relays": "framing.relay_plot",
    "plot_timeline": "framing.plot",
    "plot_types": "framing.plot",
    "save_figure": "framing.plot",
}


def __getattr__(name: str) -> Any:
    """The drawing functions, imported when first asked for: matplotlib is slow."""
    if name not in _DRAWING:
        raise AttributeError(f"module 'framing' has no attribute {name!r}")
    return getattr(import_module(_DRAWING[name]), name)
