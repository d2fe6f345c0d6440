"""Reads a store's folder with engines that know nothing of Martlet, and compares what they find.

usage: store_engines.py STORE [--spark]
"""
import glob
import json
import sys

import duckdb
import pyarrow.parquet as pq

QUERY = ("SELECT principal, api.operation AS operation, count(*) AS n, max(time) AS last FROM events"
         " WHERE status_id = 1 GROUP BY principal, api.operation ORDER BY n DESC, principal, operation LIMIT 20")
NESTED = "SELECT count(*) AS n FROM (SELECT explode(observables) AS o FROM events) WHERE o.value IS NOT NULL"


def by_duckdb(store):
    connection = duckdb.connect()
    connection.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet('{store}/events/*/*.parquet', hive_partitioning = true)")
    rows = [list(row) for row in connection.execute(QUERY).fetchall()]
    nested = connection.execute("SELECT count(*) FROM (SELECT unnest(observables) AS o FROM events) WHERE o.value IS NOT NULL").fetchone()[0]
    days = connection.execute("SELECT count(DISTINCT day) FROM events").fetchone()[0]
    return {"rows": rows, "nested": nested, "days": days,
            "count": connection.execute("SELECT count(*) FROM events").fetchone()[0]}


def by_arrow(store):
    return sum(pq.read_table(path, columns=["time", "principal"]).num_rows for path in glob.glob(f"{store}/events/*/*.parquet"))


def by_spark(store):
    from pyspark.sql import SparkSession
    spark = (SparkSession.builder.master("local[2]").appName("store").config("spark.ui.enabled", "false")
             .config("spark.sql.session.timeZone", "UTC").getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    spark.read.parquet(f"{store}/events").createOrReplaceTempView("events")
    answer = {"rows": [list(row) for row in spark.sql(QUERY).collect()], "nested": spark.sql(NESTED).collect()[0][0],
              "days": spark.sql("SELECT count(DISTINCT day) FROM events").collect()[0][0],
              "count": spark.sql("SELECT count(*) FROM events").collect()[0][0]}
    spark.stop()
    return answer


def main():
    store = sys.argv[1]
    found = by_duckdb(store)
    if by_arrow(store) != found["count"]:
        sys.exit("pyarrow counts other rows than DuckDB")
    if "--spark" in sys.argv:
        other = by_spark(store)
        if other != found:
            sys.exit(f"Spark: {json.dumps(other)}\nDuckDB: {json.dumps(found)}")
    print(json.dumps(found))


main()
