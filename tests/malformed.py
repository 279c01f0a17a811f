"""Malformed files for every reader: made of whole ones, read, and what comes of it counted.

    python -m tests.malformed 2000

Whole files are cut, flipped, spliced and taken for files of another kind; their numbers become
huge, tiny, not finite, text or lists; archives claim more than they hold. A reader may read what
is left or refuse it in one line; all else is a fault.
"""

import collections
import gzip
import io
import json
import logging
import math
import re
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from datasets.folders import iterate_pictures
from strokes.errors import DataError
from strokes.files import read_json
from strokes.formats.npz import read_npz, write_npz
from strokes.formats.parquet import iterate_parquet, read_metadata, write_parquet
from strokes.formats.recordings import read_recordings
from strokes.ink import checked_label, checked_strokes
from strokes.writing.config import WriterConfig
from strokes.writing.config_files import with_format, writer_config
from tests.datasets.test_idx import idx_bytes
from tests.strokes.formats.written import some

SLOW = 5.0
"""Seconds of work after which a reader hangs."""

OURS = {
    "label": 7,
    "units": "px",
    "source": "me",
    "strokes": [[[1, 2, 0], [30.5, 4, 9]], [[5, 6, 9]]],
}
QUICK = {"word": "seven", "drawing": [[[10, 30, 58], [12, 11, 90]], [[22, 49], [50, 49]]]}
PAGE = {
    "digit": 7,
    "points": [[0.1, 0.2, 90], [0.7, 0.2, 90.5], [0.4, 0.9, 1]],
    "pen_up": [False, False, True],
}
UCI = """47,100,27,81,57,37,26,0,0,23,56,53,100,90,40,98,8
47 100 27 81 57 37 26 0 0 23 56 53 100 90 40 98 8
"""
UNIPEN = """.VERSION 1.0
.COORD X Y T
.PEN_DOWN
1 2 0
3 9 10
.PEN_UP
.PEN_DOWN 5 5 20
.SEGMENT CHARACTER 0-1 ? "7"
"""
UJI = "// UJI\nWORD 4 W01-02\n NUMSTROKES 2\n POINTS 3 # 1 2 3 4 5 6\n POINTS 1 # 7 8\n"
DE_JONG = """0 0 0 0 0 0 0 1 0 0 9 10 0 0
0 0 0 0 0 0 0 1 0 0 0 1 0 0
0 0 0 0 0 0 0 1 0 0 1 0 1 1
"""
SVG = """<svg viewBox="0 0 280 280"><title>7</title><path d="M28.5 30L90 30 60.2 99"/></svg>"""
INKML = """<ink xmlns="http://www.w3.org/2003/InkML">
<traceFormat><channel name="T"/><channel name="X"/><channel name="Y" orientation="-ve"/>
</traceFormat>
<annotation type="truth">$75$</annotation>
<trace id="0">0 10 12, 1 '20 "-1, 2 28 0</trace><trace id="1" type="penUp">0 1 1</trace>
<trace id="2">0 5 5, 1 9 9</trace>
<traceGroup><annotation type="truth">7</annotation><traceView traceDataRef="0"/></traceGroup>
<traceGroup xml:id="g"><annotation type="truth">5</annotation><traceView traceDataRef="#2"/>
</traceGroup></ink>"""


def whole_files(folder: Path) -> dict[str, bytes]:
    """A whole file for each reader, by name."""
    rng = np.random.default_rng(0)
    lines = "\n".join(json.dumps(one) for one in (OURS, QUICK, PAGE, OURS)) + "\n"
    texts = {
        "a.ndjson": lines, "a.json": json.dumps(PAGE, indent=1), "a.tra": UCI, "a.csv": UCI,
        "a.dat": UNIPEN, "a.txt": UJI, "img-1-targetdata.txt": DE_JONG, "a.inkml": INKML,
        "config.json": json.dumps(with_format(WriterConfig())),
    }  # fmt: skip
    files = {name: text.encode() for name, text in texts.items()}
    files["a.ndjson.gz"] = gzip.compress(lines.encode())
    export = folder / "train.parquet"
    write_parquet([some(rng, 5)], export, metadata={"step": "3"})
    write_npz({"train": export}, folder / "export.npz")
    box = np.empty(2, object)
    box[:] = [
        np.array([[1, 2, 0], [5, 9, 1]], np.int16),
        np.array([[3, 4, 0], [1, 1, 0]], np.int16),
    ]
    np.savez(folder / "sketch.npz", train=box, test=box, train_label=np.array([1, 7]))
    points = np.array([[[0.1, 0.2, 0], [0.9, 0.2, 1], [0.4, 0.4, 0], [0.5, 0.9, 0]]] * 3)
    np.savez_compressed(folder / "arrays.npz", points=points, labels=np.array([7, 1, 4]))
    images, labels = rng.integers(0, 256, (4, 28, 28), np.uint8), np.array([7, 2, 1, 0])
    np.savez(folder / "pictures.npz", x_train=images, y_train=labels)
    pngs = []
    for image in images:
        file = io.BytesIO()
        Image.fromarray(image).save(file, format="PNG")
        pngs.append({"bytes": file.getvalue(), "path": None})
    pq.write_table(pa.table({"image": pngs, "label": labels}), folder / "pictures.parquet")
    rows = np.column_stack([labels, images.reshape(4, -1)]).tolist()
    files["pictures.csv"] = "\n".join(",".join(map(str, row)) for row in rows).encode()
    files["pictures-images-idx3-ubyte"] = idx_bytes(images)
    files["pictures.idx.gz"] = gzip.compress(idx_bytes(images))
    for name in (
        "train.parquet",
        "export.npz",
        "sketch.npz",
        "arrays.npz",
        "pictures.npz",
        "pictures.parquet",
    ):
        files[name] = (folder / name).read_bytes()
        (folder / name).unlink()
    (folder / "labels").write_bytes(idx_bytes(labels.astype(np.uint8)))
    return files


