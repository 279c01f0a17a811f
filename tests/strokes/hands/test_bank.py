import numpy as np
import pytest

from strokes.errors import DataError
from strokes.hands.bank import load_bank, save_bank
from tests.strokes.hands.small import small_bank


def test_a_bank_is_read_as_it_was_written(tmp_path):
    bank = small_bank()
    save_bank(bank, tmp_path / "bank.safetensors")
    found = load_bank(tmp_path / "bank.safetensors")
    np.testing.assert_allclose(found.shapes, bank.shapes, atol=5e-4)
    np.testing.assert_array_equal(found.ways, bank.ways)
    assert found.counts == bank.counts
    assert found.amplitudes == bank.amplitudes
    assert found.facts["recordings"] == "made up"
    assert found.people(7, 1).tolist() == [2]


@pytest.mark.parametrize(
    "change",
    [
        {"counts": [[(40,)]] * 10},
        {"counts": [[]] * 10},
        {"ways": np.full((3, 10), 5)},
    ],
)
def test_ways_that_do_not_fit_are_refused(change, tmp_path):
    save_bank(small_bank()._replace(**change), tmp_path / "bank.safetensors")
    with pytest.raises(DataError, match="no bank of hands"):
        load_bank(tmp_path / "bank.safetensors")


def test_the_shipped_bank_is_of_many_people():
    bank = load_bank()
    assert len(bank.ways) > 100
    assert (bank.ways >= 0).sum(axis=0).min() > 90
    known = bank.ways >= 0
    assert np.abs(bank.shapes[known]).max() < 3
    assert "Unipen" in bank.facts["credit"]
