"""TensorBoard's files of events, read record by record."""

import struct

from tensorboardX.proto.event_pb2 import Event
from tensorboardX.record_writer import masked_crc32c


def events_in(file):
    """Every event of a file, with the sums of its records checked."""
    content, found = file.read_bytes(), []
    while content:
        head, body = content[:8], content[12 : 12 + struct.unpack("<Q", content[:8])[0]]
        assert struct.unpack("<I", content[8:12])[0] == masked_crc32c(head)
        end = 12 + len(body)
        assert struct.unpack("<I", content[end : end + 4])[0] == masked_crc32c(body)
        found.append(Event.FromString(body))
        content = content[end + 4 :]
    return found
