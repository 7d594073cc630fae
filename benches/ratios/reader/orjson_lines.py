"""Reads an audit log line by line with orjson, and prints what ours prints: sums, and the CPU time used."""

import sys
import time

import orjson

records = letters = ports = ends = 0
with open(sys.argv[1], "rb", buffering=1 << 20) as log:
    for line in log:
        record = orjson.loads(line)
        its = record["properties"]
        records += 1
        letters += (
            len(record["resourceId"]) + len(record["operationName"]) + len(its["message"]) + len(its["userName"])
            + len(its["userEmail"]) + len(its["clientIpAddress"]) + len(its["protocol"])
            + len(its["targetResourceId"]) + len(its["targetVMIPAddress"]) + len(its["resourceType"])
            + len(its["tunnelId"]) + len(its["userAgent"])
        )
        ports += its["clientPort"]
        ends += ("time" in record) + ("sessionStartTime" in its) + ("sessionEndTime" in its) + ("duration" in its)
print(records, letters, ports, ends, time.process_time_ns())
