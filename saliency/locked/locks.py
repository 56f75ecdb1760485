"""What a worker takes from itself before it looks at a stranger's file. None of it can be had back.

Everywhere that processes can be forked it limits memory, processor time, open files and the bytes of files. On Linux
Landlock takes all files and the network, and seccomp every call of the kernel that decoding does not need; both come
with small packages (`docs/packages.md`), and where one is missing, or the kernel's part, `lock` says so.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import resource
import signal
import sys
from functools import cache
from pathlib import Path

try:  # now: once files are locked, nothing more can be imported
    import landlockpy
except ImportError:
    landlockpy = None  # type: ignore[assignment]
try:
    import seccompy
except ImportError:
    seccompy = None  # type: ignore[assignment]

MOST_OPEN = 32  # files, of which shared memory and the socket are a few
NEEDED = (  # calls of the kernel: memory, threads, clocks, its own end, and what it has open
    *("brk", "madvise", "mremap", "munmap", "futex", "set_robust_list", "rseq", "sched_yield", "sched_getaffinity"),
    *("close", "fcntl", "fstat", "newfstatat", "lseek", "read", "readv", "pread64", "write", "writev", "pwrite64"),
    *("recvfrom", "recvmsg", "sendto", "sendmsg", "poll", "ppoll"),
    *("clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "getrandom"),
    *("getpid", "getppid", "gettid", "getrusage", "sysinfo", "uname"),
    *("rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "restart_syscall", "exit", "exit_group"),
)
CLONE_THREAD = 0x10000
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def prepare() -> None:
    """What locking needs of this system's files, and what takes long; before files are locked."""
    for package in (landlockpy, seccompy):
        if package is not None:
            package.supported()
    if seccompy is not None:
        with contextlib.suppress(ValueError):  # of a processor that it does not know: `lock_calls` says so
            _calls()


def lock_files() -> str:
    """No file, folder, TCP connection or process outside, for this process and its children. What it has open stays.

    Returns why it cannot be, empty where it is so.
    """
    if landlockpy is None:
        return "the package landlockpy is missing"
    try:
        with landlockpy.Ruleset(scoped=landlockpy.Scope.ABSTRACT_UNIX_SOCKET | landlockpy.Scope.SIGNAL) as rules:
            rules.restrict()
    except OSError as error:
        return f"the kernel has none ({error})"
    return ""


def lock_calls() -> str:
    """Only the calls of the kernel that are NEEDED: no socket, no file to open, no program, no process, no code that is
    made at run time. Returns why it cannot be, empty where it is so."""
    if seccompy is None:
        return "the package seccompy is missing"
    try:
        _calls().load()
    except (OSError, ValueError) as error:
        return f"the kernel has none ({error})"
    return ""


@cache
def _calls() -> seccompy.Filter:
    """The filter, compiled."""
    rules, some = seccompy.Filter(seccompy.Action.ERRNO | errno.EPERM), seccompy.CmpOp.MASKED_EQ
    for name in NEEDED:
        with contextlib.suppress(ValueError):  # a call that this processor's kernel does not have
            rules.allow(name)
    for name in ("mmap", "mprotect"):
        rules.allow(name, args=[(2, some, 0, mmap.PROT_EXEC)])
    rules.allow("clone", args=[(0, some, CLONE_THREAD, CLONE_THREAD)])
    rules.errno("clone3", errno.ENOSYS)  # its flags cannot be seen from here; glibc then takes clone
    assert rules.program
    return rules


def limit(addresses: int, seconds: float) -> str:
    """At most so many bytes of addresses, and so much processor time; few open files, none written.

    addresses: 0 for no limit. Returns what cannot be limited, empty where all is.
    """
    whole = max(1, round(seconds))
    wanted = {
        resource.RLIMIT_CPU: (whole, whole + 1),  # the first ends it with SIGXCPU, which says why
        resource.RLIMIT_NOFILE: (MOST_OPEN, MOST_OPEN),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    if addresses:
        wanted[resource.RLIMIT_AS] = (addresses, addresses)
    try:
        for which, limits in wanted.items():
            resource.setrlimit(which, limits)
    except (ValueError, OSError) as error:
        return str(error)
    return "" if addresses else "this system does not tell how much memory is taken"


def end_with(parent: int) -> None:
    """Have the kernel end this process when its parent is gone, where it can; of a parent with threads, when that is
    gone which forked it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def addresses_taken() -> int:
    """Bytes of addresses that this process has; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 0
