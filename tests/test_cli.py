"""The command line: each command end to end, and one line on bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

from framing.cli import build_parser, main

SAMPLE = str(ROOT / "data" / "sample" / "articles.jsonl")
GOLD = str(ROOT / "data" / "sample" / "coded" / "adjudicated.jsonl")
COMMANDS = (
    "reproduce", "annotate", "score", "compare", "evaluate", "show", "benchmark",
)  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    path = tmp_path / "mine.csv"
    rows = [
        ("Harbour Post", "2025-11-01", "Officials said the talks could resume."),
        ("Harbour Post", "2025-11-02", "The mayor said the port would reopen."),
        ("Harbour Post", "2025-11-03", "Ana Ruiz said it may rain."),
        ("Valley Sun", "2025-11-01", "The fleet left. It might return."),
        ("Valley Sun", "2025-11-09", "A source told CNN that a deal was possible."),
        ("Valley Sun", "2025-11-10", "Nothing happened."),
    ]
    table = pd.DataFrame(rows, columns=["publication", "pubDate", "body"])
    table.to_csv(path, index=False)
    return str(path)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        build_parser().parse_args([command, "--help"])
    assert stopped.value.code == 0
    assert f"example:\n  framing {command}" in capsys.readouterr().out


def test_annotate_score_compare_in_a_row(
    corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coded, scores = str(tmp_path / "coded.jsonl"), str(tmp_path / "scores.csv")
    assert main(["annotate", corpus, "-o", coded]) == 0
    assert len(Path(coded).read_text(encoding="utf-8").splitlines()) == 6
    assert main(["score", corpus, "--annotations", coded, "-o", scores]) == 0
    table = pd.read_csv(scores)
    assert table["n_hedges"].sum() == 4
    assert set(table["outlet"]) == {"Harbour Post", "Valley Sun"}
    figure = tmp_path / "figure"
    compare = ["compare", scores, "-m", "hedge_density"]
    assert main([*compare, "--figure", str(figure)]) == 0
    assert "Harbour Post" in capsys.readouterr().out
    for suffix in (".png", ".svg", ".csv"):
        assert figure.with_suffix(suffix).stat().st_size > 0


def test_score_of_one_article_is_a_readable_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one.txt"
    path.write_text("It may rain. Officials said so.", encoding="utf-8")
    assert main(["score", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "n_hedges_modal" in printed
    assert len(printed.splitlines()) > 40


def test_evaluate_a_coder_against_itself(
    corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coded = str(tmp_path / "coded.jsonl")
    main(["annotate", corpus, "-o", coded])
    assert main(["evaluate", "lexicon", coded, "--articles", corpus]) == 0
    lines = capsys.readouterr().out.splitlines()
    hedges = next(line for line in lines if line.strip().startswith("hedges "))
    assert "1.000" in hedges


def test_evaluate_two_coders_side_by_side(
    corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coded = str(tmp_path / "coded.jsonl")
    main(["annotate", corpus, "-o", coded, "--coder", "lexicon"])
    arguments = ["evaluate", "lexicon", coded, GOLD, "--articles", SAMPLE]
    assert main(arguments) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    for statistic in ("f1", "alpha", "ratio"):
        assert f"{statistic} lexicon" in head
        assert f"{statistic} {coded}" in head
    assert any(row.strip().startswith("statements ") for row in rows)


def test_evaluate_by_a_column(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", "lexicon", GOLD, "--articles", SAMPLE, "--by", "outlet"]
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.endswith("(6 articles)") for line in lines) == 6


def test_show_writes_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert main(["show", SAMPLE, "--id", "S01", "-o", str(page)]) == 0
    assert "<html" in page.read_text(encoding="utf-8")


def test_reproduce_on_ones_own_articles(
    corpus: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "figures"
    arguments = ["reproduce", "--corpus", corpus, "-o", str(output)]
    assert main(arguments) == 0
    assert "Valley Sun" in capsys.readouterr().out
    first = {p.name: p.read_bytes() for p in output.iterdir()}
    assert {"mine_scores.csv", "mine_contrasts.csv"} <= set(first)
    assert main(arguments) == 0
    assert {p.name: p.read_bytes() for p in output.iterdir()} == first


def test_bad_rows_can_be_left_out_and_are_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.jsonl"
    lines = [{"id": "a", "text": "It may rain."}, {"id": "b", "text": None}]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert main(["score", str(path)]) == 2
    assert "line 2" in capsys.readouterr().err
    assert main(["score", str(path), "--skip-bad"]) == 0
    assert "1 rows left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "no_such_file.csv"],
        ["annotate", SAMPLE],
        ["show", SAMPLE],
        ["show", SAMPLE, "--id", "S99"],
        ["compare", SAMPLE, "-m", "anonymity"],
        ["score", SAMPLE, "--where", "colour=red"],
        ["score", SAMPLE, "--column", "text"],
        ["evaluate", "no_such_file.jsonl", GOLD, "--articles", SAMPLE],
    ],
    ids=" ".join,
)
def test_bad_input_is_one_line_and_exit_code_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith("framing: ")
    assert error.count("\n") == 1


def test_python_dash_m_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "framing", "score", "no_such_file.csv"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "no_such_file.csv" in done.stderr
