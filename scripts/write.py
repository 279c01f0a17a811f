"""Read handwritten digits, or other characters, in pictures, and write them stroke by stroke.

Each picture is prepared, read, thinned and written by the stroke model. The GIF shows the
prepared digits, the pen and the drawing; the SVG and the points are of the strokes. With
many digits (a folder, a sheet), each gets an SVG of its own, beside the name given.

A picture does not show in which order and direction it was written. With --alternatives 3
each is written by its three likeliest plans, which are ways of writing that digit, best first:
side by side in the GIF, in SVGs of their own (digit.svg, digit-2.svg, digit-3.svg), one after
the other among the points. --plan 1 writes by that plan, whatever the picture tells.

Examples:
  python -m scripts.write seven.jpg --gif seven.gif --svg seven.svg
  python -m scripts.write sheet.png --grid 6x8 --gif sheet.gif --points sheet.ndjson
  python -m scripts.write seven.jpg --alternatives 3 --gif seven.gif
  python -m scripts.write g.jpg --checkpoint out/letters-run --label g --gif g.gif
"""

import dataclasses
import functools
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from scripts.shared import console
from scripts.shared.console import RecognizerPath, WriterPath
from scripts.shared.labels import check_label
from scripts.shared.pictures import PictureOptions, Reader
from strokes.classes import DIGITS, Classes
from strokes.files import atomic_path
from strokes.pictures.names import Centring, Form
from strokes.weights import GREY_RECOGNIZER, SHIPPED_WRITER
from train.errors import RunError
from train.figures.kinds import check_size, kind_of
from train.stroke_model.run_folder import check_checkpoint, checkpoint_classes

if TYPE_CHECKING:
    from strokes.pictures.digits import PreparedDigit
    from strokes.writing.inference import Written
    from strokes.writing.writer import Writer


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
    label: str | None = None
    """Write this digit, or other class, by its name, whatever the recogniser reads."""
    refine: int = 0
    """Steps of gradient descent on the points of each digit, after the model wrote it."""
    alternatives: int = 1
    """Ways in which each digit is written, best first; fewer where it has fewer plans."""
    plan: int | None = None
    """Write by the plan of this number, from 0, whatever the picture tells."""
    checkpoint: WriterPath = SHIPPED_WRITER
    """Folder of a run, or weights that release_model packed."""
    recognizer: RecognizerPath = GREY_RECOGNIZER
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
    console.check_refinement(options.refine)
    _check_ways(options.alternatives, options.plan)
    check_size(options.size, options.seconds, columns=options.columns)


def _check_label(options: Options, classes: Classes) -> None:
    """Refuse what no model of these classes writes."""
    if options.label is not None:
        check_label(options.label, classes)
    elif not _is_read(options, classes):
        raise RunError(
            f"--checkpoint {options.checkpoint}: it writes other classes than the shipped "
            "recogniser reads; give --label, or a --recognizer of these"
        )


def _is_read(options: Options, classes: Classes) -> bool:
    """Whether there is a recogniser of what the model writes."""
    return classes == DIGITS or options.recognizer != GREY_RECOGNIZER


def _load(path: Path) -> "Writer":
    from train.stroke_model.model import load_writer

    return load_writer(path)


def _unread_form(writer: "Writer", centring: Centring) -> Form:
    """What pictures are prepared as for a model whose classes nothing reads."""
    return Form(centring, writer.config.networks.decoder.picture_height, digits=False)


def _check_ways(alternatives: int, plan: int | None) -> None:
    if alternatives < 1:
        raise RunError(f"--alternatives {alternatives}: expected a number of ways, at least 1")
    if plan is not None and plan < 0:
        raise RunError(f"--plan {plan}: expected the number of a plan, 0 or more")
    if plan is not None and alternatives > 1:
        raise RunError(
            f"--plan {plan} with --alternatives {alternatives}: a plan is one way; give one of them"
        )


class _Read(NamedTuple):
    """What a picture was read as; what it was said to be where nothing reads it."""

    label: int
    said: str


def _read(
    options: Options, classes: Classes, reader: Reader, digits: Sequence["PreparedDigit"]
) -> list[_Read]:
    """What each picture shows, as far as it can be read."""
    if not _is_read(options, classes):
        assert options.label is not None
        return [_Read(classes.number(options.label), options.label)] * len(digits)
    import numpy as np

    recognizer = reader.recognizer
    certainties = recognizer.probabilities(np.stack([one.prepared.picture for one in digits]))
    names = recognizer.classes.names
    return [
        _Read(classes.number(names[sure.argmax()]), f"{names[sure.argmax()]} {sure.max():.1%}")
        for sure in certainties
    ]


