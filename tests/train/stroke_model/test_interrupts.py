import os
import signal
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT
from train.stroke_model.interrupts import stop_on_signals

# A call that lasts for minutes, in which Python runs no handler.
BUSY = """
import hashlib
from train.stroke_model.interrupts import stop_on_signals
with stop_on_signals():
    print("busy", flush=True)
    hashlib.pbkdf2_hmac("sha256", b"ink", b"paper", 1 << 30)
"""


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_asks(number):
    caught = []
    before = signal.signal(number, lambda number, frame: caught.append(number))
    try:
        with stop_on_signals() as request:
            assert not request
            os.kill(os.getpid(), number)
            wait_until(lambda: request)
            assert request.signal_number == number
        assert caught == []
        os.kill(os.getpid(), number)
        wait_until(lambda: caught == [number])
    finally:
        signal.signal(number, before)


def test_the_second_signal_ends_at_once_what_does_not_listen():
    busy = subprocess.Popen(
        [sys.executable, "-c", BUSY], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert busy.stdout.readline() == "busy\n"
        busy.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            busy.wait(0.3)
        busy.send_signal(signal.SIGINT)
        assert busy.wait(5) == 130
    finally:
        busy.kill()
        busy.communicate()


def interrupted_work():
    with stop_on_signals():
        assert signal.getsignal(signal.SIGTERM).__qualname__.startswith("stop_on_signals")
        raise RuntimeError("out of ink")


def test_handlers_come_back_though_the_work_fails():
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with pytest.raises(RuntimeError, match="out of ink"):
        interrupted_work()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
