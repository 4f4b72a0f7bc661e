"""The words of tickets are looked for by their Italian and English stems, with or without accents."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations


def configuration(language: str, stemmer: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TEXT SEARCH CONFIGURATION puntuale_{language} (COPY = {stemmer});
        ALTER TEXT SEARCH CONFIGURATION puntuale_{language}
            ALTER MAPPING FOR hword, hword_part, word WITH unaccent, {stemmer}_stem;
        """,
        f"DROP TEXT SEARCH CONFIGURATION puntuale_{language};",
    )


STEMS = """
CREATE FUNCTION puntuale_stems(said text, weight "char") RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT setweight(to_tsvector('puntuale_it', said) || to_tsvector('puntuale_en', said), weight)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_append_only")]
    operations = [
        UnaccentExtension(),
        configuration("it", "italian"),
        configuration("en", "english"),
        migrations.RunSQL(STEMS, "DROP FUNCTION puntuale_stems;"),
    ]
