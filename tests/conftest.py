"""Cases as data, and the articles that ship."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).parents[1]
CASES = Path(__file__).parent / "cases"


def load_cases(name: str) -> list[Any]:
    """The lines of `tests/cases/<name>.jsonl` as pytest parameters named by label."""
    lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    return [pytest.param(case, id=case["label"]) for case in cases]


@pytest.fixture(scope="session")
def sample_articles() -> pd.DataFrame:
    from framing.articles import read_articles

    return read_articles(ROOT / "data" / "sample" / "articles.jsonl")
