"""Turn photos, scans or screenshots of digits into MNIST's 28x28 pictures.

Each picture is made as MNIST's were: ink found, light evened out, cut out, scaled to 20
pixels, centred by its mass. A sheet of many digits is cut into single ones. What comes out
serves export_dataset --pictures, if the names say which digit it is (7_mine.jpg, 7/mine.jpg).

Examples:
  python -m scripts.prepare_handwriting 7_mine.jpg --show True --out out/mine
  python -m scripts.prepare_handwriting sheet.png --grid 6x8 --out out/mine
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import cv2
import imageio.v3 as iio
import numpy as np

from datasets.files import atomic_path
from datasets.handwriting import Stage, resized
from scripts import console
from scripts.handwritten import Digit, Digits, PictureOptions
from train.pictures import Cell, grid

_CELL = 140  # pixels of a stage's picture


@dataclasses.dataclass(frozen=True)
class Options:
    """What to prepare, and how."""

    source: PictureOptions
    out: Path = Path("out/handwriting")
    """Folder to write into; files of the same names are replaced."""
    show: bool = False
    """Write a strip of all stages beside each picture."""


def stage_strip(stages: Sequence[Stage]) -> Cell:
    """All stages of a preparation side by side, each in a square of its own."""
    cells = []
    for stage in stages:
        how = cv2.INTER_AREA if max(stage.picture.shape) > _CELL else cv2.INTER_NEAREST
        shown = resized(stage.picture, _CELL, interpolation=how)
        height, width = shown.shape
        cell = np.full((_CELL, _CELL, 3), 200, np.uint8)
        top, left = (_CELL - height) // 2, (_CELL - width) // 2
        levels = np.round(255 * np.clip(shown, 0, 1)).astype(np.uint8)
        cell[top : top + height, left : left + width] = levels[..., None]
        cells.append(cell)
    return grid([cells])


def _write(digit: Digit, out: Path, *, show: bool) -> None:
    with atomic_path(out / digit.name.with_name(f"{digit.name.name}.png")) as temporary:
        iio.imwrite(temporary, digit.prepared.picture)
    if show:
        strip = out / "stages" / digit.name.with_name(f"{digit.name.name}.png")
        with atomic_path(strip) as temporary:
            iio.imwrite(temporary, stage_strip(digit.prepared.stages))


def main(args: Sequence[str]) -> int:
    """Prepare every picture; what cannot be prepared is named, and the status is then 2."""
    options = console.parse(Options, args=args)
    digits, written = Digits(options.source), 0
    for digit in digits:
        _write(digit, options.out, show=options.show)
        written += 1
    print(f"prepared {written} digits: {options.out}")
    return digits.status


if __name__ == "__main__":
    console.run(main)
