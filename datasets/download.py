"""Where data sets lie on disk, and how what is missing is downloaded: whole and checked."""

import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

import platformdirs

from strokes.errors import DataError
from strokes.files import atomic_path

ENVIRONMENT_VARIABLE = "STROKES_DATA_DIR"

_MAX_DOWNLOAD = 64 << 20  # the largest file has 9.9 MB gzipped


def data_folders(data_dir: Path | None = None) -> list[Path]:
    """Folders in which data sets are looked for, first choice first."""
    folders = [] if data_dir is None else [data_dir]
    if os.environ.get(ENVIRONMENT_VARIABLE):
        folders.append(Path(os.environ[ENVIRONMENT_VARIABLE]))
    folders.append(Path(platformdirs.user_cache_dir("mnist-strokes", appauthor=False)))
    return [folder.expanduser() for folder in folders]


def find_file(name: str, data_dir: Path | None = None, *, hint: str) -> Path:
    """A file in the first of `data_folders` that has it.

    Args:
      name: of the file.
      data_dir: folder to look in first.
      hint: how to get the file, as a message says it.

    Raises:
      DataError: none has it.
    """
    folders = data_folders(data_dir)
    for folder in folders:
        if (folder / name).is_file():
            return folder / name
    places = ", ".join(str(folder) for folder in folders)
    raise DataError(f"{name} not found in {places}; {hint}")


def fetch(url: str, *, timeout: float) -> bytes:
    """Download at most ``_MAX_DOWNLOAD`` bytes; the time-out holds for each read."""
    deadline = time.monotonic() + 20 * timeout
    with urllib.request.urlopen(url, timeout=timeout) as response:
        parts: list[bytes] = []
        size = 0
        while part := response.read1(1 << 16):
            parts.append(part)
            size += len(part)
            if size > _MAX_DOWNLOAD:
                raise DataError(f"{url}: more than {_MAX_DOWNLOAD} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError(f"not complete after {20 * timeout:.0f} s")
        expected = response.headers.get("Content-Length")
    if expected is not None and int(expected) != size:
        raise http.client.IncompleteRead(b"", int(expected) - size)
    return b"".join(parts)


def download_checked(
    path: Path,
    check: Callable[[bytes, str], object],
    *,
    mirrors: Sequence[str],
    timeout: float,
    tries: int,
    pause: float,
) -> Path:
    """Download a file of the same name as ``path`` from the first mirror that gives it whole.

    Args:
      path: where to; written only after the check.
      check: of the content and its address; raises DataError for another content.
      mirrors: addresses to which the file's name is appended.
      timeout: seconds without an answer after which a try is given up.
      tries: rounds over all mirrors.
      pause: seconds before the second round; doubled for each later one.

    Raises:
      DataError: no mirror gave the file; the message lists every try.
    """
    failures: list[str] = []
    for attempt in range(tries):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        for mirror in mirrors:
            url = f"{mirror.rstrip('/')}/{path.name}"
            try:
                content = fetch(url, timeout=timeout)
                check(content, url)
            except (OSError, http.client.HTTPException, DataError) as error:
                failures.append(f"{url}: {getattr(error, 'reason', None) or error}")
                continue
            with atomic_path(path) as temporary:
                temporary.write_bytes(content)
            return path
    name = path.name.removesuffix(".gz")
    raise DataError("\n  ".join([f"{name} could not be downloaded:", *dict.fromkeys(failures)]))
