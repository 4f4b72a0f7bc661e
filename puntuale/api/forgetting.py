"""Forgetting answers that nobody asks for again. The worker does that, so nothing of what serves requests is loaded."""

from datetime import datetime, timedelta

from puntuale.api.models import KeptAnswer

KEPT_FOR = timedelta(days=1)


def forget_old_answers(*, at: datetime) -> int:
    """Return how many answers were forgotten that were given more than a day ago."""
    gone, _kinds = KeptAnswer.objects.filter(given_at__lt=at - KEPT_FOR).delete()
    return gone
