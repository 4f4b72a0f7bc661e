"""The description of the API as its page shows it: operations by subject, shapes, and an example of each."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from puntuale.api.describing import operations

SAMPLES = {"string": "text", "integer": 1, "boolean": True, "number": 1, "null": None}
FORMATS = {"date-time": "2026-11-20T15:00:00Z", "date": "2026-11-20"}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a shape. `shape` names the shape that it has, where it has one."""

    name: str
    kind: str
    place: str
    is_required: bool
    description: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of a body, or of something in it."""

    name: str
    description: str
    fields: list[Field]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, what it means, and the shape that comes with it."""

    status: str
    description: str
    shape: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An operation as the page shows it."""

    name: str
    method: str
    path: str
    summary: str
    more: str
    scope: str
    who: str
    parameters: list[Field]
    body: Shape | None
    answers: list[Answer]
    call: str
    example: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Operations on one subject."""

    name: str
    operations: list[Shown]


class Shapes:
    """Reads a description."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.description = description
        self.known: Mapping[str, Any] = description["components"]["schemas"]

    def subjects(self) -> list[Subject]:
        """Return the operations by their subjects."""
        found: dict[str, list[Shown]] = {}
        for path, method, operation in operations(self.description):
            found.setdefault(operation["tags"][0], []).append(self._shown(path, method, operation))
        return [Subject(name, shown) for name, shown in found.items()]

    def shapes(self) -> list[Shape]:
        """Return the shapes that have fields, by their names."""
        return [self._shape(name) for name, schema in sorted(self.known.items()) if schema.get("properties")]

    def example(self, schema: Mapping[str, Any]) -> Any:
        """Return something of a shape."""
        # What a field says goes before what its kind says.
        given, schema = schema.get("examples"), self._resolved(schema)
        if given := given or schema.get("examples") or schema.get("enum"):
            return given[0]
        if choices := schema.get("anyOf"):
            return self.example(choices[0])
        if fields := schema.get("properties"):
            return {name: self.example(one) for name, one in fields.items()}
        if schema.get("type") == "object":
            return {"key": self.example(schema["additionalProperties"])}
        if schema.get("type") == "array":
            return [self.example(schema["items"])]
        return FORMATS.get(schema.get("format", ""), SAMPLES.get(schema.get("type", "string")))

    def _shown(self, path: str, method: str, operation: Mapping[str, Any]) -> Shown:
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        summary, _line, more = operation["description"].partition("\n")
        return Shown(
            name=operation["operationId"],
            method=method.upper(),
            path=path,
            summary=summary,
            more=" ".join(more.split()),
            scope=operation["x-scope"],
            who=operation["x-who"],
            parameters=[self._field(one["name"], one["schema"], one) for one in operation["parameters"]],
            body=self._shape(_name(body)) if body else None,
            answers=[
                Answer(status, one["description"], self._kind(one)) for status, one in operation["responses"].items()
            ],
            call=self._call(path, method, body),
            example=self._answered(operation),
        )

    def _shape(self, name: str) -> Shape:
        schema = self.known[name]
        needed = schema.get("required", [])
        fields = [
            self._field(field, one, {"required": field in needed, "in": "body", **one})
            for field, one in schema.get("properties", {}).items()
        ]
        return Shape(name, " ".join(schema.get("description", "").split()), fields)

    def _field(self, name: str, schema: Mapping[str, Any], about: Mapping[str, Any]) -> Field:
        refers = next((_name(one) for one in _all(schema) if "$ref" in one), "")
        has_fields = bool(self.known.get(refers, {}).get("properties"))
        description = about.get("description", "") if "in" in about else ""
        return Field(
            name, self._type(schema), about["in"], bool(about["required"]), description, refers if has_fields else ""
        )

    def _type(self, schema: Mapping[str, Any]) -> str:
        if choices := schema.get("anyOf"):
            return " | ".join(dict.fromkeys(self._type(one) for one in choices))
        if "$ref" in schema:
            resolved = self._resolved(schema)
            return _name(schema) if resolved.get("properties") else self._type(resolved)
        if values := schema.get("enum"):
            return " | ".join(str(value) for value in values)
        if schema.get("type") == "array":
            return f"list of {self._type(schema.get('items', {}))}"
        return str(schema.get("format") or schema.get("const") or schema.get("type", "any"))

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.known[_name(schema)] if "$ref" in schema else schema

    def _kind(self, answer: Mapping[str, Any]) -> str:
        contents: list[dict[str, Any]] = list(answer.get("content", {}).values())
        return _name(contents[0]["schema"]) if contents else ""

    def _call(self, path: str, method: str, body: Mapping[str, Any] | None) -> str:
        lines = [f"curl -H 'Authorization: Bearer pun_...' https://support.example.com{path}"]
        if method == "post":
            lines.append("  -X POST -H 'Idempotency-Key: 7f1c'")
        if body:
            said = json.dumps(self.example(body), ensure_ascii=False)
            lines.append(f"  -H 'Content-Type: application/json' -d '{said}'")
        return " \\\n".join(lines)

    def _answered(self, operation: Mapping[str, Any]) -> str:
        answer = next(iter(operation["responses"].values()))
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        return json.dumps(self.example(schema), indent=2, ensure_ascii=False) if schema else ""


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _all(schema: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield schema
    inner: list[Any] = [*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")]
    for one in inner:
        if isinstance(one, dict):
            yield from _all(one)
