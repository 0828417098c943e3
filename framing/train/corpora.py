"""Three corpora as one kind of example: a window, tags a token, links a cue.

- coded: articles coded under CODEBOOK.md; they decide what counts.
- PolNeAR: attributions with exact content, wider than the codebook's; it teaches
  spans and links.
- Szeged Wikipedia weasel corpus: uncertainty cues of four kinds.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from tokenizers import Tokenizer

from framing.annotations import FORMS, HEDGE_TYPES, KINDS, CodedArticle
from framing.annotations import read_annotations as read_coded
from framing.tagger import RARE_TYPES
from framing.text import Segments, Span, find_segments
from framing.windows import WINDOW, Ints, Window, cut_windows, token_range

SZEGED_TYPES = ("epistemic", "doxastic", "investigation", "conditional")
CODED_SOURCE, SOURCE, CONTENT = 0, 1, 2
UNKNOWN = -100
ROOMS = (80, 256)
"""Fewest and most pieces in a window while learning."""


class Link(NamedTuple):
    """Which tokens stand in one relation to the cue that starts at a token."""

    relation: int
    cue: int
    members: Ints


@dataclass(frozen=True, slots=True)
class Example:
    """A window with what is known of it; heads that are not named are not taught."""

    window: Window
    tags: Mapping[str, Ints]
    links: Sequence[Link] = field(default=())


class _Labels(NamedTuple):
    """Labels of a whole text, to be cut into windows."""

    tags: dict[str, Ints]
    links: list[Link]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _cut(
    segments: Segments, labels: _Labels, tokenizer: Tokenizer, *, room: int = WINDOW
) -> list[Example]:
    windows = cut_windows(segments, tokenizer, room=room)
    return [_example(window, labels) for window in windows]


def _example(window: Window, labels: _Labels) -> Example:
    first, last = window.first, window.first + len(window.heads)
    tags = {head: tags[first:last].copy() for head, tags in labels.tags.items()}
    for values in tags.values():
        values[window.heads == 0] = UNKNOWN
    links = [
        Link(link.relation, link.cue - first, _within(link.members, first, last))
        for link in labels.links
        if first <= link.cue < last and window.heads[link.cue - first]
    ]
    return Example(window, tags, links)


def _within(members: Ints, first: int, last: int) -> Ints:
    return members[(members >= first) & (members < last)] - first


def _tags(segments: Segments, spans: Iterable[tuple[Span, int]]) -> Ints:
    """BIO tags a token: 0 outside, then B and I of each label in turn."""
    tags = np.zeros(len(segments.tokens.starts), np.int64)
    for span, label in spans:
        first, last = token_range(segments, span)
        tags[first:last] = 2 + 2 * label
        tags[first : first + 1] = 1 + 2 * label
    return tags


def _members(segments: Segments, spans: Iterable[Sequence[int]]) -> Ints:
    ranges = (token_range(segments, Span(*span[:2])) for span in spans)
    return np.array([i for pair in ranges for i in range(*pair)], np.int64)


# --- coded articles ---------------------------------------------------------------


class CodedText(NamedTuple):
    """An article's text and unit with its codes, its outlet and headline."""

    text: str
    unit: str
    split: str
    codes: CodedArticle
    outlet: str | None = None
    title: str | None = None


def read_coded_texts(folder: Path) -> list[CodedText]:
    """The articles of `coded_articles.jsonl` with `coded_annotations.jsonl`."""
    codes = {c.article_id: c for c in read_coded(folder / "coded_annotations.jsonl")}
    return [
        CodedText(
            a["text"],
            a["unit"],
            a["split"],
            codes[a["article_id"]],
            a.get("outlet"),
            a.get("title"),
        )
        for a in _lines(folder / "coded_articles.jsonl")
    ]


def read_more_coded_texts(folder: Path, paths: Iterable[Path]) -> list[CodedText]:
    """The articles of `articles.csv`, their texts from news files, by URL.

    A text is the first `n_characters` of the one there (of PolNeAR's, by document).
    One that is not there, or has changed since it was coded, is left out: its offsets
    would point elsewhere.
    """
    news = [article for path in paths for article in _lines(path)]
    by_url = {a.get("url") or a["doc_id"]: a for a in news}
    codes = {c.article_id: c for c in read_coded(folder / "coded_annotations.jsonl")}
    found = []
    for row in pd.read_csv(folder / "articles.csv").to_dict("records"):
        given = by_url.get(row["url"], {"text": ""})
        text, title = given["text"][: row["n_characters"]], given.get("title")
        if hashlib.sha256(text.encode()).hexdigest() == row["sha256"]:
            coded = codes[row["article_id"]]
            told = (row["outlet"], title)
            found.append(CodedText(text, row["unit"], "more", coded, *told))
    return found


