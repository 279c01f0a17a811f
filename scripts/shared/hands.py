"""The hand that a program is to write in, as its option says."""

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from train.errors import RunError

if TYPE_CHECKING:
    from strokes.hands.hand import Hand
    from strokes.ink import Recording
    from strokes.writing.inference import Written

_SURE = 0.8  # certainty with which a photo's digit has to be read

HAND_HELP = (
    "a number, the seed of a hand drawn by lot; mnist:INDEX, a test digit to imitate; a file of "
    "recordings; or a folder of photos of one's own digits"
)


def check_hand(given: str) -> None:
    """Refuse early what names no hand.

    Raises:
      RunError: it is none of `HAND_HELP`.
    """
    index = _mnist_index(given)
    if index is not None and index >= 10_000:
        raise RunError(f"--hand {given}: expected mnist:0 to mnist:9999")
    if index is None and not _is_seed(given) and not Path(given).exists():
        raise RunError(f"--hand {given}: no such file or folder; expected {HAND_HELP}")


def named_hand(given: str, *, seed: int) -> "Hand":
    """The hand that an option names.

    Args:
      given: see `HAND_HELP`.
      seed: decides what recordings and photos do not show.

    Raises:
      RunError: it names none.
      DataError: its recordings or photos cannot be used.
    """
    from strokes.formats.recordings import read_recordings
    from strokes.hands.hand import hand_by_lot
    from strokes.hands.imitation import hand_of_recordings

    check_hand(given)
    if _is_seed(given):
        return hand_by_lot(int(given))
    index = _mnist_index(given)
    path = Path(given)
    if index is not None:
        shown = _written_digit(index)
    elif path.is_dir():
        shown = _photographed(path)
    else:
        shown = read_recordings(path)
    return hand_of_recordings(shown, name=given, seed=seed)


def _is_seed(given: str) -> bool:
    return re.fullmatch(r"\d{1,18}", given, re.ASCII) is not None


def _mnist_index(given: str) -> int | None:
    match = re.fullmatch(r"mnist:(\d{1,6})", given, re.ASCII)
    return int(match[1]) if match else None


def _recordings(written: "Written") -> "list[Recording]":
    from strokes.ink import Recording

    return [
        Recording(int(label), strokes)
        for label, strokes in zip(written.label, written.strokes, strict=True)
        if strokes
    ]


def _written_digit(index: int) -> "list[Recording]":
    from datasets import load_thinned
    from strokes.writing.inference import concatenated
    from strokes.writing.writer import load_writer

    pictures, labels = load_thinned("test")
    one = slice(index, index + 1)
    return _recordings(concatenated(load_writer().write_thinned(pictures[one], labels[one])))


def _photographed(folder: Path) -> "list[Recording]":
    """The digits of a folder of photos, read and written again.

    Raises:
      RunError: none of them is read with some certainty.
    """
    import numpy as np

    from strokes.pictures.digits import PreparedDigits
    from strokes.reading.recognizer import load_recognizer
    from strokes.writing.writer import load_writer

    found = PreparedDigits([folder], complain=_complain)
    digits = [(digit.where, digit.prepared.picture) for digit in found]
    pictures = np.array([picture for _, picture in digits], np.uint8).reshape(-1, 28, 28)
    chances = load_recognizer().probabilities(pictures)
    sure = chances.max(axis=1) >= _SURE
    for index in np.flatnonzero(~sure):
        _complain(f"{digits[index][0]}: no digit that is read with certainty; left out")
    if not sure.any():
        raise RunError(f"--hand {folder}: no photo of a digit that is read with certainty")
    return _recordings(load_writer().write(pictures[sure], chances[sure].argmax(axis=1)))


def _complain(reason: str) -> None:
    print(f"error: {reason}", file=sys.stderr)
