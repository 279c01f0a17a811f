"""What can be asked of preparation. Loads no NumPy."""

from typing import Literal, NamedTuple

Centring = Literal["mass", "box", "padded", "cell"]
"""How a digit is placed: as MNIST's are, by its centre of mass; by its box; by its box, 22 pixels,
with 3 of paper around it; not at all, as it was in its cell."""

SIDE = 28
"""Height and width of MNIST's pictures."""


class Form(NamedTuple):
    """What pictures are prepared as."""

    centring: Centring = "mass"
    side: int = SIDE
    """Their height and width in pixels; what is in them grows with it."""
    digits: bool = True
    """Whether they are of digits, whose many parts are dashes; else of any characters."""

    @property
    def noun(self) -> str:
        """What messages and names call one."""
        return "digit" if self.digits else "character"


AS_MNIST = Form()
