"""The one error that the library raises for what it is given and cannot use, and its words."""


class DataError(ValueError):
    """Data is missing, damaged or of another kind; the message says what to do."""

    def __str__(self) -> str:
        """The message; what a damaged file put into it is shown as question marks."""
        text = super().__str__()
        return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)


def reason_of(error: BaseException) -> str:
    """What a library says of an error, in one line that can be shown anywhere."""
    text = " ".join(str(error).split())[:300]
    return "".join(one if one.isprintable() else "?" for one in text) or type(error).__name__
