"""Notebooks in a real JupyterLab: run by its menu, seen by a browser.

Runs on request, FRAMING_BROWSER=1, since it takes a minute or more beside a suite of
two; `.ci/run` installs a browser and asks for it. Where it was asked for, a missing
browser, Playwright or JupyterLab is a failure and no skip. The browser is that of the
system (`apt install chromium`, or its path in CHROMIUM); none is downloaded.
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
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

if os.environ.get("FRAMING_BROWSER", "0") in ("", "0"):
    pytest.skip("runs on request: FRAMING_BROWSER=1", allow_module_level=True)

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
START, LOAD, RUN = 180, 120, 300  # seconds; the first start writes caches
PROMPTS = """() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
    .map(prompt => prompt.innerText.replace(/[^0-9*]/g, ''))"""
ERROR = "application/vnd.jupyter.error"
DONE = f"""() => {{
    const prompts = ({PROMPTS})();
    return prompts.length > 0 && prompts.every(prompt => /^[0-9]+$/.test(prompt))
        || document.querySelector('[data-mime-type="{ERROR}"]') !== null;
}}"""
STARTED = f"() => ({PROMPTS})().some(prompt => prompt !== '')"
WIDTHS = "images => images.map(image => image.naturalWidth)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    found = filter(None, [os.environ.get("CHROMIUM"), *map(shutil.which, BROWSERS)])
    path = next(found, None)
    assert path, f"no browser: none of {', '.join(BROWSERS)} is on the path"
    with sync_playwright() as playwright:
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
    # Data beside the copies: their figures are written there, and not into ours.
    (folder / "notebooks" / "data").symlink_to(ROOT / "data")
    _write_settings(folder / "settings")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with (folder / "log").open("w") as log, _start(folder, port, log) as server:
        try:
            _wait_until_up(address, server, folder / "log")
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


def _wait_until_up(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """The server answers, and has built its first page once: the slow one."""
    last = time.monotonic() + START
    for path in ("/api/status", "/lab"):
        while not _answers(f"{address}{path}"):
            if server.poll() is not None or time.monotonic() > last:
                tail = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                pytest.fail(f"JupyterLab does not answer at {address}{path}:\n{tail}")
            time.sleep(0.3)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=20) as reply:
            reply.read()
    except OSError:
        return False
    return True


def _open(page: Any, address: str) -> None:
    """A notebook on the page, its kernel idle; a second load where the first hangs."""
    from playwright.sync_api import TimeoutError as TooLate

    for is_last in (False, True):
        try:
            page.goto(address, timeout=LOAD * 1000)
            page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(
                timeout=LOAD * 1000
            )
            page.locator("[data-status=idle]").first.wait_for(timeout=LOAD * 1000)
        except TooLate as reason:
            # A cold start may outlast the page's own patience with its kernel.
            if is_last:
                raise
            warnings.warn(f"loaded {address} again: {reason}", stacklevel=2)
        else:
            return


def _run_all(page: Any, address: str) -> None:
    """Run > Run All Cells, until every code cell has its number, or one an error."""
    from playwright.sync_api import TimeoutError as TooLate

    _open(page, address)
    try:
        _start_all(page)
        page.wait_for_function(DONE, timeout=RUN * 1000)
    except TooLate:
        status = page.locator("[data-status]").first.get_attribute("data-status")
        prompts = page.evaluate(PROMPTS)
        pytest.fail(f"cells have not all run: {prompts}, kernel {status}")
    page.locator("[data-status=idle]").first.wait_for(timeout=LOAD * 1000)


def _start_all(page: Any) -> None:
    """The menu's item clicked until a cell starts: a menu just opened swallows one."""
    from playwright.sync_api import TimeoutError as TooLate

    item = "[data-command='runmenu:run-all']:not(.lm-mod-disabled)"
    for is_last in (False, False, True):
        page.keyboard.press("Escape")
        page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
        page.locator(item).hover(timeout=LOAD * 1000)
        page.wait_for_timeout(500)
        page.locator(item).click()
        try:
            page.wait_for_function(STARTED, timeout=20_000)
        except TooLate:
            if is_last:
                raise
        else:
            return


def _errors(page: Any) -> list[str]:
    kinds = ("error", "stderr")
    marks = [f"[data-mime-type='application/vnd.jupyter.{kind}']" for kind in kinds]
    return list(page.locator(", ".join(marks)).all_inner_texts())


@pytest.mark.notebook
@pytest.mark.filterwarnings("default:loaded")
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
@pytest.mark.filterwarnings("default:loaded")
def test_the_comparison_shows_its_figures_and_counts(page: Any, lab: str) -> None:
    _run_all(page, f"{lab}/lab/workspaces/outlets/tree/4-outlets.ipynb")
    assert _errors(page) == []
    figures = page.locator(".jp-OutputArea .jp-RenderedImage img")
    # four differences, one of power, one corrected; what is drawn last comes last
    figures.nth(5).wait_for(timeout=15_000)
    assert min(figures.evaluate_all(WIDTHS)) > 300
    answer = page.locator(".jp-OutputArea .jp-RenderedMarkdown").first.inner_text()
    assert "Differences that survive Holm" in answer
