import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from datasets.folders import iterate_pictures, label_of, parts_of, read_part
from strokes.errors import DataError
from tests.datasets.test_idx import idx_bytes
from tests.datasets.test_tar_shards import tar_of


@pytest.fixture
def digits(rng):
    return rng.integers(0, 256, (7, 28, 28), np.uint8), np.array([3, 1, 4, 1, 5, 9, 2])


def together(source, **options):
    parts = list(iterate_pictures(source, **options))
    return [len(part.images) for part in parts], *map(np.concatenate, zip(*parts, strict=True))


@pytest.mark.parametrize(
    ("name", "label"),
    [("7/a.png", 7), ("mine/7_a.png", 7), ("mine/7.png", 7), ("7-b/3.png", 7), ("x/4 b.png", 4)]
    + [
        ("mine/img_0_label_7.png", 7),
        ("label-3/0.png", 3),
        ("x/digit5-a.png", 5),
        ("x/label_07.png", 7),
    ],
)
def test_a_label_is_the_folder_s_name_or_begins_the_file_s(tmp_path, name, label):
    assert label_of(tmp_path / name) == label


@pytest.mark.parametrize(
    "name", ["mine/a.png", "12/a.png", "mine/12.png", "mine/a_7.png", "mine/label7x.png"]
)
def test_which_digit_is_it(tmp_path, name):
    with pytest.raises(DataError, match="which digit is it"):
        label_of(tmp_path / name)


@pytest.mark.parametrize("name", ["mine/label_71.png", "mine/img_0_label_12.png"])
def test_what_is_said_to_be_no_digit(tmp_path, name):
    with pytest.raises(DataError, match=r"label \d\d, expected 0 to 9: only digits"):
        label_of(tmp_path / name)


def test_what_computers_add_to_folders_is_passed_over(tmp_path, digits):
    for name in ("7_a.png", "__MACOSX/._7_a.png", "._7_a.png", ".DS_Store", "Thumbs.db"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"\0\5\x16\7")
    cv2.imwrite(str(tmp_path / "7_a.png"), digits[0][0])
    _, images, labels = together(tmp_path)
    np.testing.assert_array_equal(images, digits[0][:1])
    assert labels.tolist() == [7]


def test_a_folder_of_idx_files_says_which_to_give(tmp_path):
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(b"")
    with pytest.raises(DataError, match=r"IDX files; give one, as t10k-images-idx3-ubyte\.gz"):
        list(iterate_pictures(tmp_path))


def test_a_folder_in_the_order_of_its_paths(tmp_path, digits):
    for index, (image, label) in enumerate(zip(*digits, strict=True)):
        path = tmp_path / str(label) / f"{index}.{('png', 'BMP')[index % 2]}"
        path.parent.mkdir(exist_ok=True)
        cv2.imwrite(str(path), image)
    (tmp_path / "3" / "notes.txt").write_text("no picture")
    order = sorted(range(7), key=lambda index: (digits[1][index], index))
    for chunk, sizes in ((3, [3, 3, 1]), (7, [7])):
        found, images, labels = together(tmp_path, chunk=chunk)
        assert found == sizes
        np.testing.assert_array_equal(images, digits[0][order])
        np.testing.assert_array_equal(labels, digits[1][order])
        assert labels.dtype == np.int32
    _, inverted, _ = together(tmp_path, invert=True)
    np.testing.assert_array_equal(inverted, 255 - digits[0][order])


@pytest.mark.parametrize("invert", [False, True])
@pytest.mark.parametrize("bright", [0, 255])
def test_what_is_drawn_on_transparent_ground_is_ink(tmp_path, bright, invert):
    drawn = np.full((28, 28, 4), bright, np.uint8)
    drawn[..., 3] = 0
    drawn[5:20, 12:15, 3] = 255
    cv2.imwrite(str(tmp_path / "1.png"), drawn)
    _, images, _ = together(tmp_path, invert=invert)
    np.testing.assert_array_equal(images[0], drawn[..., 3])


def test_transposed_pictures_are_turned(tmp_path, digits):
    for index, image in enumerate(digits[0]):
        cv2.imwrite(str(tmp_path / f"{index}.png"), image)
    _, images, _ = together(tmp_path, transpose=True, invert=True)
    np.testing.assert_array_equal(images, 255 - digits[0].transpose(0, 2, 1))


