"""Programs on some of the digits: they do the same in a fraction of the time.

``python -m tests.few scripts.NAME ...`` is ``python -m scripts.NAME ...`` on few digits.
"""

import importlib
import sys

import pytest

from datasets import thinned
from scripts.shared import console

COUNTS = {"train": 2000, "test": 500}


def few_digits(patch):
    """Have the first digits of each split take the place of all, while the patch holds."""
    whole = thinned._read

    def some(split, path):
        return tuple(part[: COUNTS[split]] for part in whole(split, path))

    patch.setattr(thinned, "_read", some)


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        few_digits(patch)
        del sys.argv[0]
        console.run(importlib.import_module(sys.argv[0]).main)
