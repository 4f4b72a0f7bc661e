"""What serves the API is loaded by the first request to it, and by no process that serves none."""

import subprocess
import sys

LOADS = """
import sys, django
django.setup()
import puntuale.conf.worker, puntuale.conf.urls
from django.urls import reverse
from django.utils.translation import override
with override("it"):
    reverse("tickets"), reverse("api", args=["me"])
print(sorted({"ninja", "pydantic", "httpx"} & set(sys.modules)))
"""


def test_neither_worker_nor_pages_load_the_machinery_of_the_api(db):
    done = subprocess.run([sys.executable, "-c", LOADS], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
