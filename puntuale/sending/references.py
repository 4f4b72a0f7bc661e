"""Which of our letters a mail says it answers: their Message-ID is their random key at our domain."""

import re
from uuid import UUID

from django.conf import settings

MOST_KEYS = 20
_KEY = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@([^<>@\s]{1,253})>", re.IGNORECASE)


def keys_in(references: str) -> list[UUID]:
    """Return the keys of letters of ours that the headers In-Reply-To and References name, at most twenty."""
    domain = settings.MAIL_DOMAIN.lower()
    return [UUID(key) for key, at in _KEY.findall(references) if at.lower() == domain][:MOST_KEYS]
