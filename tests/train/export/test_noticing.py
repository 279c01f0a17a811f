import numpy as np
import pytest

from datasets import load_mnist
from datasets.folders import Pictures
from strokes.reading.recognizer import load_recognizer
from train.export.noticing import is_blank, is_dark_on_light, notices


@pytest.fixture(scope="module")
def digits(raw_mnist):
    images, labels = load_mnist("test", data_dir=raw_mnist)
    return Pictures(images[:40].copy(), labels[:40])


@pytest.fixture(scope="module")
def recognizer():
    return load_recognizer()


def test_pictures_as_mnist_s_are_not_spoken_of(digits, recognizer):
    assert not is_blank(digits.images).any()
    assert not is_dark_on_light(digits.images).any()
    assert list(notices(digits, recognizer)) == []


def test_what_is_odd_is_said_with_its_share_and_its_cure(digits, recognizer):
    images = digits.images.copy()
    images[:4] = 0
    images[4:14] = 255 - images[4:14]
    blank, dark = notices(digits._replace(images=images), recognizer)
    assert blank == "10% of 40 pictures are blank: nothing is drawn in them"
    assert dark.startswith("25% of 40 pictures have dark ink on light paper: --invert inverts all")
    (dark,) = notices(digits._replace(images=255 - digits.images), recognizer)
    assert dark.endswith("--invert reads them so")


@pytest.mark.parametrize("invert", [False, True])
def test_transposed_pictures_are_noticed_by_their_labels(digits, recognizer, invert):
    turned = digits.images.transpose(0, 2, 1)
    images = 255 - turned if invert else turned
    *_, line = notices(digits._replace(images=images), recognizer)
    assert "of 40 pictures" in line
    assert "--transpose" in line
    (everything_blank,) = notices(digits._replace(images=0 * images), recognizer)
    assert "100% of 40" in everything_blank


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (lambda images: images[:, :, ::-1], "only mirrored"),
        (lambda images: images[:, ::-1], "only upside down"),
        (lambda images: np.rot90(images, 1, (1, 2)), "only turned by a quarter to the right"),
        (lambda images: np.rot90(images, 3, (1, 2)), "only turned by a quarter to the left"),
        (lambda images: np.rot90(images, 2, (1, 2)), "only turned by half a circle"),
        (lambda images: np.roll(images, 1, axis=0), "not read as their labels"),
    ],
)
def test_what_else_makes_pictures_unlike_their_labels_is_said(digits, recognizer, turn, said):
    images = np.ascontiguousarray(turn(digits.images))
    (line,) = notices(digits._replace(images=images), recognizer)
    assert said in line
