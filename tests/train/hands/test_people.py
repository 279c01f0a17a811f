import numpy as np
import pytest

from datasets.recordings import OWN_RECORDINGS
from strokes.formats.recordings import read_recordings
from strokes.hands.hand import hand_by_lot
from train.errors import RunError
from train.hands import people
from train.hands.people import calibrate, gather_bank


@pytest.fixture(scope="module")
def recordings():
    """The package's own, as if three people had made them."""
    own = read_recordings(OWN_RECORDINGS)
    return [one._replace(source=f"unipen-own-{i % 3:03d}") for i, one in enumerate(own)][::5]


def test_a_bank_of_people_gives_hands(recordings, monkeypatch):
    monkeypatch.setattr(people, "_HANDS", 6)
    bank = gather_bank(recordings, {"recordings": "own"})
    assert bank.shapes.shape == (3, 10, 48, 2)
    assert (bank.ways >= -1).all()
    for digit in range(10):
        known = bank.ways[:, digit] >= 0
        assert known.any()
        paths = bank.shapes[known, digit]
        np.testing.assert_allclose(paths[..., 1].max(axis=1), 0.0, atol=0.2)
        assert sorted(set(bank.ways[known, digit])) == list(range(len(bank.counts[digit])))
    assert bank.amplitudes["slant"] + bank.amplitudes["width"] > 0
    assert hand_by_lot(0, bank=bank).shapes.shape == (13, 48, 2)
    louder = calibrate(bank, recordings, seed=0)
    factors = [louder.amplitudes[n] / v for n, v in bank.amplitudes.items() if v]
    np.testing.assert_allclose(factors, factors[0])


def test_too_few_people_are_refused(recordings):
    with pytest.raises(RunError, match="nobody"):
        gather_bank([one for one in recordings if one.label != 3], {})
