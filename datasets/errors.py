"""The one error that this room raises for data it cannot use."""


class DataError(ValueError):
    """Data is missing, damaged or of another kind; the message says what to do."""
