"""Errors of requests that do not fit the contract."""


class InvalidArgument(ValueError):
    """A request's argument does not fit the contract; the text names it and says what was expected."""


class TooLarge(InvalidArgument):
    """A member of a body is larger than the contract permits; the text says how large it may be."""
