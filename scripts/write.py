"""Read handwritten digits in pictures, and write them again stroke by stroke.

Each picture is prepared, read, thinned and written by the stroke model. The GIF shows the
prepared digits, the pen and the drawing; the SVG and the points are of the strokes. With
many digits (a folder, a sheet), each gets an SVG of its own, beside the name given.

Examples:
  python -m scripts.write seven.jpg --gif seven.gif --svg seven.svg
  python -m scripts.write sheet.png --grid 6x8 --gif sheet.gif --points sheet.ndjson
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scripts.shared import console
from scripts.shared.pictures import PictureOptions
from strokes.files import atomic_path
from strokes.formats.ndjson import write_recordings
from strokes.ink import CANVAS, Recording
from strokes.pictures.digits import PreparedDigit
from strokes.weights import GREY_RECOGNIZER, SHIPPED_WRITER
from train.errors import RunError
from train.figures.files import check_size, kind_of, save
from train.stroke_model.run_folder import check_checkpoint

if TYPE_CHECKING:
    from strokes.writing.inference import Written


@dataclasses.dataclass(frozen=True)
class Options:
    """What to write, and into which files."""

    source: PictureOptions
    gif: Path | None = None
    """Animation to write: .gif, .png or .mp4."""
    svg: Path | None = None
    """Strokes as SVG."""
    points: Path | None = None
    """Strokes as recordings, ndjson: see docs/recordings.md."""
    animated: bool = True
    """The SVG writes itself, again and again; or a still."""
    label: int | None = None
    """Write this digit, whatever the recogniser reads."""
    refine: int = 0
    """Steps of gradient descent on the points of each digit, after the model wrote it."""
    checkpoint: Path = SHIPPED_WRITER
    """Folder of a run, or weights that release_model packed."""
    recognizer: Path = GREY_RECOGNIZER
    """Weights that train_recognizer or finetune_recognizer wrote."""
    size: int = 84
    """Edge of each digit in the animation, in pixels, 28 to 1024."""
    columns: int = 10
    """Digits side by side in the animation; further ones go below."""
    seconds: float = 2.4
    """Length of the drawing; the end is then held."""


def _check(options: Options) -> None:
    if options.gif is None and options.svg is None and options.points is None:
        raise RunError("nothing to write: give --gif, --svg or --points")
    if options.gif is not None:
        kind_of(options.gif, option="--gif")
    for option, path, suffix in (
        ("--svg", options.svg, ".svg"),
        ("--points", options.points, ".ndjson"),
    ):
        if path is not None and path.suffix.lower() != suffix:
            raise RunError(f"{option} {path}: expected a name that ends in {suffix}")
    if options.label is not None and not 0 <= options.label <= 9:
        raise RunError(f"--label {options.label}: expected 0 to 9")
    console.check_refinement(options.refine)
    check_size(options.size, options.seconds, columns=options.columns)


def _write_points(path: Path, digits: Sequence[PreparedDigit], written: "Written") -> None:
    write_recordings(
        (
            Recording(int(label), strokes, CANVAS, f"written by a model: {digit.where}")
            for digit, label, strokes in zip(digits, written.label, written.strokes, strict=True)
        ),
        path,
    )
    print(f"points: {path}")


def _write_svg(
    path: Path, digits: Sequence[PreparedDigit], written: "Written", seconds: float | None
) -> None:
    for index, digit in enumerate(digits):
        place = path
        if len(digits) > 1:
            place = path.with_name(f"{path.stem}-{'-'.join(digit.name.parts)}.svg")
        with atomic_path(place) as temporary:
            temporary.write_text(written.svg(index, seconds=seconds))
        print(f"strokes: {place}")


def main(args: Sequence[str]) -> int:
    """Read, write and say what was done; what cannot be prepared makes the status 2."""
    options = console.parse(Options, args=args)
    _check(options)
    check_checkpoint(options.checkpoint)
    console.check_file("--recognizer", options.recognizer)
    source = options.source.digits()
    # The stages of a photo take megabytes, and nobody looks at them here.
    digits = [one._replace(prepared=one.prepared._replace(stages=())) for one in source]
    if not digits:
        return source.status
    from strokes.reading.recognizer import load_recognizer, top_digits
    from train.stroke_model.model import load_writer

    recognizer, writer = load_recognizer(options.recognizer), load_writer(options.checkpoint)
    pictures = np.stack([digit.prepared.picture for digit in digits])
    certainties = recognizer.probabilities(pictures)
    for digit, sure in zip(digits, certainties, strict=True):
        label, certainty = top_digits(sure)[0]
        print(f"{digit.where}: {label} {certainty:.1%}")
    labels = certainties.argmax(axis=1)
    if options.label is not None:
        labels = np.full(len(digits), options.label)
    written = writer.write(pictures, labels, refine=options.refine)
    if options.gif is not None:
        save(
            options.gif,
            writer.figure(written),
            size=options.size,
            columns=min(options.columns, len(digits)),
            seconds=options.seconds,
            progress=console.ProgressBar,
        )
        print(f"animation: {options.gif}")
    if options.points is not None:
        _write_points(options.points, digits, written)
    if options.svg is not None:
        _write_svg(options.svg, digits, written, options.seconds if options.animated else None)
    return source.status


if __name__ == "__main__":
    console.run(main)
