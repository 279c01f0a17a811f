import os
import pickle

import numpy as np
import pytest

from strokes.formats import objects
from strokes.formats.objects import arrays_of

ARRAYS = [
    np.array([[1, -2, 0], [300, 4, 1]], np.int16),
    np.array([[0.5, 2.25, 1.0]], ">f4"),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.zeros((0, 3), np.float64),
    np.array([[True, False, True]]),
]


def boxed(arrays):
    box = np.empty(len(arrays), object)
    for index, array in enumerate(arrays):
        box[index] = array
    return box


@pytest.mark.parametrize("protocol", range(5))
def test_arrays_are_those_that_numpy_wrote(protocol):
    content = pickle.dumps(boxed(ARRAYS), protocol)
    for ours, theirs in zip(arrays_of(content), pickle.loads(content), strict=True):
        assert (ours.dtype.kind, ours.dtype.itemsize) == (theirs.dtype.kind, theirs.dtype.itemsize)
        np.testing.assert_array_equal(ours, theirs)


def test_what_python_2_wrote():
    """With bytes as text, and the names of then."""
    whole = pickle.dumps(boxed(ARRAYS[:1]), 2).replace(b"numpy._core", b"numpy.core")
    assert b"numpy.core.multiarray" in whole
    np.testing.assert_array_equal(arrays_of(whole)[0], ARRAYS[0])
    minus_one = b"J\xff\xff\xff\xff" * 2
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01"
    kind = b"cnumpy\ndtype\nU\x02%sK\x00K\x01\x87R(K\x03U\x01%sNNN" + minus_one
    as_text = (
        b"\x80\x02"
        + array
        + b"K\x01\x85"
        + kind % (b"O8", b"|")
        + b"K?tb\x89]"
        + array
        + b"K\x01K\x03\x86"
        + kind % (b"i2", b"<")
        + b"K\x00tb\x89"
        + b"U\x06\x05\x00\xff\xff\x01\x00tbatb."
    )
    np.testing.assert_array_equal(arrays_of(as_text)[0], [[5, -1, 1]])


class Harmful:
    def __reduce__(self):
        return os.system, ("exit 1",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"none",
        pickle.dumps(7),
        pickle.dumps([1, 2]),
        pickle.dumps(boxed([Harmful()])),
        pickle.dumps(boxed([np.array([Harmful()])])),
        pickle.dumps(boxed([{"a": 1}])),
        pickle.dumps(boxed([np.array(["text"])])),
        pickle.dumps(boxed([np.zeros(3)])),
        pickle.dumps(boxed(ARRAYS).reshape(1, -1)),
        pickle.dumps(ARRAYS[0]),
        b"\x80\x02" + b"(" * 1000 + b".",
        b"(I1\nt" * 50 + b"2.",
    ],
)
def test_all_else_is_refused_and_nothing_is_called(content, monkeypatch):
    monkeypatch.setattr(os, "system", lambda _: pytest.fail("it was run"))
    with pytest.raises(ValueError, match=r"objects|array|opcode|pickle|position|at most|tuple"):
        arrays_of(content)


def test_a_flipped_byte_is_another_array_of_that_size_or_refused(rng):
    content = pickle.dumps(boxed(ARRAYS[:3]), 4)
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1 << rng.integers(8)
        try:
            found = arrays_of(bytes(damaged))
        except ValueError:
            continue
        assert all(array.ndim == 2 and array.nbytes < 1000 for array in found)


def test_limits(monkeypatch):
    content = pickle.dumps(boxed(ARRAYS))
    monkeypatch.setattr(objects, "_MAX_STEPS", 20)
    with pytest.raises(ValueError, match="too many objects"):
        arrays_of(content)
    monkeypatch.setattr(objects, "MAX_PICKLE", len(content) - 1)
    with pytest.raises(ValueError, match="bytes of objects"):
        arrays_of(content)
