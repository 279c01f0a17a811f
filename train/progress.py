"""Where long work reports how far it is; a script shows it."""

from contextlib import AbstractContextManager
from typing import Protocol


class Progress(Protocol):
    """A piece of work under way."""

    def skip(self, count: int) -> None:
        """So many were through before it began."""

    def advance(self, count: int) -> None:
        """So many more are through."""

    def line(self, text: str) -> None:
        """Something to say."""


class ProgressFactory(Protocol):
    """Begins a piece of work, as scripts.shared.console.ProgressBar does."""

    def __call__(
        self, total: int, *, label: str, unit: str = " images"
    ) -> AbstractContextManager[Progress]:
        """Begin at 0 of ``total``; 0 if that is not known."""
