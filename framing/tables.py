"""Annotations without text: what can be shipped of articles that belong to others.

A folder of three files (data/README.md gives every column a meaning):

    manifest.csv           one row an article: where it stands, its counts, the
                           SHA-256 of the text that was coded
    hedges.parquet         one row a hedge: offsets, cue words, type, voice
    attributions.parquet   one row an attribution: offsets, labels, source name

Whoever has the text can check it against the hash and open every offset; whoever
has not can still recompute every score, since the manifest carries the counts that
need the text.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from framing.annotations import (
    ATTRIBUTION_COLUMNS,
    Annotations,
    annotations_from_tables,
)
from framing.errors import CorpusError
from framing.extras import require
from framing.score import TEXT_COUNTS, score_articles

MANIFEST_COLUMNS = (
    "article_id", "outlet", "url", "published", "language", "unit", "agency",
    "wire_of", "event", "coder", *TEXT_COUNTS, "sha256",
)  # fmt: skip
_FILES = ("manifest.csv", "hedges.parquet", "attributions.parquet")
_LONGEST_NAME = 8  # words of a source name that may stand without its text


def write_tables(
    articles: pd.DataFrame, annotations: Annotations, folder: str | Path
) -> None:
    """Write or update the three tables of `folder`; rows of other articles stay.

    An article without annotations (one that is not in English) is in the manifest
    with an empty coder. Rows are sorted by article_id, so the order of the input
    changes nothing.

    >>> from tempfile import TemporaryDirectory
    >>> from framing.annotations import CodedArticle
    >>> articles = pd.DataFrame({"article_id": ["a"], "text": ["It may rain."]})
    >>> with TemporaryDirectory() as folder:
    ...     write_tables(articles, Annotations((CodedArticle("a", "anna"),)), folder)
    ...     manifest, annotations = read_tables(folder)
    >>> manifest.n_words.tolist(), len(annotations)
    ([3], 1)
    """
    require("write_tables", "pyarrow")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    new = {
        "manifest.csv": _manifest(articles, annotations),
        "hedges.parquet": annotations.hedges,
        "attributions.parquet": _shortened(annotations.attributions),
    }
    replaced = set(articles["article_id"])
    old = _read_files(folder) if _is_complete(folder) else {}
    for name, table in new.items():
        kept = old[name][~old[name]["article_id"].isin(replaced)] if old else None
        parts = [part for part in (kept, table) if part is not None and len(part)]
        _write(pd.concat(parts) if parts else table, folder / name)


def read_tables(folder: str | Path) -> tuple[pd.DataFrame, Annotations]:
    """The manifest as an articles table without text, and the annotations.

    Raises CorpusError where one of the three files is missing or lacks columns.

    >>> read_tables("no_such_folder")
    Traceback (most recent call last):
    framing.errors.CorpusError: no_such_folder/manifest.csv: found no such file, ...
    """
    require("read_tables", "pyarrow")
    folder = Path(folder)
    for name in _FILES:
        if not (folder / name).is_file():
            raise CorpusError(folder / name, None, "no such file", ", ".join(_FILES))
    files = _read_files(folder)
    manifest = files["manifest.csv"]
    missing = [name for name in MANIFEST_COLUMNS if name not in manifest]
    if missing:
        raise CorpusError(
            folder / "manifest.csv",
            1,
            f"no column {missing[0]}",
            ", ".join(MANIFEST_COLUMNS),
        )
    coded = manifest[manifest["coder"].notna()]
    annotations = annotations_from_tables(
        files["hedges.parquet"], files["attributions.parquet"], coded
    )
    return manifest, annotations


def _is_complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in _FILES)


def _read_files(folder: Path) -> dict[str, pd.DataFrame]:
    manifest = pd.read_csv(
        folder / "manifest.csv",
        dtype={name: "str" for name in MANIFEST_COLUMNS if name not in TEXT_COUNTS}
        | dict.fromkeys(TEXT_COUNTS, "Int64"),
        keep_default_na=False,
        na_values=[""],
    )
    published = pd.to_datetime(manifest["published"], format="ISO8601")
    return {
        "manifest.csv": manifest.assign(published=published),
        "hedges.parquet": pd.read_parquet(folder / "hedges.parquet"),
        "attributions.parquet": _completed(
            pd.read_parquet(folder / "attributions.parquet")
        ),
    }


def _completed(attributions: pd.DataFrame) -> pd.DataFrame:
    """The table with empty columns for what an older version did not code."""
    added = [name for name in ATTRIBUTION_COLUMNS if name not in attributions]
    empty = {
        name: pd.Series(None, attributions.index, dtype=ATTRIBUTION_COLUMNS[name])
        for name in added
    }
    return attributions.assign(**empty)


def _manifest(articles: pd.DataFrame, annotations: Annotations) -> pd.DataFrame:
    scores = score_articles(articles, annotations)
    counts = scores[["article_id", "coder", *TEXT_COUNTS]]
    known = articles.drop(columns=["n_words", "coder"], errors="ignore")
    manifest = known.merge(counts, on="article_id", how="left").assign(
        sha256=[_sha256(text) for text in articles["text"]]
    )
    return manifest.reindex(columns=list(MANIFEST_COLUMNS)).astype(
        dict.fromkeys(TEXT_COUNTS, "Int64")
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _shortened(attributions: pd.DataFrame) -> pd.DataFrame:
    names = attributions["source_name"].map(_first_words, na_action="ignore")
    vias = attributions["via_name"].map(_first_words, na_action="ignore")
    return attributions.assign(
        source_name=names.astype("str"), via_name=vias.astype("str")
    )


def _first_words(name: str) -> str:
    return " ".join(name.split()[:_LONGEST_NAME])


def _write(table: pd.DataFrame, path: Path) -> None:
    # stable: the codes of an article stay in text order
    table = table.sort_values(["article_id", "coder"], kind="stable", ignore_index=True)
    unfinished = path.with_name(path.name + ".part")
    if path.suffix == ".csv":
        write_csv(table, unfinished)
    else:
        table.to_parquet(unfinished, index=False)
    unfinished.replace(path)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """CSV with the same bytes on every system."""
    table.to_csv(path, index=False, lineterminator="\n")
