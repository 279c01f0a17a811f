import json
import subprocess
import sys

import pytest

from scripts import recognize
from strokes.errors import DataError
from strokes.weights import THINNED_RECOGNIZER
from tests.conftest import ROOT
from tests.scripts.photos import photo
from train.errors import RunError


def test_pictures_are_recognised(tmp_path, rng, capsys):
    for label in (3, 7):
        photo(label, tmp_path / f"{label}.png", rng)
    (tmp_path / "x.png").write_text("none")
    assert recognize.main([str(tmp_path), "--json", "True"]) == 2
    said = capsys.readouterr()
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [row["digit"] for row in rows] == [3, 7]
    assert list(rows[0]) == ["picture", "digit", "is_digit", "top", "done"]
    assert all(len(row["top"]) == 3 and row["top"][0]["certainty"] > 0.5 for row in rows)
    assert said.err.count("\n") == 1
    assert recognize.main([str(tmp_path / "3.png")]) == 0
    assert f"{tmp_path / '3.png'}: 3 " in capsys.readouterr().out


def test_files_are_looked_for_before_the_recogniser_is_loaded(tmp_path):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_text("no weights")
    with pytest.raises(DataError, match="no picture in it"):
        recognize.main([str(tmp_path), "--recognizer", str(damaged)])
    missing = ["--recognizer", str(tmp_path / "nothing")]
    with pytest.raises(RunError, match=r"--recognizer .*nothing: no such file"):
        recognize.main([str(tmp_path), *missing])


def test_a_damaged_recogniser_is_named(tmp_path, rng):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_text("no weights")
    picture = photo(3, tmp_path / "3.png", rng)
    with pytest.raises(DataError, match="no weights that this package wrote"):
        recognize.main([picture, "--recognizer", str(damaged)])


def test_a_recogniser_of_thinned_digits_does_not_serve(tmp_path, rng):
    picture = photo(3, tmp_path / "3.png", rng)
    with pytest.raises(DataError, match="expected a recogniser of grey ones"):
        recognize.main([picture, "--recognizer", str(THINNED_RECOGNIZER)])


def test_no_stroke_model_is_loaded(tmp_path, rng):
    code = (
        "import sys; from scripts import recognize; "
        f"assert recognize.main([{photo(7, tmp_path / '7.png', rng)!r}]) == 0; "
        "assert not [name for name in sys.modules if name.startswith('strokes.writing')]"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
