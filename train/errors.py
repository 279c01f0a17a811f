"""The one error that a run raises for what a person can mend."""


class RunError(Exception):
    """A run cannot start or go on; the message says why and what to do."""