def _report(
    digits: Sequence["PreparedDigit"], read: Sequence[_Read], written: "Written | None"
) -> None:
    """Say what each digit was read as, and by which plans it was written, if there are any."""
    import numpy as np

    for index, (digit, one) in enumerate(zip(digits, read, strict=True)):
        line = f"{digit.where}: {one.said}"
        if written is not None:
            mine = written.of(np.flatnonzero(written.picture_index == index))
            ways = zip(mine.plan, mine.plan_probability, strict=True)
            line += "; " + ", ".join(f"plan {plan} {likely:.0%}" for plan, likely in ways)
        print(line)


def _write_points(
    path: Path, digits: Sequence["PreparedDigit"], written: "Written", writer: "Writer"
) -> None:
    from strokes.formats.ndjson import write_recordings
    from strokes.ink import CANVAS, Recording

    recordings = []
    for row, strokes in enumerate(written.strokes):
        source = f"written by a model: {digits[written.picture_index[row]].where}"
        way = ""
        if writer.plans is not None:
            way = f"plan {written.plan[row]}, {written.plan_probability[row]:.0%}"
        recordings.append(Recording(int(written.label[row]), strokes, CANVAS, source, way))
    write_recordings(recordings, path, writer.classes)
    print(f"points: {path}")


def _svg_places(path: Path, digits: Sequence["PreparedDigit"], written: "Written") -> list[Path]:
    """The file of each row, named by its digit where there are many, and by its way but the first.

    Raises:
      RunError: two would have the same name.
    """
    import numpy as np

    firsts = np.searchsorted(written.picture_index, written.picture_index)
    places: dict[Path, int] = {}
    for row, (index, first) in enumerate(zip(written.picture_index, firsts, strict=True)):
        name = [path.stem, *(digits[index].name.parts if len(digits) > 1 else ())]
        name += [str(row - first + 1)] if row > first else []
        place = path.with_name("-".join(name) + path.suffix)
        if place in places:
            raise RunError(
                f"--svg {path}: two drawings would be named {place.name}; rename a picture, "
                "or write them in runs of their own"
            )
        places[place] = row
    return list(places)


def _write_svgs(places: Sequence[Path], written: "Written", seconds: float | None) -> None:
    for row, place in enumerate(places):
        with atomic_path(place) as temporary:
            temporary.write_text(written.svg(row, seconds=seconds))
        print(f"strokes: {place}")


def main(args: Sequence[str]) -> int:
    """Read, write and say what was done; what cannot be prepared makes the status 2."""
    options = console.parse(Options, args=args)
    _check(options)
    check_checkpoint(options.checkpoint)
    console.check_file("--recognizer", options.recognizer)
    classes = checkpoint_classes(options.checkpoint)
    _check_label(options, classes)
    reader = Reader(options.recognizer, classes)
    load = functools.cache(functools.partial(_load, options.checkpoint))
    if _is_read(options, classes):
        source = options.source.digits(separate=reader.separate, form=reader.form)
    else:
        source = options.source.digits(form=lambda centring: _unread_form(load(), centring))
    # The stages of a photo take megabytes, and nobody looks at them here.
    digits = [one._replace(prepared=one.prepared._replace(stages=())) for one in source]
    if not digits:
        return source.status
    import numpy as np

    writer = load()
    pictures = np.stack([digit.prepared.picture for digit in digits])
    read = _read(options, classes, reader, digits)
    labels = [one.label for one in read]
    if options.label is not None:
        labels = [classes.number(options.label)] * len(digits)
    written = writer.write(
        pictures,
        np.array(labels),
        refine=options.refine,
        alternatives=options.alternatives,
        plan=options.plan,
    )
    planned = writer.plans is not None
    asked = options.alternatives > 1 or options.plan is not None
    _report(digits, read, written if planned and asked else None)
    if options.alternatives > 1 and not planned:
        print(f"{options.checkpoint} knows no plans: each is written in one way", file=sys.stderr)
    places = _svg_places(options.svg, digits, written) if options.svg is not None else []
    if options.gif is not None:
        from train.figures.files import save

        save(
            options.gif,
            writer.figure(written),
            size=options.size,
            columns=min(options.columns, len(written.label)),
            seconds=options.seconds,
            progress=console.ProgressBar,
        )
        print(f"animation: {options.gif}")
    if options.points is not None:
        _write_points(options.points, digits, written, writer)
    _write_svgs(places, written, options.seconds if options.animated else None)
    return source.status


if __name__ == "__main__":
    console.run(main)
