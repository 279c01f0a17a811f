"""Who may import whom, and what a wheel holds."""

import ast
import importlib
import subprocess
import sys
import zipfile

import pytest

import datasets
from tests.conftest import ROOT

ROOMS = ("strokes", "rasterizer", "datasets", "train", "scripts")
MAY_IMPORT = {
    "strokes": {"strokes"},
    "rasterizer": {"rasterizer"},
    "datasets": {"datasets"},
    "train": {"train", "strokes", "rasterizer", "datasets"},
    "scripts": set(ROOMS),
}
FOREIGN = {  # packages that a room may use beside the standard library and NumPy
    "rasterizer": {"jax"},
    "strokes": {"jax", "flax"},
    "datasets": {"PIL", "cv2", "filelock", "platformdirs", "pyarrow"},
}


def imported(room):
    for path in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: relative import"
                names = [node.module]
            else:
                continue
            yield from ((path, name.split(".")[0]) for name in names)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room):
    for path, package in imported(room):
        if package in ROOMS:
            assert package in MAY_IMPORT[room], f"{path} imports {package}"
        if path.name != "bench.py":  # which measures against the oracles
            assert package != "tests", f"{path} imports the tests"
        assert "pickle" not in package, f"{path} uses pickle"


@pytest.mark.parametrize("room", list(FOREIGN))
def test_a_room_needs_no_more_than_it_says(room):
    for path, package in imported(room):
        if package not in sys.stdlib_module_names and package not in (*ROOMS, "numpy"):
            assert package in FOREIGN[room], f"{path} imports {package}"


def test_datasets_needs_no_jax():
    modules = "datasets, datasets.sequences, datasets.folders"
    code = f"import sys, {modules}; assert 'jax' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_datasets_is_this_checkout_s():
    assert datasets.__file__ == str(ROOT / "datasets" / "__init__.py")


def test_a_wheel_holds_the_library_only(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "-o", tmp_path, ROOT],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"strokes", "rasterizer"}
    assert {"strokes/py.typed", "rasterizer/py.typed"} <= set(names)
    assert any(name.endswith("LICENSE") for name in names)


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_imports_and_says_what_it_is(room):
    for path in (ROOT / room).rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = importlib.import_module(name.removesuffix(".__init__"))
        assert module.__doc__, name
