"""The body of every error: `{"result": false, "message": ...}` (assumed)."""

import json


def error_body(message: str) -> bytes:
    """An error as JSON in the contract's shape."""
    return json.dumps({"result": False, "message": message}).encode() + b"\n"
