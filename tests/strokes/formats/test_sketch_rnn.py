import numpy as np
import pytest

from strokes.formats.recordings import read_recordings
from strokes.formats.sketch_rnn import write_sketch_rnn
from strokes.ink import Recording
from tests.strokes.formats import sketch_rnn_loader


@pytest.fixture
def splits(rng):
    def some(count, first):
        return [
            Recording((first + n) % 10, [rng.random((5 + n % 3, 2)), rng.random((4, 2))])
            for n in range(count)
        ]

    return {"train": some(12, 0), "test": some(3, 5)}


def loaded(path):
    """As sketch-rnn's own loader does it, with padding and clipping left out."""
    data = np.load(path, encoding="latin1", allow_pickle=True)
    return {name: list(data[name]) for name in ("train", "valid", "test")}


def test_a_sketch_rnn_s_loader_finds_drawings(tmp_path, splits):
    path = tmp_path / "a.npz"
    write_sketch_rnn(splits, path)
    found = loaded(path)
    assert {name: len(rows) for name, rows in found.items()} == {"train": 10, "valid": 2, "test": 3}
    for rows, wrote in zip(found["train"] + found["valid"], splits["train"], strict=True):
        assert (rows.dtype, rows.shape) == (np.float32, (sum(map(len, wrote.strokes)), 3))
        places = np.cumsum(rows[:, :2].astype(float), axis=0) / 255
        np.testing.assert_allclose(places, np.concatenate(wrote.strokes), atol=1e-5)
        assert np.flatnonzero(rows[:, 2]).tolist() == [len(wrote.strokes[0]) - 1, len(rows) - 1]


def test_its_own_program_takes_them_and_makes_of_them_what_stroke_5_is(tmp_path, splits):
    write_sketch_rnn(splits, tmp_path / "3.npz")
    write_sketch_rnn(splits, tmp_path / "5.npz", padded=True)
    batches, factor = sketch_rnn_loader.load_dataset(tmp_path / "3.npz")
    padded = np.load(tmp_path / "5.npz")
    for name, batch in batches.items():
        np.testing.assert_array_equal(batch[:, 0], np.tile([0, 0, 1, 0, 0], (len(batch), 1)))
        order = np.argsort((padded[name][..., 4] == 0).sum(axis=1), kind="stable")
        theirs = batch[:, 1:] * [factor, factor, 1, 1, 1]
        np.testing.assert_allclose(theirs, padded[name][order], atol=1e-4)


def test_stroke_5_needs_no_pickle(tmp_path, splits):
    path = tmp_path / "a.npz"
    write_sketch_rnn(splits, path, padded=True)
    with np.load(path, allow_pickle=False) as data:
        longest = max(sum(map(len, one.strokes)) for part in splits.values() for one in part)
        assert data["train"].shape == (10, longest, 5)
        np.testing.assert_array_equal(data["valid_label"], [0, 1])
        assert (data["test"][..., 2:].sum(axis=-1) == 1).all()


@pytest.mark.parametrize("padded", [False, True])
def test_what_is_written_is_read_back_in_its_order(tmp_path, splits, padded):
    path = tmp_path / "a.npz"
    write_sketch_rnn(splits, path, padded=padded)
    found = read_recordings(path, strict=True)
    wrote = splits["train"] + splits["test"]
    assert [one.label for one in found] == [one.label for one in wrote]
    for one, other in zip(found, wrote, strict=True):
        for ours, theirs in zip(one.strokes, other.strokes, strict=True):
            np.testing.assert_allclose(ours / 255, theirs, atol=1e-5)


def test_splits_of_other_names_and_of_ones_own(tmp_path, splits):
    write_sketch_rnn({"all": splits["train"]}, tmp_path / "a.npz")
    assert [len(rows) for rows in loaded(tmp_path / "a.npz").values()] == [10, 2, 0]
    three = splits | {"valid": splits["test"]}
    write_sketch_rnn(three, tmp_path / "b.npz")
    assert [len(rows) for rows in loaded(tmp_path / "b.npz").values()] == [12, 3, 3]
    write_sketch_rnn(three, tmp_path / "c.npz")
    assert (tmp_path / "b.npz").read_bytes() == (tmp_path / "c.npz").read_bytes()
