r"""Make one file of IDX files of any classes: EMNIST's, Kuzushiji-MNIST's, or alike.

Give the files of pictures; labels lie beside them, named as MNIST's. A file is for tests if its
name says so (test, t10k); without any, a share of each class is, copies of a picture on one side.
EMNIST's characters lie on their side: that is seen, said, and put right. --mapping names the
classes: EMNIST's emnist-balanced-mapping.txt, Kuzushiji's classmap.csv. `--set FILE` takes what is
written.

Example:
  python -m scripts.prepare_idx emnist-letters-*-images-idx3-ubyte.gz \
    --mapping emnist-letters-mapping.txt --out out/emnist-letters.npz
"""

import dataclasses
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro

from scripts.shared import console
from train.errors import RunError

if TYPE_CHECKING:
    from datasets.idx_sets import IdxSet


@dataclasses.dataclass(frozen=True)
class Options:
    """What to prepare, and how."""

    files: Annotated[tuple[Path, ...], tyro.conf.Positional]
    """IDX files of pictures, gzipped or not."""
    out: Path = Path("out/set.npz")
    """File to write."""
    mapping: Path | None = None
    """File that says which character each label is; without it labels name themselves."""
    transpose: Literal["auto", "yes", "no"] = "auto"
    """Whether rows are columns; auto: where characters are clearly wider than high."""
    test_share: float = 0.15
    """Share of each class that is for tests, where no file is."""


def _check(options: Options) -> None:
    if not options.files:
        raise RunError("give IDX files of pictures, as train-images-idx3-ubyte")
    for path in options.files:
        console.check_file("", path)
    console.check_file("--mapping", options.mapping)
    if not 0 < options.test_share < 1:
        raise RunError(f"--test-share {options.test_share}: expected more than 0, less than 1")
    if options.out.suffix != ".npz":
        raise RunError(f"--out {options.out}: expected a file that ends in .npz")


def _joined(found: Sequence["IdxSet"]) -> "IdxSet":
    import numpy as np

    from datasets.idx_sets import IdxSet

    if len(found) == 1:
        return found[0]
    if len({one.images.shape[1:] for one in found}) > 1:
        raise RunError("the files are of pictures of different size")
    return IdxSet(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _split(train: "IdxSet", share: float) -> tuple["IdxSet", "IdxSet"]:
    import hashlib

    import numpy as np

    from datasets.class_folders import places_for_tests
    from datasets.idx_sets import IdxSet

    keys = [hashlib.sha256(picture.tobytes()).hexdigest() for picture in train.images]
    tested = places_for_tests(keys, train.labels.astype(np.int32), share)
    parts = (IdxSet(train.images[kept], train.labels[kept]) for kept in (~tested, tested))
    return next(parts), next(parts)


def main(args: Sequence[str]) -> int:
    """Read, turn upright, name and write."""
    options = console.parse(Options, args=args)
    _check(options)
    import numpy as np

    from datasets.idx_sets import are_transposed, classes_of_labels, read_idx_set, read_mapping
    from datasets.prepared import Part, write_prepared

    of_tests = [bool(re.search(r"test|t10k", path.name.lower())) for path in options.files]
    sets = [read_idx_set(path) for path in options.files]
    taught = [one for one, tests in zip(sets, of_tests, strict=True) if not tests]
    tested = [one for one, tests in zip(sets, of_tests, strict=True) if tests]
    if not taught:
        raise RunError("no file of training pictures: all names say test or t10k")
    train = _joined(taught)
    lying = options.transpose == "yes"
    if options.transpose == "auto" and are_transposed(train.images):
        lying = True
        print("characters lie on their side, as in EMNIST's files: rows and columns are swapped")
    train, test = (train, _joined(tested)) if tested else _split(train, options.test_share)
    names = None if options.mapping is None else read_mapping(options.mapping)
    classes, numbers = classes_of_labels((train.labels, test.labels), names)
    table = np.zeros(256, np.int32)
    table[list(numbers)] = list(numbers.values())
    turned = [np.swapaxes(one.images, 1, 2) if lying else one.images for one in (train, test)]
    if turned[0].shape[1:] != turned[1].shape[1:]:
        raise RunError("the files are of pictures of different size")
    parts = [
        Part(table[one.labels], [images]) for one, images in zip((train, test), turned, strict=True)
    ]
    height, width = turned[0].shape[1:]
    write_prepared(
        options.out,
        {"train": parts[0], "test": parts[1]},
        classes,
        height=height,
        width=width,
        facts={"made": "scripts.prepare_idx", "transposed": lying},
    )
    print(
        f"{len(classes):,} classes, pictures of {width}x{height}: {len(train.labels):,} for train, "
        f"{len(test.labels):,} for test: {options.out}"
    )
    return 0


if __name__ == "__main__":
    console.run(main)
