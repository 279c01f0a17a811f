"""Who may import whom, what loads JAX, and what a wheel holds."""

import ast
import importlib
import importlib.metadata
import json
import subprocess
import sys
import venv
import zipfile

import numpy as np
import pytest
from packaging.requirements import Requirement

import datasets
from datasets import load_thinned
from tests.conftest import ROOT
from tests.scripts.photos import photo

ROOMS = ("rasterizer", "strokes", "datasets", "train", "scripts")  # from the lowest up
FLOORS = {  # rooms within train: each may use itself and those before it
    "train": (
        {"errors", "progress", "device"},
        {"figures"},
        {"neural_line", "recognizer"},
        {"stroke_model"},
        {"hands", "refusal"},
        {"evaluation"},
        {"experiments", "export"},
        {"documents"},
    ),
    "strokes": (
        {"errors", "classes", "compilation", "parts"},
        {"ink"},
        {"files"},
        {"handwriting", "configuration", "weights"},
        {"resampling", "likeness", "facts"},
        {"networks", "pictures", "formats"},
        {"figures", "reading"},
        {"writing"},
        {"hands"},
        {"command"},
        {"__main__"},
    ),
}
FOREIGN = {  # packages that a room may use beside the standard library and NumPy
    "rasterizer": {"jax"},
    # SciPy comes with JAX and Optax with Flax; PyArrow is for Parquet alone.
    "strokes": {
        *("jax", "flax", "cv2", "PIL", "safetensors", "scipy", "optax", "pyarrow", "platformdirs"),
    },
    "datasets": {"cv2", "filelock", "platformdirs"},
}
LIGHT = ("rasterizer", "strokes", "strokes.command", "datasets", "datasets.picture_sets")
WITHOUT_JAX = (
    "strokes.ink",
    "strokes.resampling",
    "strokes.pictures.digits",
    "strokes.pictures.thinning",
    "strokes.formats.recordings",
    "strokes.formats.parquet",
    "strokes.formats.npz",
    "strokes.formats.svg",
    "strokes.formats.gif",
    "strokes.formats.png",
    "strokes.figures.animation",
    "datasets.folders",
    "datasets.recordings",
    "datasets.deformation",
)


