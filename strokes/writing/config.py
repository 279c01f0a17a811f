"""What a writer is made of, as configuration. Loads no JAX."""

import dataclasses

from rasterizer import CombineName, CurveName, LineName
from strokes.configuration import added, require
from strokes.networks.config import NetworksConfig


@dataclasses.dataclass(frozen=True)
class DrawingConfig:
    """How drawings are made from points."""

    line: LineName = "capsule"
    """Line model of the rasterizer."""
    combine: CombineName = "max"
    """How the rasterizer combines segments."""
    curve: CurveName = added("catmull-rom", absent="line")
    """Curve through a decoder's points that is drawn, and written."""
    pieces: int = added(2, absent=1)
    """Straight pieces that each segment of the curve is made of."""

    def __post_init__(self) -> None:
        """Reject what draws nothing."""
        require(self, pieces=(1, 64))


@dataclasses.dataclass(frozen=True)
class LossConfig:
    """Weights of the loss's terms. Refinement lowers the same loss as training."""

    angle: float = 0.01
    """Weight of one minus the cosine between consecutive segments."""
    distance: float = 0.01
    """Weight of the mean segment length, in canvas units."""
    lifted: float = 0.03
    """Weight of the share of lifted segments: the price of a lift."""
    blurred: float = 8.0
    """Weight of the squared difference between blurred drawing and blurred target."""
    blur: float = 1.5
    """Standard deviation of that blur, in pixels."""

    def __post_init__(self) -> None:
        """Reject weights that make no loss."""
        require(self, **dict.fromkeys([field.name for field in dataclasses.fields(self)], 0))
        if not 0 < self.blur <= 64:
            raise ValueError(f"blur is {self.blur}, expected more than 0 pixels, at most 64")


@dataclasses.dataclass(frozen=True)
class WriterConfig:
    """What of a training run's configuration its model needs to write."""

    networks: NetworksConfig = dataclasses.field(default_factory=NetworksConfig)
    """The decoders."""
    drawing: DrawingConfig = dataclasses.field(default_factory=DrawingConfig)
    """How drawings are made from points."""
    loss: LossConfig = dataclasses.field(default_factory=LossConfig)
    """What refinement lowers."""

    @property
    def written_points(self) -> int:
        """Points of each digit that is written, along the curve."""
        return (self.networks.decoder.points - 1) * self.drawing.pieces + 1
