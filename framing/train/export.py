"""From a trained network to the files that the package ships."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from torch import Tensor, nn

from framing.train.corpora import CODED_SOURCE, CONTENT
from framing.train.network import REACH, Network
from framing.weights import Scores
from framing.windows import N_STANDINGS, Window

RELATIONS = (CODED_SOURCE, CONTENT)
"""The relations of the published model: the coded source, PolNeAR's content."""


class Published(nn.Module):
    """The network as it is published: one window in, four arrays of scores out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, pieces: Tensor, standings: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Cue, hedge and form scores of every piece, relation scores of every pair."""
        states = self.network.encode(pieces, standings)
        related, chosen = self.network.relate(states), list(RELATIONS)
        pairs = related.query[:, chosen] @ related.key[:, chosen].transpose(-1, -2) / 8
        places = torch.arange(pieces.shape[1])
        offset = (places[None] - places[:, None]).clamp(-REACH, REACH) + REACH
        near = self.network.distance[chosen][:, offset]
        near = near + self.network.bias[chosen][:, None, None]
        cue, hedge, form = (
            self.network.tags[head](states) for head in ("cue", "hedge", "form")
        )
        return cue, hedge, form, pairs + near[None]


@dataclass(frozen=True)
class TorchReader:
    """A network in training, read through the run time's own decisions."""

    network: Network
    tokenizer: Tokenizer
    settings: dict[str, float]

    def run(self, window: Window) -> Scores:
        """The scores of one window."""
        pieces = torch.from_numpy(window.pieces)[None]
        standings = torch.from_numpy(window.standings)[None]
        with torch.no_grad():
            scores = Published(self.network.eval())(pieces, standings)
        return Scores(*(score[0].numpy() for score in scores))


def write_onnx(network: Network, tokenizer: Tokenizer, path: Path) -> None:
    """The network in 32-bit floats, its vocabulary with it."""
    sample = (
        torch.randint(1000, 2000, (1, 40)),
        torch.randint(0, N_STANDINGS, (1, 40)),
    )
    axes = {"pieces": {1: "n"}, "standings": {1: "n"}, "cue": {1: "n"}}
    axes |= {"hedge": {1: "n"}, "form": {1: "n"}, "relation": {2: "n", 3: "n"}}
    torch.onnx.export(
        Published(network.eval()),
        sample,
        str(path),
        input_names=["pieces", "standings"],
        output_names=["cue", "hedge", "form", "relation"],
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, {"tokenizer": tokenizer.to_str()})
    onnx.save(model, str(path))


def quantise(full: Path, path: Path) -> None:
    """Eight-bit weights, a scale a column; the heads, small and last, stay exact."""
    quantize_dynamic(
        full,
        path,
        weight_type=QuantType.QInt8,
        per_channel=True,
        nodes_to_exclude=_exact_nodes(full),
    )


def _exact_nodes(path: Path) -> list[str]:
    exact = ("/tags", "/query", "/key", "/standings")
    return [
        node.name
        for node in onnx.load(str(path)).graph.node
        if any(part in node.name for part in exact)
    ]


def write_settings(folder: Path, thresholds: Mapping[str, float]) -> str:
    """`tagger.json`: the digest of the weights and the thresholds; gives the digest."""
    digest = hashlib.sha256((folder / "tagger.onnx").read_bytes()).hexdigest()
    settings = {"sha256": digest, "thresholds": dict(thresholds)}
    text = json.dumps(settings, indent=2) + "\n"
    (folder / "tagger.json").write_text(text, "utf-8")
    return digest
