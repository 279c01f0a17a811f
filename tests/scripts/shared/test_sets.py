import pytest

from scripts.shared.sets import check_set
from train.errors import RunError


def test_sets_are_names_or_files(tmp_path):
    (tmp_path / "set.npz").touch()
    for name in ("digits", "letters", str(tmp_path / "set.npz")):
        check_set("--set", name)
    for wrong, reason in (
        ("leters", "did you mean letters"),
        (str(tmp_path / "none.npz"), "no such file"),
        (str(tmp_path), "python -m scripts.prepare_folder"),
    ):
        with pytest.raises(RunError, match=reason):
            check_set("--set", wrong)
