"""A blueprint that declares how large its requests may be, and what of them the journal keeps."""

from typing import Any

from flask import Blueprint


class MockBlueprint(Blueprint):
    """Routes that belong to the mock itself, not to the contract.

    Args:
        name: the name of the blueprint.
        import_name: the module's `__name__`.
        max_body: bytes of a request's body; by default the limit of requests that belong to no operation.
        secret_members: the members that the journal redacts in JSON bodies; None if it keeps no body.
        journals_query: whether the journal keeps the query, which may hold a secret.
        options: the other arguments of `flask.Blueprint`.
    """

    def __init__(
        self,
        name: str,
        import_name: str,
        *,
        max_body: int | None = None,
        secret_members: frozenset[str] | None = None,
        journals_query: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(name, import_name, **options)
        self.max_body = max_body
        self.secret_members = secret_members
        self.journals_query = journals_query
