"""What files of digits as they are written may be: kinds and sizes. Loads no NumPy."""

import importlib.util
from pathlib import Path

from train.errors import RunError

_SIZES = (28, 1024)


def check_size(size: int, seconds: float, *, columns: int = 1) -> None:
    """Refuse cells or animations of a size that makes no picture."""
    if not _SIZES[0] <= size <= _SIZES[1]:
        raise RunError(f"--size {size}: expected {_SIZES[0]} to {_SIZES[1]} pixels")
    if not 0.1 <= seconds <= 60:
        raise RunError(f"--seconds {seconds}: expected 0.1 to 60")
    if columns < 1:
        raise RunError(f"--columns {columns}: expected at least 1")


def kind_of(path: Path, *, option: str = "--out") -> str:
    """The kind of file that a name asks for: ".gif", ".png" or ".mp4"."""
    kind = path.suffix.lower()
    if kind not in (".gif", ".png", ".mp4"):
        raise RunError(f"{option} {path}: expected a name that ends in .gif, .png or .mp4")
    if kind == ".mp4" and importlib.util.find_spec("av") is None:
        raise RunError('.mp4 needs the extra "video": pip install -e ".[video]"')
    return kind
