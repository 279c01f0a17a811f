"""Names of what can be asked of preparation. Loads no NumPy."""

from typing import Literal

Centring = Literal["mass", "box", "padded", "cell"]
"""How a digit is placed: as MNIST's are, by its centre of mass; by its box; by its box, 22 pixels,
with 3 of paper around it; not at all, as it was in its cell."""
