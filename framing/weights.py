"""The trained model's files: weights, vocabulary and settings, read and run.

A file that is not the one that was published is a FileError with the digest expected
and found. Nothing is decided here: a window goes in, scores come out.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from framing.errors import FileError
from framing.windows import Window

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = NDArray[np.float32]

MODEL = Path(__file__).parent / "model"
SOURCE, CONTENT = 0, 1


class Scores(NamedTuple):
    """What the model says of a window, a row a piece: log odds, not yet decided."""

    cue: Floats
    hedge: Floats
    form: Floats
    relation: Floats
    """Of shape (2, pieces, pieces): source and content of the cue at the row."""


class Reader(Protocol):
    """What gives scores for windows: the published model or one in training."""

    @property
    def tokenizer(self) -> Tokenizer:
        """Cuts text into the pieces that the model knows."""

    @property
    def settings(self) -> dict[str, float]:
        """Log odds added before a decision: hedge, cue, source, content."""

    def run(self, window: Window) -> Scores:
        """The scores of one window."""


@dataclass(frozen=True)
class Model:
    """Weights, vocabulary and settings as they lie in the model folder."""

    session: Any
    tokenizer: Tokenizer
    settings: dict[str, float]

    def run(self, window: Window) -> Scores:
        """The scores of one window."""
        given = {"pieces": window.pieces[None], "standings": window.standings[None]}
        return Scores(*(out[0] for out in self.session.run(None, given)))


@lru_cache(maxsize=4)
def load_model(folder: Path = MODEL, *, threads: int = 1) -> Model:
    """The model of a folder, checked against the digest that its settings name."""
    import onnxruntime
    from tokenizers import Tokenizer

    settings = _read_settings(folder / "tagger.json")
    path = folder / "tagger.onnx"
    weights = _read_weights(path, settings["sha256"])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = threads
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        weights, options, providers=["CPUExecutionProvider"]
    )
    vocabulary = session.get_modelmeta().custom_metadata_map["tokenizer"]
    return Model(session, Tokenizer.from_str(vocabulary), settings["thresholds"])


def model_digest(folder: Path = MODEL) -> str:
    """The first eight hex digits of the weights' SHA-256, as the settings tell it."""
    return str(_read_settings(folder / "tagger.json")["sha256"])[:8]


def _read_settings(path: Path) -> dict[str, Any]:
    try:
        settings: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return {key: settings[key] for key in ("sha256", "thresholds")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = f"no readable settings ({type(error).__name__})"
        raise FileError(path, None, found, "the file as published") from error


def _read_weights(path: Path, expected: str) -> bytes:
    try:
        weights = path.read_bytes()
    except OSError as error:
        found = f"no readable file ({type(error).__name__})"
        raise FileError(path, None, found, f"sha256 {expected}") from error
    digest = hashlib.sha256(weights).hexdigest()
    if digest != expected:
        raise FileError(path, None, f"sha256 {digest}", f"sha256 {expected}")
    return weights
