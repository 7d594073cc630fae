"""Pairs each recording with the last session of its name that began before it, on one thread, and keeps the pairs whose
times fit. Prints the number of pairs and the CPU time of the join; loading the tables is not counted."""

import sys
import time

import duckdb

database = duckdb.connect()
database.execute("SET threads = 1")
for table, file in (("recordings", sys.argv[1]), ("sessions", sys.argv[2])):
    database.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv($file, header = true)", {"file": file})
before = time.process_time_ns()
pairs = database.execute(
    "SELECT count(*) FROM recordings ASOF JOIN sessions"
    " ON recordings.name = sessions.name AND recordings.created >= sessions.began"
    " WHERE recordings.created - sessions.began <= 300 AND abs(recordings.written - sessions.ended) <= 300"
).fetchone()[0]
print(pairs, time.process_time_ns() - before)
