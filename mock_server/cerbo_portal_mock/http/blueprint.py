"""A blueprint that declares how large its requests may be, and what of them the journal keeps."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint


class MockBlueprint(Blueprint):
    """Routes that belong to the mock itself, not to the contract.

    Args:
        name: the name of the blueprint.
        import_name: the module's `__name__`.
        max_bodies: bytes of a request's body, by endpoint; by default the limit outside of the contract.
        secret_members: the members that the journal redacts in JSON bodies; None if it keeps no body.
        open_endpoints: endpoints that pages of other origins may GET.
        private: whether query and bodies may hold a secret anywhere: the journal keeps none of them.
        options: the other arguments of `flask.Blueprint`.
    """

    def __init__(  # noqa: PLR0913 (Flask's, and one for each declaration)
        self,
        name: str,
        import_name: str,
        *,
        max_bodies: Mapping[str, int] | None = None,
        secret_members: frozenset[str] | None = None,
        open_endpoints: frozenset[str] = frozenset(),
        private: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(name, import_name, **options)
        self.max_bodies = max_bodies or {}
        self.secret_members = secret_members
        self.open_endpoints = open_endpoints
        self.private = private
