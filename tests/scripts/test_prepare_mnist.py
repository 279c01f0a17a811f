import pytest

from datasets.thinned import THINNED_FILE
from scripts import prepare_mnist
from train.errors import RunError


@pytest.mark.slow
def test_prepare_makes_the_shipped_file(raw_mnist, tmp_path, capsys):
    out = tmp_path / "thinned.npz"
    assert prepare_mnist.main(["--data-dir", str(raw_mnist), "--out", str(out)]) == 0
    assert out.read_bytes() == THINNED_FILE.read_bytes()
    assert f"thinned 70,000 digits: {out}" in capsys.readouterr().out


def test_what_cannot_be_had_is_said(tmp_path, program):
    with pytest.raises(RunError, match="--timeout 0"):
        prepare_mnist.main(["--timeout", "0"])
    place, out = tmp_path / "data", tmp_path / "thinned.npz"
    mirrors = ["--mirrors", "http://127.0.0.1:9/", "--timeout", "0.5"]
    done = program("scripts.prepare_mnist", "--data-dir", place, "--out", out, *mirrors)
    assert done.returncode == 2
    assert "could not be downloaded" in done.stderr
    assert not out.exists()
