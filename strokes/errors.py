"""The one error that the library raises for what it is given and cannot use, and its words."""


def _printable(text: str) -> str:
    """What a damaged file put into a text is shown as question marks."""
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)


class DataError(ValueError):
    """Data is missing, damaged or of another kind; the message says what to do."""

    def __str__(self) -> str:
        """The message, printable."""
        return _printable(super().__str__())


def reason_of(error: BaseException) -> str:
    """What a library says of an error, in one line that can be shown anywhere."""
    return _printable(" ".join(str(error).split())[:300]) or type(error).__name__
