"""The lock files: `uv.lock`, and the hashed requirements made from it, one a set of packages."""

import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

SETS = {
    "run": ["--extra", "embedded"],
    "develop": ["--extra", "embedded", "--group", "test", "--group", "check"],
    "bench": ["--extra", "embedded", "--group", "test", "--group", "bench"],
}
FOLDER = Path("requirements")
HEADER = "# Made from uv.lock by `./run lock`. Not edited by hand.\n"


def requirements(options: list[str]) -> str:
    """Return a set of packages with versions and hashes, as pip reads it."""
    export = [
        find_uv_bin(),
        "export",
        "--frozen",
        "--quiet",
        "--no-header",
        "--no-annotate",
        "--no-emit-project",
        *options,
    ]
    return HEADER + subprocess.run(export, check=True, capture_output=True, text=True).stdout


def main() -> int:
    """Renew the files, or tell which of them are not what uv.lock says."""
    if "--renew" in sys.argv:
        subprocess.run([find_uv_bin(), "lock", "--quiet"], check=True)
        FOLDER.mkdir(exist_ok=True)
        for name, options in SETS.items():
            (FOLDER / f"{name}.txt").write_text(requirements(options))
        return 0
    stale = [name for name, options in SETS.items() if (FOLDER / f"{name}.txt").read_text() != requirements(options)]
    for name in stale:
        print(f"requirements/{name}.txt is not what uv.lock says; run ./run lock")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
