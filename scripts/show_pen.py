"""Draw a file of pen recordings as a sheet, and as an animation if asked.

Reads ndjson (the package's format, or Quick, Draw!), UCI Pen-Based Digits, UNIPEN, UJI, InkML,
de Jong's sequences, arrays of points and labels, sketch-rnn's .npz, and exports. Without a file it
shows the package's own recordings.

Examples:
  python -m scripts.show_pen --out out/pen.png --gif out/pen.gif
  python -m scripts.show_pen --recordings mine.ndjson --each 20
  python -m scripts.show_pen --recordings sevens.npz --label 7
  python -m scripts.show_pen --recordings letters.ndjson --set letters
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tyro

from datasets.picture_sets import classes_and_size
from scripts.shared import console
from scripts.shared.labels import check_label
from scripts.shared.sets import check_set
from strokes.files import atomic_path
from train.errors import RunError

if TYPE_CHECKING:
    from strokes.figures.cells import Cell
    from strokes.ink import Recording

_POINTS = 128  # finer than any recording's corners on a cell
_FRAMES = 24
_FRAME_MS = 60
_HOLD = 8  # frames that the finished sheet stays


@dataclasses.dataclass(frozen=True)
class Options:
    """What to draw."""

    recordings: Annotated[
        Path | None, tyro.conf.arg(help_behavior_hint="(default: the package's own)")
    ] = None
    """File of recordings, or folder of de Jong's sequences."""
    set: str = "digits"
    """What labels mean: "digits", "letters", or the classes of a prepared file of pictures."""
    label: str | None = None
    """The digit, or other class, of ink of which the file does not say it, by its name."""
    strict: bool = False
    """Refuse a file of which anything cannot be meant; else that is passed over and counted."""
    out: Path = Path("out/pen.png")
    """Sheet to write."""
    gif: Path | None = None
    """Animation to write."""
    each: int = 12
    """At most so many of each class, the first ones."""
    size: int = 96
    """Edge of a cell in pixels."""


def _sheet(
    rows: list[list["Recording"]], captions: list[str], size: int, progress: float
) -> "Cell":
    from strokes.figures.cells import grid, pen_cell
    from strokes.resampling import fit_to_canvas, resample

    cells = []
    for row in rows:
        paths = [resample(fit_to_canvas(recording), _POINTS) for recording in row]
        cells.append(
            [
                pen_cell(path, up, size, progress=progress, coloured=True, tip=progress < 1.0)
                for path, up in paths
            ]
        )
    return grid(cells, captions=captions)


def main(args: Sequence[str]) -> int:
    """Draw, and say what was drawn."""
    options = console.parse(Options, args=args)
    if options.each < 1 or not 16 <= options.size <= 1024:
        raise RunError(
            f"--each {options.each} --size {options.size}: expected at least 1, and 16 to 1024"
        )
    if options.recordings is not None:
        console.check_there("--recordings", options.recordings)
    elif options.set != "digits":
        raise RunError(f"--set {options.set}: give --recordings, a file of these classes")
    check_set("--set", options.set)
    import numpy as np

    from datasets.recordings import OWN_RECORDINGS
    from strokes.formats.gif import encode_gif
    from strokes.formats.png import encode_png
    from strokes.formats.recordings import read_recordings

    source = options.recordings or OWN_RECORDINGS
    classes, *_ = classes_and_size(options.set)
    label = None
    if options.label is not None:
        check_label(options.label, classes)
        label = classes.number(options.label)
    recordings = read_recordings(source, classes=classes, label=label, strict=options.strict)
    labels = np.array([recording.label for recording in recordings])
    shown = np.unique(labels).tolist()
    rows = [
        [recordings[index] for index in np.flatnonzero(labels == number)[: options.each]]
        for number in shown
    ]
    captions = [classes.names[number] for number in shown]
    with atomic_path(options.out) as temporary:
        temporary.write_bytes(encode_png(_sheet(rows, captions, options.size, 1.0)))
    if options.gif is not None:
        frames = [
            _sheet(rows, captions, options.size, (frame + 1) / _FRAMES) for frame in range(_FRAMES)
        ]
        frames += [frames[-1]] * _HOLD
        with atomic_path(options.gif) as temporary:
            temporary.write_bytes(encode_gif(frames, [_FRAME_MS] * len(frames)))
    counts = ", ".join(
        f"{name}: {int((labels == number).sum())}"
        for name, number in zip(captions, shown, strict=True)
    )
    print(f"{len(recordings):,} recordings ({counts}): {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
