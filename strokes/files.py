"""Files: written so that half of one never stands under its name; sums that tell damage."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path`` and move it there when the block succeeds.

    When the block raises, the temporary file is removed and ``path`` stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The suffix stays: OpenCV and imageio choose the format by it.
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        # mkstemp makes files private; give them the permissions that a plain open would.
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_checksums(files: Sequence[Path], path: Path) -> None:
    """Write SHA-256 sums that ``sha256sum --check`` reads."""
    lines = []
    for file in files:
        with file.open("rb") as content:
            lines.append(f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {file.name}\n")
    with atomic_path(path) as temporary:
        temporary.write_text("".join(lines))


def checksums_hold(path: Path) -> bool:
    """Whether all files that ``path`` lists are beside it, with the sums that it gives."""
    try:
        for line in path.read_text().splitlines():
            digest, name = line.split("  ", 1)
            with (path.parent / name).open("rb") as content:
                if hashlib.file_digest(content, "sha256").hexdigest() != digest:
                    return False
    except (OSError, ValueError):
        return False
    return True
