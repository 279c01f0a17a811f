import numpy as np
import pytest

from datasets import pen_digits
from strokes.errors import DataError
from strokes.formats.uci import parse_pen_digits
from strokes.ink import Recording
from tests.conftest import SHARED
from tests.datasets.server import Server

LINES = "47,100,27,81,57,37,26,0,0,23,56,53,100,90,40,98,8\n" * 2


@pytest.fixture
def known(monkeypatch):
    """Two made-up lines take the set's place."""
    recordings = [parse_pen_digits(line) for line in LINES.splitlines()]
    monkeypatch.setattr(pen_digits, "PEN_DIGITS_DIGEST", pen_digits.digest(recordings))


@pytest.fixture
def server(known):
    content = {"pendigits.tra": LINES.encode()}
    with Server(content) as server:
        server.content = content
        yield server


def test_it_is_tried_again_checked_and_kept(server, tmp_path):
    server.faults = ["503", "other"]
    mirrors = [f"{server.url}uci"]
    path = pen_digits.download_pen_digits(tmp_path, mirrors=mirrors, pause=0.01)
    assert path.read_text() == LINES
    assert server.requests == ["/uci/pendigits.tra"] * 3
    assert pen_digits.download_pen_digits(tmp_path, mirrors=mirrors) == path
    assert len(server.requests) == 3
    assert pen_digits.find_pen_digits(tmp_path) == path


def test_what_is_another_file_is_refused_and_not_kept(server, tmp_path):
    server.content["pendigits.tra"] = LINES.replace("47", "46").encode()
    with pytest.raises(DataError, match=r"could not be downloaded:\n.*digest .*, expected"):
        pen_digits.download_pen_digits(tmp_path, mirrors=[server.url], tries=2, pause=0.01)
    assert not (tmp_path / "pendigits.tra").exists()
    (tmp_path / "pendigits.tra").write_text(LINES.splitlines()[0])
    with pytest.raises(DataError, match="delete the file"):
        pen_digits.download_pen_digits(tmp_path, mirrors=[server.url])


def test_what_is_not_there_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("STROKES_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(DataError, match=r"python -m scripts\.prepare_pendigits"):
        pen_digits.find_pen_digits()


def test_stretched_recordings_get_mnist_s_proportions_back():
    square = np.array([[0.0, 0.0], [100.0, 100.0]])
    given = [Recording(digit, [square], "pen", "test", "") for digit in (0, 1, 7)]
    zero, one, seven = (
        np.ptp(recording.strokes[0], axis=0)
        for recording in pen_digits.with_mnist_proportions(given)
    )
    assert zero[1] == one[1] == seven[1] == 100.0
    assert one[0] < 40 < seven[0] < 80 < zero[0] < 95
    np.testing.assert_array_equal(square[1], [100.0, 100.0])  # the given ones stay


def test_a_five_is_lifted_before_its_bar_and_one_order_teaches():
    two = np.array([[13, 11], [12, 50], [72, 62], [56, 100], [4, 83], [0, 39], [32, 6], [100, 0]])
    one = np.array([[100, 0], [15, 3], [0, 40], [60, 45], [90, 70], [60, 95], [20, 100], [0, 90]])
    given = [Recording(5, [path.astype(float)], "pen") for path in (two, two, one)]
    given.append(Recording(8, [two.astype(float)], "pen"))
    barred = [[0, 15], [81, 12], [87, 50], [58, 100], [30, 76], [100, 70]]
    plain = [[0, 15], [50, 0], [81, 12], [87, 50], [70, 80], [58, 100]]
    given += [Recording(7, [np.array(path, float)], "pen") for path in (barred, plain)]
    lifted = pen_digits.with_pen_lifts(given)
    assert [len(recording.strokes) for recording in lifted] == [2, 2, 1, 1, 2, 1]
    body, bar = lifted[0].strokes
    np.testing.assert_array_equal(body, two[:5])
    np.testing.assert_array_equal(bar, two[[0, 6, 7]])  # begins where the 5 does
    np.testing.assert_array_equal(lifted[4].strokes[1], barred[4:])
    taught = pen_digits.in_one_order(lifted, 5)
    kept = [(one.label, len(one.strokes)) for one in taught]
    assert kept == [(5, 2), (5, 2), (8, 1), (7, 2), (7, 1)]
    assert [(one.label, len(one.strokes)) for one in pen_digits.for_teaching(given)] == kept
    widest = max(np.ptp(stroke[:, 0]) for stroke in pen_digits.for_teaching(given)[0].strokes)
    assert widest < 90  # in MNIST's proportions too


def test_the_real_set_has_the_known_digest():
    path = SHARED / "data" / "pen" / "pendigits.tra"
    if not path.is_file():
        pytest.skip("pen recordings are not beside this checkout")
    assert len(pen_digits.check_pen_digits(path.read_text(), source=str(path))) == 7494
