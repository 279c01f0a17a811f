import os
import signal

import pytest

from train.stroke_model.interrupts import stop_on_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks_the_second_acts(number):
    caught = []
    before = signal.signal(number, lambda number, frame: caught.append(number))
    try:
        with stop_on_signals() as request:
            assert not request
            os.kill(os.getpid(), number)
            assert request
            assert request.signal_number == number
            assert caught == []
            os.kill(os.getpid(), number)
            assert caught == [number]
        os.kill(os.getpid(), number)
        assert caught == [number, number]
    finally:
        signal.signal(number, before)


def interrupted_work():
    with stop_on_signals():
        assert signal.getsignal(signal.SIGTERM).__qualname__.startswith("stop_on_signals")
        raise RuntimeError("out of ink")


def test_handlers_come_back_though_the_work_fails():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with pytest.raises(RuntimeError, match="out of ink"):
        interrupted_work()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
