"""Gives each call of a function a portal."""

import inspect
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, TypeVar, cast

R = TypeVar("R")
ARGUMENT = "portal"


def with_portal(function: Callable[..., R], create: Callable[[], AbstractContextManager[Any]]) -> Callable[..., R]:
    """The function, which receives a new portal at each call as its argument `portal`, if it has one.

    Args:
        function: a function or method, synchronous or asynchronous.
        create: creates the portal of one call.

    Raises:
        TypeError: it is a class, or a generator.
    """
    if not inspect.isroutine(function) or inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError("MockPortal: expected a function or method to decorate, no class and no generator")
    signature = inspect.signature(function)
    others = [parameter for name, parameter in signature.parameters.items() if name != ARGUMENT]
    takes_portal = len(others) < len(signature.parameters)

    def arguments(portal: Any) -> dict[str, Any]:
        return {ARGUMENT: portal} if takes_portal else {}

    @wraps(function)
    async def call_async(*args: Any, **kwargs: Any) -> Any:
        with create() as portal:
            return await cast("Awaitable[Any]", function(*args, **kwargs, **arguments(portal)))

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        with create() as portal:
            return function(*args, **kwargs, **arguments(portal))

    decorated: Any = call_async if inspect.iscoroutinefunction(function) else call
    # pytest would look for a fixture of the name.
    decorated.__signature__ = signature.replace(parameters=others)
    return cast("Callable[..., R]", decorated)
