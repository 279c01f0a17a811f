"""The arrays that programs of handwriting synthesis train on (A. Graves, 2013).

The files are those of S. Vasquez' *handwriting-synthesis* (2018), by name, type and meaning:

- ``x.npy``, float32 ``[N, T, 3]``: offsets from point to point, x to the right and y **up**, of
  median length 1, and 1 where a stroke ends; the first row is (0, 0, 1). Zeros after the end;
- ``x_len.npy``, int16 ``[N]``: rows of each;
- ``c.npy``, int8 ``[N, C]``: places in that program's alphabet, a 0 after the end;
- ``c_len.npy``, int8 ``[N]``: characters of each, with one 0;
- ``w_id.npy``, int32 ``[N]``: the hand (int16 there).

``texts.txt``, a line each, is for programs that read text.
"""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from strokes.files import atomic_path
from strokes.formats.npz import write_npy_header
from strokes.formats.numbers.parquet import HandedNumbers
from strokes.handwriting import Handwriting

ALPHABET = "\0 !\"#'(),-.0123456789:;?ABCDEFGHIJKLMNOPRSTUVWYabcdefghijklmnopqrstuvwxyz"
"""The program's: 73 characters."""

FILES = ("x.npy", "x_len.npy", "c.npy", "c_len.npy", "w_id.npy", "texts.txt")

Rows = npt.NDArray[np.float32]


def offsets_of(handwriting: Handwriting) -> tuple[Rows, npt.NDArray[np.int64]]:
    """The rows of all numbers, one after the other, and where each number begins, ``[N + 1]``."""
    starts = handwriting.point_starts
    rows = np.zeros((len(handwriting.points), 3), np.float32)
    rows[1:, :2] = np.diff(handwriting.points[:, :2], axis=0) * [1.0, -1.0]
    rows[handwriting.stroke_starts[1:] - 1, 2] = 1.0
    rows[starts[:-1]] = [0.0, 0.0, 1.0]
    lengths = np.linalg.norm(rows[:, :2], axis=1)
    for first, last in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        rows[first:last, :2] /= max(float(np.median(lengths[first:last])), 1e-6)
    return rows, starts


def encode_text(text: str) -> list[int]:
    """Places in `ALPHABET`, and a 0."""
    return [*(ALPHABET.index(one) for one in text), 0]


def write_synthesis(chunks: Callable[[], Iterable[HandedNumbers]], folder: Path) -> None:
    """Write numbers into `FILES` of a folder, each file whole or not at all.

    Args:
      chunks: gives the numbers from the first on whenever it is called: they are read twice,
        for the longest decides the size of all.
      folder: where to.
    """
    count, longest, characters = 0, 0, 0
    for one in chunks():
        count += len(one.hands)
        longest = max(longest, int(np.diff(one.handwriting.point_starts).max()))
        characters = max(characters, *map(len, one.handwriting.texts))
    shapes = {
        "x": ((count, longest, 3), np.float32),
        "c": ((count, characters + 1), np.int8),
        "x_len": ((count,), np.int16),
        "c_len": ((count,), np.int8),
        "w_id": ((count,), np.int32),
    }
    with contextlib.ExitStack() as files:

        def begun(name: str) -> IO[bytes]:
            path = files.enter_context(atomic_path(folder / name))
            return files.enter_context(path.open("wb"))

        arrays = {name: begun(f"{name}.npy") for name in shapes}
        for name, (shape, kind) in shapes.items():
            write_npy_header(arrays[name], kind, shape)
        texts = begun("texts.txt")
        for chunk in chunks():
            for name, (shape, kind) in shapes.items():
                rows = np.zeros((len(chunk.hands), *shape[1:]), kind)
                _FILLS[name](rows, chunk)
                arrays[name].write(rows.data)
            texts.writelines(f"{text}\n".encode() for text in chunk.handwriting.texts)


def _fill_offsets(array: npt.NDArray[np.generic], chunk: HandedNumbers) -> None:
    rows, starts = offsets_of(chunk.handwriting)
    number = np.repeat(np.arange(len(chunk.hands)), np.diff(starts))
    array[number, np.arange(len(rows)) - starts[number]] = rows


def _fill_lengths(array: npt.NDArray[np.generic], chunk: HandedNumbers) -> None:
    array[:] = np.diff(chunk.handwriting.point_starts)


def _fill_text(array: npt.NDArray[np.generic], chunk: HandedNumbers) -> None:
    for row, text in zip(array, chunk.handwriting.texts, strict=True):
        codes = encode_text(text)
        row[: len(codes)] = codes


def _fill_text_lengths(array: npt.NDArray[np.generic], chunk: HandedNumbers) -> None:
    array[:] = [len(text) + 1 for text in chunk.handwriting.texts]


def _fill_hands(array: npt.NDArray[np.generic], chunk: HandedNumbers) -> None:
    array[:] = chunk.hands


_FILLS: dict[str, Callable[[npt.NDArray[np.generic], HandedNumbers], None]] = {
    "x": _fill_offsets,
    "c": _fill_text,
    "x_len": _fill_lengths,
    "c_len": _fill_text_lengths,
    "w_id": _fill_hands,
}
