"""The web application of scripts.serve: what it answers, and what it refuses.

Every answer is computed from the request alone; nothing is kept but the recordings that a
person asks to keep. Refusals are JSON objects with one member, ``error``.
"""

import base64
import contextlib
import functools
import io
import json
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import anyio
import anyio.to_thread
import cv2
import imageio.v3 as iio
import numpy as np
import numpy.typing as npt
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from datasets import DataError
from datasets.handwriting import SIDE, Floats, Prepared, prepare, resized
from datasets.pen_ink import draw_ink
from datasets.picture_files import read_grey
from datasets.recordings import (
    Recording,
    Stroke,
    checked_label,
    checked_strokes,
    format_recording,
)
from train.animation import Drawn, frame_durations, frames
from train.hard_drawing import Flags, Points
from train.scribe import Scribe, ranked
from train.svg import svg

PAGE = Path(__file__).with_name("page")
_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/style.css": ("style.css", "text/css; charset=utf-8"),
    "/app.js": ("app.js", "text/javascript; charset=utf-8"),
}

MOST_JSON = 1_000_000
"""Bytes of a JSON body."""
MOST_PICTURE = 20_000_000
"""Bytes of a picture file."""
MOST_KEPT = 200_000_000
"""Bytes of the file of recordings; it does not grow beyond."""
_MOST_POINTS = 5_000
_BODY_SECONDS = 20.0
_AT_ONCE = 2  # requests that compute at the same time; others wait
_DRAWN_AT = 280  # pixels of the picture that strokes become
_PEN = 0.035  # width of the page's pen, in canvas units
_STAGE = 112  # pixels of a stage's picture, at most
_GIF_SIZE, _GIF_SECONDS = 140, 2.4
_LARGEST = 1e6
_SOURCE = "written on the page"

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Found = TypeVar("Found")


class Refused(HTTPException):
    """A request that is answered by an error and its reason."""


class Guard:
    """Lets through what this server's own page may ask; adds headers to every answer.

    A page of another site that a person has open must neither read from this server nor
    write to it: the name by which the server is called must be its own (which ends DNS
    rebinding), and so must the origin, if the browser gives one.
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str]):
        """Guard an application that is called by one of ``hosts``, each with its port."""
        self._app, self._hosts = app, frozenset(hosts)

    def _refusal(self, headers: Mapping[str, str]) -> str | None:
        host = headers.get("host", "")
        if host not in self._hosts:
            return "this server does not answer to that host"
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return "requests from other sites are refused"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "requests from other sites are refused"
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [(k.lower().encode(), v.encode()) for k, v in _HEADERS.items()]
                message["headers"] = [*message["headers"], *own]
            await send(message)

        reason = self._refusal(Request(scope).headers)
        if reason is not None:
            await _error(403, reason)(scope, receive, sealed)
            return
        await self._app(scope, receive, sealed)


def _error(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status_code=status)


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _error(error.status_code, error.detail)


async def _failed(_: Request, __: Exception) -> Response:
    return _error(500, "something went wrong here; the server's own log says what")


async def _body(request: Request, kinds: Sequence[str], most: int) -> bytes:
    """The body, of one of some media types and of no more than so many bytes."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind not in kinds:
        raise Refused(415, f"a body of type {kind or 'none'!r}, expected {' or '.join(kinds)}")
    parts, size = [], 0
    try:
        with anyio.fail_after(_BODY_SECONDS):
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise Refused(413, f"more than {most // 1_000_000} MB, too large")
                parts.append(part)
    except TimeoutError as error:
        raise Refused(408, "the body took too long to arrive") from error
    except ClientDisconnect as error:
        raise Refused(400, "the body ended early") from error
    return b"".join(parts)


async def _json(request: Request) -> dict[str, Any]:
    content = await _body(request, ["application/json"], MOST_JSON)
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "the body is no JSON") from error
    if not isinstance(found, dict):
        raise Refused(400, f"expected an object, got {type(found).__name__}")
    return found


def _checked(check: Callable[[Mapping[str, Any]], Found], entry: Mapping[str, Any]) -> Found:
    """What a check makes of an entry, or its reason as a refusal."""
    try:
        return check(entry)
    except ValueError as error:
        raise Refused(422, str(error)) from error


