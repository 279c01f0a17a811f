"""The documents that are made whole, each from a template and files of figures."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from strokes.files import atomic_path
from train.documents.benchmarks import benchmark_parts
from train.documents.demo import demo_run, with_run
from train.documents.evaluation import score_parts
from train.documents.templates import fill
from train.errors import RunError
from train.experiments.tables import document_parts

FIGURES = Path("docs/figures")
TEMPLATES = Path("docs/templates")


class Document(NamedTuple):
    """A document; its template has the same name and lies in `TEMPLATES`."""

    path: Path
    figures: tuple[str, ...]
    """Names of files in `FIGURES`, without ending, that `parts` takes in this order."""
    parts: Callable[..., dict[str, str]]


DOCUMENTS = (
    Document(Path("README.md"), ("shipped", "shipped-refined", "tracing", "demo"), score_parts),
    Document(Path("docs/benchmarks.md"), ("benchmarks",), benchmark_parts),
    Document(Path("docs/experiments.md"), ("experiments",), document_parts),
)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise RunError(f"{path}: no readable file of figures ({error})") from error


def made(document: Document, root: Path) -> str:
    """The text of a document.

    Args:
      document: one of `DOCUMENTS`.
      root: of the checkout.

    Raises:
      RunError: figures are missing, or do not fit the template.
    """
    figures = [_read(root / FIGURES / f"{name}.json") for name in document.figures]
    template = root / TEMPLATES / document.path.name
    try:
        parts = document.parts(*figures)
    except (KeyError, TypeError) as error:
        raise RunError(f"{document.path}: its figures lack {error}; measure them anew") from error
    return fill(template.read_text(), parts, name=str(template))


def take_in(figures: Path, name: str, root: Path) -> None:
    """Keep a file of figures as docs/figures/NAME.json, a demo's beside those of other demos.

    Raises:
      RunError: it is none, or a demo's run is not beside its scores.
    """
    record, place = _read(figures), root / FIGURES / f"{name}.json"
    if name == "demo":
        record = with_run(_read(place), demo_run(figures, record))
    with atomic_path(place) as temporary:
        temporary.write_text(json.dumps(record, indent=1) + "\n")
