import jax
import numpy as np
import pytest
from scipy.special import softmax

from datasets import load_mnist, load_thinned
from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.networks.config import RecognizerConfig
from strokes.networks.recognizer import initial_recognizer, recognize
from strokes.reading.recognizer import Recognizer, load_recognizer, save_recognizer, top_digits
from strokes.weights import THINNED_RECOGNIZER
from strokes.weights.files import load_facts, save_weights

TINY = RecognizerConfig(channels=(2,), units=4)


def tiny(data="grey", temperature=2.0):
    """A recogniser that never learnt anything."""
    parameters = jax.tree.map(np.asarray, initial_recognizer(TINY, key=jax.random.key(0)))
    return Recognizer(TINY, parameters, {"data": data, "temperature": temperature})


@pytest.mark.parametrize(("data", "full"), [("grey", 255), ("thinned", 1)])
def test_full_ink_is_read_as_1(rng, data, full):
    pictures = rng.integers(0, full + 1, (9, 28, 28)).astype(np.uint8)
    expected = recognize(TINY, tiny().parameters, np.float32(pictures) / full)
    np.testing.assert_allclose(tiny(data).logits(pictures), expected, atol=1e-5)


@pytest.mark.parametrize("count", [0, 1, 5, 512, 700])
def test_however_many_pictures_each_is_read_by_itself(rng, count):
    pictures = rng.integers(0, 256, (count, 28, 28)).astype(np.uint8)
    recognizer = tiny()
    found = recognizer.logits(pictures)
    assert found.shape == (count, 10)
    assert recognizer.read(pictures).dtype == np.int32
    for index in {0, count // 2, count - 1} & set(range(count)):
        alone = recognizer.logits(pictures[index : index + 1])[0]
        np.testing.assert_allclose(found[index], alone, atol=1e-5)


def test_probabilities_sum_to_1_and_the_temperature_flattens_them(rng):
    pictures = rng.integers(0, 256, (20, 28, 28)).astype(np.uint8)
    plain, hot = (tiny(temperature=t).probabilities(pictures) for t in (1.0, 4.0))
    for found in (plain, hot):
        np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-12)
    assert (hot.max(axis=1) < plain.max(axis=1)).all()
    np.testing.assert_array_equal(hot.argmax(axis=1), plain.argmax(axis=1))
    logits = tiny().logits(pictures).astype(np.float64)
    np.testing.assert_allclose(hot, softmax(logits / 4.0, axis=1), rtol=1e-9)


def test_certainty_of_logits_far_apart_is_finite():
    logits = np.zeros((1, 10), np.float32)
    logits[0, 3] = 5000.0
    assert tiny(temperature=1.0).calibrated(logits).tolist() == [[0, 0, 0, 1, 0, 0, 0, 0, 0, 0]]


def test_accuracy_is_the_share_that_is_read_right(rng):
    pictures = rng.integers(0, 256, (10, 28, 28)).astype(np.uint8)
    labels = tiny().read(pictures)
    labels[:3] = (labels[:3] + 1) % 10
    assert tiny().accuracy(pictures, labels) == pytest.approx(0.7)


def test_digits_are_ranked_by_certainty():
    certainties = np.array([0.1, 0, 0, 0.6, 0, 0, 0.3, 0, 0, 0])
    assert top_digits(certainties) == [(3, 0.6), (6, 0.3), (0, 0.1)]
    assert top_digits(certainties, count=1) == [(3, 0.6)]
    assert top_digits(np.full(10, 0.1), count=2) == [(0, 0.1), (1, 0.1)]  # even: the lower first


def test_what_was_saved_comes_back(tmp_path, rng):
    path = tmp_path / "recognizer.safetensors"
    save_recognizer(tiny(), path, {"note": "tiny"})
    again = load_recognizer(path)
    assert again.config == TINY
    assert (again.facts["temperature"], again.facts["note"]) == (2.0, "tiny")
    pictures = rng.integers(0, 256, (5, 28, 28)).astype(np.uint8)
    difference = again.logits(pictures) - tiny().logits(pictures)
    assert np.abs(difference).max() < 0.02  # half precision


def test_a_recogniser_of_another_kind_is_refused(tmp_path):
    with pytest.raises(DataError, match="expected a recogniser of grey ones"):
        load_recognizer(THINNED_RECOGNIZER)
    save_recognizer(tiny(), tmp_path / "grey.safetensors", {})
    with pytest.raises(DataError, match="expected a recogniser of thinned ones"):
        load_recognizer(tmp_path / "grey.safetensors", of="thinned")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda facts: facts.pop("network"),
        lambda facts: facts["network"].pop("channels"),
        lambda facts: facts["network"].update(channels=[0]),
        lambda facts: facts["network"].update(layers=3),
        lambda facts: facts.pop("data"),
        lambda facts: facts.update(data="coloured"),
        lambda facts: facts.pop("temperature"),
        lambda facts: facts.update(temperature="warm"),
        lambda facts: facts.update(temperature=0.0),
    ],
)
def test_damaged_facts_are_refused(tmp_path, spoil):
    path = tmp_path / "recognizer.safetensors"
    save_recognizer(tiny(), path, {})
    facts = load_facts(path)
    spoil(facts)
    save_weights(path, tiny().parameters, facts=facts)
    with pytest.raises(DataError, match="no recogniser") as error:
        load_recognizer(path)
    assert str(path) in str(error.value)


def test_weights_of_another_network_are_refused(tmp_path):
    path = tmp_path / "recognizer.safetensors"
    save_recognizer(tiny(), path, {"network": {"channels": [2], "units": 5}})
    with pytest.raises(DataError, match="weights of another network"):
        load_recognizer(path)
    path.write_bytes(b"no weights")
    with pytest.raises(DataError, match="no weights that this package wrote"):
        load_recognizer(path)


def test_the_shipped_recogniser_of_thinned_digits_reads_as_well_as_it_says():
    recognizer = load_recognizer(THINNED_RECOGNIZER, of="thinned")
    pictures, labels = load_thinned("test")
    accuracy = recognizer.accuracy(pictures, labels)
    assert accuracy == pytest.approx(recognizer.facts["test_accuracy"], abs=5e-4)
    assert accuracy > 0.98


def test_the_shipped_recogniser_of_grey_digits_reads_as_well_as_it_says(raw_mnist):
    recognizer = load_recognizer()
    pictures, labels = load_mnist("test", data_dir=raw_mnist)
    accuracy = recognizer.accuracy(pictures, labels)
    assert accuracy == pytest.approx(recognizer.facts["test_accuracy"], abs=5e-4)
    assert accuracy > 0.993


def test_classes_stand_beside_the_weights_and_are_asked_for(tmp_path):
    path = tmp_path / "letters.safetensors"
    letters = Classes(tuple("abcdefghij"))
    save_recognizer(tiny(), path, letters.facts())
    assert load_recognizer(path, classes=None).classes == letters
    assert load_recognizer(path, classes=Classes(letters.names[::-1])).classes == letters
    with pytest.raises(DataError, match=r"other classes than expected \(a digit from 0 to 9"):
        load_recognizer(path)
    assert load_recognizer().classes == DIGITS
    assert "classes" not in load_recognizer().facts
    save_recognizer(tiny(), path, Classes(("a", "b")).facts())
    with pytest.raises(DataError, match=r"no recogniser \(10 logits for 2 classes\)"):
        load_recognizer(path, classes=None)
