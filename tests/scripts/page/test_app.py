"""The server against what a network may bring."""

import concurrent.futures
import io
import json

import numpy as np
from PIL import Image

from strokes.formats.recordings import read_recordings


def test_clients_at_once_and_malformed_bodies_leave_it_answering(server, strokes):
    good = json.dumps(strokes).encode()

    def malformed(index):
        generator = np.random.default_rng(index)
        body = bytearray(good)
        for place in generator.integers(0, len(good), 1 + index % 40):
            body[place] = generator.integers(0, 256)
        path = ("strokes", "recording", "gif", "picture", "number", "svg")[index % 6]
        kind = "image/png" if path == "picture" else "application/json"
        content = bytes(body[: generator.integers(1, len(good))])
        return server.post(f"/api/{path}", content, content_type=kind)[0]

    def right(_):
        status, found = server.post("/api/strokes", good)
        return status, found.get("number")

    with concurrent.futures.ThreadPoolExecutor(100) as pool:
        found = set(pool.map(right, range(100)))
        assert (200, "3") in found
        assert found <= {(200, "3"), (503, None)}
        size = server.megabytes()
        statuses = set(pool.map(malformed, range(1000)))
        assert statuses <= {200, 400, 415, 422, 503}
        assert (200, "3") in set(pool.map(right, range(100)))
    assert server.megabytes() < size + 60
    if server.recordings.exists():
        read_recordings(server.recordings)  # whatever was kept is whole


def test_what_is_not_there_is_one_line_too(server):
    for method, path, status in (("GET", "/nothing-there", 404), ("GET", "/api/strokes", 405)):
        found, _, content = server.ask(method, path)
        assert found == status
        assert set(json.loads(content)) == {"error"}


def test_who_is_told_to_come_again_is_told_when(server, strokes):
    def status_and_headers(_):
        return server.ask("POST", "/api/strokes", body, content_type="application/json")[:2]

    body = json.dumps(strokes)
    with concurrent.futures.ThreadPoolExecutor(100) as pool:
        found = list(pool.map(status_and_headers, range(100)))
    assert {status for status, _ in found} <= {200, 503}
    assert all(headers["retry-after"] == "1" for status, headers in found if status == 503)


def test_a_picture_is_of_the_type_that_was_promised(server):
    picture = io.BytesIO()
    Image.new("L", (60, 60), 255).save(picture, format="PNG")
    for kind, status in (
        ("image/png", 422),
        ("application/octet-stream", 422),
        ("image/jpeg", 415),
    ):
        found, answer = server.post("/api/picture", picture.getvalue(), content_type=kind)
        assert found == status, answer
        assert ("promised" in answer["error"]) == (status == 415)
