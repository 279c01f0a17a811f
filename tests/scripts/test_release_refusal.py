import pytest

from scripts import release_refusal
from train.errors import RunError


@pytest.mark.parametrize(
    "args", [["--out", "x.npz"], ["--seed", "-1"], ["--digits", "3"], ["--others", "60000"]]
)
def test_what_cannot_be_meant_is_said(args):
    with pytest.raises(RunError, match=f"{args[0]} {args[1]}"):
        release_refusal.main(args)
