"""Ctrl-C and SIGTERM as a wish to stop, granted between steps; a second one ends at once."""

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopRequest:
    """Which signal asked to stop, if any did."""

    signal_number: int | None = None

    def __bool__(self) -> bool:
        """Whether a stop was asked for."""
        return self.signal_number is not None


def _watch(arrivals: socket.socket, request: StopRequest) -> None:
    """Note the first signal that arrives; end the process at the second."""
    while number := arrivals.recv(1):
        if number[0] not in _SIGNALS:
            continue
        if request:
            os._exit(128 + number[0])
        request.signal_number = number[0]


@contextlib.contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """Note the first SIGINT or SIGTERM; the second ends the process with status 128 + its number.

    It does so at once, though a program is compiled or runs for long: Python calls handlers only
    between two instructions of the main thread, but tells a thread of every signal. What is being
    written then is left under a temporary name (`strokes.files.atomic_path`).
    """
    request = StopRequest()
    arrivals, notices = socket.socketpair()
    notices.setblocking(False)
    watcher = threading.Thread(target=_watch, args=(arrivals, request), daemon=True)
    previous = {number: signal.signal(number, lambda *_: None) for number in _SIGNALS}
    earlier = signal.set_wakeup_fd(notices.fileno(), warn_on_full_buffer=False)
    watcher.start()
    try:
        yield request
    finally:
        signal.set_wakeup_fd(earlier)
        for number, handler in previous.items():
            signal.signal(number, handler)
        notices.close()
        watcher.join()
        arrivals.close()
