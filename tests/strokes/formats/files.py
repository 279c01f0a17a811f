"""Files of recordings, written and read at once."""

from strokes.errors import DataError
from strokes.formats.recordings import read_recordings


def read(tmp_path, name, content, **options):
    path = tmp_path / name
    path.write_text(content)
    return read_recordings(path, **options)


def strictly(found):
    """What a reader found, as a list; the first thing that it cannot mean is raised."""
    recordings = []
    for one in found:
        if isinstance(one, DataError):
            raise one
        recordings.append(one)
    return recordings
