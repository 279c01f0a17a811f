"""The web application of scripts.serve: its routes.

Every answer is computed from the request alone; nothing is kept but the recordings that a
person asks to keep. Refusals are JSON objects with one member, ``error``.
"""

import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scripts.page import requests
from scripts.page.answers import Answers
from scripts.page.guard import Guard, refusal
from scripts.page.keeping import KeptRecordings
from scripts.page.requests import MOST_PICTURE, Refused, checked
from strokes.errors import DataError

STATIC = Path(__file__).with_name("static")
_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/style.css": ("style.css", "text/css; charset=utf-8"),
    "/app.js": ("app.js", "text/javascript; charset=utf-8"),
}
_PICTURES = ["image/png", "image/jpeg", "image/webp", "application/octet-stream"]
_AT_ONCE = 2  # requests that compute at the same time; others wait

Found = TypeVar("Found")


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refusal(error.status_code, error.detail)


async def _failed(_: Request, __: Exception) -> Response:
    return refusal(500, "something went wrong here; the server's own log says what")


class App:
    """What the page asks for."""

    def __init__(self, answers: Answers, kept: KeptRecordings):
        """Give these answers; keep recordings there."""
        self._answers, self._kept = answers, kept
        self._limiter = anyio.CapacityLimiter(_AT_ONCE)

    async def _computed(self, work: Callable[[], Found]) -> Found:
        try:
            return await anyio.to_thread.run_sync(work, limiter=self._limiter)
        except DataError as error:
            raise Refused(422, str(error)) from error

    async def strokes(self, request: Request) -> Response:
        """POST strokes of a pen: what was read and written."""
        entry = await requests.json_object(request)

        def work() -> dict[str, Any]:
            return self._answers.to_strokes(*checked(requests.pen, entry))

        return JSONResponse(await self._computed(work))

    async def picture(self, request: Request) -> Response:
        """POST a picture file: what was read and written."""
        content = await requests.body(request, _PICTURES, MOST_PICTURE)
        work = functools.partial(self._answers.to_picture, content)
        return JSONResponse(await self._computed(work))

    async def gif(self, request: Request) -> Response:
        """POST points, pen_up and thinned, as they were answered: an animation."""
        entry = await requests.json_object(request)
        check = functools.partial(requests.written_digit, points=self._answers.points)
        work = functools.partial(self._answers.animation, *checked(check, entry))
        return Response(await self._computed(work), media_type="image/gif")

    async def recording(self, request: Request) -> Response:
        """POST strokes with their label and consent: kept as a line of the recordings' file."""
        entry = await requests.json_object(request)
        if entry.get("consent") is not True:
            raise Refused(422, "kept only with consent")
        work = functools.partial(self._kept.keep, checked(requests.recording, entry))
        return JSONResponse({"kept": await self._computed(work), "file": self._kept.path.name})


def _file(name: str, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return Response((STATIC / name).read_bytes(), media_type=kind)

    return answer


def make_app(answers: Answers, recordings: Path, *, hosts: Sequence[str]) -> Starlette:
    """The application.

    Args:
      answers: what reads and writes.
      recordings: ndjson file to which recordings are appended.
      hosts: names by which the server is called, with port; requests by others are refused.
    """
    app = App(answers, KeptRecordings(recordings))

    @contextlib.asynccontextmanager
    async def warm(_: Starlette) -> AsyncIterator[None]:
        await anyio.to_thread.run_sync(answers.warm_up)
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
