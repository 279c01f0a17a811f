import numpy as np
import pytest

from scripts.shared.hands import named_hand
from tests.scripts.photos import photo
from train.errors import RunError


def test_a_test_digit_is_imitated():
    hand = named_hand("mnist:0", seed=0)  # a 7
    assert hand.name == "mnist:0"
    top = hand.shapes[7][hand.shapes[7][:, 1] < -0.7]
    assert np.ptp(top[:, 0]) > 0.3


def test_photos_are_imitated_and_what_cannot_be_read_is_named(tmp_path, rng, capsys):
    photo(2, tmp_path / "a.png", rng)
    (tmp_path / "b.png").write_text("none")
    assert named_hand(str(tmp_path), seed=0).shapes.shape == (13, 48, 2)
    assert "b.png" in capsys.readouterr().err


def test_a_folder_without_a_digit_is_no_hand(tmp_path):
    (tmp_path / "b.png").write_text("none")
    with pytest.raises(RunError, match="no photo of a digit"):
        named_hand(str(tmp_path), seed=0)
