"""How good a model is, on coded articles and on PolNeAR, by the run time's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from framing.annotations import Annotations, Attribution, CodedArticle, Hedge
from framing.hedges import classify_voices
from framing.sources import classify_sources
from framing.tagger import best_run, read_codes, tagged_runs
from framing.text import Segments, find_segments
from framing.train.corpora import CONTENT, SOURCE, CodedText, Example
from framing.train.fit import pad
from framing.train.network import Network
from framing.validate import evaluate_annotations
from framing.weights import Reader

Finder = Callable[[Segments], tuple[list[Hedge], list[Attribution]]]


def figures(
    find: Finder, articles: Iterable[CodedText], *, repeats: int = 0
) -> pd.DataFrame:
    """`evaluate_annotations` of what `find` gives against the articles' codes."""
    articles = list(articles)
    found = Annotations(tuple(_coded(find, article) for article in articles))
    gold = Annotations(tuple(article.codes for article in articles))
    table = pd.DataFrame(
        {
            "article_id": [article.codes.article_id for article in articles],
            "text": [article.text for article in articles],
        }
    )
    return evaluate_annotations(found, gold, articles=table, repeats=repeats)


def finder(reader: Reader) -> Finder:
    """The finder that reads with this model."""
    return lambda segments: read_codes(reader, segments)


def _coded(find: Finder, article: CodedText) -> CodedArticle:
    codes = article.codes
    segments = find_segments(article.text, boilerplate=codes.boilerplate)
    hedges, attributions = find(segments)
    attributions = classify_sources(
        segments, attributions, outlet=article.outlet, title=article.title
    )
    hedges = classify_voices(segments, hedges, attributions)
    return replace(codes, hedges=tuple(hedges), attributions=tuple(attributions))


def side_by_side(tables: Mapping[str, pd.DataFrame]) -> str:
    """F1 with its interval of several coders on the same articles, in Markdown."""
    last = list(tables.values())[-1].set_index("what")
    lines = [["", "gold", *tables], ["---"] * (len(tables) + 2)]
    for what in last.index[last["f1"].notna()]:
        rows = [table.set_index("what").loc[what] for table in tables.values()]
        cells = [f"{r.f1:.3f} [{r.low:.2f}, {r.high:.2f}]" for r in rows]
        lines.append([str(what), str(int(rows[-1].n_gold)), *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# --- PolNeAR ----------------------------------------------------------------------


def polnear_figures(network: Network, examples: Sequence[Example]) -> pd.DataFrame:
    """Overlap precision, recall and F1 of cues, and of sources and contents.

    Sources and contents are those of the cues found, compared with those of the cues
    that PolNeAR marks, a matched pair where they share a token. Undefined is NaN.
    """
    totals = np.zeros((3, 3))
    with torch.no_grad():
        for example in examples:
            totals += _polnear_counts(network.eval(), example)
    both, found, gold = map(pd.Series, totals.T)  # 0 / 0 is NaN here
    table = pd.DataFrame({"precision": both / found, "recall": both / gold})
    f1 = 2 * both / (found + gold)
    return table.assign(f1=f1, what=["cue", "source", "content"]).set_index("what")


def _polnear_counts(network: Network, example: Example) -> np.ndarray:
    batch = pad([example])
    states = network.encode(batch.pieces, batch.standings)
    heads = torch.from_numpy(example.window.heads)
    scores = network.tags["polnear"](states)[0, heads].numpy()
    runs = tagged_runs(scores)
    relation = _relations(network, states, heads, [run.first for run in runs])
    gold_runs = tagged_runs(np.eye(3)[np.maximum(example.tags["polnear"], 0)])
    counts = [
        _counts(
            [set(range(*r[:2])) for r in runs], [set(range(*r[:2])) for r in gold_runs]
        )
    ]
    for kind in (SOURCE, CONTENT):
        gold = [set(x.members.tolist()) for x in example.links if x.relation == kind]
        found = [_members(row, kind) for row in relation]
        counts.append(_counts([f for f in found if f], [g for g in gold if g]))
    return np.array(counts)


def _relations(
    network: Network, states: torch.Tensor, heads: torch.Tensor, cues: list[int]
) -> list[np.ndarray]:
    related = network.relate(states)
    places = heads[cues]
    pairs = related.query[0][:, places] @ related.key[0][:, heads].transpose(-1, -2) / 8
    near = network.distances(places, states.shape[1])[:, :, heads]
    return list((pairs + near).permute(1, 0, 2).numpy())


def _members(row: np.ndarray, kind: int) -> set[int]:
    if kind == CONTENT:
        return set(np.flatnonzero(row[kind] > 0).tolist())
    return set(range(*(best_run(row[kind]) or (0, 0))))


def _counts(found: list[set[int]], gold: list[set[int]]) -> list[int]:
    left, both = list(gold), 0
    for span in found:
        match = next((other for other in left if span & other), None)
        if match is not None:
            left.remove(match)
            both += 1
    return [both, len(found), len(gold)]
