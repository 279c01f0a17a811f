import imageio.v3 as iio
import numpy as np
import pytest

from datasets import load_thinned
from scripts import probe
from train.errors import RunError
from train.stroke_model.model import load_writer


def test_constants_and_wrong_labels_are_drawn(run, tmp_path):
    constants, wrong = tmp_path / "constants.gif", tmp_path / "wrong.png"
    args = ["--checkpoint", str(run), "--size", "28"]
    assert probe.main([*args, "--out", str(constants), "--seconds", "0.2"]) == 0
    assert len(iio.imread(constants)) == 6
    assert probe.main([*args, "--out", str(wrong), "--indices", "3", "4", "5"]) == 0
    sheet = iio.imread(wrong)
    images, _ = load_thinned("test")
    assert sheet.shape[0] > 3 * 3 * 28  # three rows for each of three digits
    ink = (sheet[:, :, 0] < 128).sum()
    assert ink > 10 * images[3:6].sum()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--constants", "1.5"], "--constants 1.5: expected 0"),
        (["--constants"], "--constants: expected at least one"),
        (["--indices", "10000"], "--indices 10000: expected 0 to 9999"),
        (["--out", "x.bmp"], "expected a name that ends in"),
        (["--size", "5"], "--size 5: expected 28"),
    ],
)
def test_a_probe_of_nothing_is_refused(run, tmp_path, monkeypatch, args, message):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunError, match=message):
        probe.main(["--checkpoint", str(run), *args])
    assert list(tmp_path.iterdir()) == []


def test_what_is_fed_is_what_was_asked_for(run):
    writer = load_writer(run)

    def fed(**options):
        return probe.probe_pictures(probe.Options(checkpoint=run, **options), writer)

    np.testing.assert_array_equal(fed(constants=(0.25,)), np.full((1, 28, 28), 0.25, np.float32))
    images, _ = load_thinned("test")
    np.testing.assert_array_equal(fed(indices=(7, 0)), images[[7, 0]].astype(np.float32))
    assert fed(indices=(7,)).dtype == np.float32
