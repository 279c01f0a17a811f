"""How sets are made larger, as configuration. Loads neither NumPy nor OpenCV."""

import dataclasses

from strokes.configuration import require


@dataclasses.dataclass(frozen=True)
class Deformation:
    """How far recordings are deformed. Each is drawn anew for every use of one."""

    rotation: float = 8.0
    """Standard deviation of the rotation, in degrees."""
    shear: float = 0.25
    """Standard deviation of the slant, x by y."""
    stretch: float = 0.2
    """Standard deviation of the logarithm of width by height."""
    size: float = 0.04
    """Standard deviation of the logarithm of the size, around MNIST's."""
    elastic: float = 0.03
    """Standard deviation of smooth displacements, in canvas units."""
    trimmed: float = 0.04
    """The path loses up to this share of its points at the beginning and at the end."""

    def __post_init__(self) -> None:
        """Reject what is no spread."""
        fields = [field.name for field in dataclasses.fields(self)]
        require(self, **dict.fromkeys(fields, 0))
        for name in fields:
            if not getattr(self, name) < 100:
                raise ValueError(f"{name} is {getattr(self, name)}, expected less than 100")
        if self.trimmed > 0.25:
            raise ValueError(f"trimmed is {self.trimmed}, expected at most 0.25")

    def stronger(self, times: float) -> "Deformation":
        """All that changes the shape is so many times as far."""
        names = ("rotation", "shear", "stretch", "elastic")
        return dataclasses.replace(self, **{name: times * getattr(self, name) for name in names})
