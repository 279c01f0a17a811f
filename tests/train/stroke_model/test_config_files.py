import dataclasses
import json

import pytest

from strokes.errors import DataError
from train.stroke_model.config_files import config_from_dict, config_to_dict
from train.stroke_model.presets import PRESETS


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_preset_comes_back_through_json(preset):
    config = dataclasses.replace(PRESETS[preset](), seed=7)
    assert config_from_dict(json.loads(json.dumps(config_to_dict(config)))) == config


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c.update(epochs="ten"), "config.epochs is 'ten', expected int"),
        (lambda c: c.update(epochs=0), "epochs is 0, expected at least 1"),
        (lambda c: c["loss"].pop("angle"), r"config.loss: unknown \[\], missing \['angle'\]"),
        (lambda c: c.update(colour=1), r"unknown \['colour'\]"),
        (lambda c: c["drawing"].update(line="dots"), "config.drawing.line is 'dots'"),
        (lambda c: c.update(networks=3), "config.networks is 3, expected an object"),
    ],
)
def test_a_changed_configuration_is_refused_by_name(change, message):
    values = json.loads(json.dumps(config_to_dict(PRESETS["demo"]())))
    change(values)
    with pytest.raises(DataError, match=message):
        config_from_dict(values)


def test_a_run_of_the_first_format_keeps_its_line():
    """What version 0.1 wrote: no format, and the drawing among the loss's terms."""
    config = dataclasses.replace(PRESETS["neural-line"](), neural_line="my-line.safetensors")
    old = config_to_dict(config)
    del old["format"]
    drawing = old.pop("drawing")
    old["loss"] |= {name: drawing[name] for name in ("line", "combine")}
    old["loss"] |= {"neural_line": old.pop("neural_line")}
    assert config_from_dict(old) == config
