"""`python -m framing.train`: from the corpora to the published model and its figures.

    python -m framing.train --coded DIR --polnear FILE --szeged FILE --out DIR
    python -m framing.train ... --more data/coded --news FILE --news FILE

1. `stage1.pt`: spans and links, from PolNeAR and Szeged.
2. `stage2.pt`: the codebook's codes, without the articles held back.
3. `tagger.onnx`, `settings.json`: in eight bits, with what is added before decisions,
   chosen on the articles held back.
4. `tagger.json`, `figures.md`.

A file that lies in `--out` already is not made again; remove it to train anew. With
the same files, versions and machine the weights are the same. About two hours on
two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer

from framing.annotations import Attribution, Hedge
from framing.attributions import find_attribution_spans
from framing.hedges import find_hedge_cues
from framing.text import Segments
from framing.train.choose import START, choose_settings
from framing.train.corpora import (
    CodedText,
    Example,
    coded_examples,
    has_rare_hedge,
    polnear_examples,
    read_coded_texts,
    read_more_coded_texts,
    szeged_examples,
)
from framing.train.export import TorchReader, quantise, write_onnx, write_settings
from framing.train.fit import Plan, fit
from framing.train.measure import (
    Finder,
    figures,
    finder,
    polnear_figures,
    side_by_side,
)
from framing.train.network import (
    Network,
    carry_over,
    minilm_folder,
    pretrained_network,
)
from framing.weights import load_model, model_digest

SPANS = Plan(6, 1.5e-4, 1e-3, average=0.99)
"""Stage 1, on PolNeAR and Szeged."""
ENOUGH = 0.005
"""Stage 1 ends early when an epoch adds less to the mean F1 on PolNeAR's dev split."""
CODES = Plan(5, 1e-4, 8e-4, batch=8, average=0.99)
"""Stage 2, on the coded articles."""
POLNEAR_SHARE = 0.3
RARE_TIMES = 2
"""How often an epoch shows a window with a hedge of the rare types."""


class Corpora(NamedTuple):
    """Where the corpora lie, and the vocabulary that reads them."""

    coded: Path
    polnear: Path
    szeged: Path
    tokenizer: Tokenizer
    more: Path | None = None
    news: Sequence[Path] = ()

    def articles(self, split: str | None = None) -> list[CodedText]:
        """The coded articles of a split, or all: train, more, each held back, dev."""
        articles = read_coded_texts(self.coded)
        if self.more:
            articles += read_more_coded_texts(self.more, self.news)
        held_back = held_back_ids(articles)
        return [
            article
            for article in articles
            if split in (None, _split_of(article, held_back))
        ]

    def polnear_split(self, split: str) -> list[Example]:
        """PolNeAR without the articles on which the codes are measured."""
        measured = read_coded_texts(self.coded)
        return polnear_examples(
            self.polnear,
            self.tokenizer,
            split=split,
            skip=[article.text for article in measured],
        )


HELD_BACK = ("train, held back", "more, held back")
N_HELD_BACK = {
    ("train", "full"): 40,
    ("train", "lead"): 30,
    ("more", "full"): 80,
    ("more", "lead"): 100,
}


def held_back_ids(articles: Iterable[CodedText]) -> set[str]:
    """Articles that no weight sees, on which settings are chosen; drawn by a hash."""
    drawn: set[str] = set()
    for (split, unit), n in N_HELD_BACK.items():
        ids = [
            a.codes.article_id for a in articles if (a.split, a.unit) == (split, unit)
        ]
        drawn.update(sorted(ids, key=_draw)[:n])
    return drawn


def _draw(article_id: str) -> str:
    return hashlib.sha256(f"holdout:{article_id}".encode()).hexdigest()


