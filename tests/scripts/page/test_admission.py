"""Who is let in, and questions that are answered together."""

import asyncio
import threading
import time
from types import SimpleNamespace

import pytest
from anyio import CapacityLimiter
from starlette.requests import Request

from scripts.page import admission
from scripts.page.admission import Batches, Budget, Queue, in_turn
from scripts.page.app import App
from scripts.page.keeping import KeptRecordings
from scripts.page.requests import Refused


def check_refused(error):
    assert error.value.status_code == 503
    assert error.value.headers == {"Retry-After": "1"}


def test_bodies_share_a_budget():
    held = Budget(10)
    held.take(6)
    with pytest.raises(Refused) as error:
        held.take(5)
    check_refused(error)
    held.give_back(6)
    held.take(10)


def test_places_are_so_many():
    async def crowd():
        queue = Queue(1)
        with queue.place():
            with pytest.raises(Refused) as error, queue.place():
                pass
            check_refused(error)
            with pytest.raises(Refused) as error:
                queue.check_room()
            check_refused(error)
        queue.check_room()
        with queue.place():
            pass

    asyncio.run(crowd())


@pytest.mark.parametrize("asked", ["strokes", "picture", "gif"])
def test_who_finds_no_room_is_told_before_a_body_is_read(asked, tmp_path, monkeypatch):
    async def body():
        pytest.fail("the body was read")

    async def ask():
        app = App(SimpleNamespace(to=None), KeptRecordings(tmp_path / "kept.ndjson"))
        with pytest.raises(Refused) as error:
            await getattr(app, asked)(Request({"type": "http", "headers": []}, body))
        check_refused(error)

    monkeypatch.setattr(admission.Queue.__init__, "__defaults__", (0,))
    asyncio.run(ask())


def test_what_waits_is_answered_together_and_errors_are_everybody_s():
    calls, go = [], threading.Event()

    def squares(questions):
        calls.append(list(questions))
        go.wait(5)
        if 13 in questions:
            raise ValueError("unlucky")
        return [question**2 for question in questions]

    async def ask_all():
        batches = Batches(squares)
        batches.most = 4
        queue = Queue(20)

        async def ask(question):
            with queue.place() as place:
                return await batches.ask(question, place)

        first = asyncio.create_task(ask(1))
        await asyncio.sleep(0.02)
        others = [asyncio.create_task(ask(question)) for question in (2, 3, 4, 5, 13)]
        await asyncio.sleep(0.02)
        go.set()
        return await asyncio.gather(first, *others, return_exceptions=True)

    *right, wrong = asyncio.run(ask_all())
    assert right == [1, 4, 9, 16, 25]
    assert isinstance(wrong, ValueError)
    assert calls == [[1], [2, 3, 4, 5], [13]]


def test_who_has_waited_too_long_is_not_begun_with(monkeypatch):
    monkeypatch.setattr(admission, "PATIENCE", 0.05)
    begun, ended = [], []

    def slow(questions):
        begun.extend(questions)
        time.sleep(0.15)
        ended.extend(questions)
        return list(questions)

    async def crowd():
        queue, batches, limiter = Queue(9), Batches(slow), CapacityLimiter(1)

        async def ask(question):
            with queue.place() as place:
                return await batches.ask(question, place)

        async def prepare(name):
            with queue.place() as place:
                return await in_turn(lambda: slow([name]), limiter, place)

        asked = [asyncio.create_task(one) for one in (ask(1), prepare("a"))]
        await asyncio.sleep(0.01)
        next_one, *late = [asyncio.create_task(one) for one in (ask(2), ask(3), prepare("b"))]
        await asyncio.wait(late)
        assert ended == []  # they are told at once, not when others have their answers
        return await asyncio.gather(*asked, next_one, *late, return_exceptions=True)

    first, prepared, second, third, unprepared = asyncio.run(crowd())
    assert (first, prepared) == (1, ["a"])
    assert second == 2  # it was next
    assert {third.status_code, unprepared.status_code} == {503}
    assert sorted(map(str, begun)) == ["1", "2", "a"]


def test_who_is_alone_is_answered_however_long_it_takes(monkeypatch):
    monkeypatch.setattr(admission, "PATIENCE", 0.01)

    def slow(questions):
        time.sleep(0.05)
        return list(questions)

    async def alone():
        with Queue().place() as place:
            (question,) = await in_turn(lambda: slow([1]), CapacityLimiter(1), place)
            return await Batches(slow).ask(question, place)

    assert asyncio.run(alone()) == 1
