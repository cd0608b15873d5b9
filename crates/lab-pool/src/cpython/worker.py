"""Runs whole trials in this interpreter: the other end of `lab_pool::cpython`.

Trials come as JSON lines on stdin; what they did goes to stdout as JSON lines, with raw 64-bit
integers after a line that announces them. Standard library only, Python 3.8 and later.

This file is imported again by every process that is started with spawn or forkserver, so what
stands at the top is what they all pay for: modules that only some jobs need are imported late.
"""

import array
import os
import sys
import threading
import time

VERSION = 1
MASK = (1 << 64) - 1
UNKNOWN_CORE = (1 << 32) - 1
# hashlib, zlib and sockets let go of the GIL by themselves; nothing here does it on purpose.
NEEDED = {
    "track": ["ctypes"],
    "hash": ["ctypes", "hashlib"],
    "echo": ["ctypes", "socket"],
    "page": ["ctypes", "http.client", "urllib.error", "urllib.request", "zlib"],
}

# A peer that is silent for so many seconds will say nothing any more.
ECHO_TIMEOUT = 10


def now():
    """Nanoseconds of the clock that all processes of the machine share."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


def core_reader():
    """A function that gives the core of the calling thread, for one thread's own use.

    PyDLL keeps the GIL around the call; CDLL would let go of it, and change the experiment.
    """
    import ctypes

    try:
        read = ctypes.PyDLL(None).sched_getcpu
    except AttributeError:
        return lambda: UNKNOWN_CORE
    read.restype = ctypes.c_uint32
    return read


# --- Jobs ------------------------------------------------------------------------------------


class Flag:
    """Set to 1 when jobs in the background are to end; between processes a shared byte."""

    value = 0


class Desk:
    """What the workers of a trial have in common; each process has one."""

    stop = Flag()
    counter = 0
    lock = threading.Lock()
    max_samples = 0
    max_redirects = 0


class Notes:
    """When a job made progress: samples of clock and core, or calls from start to end."""

    def __init__(self):
        self.times = array.array("Q")
        self.cores = array.array("Q")
        self.calls = array.array("Q")


class PageFault(Exception):
    """A page that did not come: one of the causes of lab_jobs::page, and its detail."""


def steps_of(job):
    """How many steps, or None for a job that runs until it is stopped."""
    amount = job["amount"]
    return None if amount == "until-stopped" else amount["steps"]


def add(job, notes):
    steps = steps_of(job)
    if steps is not None:
        return steps, str(sum_below(steps))
    total, done, stop = 0, 0, Desk.stop
    while not stop.value:
        for i in range(done, done + 1000):
            total += i
        done += 1000
    return done, str(total & MASK)


def sum_below(steps):
    total = 0
    for i in range(steps):
        total += i
    return total & MASK


def track(job, notes):
    steps = steps_of(job)
    clock, monotonic, core = time.clock_gettime_ns, time.CLOCK_MONOTONIC, core_reader()
    times, cores = notes.times, notes.cores
    if steps is not None:
        # Memory that was touched beforehand, so that the loop does not wait for pages.
        notes.times = times = array.array("Q", [0]) * steps
        notes.cores = cores = array.array("Q", [0]) * steps
        for i in range(steps):
            times[i] = clock(monotonic)
            cores[i] = core()
        return steps, str(steps)
    done, limit, stop = 0, Desk.max_samples, Desk.stop
    while not stop.value:
        if done < limit:
            times.append(clock(monotonic))
            cores.append(core())
        done += 1
    if done > limit:
        raise RuntimeError("it made %d samples and had room for %d" % (done, limit))
    return done, str(done)


def digests(job, notes):
    import hashlib

    size, steps, stop, core = job["bytes"], steps_of(job), Desk.stop, core_reader()
    buffer = (bytes(range(251)) * (size // 251 + 1))[:size]
    last, done = "", 0
    while done < steps if steps is not None else not stop.value:
        start, cpu = now(), time.thread_time_ns()
        digest = hashlib.sha256(buffer)
        # The call lets go of the GIL and takes it back before it returns. Waiting for it uses no
        # processor, so the CPU time tells how long the digest itself took.
        cpu, end = time.thread_time_ns() - cpu, now()
        notes.calls.extend((start, min(end, start + cpu), core()))
        last = digest.hexdigest()
        done += 1
    return done, last


def echo(job, notes):
    """A byte to a peer and back, again and again."""
    import socket

    steps, stop, core, done = steps_of(job), Desk.stop, core_reader(), 0
    with socket.create_connection(("127.0.0.1", job["port"]), timeout=ECHO_TIMEOUT) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while done < steps if steps is not None else not stop.value:
            byte = bytes((done & 255,))
            start = now()
            line.sendall(byte)
            answer = line.recv(1)
            if answer != byte:
                raise RuntimeError("the peer sent %r back for %r" % (answer, byte))
            notes.calls.extend((start, now(), core()))
            done += 1
    return done, str(done)


def page(job, notes):
    start = now()
    try:
        return load(job)
    finally:
        notes.calls.extend((start, now(), core_reader()()))


def wait(job, notes):
    time.sleep(job["ns"] / 1e9)
    return 1, str(job["ns"])


def mix(job, notes):
    total, rounds = 0, job["rounds"]
    for _ in range(rounds):
        total += sum_below(job["additions"])
        time.sleep(job["wait_ns"] / 1e9)
    return rounds, str(total & MASK)


def count(job, notes):
    steps, stop, lock, done = steps_of(job), Desk.stop, Desk.lock, 0
    while done < steps if steps is not None else not stop.value:
        with lock:
            Desk.counter += 1
        done += 1
    return done, str(done)


KINDS = {
    "add": add,
    "track": track,
    "hash": digests,
    "echo": echo,
    "page": page,
    "wait": wait,
    "mix": mix,
    "count": count,
}


# --- Pages -----------------------------------------------------------------------------------


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
                raise PageFault("too-large")
            while True:
                piece = response.read1(1 << 16)
                if now() > deadline:
                    raise PageFault("timed-out")
                if not piece:
                    break
                length += len(piece)
                crc = zlib.crc32(piece, crc)
                if length > job["max_bytes"]:
                    raise PageFault("too-large")
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
            raise PageFault("timed-out")
        if isinstance(error.reason, OSError):
            raise PageFault("connection", str(error.reason))
        raise PageFault("bad-url", str(error.reason))
    except socket.timeout:
        raise PageFault("timed-out")
    except http.client.IncompleteRead:
        raise PageFault("truncated", length)
    except (ValueError, http.client.InvalidURL) as error:
        raise PageFault("bad-url", str(error))
    except OSError as error:
        raise PageFault("truncated" if length else "connection", length or str(error))
    except http.client.HTTPException as error:
        raise PageFault("not-http", "%s: %s" % (type(error).__name__, error))


def opener(made=[]):
    """urllib's own handlers without proxies; certificates are read for the first https page only."""
    if not made:
        import http.client
        import urllib.request as urllib

        class Redirects(urllib.HTTPRedirectHandler):
            max_redirections = Desk.max_redirects

        class Https(urllib.AbstractHTTPHandler):
            context = None

            def https_open(self, request):
                import ssl

                self.context = self.context or ssl.create_default_context()
                return self.do_open(http.client.HTTPSConnection, request, context=self.context)

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


