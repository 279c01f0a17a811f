import cv2
import numpy as np
import pytest

from datasets.class_folders import (
    classes_in,
    content_keys,
    listed,
    places_for_tests,
    small_picture,
    writer_keys,
)
from strokes.errors import DataError


def put(path, picture):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), picture)


def bar(height=60, width=40, paper=255, ink=0):
    picture = np.full((height, width), paper, np.uint8)
    picture[10:50, 18:24] = ink
    return picture


def test_folders_are_classes_and_codes_are_characters(tmp_path):
    for name in ("U+4E00/a.png", "U+4E00/deeper/b.png", "two words/c.png", "7/d.png"):
        put(tmp_path / name, bar())
    found = listed(tmp_path)
    assert sorted(found.names) == ["7", "two words", "一", "一"]
    assert classes_in(found.names, ["あ"]).names == ("7", "two words", "あ", "一")
    put(tmp_path / "loose.png", bar())
    with pytest.raises(DataError, match=r"loose\.png: of which class is it"):
        listed(tmp_path)


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (20, 200)])
def test_ink_is_what_the_border_is_not(tmp_path, paper, ink):
    put(tmp_path / "a.png", bar(paper=paper, ink=ink))
    found = small_picture(tmp_path / "a.png", side=32)
    assert found.shape == (32, 32)
    assert found[16, 16] > 150 > 90 > found[16, 8]
    assert not found[:2].any()
    told = small_picture(tmp_path / "a.png", side=32, ink="light" if paper > ink else "dark")
    assert told[16, 16] < 128


def test_binarising_drops_what_shows_through(tmp_path):
    page = bar(120, 120, paper=240, ink=30)
    page[80:84, 20:100] = 200  # from the other side
    put(tmp_path / "a.png", page)
    grey, clean = (small_picture(tmp_path / "a.png", side=64, binarise=b) for b in (False, True))
    row = slice(41, 44)
    assert grey[row, 20:].max() > 25
    assert clean[row, 20:].max() == 0
    assert clean[16, 14] > 200


def test_copies_and_writers_stay_on_one_side(rng):
    keys = [f"writer {number}" for number in rng.integers(0, 80, 1000)]
    labels = rng.integers(0, 5, 1000).astype(np.int32)
    tested = places_for_tests(keys, labels, 0.2)
    sides = [{key for key, test in zip(keys, tested, strict=True) if test == t} for t in (0, 1)]
    assert not sides[0] & sides[1]
    assert 0.1 < tested.mean() < 0.3


def test_a_class_of_one_picture_teaches():
    labels = np.arange(500, dtype=np.int32)
    assert not places_for_tests([str(one) for one in labels], labels, 0.5).any()
    pairs = np.arange(1000, dtype=np.int32) // 2
    tested = places_for_tests([str(one) for one in range(1000)], pairs, 0.5)
    assert np.bincount(pairs[~tested], minlength=500).min() == 1
    copies = places_for_tests([str(one) for one in pairs], pairs, 0.5)
    assert not copies.any()


def test_keys_are_of_contents_or_of_names(tmp_path):
    for name in ("x/w1_a.png", "x/w2_a.png"):
        put(tmp_path / name, bar())
    put(tmp_path / "x/w2_b.png", bar(ink=9))
    paths = listed(tmp_path).paths
    same, copy, other = content_keys(paths)
    assert same == copy != other
    assert writer_keys(tmp_path, paths, r"w(\d)") == ["1", "2", "2"]
    for wrong, reason in ((r"v(\d)", "finds no writer"), ("(", "no regular expression")):
        with pytest.raises(DataError, match=reason):
            writer_keys(tmp_path, paths, wrong)
