//! A real origin in a real process, asked by ureq.

use crate::staff::FIXTURE;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Duration;

use lab_pool::origin::{ARGUMENT, Behaviour, Origin, Request, Script};
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
    let mut origin = start(Script::new(1).page("/it", 0, 150_000, Behaviour::Serve));
    for _ in 0..200 {
        get(&origin.url("/it")).unwrap();
        assert_eq!(origin.take().unwrap().len(), 1);
    }
}

#[test]
fn many_clients_wait_at_once() {
    let clients = 400;
    let mut origin = start(Script::new(1).page("/it", 300 * MS, 1000, Behaviour::Serve));
    let address = origin.base_url().replace("http://", "");
    let mut streams: Vec<TcpStream> = (0..clients)
        .map(|_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            stream.write_all(b"GET /it HTTP/1.1\r\nHost: it\r\n\r\n").unwrap();
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
        let request = b"GET /it HTTP/1.1\r\nHost: it\r\n\r\n";
        stream.write_all(request).unwrap();
        let patience = Some(Duration::from_millis(100));
        stream.set_read_timeout(patience).unwrap();
        assert!(stream.read(&mut [0]).is_err());
    }
}

#[test]
fn every_behaviour_is_served_and_recorded() {
    let trickle = Behaviour::Trickle { pieces: 7, pause_ns: 2 * MS };
    let script = Script::new(1)
        .page("/other", 0, 1000, Behaviour::Serve)
        .page("/busy", MS, 50_000, Behaviour::Status(503))
        .page("/short", MS, 50_000, Behaviour::Truncate)
        .page("/from", 0, 0, Behaviour::Redirect("/other".into()))
        .page("/round", 0, 0, Behaviour::Redirect("/round".into()))
        .page("/slow", MS, 50_000, trickle)
        .page("/it", MS, 50_000, Behaviour::Hang);
    let mut origin = start(script);
    for (path, status, records) in [
        ("/nowhere", Some(404), &[("/nowhere", 404, 13, false)][..]),
        ("/busy", Some(503), &[("/busy", 503, 50_000, false)]),
        ("/short", None, &[("/short", 200, 25_000, true)]),
        ("/from", Some(200), &[("/from", 302, 0, false), ("/other", 200, 1000, false)]),
        ("/round", None, &[("/round", 302, 0, false); 11]),
        ("/slow", Some(200), &[("/slow", 200, 50_000, false)]),
    ] {
        let answer = get(&origin.url(path)).ok();
        assert_eq!(answer.map(|(status, ..)| status), status, "{path}");
        let requests = take(&mut origin, records.len());
        for (request, record) in requests.iter().zip(records) {
            let status = request.status.unwrap();
            let got = (&*request.path, status, request.bytes, request.aborted);
            assert_eq!(got, *record);
            assert!(path != "/slow" || request.service_ns >= 15 * MS, "{request:?}");
        }
    }
    for (asks, path) in [(true, "/it"), (false, "")] {
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
