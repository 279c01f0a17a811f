"""The card of an exported dataset: what it is, how it was made, how to read it."""

import json
from pathlib import Path

from train.evaluate import Scores
from train.model import Model
from train.run_folder import config_to_dict, device_name


def _score_table(scores: Scores) -> str:
    names = list(scores["all"])
    lines = [f"| digit | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    for digit, means in [*scores["digits"].items(), ("all", scores["all"])]:
        lines.append(f"| {digit} | {' | '.join(f'{means[name]:.4f}' for name in names)} |")
    return "\n".join(lines)


def dataset_card(
    model: Model,
    scores: dict[str, Scores],
    files: dict[str, Path],
    collected: Path,
    *,
    refined: int = 0,
) -> str:
    """The card in Markdown, with the metadata header that dataset hubs read."""
    loss, decoder = model.config.loss, model.config.networks.decoder
    kind = "ten decoders, one for each digit" if model.config.networks.ensemble else "one decoder"
    tables = "\n\n".join(
        f"Split `{split}`:\n\n{_score_table(found)}" for split, found in scores.items()
    )
    taught = (
        "It learned to write by drawing its points through a\ndifferentiable rasterizer and "
        "comparing with the picture"
    )
    if model.config.recordings.source != "none":
        taught += f",\nand from pen recordings (`{model.config.recordings.source}`)"
    after = (
        f"\nAfter that, {refined} steps of gradient descent moved each digit's points closer to "
        "its picture.\n"
        if refined
        else ""
    )
    listing = "\n".join(f"- `{path.name}`: split `{split}`" for split, path in files.items())
    data_files = "\n".join(
        f"      - split: {split}\n        path: {path.name}" for split, path in files.items()
    )
    return f"""---
license: cc-by-sa-3.0
pretty_name: Handwritten digit sequences
configs:
  - config_name: default
    data_files:
{data_files}
---

# Handwritten digit sequences

Every digit as the pen trajectory that a neural network wrote for it: {decoder.points} points each.
{taught}.
{after}
## Files

{listing}
- `{collected.name}`: all splits as NumPy arrays, without pickle
- `SHA256SUMS`: check with `sha256sum --check SHA256SUMS`

## Columns

| column | type | meaning |
|---|---|---|
| `id` | string | split and index |
| `mnist_index` | int32 | place of the picture in its split, in its own order |
| `label` | int64 | the digit; it was given to the network |
| `points` | {decoder.points} x 3 float32 | x to the right and y **down**, both \
in [0, 1] of the canvas; pen_up, 1 where the pen is lifted after the point, else 0 |
| `softness` | {decoder.points} float32 | softness of the segment that begins at the point, \
in 1/canvas units |
| `mse` | float32 | mean squared difference between differentiable drawing and picture |

The arrays of the `.npz` are named `SPLIT_points`, `SPLIT_label` and so on; it has no `id`.
A pixel (row r, column c) of a 28x28 picture covers [c/28, (c+1)/28) x [r/28, (r+1)/28).
The pen is lifted where `softness` is at most the threshold of the `{loss.line}` line; the last
point always ends a stroke.

Training and test digits are apart, as in the source.

## How it was made

Model: {kind}, {decoder.layers} LSTM layers of {decoder.width} units, after {model.step} steps; \
seed {model.config.seed}; exported on {device_name()}. Configuration:

```json
{json.dumps(config_to_dict(model.config), indent=2)}
```

## Scores

`iou` and `chamfer_px` (pixels) compare the hard drawing, 1 px wide, with the thinned picture;
`mse_soft` and `mse_hard` are the mean squared differences of the differentiable and of the
hard drawing.

{tables}

## Mind

The network was told the label. A classifier trained on these strokes can read the label
back even where the picture is ambiguous: do not compare its accuracy with that of
classifiers of the pictures.

## Licence and sources

The sequences derive from MNIST (Y. LeCun, C. Cortes, C. Burges), CC BY-SA 3.0, and so they
are CC BY-SA 3.0 too. The code is MIT. Thinning follows E. de Jong's MNIST digits stroke
sequence data (2016); the method follows Grzego's "MNIST to handwriting" (2017).
"""
