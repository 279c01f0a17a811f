import pytest

from tests.train.stroke_model.events import events_in
from train.stroke_model.events import Events


def test_scalars_are_read_back_after_what_hides_a_killed_run_s(tmp_path):
    events = Events(tmp_path / "events", done=7)
    events.add({"train/loss": 0.5, "train/mse": 0.25}, 8)
    (file,) = (tmp_path / "events").iterdir()
    first, _, start, loss, mse = events_in(file)
    assert first.file_version == "brain.Event:2"
    assert (start.step, start.session_log.status) == (7, 1)
    assert (loss.step, loss.summary.value[0].tag) == (8, "train/loss")
    assert [event.summary.value[0].simple_value for event in (loss, mse)] == [0.5, 0.25]


def test_what_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "events").write_text("a file")
    with pytest.raises(OSError, match="events"):
        Events(tmp_path / "events", done=0)
