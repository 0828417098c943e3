"""Notebooks: thin, without stored output, and every one runs to its end."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def named(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_notebook_is_thin(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert 10 <= len(cells) <= 20
    assert cells[0].cell_type == "markdown"
    assert code[0].source.startswith("# files in:")
    assert cells[-1].cell_type == "markdown"
    for cell in code:
        assert cell.source.count("\n") < 15
        assert not re.search(r"^\s*(def|class) ", cell.source, re.MULTILINE)
        assert not cell.outputs
        assert cell.execution_count is None


@pytest.mark.notebook
@pytest.mark.parametrize("path", NOTEBOOKS, ids=named)
def test_a_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # IPython's own start-up warnings are not the notebook's
    monkeypatch.setenv("PYTHONWARNINGS", "ignore")
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    outputs = [o for c in notebook.cells for o in c.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "error"]
    shown = [o for o in outputs if "text/html" in o.get("data", {})]
    assert shown, "a notebook shows at least one table or article"