# --- Workers ---------------------------------------------------------------------------------

ME = threading.local()


def enter(desk, modules, barrier):
    """The first thing that a worker does."""
    prepare(desk, modules)
    ME.ready_ns = now()
    if barrier is not None:
        barrier.wait(60)


def prepare(desk, modules):
    """Imports what the jobs need, and lays out the desk of this process."""
    import importlib

    for module in modules:
        importlib.import_module(module)
    for name, value in desk.items():
        setattr(Desk, name, value)


def arrive():
    """The job of a worker that only has to be there."""
    return threading.get_native_id(), ME.ready_ns


def perform(job):
    """Does a job; whether its answer is right is judged elsewhere."""
    notes, result = Notes(), {}
    cpu, start = time.thread_time_ns(), now()
    try:
        result["count"], result["answer"] = KINDS[job["kind"]](job, notes)
    except PageFault as fault:
        result["fault"] = dict(zip(("cause", "detail"), fault.args))
    except Exception as error:
        result["fault"] = {"cause": "raised", "detail": "%s: %s" % (type(error).__name__, error)}
    end = now()
    result.update(start_ns=start, end_ns=end, cpu_ns=time.thread_time_ns() - cpu)
    result["samples"], result["calls"] = len(notes.times), len(notes.calls) // 3
    for part in (notes.times, notes.cores, notes.calls):
        if sys.byteorder == "big":
            part.byteswap()
    raw = b"".join(part.tobytes() for part in (notes.times, notes.cores, notes.calls))
    return threading.get_native_id(), ME.ready_ns, result, raw


def background_process(desk, modules, job, stop, pipe):
    """The whole life of a process in the background."""
    enter(dict(desk, stop=stop), modules, None)
    pipe.send("ready")
    pipe.send(perform(job))


# --- Trials ----------------------------------------------------------------------------------


