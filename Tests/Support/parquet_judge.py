"""Reads Parquet files with pyarrow and DuckDB and compares them with what was meant to be written.

For each NAME.parquet of the folder, NAME.jsonl has one line a row: a group is {"g": [...]}, a list [...], a word its
decimal digits, a double the digits of its bits, bytes and text hexadecimal digits. Prints what differs; exits 1 then.
"""
import datetime
import glob
import json
import struct
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq


def plain(value, type):
    """A value of Arrow's as the expected lines have it."""
    if value is None:
        return None
    if pa.types.is_struct(type):
        return {"g": [plain(value[field.name], field.type) for field in type]}
    if pa.types.is_list(type) or pa.types.is_large_list(type):
        return [plain(item, type.value_type) for item in value]
    if pa.types.is_timestamp(type):
        delta = value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return str(delta // datetime.timedelta(milliseconds=1))
    if pa.types.is_floating(type):
        return str(struct.unpack("<q", struct.pack("<d", value))[0])
    if pa.types.is_boolean(type):
        return str(int(value))
    if isinstance(value, str):
        return value.encode().hex()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def lines(table):
    columns = [[plain(value, field.type) for value in table.column(index).to_pylist()]
               for index, field in enumerate(table.schema)]
    return [{"g": list(row)} for row in zip(*columns)]


def check_arrow(path, expected, faults):
    file = pq.ParquetFile(path, page_checksum_verification=True)
    table = file.read()
    table.validate(full=True)
    if lines(table) != expected:
        faults.append(f"{path}: pyarrow reads something else")
    metadata = file.metadata
    if metadata.num_rows != len(expected):
        faults.append(f"{path}: the footer has {metadata.num_rows} rows")
    for group in range(metadata.num_row_groups):
        for leaf in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(leaf)
            if not chunk.has_offset_index:
                faults.append(f"{path}: no offset index in group {group}, column {leaf}")
    check_bounds(path, table, metadata, faults)


def check_bounds(path, table, metadata, faults):
    """Statistics of flat columns hold for the values that they are about."""
    start = 0
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        for leaf in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(leaf)
            if "." in chunk.path_in_schema:
                continue
            column = table.column(chunk.path_in_schema).slice(start, rows)
            statistics = chunk.statistics
            if statistics is None:
                faults.append(f"{path}: no statistics for {chunk.path_in_schema}")
                continue
            if statistics.null_count != column.null_count:
                faults.append(f"{path}: {chunk.path_in_schema} has {statistics.null_count} nulls by its statistics")
            if not statistics.has_min_max:
                continue
            values = [value for value in column.to_pylist() if value is not None and value == value]
            low, high = statistics.min, statistics.max
            if values and isinstance(values[0], str) and isinstance(low, str):
                values = [value.encode() for value in values]
                low, high = low.encode(), high.encode()
            if values and (min(values) < low or max(values) > high):
                faults.append(f"{path}: bounds of {chunk.path_in_schema} do not bound")
        start += rows


def check_duckdb(path, expected, faults):
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    table = connection.execute(f"SELECT * FROM read_parquet('{path}')").to_arrow_table()
    if lines(table) != expected:
        faults.append(f"{path}: DuckDB reads something else")
    # Filters use statistics and bloom filters: each value of a flat text column must still be found.
    for index, field in enumerate(table.schema):
        if field.type != pa.string() or not expected:
            continue
        values = [row["g"][index] for row in expected if row["g"][index] is not None]
        for value in sorted(set(values))[:5]:
            found = connection.execute(f"SELECT count(*) FROM read_parquet('{path}') WHERE \"{field.name}\" = ?",
                                       [bytes.fromhex(value).decode()]).fetchone()[0]
            if found != values.count(value):
                faults.append(f"{path}: DuckDB finds {found} of {values.count(value)} in {field.name}")


def main():
    faults = []
    paths = sorted(glob.glob(f"{sys.argv[1]}/*.parquet"))
    for path in paths:
        with open(path.replace(".parquet", ".jsonl"), encoding="utf-8") as file:
            expected = [json.loads(line) for line in file]
        for check in (check_arrow, check_duckdb):
            try:
                check(path, expected, faults)
            except Exception as fault:  # noqa: BLE001: whatever a reader says is a fault of the file
                faults.append(f"{path}: {check.__name__}: {type(fault).__name__}: {fault}")
    print("\n".join(faults[:20]) if faults else f"{len(paths)} files read equal")
    sys.exit(1 if faults else 0)


main()
