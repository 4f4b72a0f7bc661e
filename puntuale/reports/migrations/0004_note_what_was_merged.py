"""What happens to a ticket also notes those that were merged into it: they count by how it kept their promises."""

from django.db import migrations

_NOTED = """
    WITH RECURSIVE noted (id) AS (
        SELECT DISTINCT {ticket} FROM {source}
        UNION SELECT t.id FROM noted JOIN tickets_ticket t ON t.merged_into_id = noted.id
    ) INSERT INTO reports_touched (ticket) SELECT id FROM noted;
"""
_ENDED = "written JOIN tickets_promisemade promise ON promise.id = written.promise_id WHERE metric = 'first_response'"
_HAPPENED = (
    "written WHERE kind NOT IN"
    " ('submitted', 'assigned', 'answered', 'customer_wrote', 'noted', 'followed', 'unfollowed', 'rated')"
)


def _function(name: str, body: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {body}
    RETURN NULL;
END
$$;
"""


NOTE = (
    _function("puntuale_note_ended", _NOTED.format(ticket="promise.ticket_id", source=_ENDED)),
    _function("puntuale_note_touched", _NOTED.format(ticket="ticket_id", source=_HAPPENED)),
    # What was summed up of them before counted otherwise.
    """
INSERT INTO reports_touched (ticket)
SELECT id FROM tickets_ticket WHERE merged_into_id IS NOT NULL
UNION SELECT merged_into_id FROM tickets_ticket WHERE merged_into_id IS NOT NULL;
    """,
)
_PLAIN = "INSERT INTO reports_touched (ticket) SELECT DISTINCT {ticket} FROM {source};"
FORGET = (
    _function("puntuale_note_ended", _PLAIN.format(ticket="promise.ticket_id", source=_ENDED)),
    _function("puntuale_note_touched", _PLAIN.format(ticket="ticket_id", source=_HAPPENED)),
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_note_what_counts"), ("tickets", "0010_reports")]

    # Each by itself, so that those who write meanwhile wait for nothing.
    atomic = False

    operations = [migrations.RunSQL(NOTE, FORGET)]
