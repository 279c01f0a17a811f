"""How well each class is read, in words and tables, as Markdown."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from datasets.prepared import PictureSet
from strokes.classes import Classes
from strokes.reading.recognizer import Recognizer
from train.figures.tables import markdown_table
from train.recognizer.calibration import calibration_gap
from train.recognizer.judging import (
    Judged,
    accuracies,
    by_size,
    class_accuracies,
    judge,
    labels_for,
    most_confused,
)

_WORST_CLASSES = 20


def measure_set(recognizer: Recognizer, tested: PictureSet) -> tuple[dict[str, float], str]:
    """Figures by name of what a recogniser reads of a set's pictures, and `class_report`.

    Raises:
      DataError: it does not read all of the set's classes, or pictures of another size.
    """
    judged = judge(recognizer, tested.images, labels_for(recognizer, tested))
    figures = accuracies(judged)
    figures["expected_calibration_error"] = calibration_gap(judged.certainty, judged.right)
    counts = np.array(recognizer.facts.get("class_counts", [0] * len(recognizer.classes)))
    return figures, class_report(judged, counts)


def class_report(judged: Judged, counts: npt.NDArray[np.integer]) -> str:
    """A page on what was read of test pictures.

    Args:
      judged: what was read.
      counts: training pictures of each class, ``[K]``.
    """
    parts = [
        "# Classes\n",
        f"{len(judged.truth):,} test pictures of {len(np.unique(judged.truth)):,} of "
        f"{len(judged.classes):,} classes; {int(counts.sum()):,} training pictures.\n",
        _table(
            ("measure", "share right"), [(n, f"{v:.2%}") for n, v in accuracies(judged).items()]
        ),
        _alike(judged.classes),
        "## By the number of training pictures\n",
        _table(
            ("training pictures", "classes", "test pictures", "right"),
            [
                (_range(row.least, row.most), row.classes, row.pictures, f"{row.accuracy:.2%}")
                for row in by_size(judged, counts)
            ],
        ),
        "## Most often confused\n",
        _table(("is", "read as", "times"), most_confused(judged)),
        "## Least often right\n",
        _table(("class", "training pictures", "test pictures", "right"), _least(judged, counts)),
    ]
    return "\n".join(part for part in parts if part)


def _alike(classes: Classes) -> str:
    if not classes.alike:
        return ""
    groups = ", ".join(" ".join(group) for group in classes.alike)
    return f"`folded`: to read one of these as another is no mistake: {groups}.\n"


def _range(least: int, most: int) -> str:
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def _least(judged: Judged, counts: npt.NDArray[np.integer]) -> list[tuple[str, str, int, str]]:
    """The classes that are read worst, of those that were tested."""
    share = class_accuracies(judged.right, judged.truth, len(judged.classes))
    tested = np.bincount(judged.truth, minlength=len(judged.classes))
    order = np.argsort(share, kind="stable")  # nan last
    chosen = [one for one in order.tolist() if tested[one]][:_WORST_CLASSES]
    names = judged.classes.names
    return [(names[n], f"{counts[n]:,}", int(tested[n]), f"{share[n]:.2%}") for n in chosen]


def _table(names: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    return markdown_table(names, [[_cell(one) for one in row] for row in rows]) + "\n"


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value).replace("|", "\\|")