def _numbers(value: Any, shape: tuple[int, ...], name: str) -> npt.NDArray[np.float64]:
    """Finite numbers of a shape. Raises ValueError with what was expected."""
    try:
        array = np.array(value, np.float64)
    except (ValueError, TypeError, OverflowError):
        array = np.array(np.nan)
    if array.shape != shape or not (np.abs(array) < _LARGEST).all():
        raise ValueError(f"{name}: expected numbers of shape {list(shape)}")
    return array


def _png(ink: Floats) -> str:
    """Ink or grey ``[H, W]`` in [0, 1] as a PNG in base64."""
    levels = np.round(255.0 * np.clip(ink, 0.0, 1.0)).astype(np.uint8)
    return base64.b64encode(cv2.imencode(".png", levels)[1].tobytes()).decode()


def _stages(prepared: Prepared) -> list[dict[str, str]]:
    found = []
    for name, picture in prepared.stages:
        if max(picture.shape) > _STAGE:
            picture = resized(picture, _STAGE, interpolation=cv2.INTER_AREA)
        found.append({"name": name, "png": _png(picture)})
    return found


class Pen(NamedTuple):
    """What a person wrote on the page."""

    strokes: list[Stroke]
    """Each ``[n, 2]`` or ``[n, 3]``, in canvas units."""
    pressures: list[npt.NDArray[np.float64]] | None
    """Each ``[n]`` in 0..1, if the pen knows."""


def _pen(entry: Mapping[str, Any]) -> Pen:
    """Check strokes and pressures. Raises ValueError with the reason."""
    strokes = checked_strokes(entry.get("strokes"))
    if sum(map(len, strokes)) > _MOST_POINTS:
        raise ValueError(f"more than {_MOST_POINTS:,} points are no digit")
    for stroke in strokes:
        if stroke[:, :2].min() < -0.5 or stroke[:, :2].max() > 1.5:
            raise ValueError("a point lies far off the canvas")
    given = entry.get("pressures")
    if given is None:
        return Pen(strokes, None)
    if not isinstance(given, list) or len(given) != len(strokes):
        raise ValueError("pressures: expected a list for each stroke")
    pressures = []
    for stroke, values in zip(strokes, given, strict=True):
        pressures.append(np.clip(_numbers(values, (len(stroke),), "pressures"), 0.0, 1.0))
    return Pen(strokes, pressures)


def _recording(entry: Mapping[str, Any]) -> Recording:
    """Check a digit that is to be kept. Raises ValueError with the reason."""
    return Recording(checked_label(entry.get("label")), _pen(entry).strokes, "pad", _SOURCE)


