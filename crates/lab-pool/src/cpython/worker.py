"""Whole trials in this interpreter: the other end of `lab_pool::cpython`. Continues `interpreters.py`.

Trials come as JSON lines on stdin; what they did goes to stdout as JSON lines, with raw 64-bit
integers after a line that announces them.
"""

VERSION = 3

# How often a thread that waits for a pool of processes looks whether they are all there, in seconds.
LOOK_AFTER = 0.25

# How long an executor that has lost a process may take to end the others, in seconds.
TIDY_UP = 2


class Lost(Exception):
    """A process that ended before its work was done."""


def enter(context, modules, barrier):
    """The first thing that a worker does."""
    prepare(context, modules)
    begin()
    if barrier is not None:
        barrier.wait(60)


def begin():
    """This thread is a worker from now on."""
    if Context.reads_core:
        ME.core = core_reader()
    ME.ready_ns = now()


def prepare(context, modules):
    """Imports what the jobs need, and sets what the workers of this process have in common."""
    import importlib

    for module in modules:
        importlib.import_module(module)
    for name, value in context.items():
        setattr(Context, name, value)
    if "urllib.request" in modules:
        # It makes classes, which must not happen in a job: see `core_reader`.
        opener()


def arrive():
    """The job of a worker that only has to be there."""
    return threading.get_native_id(), ME.ready_ns


def perform(job):
    """Does a job; whether its answer is right is judged elsewhere."""
    notes, result = Notes(job), {}
    cpu, start = time.thread_time_ns(), now()
    try:
        result["count"], result["answer"] = KINDS[job["kind"]](job, notes)
    except Exception as error:
        result.update(trouble(error))
    end = now()
    result.update(start_ns=start, end_ns=end, cpu_ns=time.thread_time_ns() - cpu)
    return threading.get_native_id(), ME.ready_ns, result, raw_of(notes, result)


async def perform_as_task(job):
    """The same as a task. Tasks share a thread, so that none has CPU time of its own."""
    notes, result = Notes(job), {}
    start = now()
    try:
        result["count"], result["answer"] = await TASKS[job["kind"]](job, notes)
    except Exception as error:
        result.update(trouble(error))
    result.update(start_ns=start, end_ns=now())
    return result, raw_of(notes, result)


def trouble(error):
    """Why a job has no answer."""
    if isinstance(error, PageFault):
        return {"fault": dict(zip(("cause", "detail"), error.args))}
    return {"raised": "%s: %s" % (type(error).__name__, error)}


def raw_of(notes, result):
    """What the job noted, as bytes; the result says how much that is."""
    result["samples"], result["calls"] = len(notes.times), len(notes.calls) // 3
    for part in (notes.times, notes.cores, notes.calls):
        if sys.byteorder == "big":
            part.byteswap()
    return b"".join(part.tobytes() for part in (notes.times, notes.cores, notes.calls))


def background_process(context, modules, job, stop, pipe):
    """The whole life of a process in the background."""
    enter(dict(context, stop=stop), modules, None)
    pipe.send("ready")
    pipe.send(perform(job))


