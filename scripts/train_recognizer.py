"""Train the network that reads thinned digits: evaluation asks it how legible drawings are.

It sees the 60,000 thinned training digits, moved by up to two pixels, and is tested on
the 10,000 thinned test digits. The file that ships with the code was made so.

Example:
  python -m scripts.train_recognizer --out out/recognizer.safetensors
"""

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path

from datasets import load_thinned
from scripts import console
from train.recognition import Reader, RecognitionConfig, save_reader, train_recognizer


@dataclasses.dataclass(frozen=True)
class Options:
    """What to train, and where to write it."""

    training: RecognitionConfig = dataclasses.field(default_factory=RecognitionConfig)
    """How it is trained."""
    out: Path = Path("out/recognizer.safetensors")
    """File to write: weights in half precision."""


def main(args: Sequence[str]) -> int:
    """Train, test and write."""
    options = console.parse(Options, args=args)
    pictures, labels = load_thinned("train")
    tested, truth = load_thinned("test")
    started = time.monotonic()
    reader: Reader | None = None
    accuracy = 0.0
    with console.ProgressBar(options.training.epochs, label="training", unit=" epochs") as bar:
        for reader, loss in train_recognizer(options.training, pictures, labels):
            accuracy = float((reader.read(tested) == truth).mean())
            seconds = time.monotonic() - started
            epoch = reader.facts["epochs"]
            bar.line(f"epoch {epoch}: loss {loss:.4f}, test {accuracy:.4f}, {seconds:.0f} s")
            bar.advance(1)
    assert reader is not None
    training = {k: v for k, v in dataclasses.asdict(options.training).items() if k != "network"}
    save_reader(reader, options.out, {"test_accuracy": accuracy, "training": training})
    print(f"reads {accuracy:.2%} of the thinned test digits: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
