"""How an operation is declared, and what is looked at before it is done: token, allowance, rights, parameters."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Router
from ninja.operation import Operation
from ninja.security import HttpBearer
from pydantic import BaseModel

from puntuale.agreements.reading import looking_up_once
from puntuale.api import etags, idempotency, limits
from puntuale.api.calls import Call
from puntuale.api.problems import FieldProblem, Problem, Refused
from puntuale.people import tokens
from puntuale.people.access import OPERATIONS

Deed = TypeVar("Deed", bound=Callable[..., Any])
JSON, BYTES = "application/json", "application/octet-stream"
READING = (401, 403, 422, 429)
DOING = (400, 401, 403, 409, 412, 413, 415, 422, 429)


class Bearer(HttpBearer):
    """Lets in whoever shows a token that is meant for an operation, of somebody who may do it."""

    def __init__(self, operation: str, takes: str) -> None:
        super().__init__()
        self.who, self.scope = OPERATIONS[operation]
        self.takes = takes
        self.operation: Operation

    def authenticate(self, request: HttpRequest, token: str) -> bool:
        """Let a request in. Raises Refused."""
        call = cast("Call", request)
        shown = tokens.shown(token, at=call.at)
        if shown is None:
            raise Refused("no-token")
        call.token, call.person = shown, shown.person
        if "Accept-Language" not in call.headers:
            translation.activate(call.person.language)
        call.allowance = limits.spend(shown, at=call.at)
        tokens.note_use(shown, at=call.at)
        if not self.who.admits(call.person):
            raise Refused("not-allowed")
        if self.scope not in shown.scopes:
            raise Refused("wrong-scope", _("It needs the scope %(scope)s.") % {"scope": self.scope.value})
        call.is_streamed = self.takes == BYTES
        if call.method == "POST" and not self._takes(call):
            detail = _("A body has to be %(type)s.") % {"type": self.takes}
            raise Refused("wrong-type", detail)
        call.unknown = _unknown(call, self.operation)
        return True

    def _takes(self, call: Call) -> bool:
        """Tell whether a body is of the type that is read here, or there is none."""
        return call.content_type == self.takes or (not call.is_streamed and not call.body)


def reads(router: Router, path: str, *, gives: Any, also: tuple[int, ...] = ()) -> Callable[[Deed], Deed]:
    """Declare an operation that changes nothing, by the name of its function. `also` are further ways to refuse."""
    answers = {200: None if gives == BYTES else gives, 304: None}
    return _declared(router, "GET", path, answers, {*READING, *also}, takes=JSON)


def does(router: Router, path: str, *, gives: Any, status: int = 200, takes: str = JSON) -> Callable[[Deed], Deed]:
    """Declare an operation that changes something, once for each Idempotency-Key, and gives what came of it."""
    return _declared(router, "POST", path, {status: gives}, set(DOING), takes=takes)


def _declared(
    router: Router, method: str, path: str, gives: dict[int, Any], refuses: set[int], *, takes: str
) -> Callable[[Deed], Deed]:
    answers = gives | dict.fromkeys(sorted(refuses | ({404} if "{" in path else set())), Problem)

    def declare(deed: Deed) -> Deed:
        name, status = deed.__name__, next(iter(gives))
        carried_out = _carried_out(deed, status)
        said = (deed.__doc__ or "").strip()
        bearer = Bearer(name, takes)
        router.api_operation(
            [method],
            path,
            auth=bearer,
            response=answers,
            operation_id=name,
            summary=said.partition("\n")[0],
            description=said,
            by_alias=True,
        )(carried_out)
        bearer.operation = carried_out._ninja_operation  # type: ignore[attr-defined]
        return deed

    return declare


def _carried_out(deed: Callable[..., Any], status: int) -> Callable[..., HttpResponseBase]:
    @wraps(deed)
    def carry_out(request: Call, **said: Any) -> HttpResponseBase:
        if request.unknown:
            raise Refused("refused", request.unknown[0].detail, request.unknown)

        def answer() -> HttpResponseBase:
            with looking_up_once():
                return _answer(request, deed(request, **said), status)

        return answer() if request.method == "GET" else idempotency.once(request, answer)

    return carry_out


def _answer(call: Call, told: BaseModel | HttpResponseBase, status: int) -> HttpResponseBase:
    if isinstance(told, HttpResponseBase):
        return told
    body = told.model_dump_json(by_alias=True)
    return etags.tell(call, HttpResponse(body, status=status, content_type="application/json"), etags.of(body))


def _unknown(call: Call, operation: Operation) -> list[FieldProblem]:
    """Return what is wrong with parameters that an operation does not have, and with a body where none is read."""
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }
    unknown = [
        FieldProblem(field=f"query.{name}", rule="extra_forbidden", detail=_("There is no such field."))
        for name in call.GET
        if name not in known
    ]
    reads_body = call.is_streamed or any(model.__ninja_param_source__ == "body" for model in operation.models)
    if not reads_body and call.body.strip() not in {b"", b"{}"}:
        unknown.append(
            FieldProblem(field="body", rule="extra_forbidden", detail=_("Nothing is read from a body here."))
        )
    return unknown
