import socket

import pytest

from scripts.page.addresses import allowed_hosts, listen
from train.errors import RunError


def test_names_that_are_answered():
    allowed = allowed_hosts("127.0.0.1", 8028, ["digits.example"])
    assert allowed[0] == "127.0.0.1:8028"
    assert {"localhost:8028", "digits.example:8028"} <= set(allowed)
    assert "localhost" in allowed_hosts("127.0.0.1", 80, ["digits.example"])
    assert allowed_hosts("::1", 8028)[0] == "[::1]:8028"


def test_a_port_that_is_taken_is_said():
    with listen("127.0.0.1", 0) as first:
        assert first.family == socket.AF_INET
        port = first.getsockname()[1]
        with pytest.raises(RunError, match=f"cannot bind to 127.0.0.1, port {port}: "):
            listen("127.0.0.1", port)
