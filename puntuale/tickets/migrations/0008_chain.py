"""A ticket's events form a chain of digests. Those that are there already are chained as they stand."""

from django.db import migrations, models

# The same as `guarantee/chain.py` reckons.
DIGEST = """
CREATE FUNCTION puntuale_digest(
    before text, ticket bigint, number integer, kind text, at timestamptz, by_id bigint, facts jsonb
) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT encode(sha256(convert_to(concat_ws(
        E'\\n', before, ticket, number, kind, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        coalesce(by_id::text, ''), facts
    ), 'UTF8')), 'hex')
$$;
"""

CHAIN = """
ALTER TABLE tickets_event DISABLE TRIGGER only_added_to;
DO $$
DECLARE
    event tickets_event;
    ticket bigint := 0;
    before text;
BEGIN
    FOR event IN SELECT * FROM tickets_event ORDER BY ticket_id, number LOOP
        IF event.ticket_id <> ticket THEN
            ticket := event.ticket_id;
            before := '';
        END IF;
        before := puntuale_digest(before, ticket, event.number, event.kind, event.at, event.by_id, event.facts);
        UPDATE tickets_event SET digest = before WHERE id = event.id;
    END LOOP;
END
$$;
ALTER TABLE tickets_event ENABLE TRIGGER only_added_to;
UPDATE tickets_ticket SET last_digest = e.digest
FROM tickets_event e WHERE e.ticket_id = tickets_ticket.id AND e.number = tickets_ticket.last_event;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_renewal_and_texts")]
    operations = [
        migrations.AddField("ticket", "last_digest", models.CharField(blank=True, max_length=64, default=""), False),
        migrations.AddField("event", "digest", models.CharField(max_length=64, default=""), False),
        migrations.RunSQL(DIGEST, "DROP FUNCTION puntuale_digest;"),
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
    ]
