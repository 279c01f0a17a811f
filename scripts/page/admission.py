"""Who is answered now, who waits, and who is told to come again; many questions as one.

Questions wait in a queue that has an end. What waits is answered together: a call for many
pictures takes little longer than a call for one. Whoever finds the queue full, or has waited so
long that the answer would come late, is told to come again.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import anyio
import anyio.to_thread

from scripts.page.requests import Refused

MOST_INSIDE = 32
"""Questions that are worked on or wait; further ones are told to come again."""
PATIENCE = 0.4
"""Seconds of waiting for its turn after which a question is not begun with any more."""
MOST_BYTES = 100_000_000
"""Of all bodies together that are held at a time."""

_COARSE = 0.02  # seconds by which a loop's clock may be behind

Found = TypeVar("Found")
Question = TypeVar("Question")
Answer = TypeVar("Answer")


def _busy() -> Refused:
    reason = "many are asking at once; try again in a second"
    return Refused(503, reason, headers={"Retry-After": "1"})


class Budget:
    """Bytes of bodies that all requests together may hold."""

    def __init__(self, most: int = MOST_BYTES):
        """Allow so many."""
        self._left = most

    def take(self, count: int) -> None:
        """Hold so many more.

        Raises:
          Refused: 503, others hold too many.
        """
        if count > self._left:
            raise _busy()
        self._left -= count

    def give_back(self, count: int) -> None:
        """Hold so many less."""
        self._left += count


class Place:
    """That of one question among those that are inside."""

    def __init__(self) -> None:
        """Come in, and wait from now on."""
        self.wait()

    def wait(self) -> None:
        """Wait for a turn from now on: what was worked on before is no waiting."""
        self._since = asyncio.get_running_loop().time()

    @property
    def late(self) -> bool:
        """Whether it has waited too long to be begun with."""
        return asyncio.get_running_loop().time() - self._since >= PATIENCE


class Queue:
    """So many questions at a time, and no more."""

    def __init__(self, most: int = MOST_INSIDE):
        """Let in so many."""
        self._inside, self._most = 0, most

    def check_room(self) -> None:
        """Refuse a question that would find no place, before any more of it is read.

        It takes no place, so that whoever is slow to send a body holds none.

        Raises:
          Refused: 503.
        """
        if self._inside >= self._most:
            raise _busy()

    @contextlib.contextmanager
    def place(self) -> Iterator[Place]:
        """A place inside, for as long as the block lasts. Raises as `check_room`."""
        self.check_room()
        self._inside += 1
        try:
            yield Place()
        finally:
            self._inside -= 1


async def in_turn(
    work: Callable[[], Found], limiter: anyio.CapacityLimiter, place: Place | None = None
) -> Found:
    """What a function gives, called in a thread when its turn comes.

    Raises:
      Refused: 503, its turn came too late.
    """
    with anyio.move_on_after(None if place is None else PATIENCE) as waiting:
        await limiter.acquire()
    if waiting.cancelled_caught:
        raise _busy()
    try:
        found = await anyio.to_thread.run_sync(work)
    finally:
        limiter.release()
    if place is not None:
        place.wait()
    return found


class _Asked(NamedTuple):
    question: Any
    place: Place
    answer: "asyncio.Future[Any]"


class Batches(Generic[Question, Answer]):
    """Questions that are answered many at a time, by one function in a thread."""

    most = 1
    """Questions in a call; to be raised when such calls are compiled."""

    def __init__(self, answer: Callable[[Sequence[Question]], Sequence[Answer]]):
        """Answer by this function."""
        self._answer = answer
        self._waiting: list[_Asked] = []
        self._work: asyncio.Task[None] | None = None

    async def ask(self, question: Question, place: Place) -> Answer:
        """The answer to a question.

        Raises:
          Refused: 503, it waited too long.
        """
        loop = asyncio.get_running_loop()
        asked = _Asked(question, place, loop.create_future())
        self._waiting.append(asked)
        if self._work is None or self._work.done():
            self._work = loop.create_task(self._answer_all())
        patience = loop.call_later(PATIENCE + _COARSE, self._let_late_ones_go)
        try:
            found: Answer = await asked.answer
        finally:
            patience.cancel()
        return found

    async def _answer_all(self) -> None:
        """Answer until nobody waits."""
        while batch := self._next_batch():
            questions = [one.question for one in batch]
            try:
                answers = await anyio.to_thread.run_sync(self._answer, questions)
            except Exception as error:  # everybody's, who asked; the server's log has it
                for one in batch:
                    _settle(one, error)
                continue
            for one, answer in zip(batch, answers, strict=True):
                if not one.answer.done():
                    one.answer.set_result(answer)

    def _next_batch(self) -> list[_Asked]:
        self._let_late_ones_go()
        batch, self._waiting = self._waiting[: self.most], self._waiting[self.most :]
        return batch

    def _let_late_ones_go(self) -> None:
        """Tell those who wait too long to come again; the first stay: it is their turn next."""
        waiting = [one for one in self._waiting if not one.answer.done()]  # clients may be gone
        self._waiting = waiting[: self.most]
        for one in waiting[self.most :]:
            if one.place.late:
                _settle(one, _busy())
            else:
                self._waiting.append(one)


def _settle(asked: _Asked, error: Exception) -> None:
    if not asked.answer.done():
        asked.answer.set_exception(error)
