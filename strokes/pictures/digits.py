"""The digits of many pictures: found, cut out of sheets, prepared, one after the other."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from strokes.errors import DataError
from strokes.pictures.files import SUFFIXES, Grey, read_grey
from strokes.pictures.names import Centring
from strokes.pictures.preparation import Prepared, prepare
from strokes.pictures.sheets import split_free, split_grid


class Layout(NamedTuple):
    """Where a picture's digits are: a single one, unless said otherwise."""

    grid: tuple[int, int] | None = None
    """Rows and columns of a ruled sheet."""
    sheet: bool = False
    """A sheet without rules, of digits that do not touch one another."""


class PreparedDigit(NamedTuple):
    """A digit that was found and prepared."""

    where: str
    """What messages call it: its file and, on a sheet, row and column."""
    name: Path
    """Within a folder of results, without an ending."""
    prepared: Prepared


def find_pictures(paths: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Each picture with the name, within a folder of results, that it is given.

    Pictures of the same name are told apart by the folders that they lie in, or by a number.

    Args:
      paths: pictures, or folders that are searched through for `SUFFIXES`.

    Raises:
      DataError: there is none.
    """
    if not paths:
        raise DataError("no picture given: name some, or a folder of them")
    found: list[tuple[Path, Path]] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
            if not inside:
                raise DataError(f"{path}: no picture in it (looked for {', '.join(SUFFIXES)})")
            found += [(one, one.relative_to(path).with_suffix("")) for one in inside]
        else:
            found.append((path, Path(path.stem)))
    return _told_apart(found)


def _told_apart(found: list[tuple[Path, Path]]) -> list[tuple[Path, Path]]:
    often = Counter(name for _, name in found)
    taken: set[Path] = set()
    apart = []
    for path, name in found:
        if often[name] > 1 and (folder := path.absolute().parent.name) != name.parent.name:
            name = name.with_name(f"{folder}-{name.name}")
        number, unlike = 1, name
        while unlike in taken:
            number += 1
            unlike = name.with_name(f"{name.name}-{number}")
        taken.add(unlike)
        apart.append((path, unlike))
    return apart


def cut(grey: Grey, layout: Layout, *, name: str = "picture") -> Iterator[tuple[str, Grey]]:
    """The single digits of a picture, each with what is added to its name.

    Raises:
      DataError: they cannot be told apart.
    """
    if layout.grid is not None:
        rows, columns = layout.grid
        pieces = split_grid(grey, rows=rows, columns=columns, name=name)
    elif layout.sheet:
        pieces = split_free(grey, name=name)
    else:
        yield "", grey
        return
    for piece in pieces:
        yield f"-row-{piece.row + 1}-column-{piece.column + 1}", piece.grey


class PreparedDigits:
    """The digits of some pictures, prepared one after the other.

    What cannot be prepared is said and counted; the others go on.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        layout: Layout = Layout(),  # noqa: B008
        centring: Centring = "mass",
        complain: Callable[[str], None],
    ):
        """Look for the pictures.

        Args:
          paths: pictures, or folders of them.
          layout: where a picture's digits are.
          centring: as `prepare` takes it.
          complain: told, in a line, of each that cannot be prepared.

        Raises:
          DataError: there is none.
        """
        self._found = find_pictures(paths)
        self._layout, self._centring, self._tell = layout, centring, complain
        self.failed = 0

    def __iter__(self) -> Iterator[PreparedDigit]:
        """Prepare them."""
        for path, name in self._found:
            try:
                grey = read_grey(path)
                for suffix, piece in cut(grey, self._layout, name=str(path)):
                    where = f"{path}{suffix.replace('-', ' ')}"
                    yield from self._prepared(piece, where, name.with_name(name.name + suffix))
            except (DataError, OSError) as error:
                self._complain(error, path)

    def _prepared(self, piece: Grey, where: str, name: Path) -> Iterator[PreparedDigit]:
        try:
            prepared = prepare(piece, centring=self._centring, name=where)
        except DataError as error:
            self._complain(error, Path(where))
            return
        yield PreparedDigit(where, name, prepared)

    def _complain(self, error: DataError | OSError, path: Path) -> None:
        self._tell(f"{path}: {error.strerror}" if isinstance(error, OSError) else str(error))
        self.failed += 1

    @property
    def status(self) -> int:
        """Exit status: 2 if anything could not be prepared."""
        return 2 if self.failed else 0
