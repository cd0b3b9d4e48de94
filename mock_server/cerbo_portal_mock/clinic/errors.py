"""The base of the errors by which the domain refuses a request."""


class DomainError(Exception):
    """A request cannot be carried out; the text says why and contains no patient data."""
