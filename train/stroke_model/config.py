"""Configuration of a training run. Loads no JAX; presets are in `train.stroke_model.presets`."""

import dataclasses
from typing import Literal

from datasets.config import Deformation
from rasterizer import PEN_UP
from strokes.configuration import added, require
from strokes.networks.config import PRESSED_BELOW, SOFTNESS_RANGE, NetworksConfig
from strokes.writing.config import DrawingConfig, LossConfig, WriterConfig
from train.errors import RunError


@dataclasses.dataclass(frozen=True)
class RecordingsConfig:
    """Pen recordings that show the decoders how a person writes."""

    source: str = "own"
    """"own", the package's set; "pendigits", UCI's; "unipen"; "letters", UNIPEN's too; a file; or
    "none", and no plans."""
    weight: float = 20.0
    """Weight of the difference from the recording, in a recording's example."""
    lifts: float = 0.1
    """Weight of the pen lifts within that difference."""
    share: float = 0.5
    """Recordings in a step for each picture in it."""
    pretraining: int = 300
    """Steps at the beginning that see recordings only."""
    interleaved: int = 0
    """Every so many steps, one sees recordings only; 0 for none."""
    each: int = 600
    """Examples that are made of recordings for each class and epoch."""
    deformation: Deformation = dataclasses.field(default_factory=Deformation)
    """How recordings are deformed."""

    def beside(self, pictures: int) -> int:
        """Recordings of each decoder in a step of so many pictures."""
        return 0 if self.source == "none" else round(self.share * pictures)

    def __post_init__(self) -> None:
        """Reject what shows nothing."""
        require(self, weight=0, lifts=0, share=(0, 100), pretraining=0, interleaved=0)
        require(self, each=(1, 1_000_000))


@dataclasses.dataclass(frozen=True)
class TrainConfig:
    """Everything that decides a training run's result."""

    set: str = added("digits", absent="digits")
    """Of pictures: "digits", "letters", or a file that scripts.prepare_folder or prepare_idx
    wrote; it says the classes."""
    networks: NetworksConfig = dataclasses.field(default_factory=NetworksConfig)
    """The decoders."""
    drawing: DrawingConfig = dataclasses.field(default_factory=DrawingConfig)
    """How their points are drawn."""
    neural_line: str = "shipped"
    """Weights of the neural line, a file that scripts.train_line wrote, or "shipped"."""
    loss: LossConfig = dataclasses.field(default_factory=LossConfig)
    """What they are trained for."""
    recordings: RecordingsConfig = dataclasses.field(default_factory=RecordingsConfig)
    """What a person's hand shows them."""
    gate_epochs: int = added(20, absent=20)
    """Times that the gate, which chooses a plan for each picture, sees every recording."""
    gate_copies: int = added(5_000, absent=5_000)
    """Deformed recordings that it sees each time, at least: a few are deformed many times."""
    gate_units: int = added(64, absent=64)
    """Units of the gate's dense layer; its two convolutions have a quarter and a half as many."""
    recovery_copies: int = added(20_000, absent=20_000)
    """Deformed recordings, about so many, that trained decoders write by every plan of their class:
    they teach the gate by which a plan is chosen then."""
    recovery_strength: float = added(2.0, absent=1.0)
    """Of their deformation, beside that of what taught the decoders: those know a few recordings
    by heart, and would recover all of them."""
    shift: int = 2
    """Pictures and recordings are moved by up to so many pixels, anew in every step."""
    epochs: int = 12
    """Times that every training picture is seen."""
    late: float = added(0.34, absent=0.0)
    """Share of the epochs, the last ones, in which the later rounds of the correction join: they
    learn what is left once the decoders write well without them. 0: from the beginning."""
    batch_size: int = 640
    """Pictures in a step, all decoders together."""
    learning_rate: float = 0.008
    """Adam's learning rate at its highest."""
    schedule: Literal["constant", "cosine"] = "cosine"
    """Course of the learning rate after the warm-up."""
    warmup_steps: int = 100
    """Steps in which the learning rate rises from 0."""
    clip: float = 1.0
    """Largest norm of a step's gradient, over each decoder; 0 for no limit."""
    seed: int = 0
    """Decides initial weights, order of the pictures and dropout."""

    def __post_init__(self) -> None:
        """Reject values that make no run."""
        require(self, epochs=(1, 1_000_000), gate_epochs=(1, 100_000), batch_size=(1, 100_000))
        require(self, gate_copies=(256, 10_000_000), recovery_copies=(256, 10_000_000))
        require(self, recovery_strength=(0, 100), shift=(0, 28), gate_units=(4, 4096))
        require(self, warmup_steps=0, seed=0, clip=0)
        if self.batch_size % self.networks.count:
            raise ValueError(
                f"batch_size is {self.batch_size}, expected a multiple of {self.networks.count}, "
                "as every decoder gets as many pictures"
            )
        if not 0.0 <= self.late < 1.0:
            raise ValueError(f"late is {self.late}, expected at least 0, less than 1")
        if not self.learning_rate > 0:
            raise ValueError(f"learning_rate is {self.learning_rate}, expected more than 0")
        if self.recordings.source == "none" and self.networks.plans:
            # No recordings, nothing to find plans in.
            object.__setattr__(self, "networks", dataclasses.replace(self.networks, plans=0))
        if self.networks.plans:
            self._check_plans()

    def _check_plans(self) -> None:
        """Reject plans whose lifts would not be the line's."""
        initial, lift = self.networks.decoder.initial_log_softness, PEN_UP[self.drawing.line]
        if not initial - SOFTNESS_RANGE < lift < initial - PRESSED_BELOW:
            raise ValueError(
                f"initial_log_softness is {initial}: with plans expected more than "
                f"{lift + PRESSED_BELOW:.2f}, less than {lift + SOFTNESS_RANGE:.2f}, as the line "
                f"{self.drawing.line!r} lifts at {lift}"
            )

    @property
    def late_epochs(self) -> int:
        """Epochs, the last ones, in which later rounds join; 0 if they are there from the first."""
        decoder = self.networks.decoder
        later = decoder.correction > 0 and decoder.rounds > 1
        return round(self.late * self.epochs) if later else 0

    def rounds(self, epoch: int) -> int | None:
        """Rounds of the correction in an epoch, counted from 0; None for all."""
        early = self.late_epochs > 0 and epoch < self.epochs - self.late_epochs
        return 1 if early else None

    @property
    def writer(self) -> WriterConfig:
        """What the trained model needs to write."""
        return WriterConfig(self.networks, self.drawing, self.loss)


def lengthened(config: TrainConfig, epochs: int) -> TrainConfig:
    """The configuration of a run that goes on for more epochs.

    Its schedule is that of a run which was meant to be so long from the beginning, but later
    rounds of the correction join in the same epoch as before.

    Args:
      config: of the run.
      epochs: in all, at least as many as the run has.

    Raises:
      RunError: the run has more.
    """
    if epochs < config.epochs:
        raise RunError(
            f"--epochs {epochs}: the run has {config.epochs}; it can only be made longer"
        )
    if epochs == config.epochs:
        return config
    late = config.late
    if config.late_epochs:
        late = 1.0 - max(1, config.epochs - config.late_epochs) / epochs
    return dataclasses.replace(config, epochs=epochs, late=late)
