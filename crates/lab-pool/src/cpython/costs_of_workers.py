"""Jobs that start what they measure by themselves, as `crate::jobs::costs`. Continues `interpreters.py`."""

# As in crate::jobs::costs::park, in bytes.
STACK = 8 << 20
LOCKED_BESIDE = 64 << 20

NEEDED.update({
    "beat": ["ctypes", "hashlib"],
    "hand-over": ["concurrent.futures", "ctypes"],
    "park": ["ctypes", "resource"],
})


def memory(name, pid="self"):
    """A sum over all that a process has mapped, in bytes."""
    for line in read("/proc/%s/smaps_rollup" % pid).splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the kernel does not say how much memory is used")


def of_status(name):
    for line in read("/proc/self/status").splitlines():
        if line.startswith(name + ":"):
            return line.split()[1]
    raise RuntimeError("the kernel does not say %s of this process" % name)


async def beat(job, notes):
    """Sleeps for a period, again and again, while the loop has something computed."""
    import asyncio

    over, core, period = [], ME.core, job["period_ns"] / 1e9
    compute, start_companion = companion_of(job["beside"], job["steps"])
    pool = start_companion and await start_companion()

    async def keep_computing():
        loop = asyncio.get_running_loop()
        while not over:
            if job["beside"] == "loop":
                compute(job["steps"])
                await asyncio.sleep(0)
            else:
                await loop.run_in_executor(pool, compute, job["steps"])

    computing = compute and asyncio.ensure_future(keep_computing())
    first = last = now()
    beats = 0
    while last - first < job["lasts_ns"]:
        await asyncio.sleep(period)
        at = now()
        notes.calls.extend((last, at, core()))
        last = at
        beats += 1
    over.append(True)
    if computing:
        await computing
    if pool:
        pool.shutdown()
    return beats, beats


def companion_of(beside, steps):
    """What is computed beside a heartbeat, and how its own pool is started, if it has one."""
    if beside == "nothing":
        return None, None
    if beside == "sum":
        return sum_in_one_call, None
    if beside == "digest":
        import hashlib

        buffer = bytes(16 * steps)
        return lambda _: hashlib.sha256(buffer).digest(), None

    async def start_pool():
        import asyncio

        pool = process_pool()
        await asyncio.get_running_loop().run_in_executor(pool, compute_checked, 1)
        return pool

    return compute_checked, start_pool if beside == "process" else None


def compute_checked(steps):
    if sum_below(steps) != steps * (steps - 1) // 2 & MASK:
        raise RuntimeError("wrong answer: what was computed beside the heartbeat")


def sum_in_one_call(steps):
    if sum(range(steps)) != steps * (steps - 1) // 2:
        raise RuntimeError("wrong answer: what was computed beside the heartbeat")


