"""The columns of an export: Arrow's types, and Hugging Face's features. Needs PyArrow.

Lists have fixed lengths, so that Arrow, Polars and Hugging Face give arrays. Whoever knows only
Parquet's own types finds lists. Features are kept in a file's schema as Hugging Face keeps them
there: ``label`` is a class label, ``image`` an encoded picture.
"""

import json
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from strokes.classes import DIGITS, Classes
from strokes.formats.sequences import Sequences

NAMES = Sequences._fields
IMAGE = "image"
"""Of the picture that a sequence was written from, in files that have one."""

_KEY = "huggingface"
_PRIMITIVES = {"float": "float32", "double": "float64"}  # where Arrow calls a type otherwise


def export_schema(
    points: int, *, pictured: bool, metadata: dict[str, str], classes: Classes = DIGITS
) -> pa.Schema:
    """The schema of sequences of so many points, with its features and other strings."""
    types = (
        pa.string(),
        pa.int32(),
        pa.int64(),
        pa.list_(pa.list_(pa.float32(), 3), points),
        pa.list_(pa.float32(), points),
        pa.float32(),
        pa.int32(),
        pa.float32(),
    )
    schema = pa.schema(list(zip(NAMES, types, strict=True)))
    if pictured:
        encoded = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
        schema = schema.append(pa.field(IMAGE, encoded))
    label = {"names": list(classes.names), "_type": "ClassLabel"}
    return with_features(schema, metadata, label=label, image={"_type": "Image"})


def classes_in(metadata: Mapping[bytes, bytes] | None) -> Classes:
    """What the labels of a file mean, as `export_schema` says it; digits where it says nothing.

    Args:
      metadata: of its schema.

    Raises:
      ValueError: it says something else.
    """
    if (found := (metadata or {}).get(_KEY.encode())) is None:
        return DIGITS
    try:
        label = json.loads(found)["info"]["features"]["label"]
        return Classes(tuple(label["names"])) if label["_type"] == "ClassLabel" else DIGITS
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"features that name no classes ({error!s:.100})") from error


def with_features(schema: pa.Schema, metadata: dict[str, str], **special: Any) -> pa.Schema:
    """A schema that says which features its columns are.

    Args:
      schema: of numbers, strings and lists of them.
      metadata: other strings to keep.
      special: features of columns, by name, that their types do not tell.
    """
    features = {field.name: special.get(field.name) or _feature(field.type) for field in schema}
    return schema.with_metadata(metadata | {_KEY: json.dumps({"info": {"features": features}})})


def _feature(kind: pa.DataType) -> dict[str, Any]:
    if pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        length = kind.list_size if pa.types.is_fixed_size_list(kind) else -1
        return {"feature": _feature(kind.value_type), "length": length, "_type": "Sequence"}
    return {"dtype": _PRIMITIVES.get(str(kind), str(kind)), "_type": "Value"}
