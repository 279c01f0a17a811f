r"""Draw digits stroke by stroke: an animated GIF, an MP4, or a PNG sheet.

Three rows: ground truth, the pen drawing it, and the reconstruction by the rasterizer.
The kind of file follows from the name's ending; .mp4 needs the extra "video".

Examples:
  python -m scripts.render_gif --checkpoint out/run --out digits.gif
  python -m scripts.render_gif --dataset out/handwritten-mnist/test.parquet \
      --digits 3 1 4 1 5 --size 160 --out pi.gif
"""

import dataclasses
import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path

import imageio.v3 as iio
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from datasets import load_thinned
from datasets.files import atomic_path
from datasets.sequences import Sequences, read_metadata, read_parquet
from scripts import console
from train.animation import FRAME_MS, Drawn, drawn_by, frame_durations, frames, still
from train.errors import RunError
from train.losses import draw
from train.model import load_model
from train.pictures import Cell
from train.run_folder import config_from_dict

_SIZES = (28, 1024)


@dataclasses.dataclass(frozen=True)
class Options:
    """What to draw."""

    out: Path = Path("digits.gif")
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


def _choose(options: Options, labels: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
    """Places of the digits to draw."""
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


def _from_checkpoint(options: Options, run: Path) -> Drawn:
    model = load_model(run)
    images, labels = load_thinned("test")
    chosen = _choose(options, labels)
    return drawn_by(model, images[chosen], labels[chosen])


def _from_dataset(options: Options, file: Path) -> Drawn:
    sequences: Sequences = read_parquet(file)
    split = sequences.id[0].rsplit("-", 1)[0] if sequences.id else ""
    if split not in ("train", "test"):
        raise RunError(
            f"{file}: its digits are not MNIST's, so there is no ground truth to show; "
            "draw from a checkpoint"
        )
    images, _ = load_thinned(split)  # type: ignore[arg-type]
    chosen = _choose(options, sequences.label.astype(np.int32))
    points, softness = sequences.points[chosen], sequences.softness[chosen]
    soft_points = np.concatenate([points[..., :2], softness[..., None]], axis=-1)
    loss = config_from_dict(json.loads(read_metadata(file)["config"])).loss
    drawings = draw(jnp.asarray(soft_points), loss, height=28, width=28)
    targets = images[sequences.mnist_index[chosen]]
    return Drawn(targets, points, points[..., 2] > 0.5, np.asarray(drawings))


def check_size(size: int, seconds: float, *, columns: int = 1) -> None:
    """Refuse cells or animations of a size that makes no picture."""
    if not _SIZES[0] <= size <= _SIZES[1]:
        raise RunError(f"--size {size}: expected {_SIZES[0]} to {_SIZES[1]} pixels")
    if not 0.1 <= seconds <= 60:
        raise RunError(f"--seconds {seconds}: expected 0.1 to 60")
    if columns < 1:
        raise RunError(f"--columns {columns}: expected at least 1")


def kind_of(path: Path, *, option: str = "--out") -> str:
    """The kind of file that a name asks for: ".gif", ".png" or ".mp4"."""
    kind = path.suffix.lower()
    if kind not in (".gif", ".png", ".mp4"):
        raise RunError(f"{option} {path}: expected a name that ends in .gif, .png or .mp4")
    if kind == ".mp4" and importlib.util.find_spec("av") is None:
        raise RunError('.mp4 needs the extra "video": pip install -e ".[video]"')
    return kind


def _check(options: Options) -> None:
    """Refuse options that do not fit together."""
    if (options.checkpoint is None) == (options.dataset is None):
        raise RunError("give one of --checkpoint RUN and --dataset FILE.parquet")
    check_size(options.size, options.seconds, columns=options.columns)
    if not options.digits and not options.indices:
        raise RunError("--digits: expected at least one")
    kind_of(options.out)


def _even(frame: Cell) -> Cell:
    """H.264 wants even sides; paper is added below and to the right."""
    height, width = frame.shape[0] % 2, frame.shape[1] % 2
    return np.pad(frame, ((0, height), (0, width), (0, 0)), constant_values=255)


def save(path: Path, drawn: Drawn, *, size: int, columns: int, seconds: float) -> None:
    """Write digits as a still or an animation, as the file's name asks.

    Args:
      path: ends in .gif, .png or .mp4; written atomically.
      drawn: what to show.
      size: edge of a digit's cell in pixels.
      columns: digits side by side.
      seconds: length of the drawing in an animation.
    """
    kind = kind_of(path)
    if kind == ".png":
        with atomic_path(path) as temporary:
            iio.imwrite(temporary, still(drawn, size, columns=columns))
        return
    durations = frame_durations(seconds)
    pictures = []
    with console.ProgressBar(len(durations), label="drawing", unit=" frames") as bar:
        for picture in frames(drawn, size, columns=columns, seconds=seconds):
            pictures.append(picture)
            bar.advance(1)
    with atomic_path(path) as temporary:
        if kind == ".gif":
            iio.imwrite(temporary, pictures, duration=durations, loop=0)
            return
        repeated = [
            _even(picture)
            for picture, duration in zip(pictures, durations, strict=True)
            for _ in range(duration // FRAME_MS)
        ]
        iio.imwrite(temporary, repeated, plugin="pyav", codec="libx264", fps=1000 // FRAME_MS)


def main(args: Sequence[str]) -> int:
    """Draw, and say where the file is."""
    options = console.parse(Options, args=args)
    _check(options)
    if options.checkpoint is not None:
        drawn = _from_checkpoint(options, options.checkpoint)
    else:
        assert options.dataset is not None
        drawn = _from_dataset(options, options.dataset)
    save(options.out, drawn, size=options.size, columns=options.columns, seconds=options.seconds)
    print(f"drawn: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
