"""Training runs, one of them in processes that are killed and stopped as a person would."""

import json
import re
import resource
import shutil
import signal
import time

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from datasets import load_thinned
from scripts import train_strokes
from tests import processes
from tests.few import few_digits
from tests.train.stroke_model.events import events_in
from tests.train.stroke_model.tiny import TINY
from train.errors import RunError
from train.stroke_model import loop
from train.stroke_model.checkpoint import Checkpoints
from train.stroke_model.loop import LabelledPictures, total_images, train
from train.stroke_model.model import load_writer, training_config
from train.stroke_model.run_folder import RunFolder
from train.stroke_model.teachers import Teachers

SMALL = ["--width", "8", "--layers", "1", "--points", "6", "--correction", "4", "--rounds", "2"]
SMALL += ["--batch-size", "40"]
SMALL += ["--epochs", "2", "--pretraining", "20", "--each", "40"]
SMALL += ["--gate-epochs", "1", "--gate-copies", "256", "--recovery-copies", "256"]


def start(*args):
    """Start training on few digits in a process of its own."""
    return processes.start("tests.few", "scripts.train_strokes", *args)


def finish(process):
    processes.finish(process, timeout=240)


def steps_written(folder):
    try:
        return len((folder / "metrics.jsonl").read_text().splitlines())
    except FileNotFoundError:
        return 0


def wait_for(process, folder, steps):
    deadline = time.monotonic() + 120
    while steps_written(folder) < steps:
        assert process.poll() is None, process.stdout.read()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def metrics(folder):
    return [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]


class Heard:
    """Counts images, and keeps what is said."""

    def __init__(self, total=0, *, label=""):
        self.total, self.images, self.lines = total, 0, []

    def skip(self, images):
        self.images += images

    def advance(self, images):
        self.images += images

    def line(self, text):
        self.lines.append(text)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass


def few(split):
    """What a run on few digits learns from, and shows."""
    with pytest.MonkeyPatch.context() as patch:
        few_digits(patch)
        return LabelledPictures(*load_thinned(split))


@pytest.fixture(scope="module")
def heard():
    """What the uninterrupted run said."""
    return Heard()


@pytest.fixture(scope="module")
def whole(tmp_path_factory, heard):
    """An uninterrupted run, in this process."""
    folder = tmp_path_factory.mktemp("whole") / "run"

    def bar(total, *, label):
        heard.total = total
        return heard

    with pytest.MonkeyPatch.context() as patch:
        few_digits(patch)
        patch.setattr(train_strokes.console, "ProgressBar", bar)
        assert train_strokes.main(["--out", str(folder), *SMALL]) == 0
    return folder


def scalars(folder, tag):
    """(step, value) of a tag in a folder's event files, read record by record."""
    return [
        (event.step, value.simple_value)
        for path in sorted(folder.glob("events*"))
        for event in events_in(path)
        for value in event.summary.value
        if value.tag == tag
    ]


EPOCH = 56  # steps: 224 ones in batches of 4


def test_progress_counts_every_image(whole, heard):
    config = RunFolder(whole).config()
    assert heard.images == heard.total == total_images(config, few("train").labels)
    assert "plans in" in heard.lines[0]
    assert len(heard.lines) == 2 + config.epochs


def test_a_run_leaves_everything_behind(whole):
    lines = metrics(whole)
    assert [line["step"] for line in lines] == list(range(1, 2 * EPOCH + 1))
    assert np.mean([line["loss"] for line in lines[-50:]]) < 0.7 * lines[0]["loss"]
    assert sorted(path.name for path in (whole / "sheets").iterdir()) == [
        f"epoch-00{epoch}.png" for epoch in (1, 2)
    ]
    means = scalars(whole / "tensorboard", "train/mse")
    assert [step for step, _ in means] == [EPOCH, 2 * EPOCH]
    expected = np.mean([line["mse"] for line in lines[:EPOCH]])
    assert means[0][1] == pytest.approx(expected, rel=1e-5)
    writer = load_writer(whole)
    assert writer.step == 2 * EPOCH
    assert training_config(writer) == RunFolder(whole).config()


def ask_to_stop(process, folder, number):
    """A stop that is asked for saves, says how to go on, and leaves no step out."""
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 128 + number, output
    assert f"--resume {folder}" in output
    assert "Traceback" not in output
    done = steps_written(folder)
    assert done < EPOCH
    assert load_writer(folder).step == done


@pytest.mark.slow
def test_stopped_twice_and_killed_it_goes_on_with_the_same_losses(whole, tmp_path):
    folder = tmp_path / "run"
    process = start("--out", folder, *SMALL)
    wait_for(process, folder, 5)
    ask_to_stop(process, folder, signal.SIGTERM)

    process = start("--resume", folder)
    wait_for(process, folder, steps_written(folder) + 5)
    ask_to_stop(process, folder, signal.SIGINT)

    process = start("--resume", folder)
    wait_for(process, folder, EPOCH + 5)
    assert process.poll() is None  # it is still at work, in its second epoch
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)

    finish(start("--resume", folder))
    assert metrics(folder) == metrics(whole)
    ours, theirs = load_writer(folder).parameters, load_writer(whole).parameters
    for one, other in zip(jax.tree.leaves(ours), jax.tree.leaves(theirs), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_loss_that_is_not_finite_names_the_step_and_keeps_the_checkpoint(
    whole, tmp_path, monkeypatch
):
    honest = Teachers.examples

    def poisoned(self, epoch):
        return jax.tree.map(
            lambda leaf: leaf * jnp.nan if jnp.issubdtype(leaf.dtype, jnp.floating) else leaf,
            honest(self, epoch),
        )

    monkeypatch.setattr(Teachers, "examples", poisoned)
    folder = RunFolder(shutil.copytree(whole, tmp_path / "run"))
    shutil.rmtree(folder.checkpoints / str(2 * EPOCH))
    config = folder.config()
    with pytest.raises(RunError, match=f"not finite at step {EPOCH + 1};"):
        train(config, folder, few("train"), sheet=few("test"), progress=Heard(), resume=True)
    assert Checkpoints(folder.checkpoints).latest_step == EPOCH


def test_a_folder_that_can_be_written_no_more_is_one_line_and_goes_on(whole, tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "_learn_recovery", lambda run, state: True)
    folder = RunFolder(tmp_path / "run")
    config, digits, sheet = RunFolder(whole).config(), few("train"), few("test")
    folder.create(config, dataset="")
    shutil.copyfile(RunFolder(whole).plans_file, folder.plans_file)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limit[1]))  # as ulimit -f
    try:
        with pytest.raises(RunError) as error:
            train(config, folder, digits, sheet=sheet, progress=Heard())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert re.fullmatch(
        rf"{folder.checkpoints}/\d+: File too large: raise the limit .*; "
        rf"go on with --resume {folder.path}",
        str(error.value),
    )
    assert list(folder.checkpoints.iterdir()) == []
    train(config, folder, digits, sheet=sheet, progress=Heard(), resume=True)
    assert metrics(folder.path) == metrics(whole)


def test_what_cannot_be_cut_into_steps_is_refused():
    with pytest.raises(RunError, match="no example of digit 0"):
        total_images(TINY, np.array([1, 2, 3, 4, 5, 6, 7, 8, 9], np.int32))
