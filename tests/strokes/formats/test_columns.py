import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from strokes.formats.columns import export_schema, with_features
from strokes.formats.parquet import Pictured, iterate_pictures_of, write_parquet
from strokes.formats.png import encode_png
from tests import hugging_face
from tests.strokes.formats.written import some

LOADING = """
import json
from datasets import ClassLabel, Image, List, Value, load_dataset

read = load_dataset("parquet", data_files="some.parquet", split="train")
places = List(List(Value("float32"), length=3), length=5)
assert read.features["points"] == places, read.features
assert read.features["softness"] == List(Value("float32"), length=5)
assert read.features["label"] == ClassLabel(names=[str(digit) for digit in range(10)])
assert read.features["image"] == Image()
assert read.features["mse"] == Value("float32")
assert read.features["id"] == Value("string")
uneven = load_dataset("parquet", data_files="uneven.parquet", split="train")
assert uneven.features["time"] == List(Value("float32")), uneven.features
arrays = read.with_format("numpy")[:]
assert arrays["points"].shape == (4, 5, 3), arrays["points"].shape
print(json.dumps({
    "points": read["points"][:],
    "label": read["label"][:],
    "pixels": [list(one.tobytes()) for one in read["image"][:]],
}))
"""


@pytest.fixture
def pictured(rng):
    pictures = rng.integers(0, 256, (4, 28, 28), dtype=np.uint8)
    return Pictured(some(rng, 4), pictures)


def test_hugging_face_finds_classes_pictures_and_arrays(tmp_path, pictured):
    write_parquet([pictured], tmp_path / "some.parquet", metadata={})
    schema = with_features(pa.schema([("time", pa.list_(pa.float32()))]), {})
    uneven = pa.table({"time": [[1.0], [1.0, 2.0]]}, schema=schema)
    pq.write_table(uneven, tmp_path / "uneven.parquet")
    read = json.loads(hugging_face.run(LOADING, tmp_path))
    np.testing.assert_array_equal(np.array(read["points"], np.float32), pictured.sequences.points)
    assert read["label"] == pictured.sequences.label.tolist()
    np.testing.assert_array_equal(np.reshape(read["pixels"], (4, 28, 28)), pictured.pictures)


def test_pictures_are_read_back_as_those_of_any_data_set(tmp_path, pictured):
    path = tmp_path / "some.parquet"
    write_parquet([pictured, pictured], path, metadata={})
    wrote = [
        (encode_png(picture), label)
        for picture, label in zip(pictured.pictures, pictured.sequences.label, strict=True)
    ]
    assert list(iterate_pictures_of(path)) == 2 * wrote


def test_features_stand_beside_what_else_is_said():
    schema = export_schema(7, pictured=False, metadata={"step": "3"})
    assert schema.metadata[b"step"] == b"3"
    features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    assert list(features) == schema.names
    assert features["plan"] == {"dtype": "int32", "_type": "Value"}
    assert features["softness"]["length"] == 7
    assert "image" not in features
