//! A site with everything that can go wrong, for tests of all clients.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use super::page::{PageAnswer, PageError, PageRequest};

/// The body of `/page`.
const BODY: &str = "The quick brown fox jumps over the lazy dog";

/// What `/page` is, and where redirects lead. The sum is the published one of this sentence.
pub const PAGE: PageAnswer = PageAnswer { status: 200, length: 43, crc32: 0x414f_a339 };

/// A request and what must come of it.
pub struct Case {
    pub request: PageRequest,
    /// urllib takes a redirect without a location for a status.
    pub is_for_urllib: bool,
    /// An answer, or a part of the error's text.
    expected: Result<PageAnswer, &'static str>,
}

impl Case {
    /// Panics if the outcome is another.
    pub fn check(&self, outcome: Result<PageAnswer, PageError>) {
        self.check_text(outcome.map(|page| page.to_string()).map_err(|error| error.to_string()));
    }

    /// The same of what a report says.
    pub fn check_text(&self, outcome: Result<String, String>) {
        let url = &self.request.url;
        match (&self.expected, &outcome) {
            (Ok(expected), Ok(got)) if expected.to_string() == *got => {}
            (Err(part), Err(text)) if text.contains(part) && text.starts_with(url) => {}
            _ => panic!("{url}: {outcome:?} and not {:?}", self.expected),
        }
    }
}

/// A request without expectation and without haste.
pub fn request(site: &str, path: &str) -> PageRequest {
    PageRequest {
        url: format!("{site}{path}"),
        timeout_ns: 60_000_000_000,
        max_bytes: 100_000,
        expect: None,
    }
}

const DIFFERENT_IN_URLLIB: [&str; 1] = ["/redirect-nowhere"];

/// All cases, against a site of their own.
pub fn cases() -> Vec<Case> {
    let site = site();
    let nobody = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| format!("http://{address}"))
        .expect("a port that nobody listens on");
    let case = |path: &str, expected| Case {
        request: request(&site, path),
        is_for_urllib: !DIFFERENT_IN_URLLIB.contains(&path),
        expected,
    };
    let hasty = |path, expected| {
        let mut case = case(path, expected);
        case.request.timeout_ns = 200_000_000;
        case
    };
    let elsewhere =
        |url: &str, expected| Case { request: request(url, ""), is_for_urllib: true, expected };
    let mut expected = case("/page", Ok(PAGE));
    expected.request.expect = Some(PAGE);
    let mut another = case("/page", Err("the answer is 200:43:414fa339 and not 200:44:"));
    another.request.expect = Some(PageAnswer { length: 44, ..PAGE });
    let mut exact = case("/page", Ok(PAGE));
    exact.request.max_bytes = 43;
    let mut tight = case("/page", Err("larger than 42 bytes"));
    tight.request.max_bytes = 42;
    let empty = PageAnswer { status: 204, length: 0, crc32: 0 };
    vec![
        case("/page", Ok(PAGE)),
        case("/page?a=1&b=2", Ok(PAGE)),
        case("/chunked", Ok(PAGE)),
        case("/until-close", Ok(PAGE)),
        case("/empty", Ok(empty)),
        case("/redirect", Ok(PAGE)),
        case("/deep/relative", Ok(PAGE)),
        case("/hops/5", Ok(PAGE)),
        case("/hops/6", Err("more than 5 redirects")),
        case("/round", Err("more than 5 redirects")),
        case("/redirect-nowhere", Err("the answer is not HTTP")),
        case("/redirect-ftp", Err("no http or https URL")),
        expected,
        another,
        exact,
        tight,
        case("/endless", Err("larger than 100000 bytes")),
        case("/huge", Err("larger than 100000 bytes")),
        case("/500", Err("the server answered status 500")),
        case("/nowhere", Err("the server answered status 404")),
        case("/truncated", Err("ended early, after 20 bytes")),
        case("/truncated-chunk", Err("ended early, after 20 bytes")),
        case("/rubbish", Err("the answer is not HTTP")),
        case("/nothing", Err("the connection failed")),
        hasty("/hang", Err("not there after 0.2 s")),
        hasty("/slow", Err("not there after 0.2 s")),
        elsewhere(&nobody, Err("the connection failed")),
        elsewhere(&site.replace("http://", "https://"), Err("the connection failed")),
        elsewhere("http://", Err("no http or https URL")),
        elsewhere("http://a b/", Err("no http or https URL")),
        elsewhere("/page", Err("no http or https URL")),
        elsewhere("ftp://127.0.0.1/page", Err("no http or https URL")),
    ]
}

/// Starts it, for as long as the test's process lives; gives its URL without a last slash.
pub fn site() -> String {
    counted_site().0
}

/// The same, and how many connections it has accepted.
pub fn counted_site() -> (String, Arc<AtomicU32>) {
    let accepted = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&accepted);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its number");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::Relaxed);
            // A client that goes away in the middle is what some cases are about.
            thread::spawn(move || drop(answer(stream)));
        }
    });
    (format!("http://{address}"), accepted)
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let path = line.split([' ', '?']).nth(1).unwrap_or_default();
    let whole = format!("HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n{BODY}");
    let redirect =
        |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
    let half = &BODY[..20];
    let text = match path {
        "/page" => whole,
        "/chunked" => format!(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{half}\r\n17\r\n{}\r\n0\r\n\r\n",
            &BODY[20..]
        ),
        "/until-close" => format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{BODY}"),
        "/empty" => "HTTP/1.1 204 No Content\r\n\r\n".into(),
        "/redirect" => redirect("/page"),
        "/deep/relative" => redirect("../page"),
        "/redirect-ftp" => redirect("ftp://127.0.0.1/page"),
        "/redirect-nowhere" => "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n".into(),
        "/round" => redirect("/round"),
        "/hops/1" => redirect("/page"),
        "/huge" => format!("HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n{half}"),
        "/500" => "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno".into(),
        "/truncated" => format!("HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\n{half}"),
        "/truncated-chunk" => {
            format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{half}\r\n")
        }
        "/rubbish" => "SSH-2.0-OpenSSH_9.2\r\n\r\n".into(),
        "/nothing" => String::new(),
        "/hang" => {
            reader.read_to_end(&mut Vec::new())?;
            String::new()
        }
        "/slow" => loop_of(&mut stream, "x", Duration::from_millis(10))?,
        "/endless" => loop_of(&mut stream, &BODY.repeat(100), Duration::ZERO)?,
        _ => match path.strip_prefix("/hops/").map(str::parse::<u32>) {
            Some(Ok(left)) => redirect(&format!("/hops/{}", left - 1)),
            _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".into(),
        },
    };
    stream.write_all(text.as_bytes())
}

/// A body without end, until the client goes.
fn loop_of(stream: &mut TcpStream, piece: &str, pause: Duration) -> std::io::Result<String> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
    loop {
        stream.write_all(piece.as_bytes())?;
        thread::sleep(pause);
    }
}
