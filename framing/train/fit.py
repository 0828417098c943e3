"""The training loop: batches of alike length, one loss a head, averaged weights."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from framing.train.corpora import UNKNOWN, Example
from framing.train.network import TAGS, Network


class Batch(NamedTuple):
    """Examples padded to one length."""

    pieces: Tensor
    standings: Tensor
    mask: Tensor
    examples: Sequence[Example]


class Plan(NamedTuple):
    """Settings of one stage; `average` is the decay of the weights' running mean."""

    epochs: int
    rate: float
    head_rate: float
    batch: int = 16
    average: float = 0.0
    seed: int = 0


def pad(examples: Sequence[Example]) -> Batch:
    """One batch of examples."""
    length = max(len(e.window.pieces) for e in examples)
    pieces = torch.zeros(len(examples), length, dtype=torch.long)
    standings = torch.zeros(len(examples), length, dtype=torch.long)
    mask = torch.zeros(len(examples), 1, 1, length, dtype=torch.bool)
    for row, example in enumerate(examples):
        n = len(example.window.pieces)
        pieces[row, :n] = torch.from_numpy(example.window.pieces)
        standings[row, :n] = torch.from_numpy(example.window.standings)
        mask[row, 0, 0, :n] = True
    return Batch(pieces, standings, mask, examples)


def loss_of(network: Network, batch: Batch) -> Tensor:
    """Cross entropy of the tags plus twice that of the links."""
    with torch.autocast("cpu", torch.bfloat16):
        states = network.encode(batch.pieces, batch.standings, batch.mask)
    states = states.float()
    total = torch.zeros(())
    for head in TAGS:
        gold = _gold(batch, head)
        if (gold != UNKNOWN).any():
            scores = network.tags[head](states).flatten(0, 1)
            total = total + F.cross_entropy(scores, gold.flatten())
    return total + 2 * _link_loss(network, states, batch)


def _gold(batch: Batch, head: str) -> Tensor:
    gold = torch.full(batch.pieces.shape, UNKNOWN)
    for row, example in enumerate(batch.examples):
        if head in example.tags:
            known = torch.from_numpy(example.tags[head])
            gold[row, torch.from_numpy(example.window.heads)] = known
            gold[row, 0] = UNKNOWN
    return gold


def _link_loss(network: Network, states: Tensor, batch: Batch) -> Tensor:
    related = network.relate(states)
    losses = []
    for row, example in enumerate(batch.examples):
        if not example.links:
            continue
        heads = torch.from_numpy(example.window.heads)
        cues = heads[[link.cue for link in example.links]]
        kinds = torch.tensor([link.relation for link in example.links])
        keys = related.key[row][:, heads][kinds]
        queries = related.query[row][kinds, cues]
        scores = torch.einsum("nd,ntd->nt", queries, keys) / 8
        near = network.distances(cues, states.shape[1])[kinds, torch.arange(len(cues))]
        gold = torch.zeros(len(cues), len(heads))
        for i, link in enumerate(example.links):
            gold[i, torch.from_numpy(link.members)] = 1
        scores = scores + near[:, heads]
        losses.append(
            F.binary_cross_entropy_with_logits(scores, gold, reduction="none").mean(1)
        )
    return torch.cat(losses).mean() if losses else torch.zeros(())


def _batches(
    examples: Sequence[Example], size: int, rng: random.Random
) -> list[list[Example]]:
    order = sorted(examples, key=lambda e: len(e.window.pieces) + 20 * rng.random())
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    rng.shuffle(batches)
    return batches


def fit(
    network: Network,
    epoch_of: Callable[[random.Random], Sequence[Example]],
    plan: Plan,
) -> Iterator[tuple[int, float, Network]]:
    """Train; after each epoch its number, mean loss and the (averaged) network.

    `epoch_of` gives the examples of an epoch, so that a large corpus can be sampled.
    """
    torch.manual_seed(plan.seed)
    rng = random.Random(plan.seed)
    first = list(epoch_of(rng))
    n_steps = plan.epochs * math.ceil(len(first) / plan.batch)
    optimizer = _optimizer(network, plan)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda s: min(1, (s + 1) / (0.06 * n_steps)) * max(0.02, 1 - s / n_steps),
    )
    averaged = Network()
    averaged.load_state_dict(network.state_dict())
    for epoch in range(plan.epochs):
        network.train()
        losses = []
        chosen = first if epoch == 0 else epoch_of(rng)
        for examples in _batches(chosen, plan.batch, rng):
            batch = pad(examples)
            loss = loss_of(network, batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
            _move(averaged, network, plan.average)
        yield epoch, float(np.mean(losses)), averaged


def _move(averaged: Network, network: Network, keep: float) -> None:
    with torch.no_grad():
        for ours, theirs in zip(
            averaged.parameters(), network.parameters(), strict=True
        ):
            ours.lerp_(theirs, 1 - keep)


def _optimizer(network: Network, plan: Plan) -> torch.optim.Optimizer:
    encoder: list[Tensor] = []
    heads: list[Tensor] = []
    for name, parameter in network.named_parameters():
        part = name.split(".")[0]
        if part in ("words", "places", "norm", "layers"):
            encoder.append(parameter)
        else:
            heads.append(parameter)
    return torch.optim.AdamW(
        [
            {"params": encoder, "lr": plan.rate},
            {"params": heads, "lr": plan.head_rate},
        ],
        weight_decay=0.01,
    )
