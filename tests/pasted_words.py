"""How many words pasted from letters of test writers are taken apart letter by letter, and read.

``python -m tests.pasted_words RECOGNIZER``. Two to four small letters stand side by side, as high
as they are in print, 8 to 35% of a tall one's height apart, as the lot falls.
"""

import argparse
from pathlib import Path

import numpy as np

from datasets.letters import LETTERS, letter_recordings
from strokes.pictures.binarising import box_of
from strokes.pictures.pen import draw_ink
from strokes.pictures.preparation import prepare_mask
from strokes.reading.numbers import separate
from strokes.reading.recognizer import load_recognizer
from strokes.resampling import fit_to_box

_TALL = 100  # pixels
_EXTENTS = {"acemnorsuvwxz": (0.0, 0.6), "gpqy": (-0.4, 0.6), "j": (-0.4, 0.85), "it": (0.0, 0.85)}
"""Where letters begin and end above the line; all others are tall."""


def drawn(recording, pen):
    """A letter's ink, as high as it is in print, and its lower edge over the line, in pixels."""
    name = LETTERS.names[recording.label]
    low, high = next((one for names, one in _EXTENTS.items() if name in names), (0.0, 1.0))
    ink = draw_ink(fit_to_box(recording.strokes), side=4 * _TALL, width=0.02) < 0.5
    rows, _ = box_of(ink)
    side = round(4 * _TALL * _TALL * (high - low) / (rows.stop - rows.start))
    side = min(side, 2 * _TALL)  # of what lies
    ink = draw_ink(fit_to_box(recording.strokes), side=side, width=pen / side) < 0.5
    return ink[box_of(ink)], round(_TALL * low)


def pasted(recordings, generator):
    """Letters side by side on a line, as ink, and the ink of each."""
    pen = int(generator.integers(5, 12))
    letters, left = [], 10
    for ink, low in (drawn(one, pen) for one in recordings):
        mask = np.zeros((3 * _TALL, 40 * _TALL), bool)
        left += round(_TALL * generator.uniform(0.08, 0.35))
        bottom = 2 * _TALL - low
        part = ink[-bottom:]
        mask[bottom - len(part) : bottom, left : left + ink.shape[1]] = part
        left += ink.shape[1]
        letters.append(mask)
    return [mask[:, : left + 10] for mask in letters]


def measured(recordings, recognizer, count, *, generator):
    """Of so many words: those taken apart as they were written, and the share of their letters
    that are then read, forms that look alike being one."""
    classes = recognizer.classes
    apart, right, letters = 0, 0, 0
    for _ in range(count):
        chosen = generator.integers(0, len(recordings), generator.integers(2, 5))
        masks = pasted([recordings[one] for one in chosen], generator)
        found = separate(np.any(masks, axis=0), recognizer)
        if len(found) != len(masks) or any(map(np.any, np.logical_xor(found, masks))):
            continue
        apart, letters = apart + 1, letters + len(masks)
        read = recognizer.read(np.stack([prepare_mask(mask).picture for mask in found]))
        names = [LETTERS.names[recordings[one].label] for one in chosen]
        right += sum(
            classes.folded[number] == classes.folded[classes.number(name)]
            for number, name in zip(read, names, strict=True)
        )
    return apart, right / max(letters, 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recognizer", type=Path)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", type=Path, help="folder of UNIPEN's letters")
    given = parser.parse_args()
    small = [one for one in letter_recordings("test", data_dir=given.data_dir) if one.label >= 26]
    found, share = measured(
        small,
        load_recognizer(given.recognizer, classes=LETTERS),
        given.count,
        generator=np.random.default_rng(given.seed),
    )
    print(f"{found} of {given.count} words apart, {share:.1%} of their letters read")
