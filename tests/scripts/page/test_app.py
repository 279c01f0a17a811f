"""The server against what a network may bring."""

import concurrent.futures
import json

import numpy as np

from strokes.formats.recordings import read_recordings


def test_clients_at_once_and_malformed_bodies_leave_it_answering(server, strokes):
    good = json.dumps(strokes).encode()

    def malformed(index):
        generator = np.random.default_rng(index)
        body = bytearray(good)
        for place in generator.integers(0, len(good), 1 + index % 40):
            body[place] = generator.integers(0, 256)
        path = ("strokes", "recording", "gif", "picture")[index % 4]
        kind = "image/png" if path == "picture" else "application/json"
        content = bytes(body[: generator.integers(1, len(good))])
        return server.post(f"/api/{path}", content, content_type=kind)[0]

    def right(_):
        status, found = server.post("/api/strokes", good)
        return status, found["digit"]

    with concurrent.futures.ThreadPoolExecutor(100) as pool:
        assert set(pool.map(right, range(100))) == {(200, 3)}
        size = server.megabytes()
        statuses = set(pool.map(malformed, range(1000)))
        assert statuses <= {200, 400, 415, 422}
        assert set(pool.map(right, range(100))) == {(200, 3)}
    assert server.megabytes() < size + 60
    if server.recordings.exists():
        read_recordings(server.recordings)  # whatever was kept is whole


def test_what_is_not_there_is_one_line_too(server):
    for method, path, status in (("GET", "/nothing-there", 404), ("GET", "/api/strokes", 405)):
        found, _, content = server.ask(method, path)
        assert found == status
        assert set(json.loads(content)) == {"error"}
