"""The public face of the package: what it exports is what a user may rely on."""

import importlib
import inspect

import cerbo_portal_client
from cerbo_portal_client import CerboError, RequestStatus, RequestType, errors


def test_everything_that_is_exported_exists_and_is_documented() -> None:
    assert list(cerbo_portal_client.__all__) == sorted(cerbo_portal_client.__all__)
    for name in cerbo_portal_client.__all__:
        exported = getattr(cerbo_portal_client, name)
        assert name in {"UNSET", "__version__"} or inspect.getdoc(exported), name


def test_every_error_is_exported_and_of_one_family() -> None:
    classes = {name for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, Exception)}
    assert classes <= set(cerbo_portal_client.__all__)
    assert all(issubclass(getattr(errors, name), CerboError) for name in classes)
    for name in classes:
        # The name in a traceback can be imported.
        kind = getattr(errors, name)
        assert getattr(importlib.import_module(kind.__module__), name) is kind
        assert not any(part.startswith("_") for part in kind.__module__.split("."))
    assert classes == {name for name in errors.__all__ if name.istitle() or (name[0].isupper() and not name.isupper())}


def test_known_values_of_open_sets_are_plain_texts() -> None:
    assert (RequestType.PRESCRIPTION_REFILL, RequestStatus.OPEN) == ("prescription_refill", "open")
    assert type(RequestType.APPOINTMENT) is str
