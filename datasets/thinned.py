"""Thinned MNIST, shipped with the code: all 70,000 digits, bit-packed in one file.

Pictures are uint8 ``[N, 28, 28]`` of 0 (paper) and 1 (ink), in MNIST's own order.
"""

import functools
import io
import zipfile
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from datasets.mnist import Split
from strokes.errors import DataError
from strokes.files import FIXED_DATE, atomic_path

THINNED_FILE = Path(__file__).with_name("thinned-mnist.npz")
_SIDE = 28

Digits = tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]


def save_thinned(splits: dict[Split, Digits], path: Path) -> None:
    """Write thinned digits as one bit-packed file; equal content gives equal bytes.

    Args:
      splits: for each split, pictures uint8 ``[N, 28, 28]`` of 0 and 1, and labels.
      path: where to; written atomically. NumPy reads it: an ``.npz``, LZMA-compressed.
    """
    with atomic_path(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for split, (images, labels) in splits.items():
            packed = np.packbits(images.reshape(len(images), -1), axis=1)
            for name, array in (("images", packed), ("labels", labels.astype(np.uint8))):
                member = io.BytesIO()
                np.lib.format.write_array(member, array, allow_pickle=False)
                entry = zipfile.ZipInfo(f"{split}_{name}.npy", FIXED_DATE)
                archive.writestr(entry, member.getvalue(), zipfile.ZIP_LZMA)


@functools.cache
def _read(split: Split, path: Path) -> Digits:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            packed, labels = archive[f"{split}_images"], archive[f"{split}_labels"]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{path}: not a file of thinned digits ({error}); "
            f"make it again with: python -m scripts.prepare_mnist --out {path}"
        ) from error
    pixels = np.unpackbits(packed, axis=1, count=_SIDE * _SIDE)
    images, labels = pixels.reshape(-1, _SIDE, _SIDE), labels.astype(np.int32)
    images.flags.writeable = labels.flags.writeable = False  # one copy serves every caller
    return images, labels


def load_thinned(split: Split, *, path: Path = THINNED_FILE) -> Digits:
    """Load the thinned digits of one split.

    Args:
      split: "train" (60,000) or "test" (10,000).
      path: another file that `save_thinned` wrote.

    Returns:
      images, uint8 ``[N, 28, 28]`` of 0 and 1, read-only; labels, int32 ``[N]``.

    Raises:
      DataError: no such split, or the file is missing or damaged.
    """
    if split not in ("train", "test"):
        raise DataError(f"split {split!r}: expected 'train' or 'test'")
    return _read(split, path)


def thickened(images: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Thinned digits ``[N, 28, 28]`` drawn anew with a pen about as wide as MNIST's, 0 to 255."""
    brush = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    drawn = [cv2.GaussianBlur(cv2.dilate(255 * one, brush), (3, 3), 0) for one in images]
    return np.stack(drawn).astype(np.uint8)
