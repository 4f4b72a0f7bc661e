"""How many requests a token may send: counted in the database, for all processes alike."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase

from puntuale.api.calls import Allowance
from puntuale.api.problems import Refused
from puntuale.people.models import Token

WINDOW = 60

# One statement counts and tells, however many processes do so at once. The table is unlogged: no disk is waited for.
_COUNT = """
    INSERT INTO api_spending AS spent (token_id, since, count) VALUES (%s, %s, 1)
    ON CONFLICT (token_id) DO UPDATE
    SET count = CASE WHEN spent.since = excluded.since THEN spent.count + 1 ELSE 1 END, since = excluded.since
    RETURNING count
"""


def spend(token: Token, *, at: datetime) -> Allowance:
    """Return what is left to a token after one more request. Raises Refused when that was one too many."""
    since = datetime.fromtimestamp(int(at.timestamp()) // WINDOW * WINDOW, tz=UTC)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [token.pk, since])
        (count,) = cursor.fetchone()
    limit, renewed_at = settings.API_RATE, since + timedelta(seconds=WINDOW)
    seconds = max(1, -(-int((renewed_at - at).total_seconds() * 1_000) // 1_000))
    allowance = Allowance(limit, WINDOW, max(0, limit - count), renewed_at, seconds)
    if count > limit:
        raise Refused("too-many", headers=_headers(allowance) | {"Retry-After": str(seconds)})
    return allowance


def tell(answer: HttpResponseBase, allowance: Allowance) -> None:
    """Tell the caller what is left."""
    for name, value in _headers(allowance).items():
        answer[name] = value


def _headers(allowance: Allowance) -> dict[str, str]:
    return {
        "RateLimit-Policy": f'"token";q={allowance.limit};w={allowance.window}',
        "RateLimit": f'"token";r={allowance.left};t={allowance.seconds}',
    }