class Trial:
    """One run of an arm: a pool of its own, made, used and closed."""

    def __init__(self, order):
        import multiprocessing

        self.order = order
        self.jobs = order["jobs"]
        self.workers = order["workers"]
        self.context = multiprocessing.get_context(order["start_method"])
        self.method = self.context.get_start_method()
        every = self.jobs + [beside["job"] for beside in order["background"]]
        self.modules = sorted({m for job in every for m in NEEDED.get(job["kind"], [])})
        self.desk = {"max_samples": order["max_samples"], "max_redirects": order["max_redirects"]}
        self.background = []
        self.processes = {"cpu_ns": 0, "voluntary_switches": 0, "involuntary_switches": 0}
        self.peaks = []
        self.delays = []

    def run(self):
        """What goes to stdout: the end, and a list of results with their raw bytes."""
        import resource

        sys.setswitchinterval(self.order["switch_interval_ns"] / 1e9)
        self.stops = [Flag()]
        prepare(dict(self.desk, stop=self.stops[0], counter=0), self.modules)
        ME.ready_ns = now()
        self.start_helpers()
        peak_was_reset = reset_peak()
        before = [usage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        self.zero_ns = now()
        self.start_background()
        runs = {"serial": self.serial, "threads": self.threads, "processes": self.pool_of_processes}
        rows = runs[self.order["executor"]]()
        rows += self.stop_background()
        after = [usage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        own, children = ({k: b[k] - a[k] for k in a} for a, b in zip(before, after))
        if self.method == "forkserver":
            # They are the forkserver's children: what /proc showed before they ended.
            children = {k: children[k] + self.processes[k] for k in children}
        peaks = [status(os.getpid()).get("VmHWM") if peak_was_reset else None] + self.peaks
        end = {
            "say": "end",
            "zero_ns": self.zero_ns,
            "ready_ns": self.ready_ns,
            "answered_ns": self.answered_ns,
            "closed_ns": self.closed_ns,
            "own": own,
            "children": children,
            "run_delay_ns": total(self.delays),
            "peak_rss_bytes": total(peaks),
            "counter": Desk.counter,
            "start_method": self.method if self.order["executor"] == "processes" else None,
        }
        return end, rows

    def start_helpers(self):
        """What a program starts once and keeps does not count as the start of a pool."""
        kinds = [self.order["executor"]] + [b["executor"] for b in self.order["background"]]
        if "processes" not in kinds or self.method == "fork":
            return
        from multiprocessing import forkserver, resource_tracker

        resource_tracker.ensure_running()
        if self.method == "forkserver":
            forkserver.ensure_running()

    # The executors. Each sets ready_ns, answered_ns and closed_ns, and gives rows: number of the
    # job, number of the worker, when it was submitted, result, raw bytes.

    def serial(self):
        delay = run_delay("thread-self")
        self.ready_ns = now()
        rows = []
        for number, job in enumerate(self.jobs):
            _, _, result, raw = perform(job)
            rows.append((number, 0, self.ready_ns, result, raw))
        self.answered_ns = self.closed_ns = now()
        then = run_delay("thread-self")
        self.delays.append(None if delay is None or then is None else then - delay)
        return rows

    def threads(self):
        from concurrent.futures import ThreadPoolExecutor

        barrier = threading.Barrier(self.workers) if self.order["warm"] else None
        return self.pool(
            ThreadPoolExecutor(self.workers, initializer=enter, initargs=({}, [], barrier))
        )

    def pool_of_processes(self):
        from concurrent.futures import ProcessPoolExecutor

        barrier = self.context.Barrier(self.workers) if self.order["warm"] else None
        return self.pool(
            ProcessPoolExecutor(
                self.workers,
                mp_context=self.context,
                initializer=enter,
                initargs=(dict(self.desk, stop=Flag()), self.modules, barrier),
            )
        )

    def pool(self, pool):
        import concurrent.futures

        ready, submitted, futures = {}, [], []
        with pool:
            if self.order["warm"]:
                # The barrier lets nobody through before all are there.
                ready.update(f.result() for f in [pool.submit(arrive) for _ in range(self.workers)])
            for job in self.jobs:
                submitted.append(now())
                futures.append(pool.submit(perform, job))
            # One wake-up when all is done: this thread takes no part.
            concurrent.futures.wait(futures)
            self.answered_ns = now()
            answers = [future.result() for future in futures]
            ready.update((worker, at) for worker, at, _, _ in answers)
            # After this they are gone.
            self.delays += [run_delay(worker) for worker in ready]
            self.look_at_processes()
        self.closed_ns = now()
        self.ready_ns = max(ready.values(), default=self.answered_ns)
        first_come = sorted(answers, key=lambda answer: answer[2]["start_ns"])
        number_of = {w: i for i, w in enumerate(dict.fromkeys(answer[0] for answer in first_come))}
        return [
            (number, number_of[worker], at, result, raw)
            for number, (at, (worker, _, result, raw)) in enumerate(zip(submitted, answers))
        ]

    def look_at_processes(self):
        import multiprocessing

        for child in multiprocessing.active_children():
            of = status(child.pid)
            self.peaks.append(of.get("VmHWM"))
            cpu = schedstat(child.pid)
            self.processes["cpu_ns"] += cpu[0] if cpu else 0
            self.processes["voluntary_switches"] += of.get("voluntary_ctxt_switches", 0)
            self.processes["involuntary_switches"] += of.get("nonvoluntary_ctxt_switches", 0)

    # Jobs in the background: each on a thread or in a process of its own.

    def start_background(self):
        for beside in self.order["background"]:
            start = self.start_process if beside["executor"] == "processes" else self.start_thread
            self.background.append(start(beside["job"]))

    def start_thread(self, job):
        answers = []

        def run():
            ME.ready_ns = now()
            answers.append(perform(job))

        thread = threading.Thread(target=run)
        thread.start()

        def finish():
            thread.join()
            return answers[0]

        return finish

    def start_process(self, job):
        stop = self.context.RawValue("b", 0)
        self.stops.append(stop)
        ours, theirs = self.context.Pipe()
        process = self.context.Process(
            target=background_process, args=(self.desk, self.modules, job, stop, theirs)
        )
        process.start()
        theirs.close()
        ours.recv()

        def finish():
            answer = ours.recv()
            process.join()
            return answer

        return finish

    def stop_background(self):
        if self.order["executor"] != "processes":
            self.look_at_processes()
        for stop in self.stops:
            stop.value = 1
        rows = []
        for i, finish in enumerate(self.background):
            _, _, result, raw = finish()
            rows.append((len(self.jobs) + i, self.workers + i, self.zero_ns, result, raw))
        return rows


# --- What it cost ----------------------------------------------------------------------------


def usage(who):
    import resource

    used = resource.getrusage(who)
    return {
        "cpu_ns": int((used.ru_utime + used.ru_stime) * 1e9),
        "voluntary_switches": used.ru_nvcsw,
        "involuntary_switches": used.ru_nivcsw,
    }


def status(pid):
    """Numbers of /proc/PID/status, memory in bytes; empty if the kernel does not tell."""
    found = {}
    try:
        with open("/proc/%s/status" % pid) as lines:
            for line in lines:
                name, _, rest = line.partition(":")
                if name == "VmHWM":
                    found[name] = int(rest.split()[0]) * 1024
                elif name.endswith("ctxt_switches"):
                    found[name] = int(rest)
    except (OSError, ValueError):
        pass
    return found


def schedstat(task):
    """Nanoseconds on a core and waiting for one, of one thread; None if the kernel does not tell."""
    try:
        with open("/proc/%s/schedstat" % task) as line:
            return [int(number) for number in line.read().split()]
    except (OSError, ValueError):
        return None


def run_delay(task):
    numbers = schedstat(task)
    return numbers[1] if numbers else None


def reset_peak():
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
        return True
    except OSError:
        return False


def total(values):
    """The sum, if every part of it is known."""
    return None if None in values else sum(values)


# --- The conversation ------------------------------------------------------------------------


def guard():
    """Leaves a small process behind that ends the whole group when the parent is gone.

    stdin is a pipe whose other end only the parent has, so it hangs up however the parent ended.
    A thread could watch it as well, but Python 3.12 and later warn when a process with threads
    forks, and with the GIL the thread would be part of the experiment.
    """
    import select
    import signal

    if os.fork() != 0:
        return
    os.closerange(1, 256)
    poll = select.poll()
    poll.register(0, select.POLLHUP)
    while True:
        for _, event in poll.poll():
            if event:
                os.killpg(0, signal.SIGKILL)


def main():
    import json
    import warnings

    # Nobody but this function writes to the parent: prints go to stderr.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    guard()
    # Since 3.12: a process with threads that forks. It is what was asked for.
    warnings.simplefilter("ignore", DeprecationWarning)

    def say(message, raw=b""):
        if raw:
            message = dict(message, bytes=len(raw))
        channel.write(json.dumps(message).encode() + b"\n" + raw)
        channel.flush()

    # Imported before the first trial, as a program does that uses them.
    prepare({}, ["concurrent.futures.process", "multiprocessing", "resource"])
    gil = getattr(sys, "_is_gil_enabled", lambda: None)()
    say({"say": "hello", "version": VERSION, "pid": os.getpid(), "gil": gil})
    for line in iter(sys.stdin.buffer.readline, b""):
        end, rows = Trial(json.loads(line)).run()
        say(dict(end, results=len(rows)))
        for job, worker, submitted_ns, result, raw in rows:
            result.update(say="result", job=job, worker=worker, submitted_ns=submitted_ns)
            say(result, raw)


if __name__ == "__main__":
    main()
