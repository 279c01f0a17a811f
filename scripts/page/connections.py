"""Connections that cannot shut others out: each has so long to ask and to take its answer.

A connection that has not asked in full yet waits, be it for headers or a body. There may be so
many of them: a further one ends the one that waits longest. So clients that are slow on purpose
take each other's places, and nobody else's.
"""

import asyncio
import json
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_WAITING = 256
"""Connections that have not asked in full."""
ASKING_SECONDS = 25.0
"""From a connection's begin, or its last answer's end, until it has asked in full."""
ANSWER_SECONDS = 60.0
"""From then on until it has its answer."""

_waiting: dict["PatientProtocol", None] = {}  # in the order in which they began to wait


class PatientProtocol(H11Protocol):
    """HTTP/1.1 of uvicorn, for so long."""

    _deadline: asyncio.TimerHandle | None = None

    def _until(self, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _begin_to_wait(self) -> None:
        _waiting.pop(self, None)
        while len(_waiting) >= MOST_WAITING:
            longest = next(iter(_waiting))
            del _waiting[longest]
            longest.transport.abort()
        _waiting[self] = None
        self._until(ASKING_SECONDS)

    def connection_made(self, transport: Any) -> None:
        """Wait for a request."""
        super().connection_made(transport)
        self._begin_to_wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        _waiting.pop(self, None)
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what has come; whoever has asked in full waits no more."""
        super().handle_events()
        asked = self.conn.their_state not in (h11.IDLE, h11.SEND_BODY)
        if asked and self in _waiting:
            del _waiting[self]
            self._until(ANSWER_SECONDS)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP as everything else is answered."""
        body = json.dumps({"error": msg}).encode()
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        headers += self.server_state.default_headers
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(data=body),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        if not self.transport.is_closing():
            self._begin_to_wait()
        super().on_response_complete()
