"""What needs no extra runs without one; what needs one says so in one line.

A package that is not installed is played by `sys.modules[name] = None`: importing it
raises ModuleNotFoundError, and `find_spec` finds nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pandas as pd
import pytest
from conftest import ROOT

import framing
from framing.cli import main
from framing.errors import MissingExtraError
from framing.extras import EXTRAS, require

ABSENT = (*EXTRAS, "datasketch", "fastparquet", "lxml", "lxml_html_clean")
WITHOUT = f"""
import sys
sys.modules.update(dict.fromkeys({ABSENT!r}))
"""
# The rooms of the extra `compare`.
COMPARING = {
    "clusters", "intervals", "shrinkage", "compare", "covariates", "adjust", "events",
    "keyness", "subsample", "correct", "regression", "robustness", "power",
    "takeaways", "captions", "figures", "plot", "type_plot", "timeline", "relay_plot",
    "curves", "differences", "reproduce",
}  # fmt: skip
SAMPLE = str(ROOT / "data" / "sample" / "articles.jsonl")
GOLD = str(ROOT / "data" / "sample" / "coded" / "adjudicated.jsonl")


def run(code: str, folder: Path) -> str:
    """What `code` prints where no extra is installed; warnings are errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", WITHOUT + code],
        capture_output=True, cwd=folder, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_only_comparing_and_drawing_import_what_an_extra_brings(tmp_path: Path) -> None:
    rooms = sorted(path.stem for path in (ROOT / "framing").glob("[!_]*.py"))
    code = f"""
from importlib import import_module
def lacks(room):
    try:
        import_module("framing." + room)
    except ModuleNotFoundError as error:
        return error.name.split(".")[0] in {ABSENT!r}
print(*filter(lacks, {rooms!r}))
"""
    assert set(run(code, tmp_path).split()) == COMPARING


EVERYTHING = f"""
import hashlib
from pathlib import Path
import pandas as pd
import framing as fr
from framing.annotations import write_annotations
from framing.cli import main

articles = fr.read_articles({SAMPLE!r}).head(6)
for suffix in ("csv", "tsv", "jsonl"):
    path = f"articles.{{suffix}}"
    fr.write_articles(articles, path)
    pd.testing.assert_frame_equal(fr.read_articles(path), articles)
Path("one.txt").write_text("Officials said it may rain.", encoding="utf-8")
assert fr.score("Officials said it may rain.")["n_hedges"] == 1
annotations = fr.annotate_articles(articles, progress=False)
write_annotations(annotations, "codes.jsonl")
fr.score_articles(articles, annotations).to_csv("scores.csv", index=False)
fr.with_words(annotations.attributions, articles).to_csv("words.csv", index=False)
fr.relays(articles, annotations).to_csv("relays.csv", index=False)
fr.highlight(articles.iloc[0], annotations).to_html("page.html")
gold = fr.read_annotations({GOLD!r})
fr.evaluate_annotations(gold, gold, articles=articles, repeats=3)
fr.explain(annotations, articles["article_id"][0], 0, articles=articles)
for line in (
    "annotate articles.csv -o again.jsonl",
    "score one.txt",
    "show articles.jsonl --id S01 -o shown.html",
    "evaluate codes.jsonl again.jsonl --articles articles.csv",
):
    assert main(line.split()) == 0, line
"""
DIGESTS = """
for path in sorted(Path().iterdir()):
    print(path, hashlib.sha256(path.read_bytes()).hexdigest(), file=sys.stderr)
"""


