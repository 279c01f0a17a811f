import json
import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

SAY = "import json, os; print(json.dumps({n: v for n, v in os.environ.items() if 'JAX_' in n}))"


def variables(code, tmp_path, **environment):
    """JAX's variables after some code, in a process whose caches lie in a folder."""
    kept = {name: value for name, value in os.environ.items() if "JAX_" not in name}
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{SAY}"],
        cwd=ROOT,
        env=kept | {"XDG_CACHE_HOME": str(tmp_path)} | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


KEEP = "from strokes.compilation import keep_programs; keep_programs()"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere other variables name the folder")
def test_programs_are_kept_in_the_user_s_cache(tmp_path):
    found = variables(KEEP, tmp_path)
    folder = tmp_path / "mnist-strokes" / "programs"
    assert found == {
        "JAX_COMPILATION_CACHE_DIR": str(folder),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }
    assert folder.is_dir()


def test_whoever_chose_before_has_chosen(tmp_path):
    for folder in ("", "/mine"):
        chosen = {"JAX_COMPILATION_CACHE_DIR": folder}
        assert variables(KEEP, tmp_path, **chosen) == chosen
    loaded = f"import sys, types; sys.modules['jax'] = types.ModuleType('jax'); {KEEP}"
    assert variables(loaded, tmp_path) == {}
    (tmp_path / "mnist-strokes").touch()  # where the folder would be
    assert variables(KEEP, tmp_path) == {}
