"""HTTP Basic authentication of the API's callers, against the users of the instance that they name."""

from cerbo_portal_mock.clinic.api_users import ApiUser, ApiUsers
from cerbo_portal_mock.clinic.instance import Instances
from cerbo_portal_mock.http import errors, instance_routing
from cerbo_portal_mock.http.request_context import RequestContext
from cerbo_portal_mock.spec.errors import InvalidArgument


def authenticate(context: RequestContext, instances: Instances) -> None:
    """Find the instance and the API user of a request; a new instance is created on its first authenticated use.

    Args:
        context: the request; receives `instance_name`, `instance` and `api_user`.
        instances: the instances that exist.

    Raises:
        Unauthorized: the credentials are missing or wrong.
        InvalidArgument: no instance can have this name, or there are too many.
    """
    name = instance_routing.instance_name(context.request)
    try:
        instance = instances.get(name)
    except InvalidArgument:
        _api_user(context, ApiUsers(instances.scenario.users))
        raise
    # Only a valid name is fit for a line of the log.
    context.instance_name = name
    anonymous = context.operation is not None and context.operation.anonymous
    if instance is None:
        if not anonymous:
            _api_user(context, ApiUsers(instances.scenario.users))
        instance = instances.get_or_create(name)
    context.instance = instance
    if not anonymous:
        context.api_user = _api_user(context, instance.api_users)


def _api_user(context: RequestContext, api_users: ApiUsers) -> ApiUser:
    try:
        credentials = context.request.authorization
    except ValueError:  # bytes beyond ASCII
        credentials = None
    if credentials is None or credentials.type != "basic":
        raise errors.unauthorized()
    user = api_users.authenticate(credentials.username or "", credentials.password or "")
    if user is None:
        raise errors.unauthorized()
    return user