def coded_examples(
    articles: Iterable[CodedText],
    tokenizer: Tokenizer,
    *,
    rng: random.Random | None = None,
) -> list[Example]:
    """Examples with hedges, cues, forms and sources; content is not exact there.

    With `rng` each article is cut into windows of a size of its own, drawn from
    `ROOMS`: so an epoch has other borders than the one before, and what stands at a
    border is not learned as if it always did.
    """
    examples = []
    for article in articles:
        segments = find_segments(article.text, boilerplate=article.codes.boilerplate)
        room = rng.randint(*ROOMS) if rng else WINDOW
        if segments.tokens.starts:
            labels = _coded_labels(segments, article.codes)
            examples += _cut(segments, labels, tokenizer, room=room)
    return examples


def _coded_labels(segments: Segments, codes: CodedArticle) -> _Labels:
    hedges = [(Span(h.start, h.end), HEDGE_TYPES.index(h.type)) for h in codes.hedges]
    cues = [(a.cue, KINDS.index(a.kind)) for a in codes.attributions]
    form = np.full(len(segments.tokens.starts), UNKNOWN, np.int64)
    links = []
    for attribution in codes.attributions:
        first, last = token_range(segments, attribution.cue)
        form[first:last] = FORMS.index(attribution.form)
        spans = [attribution.source] if attribution.source else []
        if first < last:
            links.append(Link(CODED_SOURCE, first, _members(segments, spans)))
    tags = {
        "hedge": _tags(segments, hedges),
        "cue": _tags(segments, cues),
        "form": form,
    }
    return _Labels(tags, links)


def has_rare_hedge(example: Example) -> bool:
    """Whether a hedge of the rare types stands in a window."""
    labels = [HEDGE_TYPES.index(name) for name in RARE_TYPES]
    return bool(np.isin(example.tags["hedge"], [1 + 2 * i for i in labels]).any())


# --- PolNeAR and Szeged -----------------------------------------------------------


def polnear_examples(
    path: Path,
    tokenizer: Tokenizer,
    *,
    split: str,
    skip: Iterable[str] = (),
) -> list[Example]:
    """Examples with cues, sources and contents; texts that are in `skip` are not."""
    known = {_fingerprint(text) for text in skip}
    examples = []
    for document in _lines(path):
        if document["split"] == split and _fingerprint(document["text"]) not in known:
            segments = find_segments(document["text"])
            labels = _polnear_labels(segments, document["attributions"])
            examples += _cut(segments, labels, tokenizer)
    return examples


def _fingerprint(text: str) -> str:
    return "".join(text.split())[:200]


def _polnear_labels(segments: Segments, attributions: list[dict[str, Any]]) -> _Labels:
    with_cue = [a for a in attributions if a["cue"]]
    cues = [(Span(*span[:2]), 0) for a in with_cue for span in a["cue"]]
    links = []
    for attribution in with_cue:
        first, last = token_range(segments, Span(*attribution["cue"][0][:2]))
        if first < last:
            source = _members(segments, attribution["source"] or [])
            content = _members(segments, attribution["content"] or [])
            links += [Link(SOURCE, first, source), Link(CONTENT, first, content)]
    return _Labels({"polnear": _tags(segments, cues)}, links)


def szeged_examples(path: Path, tokenizer: Tokenizer, *, split: str) -> list[Example]:
    """Examples of uncertainty cues, from the documents that have any."""
    examples = []
    chosen = (line for line in _lines(path) if line["split"] == split)
    for _, group in groupby(chosen, key=lambda line: str(line["doc_id"])):
        sentences = list(group)
        if any(sentence["cues"] for sentence in sentences):
            text, cues = _joined(sentences)
            segments = find_segments(text)
            labels = _Labels({"szeged": _tags(segments, cues)}, [])
            examples += _cut(segments, labels, tokenizer)
    return examples


def _joined(sentences: list[dict[str, Any]]) -> tuple[str, list[tuple[Span, int]]]:
    text, cues = "", []
    for sentence in sentences:
        base = len(text)
        for cue in sentence["cues"]:
            span = Span(base + cue["start"], base + cue["end"])
            cues.append((span, SZEGED_TYPES.index(cue["type"])))
        text += sentence["text"] + "\n\n"
    return text, cues
