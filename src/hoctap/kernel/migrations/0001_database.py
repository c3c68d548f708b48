"""Extensions, the clock function and the Vietnamese search configuration, before any table uses them."""

from django.contrib.postgres.operations import BtreeGistExtension, UnaccentExtension
from django.db import migrations

CLOCK = """
CREATE FUNCTION hoctap_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(
    nullif(current_setting('hoctap.frozen_at', true), '')::timestamptz,
    clock_timestamp() + coalesce(nullif(current_setting('hoctap.clock_shift', true), ''), '0')::int * interval '1 second'
  )
$$
"""

# unaccent() is only STABLE; the two-argument call with fixed names is safe to call immutable,
# and stays valid under the empty search_path of a restore.
SEARCH = """
CREATE FUNCTION hoctap_unaccent(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT public.unaccent('public.unaccent', $1)
$$;
CREATE TEXT SEARCH CONFIGURATION vi (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION vi ALTER MAPPING FOR hword, hword_part, word WITH public.unaccent, simple;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []
    operations = [
        BtreeGistExtension(),
        UnaccentExtension(),
        migrations.RunSQL(CLOCK, "DROP FUNCTION hoctap_now()"),
        migrations.RunSQL(SEARCH, "DROP TEXT SEARCH CONFIGURATION vi; DROP FUNCTION hoctap_unaccent(text)"),
    ]