class App:
    """What the page asks for."""

    def __init__(self, scribe: Scribe, recordings: Path, *, refined: int):
        """Answer with a scribe; recordings that are kept go to a file."""
        self._scribe, self._recordings, self._refined = scribe, recordings, refined
        self._limiter = anyio.CapacityLimiter(_AT_ONCE)
        self._appending = threading.Lock()

    async def _computed(self, work: Callable[[], Found]) -> Found:
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        except DataError as error:
            raise Refused(422, str(error)) from error

    def answer(self, grey: Floats, *, name: str) -> dict[str, Any]:
        """Prepare, read and write a digit: everything that the page shows.

        Args:
          grey: ``[H, W]`` in [0, 1], 0 black and 1 white.
          name: what messages call it.

        Raises:
          DataError: there is no digit to be seen.
        """
        prepared = prepare(grey, name=name)
        picture = prepared.picture[None]
        certainties = self._scribe.read(picture)[0]
        top = ranked(certainties)
        label = np.array([top[0][0]], np.int32)
        drawn = self._scribe.write(picture, label, refined=self._refined)
        points, up = drawn.points[0], drawn.pen_up[0]
        return {
            "digit": top[0][0],
            "top": [{"digit": digit, "certainty": sure} for digit, sure in top],
            "stages": [*_stages(prepared), {"name": "thinned", "png": _png(drawn.targets[0])}],
            "thinned": drawn.targets[0].ravel().tolist(),
            "points": np.round(points.astype(np.float64), 5).tolist(),
            "pen_up": up.tolist(),
            "svg": svg(points[:, :2], up, seconds=_GIF_SECONDS),
        }

    async def strokes(self, request: Request) -> Response:
        """POST strokes of a pen: what was read and written."""
        entry = await _json(request)

        def work() -> dict[str, Any]:
            pen = _checked(_pen, entry)
            grey = draw_ink(pen.strokes, side=_DRAWN_AT, width=_PEN, pressures=pen.pressures)
            return self.answer(grey, name="canvas")

        return JSONResponse(await self._computed(work))

    async def picture(self, request: Request) -> Response:
        """POST a picture file: what was read and written."""
        kinds = ["image/png", "image/jpeg", "image/webp", "application/octet-stream"]
        content = await _body(request, kinds, MOST_PICTURE)

        def work() -> dict[str, Any]:
            return self.answer(read_grey(content, name="picture"), name="picture")

        return JSONResponse(await self._computed(work))

    async def gif(self, request: Request) -> Response:
        """POST points, pen_up and thinned, as they were answered: an animation."""
        entry = await _json(request)
        arrays = _checked(self._written, entry)
        content = await self._computed(functools.partial(self._animation, *arrays))
        return Response(content, media_type="image/gif")

    def _written(self, entry: Mapping[str, Any]) -> tuple[Points, Flags, Floats]:
        """What an answer said, checked. Raises ValueError with the reason."""
        steps = self._scribe.model.config.networks.decoder.points
        points = _numbers(entry.get("points"), (steps, 3), "points").astype(np.float32)
        up = _numbers(entry.get("pen_up"), (steps,), "pen_up") > 0.5
        thinned = _numbers(entry.get("thinned"), (SIDE * SIDE,), "thinned")
        return points, up, np.clip(thinned, 0, 1).astype(np.float32).reshape(SIDE, SIDE)

    def _animation(self, points: Points, up: Flags, thinned: Floats) -> bytes:
        drawing = self._scribe.model.draw(points[None])
        drawn = Drawn(thinned[None], points[None], up[None], drawing)
        pictures = list(frames(drawn, _GIF_SIZE, columns=1, seconds=_GIF_SECONDS))
        file = io.BytesIO()
        durations = frame_durations(_GIF_SECONDS)
        iio.imwrite(file, pictures, extension=".gif", duration=durations, loop=0)
        return file.getvalue()

    async def recording(self, request: Request) -> Response:
        """POST strokes with their label and consent: kept as a line of the recordings' file."""
        entry = await _json(request)
        if entry.get("consent") is not True:
            raise Refused(422, "kept only with consent")
        recording = _checked(_recording, entry)
        count = await self._computed(functools.partial(self._keep, recording))
        return JSONResponse({"kept": count, "file": self._recordings.name})

    def _keep(self, recording: Recording) -> int:
        """Append a recording; gives how many the file holds."""
        line = (format_recording(recording) + "\n").encode()
        with self._appending:
            self._recordings.parent.mkdir(parents=True, exist_ok=True)
            with self._recordings.open("a+b") as file:
                if file.tell() + len(line) > MOST_KEPT:
                    raise DataError("the file of recordings is full; move it away")
                file.write(line)  # one write, to the end: no half a line between two others
                file.flush()
                os.fsync(file.fileno())
                file.seek(0)
                return sum(1 for _ in file)

    def warm_up(self) -> None:
        """Compile all that a first request would wait for."""
        stroke = np.array([[0.3, 0.2], [0.7, 0.2], [0.5, 0.8]])
        entry = self.answer(draw_ink([stroke], side=_DRAWN_AT, width=_PEN), name="canvas")
        self._animation(*self._written(entry))


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return Response((PAGE / name).read_bytes(), media_type=kind)

    return answer


def make_app(
    scribe: Scribe, recordings: Path, *, hosts: Sequence[str], refined: int = 0
) -> Starlette:
    """The application.

    Args:
      scribe: what reads and writes.
      recordings: ndjson file to which recordings are appended.
      hosts: names by which the server is called, with port; requests by others are refused.
      refined: steps of refinement of what is written.
    """
    app = App(scribe, recordings, refined=refined)

    @contextlib.asynccontextmanager
    async def warm(_: Starlette) -> AsyncIterator[None]:
        await anyio.to_thread.run_sync(app.warm_up)
        yield

    pages = [Route(path, _file(*file)) for path, file in _FILES.items()]
    asked = [
        Route("/api/strokes", app.strokes, methods=["POST"]),
        Route("/api/picture", app.picture, methods=["POST"]),
        Route("/api/gif", app.gif, methods=["POST"]),
        Route("/api/recording", app.recording, methods=["POST"]),
    ]
    return Starlette(
        routes=[*pages, *asked],
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={HTTPException: _refused, Exception: _failed},
        lifespan=warm,
    )
