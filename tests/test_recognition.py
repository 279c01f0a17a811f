import pytest

from datasets import load_thinned
from strokes.recognizer import RecognizerConfig
from train.recognition import RecognitionConfig, load_reader, save_reader, train_recognizer

TINY = RecognizerConfig(channels=(4, 8), units=16)


def test_a_recogniser_learns_and_comes_back_from_its_file(tmp_path):
    pictures, labels = load_thinned("train")
    config = RecognitionConfig(network=TINY, epochs=2, batch_size=100, learning_rate=0.01)
    epochs = list(train_recognizer(config, pictures[:3000], labels[:3000]))
    assert [reader.facts["epochs"] for reader, _ in epochs] == [1, 2]
    assert epochs[1][1] < epochs[0][1]
    tested, truth = (array[:1000] for array in load_thinned("test"))
    reader = epochs[-1][0]
    assert (reader.read(tested) == truth).mean() > 0.8
    save_reader(reader, tmp_path / "reader.safetensors", {"note": "tiny"})
    again = load_reader(tmp_path / "reader.safetensors")
    assert (again.config, again.facts) == (TINY, {"epochs": 2, "note": "tiny"} | again.facts)
    assert (again.read(tested) == reader.read(tested)).mean() > 0.995


def test_the_shipped_recogniser_reads_as_well_as_it_says():
    reader = load_reader()
    pictures, labels = load_thinned("test")
    accuracy = (reader.read(pictures) == labels).mean()
    assert accuracy == pytest.approx(reader.facts["test_accuracy"], abs=5e-4)
    assert accuracy > 0.98
    assert reader.read(pictures[:0]).shape == (0,)


def test_what_makes_no_run_is_refused():
    for wrong in ({"epochs": 0}, {"shift": -1}, {"learning_rate": 0.0}, {"weight_decay": -1.0}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            RecognitionConfig(**wrong)
