"""Turn photos, scans or screenshots of digits into MNIST's 28x28 pictures.

Each picture is made as MNIST's were: ink found, light evened out, cut out, scaled to 20
pixels, centred by its mass. Pages are straightened, rules and frames removed. A sheet of many
digits, or a number, is cut into single ones. What comes out serves export_dataset --pictures,
if the names say which digit it is (7_mine.jpg, 7/mine.jpg).

Examples:
  python -m scripts.prepare_handwriting 7_mine.jpg --show --out out/mine
  python -m scripts.prepare_handwriting sheet.png --grid 6x8 --out out/mine
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from scripts.shared.pictures import PictureOptions, Reader
from strokes.files import atomic_path
from strokes.weights import GREY_RECOGNIZER

if TYPE_CHECKING:
    from strokes.pictures.digits import PreparedDigit


@dataclasses.dataclass(frozen=True)
class Options:
    """What to prepare, and how."""

    source: PictureOptions
    out: Path = Path("out/handwriting")
    """Folder to write into; files of the same names are replaced."""
    show: bool = False
    """Write a strip of all stages beside each picture."""


def _write(digit: "PreparedDigit", out: Path, *, show: bool) -> None:
    from strokes.figures.stages import stage_strip
    from strokes.formats.png import encode_png

    with atomic_path(out / digit.name.with_name(f"{digit.name.name}.png")) as temporary:
        temporary.write_bytes(encode_png(digit.prepared.picture))
    if show:
        strip = out / "stages" / digit.name.with_name(f"{digit.name.name}.png")
        with atomic_path(strip) as temporary:
            temporary.write_bytes(encode_png(stage_strip(digit.prepared.stages)))


def main(args: Sequence[str]) -> int:
    """Prepare every picture; what cannot be prepared is named, and the status is then 2."""
    options = console.parse(Options, args=args)
    digits, written = options.source.digits(separate=Reader(GREY_RECOGNIZER).separate), 0
    for digit in digits:
        _write(digit, options.out, show=options.show)
        written += 1
    print(f"prepared {written} digits: {options.out}")
    return digits.status


if __name__ == "__main__":
    console.run(main)
