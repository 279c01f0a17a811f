"""Capital and small letters of UNIPEN (`datasets.unipen`): classes, recordings, pictures.

Writers are split as those of digits are, by name. A set of pictures is drawn from the recordings as
MNIST's digits are: one size, one pen, centre of mass in the middle. The size that tells c from C is
gone, so some pairs of one letter cannot be told apart: `ALIKE`.
"""

import string
from pathlib import Path

import numpy as np

from datasets.download import find_file
from datasets.prepared import PictureSet, Split
from datasets.unipen import split_by_writer, writer_of
from strokes.classes import Classes
from strokes.formats.recordings import read_recordings
from strokes.ink import Recording
from strokes.pictures.pen import draw_as_mnist

LETTERS_FILE = "unipen-letters.ndjson.gz"

LETTER_CATEGORIES = ("1b", "1c")
"""The distribution's categories of isolated capital and small letters."""

LETTER_SIDE = 300
"""The longer side of a prepared letter."""

ALIKE = "CFIJKMOPSUVWXYZ"
"""Letters whose capital and small forms pictures of one size do not tell apart.

The rule: a recogniser of the 52 classes, asked of either form of a letter only which of the two
it is, is right in fewer than nine of ten, both forms weighing the same. It was asked of pictures of
49 training writers whom it had not seen (preset "letters", seed 0).
"""

LETTERS = Classes(
    tuple(string.ascii_uppercase + string.ascii_lowercase),
    alike=tuple((letter, letter.lower()) for letter in ALIKE),
)
"""A to Z, then a to z."""


def find_letters(data_dir: Path | None = None) -> Path:
    """The prepared file in the first of the folders in which MNIST is looked for too.

    Raises:
      DataError: none has it; the message says how to make it.
    """
    hint = "make it with: python -m scripts.prepare_unipen FOLDER --set letters"
    return find_file(LETTERS_FILE, data_dir, hint=hint)


def letter_recordings(split: Split, *, data_dir: Path | None = None) -> list[Recording]:
    """The letters of the writers of a split. Raises DataError as `find_letters`."""
    found = split_by_writer(read_recordings(find_letters(data_dir), classes=LETTERS))
    return found.train if split == "train" else found.test


def load_letters(split: Split, *, data_dir: Path | None = None, side: int = 28) -> PictureSet:
    """Letters as pictures ``[N, side, side]``. Raises DataError as `find_letters`."""
    recordings = letter_recordings(split, data_dir=data_dir)
    _, writers = np.unique([writer_of(one) for one in recordings], return_inverse=True)
    return PictureSet(
        np.stack([draw_as_mnist(one.strokes, side=side)[0] for one in recordings]),
        np.array([one.label for one in recordings], np.int32),
        LETTERS,
        writers.astype(np.int32),
    )
