"""Turn photos, scans or screenshots of digits into MNIST's 28x28 pictures.

Each picture is made as MNIST's were: ink found, light evened out, cut out, scaled to 20
pixels, centred by its mass. Pages are straightened, rules and frames removed. A sheet of many
digits, or a number, is cut into single ones. What comes out serves export_dataset --pictures and
finetune_recognizer, if the names say which digit it is (7_mine.jpg, 7/mine.jpg), or one of the
options of labels does: then each goes into a folder of its digit.

Examples:
  python -m scripts.prepare_handwriting 7_mine.jpg --show --out out/mine
  python -m scripts.prepare_handwriting sheet.png --grid 10x8 --row-labels 0123456789
  python -m scripts.prepare_handwriting sheet.png --grid 6x8 --label-by-reading --out out/mine
"""

import dataclasses
import itertools
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from scripts.shared.labels import LabelOptions
from scripts.shared.pictures import PictureOptions, Reader
from strokes.files import atomic_path
from strokes.weights import GREY_RECOGNIZER

if TYPE_CHECKING:
    from strokes.pictures.digits import PreparedDigit


@dataclasses.dataclass(frozen=True)
class Options:
    """What to prepare, and how."""

    source: PictureOptions
    labels: LabelOptions
    out: Path = Path("out/handwriting")
    """Folder to write into; files of the same names are replaced."""
    show: bool = False
    """Write a strip of all stages of each picture, below OUT-stages."""


def _write(digit: "PreparedDigit", name: Path, options: Options) -> None:
    from strokes.figures.stages import stage_strip
    from strokes.formats.png import encode_png

    file = name.with_name(f"{name.name}.png")
    with atomic_path(options.out / file) as temporary:
        temporary.write_bytes(encode_png(digit.prepared.picture))
    if options.show:
        # Beside OUT, whose pictures are all to be digits.
        strips = options.out.with_name(f"{options.out.name}-stages")
        with atomic_path(strips / file) as temporary:
            temporary.write_bytes(encode_png(stage_strip(digit.prepared.stages)))


def _unlabelled(names: Sequence[Path]) -> list[Path]:
    from datasets.folders import label_of
    from strokes.errors import DataError

    found = []
    for name in names:
        try:
            label_of(name.with_name(f"{name.name}.png"))
        except DataError:
            found.append(name)
    return found


def main(args: Sequence[str]) -> int:
    """Prepare every picture; what cannot be prepared is named, and the status is then 2."""
    options = console.parse(Options, args=args)
    reader, written = Reader(GREY_RECOGNIZER), list[Path]()
    digits = options.source.digits(separate=reader.separate)
    options.labels.check(options.source)
    for _, of_picture in itertools.groupby(digits, key=lambda digit: digit.picture):
        found = list(of_picture)
        names = options.labels.named(found, reader, ruled=bool(options.source.grid))
        for digit, name in zip(found, names, strict=True):
            _write(digit, name, options)
        written += names
    print(f"prepared {len(written)} digits: {options.out}")
    if unlabelled := _unlabelled([options.out / name for name in written]):
        print(
            f"note: {len(unlabelled)} of them do not say which digit they are; --label 7, "
            "--label-by-reading, --row-labels or --column-labels do",
            file=sys.stderr,
        )
    return digits.status


if __name__ == "__main__":
    console.run(main)
