"""Turn photos, scans or screenshots of digits into MNIST's 28x28 pictures.

Each picture is made as MNIST's were: ink found, light evened out, cut out, scaled to 20
pixels, centred by its mass. A sheet of many digits is cut into single ones. What comes out
serves export_dataset --pictures, if the names say which digit it is (7_mine.jpg, 7/mine.jpg).

Examples:
  python -m scripts.prepare_handwriting --pictures 7_mine.jpg --show True --out out/mine
  python -m scripts.prepare_handwriting --pictures sheet.png --sheet 6x8 --out out/mine
"""

import dataclasses
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import imageio.v3 as iio
import numpy as np

from datasets import DataError
from datasets.files import atomic_path
from datasets.handwriting import Centring, Prepared, Stage, prepare, resized
from datasets.picture_files import Grey, read_grey
from datasets.sheets import split_free, split_grid
from scripts import console
from train.errors import RunError
from train.pictures import Cell, grid

_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}
_CELL = 140  # pixels of a stage's picture


@dataclasses.dataclass(frozen=True)
class Options:
    """What to prepare, and how."""

    pictures: tuple[Path, ...]
    """Pictures, or folders of pictures."""
    out: Path = Path("out/handwriting")
    """Folder to write into; files of the same names are replaced."""
    sheet: str = "none"
    """"none": a digit a picture; "free": many without rules; or a ruled grid, as 6x8."""
    centring: Centring = "mass"
    """"mass", as MNIST; "box"; "padded", 22 pixels and 3 of paper around; "cell", uncut."""
    show: bool = False
    """Write a strip of all stages beside each picture."""


def _sources(pictures: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Each picture with the name, within the output folder, that it is given."""
    found: list[tuple[Path, Path]] = []
    for path in pictures:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES)
            if not inside:
                raise RunError(f"{path}: no picture in it (looked for {', '.join(_SUFFIXES)})")
            found += [(one, one.relative_to(path).with_suffix("")) for one in inside]
        else:
            found.append((path, Path(path.stem)))
    taken: set[Path] = set()
    for _, name in found:
        if name in taken:
            raise RunError(f"two pictures are named {name}: prepare them into folders of their own")
        taken.add(name)
    return found


def _grid_of(sheet: str) -> tuple[int, int] | None:
    """Rows and columns, or none where the sheet is free or there is none."""
    if sheet in ("none", "free"):
        return None
    match = re.fullmatch(r"(\d{1,3})x(\d{1,3})", sheet)
    if match is None or 0 in (rows_columns := (int(match[1]), int(match[2]))):
        raise RunError(f"--sheet {sheet}: expected none, free, or rows and columns as 6x8")
    return rows_columns


def _digits(
    grey: Grey, sheet: str, ruled: tuple[int, int] | None, path: Path
) -> Iterator[tuple[str, Grey]]:
    """The single digits of a picture, each with what is added to its name."""
    if sheet == "none":
        yield "", grey
        return
    if ruled is None:
        pieces = split_free(grey, name=str(path))
    else:
        pieces = split_grid(grey, rows=ruled[0], columns=ruled[1], name=str(path))
    for piece in pieces:
        yield f"-row-{piece.row + 1}-column-{piece.column + 1}", piece.grey


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


def _write(prepared: Prepared, out: Path, name: Path, suffix: str, *, show: bool) -> None:
    place = out / name.parent / f"{name.name}{suffix}.png"
    with atomic_path(place) as temporary:
        iio.imwrite(temporary, prepared.picture)
    if show:
        strip = out / "stages" / name.parent / f"{name.name}{suffix}.png"
        with atomic_path(strip) as temporary:
            iio.imwrite(temporary, stage_strip(prepared.stages))


def main(args: Sequence[str]) -> int:
    """Prepare every picture; what cannot be prepared is named, and the status is then 2."""
    options = console.parse(Options, args=args)
    ruled = _grid_of(options.sheet)
    written = failed = 0
    for path, name in _sources(options.pictures):
        try:
            for suffix, grey in _digits(read_grey(path), options.sheet, ruled, path):
                where = f"{path}{suffix.replace('-', ' ')}"
                prepared = prepare(grey, centring=options.centring, name=where)
                _write(prepared, options.out, name, suffix, show=options.show)
                written += 1
        except DataError as error:
            print(f"error: {error}", file=sys.stderr)
            failed += 1
    print(f"prepared {written} digits: {options.out}")
    return 2 if failed else 0


if __name__ == "__main__":
    console.run(main)
