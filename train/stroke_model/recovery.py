"""Which plans recover what people did: measured once decoders have learned, and told by a gate.

Recordings are deformed and written by every plan of their class. What comes back of each
teaches a gate, by which a writer then chooses (`strokes.writing.plans.choose_plans`).
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from strokes.ink import stroke_counts
from strokes.likeness import inked_paths, recovers
from strokes.writing.inference import concatenated
from strokes.writing.plans import Labels, Plans
from strokes.writing.writer import Writer
from train.stroke_model.gate import GateExamples, train_gate
from train.stroke_model.recordings import DeformedCopies, Deformer

_EPOCHS = 12

Recovered = npt.NDArray[np.bool_]


def learn_recovery(
    writer: Writer,
    deformer: Deformer,
    *,
    seed: int,
    copies: int,
    strength: float,
    epochs: int = _EPOCHS,
    stop: Callable[[], bool] = lambda: False,
) -> Plans | None:
    """Plans with a gate that says how likely each recovers what the person did.

    Args:
      writer: that knows plans, and has learned.
      deformer: of the recordings that taught it.
      seed: decides all randomness.
      copies: of recordings that are written: about so many, of many recordings not of each.
      strength: of their deformation, beside that of what taught the decoders.
      epochs: times that the gate sees them.
      stop: asked now and then whether to stop.

    Returns:
      the writer's plans with that gate; none if it was stopped.
    """
    plans = writer.plans
    assert plans is not None
    generator = np.random.default_rng([seed, 5])
    shown = deformer.copies(copies, strength=strength, some=True, generator=generator)
    recovered = recovered_by_plan(writer, shown, stop=stop)
    if recovered is None:
        return None
    examples = GateExamples(shown.images, shown.labels, recovered.astype(np.float32))
    gate = train_gate(
        lambda _: examples,
        plans.numbers,
        config=plans.config,
        exclusive=False,
        epochs=epochs,
        seed=seed,
        stop=stop,
    )
    if gate is None:
        return None
    return plans._replace(gate=gate, shared=shared_recovery(recovered, shown.labels, plans.numbers))


def recovered_by_plan(
    writer: Writer, shown: DeformedCopies, *, stop: Callable[[], bool] = lambda: False
) -> Recovered | None:
    """Whether each plan recovers each recording, ``[M, K]``; none if it was stopped."""
    plans = writer.plans
    assert plans is not None
    theirs, their_strokes = inked_paths(shown.paths, shown.lifted), stroke_counts(shown.lifted)
    found = np.zeros((len(shown.labels), plans.most), np.bool_)
    for plan in range(int(plans.numbers.max())):
        if stop():
            return None
        mine = np.flatnonzero(plans.numbers[shown.labels] > plan)
        written = concatenated(
            writer.write_thinned(shown.images[mine], shown.labels[mine], plan=plan)
        )
        found[mine, plan] = recovers(
            inked_paths(written.points, written.pen_up),
            stroke_counts(written.pen_up),
            theirs[mine],
            their_strokes[mine],
        )
    return found


def shared_recovery(
    recovered: Recovered, labels: Labels, numbers: Labels
) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """The shares of `strokes.writing.plans.Plans.shared`.

    Args:
      recovered: ``[M, K]``, as `recovered_by_plan` gives them.
      labels: ``[M]``.
      numbers: how many plans each class has, ``[C]``.
    """
    tables = []
    for label, number in enumerate(numbers.tolist()):
        mine = recovered[labels == label, :number].astype(np.float64)
        both = mine.T @ mine
        table = both / np.maximum(np.diag(both)[:, None], 1.0)
        np.fill_diagonal(table, 1.0)
        tables.append(tuple(tuple(row) for row in table.tolist()))
    return tuple(tables)
