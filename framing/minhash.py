"""Which of many sets may be alike, without comparing each with each: banded MinHash.

The smallest value that a random hash function takes on a set is the same for two sets
with a probability equal to their Jaccard index (Broder 1997). A set is signed with the
smallest values of many functions; sets whose signatures are equal in all rows of at
least one band are candidates (Leskovec, Rajaraman and Ullman, "Mining of Massive
Datasets", chapter 3). Who wants to be sure compares the candidates exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]


def find_candidates(
    sets: Iterable[Collection[str]], *, bands: int, rows: int, seed: int = 0
) -> set[tuple[int, int]]:
    """Pairs of positions, the smaller first, of sets that share a band.

    Two sets of Jaccard index j are a pair with probability
    1 - (1 - j ** rows) ** bands; an empty set is in none.

    >>> sets = [{"a", "b"}, {"c", "d"}, {"b", "a"}, set(), set()]
    >>> find_candidates(sets, bands=32, rows=4)
    {(0, 2)}
    """
    functions = _hash_functions(bands * rows, seed)
    width = rows * functions[0].itemsize
    seen: list[dict[bytes, list[int]]] = [{} for _ in range(bands)]
    pairs: set[tuple[int, int]] = set()
    for position, members in enumerate(sets):
        signature = _sign(members, functions).tobytes() if members else b""
        for band, start in zip(seen, range(0, len(signature), width), strict=False):
            earlier = band.setdefault(signature[start : start + width], [])
            pairs.update((other, position) for other in earlier)
            earlier.append(position)
    return pairs


def _hash_functions(number: int, seed: int) -> tuple[Hashes, Hashes]:
    """Factors and summands of x -> factor * x + summand, modulo 2 ** 64.

    The upper half of the result is strongly universal over 32-bit x (Dietzfelbinger
    1996), and the smallest result is the one with the smallest upper half.
    """
    random = np.random.default_rng(seed)
    drawn = random.integers(2**64, size=(2, number), dtype=np.uint64)
    return drawn[0], drawn[1]


_BLOCK = 512  # members hashed at once: a long text takes no more memory than this


def _sign(members: Collection[str], functions: tuple[Hashes, Hashes]) -> Hashes:
    """The smallest value of each function over `members`."""
    codes = (crc32(member.encode()) for member in members)
    hashed = np.fromiter(codes, np.uint64, len(members))
    factors, summands = functions
    smallest = [
        (np.outer(factors, hashed[start : start + _BLOCK]) + summands[:, None]).min(1)
        for start in range(0, len(hashed), _BLOCK)
    ]
    return np.asarray(np.min(smallest, axis=0))
