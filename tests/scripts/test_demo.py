import contextlib
import io
import json
import shutil

import pytest

from datasets import load_thinned
from datasets.folders import Pictures
from scripts import demo
from tests.few import few_digits
from train.errors import RunError
from train.export import sources
from train.export.sources import ExportSource
from train.stroke_model.model import load_writer
from train.stroke_model.presets import PRESETS
from train.stroke_model.run_folder import RunFolder

PLACES = [
    "run/config.json",
    "handwritten-mnist/train.parquet",
    "handwritten-mnist/test.parquet",
    "handwritten-mnist/handwritten-mnist.npz",
    "digits.gif",
    "sheet.png",
    "scores.json",
]


def few_sources():
    """Some digits of both splits, in MNIST's place."""
    for split in ("train", "test"):
        images, labels = load_thinned(split)
        yield ExportSource(split, [Pictures(images[:300], labels[:300])])


@pytest.fixture(scope="module")
def demonstration(run, tmp_path_factory):
    """Runs the demo, on few digits, in a folder where a run is trained already."""
    out = tmp_path_factory.mktemp("demo")
    shutil.copytree(run, out / "run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "demo", RunFolder(run).config)
        few_digits(patch)
        patch.setattr(sources, "mnist_sources", lambda: list(few_sources()))

        def again(epochs=1):
            return demo.main(["--out", str(out), "--epochs", str(epochs)])

        yield out, again


@pytest.fixture(scope="module")
def said(demonstration):
    """What the first demo said."""
    _, again = demonstration
    with contextlib.redirect_stdout(io.StringIO()) as said:
        assert again() == 0
    return said.getvalue()


def test_demo_says_where_everything_is(demonstration, said):
    out, _ = demonstration
    assert all((out / place).exists() for place in PLACES)
    scores = json.loads((out / "scores.json").read_text())
    assert set(scores["all"]) == {"iou", "chamfer_px", "mse_soft", "mse_hard", "iou_opencv"}
    assert set(scores["digits"]) == {str(digit) for digit in range(10)}
    assert f"{scores['all']['iou']:.4f}" in said
    for place in ("digits.gif", "sheet.png", "scores.json"):
        assert str(out / place) in said


def test_demo_reuses_what_is_valid(demonstration, said):
    out, again = demonstration
    written = {place: (out / place).stat().st_mtime_ns for place in PLACES}
    assert again() == 0
    assert {place: (out / place).stat().st_mtime_ns for place in PLACES} == written

    damaged = out / "handwritten-mnist" / "test.parquet"
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-30])
    (out / "sheet.png").unlink()
    assert again() == 0
    assert damaged.read_bytes() == whole
    assert (out / "sheet.png").exists()

    with pytest.raises(RunError, match="of another configuration"):
        again(epochs=2)


def test_scores_are_valid_only_with_their_export_and_writer(demonstration, said, tmp_path):
    out = shutil.copytree(demonstration[0], tmp_path / "out")
    writer, folder, scores = (
        load_writer(out / "run"),
        out / "handwritten-mnist",
        out / "scores.json",
    )
    assert demo._valid_scores(writer, folder, scores) == json.loads(scores.read_text())
    assert demo._valid_scores(writer._replace(step=1), folder, scores) is None
    for place in (scores, folder / "handwritten-mnist.npz", folder / "README.md"):
        content = place.read_bytes()
        place.write_bytes(content[:-30])
        assert demo._valid_scores(writer, folder, scores) is None
        place.unlink()
        assert demo._valid_scores(writer, folder, scores) is None
        place.write_bytes(content)
    assert demo._valid_scores(writer, folder, scores) is not None
