"""Train the neural line on random lines that are drawn as OpenCV draws them.

Prints its error on held-out lines beside those of the analytic lines. A stroke model takes
its line by --neural-line FILE, or else from train/neural_line/neural-line.safetensors.

Example:
  python -m scripts.train_line --lines 200000 --out out/line.safetensors
"""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.shared import console
from train.figures.tables import text_table
from train.neural_line.config import LineConfig

if TYPE_CHECKING:
    from rasterizer import NeuralLine

_GLANCE = 500  # lines that a report during training measures
_REPORTS = 20


@dataclasses.dataclass(frozen=True)
class Options:
    """What to train, and where to write it."""

    training: LineConfig = dataclasses.field(default_factory=LineConfig)
    """How it is trained."""
    out: Path = Path("out/neural-line.safetensors")
    """File to write: weights in half precision."""


def _table(rows: dict[str, dict[str, float]]) -> str:
    cells = [[name, f"{row['mse']:.5f}", f"{row['iou']:.4f}"] for name, row in rows.items()]
    return text_table(["line", "mse", "iou"], cells)


def main(args: Sequence[str]) -> int:
    """Train, measure and write."""
    options = console.parse(Options, args=args)
    import jax
    import jax.numpy as jnp

    from strokes.weights.files import save_weights
    from train.device import device_name
    from train.neural_line.scores import HELD_OUT, all_line_scores, held_out_lines, neural_scores
    from train.neural_line.training import train_line

    glance = held_out_lines(_GLANCE)
    started, shown, done = time.monotonic(), 0, 0
    weights: NeuralLine | None = None
    with console.ProgressBar(options.training.lines, label="training", unit=" lines") as bar:
        for seen, weights, loss in train_line(options.training):
            bar.advance(seen - done)
            done = seen
            if seen * _REPORTS >= (shown + 1) * options.training.lines:
                shown = seen * _REPORTS // options.training.lines
                now = neural_scores(weights, glance)
                seconds = time.monotonic() - started
                bar.line(
                    f"{seen:,} lines: cross entropy {loss:.4f}, held-out mse {now['mse']:.5f}, "
                    f"iou {now['iou']:.4f}, {seconds:.0f} s"
                )
    assert weights is not None
    kept = jax.tree.map(lambda leaf: leaf.astype(jnp.float16).astype(jnp.float32), weights)
    rows = all_line_scores(kept)
    facts = {
        "training": dataclasses.asdict(options.training),
        "held_out": {"lines": HELD_OUT, **rows["neural"]},
        "device": device_name(),
    }
    save_weights(options.out, weights, facts=facts)
    print(f"on {HELD_OUT:,} held-out lines:\n{_table(rows)}\nneural line: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
