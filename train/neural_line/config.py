"""Configuration of a neural line's training. Loads no JAX."""

import dataclasses

from strokes.configuration import require


@dataclasses.dataclass(frozen=True)
class LineConfig:
    """Everything that decides a neural line's weights."""

    lines: int = 1_600_000
    """Random lines that are seen, each once."""
    batch_size: int = 64
    """Lines in a step."""
    learning_rate: float = 0.001
    """Adam's learning rate at first; it falls by a cosine to a hundredth."""
    seed: int = 0
    """Decides initial weights and lines."""

    def __post_init__(self) -> None:
        """Reject values that make no run."""
        require(self, batch_size=1, seed=0)
        if self.lines < self.batch_size:
            raise ValueError(f"lines is {self.lines}, expected at least a batch")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate is {self.learning_rate}, expected more than 0")

    @property
    def steps(self) -> int:
        """Steps of gradient descent."""
        return self.lines // self.batch_size
