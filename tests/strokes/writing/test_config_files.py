import dataclasses
import json

import pytest

from strokes.errors import DataError
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.weights import SHIPPED_WRITER
from strokes.weights.files import load_facts
from strokes.writing.config import DrawingConfig, LossConfig, WriterConfig
from strokes.writing.config_files import FORMAT, upgraded, with_format, writer_config

CONFIG = WriterConfig(
    NetworksConfig(DecoderConfig(points=7, width=5), ensemble=False),
    DrawingConfig(line="box", combine="sum", curve="line", pieces=1),
    LossConfig(angle=0.5),
)


def written(config=CONFIG):
    return json.loads(json.dumps(with_format(config)))


def of_format_1(config=CONFIG):
    """As it was written before formats had numbers: the drawing among the loss's terms."""
    values = dataclasses.asdict(config)
    drawing = values.pop("drawing")
    values["loss"] |= {name: drawing[name] for name in ("line", "combine")}
    values["loss"] |= {"neural_line": "shipped"}
    return values


def test_what_is_written_is_read_back():
    assert written()["format"] == FORMAT == 2
    assert writer_config(written()) == CONFIG


def test_the_first_format_is_read_as_it_was_meant():
    assert writer_config(of_format_1()) == CONFIG
    assert writer_config(of_format_1() | {"format": 1}) == CONFIG
    now = upgraded(of_format_1())
    assert now["neural_line"] == "shipped"
    assert now["loss"].keys() == {field.name for field in dataclasses.fields(LossConfig)}


def test_reading_changes_nothing_that_was_given():
    for values in (written(), of_format_1()):
        before = json.dumps(values)
        writer_config(values)
        assert json.dumps(values) == before


def test_a_run_s_other_fields_are_left_aside():
    assert writer_config(written() | {"epochs": 3, "colour": "blue"}) == CONFIG


def test_the_shipped_writer_s_is_of_today():
    values = load_facts(SHIPPED_WRITER)["config"]
    assert writer_config(values) == WriterConfig()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 3}, "config.format is 3, expected at most 2: a later version .* wrote it"),
        ({"format": 0}, "config.format is 0, expected a number from 1 to 2"),
        ({"format": "2"}, "config.format is '2', expected a number from 1 to 2"),
        ({"format": 1}, "config: damaged, of format 1 without 'line'"),
        ({"loss": {}}, r"config.loss: unknown \[\], missing \['angle', 'blur',"),
        ({"drawing": {"line": "box"}}, r"config.drawing: unknown \[\], missing \['combine'\]"),
        (
            {"drawing": {"line": "box", "combine": "sum", "pen": 1}},
            r"config.drawing: unknown \['pen'\], missing \[\]",
        ),
        ({"drawing": {"line": "dots", "combine": "sum"}}, "config.drawing.line is 'dots'"),
    ],
)
def test_what_cannot_be_read_is_named(change, message):
    with pytest.raises(DataError, match=message):
        writer_config(written() | change)


def test_a_missing_part_and_what_is_no_configuration():
    values = written()
    del values["networks"]
    with pytest.raises(DataError, match=r"config: unknown \[\], missing \['networks'\]"):
        writer_config(values)
    with pytest.raises(DataError, match="config is None, expected an object"):
        writer_config(None)