NUMBERS = (
    "1e400", "-1e400", "NaN", "Infinity", "1e-320", "1e15", "1e300", "1" * 400, "1" * 5000,
    "-1", "0", "2147483648", "18446744073709551616", "true", "null", '"text"', "[]", "{}",
    "[[[1]]]", "[" * 50_000, "", "0x10", "\u0663", "1_0", "--1",
)  # fmt: skip


def malformed(content: bytes, others: list[bytes], rng: np.random.Generator) -> bytes:
    """One of many ways to spoil a file."""
    size = max(len(content), 1)
    first, last = sorted(rng.integers(0, size, 2).tolist())
    kind = int(rng.integers(0, 10))
    spoiled = bytearray(content)
    if kind == 0:
        return content[:first]
    if kind in (1, 2):
        for place in rng.integers(0, size, 1 if kind == 1 else 9):
            spoiled[place] ^= 1 << int(rng.integers(8))
        return bytes(spoiled)
    if kind == 3:
        return content[:first] + content[last:]
    if kind == 4:
        return content[:last] + content[first:]
    if kind == 5:
        other = others[int(rng.integers(len(others)))]
        return other if rng.random() < 0.5 else content[:first] + other[len(other) // 2 :]
    if kind == 6:
        return bytes(rng.integers(0, 256, int(rng.integers(0, 300)), np.uint8))
    if kind == 7:
        return content[:first] + bytes(last - first) + content[last:]
    found = list(re.finditer(rb'-?\d+(\.\d+)?|"[^"\n]{0,20}"|true|false', content))
    if not found:
        return bytes(8)
    for match in reversed(
        [
            found[index]
            for index in sorted(set(rng.integers(0, len(found), 1 + 2 * (kind == 9)).tolist()))
        ]
    ):
        spoiled[match.start() : match.end()] = NUMBERS[int(rng.integers(len(NUMBERS)))].encode()
    return bytes(spoiled)


def bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that would fill the memory."""
    zeros = gzip.compress(bytes(1 << 20))
    yield "a.ndjson.gz", zeros * 1200  # members, one after the other: over a GiB
    yield "a.ndjson.gz", gzip.compress(b"\n" * (1 << 20)) * 1200
    yield (
        "pictures.idx.gz",
        gzip.compress(bytes([0, 0, 8, 3]) + np.array([1_000_000, 28, 28], ">u4").tobytes())
        + zeros * 100,
    )
    yield "pictures.idx.gz", gzip.compress(bytes([0, 0, 8, 3]) + b"\xff" * 12) + zeros
    for descr, shape in (
        ("<f8", (10**12, 20, 3)),
        ("<f4", (10**9, 3, 3)),
        ("|u1", (-1, 3, 3)),
        ("|V999999999", (1,)),
    ):
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            header, {"descr": descr, "fortran_order": False, "shape": shape}
        )
        for name in ("arrays.npz", "export.npz", "pictures.npz"):
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
                for member in (
                    "points",
                    "labels",
                    "train_points",
                    "train_mnist_index",
                    "x_train",
                    "y_train",
                ):
                    file.writestr(f"{member}.npy", header.getvalue() + bytes(1000))
            yield name, archive.getvalue()
    archive = io.BytesIO()
    with (
        zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file,
        file.open("points.npy", "w") as member,
    ):
        for _ in range(300):
            member.write(bytes(1 << 20))
    yield "arrays.npz", archive.getvalue()
    table = io.BytesIO()
    values = pa.repeat(pa.scalar(0.0, pa.float32()), 40_000_000)
    column = pa.ListArray.from_arrays([0, len(values)], values)
    names = ["id", "mnist_index", "label", "points", "softness", "mse"]
    pq.write_table(pa.table([["a"], [0], [1], column, column, [0.0]], names=names), table)
    yield "train.parquet", table.getvalue()
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    yield (
        "a.inkml",
        f'<!DOCTYPE ink [<!ENTITY a0 "1">{laughs}]><ink><trace>&a12;</trace></ink>'.encode(),
    )
    yield "a.inkml", b"<ink>" + b"<a/>" * 4_000_000 + b"</ink>"
    yield "a.inkml", b"<ink>" + b"<traceGroup>" * 300_000 + b"</traceGroup>" * 300_000 + b"</ink>"
    yield "a.dat", b".COORD X Y\n" + b".PEN_DOWN\n" * 1_500_000
    yield "a.txt", b"WORD 7\n" * 1_200_000
    yield "a.json", b"[" * 3_000_000
    yield "a.ndjson", b'{"label": 7, "strokes": [' + b"[" * 3_000_000
    yield "config.json", b'{"a":' * 500_000
    yield "a.csv", b"1," * 2_000_000


def read_whole(path: Path, labels: Path) -> list[object]:
    """What the reader of a file makes of it; checked as its callers rely on it."""
    if path.name == "config.json":
        return [writer_config(read_json(path))]
    if path.name.startswith("pictures"):
        parts = list(iterate_pictures(path, labels=labels if "idx" in path.name else None))
        for part in parts:
            assert part.images.dtype == np.uint8
            assert part.images.shape[1:] == (28, 28)
            assert set(part.labels.tolist()) <= set(range(10))
        return [array for part in parts for array in part]
    if path.name in ("train.parquet", "export.npz"):
        if path.suffix == ".npz":
            chunks = [read_npz(path, "train")]
        else:
            chunks = list(iterate_parquet(path))
            read_metadata(path)
        for chunk in chunks:
            assert np.isfinite(chunk.points).all()
            assert (chunk.softness > 0).all()
        read_recordings(path)
        return [array for chunk in chunks for array in chunk[1:]]
    found = read_recordings(path)
    for one in found:
        checked_label(one.label)
        checked_strokes([stroke.tolist() for stroke in one.strokes])
    return [array for one in found for array in (one.label, *one.strokes)]


def outcome(path: Path, labels: Path) -> str:
    """In a word, what came of reading a file; faults begin with "FAULT"."""
    begun = time.process_time()
    try:
        read_whole(path, labels)
        found = "read"
    except DataError as error:
        one_line = str(error).isprintable() and len(str(error)) < 1000
        found = "refused" if one_line else f"FAULT message {str(error)[:200]!r}"
    except Exception as error:
        found = f"FAULT {type(error).__name__}: {error!s:.200}"
    took = time.process_time() - begun
    return found if took < SLOW else f"FAULT {took:.0f} s"


def sealed(name: str) -> bool:
    """Whether a format has sums by which its reader notices damage."""
    return name.endswith(("arrays.npz", "export.npz", "pictures.npz", ".gz"))


def main(count: int, *, with_bombs: bool = True, seed: int = 0) -> collections.Counter[str]:
    """Make and read so many files; gives the tally and prints faults."""
    logging.disable(logging.WARNING)
    rng = np.random.default_rng(seed)
    tally: collections.Counter[str] = collections.Counter()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        files = whole_files(folder)
        labels = folder / "labels"
        names, others = list(files), list(files.values())
        wholes = {}
        for name, content in files.items():
            (folder / name).write_bytes(content)
            wholes[name] = read_whole(folder / name, labels)
        todo = [(names[index % len(names)], None) for index in range(count)]
        for name, bomb in [*todo, *(bombs() if with_bombs else ())]:
            content = malformed(files[name], others, rng) if bomb is None else bomb
            path = folder / name
            path.write_bytes(content)
            found = outcome(path, labels)
            if found == "read" and content == files[name]:
                found = "as it was"
            elif found == "read" and sealed(name) and content not in others:
                same = _same(read_whole(path, labels), wholes[name])
                found = found if same else "FAULT silently another"
            tally[found if not found.startswith("FAULT") else "FAULT"] += 1
            if found.startswith("FAULT") or bomb is not None:
                print(name, found, content[:80], flush=True)
    logging.disable(logging.NOTSET)
    return tally


def _same(found: list[object], expected: list[object]) -> bool:
    """Whether what was read is all there was, or a part that is not changed."""
    return len(found) <= len(expected) and all(
        any(np.array_equal(np.asarray(one), np.asarray(other)) for other in expected)
        for one in found
    )


if __name__ == "__main__":
    print(dict(main(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 0)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak {peak:,.0f} MB{' FAULT' if peak > 1024 or math.isnan(peak) else ''}")
