"""The card of an exported dataset: what it is, how it was made, how to read it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from string import Template

from datasets.recordings import SETS
from strokes.classes import DIGITS, Classes
from strokes.networks.config import NetworksConfig
from strokes.writing.writer import Writer
from train.device import device_name
from train.evaluation.tally import Scores, score_rows
from train.figures.tables import markdown_table
from train.stroke_model.config_files import config_to_dict
from train.stroke_model.model import training_config

_WITH_NUMPY = """
With NumPy alone:

```python
import numpy as np

points = np.load("{file}")["{split}_points"]  # float32 [N, {points}, 3]
```
"""
_ARRAYS = (
    "The arrays of the `.npz` are named `SPLIT_points`, `SPLIT_label` and so on; it has no `id` "
    "and no `image`.\n"
)
_TEMPLATE = Path(__file__).with_suffix(".md")


def _taught(source: str) -> str:
    """From what the writer learned, as a sentence without its end."""
    pictures = (
        "It learned to write by drawing its points through a\ndifferentiable rasterizer and "
        "comparing with the picture"
    )
    return pictures if source == "none" else f"{pictures},\nand from pen recordings (`{source}`)"


def _credit(source: str) -> str:
    """Whom to name for the recordings."""
    known = SETS.get(source)
    if known is None or not known.credit:
        return ""
    return f"\nThe pen recordings that taught the writer: {known.credit}."


def _after(refined: int) -> str:
    if not refined:
        return ""
    return (
        f"\nAfter that, {refined} steps of gradient descent moved the points of each closer to "
        "its picture.\n"
    )


def _along(writer: Writer) -> str:
    """Where the points lie, if they are not the decoder's own."""
    drawing, decoder = writer.config.drawing, writer.config.networks.decoder
    if drawing.pieces == 1:
        return ""
    return (
        f"\nThe network itself emits {decoder.points} points. Those of these files lie along the "
        f"{drawing.curve} curve\nthat they make, {drawing.pieces} for each of its segments; joined "
        "by straight lines they are what was drawn\nand scored.\n"
    )


def _one(classes: Classes) -> str:
    """What one that is written is called."""
    return "digit" if classes == DIGITS else "character"


def _kind(networks: NetworksConfig) -> str:
    if not networks.ensemble:
        return "one decoder"
    if networks.classes == len(DIGITS):
        return "ten decoders, one for each digit"
    return f"{networks.classes} decoders, one for each character"


def _said_of_set(name: str, classes: Classes) -> dict[str, str]:
    """What the card says of the pictures that taught, of which most are exported."""
    if name == "digits":
        return {
            "licence": "cc-by-sa-3.0",
            "tag": "\n  - mnist",
            "label": "the digit",
            "names": '"0" to "9"',
            "origin": (
                "The sequences derive from MNIST (Y. LeCun, C. Cortes, C. Burges), CC BY-SA 3.0, "
                "and so they\nare CC BY-SA 3.0 too."
            ),
        }
    known = SETS.get(name)
    licence, whose = "other", f"The sequences derive from the pictures of `{Path(name).name}`."
    if known is not None and known.credit:
        licence, whose = "cc-by-4.0", f"The sequences derive from recordings of {known.credit}."
    return {
        "licence": licence,
        "tag": "",
        "label": "number of the class, whose name stands in the features of the schema",
        "names": f"{len(classes):,} of them, {classes.names[0]!r} first",
        "origin": whose,
    }


def _plans(writer: Writer) -> str:
    """How many strokes each plan of each class has, if the writer knows plans."""
    if writer.plans is None:
        return "This writer knows no plans: `plan` is 0 and `plan_probability` 1 everywhere."
    names = [f"plan {plan}" for plan in range(writer.plans.most)]
    rows = [
        [name, *(str(len(plan)) for plan in plans), *[""] * (len(names) - len(plans))]
        for name, plans in zip(writer.classes.names, writer.plans.counts, strict=True)
    ]
    one = _one(writer.classes)
    return (
        "A picture does not show in which order and direction it was written; it hints at it. A "
        "second network\nsays from the picture and its label how likely each plan is, and the "
        f"{one} is written by the plan\nthat most likely gives back what the person did. Strokes "
        f"of each plan of this writer:\n\n{markdown_table([one, *names], rows)}"
    )


def _size(count: int) -> str:
    """How hubs name a number of rows."""
    names = ("1K", "10K", "100K", "1M", "10M", "100M", "1B", "10B", "100B", "1T")
    power = max(len(str(count)) - 3, 0)
    if power == 0:
        return f"n<{names[0]}"
    return f"{names[power - 1]}<n<{names[power]}"


def _loaded(split: str) -> str:
    """What Hugging Face calls a split: "all" is a word of its own there."""
    return "train" if split == "all" else split


def _pattern(split: str, files: Sequence[Path]) -> str:
    """What names a split's files, all of them."""
    return files[0].name if len(files) == 1 else f"{split}-*.parquet"


def _listing(
    files: Mapping[str, Sequence[Path]], collected: Path | None, others: Sequence[Path]
) -> Iterator[str]:
    for split, paths in files.items():
        last = f" to `{paths[-1].name}`" if len(paths) > 1 else ""
        yield f"- `{paths[0].name}`{last}: split `{split}`"
    for path in others:
        yield f"- `{path.name}`: the same sequences in another format"
    if collected is not None:
        yield f"- `{collected.name}`: all splits as NumPy arrays, without pickle"


def dataset_card(
    writer: Writer,
    scores: dict[str, Scores],
    files: Mapping[str, Sequence[Path]],
    collected: Path | None,
    *,
    count: int,
    refined: int = 0,
    others: Sequence[Path] = (),
) -> str:
    """The card in Markdown, with the metadata header that dataset hubs read.

    Args:
      writer: that wrote.
      scores: by split.
      files: Parquet by split; several of one are its shards, named ``SPLIT-*.parquet``.
      collected: the arrays of all splits, where there are any.
      count: sequences of all splits.
      refined: steps of refinement.
      others: files of the same sequences in other formats.
    """
    config, decoder = training_config(writer), writer.config.networks.decoder
    split, points = next(iter(files)), writer.config.written_points
    with_numpy = arrays = ""
    if collected is not None:
        with_numpy = _WITH_NUMPY.format(file=collected.name, split=split, points=points)
        arrays = _ARRAYS
    tables = (
        f"Split `{split}`:\n\n{markdown_table(*score_rows(found))}"
        for split, found in scores.items()
    )
    return Template(_TEMPLATE.read_text()).substitute(
        data_files="\n".join(
            f"      - split: {_loaded(split)}\n        path: {_pattern(split, paths)}"
            for split, paths in files.items()
        ),
        listing="\n".join(_listing(files, collected, others)),
        size=_size(count),
        loaded=_loaded(split),
        file=files[split][0].name,
        with_numpy=with_numpy,
        arrays=arrays,
        points=points,
        along=_along(writer),
        plans=_plans(writer),
        layers="one LSTM layer" if decoder.layers == 1 else f"{decoder.layers} LSTM layers",
        units=decoder.width,
        kind=_kind(config.networks),
        one=_one(writer.classes),
        height=decoder.picture_height,
        width=decoder.picture_width,
        **_said_of_set(config.set, writer.classes),
        line=config.drawing.line,
        taught=_taught(config.recordings.source),
        credit=_credit(config.recordings.source),
        after=_after(refined),
        step=writer.step,
        seed=config.seed,
        device=device_name(),
        config=json.dumps(config_to_dict(config), indent=2),
        tables="\n\n".join(tables),
    )
