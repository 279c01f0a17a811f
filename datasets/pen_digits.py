"""UCI Pen-Based Recognition of Handwritten Digits: found on disk, or downloaded.

E. Alimoglu and F. Alpaydin, *Pen-Based Recognition of Handwritten Digits*, UCI Machine
Learning Repository, 1996 (CC BY 4.0): 250 samples from each of 44 writers; the training
file holds 7,494 of 30 writers.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import filelock
import numpy as np
import numpy.typing as npt

from datasets.download import download_checked, find_file
from datasets.thinned import load_thinned
from strokes.errors import DataError
from strokes.formats.lines import parse_lines
from strokes.formats.uci import parse_pen_digits
from strokes.ink import Recording, Stroke

PEN_DIGITS_FILE = "pendigits.tra"

PEN_DIGITS_MIRRORS = (
    "https://archive.ics.uci.edu/ml/machine-learning-databases/"
    "pen-based-recognition-of-handwritten-digits/",
)

PEN_DIGITS_DIGEST = "c8a0f6b3411b0b74981c23f6887881ed493d5ac43bfbc7d40269d37f52bdd1a9"
"""SHA-256 of labels and coordinates, whatever way the file writes them: see `digest`."""

_LOCK_TIMEOUT = 600.0

Shares = npt.NDArray[np.float64]
"""Heights ``[n]`` of a path's points: 0 at its top, 1 at its foot."""


def digest(recordings: Sequence[Recording]) -> str:
    """SHA-256 of each recording's label and coordinates as bytes."""
    rows = [
        np.concatenate([[recording.label], recording.strokes[0].ravel()])
        for recording in recordings
    ]
    return hashlib.sha256(np.stack(rows).astype(np.uint8).tobytes()).hexdigest()


def find_pen_digits(data_dir: Path | None = None) -> Path:
    """The training file in the first of the folders in which MNIST is looked for too.

    Raises:
      DataError: none has it; the message says how to get it.
    """
    return find_file(
        PEN_DIGITS_FILE, data_dir, hint="download it with: python -m scripts.prepare_pendigits"
    )


def _lifted_five(path: Stroke, at: Shares) -> list[Stroke]:
    """A 5 that ends at its top was written in two strokes, the bar last.

    The pen was in the air from the last point of the lower two fifths to the first one in
    the upper third, and came down where the 5 begins.
    """
    if at[-1] >= 1 / 3:
        return [path]
    end = int(np.flatnonzero(at > 0.6)[-1])
    bar = end + int(np.flatnonzero(at[end:] < 1 / 3)[0])
    return [path[: end + 1], np.concatenate([path[:1], path[bar:]])]


def _lifted_seven(path: Stroke, at: Shares) -> list[Stroke]:
    """A 7 that goes up again from its foot and then to the right was given a bar.

    The pen was in the air from the foot to the bar's left end.
    """
    foot = int(at.argmax())
    if foot + 2 >= len(path):
        return [path]
    bar = foot + 1 + int(path[foot + 1 : -1, 0].argmin())
    if at[bar] > 0.9:
        return [path]
    return [path[: foot + 1], path[bar:]]


_LIFTED = {5: _lifted_five, 7: _lifted_seven}


def with_pen_lifts(recordings: Sequence[Recording]) -> list[Recording]:
    """Lift the pen before the bars of 5 and 7, where one can tell.

    The set joins all strokes of a digit through the air.
    """
    lifted = []
    for recording in recordings:
        find = _LIFTED.get(recording.label)
        if find is not None and len(recording.strokes) == 1:
            path = recording.strokes[0]
            low, high = path[:, 1].min(), path[:, 1].max()
            strokes = find(path, (path[:, 1] - low) / max(high - low, 1e-9))
            recording = recording._replace(strokes=strokes)
        lifted.append(recording)
    return lifted


def with_mnist_proportions(recordings: list[Recording]) -> list[Recording]:
    """Squeeze recordings to the width by height that MNIST's digits of their label have.

    The UCI set stretches every digit to a square, a 1 as wide as it is tall. Each digit gets
    the median of the thinned training digits instead.
    """
    images, labels = load_thinned("train")
    widths, heights = (images.any(axis=axis).sum(axis=1) for axis in (1, 2))
    ratio = [np.median(widths[labels == digit] / heights[labels == digit]) for digit in range(10)]
    squeezed = []
    for recording in recordings:
        strokes = [stroke.copy() for stroke in recording.strokes]
        for stroke in strokes:
            stroke[:, 0] *= ratio[recording.label]
        squeezed.append(recording._replace(strokes=strokes))
    return squeezed


def in_one_order(recordings: list[Recording], digit: int) -> list[Recording]:
    """Of one digit, leave those out that are not written in the most common number of strokes.

    Shown one picture in two orders, a decoder writes the mean of both.
    """
    counts = Counter(len(one.strokes) for one in recordings if one.label == digit)
    commonest = [strokes for strokes, _ in counts.most_common(1)]
    return [one for one in recordings if one.label != digit or len(one.strokes) in commonest]


def for_teaching(recordings: list[Recording]) -> list[Recording]:
    """The set as it may teach a decoder: lifted, in MNIST's proportions, 5s in one order.

    A 5 looks the same in one stroke and in two; a 7 with a bar is another picture.
    """
    return with_mnist_proportions(in_one_order(with_pen_lifts(recordings), 5))


def check_pen_digits(text: str, *, source: str) -> list[Recording]:
    """Read the file and compare its content with the known digest.

    Raises:
      DataError: a line is wrong, or the content is another.
    """
    recordings = parse_lines(text, parse_pen_digits, source=source)
    found = digest(recordings)
    if found != PEN_DIGITS_DIGEST:
        raise DataError(
            f"{source}: {len(recordings):,} recordings with digest {found}, "
            f"expected {PEN_DIGITS_DIGEST}; delete the file and download it again"
        )
    return recordings


def download_pen_digits(
    folder: Path,
    *,
    mirrors: Sequence[str] = PEN_DIGITS_MIRRORS,
    timeout: float = 20.0,
    tries: int = 3,
    pause: float = 1.0,
) -> Path:
    """Download the training file into ``folder``; what is there and whole is kept.

    Args:
      folder: where to put it; created if need be.
      mirrors: addresses to which the file's name is appended.
      timeout: seconds without an answer after which a try is given up.
      tries: rounds over all mirrors.
      pause: seconds before the second round; doubled for each later one.

    Returns:
      the path of the file.

    Raises:
      DataError: the file there is another, or no mirror gave it; the message says why.
    """
    path = folder / PEN_DIGITS_FILE
    folder.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(folder / f".{PEN_DIGITS_FILE}.lock", timeout=_LOCK_TIMEOUT):
        if path.is_file():
            check_pen_digits(path.read_text(errors="replace"), source=str(path))
            return path
        return download_checked(
            path,
            lambda content, url: check_pen_digits(content.decode(errors="replace"), source=url),
            mirrors=mirrors,
            timeout=timeout,
            tries=tries,
            pause=pause,
        )
