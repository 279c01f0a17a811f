"""What all programs share: reading options, showing progress, saying what went wrong.

Programs check what they are given before they load NumPy or JAX, so that they answer at once.
"""

import difflib
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

# Before JAX is imported: its notes on which devices it looked for help nobody here.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tyro

from strokes.compilation import keep_programs
from strokes.errors import DataError
from train.errors import RunError

Options = TypeVar("Options")

WriterPath = Annotated[Path, tyro.conf.arg(help_behavior_hint="(default: the shipped writer)")]
"""Of an option whose default is `strokes.weights.SHIPPED_WRITER`."""
RecognizerPath = Annotated[
    Path, tyro.conf.arg(help_behavior_hint="(default: the shipped recogniser)")
]
"""Of an option whose default is `strokes.weights.GREY_RECOGNIZER`."""

_LINE_EVERY = 10.0  # seconds between two lines where there is no terminal


def parse(kind: type[Options], *, default: Options | None = None, args: Sequence[str]) -> Options:
    """Read options; shows help, or suggests what was meant and exits with status 2."""
    module = sys.modules[kind.__module__]
    name = module.__spec__.name if module.__spec__ else kind.__module__
    found = tyro.cli(
        kind,
        prog=f"python -m {name}",
        default=default,
        args=_plain_flags(args),
        config=(tyro.conf.OmitArgPrefixes,),
        description=module.__doc__,
    )
    assert isinstance(found, kind)
    return found


def _plain_flags(args: Sequence[str]) -> list[str]:
    """``--sheet True``, as flags were once written, as ``--sheet``; False as ``--no-sheet``."""
    plain: list[str] = []
    for arg in args:
        flag = bool(plain) and plain[-1].startswith("--") and "=" not in plain[-1]
        if flag and arg == "False":
            plain[-1] = f"--no-{plain[-1].removeprefix('--')}"
        elif not (flag and arg == "True"):
            plain.append(arg)
    return plain


def check_choice(option: str, value: str, known: Sequence[str]) -> None:
    """Refuse a value that is none of those known; say which may have been meant."""
    if value not in known:
        near = difflib.get_close_matches(str(value), known, n=1)
        meant = f" (did you mean {near[0]}?)" if near else ""
        raise RunError(f"{option} {value}: expected {', '.join(known)}{meant}")


def check_file(option: str, path: Path | None) -> None:
    """Refuse early a file that is asked for and not there."""
    if path is not None and not path.is_file():
        raise RunError(f"{option} {path}: no such file")


def check_there(option: str, *paths: Path) -> None:
    """Refuse early files or folders of which none is there."""
    if paths and not any(path.exists() for path in paths):
        others = f", nor any of the {len(paths) - 1} others" if len(paths) > 1 else ""
        raise RunError(f"{option} {paths[0]}: no such file or folder{others}".lstrip())


def check_recordings(option: str, source: str, *others: str) -> None:
    """Refuse early what is neither a set of recordings, nor a file, nor one of some other words."""
    if source in others or Path(source).exists():
        return
    if Path(source).name != source or Path(source).suffix:
        raise RunError(f"{option} {source}: no such file or folder")
    from datasets.recordings import SETS

    check_choice(option, source, (*SETS, *others))


def check_refinement(steps: int) -> None:
    """Refuse what ``--refine`` cannot mean."""
    if steps < 0:
        raise RunError(f"--refine {steps}: expected a number of steps, at least 0")


def run(main: Callable[[Sequence[str]], int]) -> None:
    """Run a script's ``main`` on the command line and exit with its status.

    What a person can mend is one message on standard error and status 2.
    """
    keep_programs()
    try:
        sys.exit(main(sys.argv[1:]))
    except (DataError, RunError) as error:
        sys.exit(_complain(str(error)))
    except OSError as error:
        if error.filename is None:
            raise
        sys.exit(_complain(f"{error.filename}: {error.strerror}"))
    except KeyboardInterrupt:
        sys.exit(130)


def _complain(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 2


def _duration(seconds: float) -> str:
    """In words, roughly."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


class ProgressBar:
    """A bar on a terminal, a plain line every ten seconds elsewhere; on standard error."""

    def __init__(self, total: int, *, label: str, unit: str = " images"):
        """Begin at 0 of ``total``; 0 if that is not known."""
        self._label, self._unit = label, unit
        self._total, self._done = total, 0
        self._started = self._shown = time.monotonic()
        self._first: tuple[float, int] | None = None  # when how much was through, of this process
        self._bar = None
        if sys.stderr.isatty():
            import tqdm

            self._bar = tqdm.tqdm(
                total=total, desc=label, unit=unit, unit_scale=True, dynamic_ncols=True
            )

    def skip(self, count: int) -> None:
        """So many were through before this began."""
        self._done += count
        if self._bar is not None:
            self._bar.initial += count
            self._bar.update(count)

    def advance(self, count: int) -> None:
        """So many more are through."""
        self._done += count
        now = time.monotonic()
        self._first = self._first or (now, self._done)
        if self._bar is not None:
            self._bar.update(count)
            return
        if now - self._shown >= _LINE_EVERY:
            self._shown = now
            far = (
                f"{self._done / self._total:.0%}" if self._total else f"{self._done:,}{self._unit}"
            )
            spent = _duration(now - self._started)
            self._print(f"{self._label}: {far} after {spent}")

    def line(self, text: str) -> None:
        """Print a line above the bar, or just a line, with the time that is left."""
        if self._bar is not None:
            self._bar.write(text, file=sys.stderr)
        else:
            self._print(text)

    def _print(self, text: str) -> None:
        print(text + self._left(), file=sys.stderr, flush=True)

    def _left(self) -> str:
        """Of what takes how long after the first; that one also made ready, and compiled."""
        if self._first is None or self._done >= self._total:
            return ""
        since, before = self._first
        if self._done == before:
            return ""
        seconds = (time.monotonic() - since) * (self._total - self._done) / (self._done - before)
        return f", about {_duration(seconds)} left"

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()

    def __enter__(self) -> "ProgressBar":
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()
