"""The jobs, as Python programs do them: the first part of what runs in an interpreter.

`tasks.py`, `costs.py`, `interpreters.py` and `worker.py` follow it in the same file. Standard library only, Python 3.8 and later.
The file is loaded again by every process that is started with spawn or forkserver, so what is
at the top is what they all pay for: modules that only some jobs need are imported late.
"""

import array
import os
import sys
import threading
import time

MASK = (1 << 64) - 1
UNKNOWN_CORE = (1 << 32) - 1
# hashlib, zlib and sockets release the GIL by themselves; nothing here does it on purpose.
NEEDED = {
    "track": ["ctypes"],
    "points": ["ctypes"],
    "hash": ["ctypes", "hashlib"],
    "echo": ["ctypes", "encodings.idna", "socket", "struct"],
    "page": ["ctypes", "encodings.idna", "http.client", "urllib.error", "urllib.request", "zlib"],
}

# Additions between two readings of the clock, as in crate::jobs::points.
ADDITIONS_PER_READING = 128

# A peer that is silent for this many seconds will say nothing any more.
ECHO_TIMEOUT = 10


def now():
    """Nanoseconds of the clock that all processes of the machine share."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


class Library:
    """The C library, loaded once per process: loading it makes a class."""

    loaded = None


def c_library():
    """PyDLL keeps the GIL around a call; CDLL would release it, and change the experiment."""
    if Library.loaded is None:
        import ctypes

        Library.loaded = ctypes.PyDLL(None)
    return Library.loaded


def core_reader():
    """A function that gives the core of the calling thread, for one thread's own use.

    Made at a worker's start and not in a job: in a free-threaded build, making a class and closing
    a file yield the core many times, which costs up to 0.1 s beside a busy thread.
    """
    import ctypes

    try:
        read = c_library()["sched_getcpu"]
    except AttributeError:
        return lambda: UNKNOWN_CORE
    read.restype = ctypes.c_uint32
    return read


class Me(threading.local):
    """What belongs to one worker."""

    core = None
    ready_ns = 0


ME = Me()


class Flag:
    """Set to 1 when jobs in the background are to end; between processes a shared byte."""

    value = 0


class Context:
    """What the workers of a trial have in common; each process has one."""

    stop = Flag()
    counter = 0
    lock = threading.Lock()
    max_samples = 0
    max_redirects = 0
    trusted = ""
    reads_core = False


class Notes:
    """When a job made progress: samples of clock and core, or calls from start to end."""

    def __init__(self, job):
        # Memory that was touched beforehand, so that the tracker does not wait for pages.
        steps = (steps_of(job) or 0) if job["kind"] == "track" else 0
        if job["kind"] == "points":
            steps = job["points"] * (1 + max(1, -(-job["additions"] // ADDITIONS_PER_READING)))
        self.times = array.array("Q", [0]) * steps
        self.cores = array.array("Q", [0]) * steps
        self.calls = array.array("Q")


class PageFault(Exception):
    """A page that did not come: one of the causes of crate::jobs::page, and its detail."""


def steps_of(job):
    """How many steps, or None for a job that runs until it is stopped, for one step at least."""
    amount = job["amount"]
    return None if amount == "until-stopped" else amount["steps"]


def add(job, notes):
    steps = steps_of(job)
    if steps is not None:
        return steps, sum_below(steps)
    total, done, stop = 0, 0, Context.stop
    while True:
        for i in range(done, done + 1000):
            total += i
        done += 1000
        if stop.value:
            return done, total & MASK


def sum_below(steps):
    total = 0
    for i in range(steps):
        total += i
    return total & MASK


def track(job, notes):
    steps = steps_of(job)
    clock, monotonic, core = time.clock_gettime_ns, time.CLOCK_MONOTONIC, ME.core
    times, cores = notes.times, notes.cores
    if steps is not None:
        for i in range(steps):
            times[i] = clock(monotonic)
            cores[i] = core()
        return steps, steps
    done, limit, stop = 0, Context.max_samples, Context.stop
    while True:
        if done < limit:
            times.append(clock(monotonic))
            cores.append(core())
        done += 1
        if stop.value:
            break
    if done > limit:
        raise RuntimeError("it made %d samples and had room for %d" % (done, limit))
    return done, done


def digests(job, notes):
    import hashlib

    size, steps, stop, core = job["bytes"], steps_of(job), Context.stop, ME.core
    buffer = (bytes(range(251)) * (size // 251 + 1))[:size]
    last, done = "", 0
    while done < steps if steps is not None else not (done and stop.value):
        start, cpu = now(), time.thread_time_ns()
        digest = hashlib.sha256(buffer)
        # The call releases the GIL and takes it back before it returns. Waiting for it uses no
        # processor, so the CPU time is how long the digest itself took.
        cpu, end = time.thread_time_ns() - cpu, now()
        notes.calls.extend((start, min(end, start + cpu), core()))
        last = digest.hexdigest()
        done += 1
    return done, last


def echo(job, notes):
    """A byte to a peer and back, again and again.

    The kernel keeps the time, not Python: a socket with a timeout of Python's own is polled before
    each call, which releases the GIL twice where the other runtimes release theirs once.
    """
    import socket
    import struct

    lasts, stop, core, done = job["lasts_ns"], Context.stop, ME.core, 0
    with socket.create_connection(("127.0.0.1", job["port"]), timeout=ECHO_TIMEOUT) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.settimeout(None)
        patience = struct.pack("@ll", ECHO_TIMEOUT, 0)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, patience)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, patience)
        # From the first byte to the last answer, as it is reported.
        first = last = 0
        while last - first < lasts if lasts is not None else not (done and stop.value):
            sum_below(job["additions"])
            byte = bytes((done & 255,))
            start = now()
            line.sendall(byte)
            sum_below(job["meanwhile"])
            answer = line.recv(1)
            if answer != byte:
                raise RuntimeError("the peer sent %r back for %r" % (answer, byte))
            last = now()
            notes.calls.extend((start, last, core()))
            if not done:
                first = start
            done += 1
    return done, done


def page(job, notes):
    start = now()
    try:
        return load(job)
    finally:
        notes.calls.extend((start, now(), ME.core()))


def wait(job, notes):
    time.sleep(job["ns"] / 1e9)
    return 1, job["ns"]


def mix(job, notes):
    total, rounds = 0, job["rounds"]
    for _ in range(rounds):
        total += sum_below(job["additions"])
        time.sleep(job["wait_ns"] / 1e9)
    return rounds, total & MASK


def points(job, notes):
    """A reading before each lot of additions, regularly during it, and after it: the point."""
    clock, monotonic, core = time.clock_gettime_ns, time.CLOCK_MONOTONIC, ME.core
    times, cores, additions = notes.times, notes.cores, job["additions"]
    total, at = 0, 0
    for _ in range(job["points"]):
        times[at], cores[at] = clock(monotonic), core()
        at += 1
        for start in range(0, max(1, additions), ADDITIONS_PER_READING):
            for i in range(start, min(start + ADDITIONS_PER_READING, additions)):
                total += i
            times[at], cores[at] = clock(monotonic), core()
            at += 1
    return job["points"], total & MASK


def count(job, notes):
    steps, stop, lock, done = steps_of(job), Context.stop, Context.lock, 0
    while done < steps if steps is not None else not (done and stop.value):
        with lock:
            Context.counter += 1
        done += 1
    return done, done


KINDS = {
    "add": add,
    "track": track,
    "hash": digests,
    "echo": echo,
    "page": page,
    "wait": wait,
    "mix": mix,
    "points": points,
    "count": count,
}


def load(job):
    """Loads a page as urllib does: one new connection, no proxy."""
    import http.client
    import socket
    import urllib.error
    import zlib

    deadline = now() + job["timeout_ns"]
    length, crc = 0, 0
    try:
        with opener().open(job["url"], timeout=job["timeout_ns"] / 1e9) as response:
            if response.length is not None and response.length > job["max_bytes"]:
                raise PageFault("too-large", job["max_bytes"])
            while True:
                piece = response.read1(1 << 16)
                if now() > deadline:
                    raise PageFault("timed-out", job["timeout_ns"])
                if not piece:
                    break
                length += len(piece)
                crc = zlib.crc32(piece, crc)
                if length > job["max_bytes"]:
                    raise PageFault("too-large", job["max_bytes"])
            if response.length:
                raise PageFault("truncated", length)
            return length, "%d:%d:%08x" % (response.status, length, crc)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code < 400 and "infinite loop" in str(error.msg):
            raise PageFault("too-many-redirects")
        raise PageFault("status", error.code)
    except urllib.error.URLError as error:
        if isinstance(error.reason, socket.timeout):
            raise PageFault("timed-out", job["timeout_ns"])
        if isinstance(error.reason, OSError):
            raise PageFault("connection", str(error.reason))
        raise PageFault("bad-url", str(error.reason))
    except socket.timeout:
        raise PageFault("timed-out", job["timeout_ns"])
    except http.client.IncompleteRead:
        raise PageFault("truncated", length)
    except (ValueError, http.client.InvalidURL) as error:
        raise PageFault("bad-url", str(error))
    except OSError as error:
        raise PageFault("truncated" if length else "connection", length or str(error))
    except http.client.HTTPException as error:
        raise PageFault("not-http", "%s: %s" % (type(error).__name__, error))


def tls(made=[]):
    """Whom https pages are believed; set up for the first of them only."""
    if not made:
        import ssl

        context = ssl.create_default_context(cadata=bytes.fromhex(Context.trusted))
        # From 3.13 on it refuses authorities that the other clients believe.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        made.append(context)
    return made[0]


def opener(made=[]):
    """urllib's own handlers, without proxies."""
    if not made:
        import http.client
        import urllib.request as urllib

        class Redirects(urllib.HTTPRedirectHandler):
            max_redirections = Context.max_redirects

        class Https(urllib.AbstractHTTPHandler):
            def https_open(self, request):
                return self.do_open(http.client.HTTPSConnection, request, context=tls())

            https_request = urllib.AbstractHTTPHandler.do_request_

        director = urllib.OpenerDirector()
        for handler in (
            urllib.HTTPHandler,
            Https,
            Redirects,
            urllib.HTTPErrorProcessor,
            urllib.HTTPDefaultErrorHandler,
            urllib.UnknownHandler,
        ):
            director.add_handler(handler())
        made.append(director)
    return made[0]
