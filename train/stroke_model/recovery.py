"""How much a decoder that is told one plan recovers of those who write by another.

The table by which a writer chooses among plans (`strokes.writing.plans.choose_plans`), measured
once its decoders have learned, on the recordings that taught them.
"""

import numpy as np
import numpy.typing as npt

from strokes.ink import Recording
from strokes.likeness import likeness
from strokes.networks.config import DIGITS
from strokes.pictures.pen import draw_as_mnist
from strokes.pictures.thinning import thin
from strokes.writing.inference import concatenated
from strokes.writing.writer import Writer

_OF_EACH = 48  # recordings of a plan, at most


def measure_recovery(
    writer: Writer, recordings: list[Recording], of_recording: npt.NDArray[np.int64]
) -> tuple[tuple[tuple[float, ...], ...], ...]:
    """The shares of `strokes.writing.plans.Plans.recovery`.

    Args:
      writer: that knows plans.
      recordings: of each plan some.
      of_recording: their plans, ``[R]``; -1 for none.
    """
    assert writer.plans is not None
    labels = np.array([recording.label for recording in recordings], np.int32)
    chosen = []
    for digit, plans in enumerate(writer.plans.counts):
        for plan in range(len(plans)):
            members = np.flatnonzero((labels == digit) & (of_recording == plan))
            every = max(1, -(-len(members) // _OF_EACH))
            chosen.append(members[::every])
    rows = np.concatenate(chosen)
    drawn = [draw_as_mnist(recordings[index].strokes) for index in rows]
    thinned = thin(np.stack([picture for picture, _ in drawn]))
    labels, theirs = labels[rows], of_recording[rows]
    tables = [np.zeros((len(plans), len(plans))) for plans in writer.plans.counts]
    for plan in range(int(writer.plans.numbers.max())):
        mine = np.flatnonzero(writer.plans.numbers[labels] > plan)
        written = concatenated(writer.write_thinned(thinned[mine], labels[mine], plan=plan))
        hit = likeness(written.strokes, [drawn[index][1] for index in mine]).recovered
        for digit in range(DIGITS):
            for other in range(len(tables[digit])):
                of_pair = hit[(labels[mine] == digit) & (theirs[mine] == other)]
                if len(of_pair):
                    tables[digit][other, plan] = of_pair.mean()
    return tuple(tuple(tuple(row) for row in table.tolist()) for table in tables)
