//! One address, one treatment: whatever runtime and executor load a page, the same comes of it.

use crate::staff::FIXTURE;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;

const TLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixture/tls");

/// A page behind TLS, with the certificate of an authority that nobody knows; gives its port.
fn private_site() -> u16 {
    let chain = CertificateDer::from_pem_file(format!("{TLS}/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(format!("{TLS}/server.key")).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(vec![chain], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            std::thread::spawn(move || {
                let mut tls = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
                // A client that does not believe it goes away.
                let asked = BufReader::new(&mut tls).lines().map_while(Result::ok);
                if asked.take_while(|line| !line.is_empty()).count() > 0 {
                    let head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close";
                    let _ = write!(tls, "{head}\r\n\r\nsecret");
                    tls.conn.send_close_notify();
                    let _ = tls.flush();
                }
            });
        }
    });
    port
}

/// What every runtime and executor says of the page, with a variable of the environment.
fn loaded(url: &str, (variable, value): (&str, &str)) -> Vec<String> {
    let output = Command::new(FIXTURE).args(["as-loader", url]).env(variable, value).output();
    let output = output.unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    // In Rust alone there are five, and three under the modelled lock.
    assert!(lines.len() >= 8, "{lines:?} {}", String::from_utf8_lossy(&output.stderr));
    lines
}

#[test]
fn a_private_authority_is_believed_by_all_or_by_none() {
    let url = format!("https://localhost:{}/", private_site());
    for line in loaded(&url, ("SSL_CERT_FILE", &format!("{TLS}/ca.pem"))) {
        assert!(line.ends_with(": 200:6:5ca2e8e5"), "{line}");
    }
    for line in loaded(&url, ("LAB_TEST", "")) {
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
        let loaded = loaded(&format!("{address}{rest}"), ("http_proxy", "http://127.0.0.1:1"));
        for one in loaded {
            assert!(one.ends_with(": 200:0:00000000"), "{one}");
            assert_eq!(asked.recv().unwrap(), line, "{one}");
        }
    }
}
