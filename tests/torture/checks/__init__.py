"""The invariants, each a function that holds the database against what was seen, and returns what is not so in words."""

from tests.torture.checks import acknowledged, alarms, database, events, letters, pages, processes

CHECKS = {
    name: check
    for room in (acknowledged, events, alarms, pages, letters, database, processes)
    for name, check in vars(room).items()
    if name.startswith("check_")
}
