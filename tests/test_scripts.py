"""The scripts as a person runs them, on a tiny model and real digits."""

import gzip
import importlib
import json
import os
import re
import subprocess
import sys
from typing import NamedTuple

import imageio.v3 as iio
import numpy as np
import pytest

from datasets import load_thinned
from datasets.sequences import read_npz, read_parquet
from datasets.thinned import THINNED_FILE
from rasterizer import render
from scripts import (
    console,
    demo,
    evaluate,
    export_dataset,
    prepare_mnist,
    prepare_pendigits,
    render_gif,
    show_pen,
    train_strokes,
)
from tests.conftest import ROOT
from tests.test_idx import idx_bytes
from train import presets
from train.errors import RunError
from train.model import load_model

SCRIPTS = tuple(
    path.stem
    for path in sorted((ROOT / "scripts").glob("*.py"))
    if "console.run(main)" in path.read_text()
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A run of one short epoch."""
    folder = tmp_path_factory.mktemp("scripts") / "run"
    tiny = ["--width", "8", "--points", "7", "--batch-size", "2560", "--epochs", "1"]
    assert train_strokes.main(["--out", str(folder), *tiny]) == 0
    return folder


@pytest.fixture(scope="module")
def exported(run, tmp_path_factory):
    """Its export of all 70,000 digits."""
    out = tmp_path_factory.mktemp("export") / "handwritten-mnist"
    assert export_dataset.main(["--checkpoint", str(run), "--out", str(out)]) == 0
    return out


class Done(NamedTuple):
    """A program that has ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def program(monkeypatch, capsys):
    """Runs a program as the command line does, without a process of its own."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(name, *args):
        monkeypatch.setattr(sys, "argv", [name, *map(str, args)])
        with pytest.raises(SystemExit) as left:
            console.run(importlib.import_module(name).main)
        said = capsys.readouterr()
        return Done(left.value.code, said.out, said.err)

    return run


def words(text):
    return re.findall(r"[a-z]+", text)


def test_a_program_of_its_own_process_says_the_same(program):
    for args in (["--help"], ["--epochs", "0"]):
        done = subprocess.run(
            [sys.executable, "-m", "scripts.train_strokes", *args],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env=os.environ | {"JAX_PLATFORMS": "cpu", "COLUMNS": "100"},
            check=False,
        )
        here = program("scripts.train_strokes", *args)
        assert here.returncode == done.returncode
        for ours, theirs in ((here.stdout, done.stdout), (here.stderr, done.stderr)):
            assert words(ours) == words(theirs)  # wrapped and framed in other ways


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_shows_defaults_and_an_example(program, script):
    done = program(f"scripts.{script}", "--help")
    assert done.returncode == 0, done.stderr
    assert f"usage: python -m scripts.{script}" in done.stdout
    assert "Example" in done.stdout
    assert "(default:" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["scripts.train_strokes", "--epoch", "3"], "--epochs"),
        (["scripts.train_strokes", "--preset", "demmo"], "did you mean demo?"),
        (["scripts.train_strokes", "--epochs", "many"], "many"),
        (["scripts.train_strokes", "--epochs", "0"], "epochs is 0, expected at least 1"),
        (["scripts.train_strokes", "--batch-size", "65", "--out", "/tmp/x"], "a multiple of 10"),
        (["scripts.train_strokes", "--picture-height", "20"], "20x28: the digits are 28x28"),
        (["scripts.train_strokes", "--resume", "/nowhere"], "/nowhere holds no run"),
        (["scripts.train_strokes", "--resume", "/nowhere", "--epochs", "3"], "leave the other"),
        (["scripts.export_dataset", "--checkpoint", "/nowhere"], "/nowhere holds no run"),
        (["scripts.export_dataset"], "--checkpoint"),
        (["scripts.render_gif"], "give one of --checkpoint"),
        (["scripts.render_gif", "--dataset", "/x.parquet", "--out", "a.bmp"], "ends in .gif"),
        (["scripts.render_gif", "--dataset", "/x.parquet", "--size", "9"], "--size 9: expected"),
        (["scripts.render_gif", "--dataset", "/x.parquet"], "/x.parquet: not a readable"),
    ],
)
def test_bad_input_is_one_clear_message_and_status_2(program, args, says):
    done = program(*args)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr + done.stdout


def test_export_is_what_the_model_emits(run, exported):
    model = load_model(run)
    for split, count in (("train", 60_000), ("test", 10_000)):
        table = read_parquet(exported / f"{split}.parquet")
        assert len(table.id) == count
        assert table.id[7] == f"{split}-00007"
        images, labels = load_thinned(split)
        assert (table.label == labels).all()
        assert (table.mnist_index == np.arange(count)).all()
        arrays = read_npz(exported / "handwritten-mnist.npz", split)
        for name in ("points", "softness", "mse", "label", "mnist_index"):
            np.testing.assert_array_equal(getattr(table, name), getattr(arrays, name))
        written = next(model.write(images[:50], labels[:50]))
        np.testing.assert_allclose(table.points[:50, :, :2], written.points[..., :2], atol=1e-5)
        np.testing.assert_allclose(table.softness[:50], written.points[..., 2], rtol=1e-4)
        assert (table.points[:50, :, 2] == written.pen_up).all()
        soft = np.concatenate([table.points[:50, :, :2], table.softness[:50, :, None]], -1)
        mse = np.mean((np.asarray(render(soft)) - images[:50]) ** 2, axis=(1, 2))
        np.testing.assert_allclose(table.mse[:50], mse, rtol=1e-3)


def test_card_and_sums_stand_beside_it(exported):
    card = (exported / "README.md").read_text()
    for words in ("CC BY-SA 3.0", "label", "y **down**", '"seed": 0', "| all |", "de Jong"):
        assert words in card
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=exported, check=False
    )
    assert done.returncode == 0
    assert {path.name for path in exported.iterdir()} == {
        "README.md",
        "SHA256SUMS",
        "train.parquet",
        "test.parquet",
        "handwritten-mnist.npz",
    }


@pytest.fixture
def own_digits(tmp_path):
    """Some grey digits as a folder and as IDX files."""
    rng = np.random.default_rng(0)
    images, labels = load_thinned("test")
    grey = (images[:12] * rng.integers(200, 256, (12, 28, 28))).astype(np.uint8)
    for index, (picture, label) in enumerate(zip(grey, labels[:12], strict=True)):
        place = tmp_path / "digits" / str(label) / f"{index:02d}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        iio.imwrite(place, 255 - picture if index % 2 else picture)
    (tmp_path / "images.gz").write_bytes(gzip.compress(idx_bytes(grey)))
    (tmp_path / "labels").write_bytes(idx_bytes(labels[:12].astype(np.uint8)))
    return tmp_path, labels[:12]


def test_own_pictures_take_mnists_place(run, own_digits):
    folder, labels = own_digits
    out = folder / "out"
    base = ["--checkpoint", str(run), "--out", str(out)]
    export_dataset.main([*base, "--pictures", str(folder / "digits")])
    table = read_parquet(out / "all.parquet")
    assert sorted(table.label.tolist()) == sorted(labels.tolist())
    idx = ["--pictures", str(folder / "images.gz"), "--labels", str(folder / "labels")]
    export_dataset.main([*base, *idx])
    table = read_parquet(out / "all.parquet")
    assert table.label.tolist() == labels.tolist()
    written = next(load_model(run).write(load_thinned("test")[0][:12], labels))
    np.testing.assert_allclose(table.points[..., :2], written.points[..., :2], atol=1e-5)
    assert len(read_npz(out / "handwritten.npz", "all").id) == 12


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: (f / "digits" / "x.png").write_bytes(b"no"), "which digit is it"),
        (lambda f: (f / "digits" / "7" / "x.png").write_bytes(b"no"), "not a readable picture"),
        (lambda f: iio.imwrite(f / "digits" / "7_b.png", np.zeros((9, 5), np.uint8)), "5x9 pixels"),
    ],
)
def test_pictures_that_cannot_be_used_are_named(run, own_digits, spoil, says):
    folder, _ = own_digits
    spoil(folder)
    args = ["--checkpoint", str(run), "--out", str(folder / "out")]
    with pytest.raises(ValueError, match=says):
        export_dataset.main([*args, "--pictures", str(folder / "digits")])
    assert not list((folder / "out").glob("*"))


def test_gif_moves_is_held_and_loops(run, tmp_path):
    out = tmp_path / "some.gif"
    args = ["--checkpoint", str(run), "--out", str(out), "--digits", "3", "1", "4", "--size", "56"]
    assert render_gif.main([*args, "--seconds", "0.8"]) == 0
    from PIL import Image

    with Image.open(out) as gif:
        durations = []
        for index in range(gif.n_frames):
            gif.seek(index)
            durations.append(gif.info["duration"])
        assert gif.info["loop"] == 0
    assert min(durations) >= 20  # browsers slow down anything faster
    assert durations[-1] >= 1000
    assert sum(durations[:-1]) == pytest.approx(800, abs=50)
    frames = iio.imread(out)
    assert (frames[0] != frames[-1]).any()
    # Ink only grows in the pen's row, but for the tip.
    ink = (frames[:, 60:120] < 60).all(-1).sum((1, 2))
    assert ink[-1] > ink[len(ink) // 2] > ink[0]


def test_sheet_mp4_and_exported_file(run, exported, tmp_path):
    sheet, film = tmp_path / "sheet.png", tmp_path / "film.mp4"
    args = ["--dataset", str(exported / "test.parquet"), "--indices", "0", "1", "2"]
    assert render_gif.main([*args, "--columns", "2", "--out", str(sheet)]) == 0
    assert render_gif.main([*args, "--seconds", "0.2", "--size", "29", "--out", str(film)]) == 0
    frames = iio.imread(film, plugin="pyav")
    assert len(frames) > 40
    wide = tmp_path / "wide.png"
    render_gif.main(["--checkpoint", str(run), *args[2:], "--columns", "2", "--out", str(wide)])
    # Drawn from the file or from the model that wrote it, it is the same picture.
    difference = np.abs(iio.imread(sheet).astype(int) - iio.imread(wide))
    assert difference.mean() < 0.05
    with pytest.raises(RunError, match="--indices 10000: expected 0 to 9999"):
        render_gif.main([*args[:3], "10000"])


def test_prepare_makes_the_shipped_file(raw_mnist, tmp_path):
    out = tmp_path / "thinned.npz"
    assert prepare_mnist.main(["--data-dir", str(raw_mnist), "--out", str(out)]) == 0
    assert out.read_bytes() == THINNED_FILE.read_bytes()


def test_demo_reuses_what_is_valid(tmp_path, monkeypatch, capsys):
    tiny = console_tiny(presets.demo())
    monkeypatch.setitem(presets.PRESETS, "demo", lambda: tiny)
    monkeypatch.setattr(demo, "preset", lambda: tiny)
    out = tmp_path / "demo"
    args = ["--out", str(out), "--epochs", "1"]
    assert demo.main(args) == 0
    first = capsys.readouterr().out
    places = [
        "run/config.json",
        "handwritten-mnist/train.parquet",
        "handwritten-mnist/test.parquet",
        "handwritten-mnist/handwritten-mnist.npz",
        "digits.gif",
        "sheet.png",
        "scores.json",
    ]
    written = {place: (out / place).stat().st_mtime_ns for place in places}
    scores = json.loads((out / "scores.json").read_text())
    assert set(scores["all"]) == {"iou", "chamfer_px", "mse_soft", "mse_hard", "iou_opencv"}
    assert set(scores["digits"]) == {str(digit) for digit in range(10)}
    assert f"{scores['all']['iou']:.4f}" in first
    for place in ("digits.gif", "sheet.png", "scores.json"):
        assert str(out / place) in first

    assert demo.main(args) == 0
    assert {place: (out / place).stat().st_mtime_ns for place in places} == written

    damaged = out / "handwritten-mnist" / "test.parquet"
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-30])
    (out / "sheet.png").unlink()
    assert demo.main(args) == 0
    assert damaged.read_bytes() == whole
    assert (out / "sheet.png").exists()

    with pytest.raises(RunError, match="of another configuration"):
        demo.main(["--out", str(out), "--epochs", "2"])


def console_tiny(config):
    import dataclasses

    decoder = dataclasses.replace(config.networks.decoder, width=8, points=7)
    networks = dataclasses.replace(config.networks, decoder=decoder)
    return dataclasses.replace(config, networks=networks, batch_size=2560)


def test_progress_is_plain_lines_where_there_is_no_terminal(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(console.time, "monotonic", lambda: now[0])
    with console.ProgressBar(100, label="working") as bar:
        for _ in range(4):
            now[0] += 6.0
            bar.advance(25)
        bar.line("done")
    assert capsys.readouterr().err == "working: 50% after 12 s\nworking: 100% after 24 s\ndone\n"


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


def test_a_run_and_its_export_are_evaluated_alike(run, exported, tmp_path, capsys):
    ours, theirs = tmp_path / "run", tmp_path / "file"
    own = ["--humans", "own"]
    assert evaluate.main(["--checkpoint", str(run), "--out", str(ours), *own]) == 0
    assert str(ours / "report.html") in capsys.readouterr().out
    parquet = str(exported / "test.parquet")
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


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "expected one of"),
        (["--tracing", "True", "--checkpoint", "out"], "expected one of"),
        (["--tracing", "True", "--refine", "3"], "--refine goes with --checkpoint"),
        (["--checkpoint", "out", "--refine", "-1"], "--refine -1"),
    ],
)
def test_an_evaluation_of_nothing_or_too_much_is_refused(tmp_path, args, message):
    with pytest.raises(RunError, match=message):
        evaluate.main([*args, "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


def test_refined_exports_are_closer_and_say_so(run, tmp_path):
    folder = tmp_path / "digits"
    (folder / "7").mkdir(parents=True)
    images, labels = load_thinned("test")
    for index in np.flatnonzero(labels == 7)[:3]:
        iio.imwrite(folder / "7" / f"{index}.png", images[index] * 255)
    means = []
    for steps in ("0", "30"):
        out = tmp_path / steps
        options = ["--pictures", str(folder), "--thinned", "True", "--refine", steps]
        assert export_dataset.main(["--checkpoint", str(run), "--out", str(out), *options]) == 0
        means.append(read_parquet(out / "all.parquet").mse.mean())
    assert means[1] < 0.8 * means[0]
    assert "30 steps of gradient descent" in (tmp_path / "30" / "README.md").read_text()
    assert "gradient descent" not in (tmp_path / "0" / "README.md").read_text()


def test_pen_recordings_are_shown(tmp_path, capsys, program):
    sheet, gif = tmp_path / "pen.png", tmp_path / "pen.gif"
    args = ["--out", str(sheet), "--gif", str(gif), "--each", "2", "--size", "32"]
    assert show_pen.main(args) == 0
    assert "recordings (0: 10" in capsys.readouterr().out
    assert iio.imread(sheet).std() > 1
    frames = iio.imread(gif)
    assert len(frames) > 10
    assert np.abs(frames[0].astype(int) - frames[12]).max() > 50
    with pytest.raises(RunError, match="--each 0"):
        show_pen.main(["--each", "0"])
    done = program("scripts.show_pen", "--recordings", tmp_path / "none.ndjson")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "no such file" in done.stderr


def test_pen_digits_are_downloaded_where_training_finds_them(tmp_path, program):
    with pytest.raises(RunError, match="--timeout 0"):
        prepare_pendigits.main(["--timeout", "0"])
    place = tmp_path / "data"
    done = program(
        "scripts.prepare_pendigits", "--data-dir", place, "--mirrors", "http://127.0.0.1:9/"
    )
    assert done.returncode == 2
    assert "could not be downloaded" in done.stderr
    assert not list(place.glob("*.tra"))
