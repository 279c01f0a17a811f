import gzip
import importlib.util
import subprocess

import imageio.v3 as iio
import numpy as np
import pytest

from datasets import load_thinned
from rasterizer import render
from scripts import export_dataset
from strokes.formats.npz import read_npz
from strokes.formats.parquet import read_parquet
from tests.datasets.test_idx import idx_bytes
from tests.few import COUNTS
from train.export import cluster
from train.stroke_model.model import load_writer


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--checkpoint", "/nowhere"], "/nowhere holds no run"),
        ([], "--checkpoint"),
    ],
)
def test_bad_input_is_one_clear_message_and_status_2(program, args, says):
    done = program("scripts.export_dataset", *args)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr + done.stdout


def test_export_is_what_the_model_emits(run, exported, few):
    model = load_writer(run)
    for split, count in COUNTS.items():
        table = read_parquet(exported / f"{split}.parquet")
        assert len(table.id) == count
        assert table.id[7] == f"{split}-00007"
        images, labels = load_thinned(split)
        assert (table.label == labels).all()
        assert (table.mnist_index == np.arange(count)).all()
        arrays = read_npz(exported / "handwritten-mnist.npz", split)
        for name in ("points", "softness", "mse", "label", "mnist_index"):
            np.testing.assert_array_equal(getattr(table, name), getattr(arrays, name))
        written = next(model.write_thinned(images[:50], labels[:50]))
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


def test_own_pictures_take_mnists_place(run, own_digits, capsys):
    folder, labels = own_digits
    out = folder / "out"
    base = ["--checkpoint", str(run), "--out", str(out)]
    assert export_dataset.main([*base, "--pictures", str(folder / "digits")]) == 0
    said = capsys.readouterr()
    assert f"exported: {out}" in said.out
    assert "note: 50% of 12 pictures have dark ink on light paper: --invert" in said.err
    table = read_parquet(out / "all.parquet")
    assert sorted(table.label.tolist()) == sorted(labels.tolist())
    idx = ["--pictures", str(folder / "images.gz"), "--labels", str(folder / "labels")]
    assert export_dataset.main([*base, *idx]) == 0
    table = read_parquet(out / "all.parquet")
    assert table.label.tolist() == labels.tolist()
    written = next(load_writer(run).write_thinned(load_thinned("test")[0][:12], labels))
    np.testing.assert_allclose(table.points[..., :2], written.points[..., :2], atol=1e-5)
    assert len(read_npz(out / "handwritten.npz", "all").id) == 12


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f: (f / "digits" / "x.png").write_bytes(b"no"), "which digit is it"),
        (lambda f: (f / "digits" / "7" / "x.png").write_bytes(b"no"), "no picture; expected PNG"),
        (lambda f: iio.imwrite(f / "digits" / "7_b.png", np.zeros((9, 5), np.uint8)), "5x9 pixels"),
    ],
)
def test_pictures_that_cannot_be_used_are_named(run, own_digits, spoil, says):
    folder, _ = own_digits
    spoil(folder)
    args = ["--checkpoint", str(run), "--out", str(folder / "out")]
    with pytest.raises(ValueError, match=says):
        export_dataset.main([*args, "--pictures", str(folder / "digits")])
    assert not (folder / "out").exists()


def test_refined_exports_are_closer_and_say_so(run, tmp_path):
    folder = tmp_path / "digits"
    (folder / "7").mkdir(parents=True)
    images, labels = load_thinned("test")
    for index in np.flatnonzero(labels == 7)[:3]:
        iio.imwrite(folder / "7" / f"{index}.png", images[index] * 255)
    means = []
    for steps in ("0", "30"):
        out = tmp_path / steps
        options = ["--pictures", str(folder), "--thinned", "--refine", steps]
        assert export_dataset.main(["--checkpoint", str(run), "--out", str(out), *options]) == 0
        means.append(read_parquet(out / "all.parquet").mse.mean())
    assert means[1] < 0.8 * means[0]
    assert "30 steps of gradient descent" in (tmp_path / "30" / "README.md").read_text()
    assert "gradient descent" not in (tmp_path / "0" / "README.md").read_text()


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--workers", "2"], "--workers 2 goes with --cluster local"),
        (["--cluster", "local", "--workers", "0"], "--workers 0: expected at least 1"),
        (["--cluster", "lokal"], "--cluster lokal: expected local, auto or HOST:PORT"),
        (["--cluster", "ray://head:10001"], "run this on a machine of the cluster"),
        (["--cluster", "auto", "--formats", "svg"], "--formats: not with --cluster"),
    ],
)
def test_what_a_cluster_cannot_do_is_said(program, run, args, says):
    done = program("scripts.export_dataset", "--checkpoint", run, *args)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr + done.stdout


def test_without_ray_it_is_said_what_to_install(program, run, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    done = program("scripts.export_dataset", "--checkpoint", run, "--cluster", "local")
    assert done.returncode == 2
    assert done.stderr == 'error: --cluster needs Ray: pip install -e ".[cluster]"\n'


def test_a_cluster_is_handed_the_same_pictures_and_options(run, own_digits, monkeypatch, capsys):
    """Ray itself is tested beside the code that uses it; here shards are written at once."""
    folder, labels = own_digits

    def at_once(address, *, workers):
        assert (address, workers) == ("local", 2)
        return lambda job, shards: (job.write(shard) for shard in shards)

    monkeypatch.setattr(cluster, "on_ray", at_once)
    base = ["--checkpoint", str(run), "--pictures", str(folder / "images.gz")]
    base += ["--labels", str(folder / "labels"), "--transpose"]
    shared = [*base, "--out", str(folder / "many"), "--cluster", "local", "--workers", "2"]
    assert export_dataset.main([*base, "--out", str(folder / "one")]) == 0
    said = capsys.readouterr().out
    assert export_dataset.main(shared) == 0
    assert capsys.readouterr().out.replace("many", "one") == said
    one = read_parquet(folder / "one" / "all.parquet")
    many = read_parquet(folder / "many" / "all-000000.parquet")
    assert many.label.tolist() == labels.tolist()
    for name in ("points", "softness", "mse", "plan_probability"):
        np.testing.assert_array_equal(getattr(many, name), getattr(one, name))
