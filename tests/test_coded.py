"""The hand codes that ship without their texts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd

from framing.annotations import read_annotations

ROOT = Path(__file__).parents[1]
CODED = ROOT / "data" / "coded"


def test_shipped_codes_have_their_article_and_no_text() -> None:
    coded = read_annotations(CODED / "coded_annotations.jsonl")
    articles = pd.read_csv(CODED / "articles.csv")
    assert [c.article_id for c in coded] == articles["article_id"].tolist()
    length = articles.set_index("article_id")["n_characters"]
    for article in coded:
        assert all(h.end <= length[article.article_id] for h in article.hedges)
        for attribution in article.attributions:
            assert attribution.cue.end <= length[article.article_id]
            assert len((attribution.source_name or "").split()) <= 8
    assert set(articles.columns).isdisjoint({"text", "title"})


def test_the_datasheet_counts_the_shipped_codes() -> None:
    coded = read_annotations(CODED / "coded_annotations.jsonl")
    kinds = Counter(a.kind for c in coded for a in c.attributions)
    n_hedges = sum(len(c.hedges) for c in coded)
    told = (ROOT / "data" / "README.md").read_text("utf-8")
    for count, what in (
        (len(coded), "articles (855 full"),
        (n_hedges, "hedges"),
        (kinds["statement"], "statements"),
        (kinds["mental"], "mental attributions"),
    ):
        assert f"{count:,} {what}" in told
