"""Recordings written in the formats that others read: a table by name, `WRITERS`.

All are in canvas units, or in the format's own where it has some; whatever is not, is placed as
MNIST's digits are. `strokes.formats.recordings` reads back what is written, to its precision:
times, sources and units are not kept by all.
"""

import html
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np

from strokes.classes import DIGITS, Classes, folder_of
from strokes.files import FIXED_DATE, atomic_path
from strokes.formats.ndjson import decimals_of, write_recordings
from strokes.formats.quickdraw import format_quick_draw
from strokes.formats.svg import svg
from strokes.ink import CANVAS, Recording, Stroke
from strokes.resampling import fit_to_canvas

_UNIPEN_UNITS = 10_000  # of the canvas

_INKML_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ink xmlns="http://www.w3.org/2003/InkML">
<context xml:id="canvas"><traceFormat>
<channel name="X" type="decimal"/><channel name="Y" type="decimal"/>
</traceFormat></context>
"""

_UNIPEN_HEAD = """.VERSION 1.0
.DATA_SOURCE strokes
.COMMENT x to the right, y up; the canvas has 10,000 units
.HIERARCHY {level}
.COORD X Y
"""

Recordings = Iterable[Recording]


class Write(Protocol):
    """Writes a file; it appears when it is whole."""

    def __call__(self, found: Recordings, path: Path, /, classes: Classes = DIGITS) -> None:
        """Write recordings, whose labels are of the classes."""


class Writer(NamedTuple):
    """How a format is written."""

    suffix: str
    """Of its files."""
    write: Write


def placed(recording: Recording) -> Recording:
    """The same in canvas units, without times."""
    return recording._replace(strokes=fit_to_canvas(recording), units=CANVAS)


def _write_lines(lines: Iterable[str], path: Path) -> None:
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.writelines(lines)


def _trace(stroke: Stroke, decimals: int) -> str:
    points = np.round(stroke, decimals) + 0.0
    return ", ".join(
        f"{np.format_float_positional(x, trim='-')} {np.format_float_positional(y, trim='-')}"
        for x, y in points
    )


def _inkml(recordings: Recordings, classes: Classes) -> Iterator[str]:
    yield _INKML_HEAD
    for recording in map(placed, recordings):
        decimals = decimals_of(recording)
        name = html.escape(classes.names[recording.label])
        traces = "".join(f"<trace>{_trace(one, decimals)}</trace>\n" for one in recording.strokes)
        yield (
            f'<traceGroup>\n<annotation type="truth">{name}</annotation>\n{traces}</traceGroup>\n'
        )
    yield "</ink>\n"


def _unipen(recordings: Recordings, classes: Classes) -> Iterator[str]:
    level = "DIGIT" if classes == DIGITS else "CHARACTER"
    yield _UNIPEN_HEAD.format(level=level)
    count = 0
    for recording in map(placed, recordings):
        last = count + len(recording.strokes) - 1
        components = f"{count}" if last == count else f"{count}-{last}"
        name = classes.names[recording.label]
        yield f'.SEGMENT {level} {components} ? "{name}"\n'
        for stroke in recording.strokes:
            points = np.round(stroke * [_UNIPEN_UNITS, -_UNIPEN_UNITS]).astype(int).tolist()
            rows = "".join(f"{x} {y}\n" for x, y in points)
            yield f".PEN_DOWN\n{rows}.PEN_UP\n"
        count = last + 1


def _quick_draw(recordings: Recordings, classes: Classes) -> Iterator[str]:
    return (format_quick_draw(recording, classes) + "\n" for recording in recordings)


def recording_svg(recording: Recording, classes: Classes = DIGITS) -> str:
    """A recording as an SVG document of curves through its points; its title names the class."""
    strokes = [stroke for stroke in placed(recording).strokes if len(stroke) > 1]
    points = np.concatenate(strokes).astype(np.float32)
    lifted = np.zeros(len(points), np.bool_)
    lifted[np.cumsum([len(stroke) for stroke in strokes]) - 1] = True
    drawn = svg(points, lifted, curve="catmull-rom")
    begin, end = drawn.split("<g", 1)
    return f"{begin}<title>{html.escape(classes.names[recording.label])}</title><g{end}"


def _write_svg(recordings: Recordings, path: Path, classes: Classes = DIGITS) -> None:
    with (
        atomic_path(path) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for index, recording in enumerate(recordings):
            name = folder_of(classes.names[recording.label])
            entry = zipfile.ZipInfo(f"{index:05d}-{name}.svg", FIXED_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, recording_svg(recording, classes))


def _write_ndjson(recordings: Recordings, path: Path, classes: Classes = DIGITS) -> None:
    write_recordings(map(placed, recordings), path, classes)


def _lines_of(lines: Callable[[Recordings, Classes], Iterator[str]]) -> Write:
    def write(recordings: Recordings, path: Path, /, classes: Classes = DIGITS) -> None:
        _write_lines(lines(recordings, classes), path)

    return write


WRITERS = {
    "ndjson": Writer(".ndjson", _write_ndjson),
    "quickdraw": Writer(".quickdraw.ndjson", _lines_of(_quick_draw)),
    "inkml": Writer(".inkml", _lines_of(_inkml)),
    "unipen": Writer(".dat", _lines_of(_unipen)),
    "svg": Writer(".svg.zip", _write_svg),
}
"""How each is written, by name; of all splits in one: `strokes.formats.sketch_rnn`."""
