"""Row-level security on the tenant tables of this floor, the search index and its function."""

from django.db import migrations

from cities.tenancy.protection import CITY, DOOR, append_only, definer_function, protect

PUBLISHED_CYCLE = "status = 'published'"
PUBLISHED_FORM = "EXISTS (SELECT 1 FROM grants_cycle c WHERE c.id = cycle_id AND c.status = 'published')"

# Names without accents, so that “garcia” finds García. IMMUTABLE, unlike the extension “unaccent”.
PLAIN_WORDS = migrations.RunSQL(
    sql="""
    CREATE FUNCTION plain_words(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
        SELECT lower(regexp_replace(normalize(words, NFKD), '[\\u0300-\\u036f]', '', 'g'))
    $$
    """,
    reverse_sql="DROP FUNCTION plain_words(text)",
)

INDEX_WORDS = definer_function(
    "index_application()",
    "trigger",
    """
    BEGIN
        NEW.search := to_tsvector('simple', plain_words(concat_ws(' ', NEW.applicant_name, NEW.group_name, NEW.title, NEW.reference)));
        RETURN NEW;
    END
    """,
    callers="",
)

INDEX_TRIGGER = migrations.RunSQL(
    "CREATE TRIGGER index_application BEFORE INSERT OR UPDATE OF applicant_name, group_name, title, reference ON grants_application "
    "FOR EACH ROW EXECUTE FUNCTION index_application()",
    "DROP TRIGGER index_application ON grants_application",
)

# Under row-level security the text operators can't use an index; this function filters by the city itself.
SEARCH = definer_function(
    "search_applications(p_query text)",
    "SETOF uuid",
    f"""
    SELECT id FROM grants_application
    WHERE {DOOR} = 'city' AND city_id = {CITY} AND search @@ to_tsquery('simple', plain_words(p_query))
    """,
    language="sql",
    volatility="STABLE",
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_applications"), ("cities", "0003_seals_and_outbox")]

    operations = [
        protect("grants_cohort"),
        protect("grants_cohortmember"),
        protect("grants_cycle", public=PUBLISHED_CYCLE),
        protect("grants_formversion", public=PUBLISHED_FORM),
        protect("grants_application", person="applicant_id"),
        protect("grants_answer"),
        protect("grants_attachment"),
        protect("grants_note"),
        protect("grants_referencecounter"),
        append_only("grants_answer"),
        PLAIN_WORDS,
        INDEX_WORDS,
        INDEX_TRIGGER,
        SEARCH,
    ]
