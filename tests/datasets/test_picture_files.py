import gzip
import io

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from datasets.picture_files import count_pictures, iterate_file
from strokes.errors import DataError
from tests.datasets.test_idx import idx_bytes
from tests.datasets.test_tar_shards import tar_of

LABELS = [7, 2, 1, 0, 4]


@pytest.fixture
def images(rng):
    return rng.integers(0, 256, (5, 28, 28), np.uint8)


def png(image):
    file = io.BytesIO()
    Image.fromarray(image).save(file, format="PNG")
    return file.getvalue()


def csv(images, labels=LABELS, *, first=True):
    flat = images.reshape(len(images), -1)
    pixels = [f"pixel{number}" for number in range(flat.shape[1])]
    lines = [",".join(["label", *pixels] if first else [*pixels, "class"])]
    for image, label in zip(flat.tolist(), labels, strict=True):
        lines.append(",".join(map(str, [label, *image] if first else [*image, label])))
    return "\n".join(lines) + "\n"


def written(folder, kind, images):
    """A file of pictures as others write it."""
    path = folder / f"pictures.{kind}"
    match kind:
        case "csv":
            path.write_text(csv(images))
        case "last.csv":
            path.write_text(csv(images, first=False))
        case "plain.csv":
            path.write_text(csv(images).split("\n", 1)[1])
        case "shares.csv":
            path.write_text(csv(np.round(images / 255, 4)))
        case "ten.npz":
            np.savez(path, train_images=images[..., None], train_labels=np.eye(10)[LABELS])
        case "texts.npz":
            np.savez(
                path, data=images.reshape(len(images), -1), target=np.array(LABELS).astype(str)
            )
        case "floats.npz":
            np.savez(path, X_train=images, Y_train=np.array(LABELS, np.float32))
        case "keras.npz":
            train, test = (images[:3], LABELS[:3]), (images[3:], LABELS[3:])
            np.savez_compressed(
                path, x_train=train[0], y_train=train[1], x_test=test[0], y_test=test[1]
            )
        case "flat.npz":
            shares = images.reshape(len(images), -1) / 255
            np.savez(path, images=shares, labels=np.array(LABELS)[:, None])
        case "parquet":
            column = [{"bytes": png(image), "path": None} for image in images]
            pq.write_table(pa.table({"image": column, "label": LABELS}), path)
        case "tar":
            members = []
            for index, (image, label) in enumerate(zip(images, LABELS, strict=True)):
                members += [(f"{index}.png", png(image)), (f"{index}.cls", b"%d" % label)]
            tar_of(path, members)
        case "groups.parquet":
            column = [{"bytes": png(image), "path": None} for image in images]
            pq.write_table(pa.table({"image": column, "label": LABELS}), path, row_group_size=2)
        case "idx.gz":
            path = folder / "train-images-idx3-ubyte.gz"
            path.write_bytes(gzip.compress(idx_bytes(images)))
            labels = gzip.compress(idx_bytes(np.array(LABELS, np.uint8)))
            (folder / "train-labels-idx1-ubyte.gz").write_bytes(labels)
    return path


@pytest.mark.parametrize(
    "kind",
    ["csv", "last.csv", "plain.csv", "keras.npz", "flat.npz", "parquet", "tar", "idx.gz"]
    + ["shares.csv"]
    + ["ten.npz", "texts.npz", "floats.npz"],
)
@pytest.mark.parametrize("chunk", [2, 10])
def test_pictures_as_others_keep_them(tmp_path, images, kind, chunk):
    parts = list(iterate_file(written(tmp_path, kind, images), chunk=chunk))
    assert max(len(part.labels) for part in parts) <= chunk
    np.testing.assert_array_equal(np.concatenate([part.images for part in parts]), images)
    np.testing.assert_array_equal(np.concatenate([part.labels for part in parts]), LABELS)
    assert {(part.images.dtype, part.labels.dtype) for part in parts} == {
        (np.dtype(np.uint8), np.dtype(np.int32))
    }


@pytest.mark.parametrize("kind", ["csv", "last.csv", "keras.npz", "flat.npz", "parquet", "idx.gz"])
def test_pictures_of_another_size_are_read_where_it_is_asked_for(tmp_path, rng, kind):
    images = rng.integers(0, 256, (5, 12, 12), np.uint8)
    path = written(tmp_path, kind, images)
    found = np.concatenate([part.images for part in iterate_file(path, chunk=10, side=12)])
    np.testing.assert_array_equal(found, images)
    with pytest.raises(DataError, match=r"145 numbers|expected (pictures )?\[N, 28, 28\]|28x28"):
        list(iterate_file(path, chunk=10))


