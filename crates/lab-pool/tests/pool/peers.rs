//! Whom jobs talk to; each serves as long as the test's process lives.

use lab_jobs::Job;
use lab_jobs::page::PageRequest;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Answers every request with the same page; gives the job that loads it.
pub fn page() -> Job {
    let port = serve(|mut stream| {
        let mut header = BufReader::new(&stream).lines();
        while header.next().unwrap().unwrap() != "" {}
        stream
            .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\nThe quick brown fox jumps over the lazy dog")
            .unwrap();
    });
    page_at(port)
}

/// The job that loads that page from this port.
pub fn page_at(port: u16) -> Job {
    Job::Page(PageRequest {
        url: format!("http://127.0.0.1:{port}/"),
        timeout_ns: 60_000_000_000,
        max_bytes: 1000,
        expect: Some("200:43:414fa339".parse().unwrap()),
    })
}

/// Sends every byte back; gives its port.
pub fn echo() -> u16 {
    serve(|mut stream| {
        stream.set_nodelay(true).unwrap();
        let mut byte = [0];
        // Until the client goes.
        while stream.read_exact(&mut byte).is_ok() && stream.write_all(&byte).is_ok() {}
    })
}

/// A port that nobody listens on.
pub fn nobody() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn serve(client: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let client = client.clone();
            std::thread::spawn(move || client(stream));
        }
    });
    port
}
