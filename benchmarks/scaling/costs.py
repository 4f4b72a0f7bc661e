"""What requests cost, written down and read again."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

MEASURED = Path(__file__).with_suffix(".json")
"""What was measured for the documentation."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds of processor time of one request, on average: of the web process, and of the database."""

    web: float
    database: float


def read(file: Path = MEASURED) -> dict[str, Cost]:
    """Return what each kind of request costs."""
    return {name: Cost(**cost) for name, cost in json.loads(file.read_text()).items()}


def write(costs: Mapping[str, Cost], file: Path) -> None:
    """Write it down."""
    file.write_text(json.dumps({name: asdict(cost) for name, cost in costs.items()}, indent=2) + "\n")
