import json
import xml.etree.ElementTree as ElementTree

import cv2
import imageio.v3 as iio
import numpy as np
import pytest

from datasets import load_mnist, load_thinned
from datasets.handwriting import prepare
from datasets.made_photos import as_photo, on_paper
from datasets.pen_ink import draw_ink, fitted
from datasets.recording_files import read_recordings
from datasets.recordings import OWN_RECORDINGS
from scripts import recognize, release_model, write
from scripts.evaluate_recognizer import drawn_and_prepared
from train.errors import RunError
from train.inference import joined
from train.measures import intersection_over_union
from train.model import SHIPPED_MODEL, load_model
from train.recognition import THINNED_READER
from train.scribe import Scribe, ranked
from train.svg import svg

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def scribe():
    return Scribe.load()


def photo(label, path, rng):
    """A recording of the package as a photo in a file."""
    recording = next(one for one in read_recordings(OWN_RECORDINGS) if one.label == label)
    ink = 1 - draw_ink(fitted(recording.strokes), side=200, width=0.06)
    iio.imwrite(path, np.round(255 * on_paper(ink, rng)).astype(np.uint8))
    return str(path)


def test_the_package_s_recordings_are_all_read(scribe):
    recordings = read_recordings(OWN_RECORDINGS)
    read = scribe.read(drawn_and_prepared(recordings)).argmax(1)
    assert [int(digit) for digit in read] == [one.label for one in recordings]


def test_photos_of_mnist_s_digits_are_read_as_the_digits_are(scribe, raw_mnist, rng):
    images, labels = (array[:300] for array in load_mnist("test", data_dir=raw_mnist))
    photos = [as_photo(image, rng) for image in images]
    prepared = np.stack([prepare(photo).picture for photo in photos])
    read = scribe.read(prepared).argmax(1)
    assert (read == scribe.read(images).argmax(1)).mean() > 0.97
    assert (read == labels).mean() > 0.97
    scaled = [cv2.resize(1 - photo, (28, 28), interpolation=cv2.INTER_AREA) for photo in photos]
    plain = np.round(255 * np.stack(scaled)).astype(np.uint8)
    assert (scribe.read(plain).argmax(1) == labels).mean() < 0.6  # why one prepares


def test_what_is_written_again_covers_the_thinned_picture(scribe):
    recordings = read_recordings(OWN_RECORDINGS)[::10]
    labels = np.array([one.label for one in recordings], np.int32)
    drawn = scribe.write(drawn_and_prepared(recordings), labels, refined=20)
    assert drawn.points.shape == (len(labels), 20, 3)
    ink = drawn.drawings > 0.5
    overlap = (ink & (drawn.targets > 0)).sum((1, 2)) / (drawn.targets > 0).sum((1, 2))
    assert overlap.mean() > 0.8


def test_ranked_is_by_certainty():
    certainties = np.array([0.1, 0, 0, 0.6, 0, 0, 0.3, 0, 0, 0])
    assert ranked(certainties) == [(3, 0.6), (6, 0.3), (0, 0.1)]


def test_a_recogniser_of_thinned_digits_does_not_serve():
    with pytest.raises(RunError, match="expected a recogniser of grey ones"):
        Scribe.load(reader=THINNED_READER)


def test_svg_has_a_path_for_each_stroke():
    points = np.array([[0, 0], [0.5, 0], [0.5, 0.5], [1, 0.5], [1, 1]], np.float32)
    up = np.array([False, True, False, False, True])
    still = ElementTree.fromstring(svg(points, up))
    paths = list(still.iter(f"{SVG}path"))
    assert [path.get("d") for path in paths] == [
        "M0.0 0.0L140.0 0.0",
        "M140.0 140.0L280.0 140.0 280.0 280.0",
    ]
    assert not list(still.iter(f"{SVG}animate"))
    moving = ElementTree.fromstring(svg(points, up, seconds=2.0))
    times = [one.get("keyTimes").split(";") for one in moving.iter(f"{SVG}animate")]
    seconds = [[3.5 * float(time) for time in row] for row in times]  # the end is held
    np.testing.assert_allclose(seconds, [[0, 0, 0.5, 3.5], [0, 1.0, 2.0, 3.5]], atol=1e-3)


