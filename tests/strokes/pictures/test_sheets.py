import cv2
import numpy as np
import pytest

from datasets import load_thinned
from datasets.synthetic import on_paper
from strokes.errors import DataError
from strokes.pictures.preparation import prepare
from strokes.pictures.sheets import split_free, split_grid

CELL = 110


def sheet(rng, rows, columns, *, ruled=False, blank=()):
    """Thinned test digits, enlarged with a pen of natural width, somewhere in their cells."""
    images, _ = load_thinned("test")
    ink = np.zeros((rows * CELL, columns * CELL), np.float32)
    for place in range(rows * columns):
        if place in blank:
            continue
        edge = int(rng.integers(78, 92))
        large = cv2.resize(images[place].astype(np.float32), (edge, edge), cv2.INTER_LINEAR)
        pen = cv2.dilate((large > 0.4).astype(np.float32), np.ones((5, 5), np.uint8))
        top, left = (n * CELL for n in divmod(place, columns))
        down, across = rng.integers(8, CELL - edge - 8 + 1, 2)
        ink[top + down : top + down + edge, left + across : left + across + edge] = pen
    if ruled:
        ink[::CELL] = ink[1::CELL] = 0.5
        ink[:, ::CELL] = ink[:, 1::CELL] = 0.5
    return ink, images[: rows * columns]


def agreement(pieces, images):
    """How much of each piece's ink lies where its digit's is, prepared alike."""
    shares = []
    for piece, image in zip(pieces, images, strict=True):
        thick = cv2.dilate(np.kron(image, np.ones((4, 4), np.uint8)), np.ones((7, 7), np.uint8))
        found, expected = (
            prepare(grey).picture / 255.0 for grey in (piece.grey, 1 - thick.astype(np.float32))
        )
        shares.append(np.minimum(found, expected).sum() / np.maximum(found, expected).sum())
    return np.array(shares)


def test_a_free_sheet_is_read_line_by_line(rng):
    ink, images = sheet(rng, 4, 6)
    pieces = split_free(on_paper(ink, rng))
    assert [(p.row, p.column) for p in pieces] == [(r, c) for r in range(4) for c in range(6)]
    assert agreement(pieces, images).min() > 0.5


def test_a_ruled_sheet_is_cut_into_its_cells(rng):
    ink, images = sheet(rng, 4, 6, ruled=True, blank=(3, 10))
    pieces = split_grid(on_paper(ink, rng), rows=4, columns=6)
    kept = [place for place in range(24) if place not in (3, 10)]
    assert [(p.row, p.column) for p in pieces] == [divmod(place, 6) for place in kept]
    assert agreement(pieces, images[kept]).min() > 0.5


def test_parts_of_a_digit_stay_together():
    """A five whose bar does not touch it, beside a four in two strokes."""
    ink = np.zeros((120, 200), np.float32)
    ink[30:36, 40:75] = 1.0  # the bar
    ink[44:70, 34:40] = ink[64:70, 34:70] = ink[64:95, 64:70] = ink[90:96, 34:70] = 1.0
    ink[30:70, 120:126] = ink[64:70, 120:160] = ink[30:100, 150:156] = 1.0
    pieces = split_free(1 - ink)
    assert len(pieces) == 2
    whole = prepare(1 - ink[:, :100]).picture.astype(int)
    assert np.abs(prepare(pieces[0].grey).picture - whole).mean() < 6


def test_what_is_no_sheet_is_one_clear_line(rng):
    with pytest.raises(DataError, match="too few for 20x20 cells"):
        split_grid(np.ones((100, 100), np.float32), rows=20, columns=20)
    with pytest.raises(DataError, match="mine: blank"):
        split_free(np.ones((100, 100), np.float32), name="mine")
