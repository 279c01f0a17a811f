"""What it costs to believe a validation that holds copies of what was taught.

Where classes are uneven, pictures of small classes are often copied until there are as many as of
large ones, and only then split: the same picture then teaches and judges. Here the same network is
trained both ways, and asked of test pictures that neither way saw.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from datasets.made_characters import zipf_counts
from datasets.prepared import PictureSet
from strokes.reading.recognizer import Recognizer
from train.recognizer.config import RecognitionConfig
from train.recognizer.judging import accuracies, judge
from train.recognizer.training import train_recognizer

Places = npt.NDArray[np.int64]

VALIDATION = 0.3
"""Share of the pictures, or of their copies, that judge."""


class Way(NamedTuple):
    """What one way of splitting says, and what is true."""

    validation: float
    """Mean over classes of the accuracy on what was held out."""
    test: float
    """The same of test pictures."""


def uneven(train: PictureSet, pictures: int) -> PictureSet:
    """Some pictures of a set, as uneven as a text's: Zipf's law, over its classes by lot."""
    rng = np.random.default_rng(3)
    counts = rng.permutation(zipf_counts(len(train.classes), pictures))
    order = rng.permutation(len(train.labels))
    chosen = [
        order[train.labels[order] == label][:count] for label, count in enumerate(counts.tolist())
    ]
    places = np.concatenate(chosen)
    return PictureSet(train.images[places], train.labels[places], train.classes)


def copied(labels: npt.NDArray[np.integer], places: Places, count: int) -> Places:
    """Of each class ``count`` places, drawn from ``places``: copies of few, or some of many."""
    rng = np.random.default_rng(0)
    found = []
    for label in np.unique(labels[places]):
        mine = rng.permutation(places[labels[places] == label])
        found.append(np.resize(mine, count))
    return np.concatenate(found)


def split_places(labels: npt.NDArray[np.integer], places: Places) -> tuple[Places, Places]:
    """Places of which some teach and some judge, by lot; of each class one at least teaches."""
    order = np.random.default_rng(1).permutation(places)
    _, first = np.unique(labels[order], return_index=True)
    judging = np.arange(len(order)) < VALIDATION * len(order)
    judging[first] = False
    return order[~judging], order[judging]


def measure_copies(
    train: PictureSet, test: PictureSet, config: RecognitionConfig, *, copies: int
) -> dict[str, Way]:
    """Train both ways.

    Args:
      train: pictures of uneven classes.
      test: others of the same classes.
      config: whose network fits the set; its sampling and what it holds out are not used.
      copies: of each class, how many pictures there are to be.

    Returns:
      by name, "copied, then split" and "split, then copied".
    """
    everything = np.arange(len(train.labels))
    before = split_places(train.labels, copied(train.labels, everything, copies))
    taught, judging = split_places(train.labels, everything)
    again = copied(train.labels, taught, round((1 - VALIDATION) * copies))
    after = np.random.default_rng(2).permutation(again), judging
    found = {}
    size = min(len(before[0]), len(after[0]))  # which differ by what rounding leaves
    for name, (teach, held_out) in (
        ("copied, then split", before),
        ("split, then copied", after),
    ):
        recognizer = _trained(train, teach[:size], config)
        found[name] = Way(
            _macro(recognizer, train.images[held_out], train.labels[held_out]),
            _macro(recognizer, test.images, test.labels),
        )
    return found


def _trained(train: PictureSet, places: Places, config: RecognitionConfig) -> Recognizer:
    epochs = train_recognizer(
        config, train.images[places], train.labels[places], classes=train.classes
    )
    return list(epochs)[-1].recognizer


def _macro(
    recognizer: Recognizer, images: npt.NDArray[np.uint8], labels: npt.NDArray[np.int32]
) -> float:
    return accuracies(judge(recognizer, images, labels))["macro_accuracy"]
