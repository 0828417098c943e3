"""What the extras of the installation bring, and the one check that they are there.

Reading, coding, scoring, evaluating and showing work without any extra. The modules
that need one import its packages plainly; whoever lets a reader in (the names of
`framing`, the commands, the file formats) asks `require` first.
"""

from __future__ import annotations

from importlib.util import find_spec

from framing.errors import MissingExtraError

# The extra that brings a package, by the name under which it is imported.
EXTRAS = {
    "matplotlib": "compare",
    "pyarrow": "compare",
    "scipy": "compare",
    "sklearn": "compare",
    "statsmodels": "compare",
    "trafilatura": "html",
}


def require(feature: str, *packages: str) -> None:
    """Raise MissingExtraError where a package that `feature` needs is not installed.

    >>> require("telling the time")
    """
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        raise MissingExtraError(feature, missing, EXTRAS[missing[0]])
