"""What a worker does: it starts, and does jobs. Continues `interpreters.py`."""


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
