import numpy as np
import pytest

from scripts import heat_map
from tests.scripts.photos import photo
from train.errors import RunError


def test_one_command_writes_the_picture(tmp_path, capsys):
    picture, out = tmp_path / "seven.png", tmp_path / "heat.png"
    photo(7, picture, np.random.default_rng(0))
    assert heat_map.main([str(picture), "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert f"{picture}: 7 " in capsys.readouterr().out
    assert heat_map.main([str(picture), "--out", str(out), "--classes", "7", "1"]) == 0
    with pytest.raises(RunError, match="--classes: label 'x', expected a digit"):
        heat_map.main([str(picture), "--classes", "x"])
    with pytest.raises(RunError, match="no such file"):
        heat_map.main([str(tmp_path / "none.png")])
