from strokes.hands.texts import random_numbers
from strokes.hands.writing import check_text


def test_lengths_are_as_likely_and_every_text_can_be_written():
    found = random_numbers(3000, (1, 4), signs=0.5, seed=0)
    for text in found:
        check_text(text)
    sizes = [sum(map(str.isdigit, text)) for text in found]
    assert {sizes.count(size) for size in (1, 2, 3, 4)} <= set(range(650, 850))
    assert 1300 < sum(text.startswith("-") for text in found) < 1700
    assert any("," in text for text in found)
    assert any("." in text for text in found)
    assert found == random_numbers(3000, (1, 4), signs=0.5, seed=0)
    assert all(map(str.isdigit, random_numbers(50, (2, 2), signs=0.0, seed=1)))
