"""Train the neural line on random lines that are drawn as OpenCV draws them.

Prints its error on held-out lines beside those of the analytic lines. A stroke model takes
its line by --neural-line FILE, or else from train/neural-line.safetensors.

Example:
  python -m scripts.train_line --lines 200000 --out out/line.safetensors
"""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

import jax
import jax.numpy as jnp

from rasterizer import LineName, NeuralLine, neural_logits, render
from scripts import console
from train.line_data import Lines
from train.line_training import LineConfig, held_out_lines, line_scores, train_line
from train.run_folder import device_name
from train.weights import save_weights

_HELD_OUT = 4000
_GLANCE = 500  # lines that a report during training measures
_SOFTNESS = (4.5, 5.0, 5.5, 6.0, 7.0)  # log-softness of a pressed analytic line, best one kept
_REPORTS = 20
_LIFTED = 1.0  # softness of a lifted one: its logarithm is 0


@dataclasses.dataclass(frozen=True)
class Options:
    """What to train, and where to write it."""

    training: LineConfig = dataclasses.field(default_factory=LineConfig)
    """How it is trained."""
    out: Path = Path("out/neural-line.safetensors")
    """File to write: weights in half precision."""


def neural_scores(weights: NeuralLine, lines: Lines) -> dict[str, float]:
    """Scores of a neural line on lines."""
    return line_scores(jax.nn.sigmoid(neural_logits(weights, lines.segments)), lines.pictures)


def analytic_scores(line: LineName, lines: Lines) -> tuple[float, dict[str, float]]:
    """The best log-softness of an analytic line on lines, and its scores.

    Its points are the middles of the pixels between which OpenCV drew.
    """
    ends = lines.segments.reshape(-1, 2, 3)
    middles = (jnp.floor(28 * ends[..., :2]) + 0.5) / 28
    lifted = ends[..., 2:] > 0.5
    found = []
    for log_softness in _SOFTNESS:
        softness = jnp.where(lifted, _LIFTED, jnp.exp(log_softness))
        drawn = render(jnp.concatenate([middles, softness], axis=-1), line=line)
        found.append((log_softness, line_scores(drawn, lines.pictures)))
    return min(found, key=lambda one: one[1]["mse"])


def all_line_scores(weights: NeuralLine) -> dict[str, dict[str, float]]:
    """Scores of the three line models on held-out lines, by name."""
    lines = held_out_lines(_HELD_OUT)
    names: tuple[LineName, ...] = ("box", "capsule")
    rows = {"neural": neural_scores(weights, lines)}
    for name in names:
        log_softness, found = analytic_scores(name, lines)
        rows[f"{name}, log-softness {log_softness}"] = found
    return rows


def _table(rows: dict[str, dict[str, float]]) -> str:
    lines = [
        f"{name:>24}  mse {row['mse']:.5f}  iou {row['iou']:.4f}" for name, row in rows.items()
    ]
    return "\n".join(lines)


def main(args: Sequence[str]) -> int:
    """Train, measure and write."""
    options = console.parse(Options, args=args)
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
        "held_out": {"lines": _HELD_OUT, **rows["neural"]},
        "device": device_name(),
    }
    save_weights(options.out, weights, facts)
    print(f"on {_HELD_OUT:,} held-out lines:\n{_table(rows)}\nneural line: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
