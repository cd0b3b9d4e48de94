"""Media types: which one fits which, and which of them are JSON, forms or texts."""

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
FORMS = {URLENCODED, MULTIPART}
JSON = "application/json"


def essence(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def fits(media_type: str, declared: str) -> bool:
    """Whether a media type is the declared one, which may have wildcards and parameters."""
    kind, _, subtype = essence(declared).partition("/")
    given_kind, _, given_subtype = essence(media_type).partition("/")
    return kind in {"*", given_kind} and subtype in {"*", given_subtype}


def is_json(media_type: str) -> bool:
    """Whether content of a media type is JSON; a declared one with a wildcard for JSON, too."""
    return essence(media_type) in {JSON, "application/*", "*/*"} or essence(media_type).endswith("+json")


def is_text(media_type: str) -> bool:
    """Whether content of a media type is text in UTF-8."""
    return essence(media_type).startswith("text/")