@pytest.mark.parametrize("kind", ["idx.gz", "parquet", "groups.parquet", "tar"])
def test_pictures_from_anywhere_on(tmp_path, images, kind):
    path = written(tmp_path, kind, images)
    assert count_pictures(path) == 5
    for first in range(5):
        found = next(iterate_file(path, chunk=2, first=first))
        np.testing.assert_array_equal(found.images, images[first : first + 2])
        np.testing.assert_array_equal(found.labels, LABELS[first : first + 2])


@pytest.mark.parametrize("kind", ["csv", "keras.npz"])
def test_what_is_read_as_a_whole_is_not_shared_out(tmp_path, images, kind):
    with pytest.raises(DataError, match="share its pictures out save them as Parquet, IDX or tar"):
        count_pictures(written(tmp_path, kind, images))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace("\n7,", "\n17,"), "label 17, expected 0 to 9: only digits"),
        (lambda text: text.replace("\n7,", "\nx,"), "line 2: expected numbers with commas"),
        (lambda text: text.replace("\n7,", "\n7,300,"), "line 2: 786 numbers"),
        (lambda text: text.replace("\n7,", "\n"), "line 2: 784 numbers, a picture without its"),
        (lambda text: text.replace("\n7,", "\n7.5,"), "line 2: expected a whole number as label"),
        (lambda text: text.replace("\n7,", "\nnan,"), "line 2: expected a whole number"),
        (lambda text: "word,drawing\n" + text, "line 2: expected numbers"),
        (lambda text: text.split("\n")[0], "no picture in it"),
        (lambda text: "", "not a file of pictures"),
    ],
)
def test_tables_that_cannot_be_meant(tmp_path, images, change, reason):
    path = tmp_path / "a.csv"
    path.write_text(change(csv(images)))
    with pytest.raises(DataError, match=f"a.csv.*{reason}"):
        list(iterate_file(path, chunk=10))


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"a": np.zeros(3)}, "expected arrays x_train"),
        ({"images": np.zeros((2, 28, 28)), "labels": np.zeros(3, int)}, "2, 28, 28. pictures, .3."),
        ({"images": np.zeros((2, 20, 28)), "labels": np.zeros(2, int)}, "expected pictures"),
        ({"images": np.full((2, 28, 28), -1), "labels": np.zeros(2, int)}, "not from 0 to 255"),
        ({"images": np.full((2, 28, 28), -0.42), "labels": np.zeros(2, int)}, "not from 0 to 255"),
        ({"images": np.full((2, 28, 28), np.nan), "labels": np.zeros(2, int)}, "not from 0 to 255"),
        ({"images": np.zeros((2, 28, 28)), "labels": np.full(2, 0.5)}, "labels are .* float64"),
        ({"images": np.array(5), "labels": np.array(5)}, "pictures"),
        ({"images": np.zeros((0, 28, 28)), "labels": np.zeros(0, int)}, "no picture in it"),
    ],
)
def test_arrays_that_cannot_be_meant(tmp_path, arrays, reason):
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(DataError, match=rf"a\.npz: .*{reason}"):
        list(iterate_file(tmp_path / "a.npz", chunk=10))


def test_a_parquet_of_other_pictures(tmp_path, images):
    path = tmp_path / "a.parquet"
    for content, reason in (
        (png(images[0][:20]), r"a picture of \[20, 28\], expected 28x28"),
        (b"none", r"row 1: no picture"),
    ):
        pq.write_table(pa.table({"image": [{"bytes": content, "path": ""}], "label": [1]}), path)
        with pytest.raises(DataError, match=reason):
            list(iterate_file(path, chunk=10))


@pytest.mark.parametrize(
    ("content", "advice"),
    [
        (b"\x93NUMPY\1\0v\0", "save it with its labels"),
        (gzip.compress(b"\x80\4\x95", mtime=0), "a pickle is a program"),
        (b"MATLAB 5.0 MAT-file", "save its arrays in an .npz"),
        (b"ARROW1\0\0", "save it as Parquet"),
        (b"@RELATION mnist\n", "save it as CSV"),
    ],
)
def test_of_files_of_other_programs_it_is_said_what_to_do(tmp_path, content, advice):
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(DataError, match=f"a: .*{advice}"):
        list(iterate_file(tmp_path / "a", chunk=10))


def test_what_is_no_file_of_pictures(tmp_path):
    (tmp_path / "a.png").write_bytes(png(np.zeros((28, 28), np.uint8)))
    with pytest.raises(DataError, match=r"expected IDX, CSV, .npz, Parquet or tar, or a folder"):
        list(iterate_file(tmp_path / "a.png", chunk=10))
