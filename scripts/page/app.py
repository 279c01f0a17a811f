"""The web application of scripts.serve: its routes.

Every answer is computed from the request alone; nothing is kept but the recordings that a
person asks to keep. Refusals are JSON objects with one member, ``error``.
"""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from scripts.page import requests
from scripts.page.admission import Batches, Budget, Queue, in_turn
from scripts.page.answers import MOST_TOGETHER, Answers
from scripts.page.dictation import Dictation, Shown, as_gif, as_svg
from scripts.page.document import STATIC, page_document
from scripts.page.guard import Guard, refusal
from scripts.page.keeping import KeptRecordings, Tally
from scripts.page.questions import Question, of_picture, of_strokes
from scripts.page.requests import MOST_PICTURE, Refused, checked
from strokes.classes import DIGITS
from strokes.errors import DataError

_FILES = {
    "style.css": "text/css; charset=utf-8",
    **dict.fromkeys(("app.js", "ink.js", "server.js"), "text/javascript; charset=utf-8"),
}
_FILES_OF_DIGITS = {"dictation.js": "text/javascript; charset=utf-8"}
_PICTURES = [
    *("image/png", "image/jpeg", "image/webp", "image/bmp", "image/gif", "image/tiff"),
    "application/octet-stream",
]
_AT_ONCE = 2  # pictures that are prepared at the same time; others wait
_LARGE = 4_000_000  # pixels: of such pictures one at a time is decoded

Found = TypeVar("Found")


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return refusal(error.status_code, error.detail, error.headers)


async def _failed(_: Request, __: Exception) -> Response:
    return refusal(500, "something went wrong here; the server's own log says what")


class App:
    """What the page asks for."""

    def __init__(self, answers: Answers, kept: KeptRecordings):
        """Give these answers; keep recordings there."""
        self._answers, self._kept, self._dictation = answers, kept, Dictation(kept)
        self._queue, self._held = Queue(), Budget()
        self._few, self._one = CapacityLimiter(_AT_ONCE), CapacityLimiter(1)
        self._disk = CapacityLimiter(1)
        self._batches: Batches[Question, dict[str, Any]] = Batches(answers.to)

    @contextlib.asynccontextmanager
    async def ready(self, _: Starlette) -> AsyncIterator[None]:
        """Compile what one question needs, then, while the first are answered, what many do."""
        await to_thread.run_sync(self._answers.warm_up)
        together = asyncio.create_task(self._allow_many())
        yield
        together.cancel()

    async def _allow_many(self) -> None:
        await to_thread.run_sync(self._answers.warm_up_together, abandon_on_cancel=True)
        self._batches.most = MOST_TOGETHER

    async def _answered(
        self, question: Callable[[], Question], limiter: CapacityLimiter
    ) -> Response:
        with self._queue.place() as place:
            asked = await in_turn(_refusing(question), limiter, place)
            return JSONResponse(await self._batches.ask(asked, place))

    async def strokes(self, request: Request) -> Response:
        """POST strokes of a pen: what was read and written."""
        self._queue.check_room()
        entry = await requests.json_object(request, self._held)
        pen = checked(requests.pen, entry)
        question = functools.partial(
            of_strokes, pen.strokes, pen.pressures, self._answers.finder, passing=pen.passing
        )
        return await self._answered(question, self._few)

    async def picture(self, request: Request) -> Response:
        """POST a picture file: what was read and written."""
        self._queue.check_room()
        async with requests.body(request, _PICTURES, MOST_PICTURE, self._held) as content:
            pixels = requests.promised_pixels(content, requests.media_type(request))
            limiter = self._one if pixels > _LARGE else self._few
            question = functools.partial(of_picture, content, self._answers.finder)
            return await self._answered(question, limiter)

    async def number(self, request: Request) -> Response:
        """POST a text, own or else which hand, and a seed: the number written in that hand."""
        self._queue.check_room()
        entry = await requests.json_object(request, self._held)
        work = functools.partial(self._dictation.write, **checked(requests.dictated, entry))
        return JSONResponse(await self._worked(work))

    async def svg(self, request: Request) -> Response:
        """POST a number that is shown, in mm: a document that writes it."""
        return Response(await self._taken_away(request, as_svg), media_type="image/svg+xml")

    async def gif(self, request: Request) -> Response:
        """POST a number that is shown, in mm: an animation."""
        return Response(await self._taken_away(request, as_gif), media_type="image/gif")

    async def _taken_away(self, request: Request, make: Callable[[Shown], bytes]) -> bytes:
        self._queue.check_room()
        entry = await requests.json_object(request, self._held)
        check = functools.partial(requests.shown_number, classes=self._answers.classes)
        return await self._worked(functools.partial(make, checked(check, entry)))

    async def _worked(self, work: Callable[[], Found]) -> Found:
        with self._queue.place() as place:
            return await in_turn(_refusing(work), self._few, place)

    async def recording(self, request: Request) -> Response:
        """POST strokes with their label and consent: kept as a line of the recordings' file."""
        entry = await requests.json_object(request, self._held)
        if entry.get("consent") is not True:
            raise Refused(422, "kept only with consent")
        check = functools.partial(requests.recording, classes=self._answers.classes)
        return await self._tallied(functools.partial(self._kept.keep, checked(check, entry)))

    async def undo(self, request: Request) -> Response:
        """POST an empty object: the last recording that was kept is taken away."""
        await requests.json_object(request, self._held)
        return await self._tallied(self._kept.undo)

    async def recordings(self, _: Request) -> Response:
        """GET how many recordings of each digit there are."""
        return await self._tallied(self._kept.tally)

    async def _tallied(self, work: Callable[[], Tally]) -> Response:
        try:
            tally = await in_turn(_refusing(work), self._disk)
        except OSError as error:
            raise Refused(507, f"not kept: {error.strerror}") from error
        return JSONResponse({"kept": sum(tally), "tally": tally, "file": self._kept.path.name})


