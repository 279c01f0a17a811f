import http.server
import threading

import pytest

from datasets import DataError, pen_digits
from datasets.recording_files import parse_pen_digits
from tests.conftest import SHARED

LINES = "47,100,27,81,57,37,26,0,0,23,56,53,100,90,40,98,8\n" * 2


@pytest.fixture
def known(monkeypatch):
    """Two made-up lines take the set's place."""
    recordings = [parse_pen_digits(line) for line in LINES.splitlines()]
    monkeypatch.setattr(pen_digits, "PEN_DIGITS_DIGEST", pen_digits.digest(recordings))


@pytest.fixture
def server():
    """Gives what ``answers`` holds, one answer after another."""
    answers, asked = [], []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = answers.pop(0)
            if body is None:
                self.send_error(503)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.answers, server.asked = answers, asked
    server.url = f"http://127.0.0.1:{server.server_port}/uci"
    yield server
    server.shutdown()
    server.server_close()


def test_it_is_tried_again_checked_and_kept(known, server, tmp_path):
    server.answers += [None, b"<html>moved</html>", LINES.encode()]
    path = pen_digits.download_pen_digits(tmp_path, mirrors=[server.url], pause=0.01)
    assert path.read_text() == LINES
    assert server.asked == ["/uci/pendigits.tra"] * 3
    assert pen_digits.download_pen_digits(tmp_path, mirrors=[server.url]) == path
    assert len(server.asked) == 3
    assert pen_digits.find_pen_digits(tmp_path) == path


def test_what_is_another_file_is_refused_and_not_kept(known, server, tmp_path):
    server.answers += [LINES.replace("47", "46").encode()] * 2
    with pytest.raises(DataError, match=r"could not be downloaded:\n.*digest .*, expected"):
        pen_digits.download_pen_digits(tmp_path, mirrors=[server.url], tries=2, pause=0.01)
    assert not (tmp_path / "pendigits.tra").exists()
    (tmp_path / "pendigits.tra").write_text(LINES.splitlines()[0])
    with pytest.raises(DataError, match="delete the file"):
        pen_digits.download_pen_digits(tmp_path, mirrors=[server.url])


def test_the_real_set_has_the_known_digest():
    path = SHARED / "data" / "pen" / "pendigits.tra"
    if not path.is_file():
        pytest.skip("pen recordings are not beside this checkout")
    assert len(pen_digits.check_pen_digits(path.read_text(), source=str(path))) == 7494
