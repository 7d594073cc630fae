"""Loads recordings and sessions into DuckDB, and answers what is asked, on one thread."""

import sys
import time

import duckdb

WINDOW = 120
END = 180
ASOF = f"""
    SELECT count(*) FROM recordings ASOF JOIN sessions
    ON recordings.name = sessions.name AND recordings.created + {WINDOW} >= sessions.started
    WHERE sessions.started >= recordings.created - {WINDOW}
"""
MATCHED = f"""
    SELECT count(*) FROM (
        SELECT recordings.rowid FROM recordings JOIN sessions ON recordings.name = sessions.name
        AND sessions.started BETWEEN recordings.created - {WINDOW} AND recordings.created + {WINDOW}
        AND sessions.ended BETWEEN recordings.modified - {END} AND recordings.modified + {END}
        GROUP BY recordings.rowid HAVING count(*) = 1)
"""

database = duckdb.connect()
database.execute("SET threads = 1")
for table, file in zip(("recordings", "sessions"), sys.argv[1:]):
    database.execute(f"CREATE TABLE {table} AS SELECT * FROM read_csv($file, header = true)", {"file": file})
for question in sys.stdin:
    begin = time.process_time_ns()
    [count] = database.execute(ASOF if question.strip() == "join" else MATCHED).fetchone()
    cost = time.process_time_ns() - begin
    print(*((cost, count) if question.strip() == "join" else (count,)), flush=True)
