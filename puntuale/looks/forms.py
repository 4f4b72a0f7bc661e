"""Forms in which people write: what one holds, for its draft."""

from typing import Any

from puntuale.looks.keys import sent_key
from puntuale.looks.requests import Admitted
from puntuale.tickets import drafts
from puntuale.tickets.drafts import Written


def written_in(request: Admitted) -> Written:
    """Return what a form holds that a draft keeps."""
    sent = request.POST
    fields = {name: sent.get(name, "") for name in sent if name not in {"body", "subject", "files", "key"}}
    return Written(sent.get("body", ""), sent.get("subject", ""), fields, sent.getlist("files"), sent_key(request))


def forget_sent(request: Admitted, **of: Any) -> None:
    """Drop the draft of a form that was sent, but not one that says something else and was kept elsewhere meanwhile."""
    drafts.forget_sent(request.person, written_in(request), **of, known=request.POST.get("version", ""))
