import contextlib
import dataclasses
import json

import numpy as np
import pytest

from datasets.prepared import PictureSet
from strokes.classes import Classes
from strokes.reading.recognizer import load_recognizer
from tests.train.recognizer.conftest import CONFIG, PERCEPTRON, TINY, picture_set, thinned
from train.recognizer.run import train_into


class Heard:
    """Stands in for a progress bar; keeps what it is told."""

    def __init__(self):
        self.lines, self.done = [], 0

    @contextlib.contextmanager
    def __call__(self, total, *, label, unit=" images"):
        self.total = total
        yield self

    def advance(self, count):
        self.done += count

    def line(self, text):
        self.lines.append(text)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder, heard = tmp_path_factory.mktemp("recognizer"), Heard()
    digits = picture_set("train", 3500), picture_set("test", 500)
    return folder, train_into(folder, CONFIG, *digits, command="again", progress=heard), heard


def test_a_training_leaves_everything_behind(trained):
    folder, facts, heard = trained
    pictures = {"confusion.png", "curves.png", "top_losses.png"}
    files = {"recognizer.safetensors", "card.md", "classes.md", "metrics.jsonl"}
    assert {path.name for path in folder.iterdir()} == files | pictures
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert [row["epoch"] for row in rows] == [1, 2]
    names = {"epoch", "loss", "seconds", "held_out_loss", "held_out_accuracy"}
    assert all(set(row) == names for row in rows)
    assert (heard.total, heard.done, len(heard.lines)) == (2, 2, 2)
    assert f"held out {rows[0]['held_out_accuracy']:.4f}" in heard.lines[0]
    assert f"{facts['test_accuracy']:.2%}" in (folder / "card.md").read_text()


def test_what_is_kept_is_the_best_epoch_and_tested(trained):
    folder, facts, _ = trained
    kept = load_recognizer(folder / "recognizer.safetensors", of="thinned")
    assert kept.facts == json.loads(json.dumps(facts))
    assert (kept.config, facts["command"]) == (TINY, "again")
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    best = max(rows, key=lambda row: (row["held_out_accuracy"], row["epoch"]))
    assert facts["epochs"] == best["epoch"]
    pictures, labels = thinned("test", 500)
    assert kept.accuracy(pictures, labels) == pytest.approx(facts["test_accuracy"], abs=0.004)
    assert set(facts["training"]) == {
        field.name for field in dataclasses.fields(CONFIG) if field.name not in ("network", "data")
    }


def test_without_held_out_pictures_there_are_no_curves(tmp_path):
    config = dataclasses.replace(PERCEPTRON, epochs=1)
    facts = train_into(
        tmp_path,
        config,
        picture_set("train", 300),
        picture_set("test", 100),
        command="",
        progress=Heard(),
    )
    assert not (tmp_path / "curves.png").exists()
    row = json.loads((tmp_path / "metrics.jsonl").read_text())
    assert set(row) == {"epoch", "loss", "seconds"}
    assert np.isfinite(row["loss"])
    assert facts["temperature"] == 1.0


def test_the_network_fits_the_set_whatever_its_size_and_classes(tmp_path, rng):
    classes = Classes(("\u4e00", "C", "c", "$"), alike=(("C", "c"),))
    labels = np.arange(300, dtype=np.int32) % 4
    images = np.zeros((300, 12, 20), np.uint8)
    images[np.arange(300), 3, 3 + 4 * np.minimum(labels, 2)] = 255  # $ looks as c does
    letters = PictureSet(images, labels, classes, writers=np.arange(300) // 10)
    config = dataclasses.replace(PERCEPTRON, data="grey", epochs=1, held_out=40)
    facts = train_into(
        tmp_path, config, letters, letters, name="mine", command="", progress=Heard()
    )
    kept = load_recognizer(tmp_path / "recognizer.safetensors", classes=None)
    assert (kept.config.height, kept.config.width, kept.config.outputs) == (12, 20, 4)
    assert kept.classes == classes
    assert facts["class_counts"] == [75] * 4
    card = (tmp_path / "card.md").read_text()
    assert "one of 4 classes in a 20x12 picture as those of the set `mine`, grey" in card
    assert "- Classes: \u4e00 C c $" in card
    assert f"- Test folded accuracy: {facts['test_folded_accuracy']:.2%}" in card
    assert (tmp_path / "confusion.png").exists()
