"""UCI Pen-Based Digits (Alimoglu and Alpaydin, 1996): a line a digit.

Eight points x, y in 0 to 100, y up, then the class as a digit or as ten bits.
"""

import numpy as np

from strokes.formats.labels import digit_of
from strokes.ink import Recording, checked_strokes


def parse_pen_digits(line: str) -> Recording:
    """Read a line of UCI Pen-Based Digits. Its pen lifts are lost: one stroke.

    Raises:
      ValueError: it is no such line; the message says why.
    """
    *numbers, label = (field.strip() for field in line.split(","))
    if len(numbers) != 16:
        raise ValueError(f"{len(numbers) + 1} fields, expected 16 coordinates and the class")
    whole = [int(number) for number in numbers]
    if min(whole) < 0 or max(whole) > 100:
        raise ValueError(f"coordinates from {min(whole)} to {max(whole)}, not 0 to 100"[:80])
    values = np.array(whole, np.float64)
    if len(label) == 10:
        if sorted(label) != ["0"] * 9 + ["1"]:
            raise ValueError(f"class {label!r}, expected one 1 among ten bits")
        digit = label.index("1")
    else:
        digit = digit_of(label)
    points = values.reshape(8, 2) * [1.0, -1.0] + [0.0, 100.0]
    return Recording(digit, checked_strokes([points.tolist()]), "pen", "UCI Pen-Based Digits")
