"""A mock of Cerbo's patient-portal API: stateful, checked against the contract, for offline use."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cerbo_portal_mock.clinic.scenario import Scenario, ScenarioError
    from cerbo_portal_mock.factory import create_app
    from cerbo_portal_mock.testing.mock_portal import MockPortal
    from cerbo_portal_mock.testing.transport import PortalTransport

__all__ = ["MockPortal", "PortalTransport", "Scenario", "ScenarioError", "create_app"]

_MODULES = {
    "MockPortal": "testing.mock_portal",
    "PortalTransport": "testing.transport",
    "Scenario": "clinic.scenario",
    "ScenarioError": "clinic.scenario",
    "create_app": "factory",
}


def __getattr__(name: str) -> Any:
    # pytest imports the plugin of this package in every run, also where the extra is not installed.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
