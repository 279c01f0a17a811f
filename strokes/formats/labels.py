"""Labels as other formats write them."""

_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def digit_of(text: str) -> int:
    """A digit by its figure or English name.

    Raises:
      ValueError: it is neither.
    """
    text = text.strip().lower()
    if text in _WORDS:
        return _WORDS.index(text)
    if len(text) == 1 and text in "0123456789":
        return int(text)
    raise ValueError(f"label {text!r}, expected a digit from 0 to 9 or its English name")
