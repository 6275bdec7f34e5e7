"""Kills with -9, one fault after the other, by a seed. A fault has landed if the process was there and is gone."""

import contextlib
import random
import signal
import time
from dataclasses import dataclass, field

import psutil
import redis

from config.embedded.locks import wait_until
from tests.faults.product import WORKER_PROCESSES

ONE_BACKEND = "SELECT pid FROM pg_stat_activity WHERE usename = 'lyb_city' ORDER BY random() LIMIT 1"
PAUSE_SECONDS = (2.0, 5.0)
PATIENCE_SECONDS = 15
CALLS_BETWEEN = 8
SENDERS = WORKER_PROCESSES + 1
"""Processes that have a letter under way: the worker's, and the one for codes."""


@dataclass(frozen=True)
class Fault:
    name: str
    at: float = field(default_factory=time.time)
    under_way: int = 0
    """Letters that may have been sent and not marked when it landed: each may go out once more."""


class Killer:
    def __init__(self, product, seed):
        self.product, self.random, self.landed, self.missed = product, random.Random(seed), [], []

    def run(self, until, done):
        """Shuffle all faults, let each happen once, shuffle again; so all kinds land in any long enough run.

        Between two faults some calls get through (``done`` counts them), also on a slow machine: a product that is
        always down proves little.
        """
        bag = []
        while time.time() < until:
            time.sleep(self.random.uniform(*PAUSE_SECONDS))
            enough = done() + CALLS_BETWEEN
            wait_until(lambda wanted=enough: done() >= wanted, seconds=PATIENCE_SECONDS, step=0.1)
            if not bag:
                bag = list(self.faults)
                self.random.shuffle(bag)
            self.strike(bag.pop())

    def strike(self, name):
        has_landed, under_way = False, 0
        with contextlib.suppress(Exception):  # nothing to kill there at the moment
            under_way = self.faults[name]()
            has_landed = True
        if has_landed:
            self.landed.append(Fault(name, under_way=under_way))
        else:
            self.missed.append(name)

    @property
    def faults(self):
        return {
            "web worker": lambda: self.kill(self.child_of("web"), 0),
            "web master": lambda: self.kill(self.product.children()["web"], 0),
            "celery child": lambda: self.kill(self.child_of("worker"), 1),
            "celery worker": lambda: self.kill(self.product.children()["worker"], WORKER_PROCESSES),
            "documents child": lambda: self.kill(self.child_of("documents"), 0),
            "documents worker": lambda: self.kill(self.product.children()["documents"], 0),
            "codes worker": lambda: self.kill(self.product.children()["codes"], 1),
            "beat": lambda: self.kill(self.product.children()["beat"], 0),
            "valkey": lambda: self.kill(self.product.server("valkey"), 0),
            "valkey wiped": self.wipe,
            "postgres": lambda: self.kill(self.product.server("postgres"), SENDERS),
            "postgres backend": lambda: self.kill(psutil.Process(self.product.ask(ONE_BACKEND)[0]), SENDERS),
        }

    def child_of(self, name):
        return self.random.choice(self.product.children()[name].children())

    def kill(self, process, under_way):
        process.send_signal(signal.SIGKILL)
        assert wait_until(lambda: is_gone(process), seconds=5)
        return under_way

    def wipe(self):
        with contextlib.closing(
            redis.Redis(unix_socket_path=str(self.product.place.valkey_socket))
        ) as broker:
            assert broker.flushall()
        return 0


def is_gone(process):
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True
