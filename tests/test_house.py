"""Rules of the house: the order of rooms, documented names, no words of judgement."""

from __future__ import annotations

import ast
import doctest
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import framing

PACKAGE = ROOT / "framing"
ROOMS = (
    "errors", "extras", "quotations", "text", "inflection", "lexicon",
    "agencies", "minhash", "clean", "columns", "readers", "articles",
    "codes", "annotations", "grounds", "gazetteer", "hedges", "clauses", "subjects",
    "frames", "speakers", "contents", "attributions",
    "outlets", "names", "offices", "people", "headline", "phrases", "modifiers",
    "roles", "conjunctions", "descriptions",
    "scene", "holders", "transcripts", "pairs", "documents", "groups", "antecedents",
    "they", "pronouns",
    "channels", "relayed", "interviews", "occasions", "blocks",
    "relays", "sources",
    "reasons", "windows", "weights", "extents", "tagger", "annotate", "explain",
    "relay_table", "score",
    "clusters", "intervals", "shrinkage", "compare",
    "covariates", "adjust", "events", "keyness",
    "subsample", "correct", "regression", "robustness", "power",
    "agreement", "disagreements", "validate", "page", "marks", "highlight",
    "takeaways", "captions", "figures",
    "plot", "type_plot", "timeline", "relay_plot", "curves", "differences",
    "tables", "reproduce", "benchmark", "commands", "cli",
)  # fmt: skip
JUDGEMENT = re.compile(r"\b(spin|propaganda|biased|slanted|fake)\b", re.IGNORECASE)


def imported_rooms(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    modules = {
        node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
    }
    return {m.removeprefix("framing.") for m in modules if m.startswith("framing.")}


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert rooms == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_above_it(room: str) -> None:
    above = set(ROOMS[: ROOMS.index(room)])
    assert imported_rooms(PACKAGE / f"{room}.py") <= above


@pytest.mark.parametrize("name", framing.__all__)
def test_a_public_name_is_documented(name: str) -> None:
    public = getattr(framing, name)
    assert name in (ROOT / "README.md").read_text(encoding="utf-8")
    if callable(public):
        examples = doctest.DocTestParser().get_examples(public.__doc__ or "")
        assert examples, f"{name} has no example in its docstring"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.name)
def test_no_word_of_judgement_in_names_or_columns(path: Path) -> None:
    assert not JUDGEMENT.search(path.read_text(encoding="utf-8"))


def test_conda_and_pip_ask_for_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {*project["dependencies"], *with_extras(project, "notebooks")}
    conda = set(re.findall(r"^  - ([\w.-]+>=[\d.]+)$", environment(), re.MULTILINE))
    renamed = {line.replace("matplotlib-base", "matplotlib") for line in conda}
    assert asked <= renamed
    assert f"python{project['requires-python']}" in conda


def with_extras(project: dict[str, Any], extra: str) -> set[str]:
    """What an extra asks for, itself and through `framing-news[...]`."""
    asked: set[str] = set()
    for line in project["optional-dependencies"][extra]:
        own = re.fullmatch(r"framing-news\[(.+)\]", line)
        names = own[1].split(",") if own else []
        asked.update(*(with_extras(project, name) for name in names))
        asked.update(() if own else [line])
    return asked


def environment() -> str:
    return (ROOT / "environment.yml").read_text(encoding="utf-8")


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for heading in ("Run", "Test"):
        block = re.search(rf"^## {heading}\n\n```\w*\n(.+?)\n```$", readme, re.M | re.S)
        assert block, f"no fenced block first under ## {heading}"
        assert "\n" not in block[1], "one line a command"
    steps = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "## Test" in steps
    assert "FRAMING_BROWSER=1" in steps and "apt-get update" in steps
