import numpy as np
import pytest

from datasets import load_mnist, load_thinned
from datasets.thinned import THINNED_FILE, save_thinned, thickened
from strokes.errors import DataError
from strokes.pictures.thinning import thin


@pytest.mark.parametrize(("split", "count"), [("train", 60_000), ("test", 10_000)])
def test_shape_type_and_values(split, count):
    images, labels = load_thinned(split)
    assert images.shape == (count, 28, 28)
    assert images.dtype == np.uint8
    assert labels.shape == (count,)
    assert labels.dtype == np.int32
    assert set(np.unique(images)) == {0, 1}
    assert images.any((1, 2)).all()
    assert np.unique(labels).tolist() == list(range(10))


def test_order_is_mnists():
    # The first labels of both splits, as published with MNIST.
    assert load_thinned("train")[1][:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert load_thinned("test")[1][:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]


@pytest.mark.slow
def test_rebuilt_from_raw_mnist_it_is_the_shipped_file(raw_mnist, tmp_path):
    splits = {}
    for split in ("train", "test"):
        images, labels = load_mnist(split, data_dir=raw_mnist)
        splits[split] = (thin(images), labels)
    rebuilt = tmp_path / "thinned.npz"
    save_thinned(splits, rebuilt)
    for split in ("train", "test"):
        for made, shipped in zip(
            load_thinned(split, path=rebuilt), load_thinned(split), strict=True
        ):
            assert (made == shipped).all()
    assert rebuilt.read_bytes() == THINNED_FILE.read_bytes()


def test_the_shared_copy_cannot_be_changed():
    images, _ = load_thinned("test")
    with pytest.raises(ValueError, match="read-only"):
        images[0] = 0


def test_bad_split_and_bad_file(tmp_path):
    with pytest.raises(DataError, match="expected 'train' or 'test'"):
        load_thinned("both")
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(THINNED_FILE.read_bytes()[:1000])
    with pytest.raises(DataError, match=r"damaged\.npz: not a file of thinned digits"):
        load_thinned("test", path=damaged)


def test_thickened_digits_are_about_as_inky_as_mnist_s():
    images, _ = load_thinned("test")
    grey = thickened(images[:200])
    assert (grey.dtype, grey.shape) == (np.uint8, (200, 28, 28))
    assert (grey[images[:200] == 1] > 127).all()
    np.testing.assert_allclose(grey.sum() / 255 / 200, 101, atol=10)  # MNIST's have 95 to 103
    upright = np.zeros((1, 28, 28), np.uint8)
    upright[0, 4:24, 14] = 1
    np.testing.assert_array_equal(thickened(upright)[0, 14, 11:18], [0, 64, 191, 255, 191, 64, 0])
