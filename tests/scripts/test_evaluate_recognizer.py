import json

import pytest

from datasets import mnist
from datasets.download import ENVIRONMENT_VARIABLE
from scripts import evaluate_recognizer
from strokes.errors import DataError
from strokes.weights import GREY_RECOGNIZER, THINNED_RECOGNIZER
from tests.train.recognizer.conftest import thinned
from train.device import device_name


def test_figures_are_printed_and_kept(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    pictures, labels = thinned("test", 200)
    digits = 255 * pictures, labels
    monkeypatch.setattr(mnist, "load_mnist", lambda *_, **__: digits)
    place = tmp_path / "out" / "figures.json"
    assert evaluate_recognizer.main(["--photos", "5", "--shapes", "0", "--json", str(place)]) == 0
    record = json.loads(place.read_text())
    assert (record["recognizer"], record["photos"]) == (str(GREY_RECOGNIZER), 5)
    assert (record["seed"], record["device"]) == (0, device_name())
    *lines, left_out = capsys.readouterr().out.splitlines()
    assert lines == [f"{name:>40} {value:.4f}" for name, value in record["figures"].items()]
    assert record["figures"]["own recordings"] == 1.0
    assert left_out.startswith("left out: pendigits.tra not found")


def test_a_recogniser_of_thinned_digits_is_refused():
    with pytest.raises(DataError, match="expected a recogniser of grey ones"):
        evaluate_recognizer.main(["--recognizer", str(THINNED_RECOGNIZER)])
