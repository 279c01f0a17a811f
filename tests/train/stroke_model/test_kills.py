import numpy as np
import pytest

from tests.train.stroke_model.kills import EPOCHS, differences, finish, run_with_kills, start

KILLS = 2


@pytest.mark.slow
def test_killed_after_committed_checkpoints_and_resumed_it_is_the_same(tmp_path):
    finish(start(tmp_path / "whole", EPOCHS * (KILLS + 1), plans=False))
    rng = np.random.default_rng(5)
    assert run_with_kills(tmp_path / "killed", KILLS, plans=False, rng=rng) == KILLS
    assert differences(tmp_path / "killed", tmp_path / "whole") == []
    leftovers = [path.name for path in (tmp_path / "killed").rglob(".*~*")]
    assert leftovers == []
