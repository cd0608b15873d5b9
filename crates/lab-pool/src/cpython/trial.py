"""One trial: its pool and what happens there. Continues `watch.py`."""

# How often a thread that waits for a pool of processes looks whether they are all there, in seconds.
LOOK_AFTER = 0.25


class Trial(Watch):
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
            "gil": has_gil(),
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
        served_ns = self.served_cpu_ns()
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
            # They are the forkserver's children: what /proc showed before they ended, and what it says
            # of that server.
            self.processes["cpu_ns"] = self.served_cpu_ns() - served_ns
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

    def served_cpu_ns(self):
        """CPU time of the forkserver and of those of its children that have ended, in whole ticks."""
        from multiprocessing.forkserver import _forkserver

        pid = getattr(_forkserver, "_forkserver_pid", None)
        if self.method != "forkserver" or pid is None:
            return 0
        # After its name: the 12th to the 15th number, its own and theirs, at work for them and in the kernel.
        numbers = read("/proc/%d/stat" % pid).rpartition(")")[2].split()
        return sum(map(int, numbers[11:15])) * 10**9 // os.sysconf("SC_CLK_TCK")

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
