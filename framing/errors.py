"""The errors of the package: three for files, one for what is not installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__version__ = "0.1.0"


class FileError(ValueError):
    """A fault in a file, told in one line: path, line, what was found, what is allowed.

    >>> print(FileError("news.csv", None, "no rows", "at least one article"))
    news.csv: found no rows, allowed: at least one article
    """

    def __init__(
        self, path: str | Path, line: int | None, found: str, allowed: str
    ) -> None:
        self.path, self.line, self.found, self.allowed = path, line, found, allowed
        place = f"{path} line {line}" if line is not None else str(path)
        super().__init__(f"{place}: found {found}, allowed: {allowed}")


class CorpusError(FileError):
    """A file of articles that cannot be read as one.

    >>> print(CorpusError("news.csv", 7, "an empty text", "one text a row"))
    news.csv line 7: found an empty text, allowed: one text a row
    """


class LexiconError(FileError):
    """A lexicon row that breaks the schema.

    >>> print(LexiconError("hedges.csv", 41, "role 'cues'", "cue, pseudo, stop"))
    hedges.csv line 41: found role 'cues', allowed: cue, pseudo, stop
    """


class AnnotationError(FileError):
    """A file of annotations that breaks the interchange format.

    >>> print(AnnotationError("codes.jsonl", 3, "kind 'x'", "statement, mental"))
    codes.jsonl line 3: found kind 'x', allowed: statement, mental
    """


class MissingExtraError(ImportError):
    """Something asked of the package that an extra of its installation brings.

    >>> print(MissingExtraError("plot_outlets", ["matplotlib"], "compare"))
    plot_outlets needs matplotlib, not installed: pip install "framing-news[compare]"
    """

    def __init__(self, feature: str, packages: Sequence[str], extra: str) -> None:
        self.feature, self.packages, self.extra = feature, tuple(packages), extra
        super().__init__(
            f"{feature} needs {', '.join(packages)}, not installed: "
            f'pip install "framing-news[{extra}]"',
            name=packages[0],
        )
