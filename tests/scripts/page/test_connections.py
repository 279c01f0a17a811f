"""Clients that are slow on purpose, against the server's own connections."""

import asyncio
import http.client
import json
import socket
import threading
import time

import pytest
import uvicorn

from scripts.page import connections
from scripts.page.connections import PatientProtocol
from scripts.page.guard import HEADERS, Guard

GET = b"GET / HTTP/1.1\r\nHost: here\r\n"


async def echo(scope, receive, send):
    """Answers with the body's length, once it is there."""
    if scope["path"] == "/wrong":
        raise RuntimeError("out of ink")
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


@pytest.fixture
def address():
    """A server that guards its connections, in a thread."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        config = uvicorn.Config(
            Guard(echo, hosts=["here"]),
            http=PatientProtocol,
            log_level="critical",
            lifespan="off",
            headers=list(HEADERS.items()),
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        running = threading.Thread(target=asyncio.run, args=(server.serve([bound]),))
        running.start()
        yield bound.getsockname()
        server.should_exit = True
        running.join()


def connected(address, said=b""):
    connection = socket.create_connection(address, timeout=5)
    connection.sendall(said)
    return connection


def answered(connection):
    """All that comes until the connection ends."""
    parts = []
    while part := connection.recv(1 << 16):
        parts.append(part)
    return b"".join(parts)


def ask(address, said=GET + b"Connection: close\r\n\r\n"):
    with connected(address, said) as connection:
        return answered(connection)


def is_ended(connection):
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_slow_clients_take_each_other_s_places_only(address, monkeypatch):
    monkeypatch.setattr(connections, "MOST_WAITING", 5)
    headers = GET
    body = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 10\r\n\r\nhalf"
    slow = [connected(address, said) for said in (b"", headers, body) * 4]
    for _ in range(10):
        assert ask(address).startswith(b"HTTP/1.1 200")
    assert all(is_ended(connection) for connection in slow[:8])  # 4 of 5 places are still theirs
    for connection in slow:
        connection.close()


def test_who_does_not_ask_in_time_is_cut_off(address, monkeypatch):
    monkeypatch.setattr(connections, "ASKING_SECONDS", 0.2)
    with connected(address) as idle, connected(address, GET) as slow:
        began = time.monotonic()
        for _ in range(3):
            time.sleep(0.04)
            slow.sendall(b"X-More: of it\r\n")  # which wins no time
        assert is_ended(slow)
        assert is_ended(idle)
        assert time.monotonic() - began < 2


def test_who_asked_waits_for_an_answer_and_may_ask_again(address, monkeypatch):
    monkeypatch.setattr(connections, "MOST_WAITING", 1)
    connection = http.client.HTTPConnection(*address, timeout=5)
    for count in range(3):
        connection.request("POST", "/", "x" * count, {"Host": "here"})
        assert connection.getresponse().read() == str(count).encode()
    connection.close()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (b"GET /wrong HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n", 500),
        (b"no HTTP at all\r\n\r\n", 400),
        (GET + b"Host: here\r\nConnection: close\r\n\r\n", 400),
        (GET + b"Origin: http://here\r\nOrigin: http://evil\r\nConnection: close\r\n\r\n", 403),
        (GET + b"Origin: http://evil\r\nOrigin: http://here\r\nConnection: close\r\n\r\n", 403),
        (GET + b"Origin: http://here\r\nConnection: close\r\n\r\n", 200),
    ],
)
def test_every_answer_has_the_same_headers(address, said, status):
    head, _, content = ask(address, said).partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    assert int(first.split()[1]) == status
    named = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    assert named.items() >= {(name.lower(), value) for name, value in HEADERS.items()}
    if status in (400, 403):
        assert set(json.loads(content)) == {"error"}
