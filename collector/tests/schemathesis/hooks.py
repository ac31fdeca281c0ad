"""Rules that the OpenAPI document cannot express: texts of a special form, and values that depend on each other."""

import base64
import datetime
import csv
import io
import json

import schemathesis
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

IDS = st.uuids(version=4).map(lambda it: f"{str(it)[:14]}7{str(it)[15:]}")


def message(id, score, comment, extra):
    """A response as JSON text, as text/plain carries it."""
    response = {
        "version": 1, "id": id, "revision": 1, "complete": True, "survey": "default",
        "touchpoint": "order", "score": score, "comment": comment,
        "shown_at": "2026-11-21T17:00:00.000Z", "scored_at": "2026-11-21T17:00:04.000Z",
        "sent_at": "2026-11-21T17:00:05.000Z", "page": "https://shop.example/", "locale": "de",
        "method": {"question": "Well?", "low_label": "no", "high_label": "yes",
                   "layout": "one-row", "mode": "inline", "release": "schemathesis"},
    }
    # The fields that describe an answer may have any value.
    return json.dumps(response | extra).encode()


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=600),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=70), inner, max_size=4),
    max_leaves=8,
)
EXTRA = st.dictionaries(
    st.sampled_from(["page", "locale", "method", "order", "customer", "properties", "tags", "reasons",
                     "shown_at", "sent_at", "quotable", "contact", "complete"]),
    ANYTHING, max_size=3,
)
MESSAGES = st.builds(message, IDS, st.integers(0, 10), st.text(max_size=2_000), EXTRA)

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 1, 1)).map(str)
ROWS = st.lists(st.tuples(st.integers(-1, 11) | WORDS, DAYS, WORDS), max_size=6)


def table(rows):
    """A table of answers from another product. The collector lists wrong rows in its answer, and accepts the file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["score", "created_at", "comment"])
    writer.writerows(rows)
    return text.getvalue().encode()


def cursor(moment, number):
    """A place in the list, in the form of `next`."""
    return base64.urlsafe_b64encode(f"{moment}.{number:016x}".encode()).decode().rstrip("=")


schemathesis.openapi.media_type("text/plain", MESSAGES)
schemathesis.openapi.media_type("text/csv", ROWS.map(table))
schemathesis.openapi.media_type(
    "application/jsonl", st.lists(MESSAGES, min_size=1, max_size=4).map(b"\n".join)
)
schemathesis.openapi.format("cursor", st.builds(cursor, st.integers(0, 2**41), st.integers(0, 2**40)))


@schemathesis.hook
def filter_case(context, case):
    """Drops a wrong request that becomes valid when it is sent: in a query, true is the text "true"."""
    query = case.query if isinstance(case.query, dict) else None
    if case.operation.method.upper() != "DELETE" or case.operation.path != "/v1/responses" or not query:
        return True
    [name, value] = list(query.items())[0]
    is_text = isinstance(value, (str, int, float)) and value != ""
    return not (len(query) == 1 and name in ("order", "customer", "id") and is_text
                and case.meta.generation.mode == GenerationMode.NEGATIVE)


# Operations on all answers of a filter. OpenAPI cannot express that at least one parameter is required.
NEEDS_A_FILTER = {("POST", "/v1/exclusions"), ("DELETE", "/v1/exclusions"), ("POST", "/v1/erasures")}


@schemathesis.hook
def map_case(context, case):
    """Corrects a valid request whose values contradict each other. Invalid requests stay as they are."""
    query = case.query if isinstance(case.query, dict) else None
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return case
    if (case.operation.method.upper(), case.operation.path) in NEEDS_A_FILTER and not set(query or {}) - {"answers"}:
        case.query = {**(query or {}), "survey": "default"}
        return case
    if not query:
        return case
    # `from` must not be after `to`.
    if case.operation.path == "/v1/report" and "from" in query and "to" in query:
        query["from"], query["to"] = sorted([query["from"], query["to"]])
    # The columns of the generated file are not known here.
    if case.operation.path == "/v1/import":
        for name in [name for name in query if name.startswith("map")]:
            del query[name]
    return case
