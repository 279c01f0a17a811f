"""A page on which one writes a digit, and sees it read and written again.

It answers on this computer only, unless --host says otherwise; then anyone who reaches that
address may use it, and --name must give the name by which they call it. Digits that a person
asks to keep are appended to --recordings, which train_strokes takes as it is:
python -m scripts.train_strokes --source out/my-recordings.ndjson

Example:
  python -m scripts.serve
"""

import dataclasses
import socket
from collections.abc import Sequence
from pathlib import Path

from scripts import console
from train.errors import RunError
from train.model import SHIPPED_MODEL
from train.recognition import GREY_READER
from train.scribe import Scribe

_CONNECTIONS = 512  # more at a time are told to come again
_KEEP_ALIVE = 5  # seconds


@dataclasses.dataclass(frozen=True)
class Options:
    """Where to answer, and with what."""

    host: str = "127.0.0.1"
    """Address to bind to."""
    port: int = 8028
    """Port to bind to; 0 for any that is free."""
    name: tuple[str, ...] = ()
    """Further names by which the server is called, without port."""
    checkpoint: Path = SHIPPED_MODEL
    """Folder of a run, or weights that release_model packed."""
    recognizer: Path = GREY_READER
    """Weights that train_recognizer or finetune_recognizer wrote."""
    refine: int = 40
    """Steps of gradient descent on the points, after the model wrote them."""
    recordings: Path = Path("out/my-recordings.ndjson")
    """File to which digits are appended that a person asks to keep."""


def _listen(host: str, port: int) -> socket.socket:
    """A socket that is bound, so that its port is known before anything is said.

    Raises:
      RunError: the address is not this computer's, or the port is taken.
    """
    if not 0 <= port <= 65535:
        raise RunError(f"--port {port}: expected 0 to 65535")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()  # a browser that comes before all is compiled waits
    except OSError as error:
        raise RunError(f"cannot bind to {host}, port {port}: {error.strerror}") from error
    return bound


def allowed_hosts(options: Options, port: int) -> list[str]:
    """The values of ``Host`` that are answered."""
    host = f"[{options.host}]" if ":" in options.host else options.host
    names = dict.fromkeys([host, "127.0.0.1", "localhost", "[::1]", *options.name])
    plain = list(names) if port == 80 else []
    return [*(f"{name}:{port}" for name in names), *plain]


def main(args: Sequence[str]) -> int:
    """Serve until Ctrl-C."""
    options = console.parse(Options, args=args)
    console.check_refinement(options.refine)
    try:
        import uvicorn

        from scripts.web import make_app
    except ImportError as error:
        raise RunError(
            f'the page needs the extra "page": pip install -e ".[page]" ({error})'
        ) from error
    scribe = Scribe.load(reader=options.recognizer, model=options.checkpoint)
    with _listen(options.host, options.port) as bound:
        port = bound.getsockname()[1]
        hosts = allowed_hosts(options, port)
        app = make_app(scribe, options.recordings, hosts=hosts, refined=options.refine)
        config = uvicorn.Config(
            app,
            log_level="warning",
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE,
            server_header=False,
        )
        print(f"write at http://{hosts[0]} (Ctrl-C ends)", flush=True)
        uvicorn.Server(config).run(sockets=[bound])
    return 0


if __name__ == "__main__":
    console.run(main)
