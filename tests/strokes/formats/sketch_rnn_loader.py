"""sketch-rnn's own way with drawings: its ``load_dataset`` and ``utils.DataLoader``.

D. Ha and D. Eck, *A Neural Representation of Sketch Drawings* (2017); the program is Magenta's.
Augmentation and the choice of a batch by lot are left out.
"""

import numpy as np

LIMIT = 1000


def load_dataset(path):
    """Batches of the three splits, padded and normalised, and the factor that normalised them."""
    data = np.load(path, encoding="latin1", allow_pickle=True)
    splits = {name: data[name] for name in ("train", "valid", "test")}
    every = np.concatenate(list(splits.values()))
    longest = max(len(drawing) for drawing in every)
    prepared = {name: preprocess(drawings, longest) for name, drawings in splits.items()}
    factor = normalizing_scale_factor(prepared["train"])
    for drawings in prepared.values():
        for drawing in drawings:
            drawing[:, :2] /= factor
    return {name: pad_batch(drawings, longest) for name, drawings in prepared.items()}, factor


def preprocess(drawings, longest):
    """Those that are not too long, their gaps limited, the shortest first."""
    kept = [
        np.array(np.maximum(np.minimum(drawing, LIMIT), -LIMIT), dtype=np.float32)
        for drawing in drawings
        if len(drawing) <= longest
    ]
    return [kept[index] for index in np.argsort([len(one) for one in kept], kind="stable")]


def normalizing_scale_factor(drawings):
    """Standard deviation of all offsets."""
    return np.std(np.concatenate([drawing[:, :2].ravel() for drawing in drawings]))


def pad_batch(drawings, longest):
    """In stroke-5, each after the token with which it begins: ``[N, longest + 1, 5]``."""
    batch = np.zeros((len(drawings), longest + 1, 5), dtype=float)
    for row, drawing in zip(batch, drawings, strict=True):
        length = len(drawing)
        row[:length, :2] = drawing[:, :2]
        row[:length, 3] = drawing[:, 2]
        row[:length, 2] = 1 - row[:length, 3]
        row[length:, 4] = 1
        row[1:] = row[:-1].copy()
        row[0] = [0, 0, 1, 0, 0]
    return batch
