r"""Draw digits stroke by stroke: an animated GIF, an MP4, or a PNG sheet.

Three rows: ground truth, the pen drawing it, and the reconstruction by the rasterizer.
The kind of file follows from the name's ending; .mp4 needs the extra "video".

Examples:
  python -m scripts.render_gif --checkpoint out/run --out digits.gif
  python -m scripts.render_gif --dataset out/handwritten-mnist/test.parquet \
      --digits 3 1 4 1 5 --size 160 --out pi.gif
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from train.errors import RunError
from train.figures.kinds import check_size, kind_of
from train.stroke_model.run_folder import check_checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from strokes.figures.animation import StrokeFigure


@dataclasses.dataclass(frozen=True)
class Options:
    """What to draw."""

    out: Path = Path("out/digits.gif")
    """File to write: .gif, .png or .mp4."""
    checkpoint: Path | None = None
    """Folder of the run whose model writes."""
    dataset: Path | None = None
    """Exported .parquet file to draw from, instead of a checkpoint."""
    digits: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
    """Labels to draw, in this order; a random test digit of each."""
    indices: tuple[int, ...] = ()
    """Places in MNIST's test split (or in the file) to draw, instead of DIGITS."""
    size: int = 84
    """Edge of each digit in pixels, 28 to 1024."""
    columns: int = 10
    """Digits side by side; further ones go below."""
    seconds: float = 2.4
    """Length of the drawing; the end is then held."""
    seed: int = 0
    """Decides which digits are drawn."""


def _choose(options: Options, labels: "npt.NDArray[np.int32]") -> "npt.NDArray[np.int64]":
    """Places of the digits to draw."""
    import numpy as np

    if options.indices:
        wrong = [index for index in options.indices if not 0 <= index < len(labels)]
        if wrong:
            raise RunError(f"--indices {wrong[0]}: expected 0 to {len(labels) - 1}")
        return np.array(options.indices, np.int64)
    generator = np.random.default_rng(options.seed)
    chosen = []
    for digit in options.digits:
        places = np.flatnonzero(labels == digit)
        if not len(places):
            raise RunError(f"--digits {digit}: there is none; expected 0 to 9")
        chosen.append(int(generator.choice(places)))
    return np.array(chosen, np.int64)


def _from_checkpoint(options: Options, run: Path) -> "StrokeFigure":
    from datasets import load_thinned

    images, labels = load_thinned("test")
    chosen = _choose(options, labels)
    from strokes.writing.inference import concatenated
    from train.stroke_model.model import load_writer

    writer = load_writer(run)
    return writer.figure(concatenated(writer.write_thinned(images[chosen], labels[chosen])))


def _from_dataset(options: Options, file: Path) -> "StrokeFigure":
    import numpy as np

    from strokes.formats.parquet import read_parquet
    from train.export.figures import exported_figure, mnist_split

    sequences = read_parquet(file)
    split = mnist_split(file, sequences)
    chosen = _choose(options, sequences.label.astype(np.int32))
    return exported_figure(file, sequences, split, chosen)


def _check(options: Options) -> None:
    """Refuse options that do not fit together."""
    if (options.checkpoint is None) == (options.dataset is None):
        raise RunError("give one of --checkpoint RUN and --dataset FILE.parquet")
    check_size(options.size, options.seconds, columns=options.columns)
    if not options.digits and not options.indices:
        raise RunError("--digits: expected at least one")
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
