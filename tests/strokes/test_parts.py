import numpy as np
import pytest

from strokes.parts import in_parts, size_of_call


@pytest.mark.parametrize("count", [0, 1, 3, 16, 17, 40])
def test_rows_come_back_in_order_from_calls_of_few_sizes(rng, count):
    ones, others = rng.normal(size=(count, 3)), rng.integers(0, 9, count).astype(np.int32)
    sizes = []

    def call(one, other):
        assert (one.dtype, other.dtype) == (np.float64, np.int32)
        assert len(one) == len(other)
        sizes.append(len(one))
        return one.sum(axis=1) + other

    found = in_parts(call, ones, others, at_once=16)
    np.testing.assert_array_equal(found, ones.sum(axis=1) + others)
    assert set(sizes) <= {4, 16}
    assert len(sizes) == max(1, -(-count // 16))


def test_what_is_added_at_the_end_is_zeros():
    seen = []
    in_parts(lambda part: seen.append(part) or part, np.ones((3, 2)), at_once=4)
    np.testing.assert_array_equal(seen[0], [[1, 1]] * 3 + [[0, 0]])


def test_a_call_has_room_for_its_rows_and_seldom_much_more():
    sizes = [size_of_call(rows, 100) for rows in range(101)]
    assert set(sizes) == {1, 4, 16, 64, 100}
    assert all(rows <= size < max(4 * rows, 2) for rows, size in enumerate(sizes))
