"""Tables without text: the same scores as with it, and no word of the text."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from framing.annotate import annotate_articles
from framing.annotations import Annotations
from framing.errors import CorpusError
from framing.score import score_articles
from framing.tables import MANIFEST_COLUMNS, read_tables, write_tables


@pytest.fixture(scope="module")
def coded(sample_articles: pd.DataFrame) -> tuple[pd.DataFrame, Annotations]:
    articles = sample_articles.head(8).assign(unit="full")
    return articles, annotate_articles(articles)


def test_scores_can_be_recomputed_without_the_text(
    coded: tuple[pd.DataFrame, Annotations], tmp_path: Path
) -> None:
    articles, annotations = coded
    write_tables(articles, annotations, tmp_path)
    manifest, again = read_tables(tmp_path)
    assert "text" not in manifest
    assert "title" not in manifest
    with_text = score_articles(articles, annotations)
    without = score_articles(manifest, again)
    counts = [c for c in with_text if str(c).startswith("n_")]
    pd.testing.assert_frame_equal(without[counts], with_text[counts])


def test_no_field_holds_more_than_a_few_words(
    coded: tuple[pd.DataFrame, Annotations], tmp_path: Path
) -> None:
    write_tables(*coded, tmp_path)
    hedges = pd.read_parquet(tmp_path / "hedges.parquet")
    attributions = pd.read_parquet(tmp_path / "attributions.parquet")
    words = [*hedges["text"], *attributions["source_name"], *attributions["via_name"]]
    assert max(len(w.split()) for w in words if isinstance(w, str)) <= 8


def test_updating_keeps_other_articles_and_does_not_depend_on_order(
    coded: tuple[pd.DataFrame, Annotations], tmp_path: Path
) -> None:
    articles, annotations = coded
    write_tables(articles, annotations, tmp_path / "once")
    for half in (articles.iloc[4:], articles.iloc[:4], articles.iloc[2:6]):
        ids = set(half["article_id"])
        part = Annotations(tuple(c for c in annotations if c.article_id in ids))
        write_tables(half, part, tmp_path / "parts")
    for name in ("manifest.csv", "hedges.parquet", "attributions.parquet"):
        once = (tmp_path / "once" / name).read_bytes()
        assert (tmp_path / "parts" / name).read_bytes() == once


def test_tables_from_before_reasons_were_coded_are_read_and_updated(
    coded: tuple[pd.DataFrame, Annotations], tmp_path: Path
) -> None:
    articles, annotations = coded
    write_tables(articles, annotations, tmp_path)
    path = tmp_path / "attributions.parquet"
    old = pd.read_parquet(path)
    added = ["reason_start", "reason_end", "reason_type"]
    old.drop(columns=added).to_parquet(path, index=False)
    _, again = read_tables(tmp_path)
    assert all(a.reason_type is None for c in again for a in c.attributions)
    write_tables(articles, annotations, tmp_path)
    pd.testing.assert_frame_equal(pd.read_parquet(path), old)
    old.drop(columns=added).to_parquet(path, index=False)
    write_tables(articles.head(1), Annotations(annotations.articles[:1]), tmp_path)
    assert list(pd.read_parquet(path)) == list(old)


def test_articles_that_were_not_coded_stay_in_the_manifest(
    coded: tuple[pd.DataFrame, Annotations], tmp_path: Path
) -> None:
    articles, annotations = coded
    write_tables(articles, Annotations(annotations.articles[:3]), tmp_path)
    manifest, again = read_tables(tmp_path)
    assert list(manifest.columns[: len(MANIFEST_COLUMNS)]) == list(MANIFEST_COLUMNS)
    assert len(manifest) == 8
    assert manifest["coder"].notna().sum() == len(again) == 3


def test_a_missing_file_or_column_is_one_clear_error(
    coded: tuple[pd.DataFrame, Annotations], tmp_path: Path
) -> None:
    with pytest.raises(CorpusError, match=r"manifest\.csv: found no such file"):
        read_tables(tmp_path)
    write_tables(*coded, tmp_path)
    manifest = pd.read_csv(tmp_path / "manifest.csv").drop(columns="sha256")
    manifest.to_csv(tmp_path / "manifest.csv", index=False)
    with pytest.raises(CorpusError, match="found no column sha256"):
        read_tables(tmp_path)
