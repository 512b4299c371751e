"""A table in the format that was asked for."""

from collections.abc import Iterator

from portico.output.exports.table import Format, Table, csv_chunks, local_csv_chunks
from portico.output.exports.workbook import workbook_chunks


def chunks[R](table: Table[R], wanted: Format) -> Iterator[bytes]:
    """Yield a table as a file of the format."""
    match wanted:
        case Format.XLSX:
            return workbook_chunks(table)
        case Format.LOCAL:
            return local_csv_chunks(table)
        case Format.CSV:
            return csv_chunks(table)
