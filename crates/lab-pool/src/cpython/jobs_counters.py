"""The jobs whose workers meet in memory, or ask what they may use: `crate::jobs::shared`. Continues `jobs.py`.

What is shared is made by the thread that loads this file. It starts the workers, and does no job
itself; in a free-threaded build it owns these objects, and the workers count their references with
atomic instructions.
"""

NEEDED["store"] = ["mmap"]

# The counter that is incremented without a lock, but for what went through a property.
TALLY = 0


class Tallied:
    """A counter behind a property."""

    hidden = 0

    @property
    def value(self):
        return self.hidden

    @value.setter
    def value(self, value):
        self.hidden = value


class Thing:
    """What is touched: an attribute, a dictionary, a list. No value is one that lives forever."""

    def __init__(self):
        self.value = 0.5
        self.dict = {"key": 1.5}
        self.list = [i + 0.5 for i in range(100)]
        self.appended = []


class Common:
    """What the workers of this process share."""

    tallied = Tallied()
    thing = Thing()
    words = None


def counted():
    """What all counters show at the end of a trial; the next one begins at 0."""
    global TALLY
    count, TALLY, Common.tallied.hidden = TALLY + Common.tallied.hidden, 0, 0
    Common.thing.appended.clear()
    return Context.counter + count


def tally_plain(steps):
    global TALLY
    for _ in range(steps):
        TALLY += 1


def one_more():
    return 1


def tally_call(steps):
    global TALLY
    for _ in range(steps):
        TALLY += one_more()


def tally_property(steps):
    counter = Common.tallied
    for _ in range(steps):
        counter.value += 1


def tally_inner(steps):
    global TALLY
    for _ in range(steps):
        read = TALLY
        for _ in (1, 2):
            pass
        TALLY = read + 1


def tally_locked(steps):
    global TALLY
    lock = Context.lock
    for _ in range(steps):
        with lock:
            TALLY += 1


TALLIES = {
    "plain": tally_plain,
    "call": tally_call,
    "property": tally_property,
    "inner": tally_inner,
    "locked": tally_locked,
}


def tally(job, notes):
    steps = steps_of(job)
    TALLIES[job["how"]](steps)
    return steps, steps


def syscall(job, notes):
    steps, ask = steps_of(job), os.getppid
    for _ in range(steps):
        ask()
    return steps, steps


def store(job, notes):
    """Words of a page of memory, so that the first lies at the start of a cache line."""
    import mmap

    steps, at = steps_of(job), job["at"]
    with Context.lock:
        if Common.words is None:
            Common.words = mmap.mmap(-1, 4096)
    words = memoryview(Common.words).cast("Q")
    before = words[at]
    for i in range(before + 1, before + steps + 1):
        words[at] = i
    return steps, words[at] - before


def touch_attribute(thing, steps):
    for _ in range(steps):
        thing.value


def touch_dict(thing, steps):
    of, key = thing.dict, "key"
    for _ in range(steps):
        of[key]


def touch_list(thing, steps):
    of = thing.list
    for _ in range(steps // len(of)):
        for _ in of:
            pass
    for i in range(steps % len(of)):
        of[i]


def touch_append(thing, steps):
    of = thing.appended
    for i in range(steps):
        of.append(i)


TOUCHES = {
    "attribute": touch_attribute,
    "dict": touch_dict,
    "list": touch_list,
    "append": touch_append,
}


def touch(job, notes):
    steps = steps_of(job)
    TOUCHES[job["what"]](Common.thing if job["shared"] else Thing(), steps)
    return steps, steps


CORES = {
    "os.cpu_count": os.cpu_count,
    "os.process_cpu_count": getattr(os, "process_cpu_count", None),
    "sched_getaffinity": lambda: len(os.sched_getaffinity(0)),
}


def cores(job, notes):
    return 1, CORES[job["ask"]]()


KINDS.update(tally=tally, syscall=syscall, store=store, touch=touch, cores=cores)
