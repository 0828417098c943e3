"""Notebooks in a real JupyterLab: run by its menu, seen by a browser.

Runs on request, FRAMING_BROWSER=1, since the first start of a JupyterLab can take
minutes; skipped where Playwright or a Chromium of the system is missing. The browser
is that of the system (`apt install chromium`, or its path in CHROMIUM); none is
downloaded.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

if not os.environ.get("FRAMING_BROWSER"):
    pytest.skip("runs on request: FRAMING_BROWSER=1", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing")
pytest.importorskip("jupyterlab", reason="jupyterlab is missing")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SETTINGS = {
    # every cell is on the page, also those that are not in view
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
    },
}
SECONDS = 180
ALL_RAN = """() => {
    const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')];
    return prompts.length > 0 && prompts.every(p => /\\[\\d+\\]/.test(p.innerText));
}"""
WIDTHS = "images => images.map(image => image.naturalWidth)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    found = filter(None, [os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)])
    path = next(found, None)
    if path is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is on the path")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*SWITCHES])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    yield page
    page.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab on copies of the notebooks, for it saves what it ran."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    _write_settings(folder / "settings")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (folder / "log").open("w") as log, _start(folder, port, log) as server:
        try:
            _wait_for(f"{address}/api/status", server)
            yield address
        finally:
            server.terminate()


def _write_settings(folder: Path) -> None:
    for name, values in SETTINGS.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values))


def _start(folder: Path, port: int, log: Any) -> subprocess.Popen[bytes]:
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root",
        "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={folder / 'notebooks'}",
    ]  # fmt: skip
    environment = os.environ | {
        "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "JUPYTER_CONFIG_DIR": str(folder / "config"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "PYTHONWARNINGS": "ignore",
    }
    return subprocess.Popen(command, env=environment, stdout=log, stderr=log)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    last = time.monotonic() + 60
    while time.monotonic() < last and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
        except OSError:
            time.sleep(0.3)
        else:
            return
    pytest.fail(f"JupyterLab does not answer at {address}")


def _run_all(page: Any, address: str) -> None:
    """Run > Run All Cells, until every code cell has its number."""
    page.goto(address)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    page.locator("[data-status=idle]").first.wait_for(timeout=60_000)
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
    item = "[data-command='runmenu:run-all']:not(.lm-mod-disabled)"
    page.locator(item).click(timeout=30_000)
    page.wait_for_function(ALL_RAN, timeout=SECONDS * 1000)


def _errors(page: Any) -> list[str]:
    kinds = ("error", "stderr")
    marks = [f"[data-mime-type='application/vnd.jupyter.{kind}']" for kind in kinds]
    return list(page.locator(", ".join(marks)).all_inner_texts())


@pytest.mark.notebook
def test_the_tour_shows_the_highlighted_article(page: Any, lab: str) -> None:
    _run_all(page, f"{lab}/lab/workspaces/tour/tree/0-tour.ipynb")
    assert _errors(page) == []
    articles = page.locator(".jp-OutputArea .framing-highlight .fh-text")
    assert articles.count() == 2, "what people marked, and what the program marks"
    for article in articles.all():
        assert article.is_visible()
        assert article.locator(".fh-hedge").count() > 0
        assert article.locator(".fh-cue").count() > 0
    hedge = articles.first.locator(".fh-hedge").first
    colour = hedge.evaluate("mark => getComputedStyle(mark).backgroundColor")
    assert colour not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 0)"), "the page's style"


@pytest.mark.notebook
def test_the_comparison_shows_its_figures_and_counts(page: Any, lab: str) -> None:
    _run_all(page, f"{lab}/lab/workspaces/outlets/tree/4-outlets.ipynb")
    assert _errors(page) == []
    figures = page.locator(".jp-OutputArea .jp-RenderedImage img")
    # four differences, one of power, one corrected; what is drawn last comes last
    figures.nth(5).wait_for(timeout=15_000)
    assert min(figures.evaluate_all(WIDTHS)) > 300
    answer = page.locator(".jp-OutputArea .jp-RenderedMarkdown").first.inner_text()
    assert "Differences that survive Holm" in answer
