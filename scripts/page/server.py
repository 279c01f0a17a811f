"""The web server under the page."""

import socket
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from scripts.page.answers import Answers
from scripts.page.app import make_app

_CONNECTIONS = 512  # more at a time are told to come again
_KEEP_ALIVE = 5  # seconds


def serve(
    answers: Answers, recordings: Path, *, hosts: Sequence[str], bound: socket.socket
) -> None:
    """Answer until Ctrl-C.

    Args:
      answers: what reads and writes.
      recordings: ndjson file to which recordings are appended.
      hosts: names by which the server is called, with port.
      bound: where it is reached.
    """
    config = uvicorn.Config(
        make_app(answers, recordings, hosts=hosts),
        log_level="warning",
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE,
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[bound])