def process_pool():
    """A pool of one process. How it is started is no part of what is measured."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    return ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork"))


def hand_over(job, notes):
    """Hands payloads to a pool's one worker, which says how long each is."""
    import concurrent.futures

    to, core, times, arrived = job["to"], ME.core, job["times"], 0
    # A payload whose pages are like no others.
    payloads = [os.urandom(min(size, 1 << 20)) * -(-size // (1 << 20)) for size in job["bytes"]]
    payloads = [payload[:size] for payload, size in zip(payloads, job["bytes"])]
    if to == "view":
        payloads = [memoryview(payload) for payload in payloads]
    pools = {
        "thread": lambda: concurrent.futures.ThreadPoolExecutor(1),
        "process": process_pool,
    }
    with pools.get(to, lambda: concurrent.futures.InterpreterPoolExecutor(1))() as pool:
        # A first one, which does not count, shows that the worker is there.
        pool.submit(len, b"").result()
        for payload in payloads:
            for _ in range(times):
                start = now()
                length = pool.submit(len, payload).result()
                notes.calls.extend((start, now(), core()))
                arrived += length
    return times * len(payloads), arrived


def park(job, notes):
    """Starts workers that wait, and sees by how much memory grows."""
    parked, workers = job["parked"], job["workers"]
    if parked != "locked-threads":
        return workers, PARKS[parked](workers)
    library = lock_memory(workers * STACK + LOCKED_BESIDE)
    try:
        # A little more than usual, so that none is used again that was there before.
        return workers, park_threads(workers, STACK + (1 << 16))
    finally:
        library.munlockall()


def lock_memory(needed):
    """From now on every page is resident as soon as it is mapped. Beyond the limit every further
    allocation would fail; who has the capability (CAP_IPC_LOCK) has no limit."""
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    is_limited = limit != resource.RLIM_INFINITY and limit < needed
    if is_limited and not int(of_status("CapEff"), 16) >> 14 & 1:
        raise RuntimeError(
            "memory cannot be locked (%d bytes are allowed, and it takes %d): raise ulimit -l"
            % (limit, needed)
        )
    library = c_library()
    if library.mlockall(2) != 0:
        raise RuntimeError("memory cannot be locked: raise ulimit -l")
    return library


def grown_since(before, of_children=()):
    """Growth of resident memory and of address space, in bytes."""
    resident = memory("Pss") + sum(memory("Pss", pid) for pid in of_children)
    grown = resident - before[0], int(of_status("VmSize")) * 1024 - before[1]
    return "%d %d" % tuple(max(0, one) for one in grown)


def now_used():
    return memory("Pss"), int(of_status("VmSize")) * 1024


def park_threads(workers, stack=STACK):
    gate, inside, threads = threading.Lock(), threading.Semaphore(0), []

    def wait():
        inside.release()
        with gate:
            pass

    gate.acquire()
    before = now_used()
    size = threading.stack_size(stack)
    try:
        for number in range(workers):
            thread = threading.Thread(target=wait)
            try:
                thread.start()
            except RuntimeError as error:
                raise RuntimeError(
                    "thread %d of %d could not be started (%s): see ulimit -u and -v, and the pids "
                    "limit of its cgroup" % (number + 1, workers, error)
                )
            threads.append(thread)
        for _ in threads:
            inside.acquire()
        return grown_since(before)
    finally:
        threading.stack_size(size)
        gate.release()
        for thread in threads:
            thread.join()


def park_tasks(workers):
    import asyncio

    async def count():
        gate = asyncio.Event()
        before = now_used()
        tasks = [asyncio.ensure_future(gate.wait()) for _ in range(workers)]
        # Each is there when it has run up to its wait.
        await asyncio.sleep(0)
        grown = grown_since(before)
        gate.set()
        await asyncio.gather(*tasks)
        return grown

    return asyncio.run(count())


def park_processes(workers):
    gate, ready, children = os.pipe(), os.pipe(), []
    before = now_used()
    try:
        for _ in range(workers):
            child = os.fork()
            if child == 0:
                try:
                    os.close(gate[1])
                    os.write(ready[1], b".")
                    os.read(gate[0], 1)
                finally:
                    os._exit(0)
            children.append(child)
        for _ in children:
            os.read(ready[0], 1)
        return grown_since(before, children)
    finally:
        # The end of the pipe lets them go.
        for end in gate + ready:
            os.close(end)
        for child in children:
            os.waitpid(child, 0)


def park_interpreters(workers):
    from concurrent import interpreters

    before, made = now_used(), []
    try:
        for _ in range(workers):
            made.append(interpreters.create())
        return grown_since(before)
    finally:
        for interpreter in made:
            interpreter.close()


PARKS = {
    "threads": park_threads,
    "tasks": park_tasks,
    "processes": park_processes,
    "interpreters": park_interpreters,
}


def fork(job, notes):
    """Fills memory and forks; the child looks at what there is."""
    import gc

    held = job["held"]
    gc.collect()
    before = memory("Private_Dirty")
    data = fill(held, job["bytes"])
    built = memory("Private_Dirty") - before
    if held == "frozen":
        gc.freeze()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            gc.disable()
            before = memory("Private_Dirty")
            look(held, data)
            os.write(theirs, b"%d" % max(0, memory("Private_Dirty") - before))
        finally:
            os._exit(0)
    os.close(theirs)
    said = os.read(ours, 64)
    os.close(ours)
    os.waitpid(child, 0)
    gc.unfreeze()
    if not said:
        raise RuntimeError("the forked child gave no answer")
    return look(held, data), "%s %d" % (said.decode(), built)


def fill(held, size):
    """Data of about this many bytes."""
    if held == "bytes":
        return b"\1" * size
    if held in ("objects", "some"):
        return ["%012d" % i for i in range(size // 72)]
    # Not tuples: a collection takes those that hold numbers off its list.
    return [[1000 + i] for i in range(size // 128)]


def look(held, data):
    """What the child does, and how much it looks at."""
    import gc

    if held in ("collected", "frozen"):
        gc.collect()
        return len(data)
    if held == "bytes":
        return data.count(b"\1")
    seen = 0
    for i in range(0, len(data), 20 if held == "some" else 1):
        seen += len(data[i]) == 12
    return seen


KINDS.update({"hand-over": hand_over, "park": park, "fork": fork})
TASKS["beat"] = beat
