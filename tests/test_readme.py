"""The README tells no number that its command does not print, and its code runs."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib
import pytest
from conftest import ROOT

from framing.cli import main

README = (ROOT / "README.md").read_text(encoding="utf-8")


def block_after(heading: str, language: str) -> str:
    section = README[README.index(heading) :]
    found = re.search(rf"```{language}\n(.+?)\n```", section, re.DOTALL)
    assert found
    return found[1]


def test_the_figures_of_accuracy_are_those_that_the_command_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    section = "## How good is it"
    command = block_after(section, "bash").split()
    assert command[0] == ".venv/bin/framing"
    assert main(command[1:]) == 0
    printed = {" ".join(line.split()) for line in capsys.readouterr().out.splitlines()}
    told = [
        " ".join(line.split()) for line in block_after(section, "text").splitlines()
    ]
    assert len(told) > 5
    assert [line for line in told if line not in printed] == []


def test_the_ten_lines_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").symlink_to(ROOT / "data")
    exec(block_after("## In ten lines", "python"), {})
    assert (tmp_path / "page.html").stat().st_size > 0
    assert (tmp_path / "anonymity.png").stat().st_size > 0


def test_every_figure_that_is_shown_is_there() -> None:
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file()
