"""What a request may bring."""

import json

import pytest

JSON = "application/json"


def shown(**changes):
    """A number that is to be taken away, but for what is changed."""
    entry = {"text": "1", "pen": 1, "strokes": [[[0, 0, 0], [0, 9, 300]]]}
    return json.dumps(entry | changes).encode()


LINE = [[i / 6000, 0.5] for i in range(3000)]


@pytest.mark.parametrize(
    ("path", "body", "kind", "status", "reason"),
    [
        ("strokes", b"{", JSON, 400, "no JSON"),
        ("strokes", b"[]", JSON, 400, "expected an object, got list"),
        ("strokes", b"{}", JSON, 422, "strokes: expected a list"),
        ("strokes", b"{}", "text/plain", 415, "expected application/json"),
        ("strokes", b" " * 1_000_001, JSON, 413, "too large"),
        ("strokes", b"[" * 100_000, JSON, 400, "no JSON"),
        ("strokes", b'{"strokes": [[[0, 0], [1e400, 0]]]}', JSON, 422, "not finite"),
        ("strokes", b'{"strokes": [[[0, 0], [9, 9]]]}', JSON, 422, "far off"),
        (
            "strokes",
            b'{"strokes": [[[0, 0], [1, 1]]], "pressures": [[[2], 0]]}',
            JSON,
            422,
            "pressures",
        ),
        ("strokes", json.dumps({"strokes": [LINE, LINE]}).encode(), JSON, 422, "more than 5,000"),
        ("picture", b"", "image/png", 422, "no picture"),
        ("picture", b"\x89PNG\r\n\x1a\n", "image/png", 422, "picture"),
        ("gif", b'{"points": 3}', JSON, 422, "pen: expected numbers"),
        ("svg", b'{"pen": 1, "text": "<g>"}', JSON, 422, "text: expected a number"),
        ("gif", shown(strokes=[[[0, 0], [1, 1]]]), JSON, 422, "points [x, y, t]"),
        ("gif", shown(strokes=[[[0, 0, 0], [1e3, 1, 1]]]), JSON, 422, "300 at most"),
        ("svg", shown(strokes=[[[0, 0, 0], [1, 1, 1e6]]]), JSON, 422, "0 to 60000 ms"),
        ("svg", shown(pen=1e-3), JSON, 422, "a pen of 0.05 to 20 mm"),
        ("recording", b'{"strokes": []}', JSON, 422, "consent"),
    ],
)
def test_what_means_nothing_is_one_clear_line(server, path, body, kind, status, reason):
    found_status, found = server.post(f"/api/{path}", body, content_type=kind)
    assert found_status == status
    assert set(found) == {"error"}
    assert reason in found["error"]
    assert "Traceback" not in found["error"]


def test_a_recording_without_a_proper_label_is_not_kept(server, strokes):
    before = server.recordings.read_bytes() if server.recordings.exists() else b""
    for label in (None, 10, "3", True):
        entry = strokes | {"consent": True, "label": label}
        status, found = server.post("/api/recording", entry)
        assert status == 422
        assert "label" in found["error"]
    assert (server.recordings.read_bytes() if server.recordings.exists() else b"") == before
