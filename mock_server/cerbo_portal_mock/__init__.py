"""A mock of Cerbo's patient-portal API: stateful, checked against the contract, for offline use."""

from cerbo_portal_mock.app import create_app
from cerbo_portal_mock.scenario import Scenario, ScenarioError

__all__ = ["Scenario", "ScenarioError", "create_app"]
