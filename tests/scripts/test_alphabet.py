"""Every program on a set of three characters that are no digits, written by one network."""

import json

import imageio.v3 as iio
import numpy as np
import pytest

import strokes
from datasets.picture_sets import load_picture_set
from scripts import evaluate, export_dataset, render_gif, serve, train_strokes, write
from strokes.classes import Classes, folder_of
from strokes.errors import DataError
from strokes.formats.npz import read_npz
from strokes.formats.parquet import iterate_pictures_of, read_classes, read_parquet
from strokes.formats.png import encode_png
from strokes.formats.recordings import read_recordings
from strokes.pictures.pen import draw_as_mnist
from strokes.reading.recognizer import save_recognizer
from strokes.writing.writer import save_writer
from tests.alphabet import (
    CLASSES,
    recordings_of,
    template_recognizer,
    untrained_writer,
    write_alphabet,
    write_models,
)
from train.errors import RunError
from train.stroke_model.model import load_writer

TINY = (
    *("--width", "8", "--layers", "1", "--points", "8", "--correction", "4", "--rounds", "1"),
    *("--no-ensemble", "--embedding", "6", "--batch-size", "12", "--epochs", "1"),
    *("--gate-epochs", "1", "--gate-copies", "256", "--recovery-copies", "256", "--plans", "2"),
)


@pytest.fixture(scope="module")
def alphabet(tmp_path_factory):
    """Paths of the set of pictures, of its recordings, and of a run on them."""
    folder = tmp_path_factory.mktemp("alphabet")
    pictures, recordings = write_alphabet(folder)
    run = folder / "run"
    args = ["--set", str(pictures), "--source", str(recordings), "--out", str(run), *TINY]
    assert train_strokes.main(args) == 0
    return pictures, recordings, run


@pytest.fixture(scope="module")
def exported(alphabet, tmp_path_factory):
    out = tmp_path_factory.mktemp("exported")
    args = ["--checkpoint", str(alphabet[2]), "--formats", "ndjson", "svg", "unipen"]
    assert export_dataset.main([*args, "--out", str(out)]) == 0
    return out


def test_a_run_is_of_its_set(alphabet):
    pictures, _, run = alphabet
    writer = load_writer(run)
    assert writer.classes == CLASSES
    assert (writer.config.networks.count, writer.config.networks.contexts) == (1, 6)
    record = json.loads((run / "config.json").read_text())
    assert record["config"]["set"] == str(pictures)
    assert record["classes"] == list(CLASSES.names)
    found = train_strokes.parse(["--set", str(pictures)]).config
    assert (found.recordings.source, found.networks.plans, found.networks.count) == ("none", 0, 3)
    letters = train_strokes.parse(["--set", "letters", "--preset", "demo"]).config
    assert (letters.recordings.source, letters.networks.classes) == ("letters", 52)
    alone = train_strokes.parse(["--set", "letters", "--preset", "box-sum"]).config
    assert alone.recordings.source == "none"


def test_weights_are_asked_by_number_or_by_name(alphabet):
    writer = strokes.load(alphabet[2])
    shown = load_picture_set(str(alphabet[0]), "test", kind="thinned")
    names = [CLASSES.names[label] for label in shown.labels]
    by_number, by_name = (writer.write(shown.images, told) for told in (shown.labels, names))
    np.testing.assert_array_equal(by_number.points, by_name.points)
    for told, says in (
        (3, "labels from 3 to 3, expected 0 to 2"),
        ("b", "label 'b', expected one of A a 山"),
        (None, "labels: give them, as what ships reads digits alone"),
    ):
        with pytest.raises(DataError, match=says):
            writer.write(shown.images[0], told)
    with pytest.raises(DataError, match="plan 2: class A has"):
        writer.write(shown.images[0], "A", plan=2)


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--classes", "5"], "--classes 5: {set} has 3; leave the option out"),
        (["--picture-height", "20"], "picture size 20x28: those of {set} are 28x28"),
        (["--source", "own"], "label 0, expected one of A a 山"),
    ],
)
def test_what_is_not_the_set_s_is_refused(alphabet, program, tmp_path, args, says):
    pictures = alphabet[0]
    given = ["--set", pictures, *TINY, "--out", tmp_path / "run", *args]
    done = program("scripts.train_strokes", *given)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says.format(set=pictures) in done.stderr


def test_an_export_names_its_classes(alphabet, exported):
    assert read_classes(exported / "test.parquet").names == CLASSES.names
    expected = load_picture_set(str(alphabet[0]), "test", kind="thinned")
    table = read_parquet(exported / "test.parquet")
    np.testing.assert_array_equal(table.label, expected.labels)
    shown = [label for _, label in iterate_pictures_of(exported / "test.parquet")]
    np.testing.assert_array_equal(shown, expected.labels)
    arrays = exported / "handwritten-alphabet.npz"
    assert np.load(arrays)["classes"].tolist() == list(CLASSES.names)
    np.testing.assert_array_equal(read_npz(arrays, "test").label, expected.labels)
    for name in ("test.parquet", "test.ndjson", "test.dat"):
        recordings = read_recordings(exported / name, classes=CLASSES)
        assert {one.label for one in recordings} == {0, 1, 2}
    card = (exported / "README.md").read_text()
    assert "3 of them, 'A' first" in card
    assert "MNIST (" not in card
    assert "| 山 |" in card


