"""Flask applications that share the routes of their contract.

Compiling the routes takes longer than the rest of `create_app`, and every test of a user creates an application.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any
from weakref import WeakKeyDictionary

from flask import Flask
from werkzeug.routing import Map, RuleFactory

from cerbo_portal_mock.spec.contract import Contract


class _Routes(Map):
    """A URL map that can be changed until it is shared; an application then changes a copy."""

    shared = False

    def share(self) -> None:
        self.shared = True
        self.converters = MappingProxyType(self.converters)  # type: ignore[assignment]

    def add(self, rulefactory: RuleFactory) -> None:
        if self.shared:
            raise RuntimeError("expected a route by the application's add_url_rule, which copies the shared ones")
        super().add(rulefactory)

    def copy(self) -> "_Routes":
        copied = _Routes(merge_slashes=self.merge_slashes)
        for rule in self.iter_rules():
            route = rule.empty()
            # An attribute that Flask sets on its rules, and `empty` drops.
            vars(route)["provide_automatic_options"] = vars(rule)["provide_automatic_options"]
            copied.add(route)
        return copied


_ROUTES: WeakKeyDictionary[Contract, _Routes] = WeakKeyDictionary()


class SharedRoutesFlask(Flask):
    """A Flask application of this package; until they are shared, its routes are those of the contract.

    Args:
        contract: its first application compiles the routes, later ones only add their views.
    """

    def __init__(self, contract: Contract) -> None:
        super().__init__(f"{__package__}.app", static_folder=None)
        self._contract = contract
        self.url_map: _Routes = _ROUTES.get(contract) or _Routes(merge_slashes=False)
        self._known = {rule.endpoint for rule in self.url_map.iter_rules()}

    def share_routes(self) -> None:
        """Share the routes with later applications; routes added from now on belong to this one alone."""
        self.url_map.share()
        _ROUTES.setdefault(self._contract, self.url_map)
        self._known.clear()

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        provide_automatic_options: bool | None = None,
        **options: Any,
    ) -> None:
        """Add a route as Flask does, or only its view where the shared routes have the route already."""
        if endpoint and view_func and endpoint in self._known:
            self.view_functions[endpoint] = view_func
            return
        if self.url_map.shared:
            self.url_map = self.url_map.copy()
        super().add_url_rule(rule, endpoint, view_func, provide_automatic_options, **options)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Skip Flask's check of each function on each call: none is asynchronous."""
        return func
