//! A real origin in a real process, asked by ureq.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "everything in this file is a test"
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use lab_child::ChildCommand;
use lab_origin::{ARGUMENT, Behaviour, Origin, Request, Script};

const MS: u64 = 1_000_000;

fn start(script: Script) -> Origin {
    let command =
        ChildCommand::new("the origin", env!("CARGO_BIN_EXE_lab-origin")).args([ARGUMENT]);
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

fn one(behaviour: Behaviour) -> (Origin, String) {
    let origin = start(Script::new(1).page("/it", MS, 50_000, behaviour));
    let url = origin.url("/it");
    (origin, url)
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
        assert_eq!(
            (request.status, request.bytes),
            (Some(200), page.body_bytes)
        );
        assert!(!request.aborted);
    }
    assert_eq!(origin.take().unwrap(), []);
    assert!(origin.cpu_ns() > Some(0));
    origin.end().unwrap();
}

#[test]
fn a_page_in_hand_is_on_record() {
    let mut origin = start(Script::new(1).page("/it", 0, 150_000, Behaviour::Serve));
    for _ in 0..200 {
        get(&origin.url("/it")).unwrap();
        assert_eq!(origin.take().unwrap().len(), 1);
    }
}

#[test]
fn an_unknown_page_is_not_found() {
    let (mut origin, _) = one(Behaviour::Serve);
    assert_eq!(get(&origin.url("/other")).unwrap().0, 404);
    let requests = origin.take().unwrap();
    assert_eq!(
        (requests[0].path.as_str(), requests[0].status),
        ("/other", Some(404))
    );
    assert!(!requests[0].aborted);
}

#[test]
fn many_clients_wait_at_once() {
    let clients = 400;
    let mut origin = start(Script::new(1).page("/it", 300 * MS, 1000, Behaviour::Serve));
    let address = origin.base_url().replace("http://", "");
    let mut streams: Vec<TcpStream> = (0..clients)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(60)))
                .unwrap();
            stream
                .write_all(b"GET /it HTTP/1.1\r\nHost: it\r\n\r\n")
                .unwrap();
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

#[test]
fn another_status() {
    let (mut origin, url) = one(Behaviour::Status(503));
    assert_eq!(get(&url).unwrap().0, 503);
    assert_eq!(origin.take().unwrap()[0].status, Some(503));
}

#[test]
fn a_lie_about_the_length() {
    let (mut origin, url) = one(Behaviour::Truncate);
    let error = get(&url).unwrap_err();
    assert!(matches!(error, ureq::Error::Io(_)), "{error:?}");
    let request = &take(&mut origin, 1)[0];
    assert_eq!((request.bytes, request.aborted), (25_000, true));
}

#[test]
fn a_page_that_hangs_is_recorded_when_the_client_gives_up() {
    let (mut origin, _) = one(Behaviour::Hang);
    let address = origin.base_url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).unwrap();
    stream
        .write_all(b"GET /it HTTP/1.1\r\nHost: it\r\n\r\n")
        .unwrap();
    stream
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    assert!(stream.read(&mut [0]).is_err());
    assert_eq!(origin.take().unwrap(), []);
    drop(stream);
    let request = &take(&mut origin, 1)[0];
    assert_eq!((request.path.as_str(), request.status), ("/it", None));
    assert!(request.aborted);
}

#[test]
fn a_client_that_never_asks_is_recorded_too() {
    let (mut origin, _) = one(Behaviour::Serve);
    let address = origin.base_url().replace("http://", "");
    drop(TcpStream::connect(&address).unwrap());
    let request = &take(&mut origin, 1)[0];
    assert_eq!((request.path.as_str(), request.status), ("", None));
    assert!(request.aborted);
}

#[test]
fn redirects_lead_on_or_round_in_circles() {
    let script = Script::new(1)
        .page("/from", 0, 0, Behaviour::Redirect("/it".into()))
        .page("/it", 0, 1000, Behaviour::Serve)
        .page("/round", 0, 0, Behaviour::Redirect("/round".into()));
    let mut origin = start(script);
    let it = &origin.script().pages[1];
    assert_eq!(get(&origin.url("/from")).unwrap(), (200, 1000, it.crc32));
    let paths: Vec<String> = origin.take().unwrap().into_iter().map(|r| r.path).collect();
    assert_eq!(paths, ["/from", "/it"]);
    assert!(get(&origin.url("/round")).is_err());
}

#[test]
fn a_trickle_is_complete_in_the_end() {
    let (mut origin, url) = one(Behaviour::Trickle {
        pieces: 7,
        pause_ns: 2 * MS,
    });
    let page = &origin.script().pages[0];
    assert_eq!(get(&url).unwrap(), (200, 50_000, page.crc32));
    let request = &origin.take().unwrap()[0];
    assert!(request.service_ns >= 15 * MS, "{request:?}");
    assert!(!request.aborted);
}

#[test]
fn every_byte_comes_back_to_whoever_sent_it() {
    let mut origin = start(Script::new(1));
    let connect = || {
        let stream = TcpStream::connect(("127.0.0.1", origin.echo_port())).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
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

#[test]
fn it_ends_when_its_parent_does() {
    let (origin, _) = one(Behaviour::Serve);
    origin.end().unwrap();
}
