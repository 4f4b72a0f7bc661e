"""Documents that tests read, and a way to bend one at a path."""

import copy
import tomllib
from importlib.resources import files

STANDARD = files("puntuale.agreements").joinpath("standard.toml").read_text(encoding="utf-8")
LEFT_OUT = object()


def bent(changes, base=None):
    """The standard document with values changed at dotted paths; `[0]`-style steps are numbers. LEFT_OUT deletes."""
    table = copy.deepcopy(base) if base is not None else tomllib.loads(STANDARD)
    for path, value in changes.items():
        *steps, last = path.split(".")
        node = table
        for step in steps:
            node = node[int(step)] if isinstance(node, list) else node.setdefault(step, {})
        key = int(last) if isinstance(node, list) else last
        if value is LEFT_OUT:
            del node[key]
        else:
            node[key] = value
    return table
