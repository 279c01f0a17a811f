"""The pictures that a run's model is to write: its own set's, or another's of the same classes."""

from typing import TYPE_CHECKING

from train.errors import RunError

if TYPE_CHECKING:
    from datasets.prepared import PictureSet, Split
    from strokes.writing.writer import Writer


def set_of(writer: "Writer", name: str) -> str:
    """The set that an option names, or that of the run if it is empty."""
    from train.stroke_model.model import training_config

    return name or training_config(writer).set


def check_classes(writer: "Writer", name: str) -> None:
    """Refuse a set of other classes.

    Raises:
      RunError: its classes are not those that the model writes.
      DataError: it is not to be had.
    """
    from datasets.picture_sets import classes_and_size

    chosen = set_of(writer, name)
    classes, *_ = classes_and_size(chosen)
    if classes.names != writer.classes.names:
        raise RunError(
            f"--set {chosen}: its classes are others than this model writes, expected "
            f"{writer.classes.described}"
        )


def pictures_of(writer: "Writer", name: str, split: "Split") -> "PictureSet":
    """One split of it, thinned, of the size that the model reads.

    Raises:
      RunError: its classes are not those that the model writes.
      DataError: it is not to be had, or not in this size.
    """
    from datasets.picture_sets import load_picture_set

    check_classes(writer, name)
    side = writer.config.networks.decoder.picture_height
    return load_picture_set(set_of(writer, name), split, kind="thinned", side=side)
