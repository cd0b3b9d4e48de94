"""Whether a host is this machine."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host is a loopback address, `localhost` or a name below it.

    Args:
        host: a name or an IP address, an IPv6 address without brackets.
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
