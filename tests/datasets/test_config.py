import pytest

from datasets.config import Deformation


@pytest.mark.parametrize("change", [{"elastic": -0.1}, {"trimmed": 0.5}, {"shear": float("nan")}])
def test_what_is_no_spread_is_refused(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        Deformation(**change)


def test_what_is_stronger_changes_the_shape_alone():
    stronger = Deformation(rotation=8.0, shear=0.25, size=0.04, trimmed=0.04).stronger(2.0)
    assert (stronger.rotation, stronger.shear) == (16.0, 0.5)
    assert (stronger.size, stronger.trimmed) == (0.04, 0.04)