def _split_of(article: CodedText, held_back: Collection[str]) -> str:
    if article.codes.article_id in held_back:
        return f"{article.split}, held back"
    return article.split


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the stages that have not run yet; prints figures as they come."""
    options = _parser().parse_args(arguments)
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    corpora = Corpora(
        options.coded,
        options.polnear,
        options.szeged,
        vocabulary(),
        options.more,
        [*options.news, options.polnear],
    )
    if not (out / "stage1.pt").exists():
        train_spans(corpora, out)
    if not (out / "stage2.pt").exists():
        train_codes(corpora, out)
    if not (out / "settings.json").exists():
        export(corpora, out)
    if not (out / "figures.md").exists():
        measure(corpora, out)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("framing.train", description=__doc__)
    for name in ("coded", "polnear", "szeged", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--more", type=Path, help="folder of further codes")
    parser.add_argument(
        "--news", type=Path, action="append", default=[], help="their texts"
    )
    return parser


def vocabulary() -> Tokenizer:
    """MiniLM's tokenizer, without padding or a limit."""
    tokenizer = Tokenizer.from_file(str(minilm_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def train_spans(corpora: Corpora, out: Path) -> None:
    """Stage 1: PolNeAR and Szeged, from MiniLM's weights."""
    polnear = corpora.polnear_split("train")
    szeged = szeged_examples(corpora.szeged, corpora.tokenizer, split="train")
    dev = corpora.polnear_split("dev")
    network, reached = pretrained_network(), 0.0
    for epoch, loss, averaged in fit(network, lambda _: polnear + szeged, SPANS):
        table = polnear_figures(averaged, dev)
        _say(f"stage 1 epoch {epoch} loss {loss:.4f}\n{table.to_string()}")
        before, reached = reached, float(table["f1"].mean())
        if reached - before < ENOUGH:
            break
    torch.save(averaged.state_dict(), out / "stage1.pt")


def train_codes(corpora: Corpora, out: Path) -> None:
    """Stage 2: the coded articles, PolNeAR among them."""
    articles = corpora.articles("train") + corpora.articles("more")
    polnear = corpora.polnear_split("train")

    def sample(rng: random.Random) -> list[Example]:
        coded = coded_examples(articles, corpora.tokenizer, rng=rng)
        rare = [example for example in coded if has_rare_hedge(example)]
        more = rng.sample(polnear, int(POLNEAR_SHARE * len(coded)))
        return coded + (RARE_TIMES - 1) * rare + more

    network = _load(out / "stage1.pt")
    carry_over(network)
    for epoch, loss, averaged in fit(network, sample, CODES):  # noqa: B007
        _say(f"stage 2 epoch {epoch} loss {loss:.4f}")
    torch.save(averaged.state_dict(), out / "stage2.pt")


def export(corpora: Corpora, out: Path) -> None:
    """The files that ship, and the settings that serve them best."""
    write_onnx(_load(out / "stage2.pt"), corpora.tokenizer, out / "full.onnx")
    quantise(out / "full.onnx", out / "tagger.onnx")
    write_settings(out, START)
    held_back = [a for split in HELD_BACK for a in corpora.articles(split)]
    settings = choose_settings(load_model(out), held_back)
    write_settings(out, settings)
    load_model.cache_clear()
    (out / "settings.json").write_text(json.dumps(settings, indent=2) + "\n", "utf-8")


def _load(path: Path) -> Network:
    network = Network()
    network.load_state_dict(torch.load(path))
    return network


def measure(corpora: Corpora, out: Path) -> None:
    """The lexicon coder, the network and its export on the same articles."""
    network, model = _load(out / "stage2.pt"), load_model(out)
    coders: dict[str, Finder] = {
        "lexicon": _find_by_lexicon,
        "framing, 32 bit": finder(
            TorchReader(network, model.tokenizer, model.settings)
        ),
        "framing": finder(model),
    }
    report = [
        _table(corpora, split, unit, coders)
        for split, unit in product((*HELD_BACK, "dev"), ("full", "lead"))
    ]
    polnear = polnear_figures(network, corpora.polnear_split("dev"))
    report.append(f"PolNeAR dev\n\n{polnear.round(3).to_string()}")
    report.append(f"sha256 {model_digest(out)}")
    (out / "figures.md").write_text("\n\n".join(report) + "\n", "utf-8")
    _say("\n\n".join(report))


def _find_by_lexicon(segments: Segments) -> tuple[list[Hedge], list[Attribution]]:
    return find_hedge_cues(segments), find_attribution_spans(segments)


def _table(
    corpora: Corpora, split: str, unit: str, coders: Mapping[str, Finder]
) -> str:
    articles = [a for a in corpora.articles(split) if a.unit == unit]
    tables = {c: figures(f, articles, repeats=2000) for c, f in coders.items()}
    return f"{split}, {unit}: {len(articles)} articles\n\n{side_by_side(tables)}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
