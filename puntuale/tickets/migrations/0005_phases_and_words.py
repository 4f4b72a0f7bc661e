"""Give the tickets of an older desk what newer ones are born with: since when they are open, and their words."""

from django.db import migrations, models

WORDS = """
INSERT INTO tickets_ticketwords (ticket_id, public, whole, characters)
SELECT ticket.id, known.words, known.words || puntuale_stems(left(coalesce(said.notes, ''), 100000), 'C'), said.characters
FROM tickets_ticket ticket
JOIN people_organisation organisation ON organisation.id = ticket.organisation_id
JOIN people_person person ON person.id = ticket.requester_id
CROSS JOIN LATERAL (
    SELECT
        string_agg(body, ' ' ORDER BY id) FILTER (WHERE audience = 'public') AS public,
        string_agg(body, ' ' ORDER BY id) FILTER (WHERE audience = 'internal') AS notes,
        least(coalesce(sum(length(body)), 0), 100000) AS characters
    FROM tickets_message WHERE ticket_id = ticket.id
) said
CROSS JOIN LATERAL (
    SELECT
        puntuale_stems(ticket.subject, 'A')
        || puntuale_stems(concat_ws(' ', organisation.name, person.name, person.email), 'B')
        || puntuale_stems(left(coalesce(said.public, ''), 100000), 'C') AS words
) known;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_whole_ticket")]
    operations = [
        migrations.RunSQL(
            """
            UPDATE tickets_ticket SET
                phase_since = submitted_at,
                due_metric = CASE WHEN due_at IS NULL THEN '' ELSE 'first_response' END;
            SET CONSTRAINTS ALL IMMEDIATE;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField("ticket", "phase_since", models.DateTimeField()),
        migrations.RunSQL(WORDS, "DELETE FROM tickets_ticketwords;"),
    ]
