"""Presets: ours, and each experiment of the reference.

The reference is Grzego, "MNIST to handwriting" (2017), and its experiments keep its sizes and
rates: three LSTM layers of 512 units that see the label and the previous point in the first
layer only, 5 epochs of Adam at 0.0005 in batches of 64. Two things are ours everywhere: clipped
gradients, and log-softness that begins near 4, where a segment is a line, not a fog. What the
post does not say is noted at each.

Every preset has two budgets: ``full``, and ``small`` (`small`), which keeps the point of the
experiment and takes minutes on 2 cores. Scores to expect are those of docs/experiments.md.
"""

import dataclasses
from collections.abc import Callable
from typing import Literal

from rasterizer import CombineName, LineName
from strokes.networks.config import DecoderConfig, NetworksConfig
from strokes.writing.config import DrawingConfig, LossConfig
from train.stroke_model.config import RecordingsConfig, TrainConfig

_NO_RECORDINGS = RecordingsConfig(source="none")


def standard() -> TrainConfig:
    """Ten small decoders, one for each digit: ours, and the default.

    64 units wide, told by which of the plans in the package's own recordings to write, four
    rounds of correction, capsule line along a Catmull-Rom curve, maximum. Expect `recovered` 0.810
    of UNIPEN's test writers.

    Command: ``python -m scripts.train_strokes --preset standard``.
    """
    return TrainConfig()


def demo() -> TrainConfig:
    """The standard preset in a hurry: what ``make demo`` trains.

    One LSTM layer for three, small steps, fewer recordings beside the pictures, three epochs; for
    two of them all rounds of correction, which bring most of what is gained. Three minutes on 2
    cores. Expect iou 0.866 and chamfer_px 0.086.

    Command: ``python -m scripts.train_strokes --preset demo``.
    """
    whole = standard()
    decoder = dataclasses.replace(whole.networks.decoder, layers=1)
    return dataclasses.replace(
        whole,
        networks=dataclasses.replace(whole.networks, decoder=decoder),
        recordings=RecordingsConfig(share=0.25, pretraining=100),
        gate_epochs=10,
        recovery_copies=8000,
        epochs=3,
        late=0.67,
        batch_size=320,
        learning_rate=0.012,
    )


def human() -> TrainConfig:
    """The standard preset, taught by UNIPEN's 135 training writers: the model that ships.

    Needs ``python -m scripts.prepare_unipen FOLDER`` once (CC BY 4.0). 18 minutes on 2
    busy cores. Expect iou 0.892 and chamfer_px 0.066 on the test digits, and `recovered` 0.862 of
    UNIPEN's test writers (docs/quality.md).

    Command: ``python -m scripts.train_strokes --preset human``.
    """
    taught = RecordingsConfig(source="unipen")
    return dataclasses.replace(standard(), recordings=taught, recovery_strength=1.0)


def _single(
    *, line: LineName, combine: CombineName, auxiliary: float = 0.0, dropout: float = 0.0
) -> TrainConfig:
    """One conditional model, as the reference's experiments train it."""
    decoder = DecoderConfig(
        width=512,
        context_to_all_layers=False,
        correction=0,
        dropout=dropout,
    )
    return TrainConfig(
        networks=NetworksConfig(decoder=decoder, ensemble=False, plans=0),
        drawing=DrawingConfig(line=line, combine=combine, curve="line", pieces=1),
        loss=LossConfig(
            angle=auxiliary,
            distance=auxiliary,
            lifted=0.0,
            blurred=0.0,
        ),
        recordings=_NO_RECORDINGS,
        shift=0,
        epochs=5,
        batch_size=64,
        learning_rate=0.0005,
        schedule="constant",
        warmup_steps=0,
    )


def neural_line() -> TrainConfig:
    """The first experiment: a learned line, summed. The model learns to cheat it.

    Look for strokes that the pen draws and the reconstruction lacks, and for lines drawn
    twice because one is not black enough.

    With ``--budget small`` ten minutes on 2 cores: expect iou 0.32, and off_ink 0.15. In full
    about an hour.

    Command: ``python -m scripts.train_strokes --preset neural-line``.
    """
    return _single(line="neural", combine="sum")


def box_sum() -> TrainConfig:
    """The analytic box line, summed: no hidden strokes, but grey on all paper.

    With ``--budget small`` two minutes on 2 cores: expect iou 0.69, chamfer_px 0.23.

    Command: ``python -m scripts.train_strokes --preset box-sum``.
    """
    return _single(line="box", combine="sum")