def modules(room):
    for path in sorted((ROOT / room).rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield path, name.removesuffix(".__init__")


def imported(path):
    """Modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module


@pytest.mark.parametrize("room", ROOMS)
def test_imports_lead_downward(room):
    below = ROOMS[: ROOMS.index(room) + 1]
    for path, _ in modules(room):
        for name in imported(path):
            package = name.split(".")[0]
            if package in ROOMS:
                assert package in below, f"{path} imports {name}"
            if path.parent.name != "benchmark":  # which measures against the oracles
                assert package != "tests", f"{path} imports the tests"
            # To list a pickle's instructions, as pickletools does, runs none of them.
            assert "pickle" not in package or package == "pickletools", f"{path} uses pickle"


@pytest.mark.parametrize("room", list(FLOORS))
def test_imports_within_a_room_lead_downward(room):
    floor = {name: number for number, names in enumerate(FLOORS[room]) for name in names}
    for path, module in modules(room):
        inner = module.split(".")[1:2]
        if not inner:
            continue  # the face
        assert inner[0] in floor, f"{path}: on which floor is it?"
        for name in imported(path):
            if name.startswith(f"{room}.") and name.split(".")[1] != inner[0]:
                assert floor[name.split(".")[1]] < floor[inner[0]], f"{path} imports {name}"


def test_no_circles():
    graph = {}
    for room in ROOMS:
        for path, module in modules(room):
            graph[module] = set(imported(path))
    done, open_ = set(), []

    def visit(module):
        assert module not in open_, " -> ".join([*open_[open_.index(module) :], module])
        if module in done or module not in graph:
            return
        open_.append(module)
        for name in sorted(graph[module] - {module}):
            visit(name)
        open_.pop()
        done.add(module)

    for module in sorted(graph):
        if module not in ("strokes", "rasterizer"):  # the faces are lazy
            visit(module)


@pytest.mark.parametrize("room", list(FOREIGN))
def test_a_room_needs_no_more_than_it_says(room):
    for path, _ in modules(room):
        for name in imported(path):
            package = name.split(".")[0]
            if package not in sys.stdlib_module_names and package not in (*ROOMS, "numpy"):
                assert package in FOREIGN[room], f"{path} imports {package}"
                if package == "pyarrow":
                    assert path.name in ("parquet.py", "columns.py"), f"{path} imports {package}"


def loaded_by(*names, of):
    """Which packages of some each module loads, in the order in which they are imported."""
    code = (
        "import importlib, json, sys\n"
        "found = {}\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        f"    found[name] = [m for m in {of!r} if m in sys.modules]\n"
        "print(json.dumps(found))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def programs():
    return [
        f"scripts.{path.stem}"
        for path in sorted((ROOT / "scripts").glob("*.py"))
        if path.stem != "__init__"  # which has nothing to parse
    ]


def test_faces_and_programs_load_nothing_large():
    large = ("numpy", "cv2", "PIL", "jax", "flax", "optax")
    for name, loaded in loaded_by(*LIGHT, *programs(), of=large).items():
        assert loaded == [], f"{name} loads {loaded}"


def test_what_needs_no_jax_loads_none():
    for name, loaded in loaded_by(*WITHOUT_JAX, of=("jax", "flax", "optax")).items():
        assert loaded == [], f"{name} loads {loaded}"


def test_datasets_is_this_checkout_s():
    assert datasets.__file__ == str(ROOT / "datasets" / "__init__.py")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "-o", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (path,) = folder.glob("*.whl")
    return path


def test_a_wheel_holds_the_library_with_its_weights_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    tops = {name.split("/")[0] for name in sizes if ".dist-info/" not in name}
    assert tops == {"strokes", "rasterizer"}
    assert {"strokes/py.typed", "rasterizer/py.typed"} <= set(sizes)
    assert any(name.endswith("LICENSE") for name in sizes)
    with zipfile.ZipFile(wheel) as archive:
        (entries,) = (name for name in sizes if name.endswith("/entry_points.txt"))
        assert b"mnist-strokes = strokes.command:main" in archive.read(entries)
    modules_there = {name for name in sizes if name.endswith(".py")}
    for room in ("strokes", "rasterizer"):
        ours = {str(path.relative_to(ROOT)) for path in (ROOT / room).rglob("*.py")}
        assert ours <= modules_there
    weights = {name: size for name, size in sizes.items() if name.endswith(".safetensors")}
    assert len(weights) == 5
    assert sum(weights.values()) < 8_000_000


def needed_by(wheel):
    """The installed distributions that a wheel declares, and those that these declare."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        lines = archive.read(metadata).decode().splitlines()
    todo = [line.removeprefix("Requires-Dist: ") for line in lines if "Requires-Dist: " in line]
    found = {}
    while todo:
        requirement = Requirement(todo.pop())
        wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if wanted and requirement.name not in found:
            found[requirement.name] = importlib.metadata.distribution(requirement.name)
            todo += found[requirement.name].requires or []
    return found.values()


@pytest.mark.slow
def test_the_wheel_writes_a_digit_in_an_empty_environment(wheel, tmp_path):
    """It finds the wheel and what the wheel declares, nothing else that is installed here."""
    environment = tmp_path / "environment"
    venv.create(environment)
    (site,) = environment.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    for distribution in needed_by(wheel):
        for top in {file.parts[0] for file in distribution.files} - {"..", "__pycache__"}:
            if not (site / top).exists():  # two distributions may share a folder
                (site / top).symlink_to(distribution.locate_file(top))
    np.save(tmp_path / "picture.npy", load_thinned("test")[0][0])
    photo(7, tmp_path / "photo.png", np.random.default_rng(0))
    code = (
        "import sys, numpy, strokes\n"
        "assert 'jax' not in sys.modules\n"
        "written = strokes.load().write(numpy.load('picture.npy'))\n"
        "assert written.label.tolist() == [7], written.label\n"
        "assert len(written.strokes[0]) in (1, 2)\n"
        "assert written.mse[0] < 0.01\n"
        "assert strokes.__version__\n"
        "assert strokes.read('photo.png')[0].digit == 7\n"
        "import strokes.command\n"
        "assert strokes.command.main(['write', 'photo.png', '--svg', 'seven.svg']) == 0\n"
        "print(written.svg(0))"
    )
    done = subprocess.run(
        [environment / "bin" / "python", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said, svg = done.stdout.split("\n", 1)
    assert said.startswith("photo.png: 7 ")
    assert svg.startswith("<svg ")
    assert (tmp_path / "seven.svg").read_text().startswith("<svg ")


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_imports_and_says_what_it_is(room):
    for _, name in modules(room):
        assert importlib.import_module(name).__doc__, name


def test_random_keys_are_keyword_only():
    for room in ROOMS:
        for path, _ in modules(room):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef):
                    positional = {arg.arg for arg in (*node.args.posonlyargs, *node.args.args)}
                    assert "key" not in positional or node.name.startswith("_"), (
                        f"{path}: {node.name} takes its key by position"
                    )


TESTED_ELSEWHERE = {  # modules of which another one's test says what there is to say
    "train/errors.py": "scripts/shared/test_console.py",
    "train/progress.py": "scripts/shared/test_console.py",
    "strokes/__main__.py": "strokes/test_command.py",
    "scripts/page/server.py": "scripts/page/test_browser.py",
    "scripts/shared/labels.py": "scripts/test_prepare_handwriting.py",
}


def test_every_module_has_its_test():
    for room in ROOMS:
        for path, _ in modules(room):
            place = path.relative_to(ROOT)
            if path.name == "__init__.py":
                continue
            mirrored = place.with_name(f"test_{path.name}")
            named = TESTED_ELSEWHERE.get(str(place), str(mirrored))
            assert (ROOT / "tests" / named).is_file(), f"{place} has no tests/{named}"
