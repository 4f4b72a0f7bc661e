"""The description of the API, as OpenAPI 3.1 has it: made from the operations, so that it cannot be out of date."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from ninja import NinjaAPI

from puntuale.api import idempotency, problems
from puntuale.api.door import BYTES, JSON
from puntuale.people.access import OPERATIONS, Who

ADDRESS = "api/v1/"
ABOUT = (
    "Everything that the doors of the desk can do, for programs: quote a promise, send a ticket, answer it.\n\n"
    "A program acts for a person, by a token she makes on the page of her security, and may do what she may. Times are "
    "in UTC. What cannot be done is told as RFC 9457 has it, in the language that is asked for by Accept-Language."
)

_EVERYBODY = "everybody"
_KEY = {
    "name": idempotency.HEADER,
    "in": "header",
    "required": False,
    "description": (
        "A request that is sent again with the same key within a day is done once, and answered as the first time."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the ticket as it was read: when it has changed since, nothing is done (412).",
    "schema": {"type": "string"},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of an earlier answer: when nothing has changed since, it is not sent again (304).",
    "schema": {"type": "string"},
}
_TEXT = {"schema": {"type": "string"}}
_FILE = {"type": "string", "format": "binary"}
"""What generators of clients take for bytes: without its format they send text."""
_LIMITS = {
    "RateLimit-Policy": {"description": "How many requests a token may send in how many seconds.", **_TEXT},
    "RateLimit": {"description": "How many are left, and in how many seconds they are renewed.", **_TEXT},
}


def described(api: NinjaAPI) -> Mapping[str, Any]:
    """Return the description, made once."""
    return _described(api)


def operations(description: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and description of each operation."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


@cache
def _described(api: NinjaAPI) -> Mapping[str, Any]:
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=ADDRESS))
    found["info"]["description"] = ABOUT
    found["servers"] = [{"url": "/"}]
    for _path, method, operation in operations(found):
        _complete(method, operation)
    found["components"]["schemas"] = _used(found)
    found["components"]["securitySchemes"] = {"Bearer": {"type": "http", "scheme": "bearer"}}
    return found


def _used(description: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas that an operation refers to, directly or through another one."""
    schemas = description["components"]["schemas"]
    used: set[str] = set()
    waiting = set(_references(description["paths"]))
    while waiting:
        used |= waiting
        waiting = {name for one in waiting for name in _references(schemas[one])} - used
    return {name: _plain(one) for name, one in schemas.items() if name in used}


def _references(part: Any) -> Iterator[str]:
    """Yield the names of the schemas that a part of the description refers to."""
    if isinstance(part, dict) and isinstance(part.get("$ref"), str):
        yield part["$ref"].rpartition("/")[2]
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _references(inner)


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Add to an operation what all of its kind have in common."""
    who, scope = OPERATIONS[operation["operationId"]]
    operation["x-scope"], operation["x-who"] = scope.value, _EVERYBODY if who is Who.PERSONS else who.value
    operation["security"] = [{"Bearer": []}]
    more = [_KEY, _IF_MATCH] if method == "post" else [_IF_NONE_MATCH]
    operation["parameters"] = [*(_parameter(one) for one in operation.get("parameters", [])), *more]
    operation["responses"] = {
        str(status): _answer(int(status), answer) for status, answer in operation["responses"].items()
    }
    if operation["operationId"] == "upload_file":
        operation["requestBody"] = {"required": True, "content": {BYTES: {"schema": _FILE}}}
    if operation["operationId"] == "download_file":
        operation["responses"]["200"]["content"] = {BYTES: {"schema": _FILE}}


def _answer(status: int, answer: dict[str, Any]) -> dict[str, Any]:
    headers: dict[str, Any] = {} if status in {401, 415} else dict(_LIMITS)
    if status in {200, 201, 304}:
        headers["ETag"] = {"description": "The version of what was read.", **_TEXT}
    if status in {409, 429}:
        headers["Retry-After"] = {"description": "After how many seconds to try again.", **_TEXT}
    if status == 401:
        headers["WWW-Authenticate"] = {"description": "How to come in.", **_TEXT}
    completed = {"description": answer["description"], "headers": headers}
    if content := answer.get("content"):
        kind = problems.MEDIA_TYPE if status >= 400 else JSON
        completed["content"] = {kind: next(iter(content.values()))}
    return completed


def _parameter(parameter: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter. One that may be left out is left out, and never null."""
    schema = _plain(parameter["schema"])
    choices = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if len(choices) == 1:
        schema = {name: value for name, value in schema.items() if name != "anyOf"} | choices[0]
    schema = {name: value for name, value in schema.items() if name != "description"}
    # A schema lists its examples; a parameter names them, and does not repeat those of its schema.
    return {name: value for name, value in parameter.items() if name != "examples"} | {"schema": schema}


def _plain(schema: Any) -> Any:
    """Return a schema without titles, which only repeat the names of fields."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {field: _plain(one) for field, one in value.items()} if name == "properties" else _plain(value)
        for name, value in schema.items()
        if name != "title"
    }
