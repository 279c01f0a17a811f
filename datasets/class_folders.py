"""Pictures in folders that are named as their classes, of any size, made small and alike.

A folder's name is its class, ``U+4E00`` the character of that code (`strokes.classes`). Of what
repeats a picture exactly all is on one side of a split, so that no copy judges what it taught.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from datasets.prepared import Grey, Numbers
from strokes.classes import Classes, name_of_folder
from strokes.errors import DataError
from strokes.pictures.binarising import inked
from strokes.pictures.files import pictures_in, read_grey, read_transparent
from strokes.pictures.paper import find_ink

Ink = Literal["auto", "dark", "light"]
"""What is ink in a picture; "auto": what the border is not."""

_MARGIN = 1 / 14  # of paper on each side, as MNIST has about
_CHUNK = 1024


class Listed(NamedTuple):
    """The pictures below a folder."""

    paths: list[Path]
    names: list[str]
    """The class of each."""


def listed(folder: Path) -> Listed:
    """Pictures by class: those below each folder in ``folder``.

    Raises:
      DataError: there is none, one lies in no folder, or a folder's name names no class.
    """
    paths = pictures_in(folder)
    names = []
    for path in paths:
        first, *rest = path.relative_to(folder).parts
        if not rest:
            raise DataError(f"{path}: of which class is it? Put it into a folder named as that")
        try:
            names.append(name_of_folder(first))
        except ValueError as error:
            raise DataError(f"{folder}: {error}") from error
    return Listed(paths, names)


def classes_in(*lists: Sequence[str]) -> Classes:
    """The classes that names name, in order. Raises DataError where they are none."""
    try:
        return Classes(tuple(sorted({name for names in lists for name in names})))
    except ValueError as error:
        raise DataError(str(error)) from error


def content_keys(paths: Sequence[Path]) -> list[str]:
    """A key of each file's content: the same for copies."""
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def writer_keys(folder: Path, paths: Sequence[Path], pattern: str) -> list[str]:
    """Who wrote each picture, as a pattern finds it in the path below the folder.

    Raises:
      DataError: it is no pattern, or does not find anybody.
    """
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise DataError(f"{pattern}: no regular expression ({error})") from error
    keys = []
    for path in paths:
        match = compiled.search(path.relative_to(folder).as_posix())
        if match is None:
            raise DataError(f"{path}: {pattern!r} finds no writer in its name")
        keys.append(match[1] if compiled.groups else match[0])
    return keys


def places_for_tests(keys: Sequence[str], labels: Numbers, share: float) -> npt.NDArray[np.bool_]:
    """Which pictures are for tests: of each class at most a share, of whole keys.

    A key is for tests in all classes or in none. A class of one key is not tested.

    Args:
      keys: of each picture, who wrote it or what it repeats.
      labels: ``[M]``.
      share: in [0, 1).
    """
    chance = {key: int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / 2**32 for key in keys}
    meant = np.array([chance[key] < share for key in keys])
    for label in np.unique(labels):
        mine = np.flatnonzero(labels == label)
        if meant[mine].all():  # something has to teach
            kept = max((keys[place] for place in mine.tolist()), key=lambda key: chance[key])
            meant &= np.array([key != kept for key in keys])
    return meant


def small_picture(path: Path, *, side: int, ink: Ink = "auto", binarise: bool = False) -> Grey:
    """A picture as ``[side, side]``, 0 paper to 255 ink: its longer side fills all but a margin.

    Args:
      path: of the picture; what is drawn on transparent ground is ink.
      side: in pixels.
      ink: what is ink.
      binarise: paper is evened, and what stands out from it less than ink is gone: show-through and
        stains; see `strokes.pictures.binarising`.

    Raises:
      DataError: it cannot be read, or binarised.
    """
    found = read_transparent(path)
    if found is None:
        grey = read_grey(path)
        found = 1.0 - grey if ink == "dark" or (ink == "auto" and _bright_border(grey)) else grey
    if binarise:
        found = inked(find_ink(1.0 - found), name=str(path)).astype(np.float32)
    inner = side - 2 * round(_MARGIN * side)
    scale = inner / max(found.shape)
    size = tuple(max(1, round(scale * length)) for length in found.shape[::-1])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    scaled = np.round(255.0 * cv2.resize(found, size, interpolation=way)).astype(np.uint8)
    placed = np.zeros((side, side), np.uint8)
    top, left = ((side - length) // 2 for length in scaled.shape)
    placed[top : top + scaled.shape[0], left : left + scaled.shape[1]] = scaled
    return placed


def _bright_border(grey: npt.NDArray[np.float32]) -> bool:
    rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    return bool(np.median(rim) > 0.5)


def small_pictures(
    paths: Sequence[Path], *, side: int, ink: Ink = "auto", binarise: bool = False
) -> Iterator[Grey]:
    """`small_picture` of each, some at a time, ``[n, side, side]``. Raises as it."""
    for start in range(0, len(paths), _CHUNK):
        part = paths[start : start + _CHUNK]
        yield np.stack([small_picture(p, side=side, ink=ink, binarise=binarise) for p in part])
