"""Workers that have an interpreter of their own, each on a thread. Continues `costs.py`."""


def enter_interpreter(context, modules, gate):
    """The first thing that a worker with an interpreter of its own does. Each call there comes as
    another thread: so what belongs to the worker is kept by its module, and not by a thread."""
    import types

    global ME
    ME = types.SimpleNamespace(core=None, ready_ns=0)
    prepare(context, modules)
    begin()
    if gate is not None:
        pass_gate(*gate)


def gate_for(workers):
    """A barrier made of pipes, since no lock goes from one interpreter to another."""
    tickets, issue = os.pipe()
    os.write(issue, bytes(workers - 1) + b"\1")
    os.close(issue)
    return (tickets, *os.pipe(), workers)


def pass_gate(tickets, gate, key, workers):
    """Whoever has the last ticket opens the gate for all."""
    import select

    if os.read(tickets, 1) == b"\1":
        os.write(key, bytes(workers))
    poll = select.poll()
    poll.register(gate, select.POLLIN)
    if not poll.poll(60000):
        raise RuntimeError("the other interpreters did not start")
    os.read(gate, 1)


def has_interpreters():
    """Whether there are pools of interpreters: in Python 3.14 and later."""
    try:
        from concurrent.futures import InterpreterPoolExecutor
    except Exception:
        return False
    return InterpreterPoolExecutor is not None