def test_idx_files_in_their_own_order(tmp_path, digits):
    images, labels = tmp_path / "images", tmp_path / "labels"
    images.write_bytes(idx_bytes(digits[0]))
    labels.write_bytes(idx_bytes(digits[1].astype(np.uint8)))
    sizes, found, told = together(images, labels=labels, chunk=4)
    assert sizes == [4, 3]
    np.testing.assert_array_equal(found, digits[0])
    np.testing.assert_array_equal(told, digits[1])


def test_what_cannot_be_read_is_named(tmp_path, digits):
    def refused(source, message, **options):
        with pytest.raises(DataError, match=message):
            list(iterate_pictures(source, **options))

    refused(tmp_path / "none", "none: no such folder or file")
    refused(tmp_path, r"no picture in it \(looked for \.png,")
    (tmp_path / "7.png").write_text("no picture")
    refused(tmp_path, r"7\.png: no picture; expected PNG")
    cv2.imwrite(str(tmp_path / "7.png"), np.zeros((20, 30), np.uint8))
    refused(tmp_path, r"7\.png: 30x20 pixels, expected 28x28")

    images, labels = tmp_path / "images", tmp_path / "labels"
    images.write_bytes(idx_bytes(digits[0]))
    refused(images, "is a file: give its labels too")
    for wrong, message in (
        (np.zeros(6, np.uint8), r"labels: \[6\], expected \[7\] labels"),
        (np.full(7, 10, np.uint8), "label 10, expected 0 to 9"),
    ):
        labels.write_bytes(idx_bytes(wrong))
        refused(images, message, labels=labels)
    images.write_bytes(idx_bytes(digits[0][:, :20]))
    refused(images, r"\[7, 20, 28\], expected \[N, 28, 28\]", labels=labels)


def as_folder(place, digits):
    for index, (image, label) in enumerate(zip(*digits, strict=True)):
        cv2.imwrite(str(place / f"{label}_{index}.png"), image)
    return place


def as_idx(place, digits):
    images, labels = digits
    (place / "train-labels-idx1-ubyte").write_bytes(idx_bytes(labels.astype(np.uint8)))
    path = place / "train-images-idx3-ubyte"
    path.write_bytes(idx_bytes(images))
    return path


def as_shards(place, digits):
    """Two files of many, the second of which begins in the middle of a chunk."""
    labels = digits[1]
    encoded = [cv2.imencode(".png", image)[1].tobytes() for image in digits[0]]
    table = pa.table({"image": encoded[:4], "label": labels[:4].tolist()})
    pq.write_table(table, place / "a.parquet")
    members = [
        (f"{index}.{end}", content)
        for index in range(4, 7)
        for end, content in (("png", encoded[index]), ("cls", b"%d" % labels[index]))
    ]
    tar_of(place / "b.tar", members)
    return place


@pytest.mark.parametrize("make", [as_folder, as_idx, as_shards])
@pytest.mark.parametrize("options", [{}, {"invert": True, "transpose": True}])
def test_parts_are_the_chunks_in_any_order(tmp_path, digits, make, options):
    source = make(tmp_path, digits)
    chunks = list(iterate_pictures(source, chunk=3, **options))
    parts = list(parts_of(source, chunk=3))
    assert [part.size for part in parts] == [len(chunk.labels) for chunk in chunks]
    for part, chunk in reversed(list(zip(parts, chunks, strict=True))):
        found = read_part(part, **options)
        np.testing.assert_array_equal(found.images, chunk.images)
        np.testing.assert_array_equal(found.labels, chunk.labels)
    assert sum(part.size for part in parts) == 7


def test_a_folder_of_files_of_many_in_the_order_of_their_names(tmp_path, digits):
    sizes, images, labels = together(as_shards(tmp_path, digits), chunk=3)
    assert sizes == [3, 1, 3]
    np.testing.assert_array_equal(images, digits[0])
    np.testing.assert_array_equal(labels, digits[1])


def test_a_file_that_shrinks_is_found_out(tmp_path, digits):
    parts = list(parts_of(as_idx(tmp_path, digits), chunk=4))
    as_idx(tmp_path, [part[:6] for part in digits])
    with pytest.raises(DataError, match="changed while it was read"):
        read_part(parts[1])
    as_idx(tmp_path, [part[:4] for part in digits])
    with pytest.raises(DataError, match="no picture in it"):
        read_part(parts[1])


def test_parts_say_early_which_picture_has_no_label(tmp_path, digits):
    cv2.imwrite(str(as_folder(tmp_path, digits) / "x.png"), digits[0][0])
    with pytest.raises(DataError, match=r"x\.png: which digit is it"):
        next(parts_of(tmp_path))