def test_pictures_are_recognised(tmp_path, rng, capsys):
    for label in (3, 7):
        photo(label, tmp_path / f"{label}.png", rng)
    (tmp_path / "x.png").write_text("none")
    assert recognize.main([str(tmp_path), "--json", "True"]) == 2
    said = capsys.readouterr()
    rows = [json.loads(line) for line in said.out.splitlines()]
    assert [row["digit"] for row in rows] == [3, 7]
    assert all(len(row["top"]) == 3 and row["top"][0]["certainty"] > 0.5 for row in rows)
    assert said.err.count("\n") == 1
    assert recognize.main([str(tmp_path / "3.png")]) == 0
    assert f"{tmp_path / '3.png'}: 3 " in capsys.readouterr().out


def test_pictures_are_written_again(tmp_path, rng, capsys):
    one = photo(2, tmp_path / "two.png", rng)
    files = {kind: tmp_path / "out" / f"digit.{kind}" for kind in ("gif", "svg", "ndjson")}
    args = ["--gif", files["gif"], "--svg", files["svg"], "--points", files["ndjson"]]
    assert write.main([one, *map(str, args), "--seconds", "0.4"]) == 0
    assert iio.imread(files["gif"]).shape[0] == 11
    assert len(list(ElementTree.parse(files["svg"]).iter(f"{SVG}path"))) == 1
    (recording,) = read_recordings(files["ndjson"])
    assert recording.label == 2
    assert "two.png: 2 " in capsys.readouterr().out


def test_a_sheet_gives_an_svg_for_each_and_a_label_can_be_told(tmp_path, rng):
    numbers = [np.array(iio.imread(photo(d, tmp_path / f"{d}.png", rng))) for d in (1, 4)]
    iio.imwrite(tmp_path / "sheet.png", np.concatenate(numbers, axis=1))
    args = [str(tmp_path / "sheet.png"), "--grid", "1x2", "--label", "4", "--animated", "False"]
    points = tmp_path / "points.ndjson"
    assert write.main([*args, "--svg", str(tmp_path / "s.svg"), "--points", str(points)]) == 0
    assert [one.label for one in read_recordings(points)] == [4, 4]
    names = {path.name for path in tmp_path.glob("*.svg")}
    assert names == {"s-sheet-row-1-column-1.svg", "s-sheet-row-1-column-2.svg"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "nothing to write"),
        (["--gif", "a.svg"], "--gif a.svg: expected a name that ends in .gif"),
        (["--svg", "a.gif"], "--svg a.gif: expected a name that ends in .svg"),
        (["--points", "a.json"], "expected a name that ends in .ndjson"),
        (["--svg", "a.svg", "--label", "10"], "--label 10"),
        (["--svg", "a.svg", "--refine", "-1"], "--refine -1"),
    ],
)
def test_options_that_do_not_fit(args, message):
    with pytest.raises(RunError, match=message):
        write.main(["x.png", *args])


def test_the_shipped_stroke_model_writes_as_well_as_it_should():
    images, labels = (array[:500] for array in load_thinned("test"))
    model = load_model(SHIPPED_MODEL)
    written = joined(model.write(images, labels))
    assert written.mse.mean() < 0.009
    drawings = model.draw(written.points) > 0.5
    assert intersection_over_union(drawings, images > 0).mean() > 0.7


def test_what_is_no_model_is_refused(tmp_path):
    with pytest.raises(RunError, match="no stroke model"):
        load_model(THINNED_READER)
    with pytest.raises(RunError, match="expected a name that ends in"):
        release_model.main(["--checkpoint", "x", "--out", str(tmp_path / "model.npz")])
