"""What a request brings: its body, read within limits, and what it says, checked.

Checks raise ValueError with the reason; `checked` makes a refusal of it.
"""

import contextlib
import io
import json
import re
import warnings
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar

import anyio
import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from scripts.page.dictation import Shown
from strokes.classes import DIGITS, Classes
from strokes.handwriting import WrittenNumber
from strokes.ink import Recording, Stroke, checked_label, checked_strokes
from strokes.pictures.files import FORMATS

MOST_JSON = 1_000_000
"""Bytes of a JSON body."""
MOST_PICTURE = 20_000_000
"""Bytes of a picture file."""
MOST_POINTS = 5_000
"""Points of what is written, in all strokes together."""
_BODY_SECONDS = 20.0
_LARGEST = 1e6
MOST_SHOWN = 20_000
"""Points of a number that is taken away."""
_FARTHEST, _LONGEST = 300.0, 60_000.0  # mm, ms
_SOURCE = "written on the page"

Found = TypeVar("Found")


class Refused(HTTPException):
    """A request that is answered by an error and its reason."""


class Held(Protocol):
    """What bounds the bytes of all bodies together."""

    def take(self, count: int) -> None:
        """Hold so many more, or raise `Refused`."""

    def give_back(self, count: int) -> None:
        """Hold so many less."""


def media_type(request: Request) -> str:
    """Of what type a body says it is."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


@contextlib.asynccontextmanager
async def body(
    request: Request, kinds: Sequence[str], most: int, held: Held
) -> AsyncIterator[bytes]:
    """The body, of one of some media types and of no more than so many bytes.

    It counts among all bodies that are held for as long as the block lasts.
    """
    kind = media_type(request)
    if kind not in kinds:
        raise Refused(415, f"a body of type {kind or 'none'!r}, expected {' or '.join(kinds)}")
    content = bytearray()
    try:
        with anyio.fail_after(_BODY_SECONDS):
            async for part in request.stream():
                if len(content) + len(part) > most:
                    raise Refused(413, f"more than {most // 1_000_000} MB, too large")
                held.take(len(part))
                content += part
        yield bytes(content)
    except TimeoutError as error:
        raise Refused(408, "the body took too long to arrive") from error
    except ClientDisconnect as error:
        raise Refused(400, "the body ended early") from error
    finally:
        held.give_back(len(content))


def promised_pixels(content: bytes, kind: str) -> int:
    """How many pixels a picture claims, of which nothing but the header is looked at.

    What is no picture, or claims too much, is 0: reading it will say so.

    Args:
      content: of the picture's file.
      kind: the media type that was promised; application/octet-stream promises nothing.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                found, (width, height) = picture.get_format_mimetype(), picture.size
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return 0
    if kind not in (found, "application/octet-stream"):
        raise Refused(415, f"the body is {found}, but {kind} was promised")
    return width * height


async def json_object(request: Request, held: Held) -> dict[str, Any]:
    """The object that a JSON body is."""
    try:
        async with body(request, ["application/json"], MOST_JSON, held) as content:
            found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "the body is no JSON") from error
    if not isinstance(found, dict):
        raise Refused(400, f"expected an object, got {type(found).__name__}")
    return found


def checked(check: Callable[[Mapping[str, Any]], Found], entry: Mapping[str, Any]) -> Found:
    """What a check makes of an entry, or its reason as a refusal."""
    try:
        return check(entry)
    except ValueError as error:
        raise Refused(422, str(error)) from error


def numbers(value: Any, shape: tuple[int, ...], name: str) -> npt.NDArray[np.float64]:
    """Finite numbers of a shape. Raises ValueError with what was expected."""
    try:
        array = np.array(value, np.float64)
    except (ValueError, TypeError, OverflowError):
        array = np.array(np.nan)
    if array.shape != shape or not (np.abs(array) < _LARGEST).all():
        raise ValueError(f"{name}: expected numbers of shape {list(shape)}")
    return array


class Pen(NamedTuple):
    """What a person wrote on the page."""

    strokes: list[Stroke]
    """Each ``[n, 2]`` or ``[n, 3]``, in canvas units."""
    pressures: list[npt.NDArray[np.float64]] | None
    """Each ``[n]`` in 0..1, if the pen knows."""
    passing: bool = False
    """It goes on writing."""


def pen(entry: Mapping[str, Any]) -> Pen:
    """Check strokes and pressures. Raises ValueError with the reason."""
    strokes = checked_strokes(entry.get("strokes"))
    if sum(map(len, strokes)) > MOST_POINTS:
        raise ValueError(f"more than {MOST_POINTS:,} points are too many")
    for stroke in strokes:
        if stroke[:, :2].min() < -0.5 or stroke[:, :2].max() > 1.5:
            raise ValueError("a point lies far off the canvas")
    given, passing = entry.get("pressures"), entry.get("passing") is True
    if given is None:
        return Pen(strokes, None, passing)
    if not isinstance(given, list) or len(given) != len(strokes):
        raise ValueError("pressures: expected a list for each stroke")
    pressures = []
    for stroke, values in zip(strokes, given, strict=True):
        pressures.append(np.clip(numbers(values, (len(stroke),), "pressures"), 0.0, 1.0))
    return Pen(strokes, pressures, passing)


def recording(entry: Mapping[str, Any], classes: Classes) -> Recording:
    """Check a character that is to be kept. Raises ValueError with the reason."""
    return Recording(checked_label(entry.get("label"), classes), pen(entry).strokes, "pad", _SOURCE)


def shown_number(entry: Mapping[str, Any], classes: Classes) -> Shown:
    """Check a number that the page shows, or a character. Raises ValueError with the reason."""
    pen_width, text = float(numbers(entry.get("pen"), (), "pen")), _shown_text(entry, classes)
    strokes = checked_strokes(entry.get("strokes"))
    if sum(map(len, strokes)) > MOST_SHOWN or any(stroke.shape[1] != 3 for stroke in strokes):
        raise ValueError(f"strokes: expected points [x, y, t], at most {MOST_SHOWN:,}")
    together = np.concatenate(strokes)
    if together.min() < -_FARTHEST or together[:, :2].max() > _FARTHEST:
        raise ValueError(f"strokes: expected mm, {_FARTHEST:.0f} at most")
    if together[:, 2].min() < 0 or together[:, 2].max() > _LONGEST or not 0.05 <= pen_width <= 20:
        raise ValueError(f"expected times of 0 to {_LONGEST:.0f} ms and a pen of 0.05 to 20 mm")
    return Shown(WrittenNumber(text, strokes, []), pen_width)


def _shown_text(entry: Mapping[str, Any], classes: Classes) -> str:
    text = entry.get("text")
    if classes != DIGITS:
        return classes.names[checked_label(text, classes)]
    if not isinstance(text, str) or not re.fullmatch(r"[0-9?.,-]{1,40}", text, re.ASCII):
        raise ValueError("text: expected a number")
    return text


def dictated(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Check a number that is to be written in a hand. Raises ValueError with the reason."""
    text, own = entry.get("text"), entry.get("own")
    if not isinstance(text, str) or not isinstance(own, bool):
        raise ValueError("text: expected a number; own: expected true or false")
    seeds = {name: entry.get(name) for name in ("hand", "seed")}
    if not all(type(seed) is int and 0 <= seed < 2**32 for seed in seeds.values()):
        raise ValueError("hand and seed: expected integers from 0 on")
    return {"text": text, "own": own, **seeds}
