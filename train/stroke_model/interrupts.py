"""Ctrl-C and SIGTERM as a wish to stop, granted between steps."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType


class StopRequest:
    """Which signal asked to stop, if any did."""

    signal_number: int | None = None

    def __bool__(self) -> bool:
        """Whether a stop was asked for."""
        return self.signal_number is not None


@contextlib.contextmanager
def stop_on_signals() -> Iterator[StopRequest]:
    """Note the first SIGINT or SIGTERM; a second one acts as it does by default."""
    request = StopRequest()
    previous = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in previous.items():
            signal.signal(number, handler)

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        request.signal_number = number
        restore()

    for number in previous:
        signal.signal(number, note)
    try:
        yield request
    finally:
        restore()
