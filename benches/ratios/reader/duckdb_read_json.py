"""Reads an audit log with DuckDB on one thread, and prints what ours prints: sums, and the CPU time used."""

import sys
import time

import duckdb

COLUMNS = """{
    time: 'VARCHAR', resourceId: 'VARCHAR', operationName: 'VARCHAR',
    properties: 'STRUCT(message VARCHAR, userName VARCHAR, userEmail VARCHAR, clientIpAddress VARCHAR,
        clientPort USMALLINT, protocol VARCHAR, targetResourceId VARCHAR, targetVMIPAddress VARCHAR,
        resourceType VARCHAR, tunnelId VARCHAR, userAgent VARCHAR, sessionStartTime VARCHAR,
        sessionEndTime VARCHAR, duration UBIGINT)'
}"""
TEXTS = ["resourceId", "operationName"] + [
    "properties." + name
    for name in (
        "message", "userName", "userEmail", "clientIpAddress", "protocol", "targetResourceId", "targetVMIPAddress",
        "resourceType", "tunnelId", "userAgent",
    )
]
ENDS = ["time", "properties.sessionStartTime", "properties.sessionEndTime", "properties.duration"]

database = duckdb.connect()
database.execute("SET threads = 1")
letters = " + ".join(f"sum(coalesce(strlen({text}), 0))" for text in TEXTS)
ends = " + ".join(f"count({end})" for end in ENDS)
sums = database.execute(
    f"SELECT count(*), {letters}, sum(properties.clientPort), {ends}"
    f" FROM read_json($file, format = 'newline_delimited', columns = {COLUMNS})",
    {"file": sys.argv[1]},
).fetchone()
print(*(int(each) for each in sums), time.process_time_ns())
