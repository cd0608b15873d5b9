"""The jobs that wait, as tasks of asyncio on one thread. Continues `pages.py`.

A page comes over asyncio's own streams, by the rules of the other clients: see `crate::http`.
asyncio is imported late, since only trials of the executor `async` need it.
"""

REDIRECTS = (301, 302, 303, 307, 308)

# A head with more lines than this does not end; each has at most the stream's 64 kB.
MAX_HEADERS = 100


async def page_as_task(job, notes):
    import asyncio

    start, timeout_ns = now(), job["timeout_ns"]
    try:
        return await asyncio.wait_for(follow(job), timeout_ns / 1e9)
    except asyncio.TimeoutError:
        raise PageFault("timed-out", timeout_ns)
    finally:
        notes.calls.extend((start, now(), ME.core()))


async def wait_as_task(job, notes):
    import asyncio

    await asyncio.sleep(job["ns"] / 1e9)
    return 1, job["ns"]


async def mix_as_task(job, notes):
    import asyncio

    total, rounds = 0, job["rounds"]
    for _ in range(rounds):
        total += sum_below(job["additions"])
        await asyncio.sleep(job["wait_ns"] / 1e9)
    return rounds, total & MASK


# All others would hold up the tasks beside them.
TASKS = {"page": page_as_task, "wait": wait_as_task, "mix": mix_as_task}


async def follow(job):
    """Loads a page: one new connection for each redirect, no proxy."""
    url = job["url"]
    for _ in range(Context.max_redirects + 1):
        reader, writer = await ask(url)
        try:
            status, headers = await head_of(reader)
            if status not in REDIRECTS:
                return await body_of(reader, job, status, headers)
            url = target(url, headers)
        finally:
            # An orderly end would wait for the server's.
            writer.transport.abort()
    raise PageFault("too-many-redirects")


def parts_of(url):
    """The scheme of an address, its host, its port and what to ask for there."""
    from urllib.parse import urlsplit

    if not url.isascii() or any(letter <= " " or letter == "\x7f" for letter in url):
        raise PageFault("bad-url", "it holds a space or a letter that no URL has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise PageFault("bad-url", str(error))
    if parts.scheme not in ("http", "https"):
        raise PageFault("bad-url", "it begins with neither http:// nor https://")
    if not parts.hostname or "@" in parts.netloc:
        raise PageFault("bad-url", "it holds no host, or a user's name")
    wanted = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    return parts.scheme, parts.hostname, port, wanted


def target(base, headers):
    """Where a redirect leads."""
    import string
    from urllib.parse import quote, urljoin

    location = headers.get("location")
    if location is None:
        raise PageFault("not-http", "a redirect without a location")
    try:
        # As urllib has it: letters that no address may hold are taken for bytes.
        return urljoin(base, quote(location, encoding="iso-8859-1", safe=string.punctuation))
    except ValueError as error:
        raise PageFault("bad-url", str(error))


async def ask(url):
    """A connection on which the page has been asked for."""
    import asyncio

    scheme, host, port, wanted = parts_of(url)
    trust = tls() if scheme == "https" else None
    name = "[%s]" % host if ":" in host else host
    if port is not None and port != (443 if trust else 80):
        name += ":%d" % port
    request = (
        "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\nAccept-Encoding: identity\r\n"
        "User-Agent: lab-asyncio\r\nConnection: close\r\n\r\n" % (wanted, name)
    )
    try:
        both = await asyncio.open_connection(host, port or (443 if trust else 80), ssl=trust)
    except OSError as error:
        raise PageFault("connection", str(error))
    except ValueError as error:
        # A host that no name server can be asked for.
        raise PageFault("bad-url", str(error))
    both[1].write(request.encode())
    return both


async def line_of(reader):
    """A line with its end; what is left if the stream ends before it."""
    try:
        return await reader.readline()
    except ValueError:
        raise PageFault("not-http", "a line of it does not end")


async def head_of(reader):
    """Status and headers of the answer, the names of these in small letters."""
    try:
        while True:
            status = status_of(await line_of(reader))
            headers = await headers_of(reader)
            # Others only announce the answer.
            if status >= 200 or status == 101:
                return status, headers
    except OSError as error:
        raise PageFault("connection", str(error))


def status_of(line):
    if not line:
        raise PageFault("connection", "it was closed before an answer came")
    words = line.split(None, 2)
    is_http = len(words) > 1 and words[0] in (b"HTTP/1.0", b"HTTP/1.1")
    if not is_http or not words[1].isdigit() or len(words[1]) != 3:
        raise PageFault("not-http", "it begins with %r" % line[:40])
    return int(words[1])


async def headers_of(reader):
    headers = {}
    for _ in range(MAX_HEADERS + 1):
        line = await line_of(reader)
        if not line.endswith(b"\n"):
            raise PageFault("connection", "it was closed in the middle of the head")
        line = line.rstrip(b"\r\n")
        if not line:
            return headers
        name, colon, value = line.decode("iso-8859-1").partition(":")
        if not colon:
            raise PageFault("not-http", "a header without a colon")
        name, value = name.lower(), value.strip()
        if name == "content-length" and headers.get(name, value) != value:
            raise PageFault("not-http", "two lengths")
        headers[name] = value
    raise PageFault("not-http", "its header does not end")


class Body:
    """A body on its way: only its length and sum are kept."""

    def __init__(self, reader, most):
        self.reader, self.most = reader, most
        self.length, self.crc = 0, 0

    async def take(self, left):
        """So many bytes; or all until the stream ends, if it is not known how many."""
        import zlib

        while left is None or left > 0:
            piece = await self.reader.read(1 << 16 if left is None else min(left, 1 << 16))
            if not piece:
                if left is None:
                    return
                raise PageFault("truncated", self.length)
            self.length += len(piece)
            if self.length > self.most:
                raise PageFault("too-large", self.most)
            self.crc = zlib.crc32(piece, self.crc)
            left = None if left is None else left - len(piece)

    async def line(self):
        line = await line_of(self.reader)
        if not line.endswith(b"\n"):
            raise PageFault("truncated", self.length)
        return line.rstrip(b"\r\n")

    async def take_chunks(self):
        while True:
            size = (await self.line()).partition(b";")[0].strip()
            try:
                # int takes signs and underscores, too.
                left = int(size, 16) if size.isalnum() else -1
            except ValueError:
                left = -1
            if left < 0:
                raise PageFault("not-http", "a chunk without a size")
            if left == 0:
                break
            await self.take(left)
            if await self.line():
                raise PageFault("not-http", "a chunk that is longer than its size")
        # What may follow the last chunk is no part of the body.
        while await self.line():
            pass


async def body_of(reader, job, status, headers):
    """Status, length and sum of a whole body, if it is neither too large nor too short."""
    if status >= 400:
        raise PageFault("status", status)
    body, length = Body(reader, job["max_bytes"]), headers.get("content-length")
    try:
        if status in (101, 204, 304):
            pass
        elif "transfer-encoding" in headers:
            if headers["transfer-encoding"].lower() != "chunked":
                raise PageFault("not-http", "an encoding that was not asked for")
            await body.take_chunks()
        elif length is None:
            await body.take(None)
        elif not (length.isascii() and length.isdigit()):
            raise PageFault("not-http", "a length that is no number")
        elif len(length) > 18 or int(length) > body.most:
            raise PageFault("too-large", body.most)
        else:
            await body.take(int(length))
    except OSError:
        raise PageFault("truncated", body.length)
    return body.length, "%d:%d:%08x" % (status, body.length, body.crc)
