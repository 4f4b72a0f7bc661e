"""A letter as text and as HTML."""

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puntuale.looks import plain
from puntuale.looks.markdown import rendered
from puntuale.mail.contents import Content
from puntuale.mail.incoming.folding import CUT
from puntuale.mail.plain import as_plain


def as_text(content: Content, *, link: str, takes_answers: bool) -> str:
    """Return a letter as plain text."""
    said = content.said if content.is_plain else as_plain(content.said)
    parts = [_cut_line() if takes_answers else "", content.lead, said]
    parts += [_left_out(content), _files(content), *content.follows]
    facts = [_fact(name, value) for name, value in content.facts]
    parts.append("\n".join(["-- ", *facts, link]))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_html(content: Content, *, link: str, takes_answers: bool) -> str:
    """Return a letter as HTML: what people wrote goes through the sanitizer, everything else through the template."""
    draw = plain.drawn if content.is_plain else rendered
    return render_to_string(
        "mail/letter.html",
        {
            "language": get_language(),
            "cut": _cut_line() if takes_answers else "",
            "content": content,
            "said": draw(content.said, _("Quoted text")) if content.said else "",
            "rest": _left_out(content),
            "files": _files(content),
            "link": link,
        },
    )


def _cut_line() -> str:
    asked = _("Please write your answer above this line")
    return f"{CUT} {asked} -##"


def _left_out(content: Content) -> str:
    if content.is_cut:
        return _("The rest stands on the page of the ticket.")
    return _("The quoted text is on the ticket's page.") if content.leaves_out_quotes else ""


def _files(content: Content) -> str:
    if not content.files:
        return ""
    return _fact(_("Files, on the page of the ticket"), ", ".join(content.files))


def _fact(name: str, value: str) -> str:
    return _("%(name)s: %(value)s") % {"name": name, "value": value}
