import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from rasterizer import PEN_UP
from tests.strokes.writing.test_losses import UP, path
from train.stroke_model.losses import recording_loss


def test_a_recording_is_compared_by_places_and_lifts():
    points = path([0.1, 0.1], [0.4, 0.1], [0.4, 0.6], [0.9, 0.6])
    points[1, 2] = UP
    lifted = np.array([False, True, False, True])

    def loss(points, recorded, lifted, lifts):
        return recording_loss(points, recorded, lifted, line="capsule", lifts=lifts)

    same = loss(points, points[:, :2], lifted, 1.0)
    assert same == pytest.approx(np.mean([np.log1p(np.exp(2 - 4 * x)) for x in (1.5, 1.0, 1.5)]))
    moved = loss(points, points[:, :2] + [0.3, 0.4], lifted, 0.0)
    assert moved == pytest.approx(0.25, rel=1e-4)
    wrong = loss(points, points[:, :2], np.zeros(4, bool), 1.0)
    assert wrong > same + 1.0

    def of(places):
        whole = jnp.concatenate([places, points[:, 2:]], axis=1)
        return loss(whole, points[:, :2] * 0.9, lifted, 1.0)

    check_grads(of, (jnp.asarray(points[:, :2]),), order=1, modes=["rev"], rtol=0.02)


@pytest.mark.parametrize("line", list(PEN_UP))
def test_each_line_lifts_at_its_own_softness(line):
    lifted = np.array([True, True])

    def loss(log_softness):
        points = path([0.1, 0.1], [0.4, 0.1], softness=np.exp(log_softness))
        return recording_loss(points, points[:, :2], lifted, line=line, lifts=1.0)

    # At the threshold the logit is 0: what is left is the margin of 2.
    assert loss(PEN_UP[line]) == pytest.approx(np.log1p(np.exp(2.0)), rel=1e-4)
    assert loss(PEN_UP[line] - 1.5) < 0.02
