//! A made-up site: a server on the loopback that does what servers do.

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Starts the site, which serves until the tests end; gives its address without a last slash.
///
/// `/good` and `/slow` are pages of nine bytes, `/broken` has status 500, `/lies` ends early,
/// `/rubbish` is not HTTP, `/hangs` never answers; anything else has status 404.
pub fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away in the middle is what some pages are for.
            thread::spawn(move || drop(answer(stream)));
        }
    });
    format!("http://{address}")
}

/// An address at which nobody listens.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

const TLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tls");
/// The file of the authority that the private site's certificate is of, and that nobody knows.
pub const AUTHORITY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tls/ca.pem");

/// Starts a site of one page of six bytes, behind TLS; gives its port on `localhost`.
pub fn private_site() -> u16 {
    let chain = CertificateDer::from_pem_file(format!("{TLS}/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(format!("{TLS}/server.key")).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let config = Arc::new(config.with_single_cert(vec![chain], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let config = Arc::clone(&config);
            thread::spawn(move || {
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

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let page = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na page. \n";
    let text = match line.split(' ').nth(1).unwrap_or_default() {
        "/good" => page,
        "/slow" => {
            thread::sleep(Duration::from_millis(20));
            page
        }
        "/broken" => "HTTP/1.1 500 Oh\r\nContent-Length: 3\r\n\r\nno\n",
        "/lies" => "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\na page. \n",
        "/rubbish" => "SSH-2.0-OpenSSH_9.2\r\n",
        "/hangs" => {
            // Until the client goes.
            reader.read_line(&mut line)?;
            ""
        }
        _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    };
    stream.write_all(text.as_bytes())
}
