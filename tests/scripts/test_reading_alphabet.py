"""Programs that read pictures, on three characters that are no digits."""

import json

import imageio.v3 as iio
import numpy as np
import pytest

import strokes
from datasets.folders import iterate_pictures
from datasets.picture_sets import load_picture_set
from datasets.prepared import Part, write_prepared
from datasets.synthetic import on_paper
from scripts import finetune_recognizer, prepare_handwriting, probe, recognize, show_pen, write
from strokes.classes import Classes, folder_of
from strokes.errors import DataError
from strokes.formats.ndjson import write_recordings
from strokes.formats.recordings import read_recordings
from strokes.pictures.pen import draw_ink
from strokes.reading.recognizer import load_recognizer, save_recognizer
from strokes.resampling import fit_to_box
from strokes.writing.writer import save_writer
from tests.alphabet import (
    CLASSES,
    SHAPES,
    recordings_of,
    template_recognizer,
    untrained_writer,
    write_alphabet,
)
from train.errors import RunError
from train.recognizer import finetuning


@pytest.fixture(scope="module")
def alphabet(tmp_path_factory):
    """Paths of the set of pictures, and of its recordings."""
    return write_alphabet(tmp_path_factory.mktemp("alphabet"))


@pytest.fixture(scope="module")
def recognizer(tmp_path_factory):
    """A file of weights that number the classes in another order."""
    path = tmp_path_factory.mktemp("alphabet") / "recognizer.safetensors"
    turned = Classes(CLASSES.names[::-1], alike=CLASSES.alike)
    save_recognizer(template_recognizer(recordings_of(8), turned), path, {})
    return path


