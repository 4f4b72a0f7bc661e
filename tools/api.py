"""Write `docs/reference/api.md` from the description of the API, or tell whether it is as it should be.

`--write` writes it. Without it, the exit status is 1 when the file differs.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import django

REFERENCE = Path(__file__).parent.parent / "docs" / "reference" / "api.md"
HEAD = """# The API

Written by `python -m tools.api --write` from the description that every desk serves at `/api/v1/openapi.json`; the page
`/api/v1/docs` of a desk shows the same with every shape and an example of each call. How to use it is told in
[its how-to](../howto/use-the-api.md).

A scope is what the token needs; "for" tells whose token it may be. Every operation can answer 401, 403, 422 and 429,
those with something in braces 404, and those that change something 400, 409, 412, 413 and 415, always as
`application/problem+json`. Those that change something take an `Idempotency-Key`.
"""


def written() -> str:
    """Return the reference, in English whatever language was spoken last."""
    # Imported here, since Django is set up first.
    from django.utils import translation  # noqa: PLC0415

    from puntuale.api.describing import described  # noqa: PLC0415
    from puntuale.api.examples import Shapes  # noqa: PLC0415
    from puntuale.api.operations import api  # noqa: PLC0415
    from puntuale.api.problems import KINDS  # noqa: PLC0415

    def lines() -> Iterator[str]:
        yield HEAD
        for subject in Shapes(described(api)).subjects():
            yield f"## {subject.name}\n"
            for one in subject.operations:
                yield f"### `{one.method} {one.path}`\n"
                yield f"{f'{one.summary} {one.more}'.strip()} Scope `{one.scope}`, for {one.who}.\n"
                fields = [field for field in one.parameters if field.place != "header"]
                fields += one.body.fields if one.body else []
                if fields:
                    yield "| field | kind | |\n|---|---|---|"
                for field in fields:
                    needed = " (needed)" if field.is_required else ""
                    kind = field.kind.replace(" | ", ", ")
                    yield f"| `{field.name}`{needed} | {kind} | {field.description} |"
                yield ("\n" if fields else "") + f"Gives {_gives(one.answers[0].status, one.answers[0].shape)}.\n"
        yield "## Problems\n\n| name | status | |\n|---|---|---|"
        for name, problem in KINDS.items():
            yield f"| `{name}` | {problem.status.value} | {problem.title} |"

    with translation.override("en"):
        return "\n".join(lines()) + "\n"


def _gives(status: str, shape: str) -> str:
    return f"{status} with `{shape}`" if shape else f"{status} with the content of the file"


def main() -> int:
    """Write the reference, or compare it."""
    django.setup()
    if "--write" in sys.argv:
        REFERENCE.write_text(written(), encoding="utf-8")
        return 0
    if REFERENCE.read_text(encoding="utf-8") != written():
        print("docs/reference/api.md is out of date: python -m tools.api --write")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
