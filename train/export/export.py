"""What a writer writes for whole splits, into Parquet, arrays, a card and sums."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from strokes.files import SUMS_FILE, staged_files, write_checksums
from strokes.formats.npz import write_npz
from strokes.formats.parquet import Pictured, write_parquet
from strokes.formats.sequences import Sequences, sequence_ids
from strokes.writing.inference import Written
from strokes.writing.writer import Writer
from train.evaluation.faithfulness import faithfulness_measures
from train.evaluation.tally import Scores, Tally
from train.export.card import dataset_card
from train.export.formats import write_formats
from train.export.names import FormatName
from train.export.sources import ExportSource
from train.progress import Progress
from train.stroke_model.config_files import config_to_dict
from train.stroke_model.model import training_config


def to_sequences(written: Written, split: str, first: int) -> Sequences:
    """What was written for a chunk, as it is exported; ``first`` is its place in the split."""
    indices = np.arange(first, first + len(written.label), dtype=np.int32)
    points = written.points.copy()
    points[..., 2] = written.pen_up
    return Sequences(
        sequence_ids(split, indices),
        indices,
        written.label.astype(np.int64),
        points,
        written.points[..., 2].copy(),
        written.mse,
        written.plan,
        written.plan_probability,
    )


def written_digits(
    writer: Writer,
    source: ExportSource,
    tally: Tally,
    *,
    refined: int,
    first: int = 0,
    progress: Progress | None = None,
) -> Iterator[Pictured]:
    """What is exported of a source, as its digits are read.

    Args:
      writer: that writes.
      source: the pictures.
      tally: told the measures of each.
      refined: steps of refinement.
      first: place of the first digit in its split.
      progress: told of every digit.
    """
    for part in source.digits:
        for written in writer.write_thinned(part.images, part.labels, refined=refined):
            tally.add(faithfulness_measures(written), written.label)
            pictures = np.round(255.0 * written.pictures).astype(np.uint8)
            yield Pictured(to_sequences(written, source.split, first), pictures)
            first += len(written.label)
            if progress is not None:
                progress.advance(len(written.label))


def export_metadata(writer: Writer, *, refined: int = 0) -> dict[str, str]:
    """What an exported Parquet file says of the writer that made it."""
    return {
        "format": "handwritten sequences, version 1",
        "config": json.dumps(config_to_dict(training_config(writer))),
        "step": str(writer.step),
        "refine": str(refined),
    }


def export(
    writer: Writer,
    sources: Sequence[ExportSource],
    out: Path,
    progress: Progress,
    *,
    name: str,
    refined: int = 0,
    formats: Sequence[FormatName] = (),
) -> dict[str, Scores]:
    """Write every split, the ``.npz`` of all, the card and the sums: all of them or none.

    Args:
      writer: that writes.
      sources: the splits.
      out: folder to write into; files of the same names are replaced.
      progress: told of every digit.
      name: of the ``.npz``.
      refined: steps of refinement.
      formats: in which the sequences are written too.

    Returns:
      each split's scores.

    Raises:
      OSError: they cannot be written; what was there stays.
    """
    metadata = export_metadata(writer, refined=refined)
    files: dict[str, Path] = {}
    scores: dict[str, Scores] = {}
    count = 0
    with staged_files(out) as stage:
        for source in sources:
            tally = Tally(writer.classes)
            files[source.split] = stage / f"{source.split}.parquet"
            chunks = written_digits(writer, source, tally, refined=refined, progress=progress)
            count += write_parquet(
                chunks, files[source.split], metadata=metadata, classes=writer.classes
            )
            scores[source.split] = tally.scores()
        collected = stage / f"{name}.npz"
        write_npz(files, collected)
        others = write_formats(formats, files, stage, name, classes=writer.classes)
        card = stage / "README.md"
        parquet = {split: [path] for split, path in files.items()}
        card.write_text(
            dataset_card(
                writer, scores, parquet, collected, count=count, refined=refined, others=others
            )
        )
        write_checksums([*files.values(), collected, *others, card], stage / SUMS_FILE)
    return scores
