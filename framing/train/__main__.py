"""`python -m framing.train`: from the corpora to the published model and its figures.

    python -m framing.train --coded DIR --polnear FILE --szeged FILE --out DIR

Each stage leaves a file in `--out` and is skipped where that file lies there already;
remove it to train again. With the same files, versions and machine the weights are
the same. About two hours on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
from collections.abc import Collection, Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer

from framing.attributions import find_attribution_spans
from framing.hedges import find_hedge_cues
from framing.tagger import load_model
from framing.train.corpora import (
    CodedText,
    Example,
    coded_examples,
    polnear_examples,
    read_coded_texts,
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
    LAYERS,
    Network,
    carry_over,
    minilm_folder,
    pretrained_network,
)

SPANS = Plan(3, 1.5e-4, 1e-3, average=0.98, depths=(6, 6, 5, 4))
"""Stage 1, on PolNeAR and Szeged."""
CODES = (
    Plan(5, 1e-4, 8e-4, batch=8, average=0.98),
    Plan(3, 8e-5, 8e-4, batch=8, average=0.98, seed=1),
)
"""Stage 2, on the coded articles with a share of PolNeAR among them."""
POLNEAR_SHARE = 0.25
THRESHOLDS = {
    "hedge": -4.0,
    "proposed_hedge": 7.0,
    "cue": -2.0,
    "proposed_cue": 4.0,
    "source": 1.0,
    "proposed_source": 8.0,
    "content": 0.0,
}
"""Added before decisions; chosen on the articles held back."""


class Corpora(NamedTuple):
    """Where the three corpora lie, and the vocabulary that reads them."""

    coded: Path
    polnear: Path
    szeged: Path
    tokenizer: Tokenizer

    def articles(self, split: str | None = None) -> list[CodedText]:
        """The coded articles of a split (train, held back, dev), or all."""
        articles = read_coded_texts(self.coded)
        held_back = held_back_ids(articles)
        return [
            article
            for article in articles
            if split in (None, _split_of(article, held_back))
        ]

    def polnear_split(self, split: str) -> list[Example]:
        """PolNeAR without the articles that are among the coded ones."""
        return polnear_examples(
            self.polnear,
            self.tokenizer,
            split=split,
            skip=[article.text for article in self.articles()],
        )


N_HELD_BACK = {"full": 40, "lead": 30}


def held_back_ids(articles: Iterable[CodedText]) -> set[str]:
    """Articles of split train on which settings are chosen, drawn by a hash."""
    drawn: set[str] = set()
    for unit, n in N_HELD_BACK.items():
        ids = [
            a.codes.article_id for a in articles if (a.split, a.unit) == ("train", unit)
        ]
        drawn.update(sorted(ids, key=_draw)[:n])
    return drawn


def _draw(article_id: str) -> str:
    return hashlib.sha256(f"holdout:{article_id}".encode()).hexdigest()


def _split_of(article: CodedText, held_back: Collection[str]) -> str:
    return "held back" if article.codes.article_id in held_back else article.split


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the stages that have not run yet; prints figures as they come."""
    options = _parser().parse_args(arguments)
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    corpora = Corpora(options.coded, options.polnear, options.szeged, vocabulary())
    if not (out / "stage1.pt").exists():
        train_spans(corpora, out)
    if not (out / "stage2.pt").exists():
        train_codes(corpora, out, with_held_back=options.all)
    if not (out / "tagger.json").exists():
        publish(corpora, out)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("framing.train", description=__doc__)
    for name in ("coded", "polnear", "szeged", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument(
        "--all", action="store_true", help="train on the articles held back, too"
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
    network = pretrained_network()
    for epoch, loss, averaged in fit(network, lambda _: polnear + szeged, SPANS):
        _say(f"stage 1 epoch {epoch} loss {loss:.4f}")
        _say(polnear_figures(averaged, dev).to_string())
        network = averaged
    torch.save(network.state_dict(), out / "stage1.pt")


def train_codes(corpora: Corpora, out: Path, *, with_held_back: bool = False) -> None:
    """Stage 2: the coded articles of split train, PolNeAR among them."""
    held_back = corpora.articles("held back")
    articles = corpora.articles("train") + (held_back if with_held_back else [])
    coded = coded_examples(articles, corpora.tokenizer)
    polnear = corpora.polnear_split("train")
    network = Network(layers=LAYERS)
    network.load_state_dict(torch.load(out / "stage1.pt"))
    carry_over(network)

    def sample(rng: random.Random) -> list[Example]:
        return coded + rng.sample(polnear, int(POLNEAR_SHARE * len(coded)))

    for plan in CODES:
        for epoch, loss, averaged in fit(network, sample, plan):
            _say(f"stage 2 epoch {epoch} loss {loss:.4f}")
            reader = TorchReader(averaged, corpora.tokenizer, THRESHOLDS)
            _say(figures(finder(reader), held_back).to_string())
        network = averaged
    torch.save(network.state_dict(), out / "stage2.pt")


def publish(corpora: Corpora, out: Path) -> None:
    """Export, quantise, and measure the lexicon coder, the network and its export."""
    network = Network(layers=LAYERS)
    network.load_state_dict(torch.load(out / "stage2.pt"))
    write_onnx(network, corpora.tokenizer, out / "full.onnx")
    quantise(out / "full.onnx", out / "tagger.onnx")
    digest = write_settings(out, THRESHOLDS)
    full = TorchReader(network, corpora.tokenizer, THRESHOLDS)
    coders: dict[str, Finder] = {
        "lexicon": lambda s: (find_hedge_cues(s), find_attribution_spans(s)),
        "framing, 32 bit": finder(full),
        "framing": finder(load_model(out)),
    }
    report = []
    for split, unit in product(("held back", "dev"), ("full", "lead")):
        articles = [a for a in corpora.articles(split) if a.unit == unit]
        tables = {c: figures(f, articles, repeats=2000) for c, f in coders.items()}
        title = f"{split}, {unit}: {len(articles)} articles"
        report.append(f"{title}\n\n{side_by_side(tables)}")
    polnear = polnear_figures(network, corpora.polnear_split("dev"))
    report.append(f"PolNeAR dev\n\n{polnear.round(3).to_string()}")
    report.append(f"sha256 {digest}")
    (out / "figures.md").write_text("\n\n".join(report) + "\n", "utf-8")
    _say("\n\n".join(report))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
