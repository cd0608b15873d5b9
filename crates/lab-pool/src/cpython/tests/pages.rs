//! Pages, and everything that is none: the same words in every runtime.

use super::*;
use lab_jobs::page::PageRequest;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

/// A server on the loopback that answers each path in its own way; it ends with the tests.
fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    format!("http://{address}")
}

fn serve(mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines
        .next()
        .unwrap_or(Ok(String::new()))
        .unwrap_or_default();
    while lines
        .next()
        .is_some_and(|line| line.is_ok_and(|line| !line.is_empty()))
    {}
    let path = first.split(' ').nth(1).unwrap_or_default();
    let answer = match path {
        "/page" => "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_owned(),
        "/chunked" => {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
                .to_owned()
        }
        "/missing" => "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno".to_owned(),
        "/short" => "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello".to_owned(),
        "/large" => format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(5000)),
        "/announced" => "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".to_owned(),
        "/there" => "HTTP/1.1 302 Found\r\nLocation: /page\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "/slow" => {
            std::thread::sleep(Duration::from_secs(3));
            return;
        }
        hop => {
            let hop: u32 = hop.trim_start_matches("/hop").parse().unwrap_or_default();
            format!(
                "HTTP/1.1 302 Found\r\nLocation: /hop{}\r\nContent-Length: 0\r\n\r\n",
                hop + 1
            )
        }
    };
    let _ = stream.write_all(answer.as_bytes());
}

#[test]
fn pages_and_faults_are_told_as_in_rust() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let site = site();
    let page = |path: &str, timeout_ns| {
        Job::Page(PageRequest {
            url: format!("{site}{path}"),
            timeout_ns,
            max_bytes: 1000,
            expect: Some("200:5:3610a686".parse().unwrap()),
        })
    };
    let mut jobs: Vec<Job> = [
        "/page",
        "/chunked",
        "/missing",
        "/short",
        "/large",
        "/announced",
        "/there",
        "/hop0",
    ]
    .into_iter()
    .map(|path| page(path, 10_000_000_000))
    .collect();
    jobs.push(page("/slow", 500_000_000));
    let native = pool
        .run(&trial(Runtime::Rust, Executor::Threads, 4, jobs.clone()))
        .unwrap();
    let errors = native.jobs.iter().filter(|job| job.report.error.is_some());
    assert_eq!(errors.count(), 6);
    for executor in EXECUTORS {
        let report = pool
            .run(&trial(runtime.clone(), executor, 4, jobs.clone()))
            .unwrap();
        assert_eq!(answers(&report.jobs), answers(&native.jobs), "{executor}");
        assert!(report.jobs.iter().all(|job| job.report.spans.len() == 1));
    }
}

#[test]
fn what_cannot_be_reached_is_an_error_row() {
    let Some((mut pool, runtime)) = pool_with_python() else {
        return;
    };
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let page = |url: String| {
        Job::Page(PageRequest {
            url,
            timeout_ns: 5_000_000_000,
            max_bytes: 1000,
            expect: None,
        })
    };
    let jobs = vec![
        page(format!("http://{closed}/")),
        page("gopher://x/".to_owned()),
    ];
    let report = pool
        .run(&trial(runtime, Executor::Threads, 1, jobs))
        .unwrap();
    let errors: Vec<&str> = report
        .jobs
        .iter()
        .filter_map(|job| job.report.error.as_deref())
        .collect();
    assert!(
        errors[0].contains("could not be loaded: the connection failed"),
        "{errors:?}"
    );
    assert!(
        errors[1].contains("could not be loaded: no http or https URL"),
        "{errors:?}"
    );
}
