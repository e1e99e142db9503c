"""Parquet files whose bytes depend on their rows and on the pinned pyarrow alone."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from agreements.releases.columns import BOOLEAN, DATE, DATETIME, INTEGER, STRING, Table

# Rows that are kept in memory until they are written together.
ROWS_TOGETHER = 5_000
_TYPES = {
    STRING: pa.string(),
    INTEGER: pa.int64(),
    BOOLEAN: pa.bool_(),
    DATE: pa.date32(),
    DATETIME: pa.timestamp("us", tz="UTC"),
}
_VALUES = {DATE: date.fromisoformat, DATETIME: datetime.fromisoformat}


class ParquetFile:
    """A Parquet file that is written some rows at a time.

    Not compressed: what a codec writes differs from one of its versions to the next. Dictionaries
    keep repeated values small.
    """

    def __init__(self, path: Path, table: Table):
        self._schema = pa.schema(
            [
                pa.field(each.name, _TYPES[each.type], nullable=not each.required)
                for each in table.columns
            ]
        )
        self._readers = [_VALUES.get(each.type) for each in table.columns]
        self._rows: list[Sequence[Any]] = []
        self._writer = pq.ParquetWriter(
            path,
            self._schema,
            version="2.6",
            data_page_version="1.0",
            compression="NONE",
            use_dictionary=True,
            write_statistics=True,
            # Arrow's own copy of the schema names the version that wrote it.
            store_schema=False,
        )

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self._rows.append(row)
            if len(self._rows) == ROWS_TOGETHER:
                self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = []
        for number, (field, read) in enumerate(zip(self._schema, self._readers, strict=True)):
            values = [row[number] for row in self._rows]
            if read is not None:
                values = [None if value is None else read(value) for value in values]
            columns.append(pa.array(values, field.type))
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._rows = []