def box_sum_dropout() -> TrainConfig:
    """`box_sum` with dropout on the second and third layer.

    The post gives no rate; ours is 0.2.

    With ``--budget small`` two minutes on 2 cores: expect iou 0.64, chamfer_px 0.31.

    Command: ``python -m scripts.train_strokes --preset box-sum-dropout``.
    """
    return _single(line="box", combine="sum", dropout=0.2)


def box_max() -> TrainConfig:
    """`box_sum` with the maximum for the sum: strokes may cross at no cost.

    With ``--budget small`` two minutes on 2 cores: expect iou 0.68, chamfer_px 0.25.

    Command: ``python -m scripts.train_strokes --preset box-max``.
    """
    return _single(line="box", combine="max")


def box_sum_aux() -> TrainConfig:
    """`box_sum` with angle and distance losses, 0.01 each: smoother 6 and 8.

    With ``--budget small`` two minutes on 2 cores: expect iou 0.70, chamfer_px 0.22.

    Command: ``python -m scripts.train_strokes --preset box-sum-aux``.
    """
    return _single(line="box", combine="sum", auxiliary=0.01)


def ensemble() -> TrainConfig:
    """One model for each digit, 64 units wide, label and point into every layer.

    With the two auxiliary losses, Adam at 0.001, 15 epochs, each model in batches of 64.
    The post does not say how segments are combined; here by the maximum.

    With ``--budget small`` two minutes on 2 cores: expect iou 0.60.

    Command: ``python -m scripts.train_strokes --preset ensemble``.
    """
    single = _single(line="box", combine="max", auxiliary=0.01)
    decoder = dataclasses.replace(single.networks.decoder, width=64, context_to_all_layers=True)
    return dataclasses.replace(
        single,
        networks=NetworksConfig(decoder=decoder, ensemble=True, plans=0),
        epochs=15,
        batch_size=640,
        learning_rate=0.001,
    )


def ensemble_human() -> TrainConfig:
    """`ensemble`, every second step on pen recordings alone: the reference's best.

    The post's own recordings are not ours to ship; these are the package's.

    With ``--budget small`` two minutes on 2 cores: expect iou 0.59, human_1nn 0.79.

    Command: ``python -m scripts.train_strokes --preset ensemble-human``.
    """
    shown = RecordingsConfig(source="own", weight=1.0, share=0.0, pretraining=0, interleaved=2)
    return dataclasses.replace(ensemble(), recordings=shown)


PresetName = Literal[
    "standard",
    "demo",
    "human",
    "neural-line",
    "box-sum",
    "box-sum-dropout",
    "box-max",
    "box-sum-aux",
    "ensemble",
    "ensemble-human",
]

Budget = Literal["full", "small"]

PRESETS: dict[PresetName, Callable[[], TrainConfig]] = {
    "standard": standard,
    "demo": demo,
    "human": human,
    "neural-line": neural_line,
    "box-sum": box_sum,
    "box-sum-dropout": box_sum_dropout,
    "box-max": box_max,
    "box-sum-aux": box_sum_aux,
    "ensemble": ensemble,
    "ensemble-human": ensemble_human,
}

SMALL_WIDTH = 128
"""Units of a layer at the small budget, at most."""


def small(config: TrainConfig) -> TrainConfig:
    """The same experiment in minutes on 2 cores.

    Layers of at most 128 units, larger steps that a cosine lets fade, fewer epochs: a single
    model sees the digits four times, an ensemble eight times. Through the neural line, which
    costs twenty times a box, they are seen once, in small batches, as steps are what it lacks.
    """
    decoder = config.networks.decoder
    narrow = dataclasses.replace(decoder, width=min(decoder.width, SMALL_WIDTH))
    if config.drawing.line == "neural":
        epochs, batch_size, learning_rate = 1, 16, 0.001
    elif not config.networks.ensemble:
        epochs, batch_size, learning_rate = 4, 128, 0.002
    elif config.loss.lifted > 0:
        epochs, batch_size, learning_rate = 8, config.batch_size, config.learning_rate
    else:  # larger steps lift the pens of whole digits for good
        epochs, batch_size, learning_rate = 8, 320, 0.003
    return dataclasses.replace(
        config,
        networks=dataclasses.replace(config.networks, decoder=narrow),
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        schedule="cosine",
        warmup_steps=100,
        clip=1.0,
    )


def preset(name: PresetName, *, budget: Budget = "full") -> TrainConfig:
    """The configuration of a preset at a budget."""
    config = PRESETS[name]()
    return small(config) if budget == "small" else config