def test_everything_else_runs_and_writes_the_same_bytes_as_with_extras(
    tmp_path: Path,
) -> None:
    without, with_extras = tmp_path / "without", tmp_path / "with"
    for folder in (without, with_extras):
        folder.mkdir()
    run(EVERYTHING, without)
    subprocess.run(
        [sys.executable, "-c", EVERYTHING],
        cwd=with_extras, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    written = {path.name: path.read_bytes() for path in without.iterdir()}
    assert len(written) >= 10
    assert written == {path.name: path.read_bytes() for path in with_extras.iterdir()}


def test_each_name_that_needs_the_extra_says_so(tmp_path: Path) -> None:
    names = sorted(framing._LATER)
    code = f"""
import framing
for name in {names!r}:
    try:
        getattr(framing, name)
    except framing.MissingExtraError as error:
        print(error)
"""
    printed = run(code, tmp_path).splitlines()
    for name, line in zip(names, printed, strict=True):
        packages = ", ".join(framing._LATER[name][1:])
        assert line == (
            f"{name} needs {packages}, not installed: "
            'pip install "framing-news[compare]"'
        )


def by_packages() -> dict[tuple[str, ...], list[str]]:
    """The names of the extra by the packages that they say they need."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, (_, *packages) in framing._LATER.items():
        groups.setdefault(tuple(packages), []).append(name)
    return groups


@pytest.mark.parametrize("packages", by_packages(), ids=" ".join)
def test_a_name_needs_no_other_package_than_it_says(
    packages: tuple[str, ...], tmp_path: Path
) -> None:
    code = f"""
import doctest
from importlib import import_module
for package in {packages!r}:
    del sys.modules[package]
import framing
for name in {by_packages()[packages]!r}:
    known = vars(import_module(framing._LATER[name][0]))
    for test in doctest.DocTestFinder(recurse=False).find(known[name], globs=known):
        result = doctest.DocTestRunner().run(test)
        assert result.attempted and not result.failed, name
"""
    run(code, tmp_path)


PAGE = "<html><body><p>Officials said the talks could resume.</p></body></html>"


@pytest.mark.parametrize(
    ("arguments", "needs", "extra"),
    [
        ("annotate no.csv --tables codes", "pyarrow, scipy, sklearn", "compare"),
        ("reproduce", "matplotlib, pyarrow, scipy", "compare"),
        ("compare no.csv -m anonymity", "scipy", "compare"),
        ("compare no.csv -m anonymity --figure a", "matplotlib, scipy", "compare"),
        ("score news.parquet", "pyarrow", "compare"),
        ("score news.html", "trafilatura", "html"),
        ("score news.html --skip-bad", "trafilatura", "html"),
    ],
)
def test_a_command_says_so_in_one_line_before_it_reads(
    arguments: str,
    needs: str,
    extra: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for package in EXTRAS:
        monkeypatch.setitem(sys.modules, package, None)
    for name in ("news.parquet", "news.html"):
        Path(name).write_text(PAGE, encoding="utf-8")
    assert main(arguments.split()) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert f" needs {needs}, not installed: " in printed.err
    assert f'pip install "framing-news[{extra}]"' in printed.err
    assert not Path("codes").exists()


def test_the_error_is_an_import_error_and_names_all_that_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    require("anything", *EXTRAS)
    monkeypatch.setitem(sys.modules, "scipy", None)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match="save_figure needs matplotlib, scipy"):
        from framing import save_figure  # noqa: F401
    with pytest.raises(MissingExtraError) as raised:
        require("drawing", "matplotlib", "pyarrow")
    assert raised.value.packages == ("matplotlib",)
    assert raised.value.name == "matplotlib"
    assert raised.value.extra == "compare"


def test_tables_without_pyarrow_are_refused_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, sample_articles: pd.DataFrame, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    none = framing.Annotations(())
    with pytest.raises(MissingExtraError, match=r"write_tables needs pyarrow"):
        framing.write_tables(sample_articles, none, tmp_path / "new")
    with pytest.raises(MissingExtraError, match=r"read_tables needs pyarrow"):
        framing.read_tables(ROOT / "data" / "venezuela")
    with pytest.raises(MissingExtraError, match=r"writing \.parquet needs pyarrow"):
        framing.write_articles(sample_articles, tmp_path / "new.parquet")
    assert list(tmp_path.iterdir()) == []


def test_the_extras_are_those_of_the_installation() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    optional = project["optional-dependencies"]
    distributions = packages_distributions()
    for package, extra in EXTRAS.items():
        asked = {line.partition(">")[0] for line in optional[extra]}
        assert asked & set(distributions[package])
        base = {line.partition(">")[0] for line in project["dependencies"]}
        assert not base & set(distributions[package])
    assert optional["all"] == ["framing-news[compare,html]"]
    assert "framing-news[all]" in optional["notebooks"]
