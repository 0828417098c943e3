"""Candidates by MinHash: as often as the theory says, whatever order or length."""

from __future__ import annotations

import random

import pytest

from framing.minhash import find_candidates

BANDS, ROWS = 32, 4


def pair_of(jaccard: float, size: int, name: str) -> list[set[str]]:
    """Two sets, of `size` members together, that share `jaccard` of them."""
    members = [f"{name} {number}" for number in range(size)]
    shared = round(jaccard * size)
    half = shared + (size - shared) // 2
    return [set(members[:half]), {*members[:shared], *members[half:]}]


@pytest.mark.parametrize("jaccard", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_pairs_are_found_as_often_as_the_theory_says(jaccard: float) -> None:
    pairs = 400
    sets = [one for n in range(pairs) for one in pair_of(jaccard, 100, str(n))]
    found = find_candidates(sets, bands=BANDS, rows=ROWS)
    expected = pairs * (1 - (1 - jaccard**ROWS) ** BANDS)
    spread = (expected * (1 - expected / pairs)) ** 0.5
    true = {(2 * n, 2 * n + 1) for n in range(pairs)}
    assert abs(len(found & true) - expected) <= 4 * spread + 1
    assert found <= true  # sets of no common member never meet


def test_sets_of_one_common_run_in_many_seldom_meet() -> None:
    sets = [{"everywhere", *(f"{n} {m}" for m in range(30))} for n in range(200)]
    found = find_candidates(sets, bands=BANDS, rows=ROWS)
    assert len(found) < 0.001 * 200 * 199 / 2


@pytest.mark.parametrize("size", [1, 511, 512, 513, 2000])
def test_order_and_length_of_a_set_change_nothing(size: int) -> None:
    members = [f"word {number}" for number in range(size)]
    shuffled = random.Random(0).sample(members, size)
    sets = [members, ["other"], shuffled, [*shuffled, members[0]]]
    expected = {(0, 2), (0, 3), (2, 3)}
    assert find_candidates(sets, bands=BANDS, rows=ROWS) == expected


def test_the_same_seed_gives_the_same_pairs_and_another_seed_others() -> None:
    sets = [one for n in range(300) for one in pair_of(0.4, 60, str(n))]
    first, again, other = (
        find_candidates(sets, bands=BANDS, rows=ROWS, seed=seed) for seed in (0, 0, 1)
    )
    assert first == again
    assert first != other


def test_every_pair_of_a_group_is_a_candidate_and_an_empty_set_is_none() -> None:
    same = {"a b", "c d"}
    sets: list[set[str]] = [set(), same, same, set(), same]
    expected = {(1, 2), (1, 4), (2, 4)}
    assert find_candidates(sets, bands=BANDS, rows=ROWS) == expected
    assert find_candidates([], bands=BANDS, rows=ROWS) == set()