class Trial:
    """One run of an arm: its own pool, made, used and closed."""

    def __init__(self, order):
        import multiprocessing

        self.order = order
        self.jobs = order["jobs"]
        self.workers = order["workers"]
        self.context = multiprocessing.get_context(order["start_method"])
        self.method = self.context.get_start_method()
        every = self.jobs + [beside["job"] for beside in order["background"]]
        modules = {m for job in every for m in NEEDED.get(job["kind"], [])}
        modules |= {"ssl"} if order["trusted"] else set()
        modules |= {"asyncio"} if order["executor"] == "async" else set()
        self.modules = sorted(modules)
        self.common = {
            "max_samples": order["max_samples"],
            "max_redirects": order["max_redirects"],
            "trusted": order["trusted"],
            "reads_core": "ctypes" in self.modules,
        }
        self.background = []
        self.beside = []
        self.processes = {"cpu_ns": 0, "voluntary_switches": 0, "involuntary_switches": 0}
        self.peaks = []
        self.delays = []

    def run(self):
        """What goes to stdout: the end, and a list of results with their raw bytes."""
        import resource

        sys.setswitchinterval(self.order["switch_interval_ns"] / 1e9)
        self.stops = [Flag()]
        make_room(self.workers + len(self.order["background"]))
        prepare(dict(self.common, stop=self.stops[0], counter=0), self.modules)
        begin()
        self.start_helpers()
        tidy_memory()
        peak_was_reset = reset_peak()
        before = [usage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        self.zero_ns = now()
        self.start_background()
        runs = {
            "serial": self.serial,
            "threads": self.threads,
            "async": self.tasks,
            "interpreters": self.interpreters,
            "processes": self.pool_of_processes,
        }
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
            "counter": counted(),
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

    def tasks(self):
        """As many tasks as there are workers; each takes the next job when it is done with one."""
        import asyncio

        queue, rows = iter(enumerate(self.jobs)), []

        async def work(worker):
            for number, job in queue:
                rows.append((number, worker, self.ready_ns, *await perform_as_task(job)))

        async def work_together():
            self.ready_ns = now()
            await asyncio.gather(*map(work, range(self.workers)))
            self.answered_ns = now()

        delay = run_delay("thread-self")
        asyncio.run(work_together())
        self.closed_ns = now()
        then = run_delay("thread-self")
        self.delays.append(None if delay is None or then is None else then - delay)
        # Number by number; the rest of a row cannot be ordered.
        return sorted(rows, key=lambda row: row[0])

    def threads(self):
        from concurrent.futures import ThreadPoolExecutor

        barrier = threading.Barrier(self.workers) if self.order["warm"] else None
        return self.pool(
            ThreadPoolExecutor(self.workers, initializer=enter, initargs=({}, [], barrier))
        )

    def interpreters(self):
        from concurrent.futures import InterpreterPoolExecutor

        gate = gate_for(self.workers) if self.order["warm"] else None
        initargs = (self.common, self.modules, gate)
        rows = self.pool(
            InterpreterPoolExecutor(
                self.workers, initializer=enter_interpreter, initargs=initargs
            )
        )
        for pipe in gate[:-1] if gate else ():
            os.close(pipe)
        return rows

    def pool_of_processes(self):
        from concurrent.futures import ProcessPoolExecutor

        barrier = self.context.Barrier(self.workers) if self.order["warm"] else None
        return self.pool(
            ProcessPoolExecutor(
                self.workers,
                mp_context=self.context,
                initializer=enter,
                initargs=(dict(self.common, stop=Flag()), self.modules, barrier),
            )
        )

    def pool(self, pool):
        """Runs the jobs in the executor, and closes it. After an exception it is left as it is: an
        executor that has lost a process may wait forever when it is closed."""
        from concurrent.futures.process import BrokenProcessPool

        try:
            ready, submitted, futures = {}, [], []
            if self.order["warm"]:
                # The barrier lets nobody through before all are there.
                arrivals = [pool.submit(arrive) for _ in range(self.workers)]
                self.wait_for(arrivals, pool)
                ready.update(arrival.result() for arrival in arrivals)
            for job in self.jobs:
                submitted.append(now())
                futures.append(pool.submit(perform, job))
            self.wait_for(futures, pool)
            self.answered_ns = now()
            answers = [future.result() for future in futures]
        except (BrokenProcessPool, BrokenPipeError):
            # A pipe breaks if a process ends before it has its first order.
            raise Lost(self.who_ended(pool))
        ready.update((worker, at) for worker, at, _, _ in answers)
        # After this they are gone.
        self.delays += [run_delay(worker) for worker in ready]
        self.look_at_processes()
        pool.shutdown()
        self.closed_ns = now()
        self.ready_ns = max(ready.values(), default=self.answered_ns)
        first_come = sorted(answers, key=lambda answer: answer[2]["start_ns"])
        number_of = {w: i for i, w in enumerate(dict.fromkeys(answer[0] for answer in first_come))}
        return [
            (number, number_of[worker], at, result, raw)
            for number, (at, (worker, _, result, raw)) in enumerate(zip(submitted, answers))
        ]

    def wait_for(self, futures, pool):
        """Waits for all with one wake-up when all is done: this thread takes no part.

        But ProcessPoolExecutor does not watch a process that it started after it last woke up, so
        where there are processes this thread wakes up from time to time and looks after them.
        """
        from concurrent.futures import wait

        patience = LOOK_AFTER if self.processes_of(pool) else None
        while wait(futures, patience).not_done:
            if self.has_lost_one(pool):
                raise Lost(self.who_ended(pool))

    def processes_of(self, pool):
        """Those of the pool and those in the background, each with its name."""
        # Threads have no such field.
        workers = list((getattr(pool, "_processes", None) or {}).values())
        beside = [("the process in the background", process) for process in self.beside]
        return [("a worker process of the pool", process) for process in workers] + beside

    def lost(self, pool):
        """Which of them has ended, in words; those that the executor ended do not count."""
        import signal

        for name, process in self.processes_of(pool):
            code = process.exitcode
            if code is not None and code != -signal.SIGTERM:
                how = "signal %d" % -code if code < 0 else "exit status %d" % code
                return "%s (pid %d) ended early (%s)" % (name, process.pid, how)
        return None

    def has_lost_one(self, pool):
        """Whether one has ended. This only looks: see `who_ended`."""
        from multiprocessing.connection import wait

        return bool(wait([process.sentinel for _, process in self.processes_of(pool)], 0))

    def who_ended(self, pool):
        """The same in words, of a pool that may be ending its processes at this moment.

        The executor's own thread goes first. The forkserver says only once how a process ended;
        of two threads that ask at the same time one gets 255 (`Popen.poll` in
        `multiprocessing/popen_forkserver.py`), and that then counts for both.
        """
        # Until Python 3.8 it had another name. Threads have no such field.
        for name in ("_executor_manager_thread", "_queue_management_thread"):
            keeper = getattr(pool, name, None)
            if keeper is not None:
                keeper.join(TIDY_UP)
        for _ in range(20):
            lost = self.lost(pool)
            if lost:
                return lost
            time.sleep(0.005)
        return "a worker process of the pool ended early"

    def look_at_processes(self):
        import multiprocessing

        for child in multiprocessing.active_children():
            of = status(child.pid)
            self.peaks.append(of.get("VmHWM"))
            cpu = schedstat(child.pid)
            self.processes["cpu_ns"] += cpu[0] if cpu else 0
            self.processes["voluntary_switches"] += of.get("voluntary_ctxt_switches", 0)
            self.processes["involuntary_switches"] += of.get("nonvoluntary_ctxt_switches", 0)

    # Jobs in the background: each on its own thread or in its own process.

    def start_background(self):
        for beside in self.order["background"]:
            start = self.start_process if beside["executor"] == "processes" else self.start_thread
            self.background.append(start(beside["job"]))

    def start_thread(self, job):
        answers = []

        def run():
            begin()
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
            target=background_process, args=(self.common, self.modules, job, stop, theirs)
        )
        process.start()
        self.beside.append(process)
        theirs.close()

        def hear():
            try:
                return ours.recv()
            except EOFError:
                process.join()
                raise Lost(self.lost(None) or "the process in the background ended early")

        def finish():
            answer = hear()
            process.join()
            self.beside.remove(process)
            return answer

        hear()
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


