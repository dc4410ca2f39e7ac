"""Runs a program and says what it took: `measure.py REPORT PROGRAM ARGUMENT...` for `npm run bench:quality`.

REPORT becomes a file with a JSON object of seconds (wall time from start to end), cpuSeconds (of all its threads, in the program and in
the system for it) and peakBytes (most resident memory).
The program's output and exit code are passed on. The system counts what started a program towards its peak, so this
small process stands between Node and the program.
"""

import json
import resource
import subprocess
import sys
import time


def main():
    report, *command = sys.argv[1:]
    began = time.monotonic()
    code = subprocess.run(command, check=False).returncode
    seconds = time.monotonic() - began
    with open(report, "w", encoding="utf-8") as file:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime
        # Linux counts in KiB.
        json.dump({"seconds": seconds, "cpuSeconds": cpu, "peakBytes": 1024 * used.ru_maxrss}, file)
    # A negative code is that of a signal.
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
