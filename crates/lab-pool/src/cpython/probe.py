# Says what this interpreter is, as one JSON line. Understood by every Python since 2.6.
import os, platform, sys

def lacks():
    modules = ["_multiprocessing", "multiprocessing.synchronize", "concurrent.futures.process",
               "ctypes", "hashlib", "zlib", "json", "resource", "select", "urllib.request"]
    for module in modules:
        try:
            __import__(module)
        except Exception:
            return module

def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

def word(value):
    return "null" if value is None else "true" if value else "false"

old = sys.version_info < (3, 8)
missing = None if old else lacks()
method = workers = cores = None
interpreters = False
if not old and missing is None:
    import multiprocessing
    method = multiprocessing.get_start_method()
    # Which cores it counts differs between versions. No thread is started.
    from concurrent.futures import ThreadPoolExecutor
    workers = getattr(ThreadPoolExecutor(), "_max_workers", None)
    cores = getattr(os, "process_cpu_count", os.cpu_count)()
    try:
        from concurrent.futures import InterpreterPoolExecutor
        interpreters = InterpreterPoolExecutor is not None
    except Exception:
        interpreters = False
free = "t" in getattr(sys, "abiflags", "")
# As somebody asked for it; the variable is otherwise ignored here, as all are.
asked = getattr(sys, "_xoptions", {}).get("gil", os.environ.get("PYTHON_GIL")) if free else None
# One that cannot be asked has a GIL. Asked last: a module may have switched it on.
gil = getattr(sys, "_is_gil_enabled", lambda: True)()
print('{"implementation": %s, "debug": %s, "version": %s, "numbers": [%d, %d, %d], "executable": %s, '
      '"free_threaded": %s, "gil": %s, "asked_gil": %s, "start_method": %s, "default_workers": %s, '
      '"cores": %s, "interpreters": %s, "lacks": %s}' % (
    quoted(platform.python_implementation()),
    word(hasattr(sys, "gettotalrefcount")),
    quoted(sys.version.split()[0]),
    sys.version_info[0], sys.version_info[1], sys.version_info[2],
    quoted(os.path.realpath(sys.executable)),
    word(free),
    word(gil),
    word({"0": False, "1": True}.get(asked)),
    "null" if method is None else quoted(method),
    "%d" % workers if isinstance(workers, int) else "null",
    "%d" % cores if isinstance(cores, int) else "null",
    word(interpreters),
    "null" if missing is None else quoted(missing)))
