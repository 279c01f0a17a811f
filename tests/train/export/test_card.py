import dataclasses
import json
import re
from pathlib import Path

import pytest

from strokes.writing.config import DrawingConfig
from tests.train.evaluation.written import shipped_writer
from tests.train.export.planned import tiny_writer
from train.device import device_name
from train.export.card import dataset_card
from train.stroke_model.config_files import config_from_dict, config_to_dict
from train.stroke_model.model import training_config
from train.stroke_model.presets import preset

SCORES = {
    "train": {"all": {"iou": 0.8125}, "digits": {"0": {"iou": 0.75}, "1": {"iou": 0.875}}},
    "test": {"all": {"iou": 0.5}, "digits": {"7": {"iou": 0.5}}},
}
FILES = {split: [Path(f"/some/where/{split}.parquet")] for split in SCORES}


def card(writer, **options):
    options = {"count": 45} | options
    return dataset_card(writer, SCORES, FILES, Path("/some/where/all.npz"), **options)


def of(config):
    """A writer that was trained so, without its plans."""
    facts = {"config": config_to_dict(config)}
    return shipped_writer()._replace(config=config.writer, facts=facts, step=1234, plans=None)


def test_the_header_names_the_files_that_dataset_hubs_read():
    text = card(shipped_writer())
    header = text.split("---\n")[1]
    assert "license: cc-by-sa-3.0\n" in header
    for split in SCORES:
        assert f"      - split: {split}\n        path: {split}.parquet\n" in header
    assert "/some" not in text


@pytest.mark.parametrize(
    ("count", "size"),
    [(1, "n<1K"), (999, "n<1K"), (1000, "1K<n<10K"), (70_000, "10K<n<100K")]
    + [(9_999_999, "1M<n<10M"), (10**9, "1B<n<10B")],
)
def test_the_header_says_what_it_is_for_and_how_large(count, size):
    header = card(shipped_writer(), count=count).split("---\n")[1]
    assert f"size_categories:\n  - {size}\n" in header
    assert "task_categories:\n  - image-classification\n" in header


def test_no_split_takes_a_word_that_hubs_keep_for_themselves():
    files = {"all": [Path("all.parquet")]}
    text = dataset_card(shipped_writer(), {}, files, Path("mine.npz"), count=3)
    assert "      - split: train\n        path: all.parquet\n" in text
    assert 'split="train"' in text
    assert 'np.load("mine.npz")["all_points"]' in text


def test_the_card_holds_the_configuration_and_what_it_was_made_on():
    text = card(shipped_writer())
    kept = json.loads(re.search(r"```json\n(.*?)```", text, re.DOTALL)[1])
    assert config_from_dict(kept) == training_config(shipped_writer())
    assert f"exported on {device_name()}" in text
    for words in ("CC BY-SA 3.0", "label", "y **down**", '"seed": 0', "de Jong", "`all.npz`"):
        assert words in text
    assert "$" not in text


def test_every_split_has_its_scores():
    text = card(shipped_writer())
    train, test = (text.index(f"Split `{split}`:") for split in SCORES)
    assert "| 1 | 0.8750 |\n| all | 0.8125 |" in text[train:test]
    assert "| 7 | 0.5000 |\n| all | 0.5000 |" in text[test:]


@pytest.mark.parametrize(
    ("name", "kind", "line", "taught"),
    [
        ("standard", "ten decoders, one for each digit", "capsule", "recordings (`own`)"),
        ("human", "ten decoders, one for each digit", "capsule", "recordings (`unipen`)"),
        ("demo", "ten decoders, one for each digit", "capsule", "recordings (`own`)"),
        ("box-sum", "one decoder", "box", ""),
    ],
)
def test_the_card_says_what_wrote(name, kind, line, taught):
    config = dataclasses.replace(preset(name), seed=7)
    text, decoder = card(of(config)), config.networks.decoder
    layers = "one LSTM layer" if name == "demo" else "3 LSTM layers"
    assert f"Writer: {kind}, {layers} of {decoder.width} units" in text
    assert "after 1234 steps; seed 7;" in text
    assert f"threshold of the `{line}` line" in text
    assert f"wrote for it: {config.writer.written_points} points each" in text
    assert "rasterizer" in text
    assert ("pen recordings" in text) == bool(taught)
    assert taught in text


def test_refinement_is_said_where_there_was_some():
    assert "gradient descent" not in card(shipped_writer())
    assert "\nAfter that, 60 steps of gradient descent" in card(shipped_writer(), refined=60)


def test_the_card_says_where_points_lie():
    text = card(tiny_writer())
    assert "wrote for it: 11 points each" in text
    assert "itself emits 6 points" in text
    assert "catmull-rom curve" in text
    straight = dataclasses.replace(preset("standard"), drawing=DrawingConfig(pieces=1))
    assert "itself emits" not in card(of(straight))


def test_the_card_explains_plans_and_lists_those_of_its_writer():
    text = card(tiny_writer())
    for column in ("| `plan` | int32 |", "| `plan_probability` | float32 |"):
        assert column in text
    assert "| 0 | 1 | 2 |  |\n| 1 | 1 |  |  |\n| 2 | 1 | 2 | 3 |" in text
    assert "knows no plans" not in text
    assert "This writer knows no plans" in card(tiny_writer(plans=0))


def test_shards_are_named_together():
    files = {"train": [Path(f"train-{place:06d}.parquet") for place in range(3)]}
    text = dataset_card(shipped_writer(), {}, files, None, count=3)
    assert "      - split: train\n        path: train-*.parquet\n" in text
    assert "- `train-000000.parquet` to `train-000002.parquet`: split `train`\n" in text
    assert 'pd.read_parquet("train-000000.parquet")' in text
    assert ".npz" not in text
    assert "np.load" not in text
    assert "NumPy alone" in card(shipped_writer())
