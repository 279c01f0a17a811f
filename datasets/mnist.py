"""Raw MNIST (LeCun, Cortes, Burges): found on disk, or downloaded.

The four IDX files are looked for, raw or gzipped, as ``train-images-idx3-ubyte`` or
``train-images.idx3-ubyte``, in a folder given by the caller, then in the one that
``STROKES_DATA_DIR`` names, then in the platform's cache folder. What is missing is
downloaded into the first of these. The content is checked by SHA-256 in all cases.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import filelock
import numpy as np
import numpy.typing as npt

from datasets.download import data_folders, download_checked
from datasets.idx import decompress, parse_idx
from strokes.errors import DataError
from strokes.files import check_file

Split = Literal["train", "test"]

MIRRORS = (
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
)

_FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}

SHA256 = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
"""Digests of the uncompressed files."""

_LOCK_TIMEOUT = 600.0
_MAX_FILE = 1 << 26


def _candidates(name: str, folders: Iterable[Path]) -> list[Path]:
    dotted = name.replace("-idx", ".idx")
    names = (name, name + ".gz", dotted, dotted + ".gz")
    return [folder / candidate for folder in folders for candidate in names]


def _check(content: bytes, name: str, *, source: str) -> bytes:
    """Uncompress and compare with the known digest."""
    plain = decompress(content, source=source)
    digest = hashlib.sha256(plain).hexdigest()
    if digest != SHA256[name]:
        raise DataError(
            f"{source}: SHA-256 of the uncompressed content is {digest}, expected {SHA256[name]}; "
            "delete the file or give another --data-dir"
        )
    return plain


def download(
    name: str,
    folder: Path,
    *,
    mirrors: Sequence[str] = MIRRORS,
    timeout: float = 20.0,
    tries: int = 3,
    pause: float = 1.0,
) -> Path:
    """Download one of the four files, gzipped, into ``folder``.

    Every mirror is tried ``tries`` times, in turn, with a growing pause between the
    rounds. The file appears under its name only after its digest was checked.

    Args:
      name: the file's name without ``.gz``.
      folder: where to put it; created if need be.
      mirrors: addresses to which ``name + ".gz"`` is appended.
      timeout: seconds without an answer after which a try is given up.
      tries: rounds over all mirrors.
      pause: seconds before the second round; doubled for each later one.

    Returns:
      the path of the file.

    Raises:
      DataError: no mirror gave the file; the message lists every try.
    """
    return download_checked(
        folder / f"{name}.gz",
        lambda content, url: _check(content, name, source=url),
        mirrors=mirrors,
        timeout=timeout,
        tries=tries,
        pause=pause,
    )


def _obtain(
    name: str, folders: Sequence[Path], *, mirrors: Sequence[str], timeout: float, pause: float
) -> bytes:
    """Content of one file, from disk or from a mirror."""
    target = folders[0]
    candidates = _candidates(name, folders)
    for path in candidates:
        if path.is_file():
            check_file(path, most=_MAX_FILE)
            return _check(path.read_bytes(), name, source=str(path))
    try:
        target.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(target / f".{name}.lock", timeout=_LOCK_TIMEOUT):
            path = target / f"{name}.gz"
            if not path.is_file():  # another run may have fetched it meanwhile
                download(name, target, mirrors=mirrors, timeout=timeout, pause=pause)
            return _check(path.read_bytes(), name, source=str(path))
    except (DataError, OSError) as error:
        places = "\n  ".join(str(path) for path in candidates)
        raise DataError(
            f"{name} not found. Looked for:\n  {places}\n{error}\n"
            f"To place it by hand, put {name}.gz (or the unzipped file) into {target}"
        ) from error


def load_mnist(
    split: Split,
    *,
    data_dir: Path | None = None,
    mirrors: Sequence[str] = MIRRORS,
    timeout: float = 20.0,
    pause: float = 1.0,
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """Read raw MNIST, downloading what is missing.

    Args:
      split: "train" (60,000) or "test" (10,000).
      data_dir: folder to look in first and to download into.
      mirrors: where to download from.
      timeout: seconds without an answer after which a try is given up.
      pause: seconds between two rounds of tries, doubled each time.

    Returns:
      images, uint8 ``[N, 28, 28]``, 0 paper to 255 ink; labels, int32 ``[N]``.

    Raises:
      DataError: a file is damaged, or neither on disk nor downloadable.
    """
    if split not in _FILES:
        raise DataError(f"split {split!r}: expected 'train' or 'test'")
    folders = data_folders(data_dir)
    arrays = [
        parse_idx(
            _obtain(name, folders, mirrors=mirrors, timeout=timeout, pause=pause), source=name
        )
        for name in _FILES[split]
    ]
    return arrays[0], arrays[1].astype(np.int32)
