import dataclasses
import json

import pytest

from train.errors import RunError
from train.presets import PRESETS
from train.run_folder import RunFolder, config_from_dict, config_to_dict


@pytest.mark.parametrize("preset", list(PRESETS))
def test_the_folder_holds_the_exact_configuration(tmp_path, preset):
    config = dataclasses.replace(PRESETS[preset](), seed=7)
    folder = RunFolder(tmp_path / "run")
    folder.create(config, dataset="some digits")
    assert folder.config() == config
    record = folder.record()
    assert record["dataset"] == "some digits"
    assert record["versions"]["jax"]
    assert record["device"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(epochs="ten"), "config.epochs is 'ten', expected int"),
        (lambda c: c.update(epochs=0), "epochs is 0, expected at least 1"),
        (lambda c: c["loss"].pop("angle"), r"config.loss: unknown \[\], missing \['angle'\]"),
        (lambda c: c.update(colour=1), r"unknown \['colour'\]"),
        (lambda c: c["loss"].update(line="dots"), "config.loss.line is 'dots'"),
        (lambda c: c.update(networks=3), "config.networks is 3, expected an object"),
    ],
)
def test_a_changed_configuration_is_refused_by_name(change, message):
    values = json.loads(json.dumps(config_to_dict(PRESETS["demo"]())))
    change(values)
    with pytest.raises(RunError, match=message):
        config_from_dict(values)


def test_a_used_folder_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(RunError, match="is not empty"):
        RunFolder(tmp_path).create(PRESETS["demo"](), dataset="")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_no_run_or_a_damaged_one(tmp_path, content):
    if content is not None:
        (tmp_path / "config.json").write_text(content)
    with pytest.raises(RunError, match="holds no run" if content is None else "damaged"):
        RunFolder(tmp_path).config()


def test_metrics_are_cut_where_a_run_goes_on(tmp_path):
    folder = RunFolder(tmp_path)
    folder.append_metrics({"step": step, "loss": 0.5} for step in (1, 2, 3))
    with folder.metrics.open("a") as file:
        file.write('{"step": 4, "lo')  # killed as it wrote
    folder.cut_metrics(3)
    assert [json.loads(line)["step"] for line in folder.metrics.read_text().splitlines()] == [
        1,
        2,
        3,
    ]
    folder.cut_metrics(1)
    assert [json.loads(line)["step"] for line in folder.metrics.read_text().splitlines()] == [1]
