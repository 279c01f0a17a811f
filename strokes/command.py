"""The command ``mnist-strokes``: a verb, and what it takes.

Where this package lies in a checkout, every verb is the checkout's program, `scripts.NAME`. From a
wheel, ``write`` and ``recognize`` are there, as far as the library goes. Loads no JAX.
"""

import argparse
import ast
import importlib.metadata
import json
import runpy
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from strokes.compilation import keep_programs
from strokes.errors import DataError

if TYPE_CHECKING:
    from strokes.reading.photos import Reading

PROGRAMS = {
    "write": "write",
    "recognize": "recognize",
    "number": "write_number",
    "serve": "serve",
    "prepare": "prepare_handwriting",
    "finetune": "finetune_recognizer",
    "train": "train_strokes",
    "evaluate": "evaluate",
    "export": "export_dataset",
    "animate": "render_gif",
    "recordings": "show_pen",
    "demo": "demo",
}
"""The checkout's program behind each verb."""

_CHECKOUT = Path(__file__).parents[1]


def _programs(checkout: Path) -> dict[str, Path]:
    """The files of the programs that a checkout has; none if it is no checkout."""
    if not (checkout / "setup.cfg").is_file():
        return {}
    files = {verb: checkout / "scripts" / f"{name}.py" for verb, name in PROGRAMS.items()}
    return {verb: file for verb, file in files.items() if file.is_file()}


def _purpose(file: Path) -> str:
    """The first sentence of a program's docstring."""
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def _overview(purposes: dict[str, str]) -> str:
    lines = [f"  {verb:<12}{purpose}" for verb, purpose in purposes.items()]
    return "\n".join(
        [
            "usage: mnist-strokes VERB ...",
            "       mnist-strokes VERB --help | --version",
            "",
            *lines,
            "",
        ]
    )


def main(args: Sequence[str] | None = None, *, checkout: Path = _CHECKOUT) -> int:
    """Run a verb; gives the exit status.

    Args:
      args: the command line's, without the command; `sys.argv`'s if not given.
      checkout: folder in which the programs are looked for.
    """
    given = list(sys.argv[1:] if args is None else args)
    files = _programs(checkout)
    purposes = {verb: _purpose(file) for verb, file in files.items()} or {
        verb: verb_main.__doc__ or "" for verb, verb_main in _VERBS.items()
    }
    if given == ["--version"]:
        print(importlib.metadata.version("mnist-strokes"))
        return 0
    if not given or given[0] in ("-h", "--help"):
        print(_overview(purposes), end="", file=sys.stdout if given else sys.stderr)
        return 0 if given else 2
    verb, *rest = given
    if verb not in purposes:
        more = "; the others need a checkout" if verb in PROGRAMS else ""
        return _complain(f"{verb}: expected {', '.join(purposes)}{more}")
    if files:
        return _run_program(PROGRAMS[verb], rest, checkout)
    keep_programs()
    try:
        return _VERBS[verb](rest)
    except DataError as error:
        return _complain(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        return _complain(f"{error.filename}: {error.strerror}")


def _run_program(name: str, args: Sequence[str], checkout: Path) -> int:
    """Run a program of the checkout as ``python -m scripts.NAME`` does."""
    sys.path.insert(0, str(checkout))
    sys.argv[1:] = args
    runpy.run_module(f"scripts.{name}", run_name="__main__", alter_sys=True)
    return 0


def _complain(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 2


def _grid(text: str) -> tuple[int, int]:
    rows, columns = map(int, text.split("x"))
    if min(rows, columns) < 1:
        raise ValueError
    return rows, columns


def _parser(verb: str, purpose: str) -> argparse.ArgumentParser:
    """A parser of what both verbs take."""
    parser = argparse.ArgumentParser(
        prog=f"mnist-strokes {verb}", description=purpose, allow_abbrev=False
    )
    parser.add_argument("pictures", nargs="+", type=Path, help="photos, scans or screenshots")
    parser.add_argument("--sheet", action="store_true", help="each is a sheet of many digits")
    parser.add_argument("--grid", type=_grid, help="each is a ruled sheet: rows and columns, 6x8")
    return parser


def _readings(options: argparse.Namespace) -> list[tuple[str, "Reading"]]:
    """What is read in the pictures, each with its picture's name and its place in it."""
    for path in options.pictures:
        if not path.is_file():
            raise DataError(f"{path}: no such file")
    from strokes.reading.photos import read

    return [
        (f"{path} {reading.place}".strip(), reading)
        for path in options.pictures
        for reading in read(path, grid=options.grid, sheet=options.sheet)
    ]


def _recognize(args: Sequence[str]) -> int:
    """Read handwritten digits in pictures, and say how certain that is."""
    parser = _parser("recognize", _recognize.__doc__ or "")
    parser.add_argument("--json", action="store_true", help="print a JSON object a line")
    options = parser.parse_args(args)
    for where, reading in _readings(options):
        if options.json:
            certainty = round(reading.certainty, 4)
            print(json.dumps({"picture": where, "digit": reading.digit, "certainty": certainty}))
        else:
            print(f"{where}: {reading.digit} {reading.certainty:.1%}")
    return 0


def _write(args: Sequence[str]) -> int:
    """Read handwritten digits in pictures, and write them again stroke by stroke."""
    parser = _parser("write", _write.__doc__ or "")
    parser.add_argument("--svg", type=Path, help="strokes as SVG; of many, numbered", required=True)
    parser.add_argument("--still", action="store_true", help="an SVG that does not write itself")
    parser.add_argument("--refine", type=int, default=0, help="steps of gradient descent")
    options = parser.parse_args(args)
    if options.svg.suffix.lower() != ".svg":
        raise DataError(f"--svg {options.svg}: expected a name that ends in .svg")
    found = _readings(options)
    from strokes.files import atomic_path
    from strokes.writing.writer import load_writer

    labels = [reading.digit for _, reading in found]
    written = load_writer().write(
        [reading.picture for _, reading in found], labels, refine=options.refine
    )
    for row, (where, reading) in enumerate(found):
        name = f"{options.svg.stem}-{row + 1}" if len(found) > 1 else options.svg.stem
        place = options.svg.with_name(name + options.svg.suffix)
        with atomic_path(place) as temporary:
            temporary.write_text(written.svg(row, seconds=None if options.still else 2.4))
        print(f"{where}: {reading.digit} {reading.certainty:.1%}: {place}")
    return 0


_VERBS: dict[str, Callable[[Sequence[str]], int]] = {"write": _write, "recognize": _recognize}
"""What the library alone can do."""
