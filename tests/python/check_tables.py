"""Checks a finished run with readers that have nothing to do with peerlab.

    python check_tables.py output/listening-training

Every table in run.json is opened with polars, pyarrow and duckdb. Their row counts must be those of run.json, the
columns those it lists, each with a unit and a description both there and in the file. Every checksum must agree, and
no table or figure may lie there that run.json does not know. Of a sweep, each table of the dataset is read as one by
all three, with the cell as a column. Prints 'N passed, N failed'; exits 1 if anything failed.
"""

import hashlib
import json
import sys
from pathlib import Path

import duckdb
import polars
import pyarrow.dataset
import pyarrow.parquet

KINDS = {
    "integer": (polars.UInt32, "uint32", "UINTEGER"),
    "partition": (polars.Int32, "int32", "INTEGER"),
    "real": (polars.Float64, "double", "DOUBLE"),
    "flag": (polars.Boolean, "bool", "BOOLEAN"),
    "text": (polars.String, "string", "VARCHAR"),
}


class Checks:
    """Counts what holds and says what does not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def equal(self, what, found, expected):
        if found == expected:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}: {found!r} instead of {expected!r}")

    def run(self, what, check, *arguments):
        """A reader that gives up is one failed check, not the end."""
        try:
            check(self, *arguments)
        except Exception as error:  # noqa: BLE001 - whatever a reader raises
            self.failed += 1
            print(f"FAILED {what}: {type(error).__name__}: {error}")


def check_checksum(checks, directory, record):
    data = (directory / record["file"]).read_bytes()
    checks.equal(f"{record['file']}, checksum", hashlib.sha256(data).hexdigest(), record["sha256"])
    if "bytes" in record:
        checks.equal(f"{record['file']}, length", len(data), record["bytes"])


def check_record(checks, table):
    for column in table["columns"]:
        name = f"{table['name']}.{column['name']}"
        checks.equal(f"{name} has a unit in run.json", bool(column["unit"].strip()), True)
        checks.equal(f"{name} has a description in run.json", bool(column["description"].strip()), True)


def check_polars(checks, path, table):
    frame = polars.read_parquet(path)
    checks.equal(f"{table['name']}, rows in polars", frame.height, table["rows"])
    expected = [(column["name"], KINDS[column["kind"]][0]) for column in table["columns"]]
    checks.equal(f"{table['name']}, columns in polars", list(frame.schema.items()), expected)
    for column in table["columns"]:
        name = f"{table['name']}.{column['name']}"
        if column["kind"] == "real":
            checks.equal(f"{name}, NaN where a null belongs", frame[column["name"]].is_nan().sum(), 0)
        else:
            checks.equal(f"{name}, missing values", frame[column["name"]].null_count(), 0)


def check_pyarrow(checks, path, table):
    frame = pyarrow.parquet.read_table(path)
    frame.validate(full=True)
    checks.equal(f"{table['name']}, rows in pyarrow", frame.num_rows, table["rows"])
    expected = [(column["name"], KINDS[column["kind"]][1]) for column in table["columns"]]
    found = [(field.name, str(field.type)) for field in frame.schema]
    checks.equal(f"{table['name']}, columns in pyarrow", found, expected)
    said = pyarrow.parquet.read_metadata(path).metadata
    checks.equal(f"{table['name']}, name in the file", said[b"peerlab.table"].decode(), table["name"])
    checks.equal(f"{table['name']}, grain in the file", said[b"peerlab.grain"].decode(), table["grain"])
    columns = json.loads(said[b"peerlab.columns"])
    checks.equal(f"{table['name']}, columns described", set(columns), {c["name"] for c in table["columns"]})
    for column in table["columns"]:
        name = f"{table['name']}.{column['name']}"
        expected = {"unit": column["unit"], "description": column["description"]}
        checks.equal(f"{name}, metadata of the file", columns.get(column["name"]), expected)
        metadata = frame.schema.field(column["name"]).metadata or {}
        metadata = {key.decode(): value.decode() for key, value in metadata.items()}
        found = {key: metadata.get(key) for key in expected}
        checks.equal(f"{name}, metadata of the field", found, expected)


def check_duckdb(checks, path, table):
    relation = duckdb.read_parquet(str(path))
    checks.equal(f"{table['name']}, rows in duckdb", relation.count("*").fetchall()[0][0], table["rows"])
    expected = [(column["name"], KINDS[column["kind"]][2]) for column in table["columns"]]
    found = [(name, str(kind)) for name, kind in zip(relation.columns, relation.types)]
    checks.equal(f"{table['name']}, columns in duckdb", found, expected)


def check_same_values(checks, path, table):
    """The three readers see the same values."""
    by_polars = polars.read_parquet(path)
    by_pyarrow = polars.from_arrow(pyarrow.parquet.read_table(path))
    checks.equal(f"{table['name']}, polars and pyarrow agree", by_polars.equals(by_pyarrow), True)
    relation = duckdb.read_parquet(str(path))
    for column in table["columns"]:
        name = column["name"]
        quoted = '"' + name.replace('"', '""') + '"'
        counted = relation.aggregate(f"count({quoted}), min({quoted}), max({quoted})").fetchall()[0]
        series = by_polars[name]
        expected = (series.count(), series.min(), series.max())
        checks.equal(f"{table['name']}.{name}, count, least and greatest in duckdb", counted, expected)


def check_dataset(checks, directory, folder):
    """All cells as one table: the same rows by all three, as many in each cell, and the cells those of `cells`."""
    cells = polars.read_parquet(directory / "tables" / "cells.parquet")["cell"].to_list()
    by_polars = polars.scan_parquet(folder, hive_partitioning=True).collect()
    counts = dict(sorted(by_polars.group_by("cell").len().iter_rows()))
    checks.equal(f"cells of dataset {folder.name} in polars", list(counts), cells)
    by_pyarrow = pyarrow.dataset.dataset(folder, partitioning="hive").to_table()
    found = dict(sorted(polars.from_arrow(by_pyarrow).group_by("cell").len().iter_rows()))
    checks.equal(f"rows by cell of dataset {folder.name} in pyarrow", found, counts)
    relation = duckdb.sql(
        f"select cell, count(*) from read_parquet('{folder}/*/*.parquet', hive_partitioning = true) group by cell order by cell"
    )
    checks.equal(f"rows by cell of dataset {folder.name} in duckdb", dict(relation.fetchall()), counts)
    # By its cell each row gets the values of the keys, in each of them without a cast.
    table = directory / "tables" / "cells.parquet"
    keys = [name for name in polars.read_parquet(table).columns if name not in ("replications", "failed")]
    lazy = polars.scan_parquet(folder, hive_partitioning=True).join(polars.scan_parquet(table).select(keys), on="cell")
    checks.equal(f"dataset {folder.name} joined in polars", lazy.collect().height, by_polars.height)
    joined = by_pyarrow.join(pyarrow.parquet.read_table(table, columns=keys), "cell", join_type="inner")
    checks.equal(f"dataset {folder.name} joined in pyarrow", joined.num_rows, by_polars.height)
    relation = duckdb.sql(
        f"select count(*) from read_parquet('{folder}/*/*.parquet', hive_partitioning = true) join '{table}' using (cell)"
    )
    checks.equal(f"dataset {folder.name} joined in duckdb", relation.fetchall()[0][0], by_polars.height)
    files = sum(polars.read_parquet(path, hive_partitioning=False).height for path in folder.glob("*/*.parquet"))
    checks.equal(f"rows of the files of dataset {folder.name}", files, by_polars.height)


def check_run(directory):
    checks = Checks()
    manifest = json.loads((directory / "run.json").read_text(encoding="utf-8"))
    for record in manifest["tables"] + manifest["figures"] + manifest["documents"]:
        checks.run(record["file"], check_checksum, directory, record)
    for table in manifest["tables"]:
        path = directory / table["file"]
        checks.run(f"{table['name']} in run.json", check_record, table)
        checks.run(f"{table['name']} in polars", check_polars, path, table)
        checks.run(f"{table['name']} in pyarrow", check_pyarrow, path, table)
        checks.run(f"{table['name']} in duckdb", check_duckdb, path, table)
        checks.run(f"{table['name']} in all three", check_same_values, path, table)
    known = {record["file"] for record in manifest["tables"] + manifest["figures"]}
    there = {
        path.relative_to(directory).as_posix()
        for folder in ("tables", "figures")
        for path in (directory / folder).glob("*")
    }
    checks.equal("files that run.json does not know", sorted(there - known), [])
    for folder in sorted((directory / "dataset").glob("*")):
        checks.run(f"dataset {folder.name}", check_dataset, directory, folder)
    checks.equal("left over from writing", (directory / ".partial").exists(), False)
    return checks


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    directory = Path(sys.argv[1])
    if not (directory / "run.json").is_file():
        print(f"{directory} holds no finished run: there is no run.json", file=sys.stderr)
        return 2
    checks = check_run(directory)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
