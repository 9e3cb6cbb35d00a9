"""A clock that tests move, and waiting for what another thread does."""

import threading
import time


class Clock:
    def __init__(self, now=1_800_000_000.0):
        self.now = now

    def __call__(self):
        return self.now

    def advance(self, seconds):
        self.now += seconds


def eventually(what, look, within=10.0):
    """What `look` gives, once that is something."""
    ends = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < ends, f"{what}: not within {within} s"
        time.sleep(0.005)


def at_once(count, work):
    """Runs `work` in so many threads that begin together, and gives what came of each: a value or an exception."""
    begin = threading.Barrier(count)
    results = [None] * count

    def run(place):
        begin.wait()
        try:
            results[place] = work()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results
