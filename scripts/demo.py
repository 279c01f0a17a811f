"""The main job from end to end: train, evaluate, export and draw.

Trains the per-digit ensemble on the 60,000 thinned training digits, scores it on the
10,000 test digits, exports all 70,000 as sequences and draws some. A second run
reuses what is whole and belongs together; an interrupted one goes on where it was.

Example:
  python -m scripts.demo
"""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import render_gif, train_strokes
from scripts.shared import console
from scripts.shared.memory import use_large_pages
from strokes.errors import DataError
from strokes.files import atomic_path, checksums_hold
from train.figures.tables import text_table
from train.stroke_model.presets import demo as preset

if TYPE_CHECKING:
    from strokes.writing.writer import Writer
    from train.evaluation.tally import Scores

_SHEET_INDICES = 5  # digits of each label on the sheet


@dataclasses.dataclass(frozen=True)
class Options:
    """Where to, and how long."""

    out: Path = Path("out/demo")
    """Folder to write into."""
    epochs: int = preset().epochs
    """Times that every training digit is seen."""
    seed: int = preset().seed
    """Decides initial weights and the order of the digits."""


def _valid_scores(writer: "Writer", folder: Path, scores: Path) -> "Scores | None":
    """The scores of an earlier export, if it is whole and this very writer's."""
    from strokes.formats.parquet import read_metadata
    from train.export.export import export_metadata

    try:
        same = all(
            read_metadata(folder / f"{split}.parquet").items() >= export_metadata(writer).items()
            for split in ("train", "test")
        )
        if same and checksums_hold(folder / "SHA256SUMS"):
            found: Scores = json.loads(scores.read_text())
            return found
    except (DataError, OSError, ValueError):
        pass  # whatever is wrong with it, it is exported again
    return None


def _export(writer: "Writer", folder: Path, scores: Path) -> "Scores":
    from train.export.export import export
    from train.export.sources import MNIST_NAME, mnist_sources

    with console.ProgressBar(70_000, label="exporting") as bar:
        found = export(writer, mnist_sources(), folder, bar, name=MNIST_NAME)
    with atomic_path(scores) as temporary:
        temporary.write_text(json.dumps(found["test"], indent=2) + "\n")
    return found["test"]


def main(args: Sequence[str]) -> int:
    """Do everything, and say where it is."""
    options = console.parse(Options, args=args)
    out = options.out
    run = out / "run"
    scores_file, gif, sheet = out / "scores.json", out / "digits.gif", out / "sheet.png"
    chosen = ["--epochs", str(options.epochs), "--seed", str(options.seed)]
    status = train_strokes.train_once(["--preset", "demo", *chosen], run)
    if status:
        return status
    from train.evaluation.tally import score_rows
    from train.export.sources import MNIST_NAME
    from train.stroke_model.model import load_writer

    writer, exported = load_writer(run), out / MNIST_NAME
    scores = _valid_scores(writer, exported, scores_file)
    if scores is None:
        for stale in (gif, sheet):
            stale.unlink(missing_ok=True)
        scores = _export(writer, exported, scores_file)
    digits = [str(digit) for digit in range(10)]
    if not gif.exists():
        render_gif.main(["--checkpoint", str(run), "--out", str(gif)])
    if not sheet.exists():
        repeated = [digit for digit in digits for _ in range(_SHEET_INDICES)]
        render_gif.main(
            [
                "--checkpoint",
                str(run),
                "--out",
                str(sheet),
                "--digits",
                *repeated,
                "--columns",
                "10",
            ]
        )
    print(f"\nscores on the 10,000 test digits:\n{text_table(*score_rows(scores))}\n")
    for what, path in (
        ("trained model", run),
        ("sequences", exported),
        ("scores", scores_file),
        ("sheet", sheet),
        ("animation", gif),
    ):
        print(f"{what:>13}: {path}")
    return 0


if __name__ == "__main__":
    use_large_pages()
    console.run(main)
