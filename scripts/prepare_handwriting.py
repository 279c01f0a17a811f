"""Turn photos, scans or screenshots of digits, or of other characters, into MNIST's pictures.

Each picture is made as MNIST's were: ink found, light evened out, cut out, scaled to 20
pixels, centred by its mass. Pages are straightened, rules and frames removed. A sheet of many
digits, or a number, is cut into single ones. What comes out serves export_dataset --pictures and
finetune_recognizer, if the names say which digit it is (7_mine.jpg, 7/mine.jpg), or one of the
options of labels does: then each goes into a folder of its digit.

With --set the pictures are of that set's classes, and as large as its pictures. Folders are then
named as the classes, or by their codes (g/mine.jpg, U+4E00/mine.jpg). A --recognizer of these reads
them, and tells characters in a line apart where there is paper between them; without one a picture
that is no sheet shows one character.

Examples:
  python -m scripts.prepare_handwriting 7_mine.jpg --show --out out/mine
  python -m scripts.prepare_handwriting sheet.png --grid 10x8 --row-labels 0123456789
  python -m scripts.prepare_handwriting sheet.png --grid 6x8 --label-by-reading --out out/mine
  python -m scripts.prepare_handwriting sheet.png --grid 2x8 --set letters --row-labels ab
"""

import dataclasses
import itertools
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from datasets.picture_sets import classes_and_size
from scripts.shared import console
from scripts.shared.console import RecognizerPath
from scripts.shared.labels import LabelOptions
from scripts.shared.pictures import PictureOptions, Reader
from scripts.shared.sets import check_set
from strokes.classes import Classes
from strokes.files import atomic_path
from strokes.pictures.names import SIDE, Form
from strokes.weights import GREY_RECOGNIZER
from train.errors import RunError

if TYPE_CHECKING:
    from strokes.pictures.digits import PreparedDigit, PreparedDigits


@dataclasses.dataclass(frozen=True)
class Options:
    """What to prepare, and how."""

    source: PictureOptions
    labels: LabelOptions
    set: str = "digits"
    """What the pictures are of: "digits", "letters", or a file that scripts.prepare_folder or
    prepare_idx wrote."""
    recognizer: RecognizerPath = GREY_RECOGNIZER
    """Weights, for --label-by-reading and to find how many there are in a line."""
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
        # Beside OUT, whose pictures are all to be of the classes.
        strips = options.out.with_name(f"{options.out.name}-stages")
        with atomic_path(strips / file) as temporary:
            temporary.write_bytes(encode_png(stage_strip(digit.prepared.stages)))


def _say_unlabelled(names: Sequence[Path], classes: Classes) -> None:
    """Say how many do not say what they are, and what to do."""
    from datasets.folders import label_of
    from strokes.errors import DataError

    count = 0
    for name in names:
        try:
            label_of(name.with_name(f"{name.name}.png"), classes)
        except DataError:
            count += 1
    if count:
        which, such = ("digit", "7") if classes.of_digits else ("class", classes.names[0])
        print(
            f"note: {count} of them do not say which {which} they are; --label {such}, "
            "--label-by-reading, --row-labels or --column-labels do",
            file=sys.stderr,
        )


def _digits(
    options: Options, classes: Classes, size: Sequence[int], reader: Reader
) -> "PreparedDigits":
    """The pictures' digits, or other characters, as a recogniser of them, or the set, has them.

    Raises:
      RunError: only a recogniser of these classes could do it, or pictures are no squares.
    """
    shipped = options.recognizer == GREY_RECOGNIZER
    if not shipped or (classes.of_digits and tuple(size) == (SIDE, SIDE)):
        return options.source.digits(separate=reader.separate, form=reader.form)
    if options.labels.label_by_reading:
        raise RunError(
            f"--label-by-reading: the shipped recogniser does not read {options.set}; "
            "give a --recognizer of these"
        )
    height, width = size
    if height != width:
        raise RunError(f"--set {options.set}: pictures of {width}x{height}, expected squares")
    return options.source.digits(form=lambda centring: Form(centring, height, classes.of_digits))


def main(args: Sequence[str]) -> int:
    """Prepare every picture; what cannot be prepared is named, and the status is then 2."""
    options = console.parse(Options, args=args)
    check_set("--set", options.set)
    console.check_file("--recognizer", options.recognizer)
    classes, *size = classes_and_size(options.set)
    reader, written = Reader(options.recognizer, classes), list[Path]()
    digits = _digits(options, classes, size, reader)
    options.labels.check(options.source, classes)
    for _, of_picture in itertools.groupby(digits, key=lambda digit: digit.picture):
        found = list(of_picture)
        names = options.labels.named(found, reader, ruled=bool(options.source.grid))
        for digit, name in zip(found, names, strict=True):
            _write(digit, name, options)
        written += names
    what = "digits" if classes.of_digits else "characters"
    print(f"prepared {len(written)} {what}: {options.out}")
    _say_unlabelled([options.out / name for name in written], classes)
    return digits.status


if __name__ == "__main__":
    console.run(main)
