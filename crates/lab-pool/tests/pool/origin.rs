//! A real origin in a real process, asked by ureq.

use crate::staff::FIXTURE;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use lab_pool::origin::{ARGUMENT, Origin, Request, Script};
use lab_pool::process::ChildCommand;

const MS: u64 = 1_000_000;

fn start(script: Script) -> Origin {
    let command = ChildCommand::new("the origin", FIXTURE).args([ARGUMENT]);
    Origin::start(&command, script).unwrap()
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .max_idle_connections(0)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into()
}

/// Status, length and CRC-32.
fn get(url: &str) -> Result<(u16, u64, u32), ureq::Error> {
    let mut response = agent().get(url).call()?;
    let body = response.body_mut().read_to_vec()?;
    let status = response.status().as_u16();
    Ok((status, body.len() as u64, crc32fast::hash(&body)))
}

/// Waits for the records of connections whose end the client does not see.
fn take(origin: &mut Origin, count: usize) -> Vec<Request> {
    let mut all = Vec::new();
    for _ in 0..30_000 {
        all.extend(origin.take().unwrap());
        if all.len() >= count {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(all.len(), count);
    all
}

#[test]
fn every_page_is_the_one_that_the_script_announces_and_is_recorded_once() {
    let mut origin = start(Script::article(16, 0.02, 1));
    let script = origin.script().clone();
    thread::scope(|scope| {
        for page in &script.pages {
            let url = origin.url(&page.path);
            scope.spawn(move || {
                assert_eq!(get(&url).unwrap(), (200, page.body_bytes, page.crc32));
            });
        }
    });
    let requests = origin.take().unwrap();
    assert_eq!(requests.len(), 16);
    for page in &script.pages {
        let request = requests.iter().find(|r| r.path == page.path).unwrap();
        assert!(request.service_ns >= page.delay_ns, "{request:?}");
        assert_eq!((request.status, request.bytes), (Some(200), page.body_bytes));
        assert!(!request.aborted);
    }
    assert_eq!(origin.take().unwrap(), []);
    assert!(origin.cpu_ns() > Some(0));
    origin.end().unwrap();
}

#[test]
fn a_page_in_hand_is_on_record() {
    let mut origin = start(Script::lasting(&[0], 1));
    for _ in 0..200 {
        get(&origin.url("/page/1")).unwrap();
        assert_eq!(origin.take().unwrap().len(), 1);
    }
}

#[test]
fn many_clients_wait_at_once() {
    let clients = 400;
    let mut origin = start(Script::lasting(&[300 * MS], 1));
    let address = origin.base_url().replace("http://", "");
    let mut streams: Vec<TcpStream> = (0..clients)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            stream.write_all(b"GET /page/1 HTTP/1.1\r\nHost: it\r\n\r\n").unwrap();
            stream
        })
        .collect();
    for stream in &mut streams {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    }
    assert_eq!(origin.take().unwrap().len(), clients);
    // More than a thousand records do not fit into one line.
    for _ in 0..1100 {
        get(&origin.url("/other")).unwrap();
    }
    assert_eq!(origin.take().unwrap().len(), 1100);
}

/// A client that asks and hangs up, at most after having waited for an answer in vain.
fn hangs_up(origin: &Origin, asks: bool) {
    let address = origin.base_url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).unwrap();
    if asks {
        let request = b"GET /page/1 HTTP/1.1\r\nHost: it\r\n\r\n";
        stream.write_all(request).unwrap();
        let patience = Some(Duration::from_millis(100));
        stream.set_read_timeout(patience).unwrap();
        assert!(stream.read(&mut [0]).is_err());
    }
}

#[test]
fn whoever_goes_away_and_what_is_not_there_is_recorded_too() {
    let mut origin = start(Script::lasting(&[3_600_000_000_000], 1));
    assert_eq!(get(&origin.url("/nowhere")).unwrap().0, 404);
    let request = &take(&mut origin, 1)[0];
    let got = (&*request.path, request.status, request.bytes, request.aborted);
    assert_eq!(got, ("/nowhere", Some(404), 13, false));
    for (asks, path) in [(true, "/page/1"), (false, "")] {
        hangs_up(&origin, asks);
        let request = &take(&mut origin, 1)[0];
        assert_eq!((&*request.path, request.status), (path, None));
        assert!(request.aborted);
    }
}

#[test]
fn every_byte_comes_back_to_whoever_sent_it() {
    let mut origin = start(Script::new(1));
    let connect = || {
        let stream = TcpStream::connect(("127.0.0.1", origin.echo_port())).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    };
    // One that goes away in the middle harms nobody.
    connect().write_all(b"bye").unwrap();
    let mut streams: Vec<TcpStream> = (0..100).map(|_| connect()).collect();
    for round in 0..3 {
        for (number, stream) in streams.iter_mut().enumerate() {
            stream.write_all(&[number as u8 + round]).unwrap();
        }
        for (number, stream) in streams.iter_mut().enumerate() {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            assert_eq!(byte, [number as u8 + round]);
        }
    }
    let long: Vec<u8> = (0..100_000u32).map(|i| i as u8).collect();
    let mut back = vec![0; long.len()];
    thread::scope(|scope| {
        let mut writer = streams[0].try_clone().unwrap();
        scope.spawn(|| streams[0].read_exact(&mut back).unwrap());
        writer.write_all(&long).unwrap();
    });
    assert!(long == back);
    // It is no page.
    assert_eq!(origin.take().unwrap(), []);
}
