"""The bank of hands, made of the recordings of many people."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from datasets.unipen import writer_of
from strokes.classes import DIGITS
from strokes.hands.bank import Bank
from strokes.hands.hand import hand_by_lot
from strokes.hands.registration import Paths, distances, mean_paths, stroke_slices
from strokes.hands.shapes import POINTS, Shape, alike, commonest, counts_of, shapes_of
from strokes.hands.variation import fit_amplitudes
from strokes.ink import Recording, Stroke
from strokes.pictures.pen import draw_as_mnist
from strokes.reading.recognizer import load_recognizer
from train.errors import RunError
from train.hands.measures import differences, digits_of, people_of

_MOST = 12  # repetitions of a digit by one person
_MOST_STROKES = 3
_APART = 0.2  # mean distance of two groups of shapes, in heights, at which they are two ways
_SURE = 0.8  # probability with which a shape is read as its digit, at least
_FEWEST_DIGITS = 5  # of a person

_CALIBRATIONS = 2
_HANDS, _EACH = 100, 2  # hands that are compared with people, and repetitions of each digit


def gather_bank(recordings: Sequence[Recording], facts: dict[str, Any]) -> Bank:
    """Make a bank of the recordings of many people, told apart by `writer_of`.

    Shapes that the shipped recogniser does not read as their digits are left out, and so are
    people of whom fewer than five digits are left.

    Raises:
      RunError: nobody is left, or a digit that nobody writes.
    """
    found = _shapes(recordings)
    amplitudes = fit_amplitudes(
        (shape.repetitions, shape.counts) for shape in found.values() if len(shape.repetitions) > 2
    )
    legible = _legible(found)
    digits = defaultdict(list)
    for person, digit in legible:
        digits[person].append(digit)
    people = sorted(one for one, known in digits.items() if len(known) >= _FEWEST_DIGITS)
    shapes = np.zeros((len(people), len(DIGITS), POINTS, 2))
    ways = np.full((len(people), len(DIGITS)), -1, np.int64)
    counts: list[list[tuple[int, ...]]] = []
    for digit in range(len(DIGITS)):
        mine = {row: legible.get((person, digit)) for row, person in enumerate(people)}
        there = {row: shape for row, shape in mine.items() if shape is not None}
        if not there:
            raise RunError(f"nobody writes a legible {digit}: a bank needs people who do")
        counts.append(_find_ways(there, shapes[:, digit], ways[:, digit]))
    return Bank(shapes, ways, counts, amplitudes, facts)


def calibrate(bank: Bank, recordings: Sequence[Recording], *, seed: int) -> Bank:
    """The bank with amplitudes by which hands differ from themselves as much as people do.

    Of people, only repetitions in the same way count: hands do not change theirs.

    Args:
      bank: of the same people.
      recordings: theirs.
      seed: of the hands that are compared with them.
    """
    people = [
        [alike(repetitions[:_MOST]) for repetitions in person]
        for person in people_of(recordings).values()
    ]
    wanted = differences(people, generator=np.random.default_rng(seed)).within
    for _ in range(_CALIBRATIONS):
        generator = np.random.default_rng(seed)
        hands = [hand_by_lot(seed, bank=bank) for seed in range(_HANDS)]
        drawn = [digits_of(hand, _EACH, generator=generator) for hand in hands]
        factor = wanted / differences(drawn, generator=generator).within
        amplitudes = {name: factor * value for name, value in bank.amplitudes.items()}
        bank = bank._replace(amplitudes=amplitudes)
    return bank


def _shapes(recordings: Sequence[Recording]) -> dict[tuple[str, int], Shape]:
    """Of each person and digit."""
    by_person: dict[tuple[str, int], list[list[Stroke]]] = defaultdict(list)
    for recording in recordings:
        repetitions = by_person[writer_of(recording), recording.label]
        if len(recording.strokes) <= _MOST_STROKES and len(repetitions) < _MOST:
            repetitions.append([stroke[:, :2] for stroke in recording.strokes])
    together: dict[tuple[int, int], dict[str, Any]] = defaultdict(dict)
    for (person, digit), repetitions in by_person.items():
        if repetitions:
            chosen = commonest(repetitions)
            together[digit, len(chosen[0])][person] = chosen
    found: dict[tuple[str, int], Shape] = {}
    for (digit, _), people in together.items():
        counts = counts_of([one for chosen in people.values() for one in chosen])
        shapes = shapes_of(list(people.values()), counts)
        found |= {(person, digit): shape for person, shape in zip(people, shapes, strict=True)}
    return found


def _legible(shapes: dict[tuple[str, int], Shape]) -> dict[tuple[str, int], Shape]:
    pictures = [
        draw_as_mnist([shape.path[part] for part in stroke_slices(shape.counts)])[0]
        for shape in shapes.values()
    ]
    if not pictures:
        return {}
    chances = load_recognizer().probabilities(np.stack(pictures))
    return {
        key: shape
        for (key, shape), chance in zip(shapes.items(), chances, strict=True)
        if chance[key[1]] >= _SURE
    }


def _find_ways(
    there: dict[int, Shape], shapes: Paths, ways: npt.NDArray[np.int64]
) -> list[tuple[int, ...]]:
    """Fill in the shapes and ways of one digit, the commonest way first; segments of each."""
    groups: list[tuple[list[int], tuple[int, ...]]] = []
    for counts in sorted({shape.counts for shape in there.values()}):
        rows = [row for row, shape in there.items() if shape.counts == counts]
        cluster = _clusters(np.stack([there[row].path for row in rows]))
        groups += [
            ([row for row, one in zip(rows, cluster, strict=True) if one == each], counts)
            for each in np.unique(cluster)
        ]
    groups.sort(key=lambda group: -len(group[0]))
    for way, (rows, counts) in enumerate(groups):
        paths = np.stack([there[row].path for row in rows])
        shapes[rows] = mean_paths(paths, np.zeros(len(rows), np.int64), counts)[1]
        ways[rows] = way
    return [counts for _, counts in groups]


def _clusters(paths: Paths) -> npt.NDArray[np.int64]:
    if len(paths) == 1:
        return np.zeros(1, np.int64)
    apart = distances(paths, paths)
    return np.asarray(
        fcluster(linkage(squareform(apart, checks=False), "average"), _APART, "distance")
    )
