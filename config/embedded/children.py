"""Child processes that don't outlive us."""

# ruff: noqa: S603 -- every command line is our own

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, TypedDict

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with(parent: int, number: signal.Signals) -> Callable[[], None]:
    """Return what a child runs before its program: ask the kernel for a signal when we die.

    It must run after the change of account, which clears the request.
    """

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(number))
            if os.getppid() != parent:  # we died in between
                os._exit(1)

    return ask


def spawn(
    command: Sequence[str | Path],
    *,
    user: str | None = None,
    output: IO[bytes] | None = None,
    directory: Path | str = "/",
    environment: Mapping[str, str] | None = None,
    last_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a direct child in its own process group, so that Ctrl-C reaches only us.

    When we die, however, the child gets ``last_signal`` (on Linux).
    """
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=directory,
        env=None if environment is None else dict(environment),
        preexec_fn=_die_with(os.getpid(), last_signal),  # noqa: PLW1509 -- we start no threads
        process_group=0,
        **account(user),
    )


class Account(TypedDict, total=False):
    """``Popen``'s arguments for running as somebody else."""

    user: int
    group: int
    extra_groups: list[int]


def account(user: str | None) -> Account:
    """Return the arguments for an account; none at all for our own."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def stop(
    child: subprocess.Popen[bytes], *, first: signal.Signals = signal.SIGTERM, patience: float = 10
) -> None:
    """Ask a child to end, insist after ``patience`` seconds, and reap it."""
    if child.poll() is None:
        child.send_signal(first)
        try:
            child.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def command_line(pid: int) -> str:
    """Return the command line of any process, empty if there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if sys.platform == "linux":
            return ""
    listing = subprocess.run(
        ["/bin/ps", "-o", "command=", "-p", str(pid)], stdout=subprocess.PIPE, text=True, check=False
    )
    return listing.stdout.strip()


def end_leftover(pid: int, *, named: str, first: signal.Signals) -> bool:
    """End a process that an earlier, killed keeper left behind, if it is still the one we mean.

    Numbers are used again, in containers soon, so its command line must hold ``named``.
    """
    if named not in command_line(pid):
        return False
    try:
        os.kill(pid, first)
    except ProcessLookupError:
        return False
    return True


def leave_with_parent() -> None:
    """Let ourselves be asked to stop when ``make`` is killed (on Linux), so that nothing runs on unseen."""
    if _libc is not None and os.environ.get("MAKELEVEL"):
        _libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
