"""Whatever stands in configurations and facts that models are loaded from is read, or refused.

Each value in them becomes absurd, one at a time: sizes without end, other types, no numbers.
"""

import copy
import dataclasses
import json
import time

import pytest

from strokes.errors import DataError
from strokes.files import SUMS_FILE
from strokes.hands import bank
from strokes.hands.bank import load_bank
from strokes.networks.config import MOST_WEIGHTS
from strokes.reading import recognizer, refusal
from strokes.reading.recognizer import load_recognizer
from strokes.reading.refusal import load_refusal
from strokes.weights import GREY_RECOGNIZER, HANDS, REFUSAL, SHIPPED_WRITER
from strokes.weights import files as weight_files
from strokes.weights.sealed import Sealed, read_sealed
from strokes.writing import writer
from strokes.writing.config_files import writer_config
from strokes.writing.writer import load_writer
from tests.train.stroke_model.tiny import TINY
from train.errors import RunError
from train.stroke_model import plans
from train.stroke_model.run_folder import CONFIG_FILE, RunFolder, check_checkpoint

ABSURD = (
    10**9, 65_000, -1, 10**400, 1.5, float("inf"), float("nan"), None, "x" * 65, [10**9] * 20,
)  # fmt: skip
RIGHT = "right as far as sizes go"


def places(values, path=()):
    """The paths to all that stands in nested values; of long lists, to the first and last."""
    if path:
        yield path
    if isinstance(values, dict):
        inner = list(values.items())
    elif isinstance(values, list):
        inner = [(index, values[index]) for index in sorted({0, len(values) - 1}) if values]
    else:
        inner = []
    for key, value in inner:
        yield from places(value, (*path, key))


def changed(values, path, value):
    """The same with one thing changed, as JSON brings it."""
    found = copy.deepcopy(values)
    inner = found
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return json.loads(json.dumps(found))


def outcome(read):
    """What reading gave, or the line in which it was refused; neither takes long."""
    begun = time.process_time()
    try:
        found = read()
    except (DataError, RunError) as error:
        found = str(error)
        assert found.isprintable()
        assert len(found) < 2000
    assert time.process_time() - begun < 5
    return found


def run_plans(path):
    networks = writer_config(weight_files.load_facts(path)["config"]).networks
    return plans.load_run_plans(path, dataclasses.replace(TINY, networks=networks))


READERS = {
    "writer": (load_writer, SHIPPED_WRITER, ("config", "step")),
    "recogniser": (load_recognizer, GREY_RECOGNIZER, ("data", "network", "temperature")),
    "refusal": (load_refusal.__wrapped__, REFUSAL, ("threshold",)),
    "hands": (load_bank.__wrapped__, HANDS, ("ways", "counts", "amplitudes")),
    "plans of a run": (run_plans, SHIPPED_WRITER, ("plans", "of_recording")),
}


def no_weights(*_):
    raise DataError(RIGHT)


@pytest.mark.parametrize("kind", READERS)
def test_facts_beside_weights(kind, monkeypatch):
    read, path, names = READERS[kind]
    whole = {"of_recording": [0, -1, 1]} | read_sealed(path).facts
    for module in (writer, recognizer, refusal, bank, plans):
        monkeypatch.setattr(module, "load_weights", no_weights)
    monkeypatch.setattr(writer, "parameter_shapes", lambda networks: networks.weights)
    monkeypatch.setattr(refusal, "load_recognizer", dict)
    monkeypatch.setattr(refusal, "head_shapes", dict)
    facts = dict(whole)
    monkeypatch.setattr(weight_files, "read_sealed", lambda _: Sealed({}, facts))
    assert outcome(lambda: read(path)) == RIGHT
    told = {name: whole[name] for name in names}
    refused = 0
    for place in places(told):
        for value in ABSURD:
            facts = whole | changed(told, place, value)
            refused += outcome(lambda: read(path)) != RIGHT
    assert refused > 5 * len(names)


def test_configurations_of_runs(tmp_path):
    run = RunFolder(tmp_path / "run")
    run.create(TINY, dataset="")
    (run.path / SUMS_FILE).unlink()
    record = json.loads((run.path / CONFIG_FILE).read_text())
    refused = 0
    for place in places({"config": record["config"]}):
        for value in ABSURD:
            (run.path / CONFIG_FILE).write_text(json.dumps(changed(record, place, value)))
            found = outcome(run.config)
            refused += isinstance(found, str)
            if not isinstance(found, str):
                assert found.networks.weights <= MOST_WEIGHTS
    assert refused > 300


@pytest.mark.parametrize(
    "sizes", [{"width": 10**9}, {"width": 65_000}, {"width": "6" * 65}, {"layers": 100_000}]
)
def test_sizes_without_end_are_named(tmp_path, sizes):
    run = RunFolder(tmp_path / "run")
    run.create(TINY, dataset="")
    (run.path / SUMS_FILE).unlink()
    record = json.loads((run.path / CONFIG_FILE).read_text())
    record["config"]["networks"]["decoder"] |= sizes
    (run.path / CONFIG_FILE).write_text(json.dumps(record))
    said = outcome(lambda: check_checkpoint(run.path))
    assert next(iter(sizes)) in said
    assert "expected" in said
