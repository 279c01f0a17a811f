"""The web server under the page."""

import socket
from collections.abc import Sequence

import uvicorn

from scripts.page.answers import Answers
from scripts.page.app import make_app
from scripts.page.connections import PatientProtocol
from scripts.page.guard import HEADERS
from scripts.page.keeping import KeptRecordings

_KEEP_ALIVE = 5  # seconds
_FAREWELL = 5  # seconds for answers under way, once Ctrl-C has ended the server


def serve(
    answers: Answers,
    kept: KeptRecordings,
    *,
    hosts: Sequence[str],
    training: str,
    bound: socket.socket,
) -> None:
    """Answer until Ctrl-C.

    Args:
      answers: what reads and writes.
      kept: to which recordings are appended.
      hosts: names by which the server is called, with port.
      training: the command that the page names for those who keep recordings.
      bound: where it is reached.
    """
    config = uvicorn.Config(
        make_app(answers, kept, hosts=hosts, training=training),
        log_level="warning",
        http=PatientProtocol,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_FAREWELL,
        server_header=False,
        headers=list(HEADERS.items()),
    )
    uvicorn.Server(config).run(sockets=[bound])
