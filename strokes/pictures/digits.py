"""The digits, or other characters, of many pictures: found, cut out of sheets, prepared."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from strokes.errors import DataError
from strokes.pictures.cleaning import clean
from strokes.pictures.cuts import is_broad
from strokes.pictures.files import Grey, pictures_in, read_picture
from strokes.pictures.names import AS_MNIST, Form
from strokes.pictures.preparation import (
    ENOUGH,
    Binarised,
    Prepared,
    binarised,
    binarised_piece,
    prepare_found,
    prepare_mask,
)
from strokes.pictures.sheets import split_free, split_grid
from strokes.pictures.stages import Mask, Photo, Stage


class Layout(NamedTuple):
    """Where a picture's digits are: a single one, unless said otherwise."""

    grid: tuple[int, int] | None = None
    """Rows and columns of a ruled sheet."""
    sheet: bool = False
    """A sheet without rules, of digits that do not touch one another."""


class PreparedDigit(NamedTuple):
    """A digit that was found and prepared."""

    where: str
    """What messages call it: its file and, of many, which it is."""
    name: Path
    """Within a folder of results, without an ending."""
    prepared: Prepared
    picture: Path
    """The file that it is in."""


Separate = Callable[[Mask], Sequence[Mask]]
"""Parts the ink of a line into its digits, from left to right."""


def find_pictures(paths: Sequence[Path]) -> list[tuple[Path, Path]]:
    """Each picture with the name, within a folder of results, that it is given.

    Pictures of the same name are told apart by the folders that they lie in, or by a number.

    Args:
      paths: pictures, or folders that are searched through (`pictures_in`).

    Raises:
      DataError: there is none.
    """
    if not paths:
        raise DataError("no picture given: name some, or a folder of them")
    found: list[tuple[Path, Path]] = []
    for path in paths:
        if path.is_dir():
            found += [(one, one.relative_to(path).with_suffix("")) for one in pictures_in(path)]
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
    """The single digits of a sheet, each with what is added to its name.

    Args:
      grey: ``[H, W]``, dark ink on light paper or the other way round.
      layout: a grid, or a sheet.
      name: what messages call it.

    Raises:
      DataError: they cannot be told apart.
    """
    if layout.grid is not None:
        rows, columns = layout.grid
        pieces = split_grid(grey, rows=rows, columns=columns, name=name)
    else:
        pieces = split_free(grey, name=name)
    for piece in pieces:
        yield f"-row-{piece.row + 1}-column-{piece.column + 1}", piece.grey


def prepare_all(
    photo: Photo,
    layout: Layout = Layout(),  # noqa: B008
    *,
    form: Form = AS_MNIST,
    separate: Separate | None = None,
    name: str = "picture",
) -> Iterator[tuple[str, Prepared | DataError]]:
    """The digits of a photo, each with what is added to its name, or why it cannot be prepared.

    Args:
      photo: as `strokes.pictures.files.read_picture` reads it.
      layout: where its digits are.
      form: what they are prepared as.
      separate: finds how many digits there are, where the layout does not say; without it
        there is one.
      name: what messages call it.

    Raises:
      DataError: nothing is to be seen, or the digits of a sheet cannot be told apart.
    """
    if layout.grid is None and not layout.sheet:
        found = binarised(photo, framed=form.centring != "cell", name=name)
        yield from _digits_of(found, "", form, separate, name)
        return
    cleaned = clean(photo, framed=False, name=name)
    for suffix, piece in cut(cleaned.grey, layout, name=name):
        where = f"{name}{suffix.replace('-', ' ')}"
        try:
            found = binarised_piece(piece, cleaned.stages, name=where)
        except DataError as error:
            yield suffix, error
            continue
        broad = layout.sheet and is_broad(found.mask)
        yield from _digits_of(found, suffix, form, separate if broad else None, where)


def _digits_of(
    found: Binarised, suffix: str, form: Form, separate: Separate | None, name: str
) -> Iterator[tuple[str, Prepared | DataError]]:
    """The digits of what may be a line of them."""
    digits = [found.mask] if separate is None else separate(found.mask)
    if len(digits) == 1:
        yield suffix, _tried(prepare_found, found, form=form, name=name)
        return
    touching = cv2.connectedComponents(found.mask.astype(np.uint8))[0] - 1 < len(digits)
    done = f"touching {form.noun}s cut apart" if touching else f"{form.noun}s separated"
    whole = (*found.stages, Stage("line", found.mask.astype(np.float32), done))
    for number, digit in enumerate(digits, 1):
        prepared = _tried(prepare_mask, digit, whole, form=form, name=name)
        yield f"{suffix}-{form.noun}-{number}", prepared


def _tried(prepare: Callable[..., Prepared], *args: Any, **options: Any) -> Prepared | DataError:
    try:
        return prepare(*args, **options)
    except DataError as error:
        return error


class PreparedDigits:
    """The digits of some pictures, prepared one after the other.

    What cannot be prepared is said and counted; the others go on.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        *,
        layout: Layout = Layout(),  # noqa: B008
        form: Callable[[], Form] = Form,
        separate: Separate | None = None,
        complain: Callable[[str], None],
    ):
        """Look for the pictures.

        Args:
          paths: pictures, or folders of them.
          layout: where a picture's digits are.
          form: says, once the first is wanted, what they are prepared as.
          separate: as `prepare_all` takes it.
          complain: told, in a line, of each that cannot be prepared.

        Raises:
          DataError: there is none.
        """
        self._found = find_pictures(paths)
        self._layout, self._form, self._tell = layout, form, complain
        self._separate = separate
        self.failed = 0

    def __iter__(self) -> Iterator[PreparedDigit]:
        """Prepare them."""
        form = self._form()
        for path, name in self._found:
            try:
                yield from self._of_picture(path, name, form)
            except (DataError, OSError) as error:
                self._complain(error, path)
            except Exception as error:  # a fault of ours with one picture: the others go on
                self._complain(DataError(f"{path}: not prepared, {error!r}"), path)

    def _of_picture(self, path: Path, name: Path, form: Form) -> Iterator[PreparedDigit]:
        single = self._layout.grid is None and not self._layout.sheet
        photo = read_picture(path, enough=ENOUGH if single else None)
        for suffix, prepared in prepare_all(
            photo,
            self._layout,
            form=form,
            separate=self._separate,
            name=str(path),
        ):
            if isinstance(prepared, DataError):
                self._complain(prepared, path)
                continue
            where = f"{path}{suffix.replace('-', ' ')}"
            yield PreparedDigit(where, name.with_name(name.name + suffix), prepared, path)

    def _complain(self, error: DataError | OSError, path: Path) -> None:
        self._tell(f"{path}: {error.strerror}" if isinstance(error, OSError) else str(error))
        self.failed += 1

    @property
    def status(self) -> int:
        """Exit status: 2 if anything could not be prepared."""
        return 2 if self.failed else 0
