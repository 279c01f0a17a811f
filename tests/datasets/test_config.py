import pytest

from datasets.config import Deformation


@pytest.mark.parametrize("change", [{"elastic": -0.1}, {"trimmed": 0.5}, {"shear": float("nan")}])
def test_what_is_no_spread_is_refused(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        Deformation(**change)
