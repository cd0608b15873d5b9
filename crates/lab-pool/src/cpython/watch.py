"""Which processes a trial has, and whether they are all there. Continues `doing.py`."""

# How long an executor that has lost a process may take to end the others, in seconds.
TIDY_UP = 2


class Lost(Exception):
    """Why a trial cannot be ended, in words."""


class Watch:
    """The part of a trial that looks after its processes."""

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
            self.processes["voluntary_switches"] += of.get("voluntary_ctxt_switches", 0)
            self.processes["involuntary_switches"] += of.get("nonvoluntary_ctxt_switches", 0)