def photo(path, names):
    """Characters side by side, on paper, in a file."""
    inks = [fit_to_box([np.array(one) for one in SHAPES[CLASSES.number(name)]]) for name in names]
    line = np.concatenate([1 - draw_ink(ink, side=200, width=0.06) for ink in inks], axis=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    paper = on_paper(line.astype(np.float32), np.random.default_rng(0))
    iio.imwrite(path, np.round(255 * paper).astype(np.uint8))
    return path


def test_characters_are_recognised_by_the_names_of_their_classes(recognizer, tmp_path, capsys):
    one, word = photo(tmp_path / "1.png", "山"), photo(tmp_path / "2.png", "a山A")
    args = [str(one), str(word), "--recognizer", str(recognizer)]
    assert recognize.main(args) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{one}: 山 ")
    assert lines[2].startswith(f"{word} character 2: 山 ")
    assert lines[2].endswith("; characters separated")
    assert lines[4] == f"{word}: the word a山A"
    assert "digit" not in " ".join(lines)
    assert recognize.main([*args, "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["class"] for row in rows] == ["山", "a", "山", "A"]
    assert set(rows[0]) == {"picture", "class", "top", "done"}
    assert {row["text"] for row in rows[1:]} == {"a山A"}
    assert sorted(one["class"] for one in rows[0]["top"]) == sorted(CLASSES.names)


def test_the_library_reads_them_too(tmp_path):
    reader = template_recognizer(recordings_of(8), CLASSES)
    found = strokes.read(photo(tmp_path / "word.png", "a山"), recognizer=reader)
    assert [(one.name, one.digit, one.place) for one in found] == [
        ("a", 1, "character 1"),
        ("山", 2, "character 2"),
    ]
    assert found[0].probabilities.shape == (3,)


def prepared(out):
    """What was prepared: the numbers of the classes, in the order of the paths, and the size."""
    (found,) = iterate_pictures(out, classes=CLASSES)
    return found.labels.tolist(), found.images.shape[1:]


@pytest.mark.parametrize(
    ("options", "labels"),
    [
        (["--label", "山"], [2, 2, 2]),
        (["--row-labels", "山"], [2, 2, 2]),
        (["--column-labels", "a山A"], [0, 2, 1]),
        (["--column-labels", "a 山 A"], [0, 2, 1]),
        (["--label-by-reading"], [0, 2, 1]),
    ],
)
def test_a_sheet_is_prepared_with_labels_of_the_set(
    alphabet, recognizer, tmp_path, capsys, options, labels
):
    sheet, out = photo(tmp_path / "sheet.png", "a山A"), tmp_path / "out"
    reading = ["--recognizer", str(recognizer)] if "--label-by-reading" in options else []
    args = [str(sheet), "--grid", "1x3", "--set", str(alphabet[0]), "--out", str(out)]
    assert prepare_handwriting.main([*args, *options, *reading]) == 0
    said = capsys.readouterr()
    assert said.out == f"prepared 3 characters: {out}\n"
    assert sorted(prepared(out)[0]) == sorted(labels)
    if "--column-labels" in options:
        assert (out / folder_of("山") / "sheet-row-1-column-2.png").is_file()


def test_a_line_is_told_apart_by_a_recogniser_of_the_set(alphabet, recognizer, tmp_path, capsys):
    line, out = photo(tmp_path / "mine" / "line.png", "a山"), tmp_path / "out"
    args = [str(line.parent), "--set", str(alphabet[0]), "--out", str(out)]
    assert prepare_handwriting.main(args) == 0
    assert [one.name for one in out.iterdir()] == ["line.png"]
    said = "note: 1 of them do not say which class they are; --label A, --label-by-reading"
    assert said in capsys.readouterr().err
    assert prepare_handwriting.main([*args, "--recognizer", str(recognizer)]) == 0
    assert {one.name for one in out.glob("line-*")} == {
        "line-character-1.png",
        "line-character-2.png",
    }


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--label", "7"], "--label 7: expected one of A a 山"),
        (["--grid", "1x3", "--row-labels", "b"], "--row-labels b: label 'b', expected one of A a"),
        (["--grid", "1x3", "--column-labels", "aA"], "aA: 2 classes for a grid of 1x3"),
        (["--label-by-reading"], "shipped recogniser does not read .*; give a --recognizer"),
    ],
)
def test_labels_of_other_classes_are_refused(alphabet, tmp_path, options, reason):
    sheet, out = photo(tmp_path / "sheet.png", "a山A"), tmp_path / "out"
    args = [str(sheet), "--set", str(alphabet[0]), "--out", str(out), *options]
    with pytest.raises(RunError, match=reason):
        prepare_handwriting.main(args)
    assert not out.exists()


def test_a_recogniser_of_other_classes_prepares_nothing(alphabet, recognizer, tmp_path):
    sheet, out = photo(tmp_path / "sheet.png", "a"), tmp_path / "out"
    args = [str(sheet), "--out", str(out), "--recognizer", str(recognizer)]
    with pytest.raises(DataError, match=r"reads other classes than expected \(a digit"):
        prepare_handwriting.main(args)
    assert not out.exists()


def test_pictures_are_as_large_as_those_of_the_set(tmp_path):
    pictures, out = tmp_path / "larger.npz", tmp_path / "out"
    part = Part(np.arange(3, dtype=np.int32), [np.zeros((3, 32, 32), np.uint8)])
    write_prepared(pictures, {"train": part}, CLASSES, height=32, width=32)
    args = [str(photo(tmp_path / "a" / "1.png", "a")), "--label", "a", "--set", str(pictures)]
    assert prepare_handwriting.main([*args, "--out", str(out)]) == 0
    assert iio.imread(out / "a" / "1.png").shape == (32, 32)


QUICK = ("--steps", "2", "--own", "8", "--replayed", "8")


def test_own_characters_are_taught_with_training_pictures_of_the_set(
    alphabet, recognizer, tmp_path, monkeypatch, capsys
):
    mine, recorded, out = (
        tmp_path / name for name in ("mine", "mine.ndjson", "taught.safetensors")
    )
    photo(mine / folder_of("山") / "1.png", "山")
    write_recordings(recordings_of(7, seed=5), recorded, CLASSES)
    shown = []

    def spied(reader, own, others, config, *, writers):
        shown.extend((own, others))
        return whole(reader, own, others, config, writers=writers)

    whole = finetuning.finetune
    monkeypatch.setattr(finetuning, "finetune", spied)
    args = [str(mine), "--recordings", str(recorded), "--set", str(alphabet[0]), *QUICK]
    assert (
        finetune_recognizer.main([*args, "--recognizer", str(recognizer), "--out", str(out)]) == 0
    )
    names = load_recognizer(recognizer, classes=None).classes.names
    (own, own_labels), (others, labels) = shown
    train = load_picture_set(str(alphabet[0]), "train")
    np.testing.assert_array_equal(others, train.images)
    assert [names[one] for one in labels] == [CLASSES.names[one] for one in train.labels]
    assert sorted(names[one] for one in own_labels) == ["A"] * 5 + ["a"] * 5 + ["山"] * 6
    assert own.shape == (16, 28, 28)
    said = capsys.readouterr().out
    assert said.startswith("taught 16 own characters, tested on 6 others\nown characters:  100.00%")
    assert "\nalphabet test characters:  100.00% before, " in said
    taught = load_recognizer(out, classes=CLASSES)
    assert taught.classes.names == names
    assert set(taught.facts["finetuned"]["after"]) == {"own", "alphabet"}
    assert taught.facts["test_macro_accuracy"] == taught.facts["test_accuracy"]


def test_what_cannot_be_taught_of_a_set_is_refused(alphabet, recognizer, tmp_path):
    mine = photo(tmp_path / "mine" / "b" / "1.png", "a").parent
    args = [str(mine), "--set", str(alphabet[0])]
    with pytest.raises(RunError, match="the shipped recogniser reads digits; give a --recognizer"):
        finetune_recognizer.main(args)
    args += ["--recognizer", str(recognizer)]
    with pytest.raises(DataError, match="its folder says of which class it is: label 'b'"):
        finetune_recognizer.main(args)
    one = photo(tmp_path / "one" / "a" / "1.png", "a").parent
    with pytest.raises(RunError, match=r"1 own characters are too few .* give four of a class"):
        finetune_recognizer.main([str(one), *args[1:]])
    with pytest.raises(DataError, match="reads other classes than expected"):
        finetune_recognizer.main([str(one), "--recognizer", str(recognizer)])


def test_a_word_is_written_letter_by_letter(recognizer, tmp_path, capsys):
    word, points = photo(tmp_path / "word.png", "a山"), tmp_path / "word.ndjson"
    model = tmp_path / "writer.safetensors"
    save_writer(untrained_writer(), model)
    args = [str(word), "--checkpoint", str(model), "--points", str(points)]
    assert write.main([*args, "--recognizer", str(recognizer)]) == 0
    assert [one.label for one in read_recordings(points, classes=CLASSES)] == [1, 2]
    assert f"{word} character 2: 山 " in capsys.readouterr().out
    save_writer(untrained_writer(picture_height=32, picture_width=32), model)
    assert write.main([*args, "--label", "山"]) == 0  # prepared as large as the model reads
    assert [one.label for one in read_recordings(points, classes=CLASSES)] == [2]


def test_recordings_are_shown_by_the_names_of_their_classes(alphabet, tmp_path, capsys):
    sheet = tmp_path / "sheet.png"
    args = ["--set", str(alphabet[0]), "--out", str(sheet), "--size", "32", "--each", "2"]
    assert show_pen.main([*args, "--recordings", str(alphabet[1])]) == 0
    assert f"24 recordings (A: 8, a: 8, 山: 8): {sheet}" in capsys.readouterr().out
    assert iio.imread(sheet).shape[0] == 3 * (32 + 2) + 2
    with pytest.raises(RunError, match="give --recordings, a file of these classes"):
        show_pen.main(args)
    with pytest.raises(RunError, match="--label 7: expected one of A a 山"):
        show_pen.main([*args, "--recordings", str(alphabet[1]), "--label", "7"])


def test_what_a_model_makes_of_a_constant_is_as_large_as_its_pictures(tmp_path):
    model, drawn = tmp_path / "writer.safetensors", tmp_path / "probe.png"
    save_writer(untrained_writer(), model)
    args = ["--checkpoint", str(model), "--out", str(drawn), "--size", "28"]
    assert probe.main([*args, "--constants", "0"]) == 0
    assert iio.imread(drawn).shape[1] < 4 * 40  # three classes side by side