def test_a_run_and_its_export_are_evaluated_alike(alphabet, exported, tmp_path, capsys):
    found = []
    for name, source in (("run", alphabet[2]), ("file", exported / "test.parquet")):
        option = "--checkpoint" if name == "run" else "--dataset"
        args = [option, str(source), "--out", str(tmp_path / name)]
        assert evaluate.main([*args, "--humans", str(alphabet[1])]) == 0
        found.append(json.loads((tmp_path / name / "evaluation.json").read_text()))
    assert set(found[0]["digits"]) == set(CLASSES.names)
    assert "legibility" not in found[0]["all"]  # no recogniser of them ships
    for name, value in found[0]["all"].items():
        assert found[1]["all"][name] == pytest.approx(value, rel=1e-3, abs=1e-4), name
    truth = ["--checkpoint", str(alphabet[2]), "--truth", str(alphabet[1])]
    assert evaluate.main([*truth, "--out", str(tmp_path / "truth")]) == 0
    scores = json.loads((tmp_path / "truth" / "truth.json").read_text())
    assert set(scores["true labels"]["digits"]) == set(CLASSES.names)
    assert scores["most similar recording"]["all"]["recovered"] == 1.0  # the same ones
    assert "read labels" not in scores


def test_what_is_written_is_drawn_by_name(alphabet, exported, tmp_path):
    run, sheet = alphabet[2], tmp_path / "sheet.png"
    size = ["--size", "28", "--out", str(sheet)]
    for source in (["--checkpoint", run], ["--dataset", exported / "test.parquet"]):
        args = [*map(str, source), *size]
        assert render_gif.main([*args, "--digits", "山", "A"]) == 0
        two = iio.imread(sheet).shape
        assert render_gif.main(args) == 0
        assert iio.imread(sheet).shape[1] > two[1]
        with pytest.raises(RunError, match="--digits 7: expected one of A a 山"):
            render_gif.main([*args, "--digits", "7"])
    with pytest.raises(RunError, match="--set digits: its classes are others than this model"):
        render_gif.main(["--checkpoint", str(run), "--set", "digits", *size])


def test_the_page_reads_what_it_writes(tmp_path):
    writer, recognizer = write_models(tmp_path)
    args = ["--port", "0", "--checkpoint", str(writer)]
    with pytest.raises(RunError, match=r"other classes .* give a --recognizer of these"):
        serve.main(args)
    with pytest.raises(DataError, match=r"other classes than expected \(a digit from 0 to 9\)"):
        serve.main(["--port", "0", "--recognizer", str(recognizer)])
    args += ["--recognizer", str(recognizer)]
    kept = tmp_path / "kept.ndjson"
    kept.write_text('{"label": 3}\n')
    with pytest.raises(DataError, match="label 3, expected one of A a 山; name another file"):
        serve.main([*args, "--recordings", str(kept)])
    save_writer(untrained_writer(picture_height=32, picture_width=32), writer)
    with pytest.raises(RunError, match=r"reads pictures of 28x28, expected 32x32, as --checkpoint"):
        serve.main(args)
    save_recognizer(template_recognizer(recordings_of(1)[:2], Classes(("A", "a"))), recognizer, {})
    with pytest.raises(DataError, match=r"other classes than expected \(one of A a 山\)"):
        serve.main(args)


def own_picture(alphabet, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    images, labels, *_ = load_picture_set(str(alphabet[0]), "test")
    path.write_bytes(encode_png(images[labels == 2][0]))
    return path


def test_own_pictures_lie_in_folders_named_as_their_class(alphabet, tmp_path):
    mine, out = tmp_path / "mine", tmp_path / "out"
    own_picture(alphabet, mine / folder_of("山") / "1.png")
    own_picture(alphabet, mine / "a" / "1.png")
    args = ["--checkpoint", str(alphabet[2]), "--pictures", str(mine), "--out", str(out)]
    assert export_dataset.main(args) == 0
    np.testing.assert_array_equal(read_parquet(out / "all.parquet").label, [2, 1])


def test_own_pictures_are_as_large_as_the_model_s(tmp_path):
    model, mine, out = tmp_path / "writer.safetensors", tmp_path / "mine", tmp_path / "out"
    save_writer(untrained_writer(picture_height=32, picture_width=32), model)
    path = mine / "a" / "1.png"
    path.parent.mkdir(parents=True)
    path.write_bytes(encode_png(draw_as_mnist(recordings_of(1)[1].strokes, side=32)[0]))
    args = ["--checkpoint", str(model), "--pictures", str(mine), "--out", str(out)]
    assert export_dataset.main(args) == 0
    np.testing.assert_array_equal(read_parquet(out / "all.parquet").label, [1])
    path.write_bytes(encode_png(np.zeros((28, 28), np.uint8)))
    with pytest.raises(DataError, match="28x28 pixels, expected 32x32;"):
        export_dataset.main(args)


def test_a_picture_is_written_by_the_label_that_is_given(alphabet, tmp_path):
    picture, points = own_picture(alphabet, tmp_path / "one.png"), tmp_path / "one.ndjson"
    args = [str(picture), "--checkpoint", str(alphabet[2]), "--points", str(points)]
    assert write.main([*args, "--label", "山"]) == 0
    (recording,) = read_recordings(points, classes=CLASSES)
    assert recording.label == 2
    with pytest.raises(RunError, match="--label b: expected one of A a 山"):
        write.main([*args, "--label", "b"])
    with pytest.raises(RunError, match="give --label, or a --recognizer"):
        write.main(args)
