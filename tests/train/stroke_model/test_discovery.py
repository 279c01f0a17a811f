import numpy as np
import pytest

from datasets.config import Deformation
from strokes.ink import Recording
from train.stroke_model import discovery
from train.stroke_model.discovery import discover_plans

TOP, RIGHT, BOTTOM, LEFT = range(4)


def circles(rng, beginnings, label=0, strokes=1):
    """A circle of any size, aspect and slant for each beginning, closed, clockwise."""
    found = []
    for beginning in beginnings:
        turn = np.linspace(0, 2 * np.pi, 41) + beginning * np.pi / 2
        circle = np.stack([np.sin(turn), -np.cos(turn)], axis=1)
        aspect, slant, size = rng.uniform(0.5, 1.0), rng.uniform(-0.3, 0.3), rng.uniform(50, 200)
        shaped = circle * size * np.array([aspect, 1.0])
        shaped[:, 0] -= slant * shaped[:, 1]
        cuts = np.linspace(0, 40, strokes + 1).astype(int)
        parts = [shaped[a : b + 1] for a, b in zip(cuts, cuts[1:], strict=False)]
        found.append(Recording(label, parts, "px"))
    return found


def discover(recordings, *, most=4, points=20, seed=0):
    return discover_plans(
        recordings,
        most=most,
        points=points,
        deformation=Deformation(),
        generator=np.random.default_rng(seed),
    )


def test_one_picture_written_in_two_ways_is_of_two_plans(rng):
    ways = np.array([BOTTOM, TOP, TOP, BOTTOM, TOP] * 8)
    found = discover(circles(rng, ways))
    assert found.counts == [[[19], [19]], *[[]] * 9]
    np.testing.assert_array_equal(found.of_recording, ways == BOTTOM)  # the commoner one first


def test_the_shape_alone_makes_no_plan(rng):
    found = discover(circles(rng, [TOP] * 40))
    assert found.counts[0] == [[19]]
    assert not found.of_recording.any()


def test_the_shape_of_few_makes_no_plan_either(rng):
    assert discover(circles(rng, [TOP] * 8)).counts[0] == [[19]]


def test_the_same_seed_finds_the_same(rng):
    recordings = circles(rng, [TOP, BOTTOM] * 4)
    one, again = discover(recordings), discover(recordings)
    assert one.counts == again.counts
    np.testing.assert_array_equal(one.of_recording, again.of_recording)


def test_there_are_as_many_plans_as_are_allowed_at_most(rng):
    ways = np.array([TOP, RIGHT, BOTTOM, LEFT] * 8)
    recordings = circles(rng, ways)
    four = discover(recordings, most=4)
    assert len(four.counts[0]) == 4
    for way in range(4):
        assert len(np.unique(four.of_recording[ways == way])) == 1
    for most in (1, 2):
        few = discover(recordings, most=most)
        assert len(few.counts[0]) == most
        assert sorted(np.unique(few.of_recording)) == list(range(most))


def test_numbers_of_strokes_are_told_apart_and_the_rarest_are_left_out(rng):
    numbers = np.array([1, 3, 2, 2, 1, 3, 2])
    recordings = [circles(rng, [TOP], strokes=number)[0] for number in numbers]
    found = discover(recordings)
    assert [len(counts) for counts in found.counts[0]] == [2, 1, 3]  # the commonest first
    for counts in found.counts[0]:
        assert sum(counts) + len(counts) == 20
    np.testing.assert_array_equal(found.of_recording, np.array([1, 0, 2])[numbers - 1])
    few = discover(recordings, most=2)
    assert [len(counts) for counts in few.counts[0]] == [2, 1]
    np.testing.assert_array_equal(few.of_recording, np.array([1, 0, -1])[numbers - 1])


def test_a_plan_of_one_or_of_too_small_a_share_is_none(rng, monkeypatch):
    numbers = np.array([1, 1, 1, 2, 2, 3])
    recordings = [circles(rng, [TOP], strokes=number)[0] for number in numbers]
    found = discover(recordings)
    np.testing.assert_array_equal(found.of_recording, np.array([0, 1, -1])[numbers - 1])
    assert len(found.counts[0]) == 2
    monkeypatch.setattr(discovery, "_FEWEST", 0.45)  # which of six is three
    found = discover(recordings)
    np.testing.assert_array_equal(found.of_recording, np.array([0, -1, -1])[numbers - 1])
    assert found.counts[0] == [[19]]


def test_a_digit_that_was_written_once_has_a_plan(rng):
    recordings = circles(rng, [TOP], label=4) + circles(rng, [TOP], label=6, strokes=2)
    found = discover(recordings)
    assert found.of_recording.tolist() == [0, 0]
    assert [len(plans) for plans in found.counts] == [0, 0, 0, 0, 1, 0, 1, 0, 0, 0]


def test_each_digit_is_by_itself(rng):
    """What is one digit's second way is another digit's only one."""
    ways = np.array([TOP, TOP, BOTTOM] * 8)
    mixed, alone = circles(rng, ways, label=8), circles(rng, [BOTTOM] * 3, label=0)
    found = discover([*mixed, *alone], most=2)
    assert [len(plans) for plans in found.counts] == [1, 0, 0, 0, 0, 0, 0, 0, 2, 0]
    np.testing.assert_array_equal(found.of_recording, [*(ways == BOTTOM), *[0] * 3])


@pytest.mark.parametrize("points", [7, 20])
def test_strokes_share_the_segments_by_their_mean_lengths(points):
    """A long stroke and one of a fifth of its length."""
    long, short = np.array([[0.0, 0.0], [0.0, 100.0]]), np.array([[50.0, 40.0], [50.0, 60.0]])
    recordings = [Recording(1, [k * long, k * short], "px") for k in (1.0, 2.0, 3.0)]
    found = discover(recordings, points=points)
    (counts,) = found.counts[1]
    assert counts == {7: [4, 1], 20: [15, 3]}[points]
    assert not found.of_recording.any()
