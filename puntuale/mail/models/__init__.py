"""The tables of this room."""

from puntuale.mail.models.bounce import Bounce
from puntuale.mail.models.incoming import Incoming, Outcome, Proof
from puntuale.mail.models.mailbox import Mailbox
from puntuale.mail.models.mailed import MailedMessage

__all__ = ["Bounce", "Incoming", "Mailbox", "MailedMessage", "Outcome", "Proof"]
