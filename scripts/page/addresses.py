"""Where the server is reached: its socket, and the names by which it is called."""

import socket
from collections.abc import Sequence
from typing import Any

from train.errors import RunError


def _bound(family: int, kind: int, protocol: int, _: str, address: Any) -> socket.socket:
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()  # a browser that comes before all is compiled waits
    except OSError:
        bound.close()
        raise
    return bound


def listen(host: str, port: int) -> socket.socket:
    """A socket that is bound, so that its port is known before anything is said.

    Args:
      host: name or address of this computer.
      port: 0 to 65535; 0 for any that is free.

    Raises:
      RunError: the address is not this computer's, or the port is taken.
    """
    try:
        return _bound(*socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0])
    except OSError as error:
        raise RunError(f"cannot bind to {host}, port {port}: {error.strerror}") from error


def allowed_hosts(host: str, port: int, names: Sequence[str] = ()) -> list[str]:
    """The values of ``Host`` that are answered, the server's own address first.

    Args:
      host: that it is bound to.
      port: that it is bound to.
      names: further ones, without port.
    """
    own = f"[{host}]" if ":" in host else host
    called = dict.fromkeys([own, "127.0.0.1", "localhost", "[::1]", *names])
    plain = list(called) if port == 80 else []
    return [*(f"{name}:{port}" for name in called), *plain]
