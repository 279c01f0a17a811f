r"""Make one file of a folder of pictures by class: a folder for each class, named as it.

Any text names a class; U+4E00 is the character of that code, so Kuzushiji's and ETL's folders are
read as they are. Pictures may be of any size: the longer side is scaled, ink is what the border is
not. What is for tests is decided first: a folder of its own (--test), whole writers (--writer, a
regular expression that finds a writer in a picture's path), or a share of each class; exact copies
of a picture stay on one side. `--set FILE` of train_recognizer and others takes the file.

Examples:
  python -m scripts.prepare_folder my-script --side 32 --out out/my-script.npz
  python -m scripts.prepare_folder pages --writer "writer(\d+)" --binarise --out out/pages.npz
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from scripts.shared import console
from train.errors import RunError

if TYPE_CHECKING:
    from datasets.prepared import Part, Split
    from strokes.classes import Classes


@dataclasses.dataclass(frozen=True)
class Options:
    """What to prepare, and how."""

    folder: Annotated[Path, tyro.conf.Positional]
    """Folder with a folder of pictures for each class."""
    out: Path = Path("out/set.npz")
    """File to write."""
    side: int = 28
    """Height and width of what is written, 8 to 256: 28, 32 or 64 are usual."""
    test: Path | None = None
    """Such a folder of test pictures; without it they are taken out of the first."""
    test_share: float = 0.15
    """Share of each class, or of the writers, that is for tests."""
    writer: str = ""
    """Regular expression whose first group, or all of it, is the writer in a picture's path."""
    ink: Literal["auto", "dark", "light"] = "auto"
    """What is ink; auto: what the border of the picture is not."""
    binarise: bool = False
    """Even the paper and drop what stands out less than ink: show-through, faint stains."""


def _check(options: Options) -> None:
    console.check_there("", options.folder)
    if not 8 <= options.side <= 256:
        raise RunError(f"--side {options.side}: expected 8 to 256")
    if not 0 < options.test_share < 1:
        raise RunError(f"--test-share {options.test_share}: expected more than 0, less than 1")
    if options.out.suffix != ".npz":
        raise RunError(f"--out {options.out}: expected a file that ends in .npz")
    if options.test is not None:
        console.check_there("--test", options.test)


def _parts(options: Options) -> tuple[dict["Split", "Part"], "Classes"]:
    """What each split is to hold; pictures are read as they are written."""
    import numpy as np

    from datasets import class_folders as folders
    from datasets.prepared import Part

    found = folders.listed(options.folder)
    apart = None if options.test is None else folders.listed(options.test)
    classes = folders.classes_in(found.names, apart.names if apart else ())
    writers = None
    if options.writer:
        writers = folders.writer_keys(options.folder, found.paths, options.writer)

    def part(paths: list[Path], names: list[str], people: list[str] | None) -> Part:
        labels = np.array([classes.number(name) for name in names], np.int32)
        pictures = folders.small_pictures(
            paths, side=options.side, ink=options.ink, binarise=options.binarise
        )
        if people is None:
            return Part(labels, pictures)
        return Part(labels, pictures, np.unique(people, return_inverse=True)[1].astype(np.int32))

    if apart is not None:
        return {
            "train": part(*found, writers),
            "test": part(*apart, None),
        }, classes
    labels = np.array([classes.number(name) for name in found.names], np.int32)
    keys = writers or folders.content_keys(found.paths)
    tested = folders.places_for_tests(keys, labels, options.test_share)
    if not tested.any():
        raise RunError(
            f"{options.folder}: too few pictures or writers for a test share of "
            f"{options.test_share}; give --test, or a larger share"
        )
    parts: dict[Split, Part] = {}
    splits: tuple[tuple[Split, bool], ...] = (("train", False), ("test", True))
    for split, wanted in splits:
        places = np.flatnonzero(tested == wanted).tolist()
        people = None if writers is None else [writers[place] for place in places]
        paths = [found.paths[place] for place in places]
        parts[split] = part(paths, [found.names[place] for place in places], people)
    return parts, classes


def main(args: Sequence[str]) -> int:
    """Split, then read, scale and write."""
    options = console.parse(Options, args=args)
    _check(options)
    from datasets.prepared import write_prepared

    parts, classes = _parts(options)
    facts = {"made": "scripts.prepare_folder", "binarised": options.binarise}
    side = options.side
    write_prepared(options.out, parts, classes, height=side, width=side, facts=facts)
    sizes = ", ".join(f"{len(part.labels):,} for {split}" for split, part in parts.items())
    print(f"{len(classes):,} classes, pictures of {side}x{side}: {sizes}: {options.out}")
    return 0


if __name__ == "__main__":
    console.run(main)
