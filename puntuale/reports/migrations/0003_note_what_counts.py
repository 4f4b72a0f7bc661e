"""Only what changes how a ticket counts notes it: words written on an old one leave its day as it was summed up."""

from django.db import migrations

# A promise that is made or ends says all that sending, answering and writing can change; the ticket itself who has it.
# What is noted already is narrowed last, when everything else is.
NOTE = (
    """
CREATE OR REPLACE FUNCTION puntuale_note_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_touched (ticket) SELECT DISTINCT ticket_id FROM written WHERE metric = 'first_response';
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER note_promised AFTER INSERT ON tickets_promisemade
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION puntuale_note_promised();
    """,
    """
CREATE OR REPLACE FUNCTION puntuale_note_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_touched (ticket) SELECT DISTINCT promise.ticket_id
    FROM written JOIN tickets_promisemade promise ON promise.id = written.promise_id
    WHERE promise.metric = 'first_response';
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER note_ended AFTER INSERT ON tickets_promiseending
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION puntuale_note_ended();
    """,
    """
CREATE OR REPLACE FUNCTION puntuale_note_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_touched (ticket) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE OR REPLACE TRIGGER note_moved AFTER UPDATE OF assignee_id, product_id, organisation_id ON tickets_ticket
    FOR EACH ROW WHEN (OLD.assignee_id IS DISTINCT FROM NEW.assignee_id
        OR OLD.product_id IS DISTINCT FROM NEW.product_id OR OLD.organisation_id <> NEW.organisation_id)
    EXECUTE FUNCTION puntuale_note_moved();
    """,
    """
CREATE OR REPLACE FUNCTION puntuale_note_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_touched (ticket) SELECT DISTINCT ticket_id FROM written
    WHERE kind NOT IN
        ('submitted', 'assigned', 'answered', 'customer_wrote', 'noted', 'followed', 'unfollowed', 'rated');
    RETURN NULL;
END
$$;
    """,
)
FORGET = (
    """
CREATE OR REPLACE FUNCTION puntuale_note_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_touched (ticket) SELECT DISTINCT ticket_id FROM written;
    RETURN NULL;
END
$$;
    """,
    """
DROP TRIGGER IF EXISTS note_promised ON tickets_promisemade; DROP FUNCTION IF EXISTS puntuale_note_promised;
    """,
    """
DROP TRIGGER IF EXISTS note_ended ON tickets_promiseending; DROP FUNCTION IF EXISTS puntuale_note_ended;
    """,
    """
DROP TRIGGER IF EXISTS note_moved ON tickets_ticket; DROP FUNCTION IF EXISTS puntuale_note_moved;
    """,
)


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_mailed"), ("tickets", "0010_reports")]

    # Each table by itself: together they would be held in another order than by those who write meanwhile.
    atomic = False

    operations = [migrations.RunSQL(NOTE, FORGET)]
