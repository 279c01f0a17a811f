import pytest

from scripts import prepare_pendigits
from train.errors import RunError


def test_pen_digits_are_downloaded_where_training_finds_them(tmp_path, program):
    with pytest.raises(RunError, match="--timeout 0"):
        prepare_pendigits.main(["--timeout", "0"])
    place = tmp_path / "data"
    done = program(
        "scripts.prepare_pendigits", "--data-dir", place, "--mirrors", "http://127.0.0.1:9/"
    )
    assert done.returncode == 2
    assert "could not be downloaded" in done.stderr
    assert not list(place.glob("*.tra"))
