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
from framing.errors import AnnotationError, CorpusError, LexiconError, __version__
from framing.explain import explain
from framing.highlight import highlight
from framing.relay_table import relays
from framing.score import MEASURES, score, score_articles
from framing.tables import read_tables, write_tables
from framing.validate import evaluate_annotations, list_disagreements

if TYPE_CHECKING:
    from framing.adjust import adjust_contrasts
    from framing.compare import compare_outlets
    from framing.correct import correct_estimates
    from framing.curves import (
        plot_corrections,
        plot_specifications,
        plot_visible_differences,
    )
    from framing.differences import plot_differences, plot_keyness
    from framing.events import find_events, match_contrasts
    from framing.figures import save_figure
    from framing.keyness import keyness, list_examples
    from framing.plot import plot_outlets
    from framing.power import plan_sample, smallest_visible_difference
    from framing.regression import correct_regression
    from framing.relay_plot import plot_relays
    from framing.robustness import specification_curve, summarise_specifications
    from framing.timeline import plot_timeline
    from framing.type_plot import plot_types

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
    "adjust_contrasts",
    "annotate_articles",
    "annotate_text",
    "compare_outlets",
    "correct_estimates",
    "correct_regression",
    "evaluate_annotations",
    "explain",
    "find_attributions",
    "find_boilerplate",
    "find_events",
    "find_hedges",
    "highlight",
    "keyness",
    "list_disagreements",
    "list_examples",
    "match_contrasts",
    "plan_sample",
    "plot_corrections",
    "plot_differences",
    "plot_keyness",
    "plot_outlets",
    "plot_relays",
    "plot_specifications",
    "plot_timeline",
    "plot_types",
    "plot_visible_differences",
    "read_annotations",
    "read_articles",
    "read_tables",
    "relays",
    "save_figure",
    "score",
    "score_articles",
    "smallest_visible_difference",
    "specification_curve",
    "summarise_specifications",
    "with_words",
    "write_annotations",
    "write_articles",
    "write_tables",
]

# Drawing and statistics: matplotlib and scipy take their time to import.
_LATER = {
    "adjust_contrasts": "framing.adjust",
    "compare_outlets": "framing.compare",
    "correct_estimates": "framing.correct",
    "correct_regression": "framing.regression",
    "find_events": "framing.events",
    "keyness": "framing.keyness",
    "list_examples": "framing.keyness",
    "match_contrasts": "framing.events",
    "plan_sample": "framing.power",
    "plot_corrections": "framing.curves",
    "plot_differences": "framing.differences",
    "plot_keyness": "framing.differences",
    "plot_outlets": "framing.plot",
    "plot_relays": "framing.relay_plot",
    "plot_specifications": "framing.curves",
    "plot_timeline": "framing.timeline",
    "plot_types": "framing.type_plot",
    "plot_visible_differences": "framing.curves",
    "save_figure": "framing.figures",
    "smallest_visible_difference": "framing.power",
    "specification_curve": "framing.robustness",
    "summarise_specifications": "framing.robustness",
}


def __getattr__(name: str) -> Any:
    """The names of `_LATER`, imported when first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module 'framing' has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)
