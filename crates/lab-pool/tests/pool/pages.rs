//! One address, one treatment: whatever runtime and executor load a page, the same comes of it.

use crate::staff::FIXTURE;
use lab_testing::site::{AUTHORITY, private_site};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;

/// What every runtime and executor says of the page, believing the authorities in a file as well, and
/// with a variable of the environment.
fn loaded(url: &str, authorities: Option<&str>, (variable, value): (&str, &str)) -> Vec<String> {
    let mut command = Command::new(FIXTURE);
    command.args(["as-loader", url]).args(authorities).env(variable, value);
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // In Rust alone there are five, and three under the modelled lock.
    assert!(lines.len() >= 8, "{lines:?} {}", String::from_utf8_lossy(&output.stderr));
    lines
}

#[test]
fn a_private_authority_is_believed_by_all_or_by_none() {
    let url = format!("https://localhost:{}/", private_site());
    let by_environment = loaded(&url, None, ("SSL_CERT_FILE", AUTHORITY));
    let by_name = loaded(&url, Some(AUTHORITY), ("LAB_TEST", ""));
    for line in by_environment.iter().chain(&by_name) {
        assert!(line.ends_with(": 200:6:5ca2e8e5"), "{line}");
    }
    for line in loaded(&url, None, ("LAB_TEST", "")) {
        assert!(line.contains("the connection failed"), "{line}");
    }
}

#[test]
fn no_client_goes_through_a_proxy_and_all_read_an_address_alike() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (asker, asked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
            asker.send(lines.next().unwrap_or_default()).unwrap();
            lines.find(String::is_empty);
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let address = format!("http://localhost:{port}");
    for (rest, line) in [("?x=1", "GET /?x=1 HTTP/1.1"), ("/ä", "GET /%C3%A4 HTTP/1.1")] {
        let loaded =
            loaded(&format!("{address}{rest}"), None, ("http_proxy", "http://127.0.0.1:1"));
        for one in loaded {
            assert!(one.ends_with(": 200:0:00000000"), "{one}");
            assert_eq!(asked.recv().unwrap(), line, "{one}");
        }
    }
}
