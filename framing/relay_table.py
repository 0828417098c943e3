"""Who repeats whom: statements that reached an outlet's articles through another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from framing.annotations import Annotations, Attribution, CodedArticle
from framing.outlets import is_same_outlet, outlet_name
from framing.reasons import is_unnamed
from framing.text import merge_spans

NO_NAME = "unnamed outlets"
RELAY_COLUMNS = {
    "outlet": "str",
    "coder": "str",
    "relayed": "str",
    "n_statements": "int64",
    "n_unnamed": "int64",
    "n_articles": "int64",
    "statements_per_article": "float64",
}


def relays(articles: pd.DataFrame, annotations: Annotations) -> pd.DataFrame:
    """Relayed statements, one row an outlet, coder and relayed outlet.

    `relayed` is the outlet through which the statements came, by its usual name: the
    relay, or a media source itself ("CNN reported"); outlets that the article does
    not name ("local media") are one row. `n_unnamed` of the `n_statements` are by
    unnamed people. `n_articles` are all coded articles of the outlet, and
    `statements_per_article` is `n_statements / n_articles`. An outlet that relays
    nothing has one row, `relayed` missing. Articles without an outlet, and codes of
    articles that are not in the table, are left out. CODEBOOK, section 2, Relay.

    >>> from framing.annotate import annotate_articles
    >>> text = "Officials told Reuters that the port is shut."
    >>> articles = pd.DataFrame({"article_id": ["a"], "outlet": ["X"], "text": [text]})
    >>> table = relays(articles, annotate_articles(articles))
    >>> table[["outlet", "relayed", "n_statements", "n_unnamed"]].values.tolist()
    [['X', 'Reuters', 1, 1]]
    """
    outlets = articles.get("outlet", pd.Series(None, articles.index, dtype="object"))
    known = {
        str(i): outlet
        for i, outlet in zip(articles["article_id"], outlets, strict=True)
        if isinstance(outlet, str)
    }
    coded = [c for c in annotations if c.article_id in known]
    sizes = pd.Series([(known[c.article_id], c.coder) for c in coded], dtype="object")
    n_articles = sizes.value_counts()
    others = sorted(set(known.values()))
    rows = [row for c in coded for row in _rows(c, known[c.article_id], others)]
    found = pd.DataFrame(rows, columns=["outlet", "coder", "relayed", "unnamed"])
    return _counted(found, n_articles)


def _rows(
    coded: CodedArticle, outlet: str, others: Sequence[str]
) -> Iterator[tuple[str, str, str, bool]]:
    marked = merge_spans(coded.boilerplate)
    for a in coded.attributions:
        name = _relayed(a, others) if a.kind == "statement" else None
        if (
            name
            and not is_same_outlet(name, outlet)
            and not any(s <= a.cue.start < e for s, e in marked)
        ):
            yield outlet, coded.coder, name, is_unnamed(a)


def _relayed(attribution: Attribution, others: Sequence[str]) -> str | None:
    """The outlet that a statement came through; None where there is none."""
    is_relay = attribution.via is not None or attribution.via_name is not None
    if not is_relay and attribution.source_kind != "media":
        return None
    name = attribution.via_name if is_relay else attribution.source_name
    if not name:
        return NO_NAME
    # An outlet of the same corpus is known however it is written.
    same = next((other for other in others if is_same_outlet(name, other)), None)
    # "local media", "reports#1": no proper name begins in lower case
    is_named = same is not None or not name[0].islower()
    return outlet_name(same or name) if is_named else NO_NAME


def _counted(found: pd.DataFrame, n_articles: pd.Series[Any]) -> pd.DataFrame:
    keys = ["outlet", "coder", "relayed"]
    grouped = found.groupby(keys)["unnamed"].agg(n_statements="size", n_unnamed="sum")
    table = grouped.reset_index()
    every = pd.DataFrame([*n_articles.index], columns=keys[:2])
    every["n_articles"] = n_articles.to_numpy()
    table = every.merge(table, on=keys[:2], how="left")
    counts = ["n_statements", "n_unnamed"]
    table[counts] = table[counts].fillna(0).astype("int64")
    rate = table["n_statements"] / table["n_articles"]
    table = table.assign(statements_per_article=rate.astype("float64"))
    table = table.sort_values(
        ["outlet", "coder", "n_statements", "relayed"],
        ascending=[True, True, False, True],
        ignore_index=True,
    )
    return table[[*RELAY_COLUMNS]].astype(RELAY_COLUMNS)
