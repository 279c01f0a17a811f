import struct

import pytest
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.record_writer import masked_crc32c

from train.stroke_model.events import Events


def events_in(folder):
    """Every event of the only file, with the sums of its records checked."""
    (file,) = folder.iterdir()
    content, found = file.read_bytes(), []
    while content:
        head, body = content[:8], content[12 : 12 + struct.unpack("<Q", content[:8])[0]]
        assert struct.unpack("<I", content[8:12])[0] == masked_crc32c(head)
        end = 12 + len(body)
        assert struct.unpack("<I", content[end : end + 4])[0] == masked_crc32c(body)
        found.append(Event.FromString(body))
        content = content[end + 4 :]
    return found


def test_scalars_are_read_back_after_what_hides_a_killed_run_s(tmp_path):
    events = Events(tmp_path / "events", done=7)
    events.add({"train/loss": 0.5, "train/mse": 0.25}, 8)
    first, _, start, loss, mse = events_in(tmp_path / "events")
    assert first.file_version == "brain.Event:2"
    assert (start.step, start.session_log.status) == (7, 1)
    assert (loss.step, loss.summary.value[0].tag) == (8, "train/loss")
    assert [event.summary.value[0].simple_value for event in (loss, mse)] == [0.5, 0.25]


def test_what_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "events").write_text("a file")
    with pytest.raises(OSError, match="events"):
        Events(tmp_path / "events", done=0)
