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
from framing.errors import (
    AnnotationError,
    CorpusError,
    LexiconError,
    MissingExtraError,
    __version__,
)
from framing.explain import explain
from framing.extras import require
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
    "MissingExtraError",
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

# Comparing and drawing, by module and the packages of the extra that it imports:
# these take their time, so each name is imported when it is first asked for.
_LATER = {
    "adjust_contrasts": ("framing.adjust", "scipy", "statsmodels"),
    "compare_outlets": ("framing.compare", "scipy"),
    "correct_estimates": ("framing.correct", "scipy"),
    "correct_regression": ("framing.regression", "scipy"),
    "find_events": ("framing.events", "scipy", "sklearn"),
    "keyness": ("framing.keyness", "scipy"),
    "list_examples": ("framing.keyness", "scipy"),
    "match_contrasts": ("framing.events", "scipy"),
    "plan_sample": ("framing.power", "scipy"),
    "plot_corrections": ("framing.curves", "matplotlib", "scipy"),
    "plot_differences": ("framing.differences", "matplotlib", "scipy"),
    "plot_keyness": ("framing.differences", "matplotlib", "scipy"),
    "plot_outlets": ("framing.plot", "matplotlib", "scipy"),
    "plot_relays": ("framing.relay_plot", "matplotlib", "scipy"),
    "plot_specifications": ("framing.curves", "matplotlib", "scipy"),
    "plot_timeline": ("framing.timeline", "matplotlib", "scipy"),
    "plot_types": ("framing.type_plot", "matplotlib", "scipy"),
    "plot_visible_differences": ("framing.curves", "matplotlib", "scipy"),
    "save_figure": ("framing.figures", "matplotlib", "scipy"),
    "smallest_visible_difference": ("framing.power", "scipy"),
    "specification_curve": ("framing.robustness", "scipy"),
    "summarise_specifications": ("framing.robustness", "scipy"),
}


def __getattr__(name: str) -> Any:
    """The names of `_LATER`; MissingExtraError where the extra is not installed."""
    if name not in _LATER:
        raise AttributeError(f"module 'framing' has no attribute {name!r}")
    module, *packages = _LATER[name]
    require(name, *packages)
    return getattr(import_module(module), name)
