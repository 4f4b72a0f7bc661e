"""The report as a table that people read."""


def table(seed, report):
    """The report in lines."""
    figures = report["figures"]
    done, acknowledged = figures["done"], figures["acknowledged"]
    lost = len(report["violations"]["check_i01_what_was_acknowledged_exists"])
    lines = [
        f"seed {seed}",
        "",
        *(f"{what:<28}{count:>8}" for what, count in done.items()),
        "",
        *(f"{deed + ' acknowledged':<28}{count:>8}" for deed, count in acknowledged.items()),
        f"{'lost':<28}{lost:>8}",
        f"{'alarms':<28}{figures['alarms']:>8}",
        f"{'pages':<28}{figures['pages']:>8}",
        f"{'letters':<28}{figures['letters']:>8}",
        f"{'came again':<28}{figures['duplicates']:>8}",
        "",
        f"{'seconds':<28}{'p50':>8}{'p99':>8}{'max':>8}",
        *(_spread(f"{what} back", spread) for what, spread in figures["back"].items()),
        _spread("alarms rung late", figures["rung late"]),
        _spread("alarms arrived late", figures["arrived late"]),
        _spread("pages written late", figures["paged late"]),
        "",
    ]
    for name, found in report["violations"].items():
        lines.append(f"{'FAILED' if found else 'holds':<8}{name.removeprefix('check_').replace('_', ' ')}")
        lines += [f"        {violation}" for violation in found[:10]]
        lines += [f"        ... and {len(found) - 10} more"] if len(found) > 10 else []
    return "\n".join(lines)


def _spread(what, spread):
    if spread is None:
        return f"{what:<28}{'-':>8}"
    return f"{what:<28}{spread['p50']:>8.2f}{spread['p99']:>8.2f}{spread['max']:>8.2f}"
