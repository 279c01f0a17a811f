"""Random numbers to write."""

import numpy as np


def random_numbers(count: int, lengths: tuple[int, int], *, signs: float, seed: int) -> list[str]:
    """Numbers of digits drawn evenly, each length as likely.

    Args:
      count: of numbers.
      lengths: fewest and most digits.
      signs: how likely a number has a minus; and, of at least two digits, how likely a point or a
        comma stands somewhere between them.
      seed: the same one gives the same numbers.
    """
    generator = np.random.default_rng([seed, count])
    sizes = generator.integers(lengths[0], lengths[1] + 1, count)
    digits = "".join(map(str, generator.integers(0, 10, sizes.sum()).tolist()))
    ends = np.cumsum(sizes).tolist()
    minus, parted, comma = generator.random((3, count))
    share = generator.random(count)
    found = []
    for index, (end, size) in enumerate(zip(ends, sizes.tolist(), strict=True)):
        text = digits[end - size : end]
        if size > 1 and parted[index] < signs:
            place = 1 + int(share[index] * (size - 1))
            text = f"{text[:place]}{'.' if comma[index] < 0.5 else ','}{text[place:]}"
        found.append(f"-{text}" if minus[index] < signs else text)
    return found
