"""Files of recordings, written and read at once."""

from strokes.formats.recordings import read_recordings


def read(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content)
    return read_recordings(path)
