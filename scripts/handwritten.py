"""What the programs that take pictures of handwriting share: finding and preparing digits."""

import dataclasses
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import tyro

from datasets import DataError
from datasets.handwriting import Centring, Prepared, prepare
from datasets.picture_files import Grey, read_grey
from datasets.sheets import split_free, split_grid
from train.errors import RunError

_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp"}


@dataclasses.dataclass(frozen=True)
class PictureOptions:
    """Which pictures, and how they are prepared."""

    pictures: Annotated[tuple[Path, ...], tyro.conf.Positional]
    """Pictures, or folders of pictures: PNG, JPEG or WebP."""
    sheet: bool = False
    """Each picture is a sheet of many digits, which do not touch one another."""
    grid: str = ""
    """Each picture is a ruled sheet of so many rows and columns, as 6x8."""
    centring: Centring = "mass"
    """"mass", as MNIST; "box"; "padded", 22 pixels and 3 of paper around; "cell", uncut."""

    def ruled(self) -> tuple[int, int] | None:
        """Rows and columns of ``grid``, or none.

        Raises:
          RunError: it is no grid, or the sheet is said to be free too.
        """
        if not self.grid:
            return None
        match = re.fullmatch(r"(\d{1,3})x(\d{1,3})", self.grid)
        if match is None or 0 in (rows_columns := (int(match[1]), int(match[2]))):
            raise RunError(f"--grid {self.grid}: expected rows and columns, as 6x8")
        if self.sheet:
            raise RunError("--grid and --sheet True: a sheet is ruled or it is not; give one")
        return rows_columns


class Digit(NamedTuple):
    """A digit that was found and prepared."""

    where: str
    """What messages call it: its file and, on a sheet, row and column."""
    name: Path
    """Within a folder of results, without an ending."""
    prepared: Prepared


def _sources(options: PictureOptions) -> list[tuple[Path, Path]]:
    """Each picture with the name, within a folder of results, that it is given."""
    if not options.pictures:
        raise RunError("no picture given: name some, or a folder of them")
    found: list[tuple[Path, Path]] = []
    for path in options.pictures:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES)
            if not inside:
                raise RunError(f"{path}: no picture in it (looked for {', '.join(_SUFFIXES)})")
            found += [(one, one.relative_to(path).with_suffix("")) for one in inside]
        else:
            found.append((path, Path(path.stem)))
    taken: set[Path] = set()
    for _, name in found:
        if name in taken:
            raise RunError(f"two pictures are named {name}: give them in runs of their own")
        taken.add(name)
    return found


def _cut(
    grey: Grey, options: PictureOptions, ruled: tuple[int, int] | None, path: Path
) -> Iterator[tuple[str, Grey]]:
    """The single digits of a picture, each with what is added to its name."""
    if ruled is not None:
        pieces = split_grid(grey, rows=ruled[0], columns=ruled[1], name=str(path))
    elif options.sheet:
        pieces = split_free(grey, name=str(path))
    else:
        yield "", grey
        return
    for piece in pieces:
        yield f"-row-{piece.row + 1}-column-{piece.column + 1}", piece.grey


class Digits:
    """The digits of some pictures, prepared one after the other.

    What cannot be prepared is named on standard error and counted; the others go on.
    """

    def __init__(self, options: PictureOptions):
        """Look for the pictures. Raises RunError where there is none, or options clash."""
        self._options, self._ruled = options, options.ruled()
        self._found = _sources(options)
        self.failed = 0

    def __iter__(self) -> Iterator[Digit]:
        """Prepare them."""
        for path, name in self._found:
            try:
                grey = read_grey(path)
                for suffix, piece in _cut(grey, self._options, self._ruled, path):
                    where = f"{path}{suffix.replace('-', ' ')}"
                    yield from self._prepared(piece, where, name.with_name(name.name + suffix))
            except (DataError, OSError) as error:
                self._complain(error, path)

    def _prepared(self, piece: Grey, where: str, name: Path) -> Iterator[Digit]:
        try:
            yield Digit(where, name, prepare(piece, centring=self._options.centring, name=where))
        except DataError as error:
            self._complain(error, Path(where))

    def _complain(self, error: DataError | OSError, path: Path) -> None:
        message = f"{path}: {error.strerror}" if isinstance(error, OSError) else str(error)
        print(f"error: {message}", file=sys.stderr)
        self.failed += 1

    @property
    def status(self) -> int:
        """Exit status: 2 if anything could not be prepared."""
        return 2 if self.failed else 0
