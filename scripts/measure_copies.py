"""Measure by how much a validation flatters that holds copies of what was taught.

Of a set so many pictures are kept that classes are uneven. Those of each class are copied, or
thinned out, to the same number and then split, or split first; the same network is trained both
ways, without deformation, as is often done. What the held-out pictures say is printed beside what
the set's test pictures say.

Example:
  python -m scripts.measure_copies --set letters --pictures 2000 --copies 100
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from scripts.shared import console
from scripts.shared.sets import check_set
from train.errors import RunError


@dataclasses.dataclass(frozen=True)
class Options:
    """What to measure."""

    set: str = "letters"
    """"digits", "letters", or a file that scripts.prepare_folder or make_characters wrote."""
    pictures: int = 2000
    """Training pictures that are kept: of the k-th class 1/k as many as of the first."""
    copies: int = 100
    """Pictures of each class after copying."""
    data_dir: Path | None = None
    """Folder with MNIST's four files, which are downloaded if missing, or with UNIPEN's letters."""
    epochs: int = 5
    """Of either training."""
    seed: int = 0
    """Decides initial weights and order."""


def main(args: Sequence[str]) -> int:
    """Train both ways and print."""
    options = console.parse(Options, args=args)
    check_set("--set", options.set)
    for name, value, least in (("copies", options.copies, 2), ("epochs", options.epochs, 1)):
        if value < least:
            raise RunError(f"--{name} {value}: expected at least {least}")
    from datasets.picture_sets import load_picture_set
    from strokes.networks.config import RecognizerConfig
    from train.figures.tables import text_table
    from train.recognizer.config import AugmentationConfig, RecognitionConfig
    from train.recognizer.copies import measure_copies, uneven
    from train.recognizer.run import fitted

    train = load_picture_set(options.set, "train", data_dir=options.data_dir)
    test = load_picture_set(options.set, "test", data_dir=options.data_dir)
    if options.pictures < len(train.classes):
        raise RunError(f"--pictures {options.pictures}: fewer than {len(train.classes)} classes")
    train = uneven(train, options.pictures)
    config = RecognitionConfig(
        network=RecognizerConfig(channels=(8, 16), units=64),
        epochs=options.epochs,
        batch_size=100,
        augmentation=AugmentationConfig(shift=0),
        held_out=0,
        seed=options.seed,
    )
    found = measure_copies(train, test, fitted(config, train), copies=options.copies)
    rows = [
        (name, f"{way.validation:.2%}", f"{way.test:.2%}", f"{way.validation - way.test:+.2%}")
        for name, way in found.items()
    ]
    print(text_table(("", "validation", "test", "flattery"), rows))
    return 0


if __name__ == "__main__":
    console.run(main)
