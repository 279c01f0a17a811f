import json

import imageio.v3 as iio
import numpy as np
import pytest

from datasets import load_thinned
from datasets.folders import Pictures
from datasets.recordings import OWN_RECORDINGS
from scripts import evaluate
from strokes.formats.ndjson import write_recordings
from strokes.formats.recordings import read_recordings
from strokes.weights import SHIPPED_WRITER
from tests.train.evaluation.written import Count
from train.errors import RunError
from train.export.export import export
from train.export.sources import ExportSource
from train.stroke_model.model import load_writer

MEASURES = {
    "iou",
    "chamfer_px",
    "mse_soft",
    "mse_hard",
    "iou_opencv",
    "stairway",
    "off_ink",
    "ink_ratio",
    "points_used",
    "pen_lifts",
    "direction",
    "human_distance",
    "human_1nn",
    "human_distance_square",
    "human_1nn_square",
    "legibility",
    "legibility_target",
}


def test_a_run_and_its_export_are_evaluated_alike(run, few, tmp_path, capsys):
    export(
        load_writer(run),
        [ExportSource("test", [Pictures(*load_thinned("test"))])],
        tmp_path / "exported",
        Count(),
        name="digits",
    )
    ours, theirs = tmp_path / "run", tmp_path / "file"
    own = ["--humans", "own"]
    assert evaluate.main(["--checkpoint", str(run), "--out", str(ours), *own]) == 0
    assert str(ours / "report.html") in capsys.readouterr().out
    parquet = str(tmp_path / "exported" / "test.parquet")
    assert evaluate.main(["--dataset", parquet, "--out", str(theirs), *own]) == 0
    one, other = (json.loads((out / "evaluation.json").read_text()) for out in (ours, theirs))
    assert set(one["all"]) == MEASURES | {"legibility_read"}
    assert set(other["all"]) == MEASURES
    assert set(one["digits"]) == {str(digit) for digit in range(10)}
    for name in MEASURES:
        assert one["all"][name] == pytest.approx(other["all"][name], rel=1e-3, abs=1e-4), name
    page = (ours / "report.html").read_text()
    assert page.count("data:image/png;base64,") == 6
    assert "http" not in page  # nothing is loaded from anywhere
    assert f"{one['all']['iou']:.4f}" in page
    for name in ("random", "order", "histograms", "best", "median", "worst"):
        assert iio.imread(ours / f"{name}.png").std() > 1


def test_skeletons_are_measured_beside_people(few, tmp_path, capsys):
    assert evaluate.main(["--tracing", "--humans", "own", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    found = json.loads((tmp_path / "evaluation.json").read_text())
    assert set(found["all"]) == MEASURES
    assert found["about"]["evaluated"] == "skeleton tracing"
    assert found["all"]["iou"] > 0.85
    human = found["humans"]["all"]["human_1nn"]
    assert f"{found['all']['human_1nn']:8.4f}   held-out humans {human:.4f}" in said
    for name, value in found["all"].items():
        assert f"{name:>21} {value:8.4f}" in said


def test_what_people_did_is_recovered(tmp_path, capsys):
    recordings = read_recordings(OWN_RECORDINGS)
    labels = np.array([recording.label for recording in recordings])
    chosen = [recordings[np.flatnonzero(labels == digit)[2]] for digit in range(10)]
    people, out = tmp_path / "people.ndjson", tmp_path / "out"
    write_recordings(chosen, people)
    args = ["--checkpoint", str(SHIPPED_WRITER), "--truth", str(people), "--out", str(out)]
    assert evaluate.main(args) == 0
    said = capsys.readouterr().out
    assert str(out / "truth.html") in said
    found = json.loads((out / "truth.json").read_text())
    assert found["about"]["digits"] == 10
    assert found["about"]["recordings"] == str(people)
    # Those very recordings are among the known ones, so the most similar one is each itself.
    assert found["most similar recording"]["all"]["recovered"] == 1.0
    for name in ("true labels", "read labels", "skeleton tracing", "most similar recording"):
        (row,) = (line for line in said.splitlines() if line.strip().startswith(name))
        assert f"{found[name]['all']['dtw_px']:.3f}" in row
    assert not (out / "report.html").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "expected one of"),
        (["--tracing", "True", "--checkpoint", "out"], "expected one of"),
        (["--tracing", "True", "--refine", "3"], "--refine goes with --checkpoint"),
        (["--checkpoint", "out", "--refine", "-1"], "--refine -1"),
        (["--tracing", "--truth", "own"], "--truth goes with --checkpoint"),
    ],
)
def test_an_evaluation_of_nothing_or_too_much_is_refused(tmp_path, args, message):
    with pytest.raises(RunError, match=message):
        evaluate.main([*args, "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()
