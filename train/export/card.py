"""The card of an exported dataset: what it is, how it was made, how to read it."""

import json
from collections.abc import Sequence
from pathlib import Path
from string import Template

from datasets.recordings import SETS
from strokes.writing.writer import Writer
from train.device import device_name
from train.evaluation.tally import Scores, score_rows
from train.figures.tables import markdown_table
from train.stroke_model.config_files import config_to_dict
from train.stroke_model.model import training_config

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
        f"\nAfter that, {refined} steps of gradient descent moved each digit's points closer to "
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


def _plans(writer: Writer) -> str:
    """How many strokes each plan of each digit has, if the writer knows plans."""
    if writer.plans is None:
        return "This writer knows no plans: `plan` is 0 and `plan_probability` 1 everywhere."
    names = [f"plan {plan}" for plan in range(writer.plans.most)]
    rows = [
        [str(digit), *(str(len(plan)) for plan in plans), *[""] * (len(names) - len(plans))]
        for digit, plans in enumerate(writer.plans.counts)
    ]
    return (
        "A picture does not show in which order and direction it was written; it hints at it. A "
        "second network\nsays from the picture and its label how likely each plan is, and the "
        "digit is written by the plan\nthat most likely gives back what the person did. Strokes "
        f"of each plan of this writer:\n\n{markdown_table(['digit', *names], rows)}"
    )


def _size(count: int) -> str:
    """How hubs name a number of rows."""
    bounds = {1_000: "n<1K", 10_000: "1K<n<10K", 100_000: "10K<n<100K", 1_000_000: "100K<n<1M"}
    return next((name for bound, name in bounds.items() if count < bound), "1M<n<10M")


def _loaded(split: str) -> str:
    """What Hugging Face calls a split: "all" is a word of its own there."""
    return "train" if split == "all" else split


def dataset_card(
    writer: Writer,
    scores: dict[str, Scores],
    files: dict[str, Path],
    collected: Path,
    *,
    count: int,
    refined: int = 0,
    others: Sequence[Path] = (),
) -> str:
    """The card in Markdown, with the metadata header that dataset hubs read.

    Args:
      writer: that wrote.
      scores: by split.
      files: Parquet by split.
      collected: the arrays of all splits.
      count: sequences of all splits.
      refined: steps of refinement.
      others: files of the same sequences in other formats.
    """
    config, decoder = training_config(writer), writer.config.networks.decoder
    split = next(iter(files))
    tables = (
        f"Split `{split}`:\n\n{markdown_table(*score_rows(found))}"
        for split, found in scores.items()
    )
    return Template(_TEMPLATE.read_text()).substitute(
        data_files="\n".join(
            f"      - split: {_loaded(split)}\n        path: {path.name}"
            for split, path in files.items()
        ),
        listing="\n".join(
            [
                *(f"- `{path.name}`: split `{split}`" for split, path in files.items()),
                *(f"- `{path.name}`: the same sequences in another format" for path in others),
            ]
        ),
        size=_size(count),
        split=split,
        loaded=_loaded(split),
        file=files[split].name,
        collected=collected.name,
        points=writer.config.written_points,
        along=_along(writer),
        plans=_plans(writer),
        layers=decoder.layers,
        width=decoder.width,
        kind="ten decoders, one for each digit" if config.networks.ensemble else "one decoder",
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
