import pytest

from train.neural_line.config import LineConfig


@pytest.mark.parametrize(
    "wrong", [{"lines": 3}, {"batch_size": 0}, {"learning_rate": 0.0}, {"seed": -1}]
)
def test_what_makes_no_line_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LineConfig(**wrong)


def test_every_step_has_a_full_batch():
    assert LineConfig(lines=1000, batch_size=64).steps == 15
