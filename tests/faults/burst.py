"""Save answers from a process of its own: ``python -m tests.faults.burst ADDRESS THREADS PER_SECOND SECONDS < stage``.

``PER_SECOND`` 0 is as fast as it goes. Prints one JSON line per call: what was saved, and how it ended. A call's time
counts from when it was due, not from when a thread was free for it.
"""

import http.client
import itertools
import json
import sys
import threading
import time
from urllib.parse import urlparse

CITY = "/api/v1/cities/chaos/"
TOO_LONG_SECONDS = 30


class Writer:
    """One resident's phone: one draft, one question, a new version with each call."""

    def __init__(self, address, call, resident):
        self.address, self.version, self.resident = urlparse(address), 0, resident
        self.application = self._send("POST", f"{CITY}applications/", {"call": call})[1]["id"]
        self.path = f"{CITY}applications/{self.application}/answers/project_title/"

    def save(self, due):
        value = f"{self.application[-8:]} {self.version + 1}"
        try:
            status, found = self._send("PUT", self.path, {"value": value, "version": self.version})
        except (OSError, http.client.HTTPException):
            status, found = None, {}
        if status == 200:
            self.version = found["version"]
        return {
            "application": self.application, "value": value, "version": self.version, "status": status,
            "ms": (time.monotonic() - due) * 1000,
        }  # fmt: skip

    def _send(self, method, path, body):
        connection = http.client.HTTPConnection(
            self.address.hostname, self.address.port, timeout=TOO_LONG_SECONDS
        )
        who = self.resident
        headers = {
            "Content-Type": "application/json", "X-CSRFToken": who["token"],
            "Cookie": f"sessionid={who['session']}; csrftoken={who['token']}",
        }  # fmt: skip
        try:
            connection.request(method, path, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        finally:
            connection.close()


def main(address, threads, per_second, seconds):
    stage = json.load(sys.stdin)
    writers = [Writer(address, stage["call"], resident) for resident in stage["residents"][:threads]]
    begin, ticks, lock = time.monotonic(), itertools.count(), threading.Lock()

    def work(writer):
        while time.monotonic() - begin < seconds:
            with lock:
                due = begin + next(ticks) / per_second if per_second else time.monotonic()
            time.sleep(max(0.0, due - time.monotonic()))
            saved = json.dumps(writer.save(due))
            with lock:
                print(saved, flush=True)  # noqa: T201  this is what the process is asked for

    crowd = [threading.Thread(target=work, args=[writer]) for writer in writers]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4]))
