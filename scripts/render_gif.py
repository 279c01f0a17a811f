r"""Draw digits, or other characters, stroke by stroke: an animated GIF, an MP4, or a PNG sheet.

Three rows: ground truth, the pen drawing it, and the reconstruction by the rasterizer.
The kind of file follows from the name's ending; .mp4 needs the extra "video".

Examples:
  python -m scripts.render_gif --checkpoint out/run --out digits.gif
  python -m scripts.render_gif --dataset out/handwritten-mnist/test.parquet \
      --digits 3 1 4 1 5 --size 160 --out pi.gif
  python -m scripts.render_gif --checkpoint out/letters --digits h e l l o --out hello.gif
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from scripts.shared.sets import check_set
from train.errors import RunError
from train.figures.kinds import check_size, kind_of
from train.stroke_model.run_folder import check_checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from strokes.classes import Classes
    from strokes.figures.animation import StrokeFigure

_MOST = 100  # classes that are drawn where none is named


@dataclasses.dataclass(frozen=True)
class Options:
    """What to draw."""

    out: Path = Path("out/digits.gif")
    """File to write: .gif, .png or .mp4."""
    checkpoint: Path | None = None
    """Folder of the run whose model writes."""
    dataset: Path | None = None
    """Exported .parquet file to draw from, instead of a checkpoint."""
    digits: tuple[str, ...] = ()
    """Digits, or names of other classes, to draw in this order, a random test picture of each; the
    first hundred of all if not given."""
    indices: tuple[int, ...] = ()
    """Places in the set's test split (or in the file) to draw, instead of DIGITS."""
    set: str = ""
    """Pictures to draw: "digits", "letters", or a prepared file; the run's own if not given."""
    size: int = 84
    """Edge of each digit in pixels, 28 to 1024."""
    columns: int = 10
    """Digits side by side; further ones go below."""
    seconds: float = 2.4
    """Length of the drawing; the end is then held."""
    seed: int = 0
    """Decides which digits are drawn."""


def _choose(
    options: Options, labels: "npt.NDArray[np.int32]", classes: "Classes"
) -> "npt.NDArray[np.int64]":
    """Places of the pictures to draw."""
    import numpy as np

    if options.indices:
        wrong = [index for index in options.indices if not 0 <= index < len(labels)]
        if wrong:
            raise RunError(f"--indices {wrong[0]}: expected 0 to {len(labels) - 1}")
        return np.array(options.indices, np.int64)
    generator = np.random.default_rng(options.seed)
    chosen = []
    for name in options.digits or classes.names[:_MOST]:
        try:
            places = np.flatnonzero(labels == classes.number(name))
        except ValueError as error:
            raise RunError(f"--digits {name}: expected {classes.described}") from error
        if len(places):
            chosen.append(int(generator.choice(places)))
        elif options.digits:
            raise RunError(f"--digits {name}: there is none among the pictures")
    return np.array(chosen, np.int64)


def _from_checkpoint(options: Options, run: Path) -> "StrokeFigure":
    from scripts.shared.written_sets import pictures_of
    from strokes.writing.inference import concatenated
    from train.stroke_model.model import load_writer

    writer = load_writer(run)
    images, labels, classes, _ = pictures_of(writer, options.set, "test")
    chosen = _choose(options, labels, classes)
    return writer.figure(concatenated(writer.write_thinned(images[chosen], labels[chosen])))


def _from_dataset(options: Options, file: Path) -> "StrokeFigure":
    import numpy as np

    from strokes.formats.parquet import read_classes, read_parquet
    from train.export.figures import exported_figure, split_of

    sequences = read_parquet(file)
    split = split_of(file, sequences)
    chosen = _choose(options, sequences.label.astype(np.int32), read_classes(file))
    return exported_figure(file, sequences, split, chosen)


def _check(options: Options) -> None:
    """Refuse options that do not fit together."""
    if (options.checkpoint is None) == (options.dataset is None):
        raise RunError("give one of --checkpoint RUN and --dataset FILE.parquet")
    check_size(options.size, options.seconds, columns=options.columns)
    if options.set and options.checkpoint is None:
        raise RunError("--set goes with --checkpoint: a file says of which set it is")
    if options.set:
        check_set("--set", options.set)
    kind_of(options.out)
    console.check_file("--dataset", options.dataset)
    if options.checkpoint is not None:
        check_checkpoint(options.checkpoint)


def main(args: Sequence[str]) -> int:
    """Draw, and say where the file is."""
    options = console.parse(Options, args=args)
    _check(options)
    if options.checkpoint is not None:
        figure = _from_checkpoint(options, options.checkpoint)
    else:
        assert options.dataset is not None
        figure = _from_dataset(options, options.dataset)
    from train.figures.files import save

    save(
        options.out,
        figure,
        size=options.size,
        columns=options.columns,
        seconds=options.seconds,
        progress=console.ProgressBar,
    )
    print(f"drawn: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