def _refusing(work: Callable[[], Found]) -> Callable[[], Found]:
    """The same function; what it cannot use is refused with its reason."""

    def refusing() -> Found:
        try:
            return work()
        except DataError as error:
            raise Refused(422, str(error)) from error

    return refusing


def _page(content: bytes, kind: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return Response(content, media_type=kind)

    return answer


def make_app(
    answers: Answers, kept: KeptRecordings, *, hosts: Sequence[str], training: str
) -> Starlette:
    """The application.

    Args:
      answers: what reads and writes.
      kept: to which recordings are appended.
      hosts: names by which the server is called, with port; requests by others are refused.
      training: the command that the page names for those who keep recordings.
    """
    app, digits = App(answers, kept), answers.classes == DIGITS
    files = _FILES | (_FILES_OF_DIGITS if digits else {})
    document = page_document(answers.classes, training=training).encode()
    pages = [
        Route("/", _page(document, "text/html; charset=utf-8")),
        *(
            Route(f"/{name}", _page((STATIC / name).read_bytes(), kind))
            for name, kind in files.items()
        ),
    ]
    if digits:
        pages.append(Route("/api/number", app.number, methods=["POST"]))
    asked = [
        Route("/api/strokes", app.strokes, methods=["POST"]),
        Route("/api/picture", app.picture, methods=["POST"]),
        Route("/api/svg", app.svg, methods=["POST"]),
        Route("/api/gif", app.gif, methods=["POST"]),
        Route("/api/recording", app.recording, methods=["POST"]),
        Route("/api/recording/undo", app.undo, methods=["POST"]),
        Route("/api/recordings", app.recordings),
    ]
    return Starlette(
        routes=[*pages, *asked],
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={HTTPException: _refused, Exception: _failed},
        lifespan=app.ready,
    )
