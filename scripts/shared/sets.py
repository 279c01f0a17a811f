"""The set of pictures that a program works on, as its option says."""

from pathlib import Path

from datasets.picture_sets import SETS
from scripts.shared import console
from train.errors import RunError


def check_set(option: str, name: str) -> None:
    """Refuse early what is neither a set of pictures that is known by name nor a file.

    Raises:
      RunError: it is neither.
    """
    path = Path(name)
    if name in SETS or path.is_file():
        return
    if path.is_dir():
        raise RunError(
            f"{option} {name}: a folder; make a file of it with: "
            f"python -m scripts.prepare_folder {name}"
        )
    if path.suffix or path.name != name:
        raise RunError(f"{option} {name}: no such file")
    console.check_choice(option, name, tuple(SETS))
