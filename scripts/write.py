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

import numpy as np

from datasets.files import atomic_path
from datasets.recordings import CANVAS, Recording, write_recordings
from scripts import console
from scripts.handwritten import Digit, Digits, PictureOptions
from scripts.render_gif import check_size, kind_of, save
from train.animation import Drawn
from train.errors import RunError
from train.hard_drawing import pen_runs
from train.model import SHIPPED_MODEL
from train.recognition import GREY_READER, Labels
from train.scribe import Scribe, ranked
from train.svg import svg


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
    checkpoint: Path = SHIPPED_MODEL
    """Folder of a run, or weights that release_model packed."""
    recognizer: Path = GREY_READER
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


def recordings_of(drawn: Drawn, labels: Labels, names: Sequence[str]) -> list[Recording]:
    """What was written, as recordings."""
    found = []
    for points, up, label, name in zip(drawn.points, drawn.pen_up, labels, names, strict=True):
        strokes = [points[first : last + 1, :2].astype(np.float64) for first, last in pen_runs(up)]
        found.append(Recording(int(label), strokes, CANVAS, f"written by a model: {name}"))
    return found


def _write(options: Options, digits: Sequence[Digit], drawn: Drawn, labels: Labels) -> None:
    """Write each file that was asked for, and say where it is."""
    if options.gif is not None:
        columns = min(options.columns, len(digits))
        save(options.gif, drawn, size=options.size, columns=columns, seconds=options.seconds)
        print(f"animation: {options.gif}")
    if options.points is not None:
        write_recordings(recordings_of(drawn, labels, [d.where for d in digits]), options.points)
        print(f"points: {options.points}")
    if options.svg is not None:
        seconds = options.seconds if options.animated else None
        for index, digit in enumerate(digits):
            place = options.svg
            if len(digits) > 1:
                name = "-".join(digit.name.parts)
                place = place.with_name(f"{place.stem}-{name}.svg")
            with atomic_path(place) as temporary:
                text = svg(drawn.points[index, :, :2], drawn.pen_up[index], seconds=seconds)
                temporary.write_text(text)
            print(f"strokes: {place}")


def main(args: Sequence[str]) -> int:
    """Read, write and say what was done; what cannot be prepared makes the status 2."""
    options = console.parse(Options, args=args)
    _check(options)
    source = Digits(options.source)
    scribe = Scribe.load(reader=options.recognizer, model=options.checkpoint)
    # The stages of a photo take megabytes, and nobody looks at them here.
    digits = [one._replace(prepared=one.prepared._replace(stages=())) for one in source]
    if not digits:
        return source.status
    pictures = np.stack([digit.prepared.picture for digit in digits])
    certainties = scribe.read(pictures)
    labels = certainties.argmax(axis=1).astype(np.int32)
    for digit, sure in zip(digits, certainties, strict=True):
        label, certainty = ranked(sure)[0]
        print(f"{digit.where}: {label} {certainty:.1%}")
    if options.label is not None:
        labels = np.full(len(digits), options.label, np.int32)
    drawn = scribe.write(pictures, labels, refined=options.refine)
    _write(options, digits, drawn, labels)
    return source.status


if __name__ == "__main__":
    console.run(main)
