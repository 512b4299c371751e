"""Documents that are only searched: written by the database itself, from the first of them and a list of the rest."""

from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from portico.domain.documents.models import Document
from portico.domain.search.models import Group, SearchWord, key_of

type Row = tuple[int, str, str, int]

_ROWS_PER_WRITE = 20_000
_SQLITE = {
    "key": "printf('018f0000000070008000%012x', n)",
    "number": "'INV-' || printf('%04d', n)",
    "word": "CAST(x'{start}' || {word} AS BLOB)",
    "padded": "printf('%04d', n)",
    "amount": "printf('%d.%02d', total / 100, total % 100)",
}
_POSTGRESQL = {
    "key": "('018f0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid",
    "number": "'INV-' || lpad(n::text, greatest(4, length(n::text)), '0')",
    "word": "'\\x{start}'::bytea || convert_to(({word})::text, 'UTF8')",
    "padded": "lpad(n::text, greatest(4, length(n::text)), '0')",
    "amount": "(total / 100) || '.' || lpad((total % 100)::text, 2, '0')",
}


def write_bare(business: UUID, first: str, rows: list[Row]) -> None:
    """Write an invoice for each `(n, customer, day, total)`, like the one whose key is `first`, and its words."""
    said = _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE
    cast = ("::uuid", "::date") if connection.vendor == "postgresql" else ("", "")
    start = key_of(business, Group.DOCUMENTS, "").hex()
    other = {
        "id": said["key"], "number": said["number"], "customer_id": f"customer{cast[0]}", "issued_on": f"day{cast[1]}",
        "subtotal": "bare.total", "total": "bare.total", "payable": "bare.total",
    }  # fmt: skip
    columns = {
        str(field.column): connection.ops.quote_name(str(field.column)) for field in Document._meta.concrete_fields
    }
    values = ", ".join(other.get(column, f"one.{quoted}") for column, quoted in columns.items())
    documents, words = Document._meta.db_table, SearchWord._meta.db_table
    with connection.cursor() as cursor:
        _fill(cursor, rows)
        cursor.execute(
            f"INSERT INTO {documents} ({', '.join(columns.values())})"  # noqa: S608  # names of our own tables only
            f" SELECT {values} FROM bare, {documents} AS one WHERE one.id = '{first}' ORDER BY n"
        )
        for word, which in (("'inv'", ""), (said["padded"], ""), ("n", " WHERE n < 1000"), (said["amount"], "")):
            key = said["word"].format(start=start, word=word)
            cursor.execute(f"INSERT INTO {words} (key, subject) SELECT {key}, {said['key']} FROM bare{which}")  # noqa: S608  # as above
        cursor.execute("DROP TABLE bare")


def _fill(cursor: CursorWrapper, rows: list[Row]) -> None:
    cursor.execute("CREATE TEMPORARY TABLE bare (n integer, customer varchar(32), day varchar(10), total integer)")
    if connection.vendor == "postgresql":
        with cursor.copy("COPY bare FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    for start in range(0, len(rows), _ROWS_PER_WRITE):
        cursor.executemany("INSERT INTO bare VALUES (%s, %s, %s, %s)", rows[start : start + _ROWS_PER_WRITE])
