"""Digits as they are written, in files: GIF, film or sheet."""

import importlib.util
from pathlib import Path

import numpy as np

from strokes.figures.animation import FRAME_MS, StrokeFigure, frame_durations, frames, still
from strokes.figures.cells import Cell
from strokes.files import atomic_path
from strokes.formats.gif import encode_gif
from strokes.formats.png import encode_png
from train.errors import RunError
from train.progress import ProgressFactory

_SIZES = (28, 1024)


def check_size(size: int, seconds: float, *, columns: int = 1) -> None:
    """Refuse cells or animations of a size that makes no picture."""
    if not _SIZES[0] <= size <= _SIZES[1]:
        raise RunError(f"--size {size}: expected {_SIZES[0]} to {_SIZES[1]} pixels")
    if not 0.1 <= seconds <= 60:
        raise RunError(f"--seconds {seconds}: expected 0.1 to 60")
    if columns < 1:
        raise RunError(f"--columns {columns}: expected at least 1")


def kind_of(path: Path, *, option: str = "--out") -> str:
    """The kind of file that a name asks for: ".gif", ".png" or ".mp4"."""
    kind = path.suffix.lower()
    if kind not in (".gif", ".png", ".mp4"):
        raise RunError(f"{option} {path}: expected a name that ends in .gif, .png or .mp4")
    if kind == ".mp4" and importlib.util.find_spec("av") is None:
        raise RunError('.mp4 needs the extra "video": pip install -e ".[video]"')
    return kind


def _even(frame: Cell) -> Cell:
    """H.264 wants even sides; paper is added below and to the right."""
    height, width = frame.shape[0] % 2, frame.shape[1] % 2
    return np.pad(frame, ((0, height), (0, width), (0, 0)), constant_values=255)


def save(
    path: Path,
    figure: StrokeFigure,
    *,
    size: int,
    columns: int,
    seconds: float,
    progress: ProgressFactory,
) -> None:
    """Write digits as a still or an animation, as the file's name asks.

    Args:
      path: ends in .gif, .png or .mp4; written atomically.
      figure: what to show.
      size: edge of a digit's cell in pixels.
      columns: digits side by side.
      seconds: length of the drawing in an animation.
      progress: shows how far the frames of an animation are.
    """
    kind = kind_of(path)
    if kind == ".png":
        with atomic_path(path) as temporary:
            temporary.write_bytes(encode_png(still(figure, size, columns=columns)))
        return
    durations = frame_durations(seconds)
    pictures = []
    with progress(len(durations), label="drawing", unit=" frames") as bar:
        for picture in frames(figure, size, columns=columns, seconds=seconds):
            pictures.append(picture)
            bar.advance(1)
    with atomic_path(path) as temporary:
        if kind == ".gif":
            temporary.write_bytes(encode_gif(pictures, durations))
        else:
            _write_film(temporary, pictures, durations)


def _write_film(path: Path, pictures: list[Cell], durations: list[int]) -> None:
    import imageio.v3 as iio

    repeated = [
        _even(picture)
        for picture, duration in zip(pictures, durations, strict=True)
        for _ in range(duration // FRAME_MS)
    ]
    iio.imwrite(path, repeated, plugin="pyav", codec="libx264", fps=1000 // FRAME_MS)
