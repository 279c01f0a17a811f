"""Ask a model what it writes without a proper picture: constants, and wrong labels.

Fed with a constant, each digit comes out as the average that the model knows. Fed with a
picture under a wrong label, a decoder that is told the label draws what it was told, as
far as the picture lets it.

Examples:
  python -m scripts.probe --checkpoint out/run --out constants.gif
  python -m scripts.probe --checkpoint out/run --indices 0 7 --out wrong-labels.png
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from scripts.shared.written_sets import pictures_of
from train.errors import RunError
from train.figures.kinds import check_size, kind_of
from train.stroke_model.run_folder import check_checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from strokes.writing.writer import Writer


@dataclasses.dataclass(frozen=True)
class Options:
    """What to feed, and where to draw."""

    checkpoint: Path
    """Folder of the run whose model writes."""
    out: Path = Path("out/probe.gif")
    """File to write: .gif, .png or .mp4."""
    constants: tuple[float, ...] = (0.0, 1.0)
    """Pictures of one value each, 0 for paper to 1 for ink, written under each label."""
    indices: tuple[int, ...] = ()
    """Test pictures of the run's set to write under each label, instead of CONSTANTS."""
    size: int = 84
    """Edge of each digit in pixels, 28 to 1024."""
    seconds: float = 2.4
    """Length of the drawing; the end is then held."""


def probe_pictures(options: Options, writer: "Writer") -> "npt.NDArray[np.float32]":
    """The pictures that are fed, ``[n, H, W]`` as the model reads them."""
    import numpy as np

    if options.indices:
        images = pictures_of(writer, "", "test").images
        wrong = [index for index in options.indices if not 0 <= index < len(images)]
        if wrong:
            raise RunError(f"--indices {wrong[0]}: expected 0 to {len(images) - 1}")
        return images[list(options.indices)].astype(np.float32)
    decoder = writer.config.networks.decoder
    size = decoder.picture_height, decoder.picture_width
    return np.stack([np.full(size, value, np.float32) for value in options.constants])


def main(args: Sequence[str]) -> int:
    """Feed, draw, and say where the file is."""
    options = console.parse(Options, args=args)
    check_size(options.size, options.seconds)
    kind_of(options.out)
    if not options.constants:
        raise RunError("--constants: expected at least one value")
    for value in options.constants:
        if not 0 <= value <= 1:
            raise RunError(f"--constants {value}: expected 0 (paper) to 1 (ink)")
    check_checkpoint(options.checkpoint)
    from train.experiments.probe import under_each_label
    from train.figures.files import save
    from train.stroke_model.model import load_writer

    writer = load_writer(options.checkpoint)
    save(
        options.out,
        under_each_label(writer, probe_pictures(options, writer)),
        size=options.size,
        columns=len(writer.classes),
        seconds=options.seconds,
        progress=console.ProgressBar,
    )
    print(f"drawn: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
