"""The one error that the library raises for what it is given and cannot use."""


class DataError(ValueError):
    """Data is missing, damaged or of another kind; the message says what to do."""
