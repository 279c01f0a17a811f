import pytest

from strokes.errors import DataError
from strokes.files import SUMS_FILE, checksums_hold, read_checksums
from tests.train.evaluation.written import Count
from tests.train.export.planned import tiny_writer
from tests.train.export.shares import CHUNK, COUNT, rows
from train.export.sharded import export_in_shards
from train.export.shards import OwnReader, own_work

NAMES = [f"all-{place:06d}" for place in range(4)]


class Said(Count):
    """Progress of which it is kept what is said."""

    def __init__(self):
        super().__init__()
        self.skipped, self.lines = 0, []

    def skip(self, count):
        self.skipped += count

    def line(self, text):
        self.lines.append(text)


class Here:
    """Has shards written in this process, the last ones first; may stop after some."""

    def __init__(self, most=100):
        self.most, self.wrote = most, []

    def __call__(self, job, shards):
        reports = []
        for shard in reversed(shards):
            if not job.is_written(shard):
                if len(self.wrote) == self.most:
                    raise KeyboardInterrupt
                self.wrote.append(shard.name)
            reports.append(job.write(shard))
        yield from reversed(reports)


def sharded(pictures, out, run, progress=None, *, read=None, refined=0, chunk=CHUNK):
    work = own_work(pictures, read or OwnReader(), chunk=chunk)
    progress = progress or Said()
    return export_in_shards(tiny_writer(), work, out, run, progress, refined=refined)


def names(out):
    return {path.name for path in out.iterdir()}


def flat(scores):
    """Scores by split, label and measure, as `pytest.approx` takes them."""
    found = {}
    for split, of in scores.items():
        for label, means in [("all", of["all"]), *of["digits"].items()]:
            found |= {(split, label, name): mean for name, mean in means.items()}
    return found


WHOLE = {*(f"{name}.parquet" for name in NAMES), "README.md", SUMS_FILE}


def test_rows_are_those_of_an_export_by_one_process(pictures, single, tmp_path):
    said = Said()
    scores = sharded(pictures, tmp_path, Here(), said)
    one, many = rows(single[0]), rows(tmp_path)
    assert many.num_rows == said.done == COUNT
    assert many.equals(one)
    assert many.schema.equals(one.schema, check_metadata=True)
    assert flat(scores) == pytest.approx(flat(single[1]))
    assert names(tmp_path) == WHOLE


def test_a_card_and_sums_stand_beside_the_shards(pictures, single, tmp_path):
    scores = sharded(pictures, tmp_path, Here())
    assert checksums_hold(tmp_path / SUMS_FILE)
    assert read_checksums(tmp_path / SUMS_FILE).keys() == WHOLE - {SUMS_FILE}
    card = (tmp_path / "README.md").read_text()
    assert f"{scores['all']['all']['iou']:.4f}" in card
    assert "path: all-*.parquet" in card
    assert "n<1K" in card


@pytest.mark.parametrize("most", [0, 1, 3])
def test_what_was_stopped_goes_on_where_it_was(pictures, single, tmp_path, most):
    stopped = Here(most)
    said = Said()
    with pytest.raises(KeyboardInterrupt):
        sharded(pictures, tmp_path, stopped, said)
    assert stopped.wrote == NAMES[::-1][:most]
    assert all(name.startswith(".unfinished-") for name in names(tmp_path))
    assert len(names(tmp_path)) == len(said.lines) == (most > 0)
    following = Here()
    scores = sharded(pictures, tmp_path, following, said)
    assert following.wrote == NAMES[::-1][most:]
    assert said.skipped + said.done == COUNT
    if most:
        assert said.lines[-1] == f"goes on: {most} of 4 shards were there before"
    assert rows(tmp_path).equals(rows(single[0]))
    assert flat(scores) == pytest.approx(flat(single[1]))
    assert names(tmp_path) == WHOLE


def test_a_shard_without_its_file_is_written_again(pictures, single, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        sharded(pictures, tmp_path, Here(2))
    (moved,) = tmp_path.rglob("all-000003.parquet")
    moved.rename(tmp_path / "all-000003.parquet")  # as if stopped while files were moved
    following = Here()
    sharded(pictures, tmp_path, following)
    assert following.wrote == ["all-000003", *NAMES[1::-1]]
    assert rows(tmp_path).equals(rows(single[0]))


@pytest.mark.parametrize(
    "change", [{"read": OwnReader(thinned=True)}, {"refined": 1}, {"chunk": 60}]
)
def test_another_export_begins_anew(pictures, tmp_path, change):
    with pytest.raises(KeyboardInterrupt):
        sharded(pictures, tmp_path, Here(2))
    (before,) = names(tmp_path)
    said = Said()
    with pytest.raises(KeyboardInterrupt):
        sharded(pictures, tmp_path, Here(0), said, **change)
    assert "begins anew" in said.lines[0]
    assert before in said.lines[0]
    assert names(tmp_path) == set()


def test_an_export_replaces_one_that_had_more_shards(pictures, tmp_path):
    sharded(pictures, tmp_path, Here())
    (tmp_path / "all-mine.parquet").write_bytes(b"mine")
    sharded(pictures, tmp_path, Here(), chunk=60)
    found = {path.name for path in tmp_path.glob("*.parquet")}
    assert found == {"all-000000.parquet", "all-000001.parquet", "all-mine.parquet"}
    assert checksums_hold(tmp_path / SUMS_FILE)


def test_pictures_that_cannot_be_used_leave_nothing(pictures, tmp_path):
    broken = tmp_path / "in"
    broken.mkdir()
    content = (pictures / "b.tar").read_bytes()
    (broken / "b.tar").write_bytes(content.replace(b"PNG\r\n", b"GNP\r\n"))
    with pytest.raises(DataError, match=r"b\.tar, row 41: no picture"):
        sharded(broken, tmp_path / "out", Here())
    assert names(tmp_path / "out") == set()


def test_what_is_odd_is_said_for_each_shard(pictures, tmp_path):
    said = Said()
    sharded(pictures, tmp_path, Here(), said, read=OwnReader(invert=True), chunk=60)
    assert len(said.lines) == 2
    assert said.lines[0].startswith("note: all-000000: 100% of 60 pictures have dark ink on light")
