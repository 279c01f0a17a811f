"""What the page is shown."""

import json

import imageio.v3 as iio


def test_strokes_are_answered_with_all_that_the_page_shows(server, strokes):
    status, found = server.post("/api/strokes", strokes)
    assert status == 200
    assert found["digit"] == 3
    assert found["top"][0]["certainty"] > 0.9
    assert len(found["points"]) == len(found["pen_up"]) == 20
    assert sum(found["thinned"]) > 20
    assert found["svg"].startswith("<svg")


def test_a_gif_writes_what_was_answered(server, strokes):
    _, found = server.post("/api/strokes", strokes)
    body = json.dumps({name: found[name] for name in ("points", "pen_up", "thinned")})
    status, headers, content = server.ask("POST", "/api/gif", body, content_type="application/json")
    assert (status, headers["content-type"]) == (200, "image/gif")
    frames = iio.imread(content, extension=".gif")
    assert len(frames) == 61  # 2.4 seconds, and the end
    dark = (frames.min(axis=-1) < 100).sum(axis=(1, 2))
    assert dark[0] < dark[30] < dark[-1]