def check_machine():
    """Finds out before any trial whether this machine has what a pool of processes needs."""
    import multiprocessing
    import tempfile

    try:
        # Of this method, since for others a helper process would be started to look after it.
        multiprocessing.get_context("fork").Lock()
    except OSError as error:
        raise Lost("its processes can share no lock (%s): /dev/shm must be writable" % error)
    # The forkserver's socket has its path in a folder of this one, and 107 bytes of room.
    if len(os.fsencode(tempfile.gettempdir())) > 60:
        tempfile.tempdir = "/tmp"


def serve(order, say):
    """Runs a trial and sends what it did. Nothing of it is kept: a fork would have to copy it."""
    end, rows = Trial(order).run()
    say(dict(end, results=len(rows)))
    for job, worker, submitted_ns, result, raw in rows:
        result.update(say="result", job=job, worker=worker, submitted_ns=submitted_ns)
        say(result, raw)


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
    try:
        check_machine()
        say({"say": "hello", "version": VERSION, "interpreters": has_interpreters()})
        for line in iter(sys.stdin.buffer.readline, b""):
            serve(json.loads(line), say)
    except BaseException as error:
        what = str(error) if isinstance(error, Lost) else "%s: %s" % (type(error).__name__, error)
        say({"say": "failed", "what": what})
        # At once: an orderly end would wait for what is left of a pool.
        os._exit(1)


if __name__ == "__main__":
    main()
