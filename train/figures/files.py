"""Digits as they are written, in files: GIF, film or sheet."""

from pathlib import Path

import numpy as np

from strokes.figures.animation import FRAME_MS, StrokeFigure, frame_durations, frames, still
from strokes.figures.cells import Cell
from strokes.files import atomic_path
from strokes.formats.gif import encode_gif
from strokes.formats.png import encode_png
from train.figures.kinds import kind_of
from train.progress import ProgressFactory


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
