"""Files: written so that half of one never stands under its name; sums that tell damage.

What cannot be written raises an `OSError` that names the file and says what to do, also where the
system's own error does not.
"""

import contextlib
import errno
import functools
import hashlib
import itertools
import json
import os
import platform
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from strokes.errors import DataError

SUMS_FILE = "SHA256SUMS"
"""Name of a folder's sums."""

FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""Of what lies in archives, so that equal content gives equal bytes."""

_REMEDIES = {
    errno.ENOSPC: "make room and try again",
    errno.EDQUOT: "make room and try again",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f)",
    errno.EROFS: "give a folder that can be written",
    errno.EACCES: "give a folder that can be written",
}


@contextlib.contextmanager
def writing(path: Path, *others: Path) -> Iterator[None]:
    """Let errors of writing name ``path``, whatever the system or a library says of them.

    Args:
      path: what is written.
      others: further names that mean it, such as a temporary one.

    Raises:
      OSError: with the path as its ``filename``, a reason of one line and what to do.
    """
    try:
        yield
    except OSError as error:
        if error.filename not in (None, *map(str, (path, *others))):
            raise
        reason = os.strerror(error.errno) if error.errno else str(error).split("\n", 1)[0]
        if error.errno in _REMEDIES:
            reason = f"{reason}: {_REMEDIES[error.errno]}"
        raise OSError(error.errno or errno.EIO, reason, str(path)) from error


def _own(path: Path) -> str:
    """How the names of this process's temporary files for ``path`` begin."""
    # A process is told by its number and its host: folders may be shared.
    return f".{path.stem}~{platform.node()}~{os.getpid()}~"


def _is_stale(path: Path) -> bool:
    """Whether a temporary file or folder was left behind by a process that has ended."""
    found = re.fullmatch(r"\..+~(.*)~(\d+)~\w+(\.\w+)?", path.name)
    if found is None or found[1] != platform.node() or os.name != "posix":
        return False
    try:
        os.kill(int(found[2]), 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass  # another person's, at work
    return False


@functools.cache
def _sweep(folder: Path) -> None:
    """Remove what killed processes left behind; once for each folder."""
    for path in folder.glob(".*~*~*~*"):
        if not _is_stale(path):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


@contextlib.contextmanager
def _there(folder: Path) -> Iterator[None]:
    """Make a folder, with those above it; when the block raises, those that are empty go again."""
    made = list(itertools.takewhile(lambda one: not one.exists(), (folder, *folder.parents)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # of what others put there
            for one in made:
                one.rmdir()
        raise


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` and move it there when the block succeeds.

    When the block raises, the temporary file is removed, with folders that were made for it, and
    ``path`` stays as it was. What a killed process left is removed by the next one that writes
    into the folder.

    Raises:
      OSError: it cannot be written; see `writing`.
    """
    # The suffix stays: OpenCV and imageio choose the format by it.
    temporary = path.parent / f"{_own(path)}{secrets.token_hex(4)}{path.suffix}"
    with writing(path, temporary), _there(path.parent):
        try:
            _sweep(path.parent.absolute())
            yield temporary
            temporary.replace(path)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def _named_as_in(folder: Path, stage: Path) -> Iterator[None]:
    """Let errors name the file that was to come into ``folder``, not the temporary one."""
    try:
        yield
    except OSError as error:
        if error.filename is None or Path(error.filename).parent != stage:
            raise
        path = folder / Path(error.filename).name
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextlib.contextmanager
def staged_files(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder and move its files into ``folder`` when the block succeeds.

    Files of the same names are replaced, one after the other; sums (`SUMS_FILE`) come last. When
    the block raises, ``folder`` stays as it was, or away if it was not there.

    Raises:
      OSError: it cannot be written; see `writing`.
    """
    stage = folder / f"{_own(folder)}{secrets.token_hex(4)}"
    with contextlib.ExitStack() as left:
        with writing(folder, stage):
            left.enter_context(_there(folder))
            _sweep(folder.absolute())
            left.callback(shutil.rmtree, stage, ignore_errors=True)
            stage.mkdir()
        with _named_as_in(folder, stage):
            yield stage
        move_files(stage, folder)


def move_files(stage: Path, folder: Path) -> None:
    """Move files into a folder of the same file system, sums last; not folders, nor hidden ones.

    Raises:
      OSError: they cannot be; see `writing`.
    """
    with writing(folder):
        files = (one for one in stage.iterdir() if one.is_file() and not one.name.startswith("."))
        for file in sorted(files, key=lambda file: (file.name == SUMS_FILE, file.name)):
            file.replace(folder / file.name)


def sha256(path: Path) -> str:
    """A file's SHA-256, in hexadecimal digits."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_checksums(files: Sequence[Path], path: Path) -> None:
    """Write SHA-256 sums that ``sha256sum --check`` reads, of files below ``path``'s folder."""
    write_sums({file.relative_to(path.parent).as_posix(): sha256(file) for file in files}, path)


def write_sums(sums: Mapping[str, str], path: Path) -> None:
    """Write SHA-256 sums that are known, by the names of their files below ``path``'s folder."""
    with atomic_path(path) as temporary:
        temporary.write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()))


def read_checksums(path: Path) -> dict[str, str]:
    """The sums that `write_checksums` wrote, by the names of their files.

    Raises:
      OSError: there are none.
      ValueError: the file is damaged.
    """
    sums = {}
    for line in path.read_text().splitlines():
        digest, name = line.split("  ", 1)
        sums[name] = digest
    return sums


def checksums_hold(path: Path) -> bool:
    """Whether all files that ``path`` lists are there, with the sums that it gives."""
    try:
        sums = read_checksums(path)
        return all(sha256(path.parent / name) == digest for name, digest in sums.items())
    except (OSError, ValueError):
        return False


def check_file(path: Path, *, most: int) -> None:
    """Refuse what cannot be read to its end.

    Raises:
      DataError: no such file, a folder, pipe or device, or more than ``most`` bytes.
    """
    if not path.exists():
        raise DataError(f"{path}: no such file")
    if not path.is_file():
        raise DataError(f"{path}: expected a file, not a folder, pipe or device")
    if path.stat().st_size > most:
        size = f"{most >> 30} GiB" if most >= 1 << 30 else f"{most >> 20} MiB"
        raise DataError(f"{path}: larger than {size}")


def read_json(path: Path, *, most: int = 1 << 24) -> Any:
    """What a file of JSON holds.

    Raises:
      DataError: the file is missing, too large, no JSON, or nested without end.
    """
    check_file(path, most=most)
    try:
        return json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: damaged ({error!s:.200})") from error
