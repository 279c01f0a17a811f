import pytest

from tests.train.evaluation.written import Count
from tests.train.export.planned import tiny_writer
from tests.train.export.shares import CHUNK, picture_shards
from train.export import sources
from train.export.export import export
from train.export.sources import own_pictures


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    return picture_shards(tmp_path_factory.mktemp("shares") / "in")


@pytest.fixture(scope="module")
def single(pictures, tmp_path_factory):
    """What one process exports of them, and its scores."""
    out = tmp_path_factory.mktemp("single")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sources, "_CHUNK", CHUNK)
        source = own_pictures(pictures, labels=None, invert=False, thinned=False)
        return out, export(tiny_writer(), [source], out, Count(), name="mine")
