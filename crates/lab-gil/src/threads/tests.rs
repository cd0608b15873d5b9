//! Answers, counts and order; no test looks at how long anything took.

use super::*;
use crate::events::EventKind;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A hang is a failure, not an endless test.
const TOO_LONG: Duration = Duration::from_secs(60);

fn within_a_minute<R: Send + 'static>(test: impl FnOnce() -> R + Send + 'static) -> R {
    let (done, result) = mpsc::channel();
    thread::spawn(move || done.send(test()));
    result.recv_timeout(TOO_LONG).expect("hung or panicked")
}

fn quick(options: Options) -> Arc<Gil> {
    let interval = Interval::new(Duration::from_micros(200)).unwrap();
    Gil::with(Options { interval, ..options })
}

fn recording() -> Arc<Gil> {
    quick(Options { record: true, ..Options::default() })
}

/// `threads` threads that each add one `times` times to a counter that is right only if never two
/// of them are at it; some block now and then. Returns the counter and how often two met.
fn add_up(gil: &Arc<Gil>, threads: usize, times: u64) -> (u64, u64) {
    let inside = AtomicBool::new(false);
    let counter = AtomicU64::new(0);
    let met = AtomicU64::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut thread = gil.attach();
                thread.take();
                for i in 0..times {
                    if inside.swap(true, Ordering::Relaxed) {
                        met.fetch_add(1, Ordering::Relaxed);
                    }
                    let seen = counter.load(Ordering::Relaxed);
                    counter.store(std::hint::black_box(seen) + 1, Ordering::Relaxed);
                    inside.store(false, Ordering::Relaxed);
                    thread.turn();
                    if i % 1000 == 0 {
                        thread.wait(thread::yield_now);
                    }
                }
            });
        }
    });
    (counter.into_inner(), met.into_inner())
}

#[test]
fn never_two_holders_and_all_additions_right_with_and_without_forced_switching() {
    for (forced_switching, threads) in [(true, 4), (false, 3)] {
        let options = Options { forced_switching, ..Options::default() };
        let answer = within_a_minute(move || add_up(&quick(options), threads, 200_000));
        assert_eq!(answer, (200_000 * threads as u64, 0));
    }
}

#[test]
fn takes_and_drops_alternate_and_a_requested_drop_leads_to_another_thread() {
    let events = within_a_minute(|| {
        let gil = recording();
        add_up(&gil, 3, 200_000);
        gil.take_events()
    });
    let mut holder = None;
    let mut asked_to_leave = None;
    for event in &events {
        match event.kind {
            EventKind::Take => {
                assert_eq!(holder, None);
                assert_ne!(asked_to_leave, Some(event.thread));
                holder = Some(event.thread);
                asked_to_leave = None;
            }
            EventKind::Drop { requested } => {
                assert_eq!(holder, Some(event.thread));
                holder = None;
                asked_to_leave = requested.then_some(event.thread);
            }
            _ => {}
        }
    }
    assert!(events.len() > 6);
}

#[test]
fn nothing_is_recorded_unless_asked_for() {
    let gil = quick(Options::default());
    within_a_minute({
        let gil = Arc::clone(&gil);
        move || add_up(&gil, 2, 1000)
    });
    assert!(gil.take_events().is_empty());
}

/// Each waits for a word from the other: only possible if a blocking call releases the lock.
#[test]
fn a_blocking_call_lets_another_run() {
    within_a_minute(|| {
        let gil = quick(Options::default());
        let (to_b, at_b) = mpsc::channel();
        let (to_a, at_a) = mpsc::channel();
        let mut a = gil.attach();
        let mut b = gil.attach();
        let other = thread::spawn(move || {
            b.take();
            b.wait(|| at_b.recv_timeout(TOO_LONG)).unwrap();
            to_a.send(()).unwrap();
        });
        a.take();
        to_b.send(()).unwrap();
        a.wait(|| at_a.recv_timeout(TOO_LONG)).unwrap();
        other.join().unwrap();
    });
}

/// The holder never blocks; the other gets its turn all the same.
#[test]
fn a_busy_holder_is_made_to_switch() {
    let switches = within_a_minute(|| {
        let gil = recording();
        let been_here = Arc::new(AtomicBool::new(false));
        let mut a = gil.attach();
        a.take();
        let other = thread::spawn({
            let mut b = gil.attach();
            let been_here = Arc::clone(&been_here);
            move || {
                b.take();
                been_here.store(true, Ordering::Relaxed);
            }
        });
        while !been_here.load(Ordering::Relaxed) {
            a.turn();
        }
        drop(a);
        other.join().unwrap();
        // Of the holder; the other may be slow to release the lock at its end, and be asked to.
        let asked = |e: &&Event| e.thread == 0 && e.kind == EventKind::Drop { requested: true };
        gil.take_events().iter().filter(asked).count()
    });
    assert_eq!(switches, 1);
}

#[test]
fn a_thread_that_panics_or_ends_releases_the_lock() {
    within_a_minute(|| {
        let gil = quick(Options::default());
        let mut victim = gil.attach();
        let panicked = thread::spawn(move || {
            victim.take();
            panic!("on purpose");
        });
        assert!(panicked.join().is_err());
        let mut forgetful = gil.attach();
        forgetful.take();
        drop(forgetful);
        let mut blocked = gil.attach();
        let panicked = thread::spawn(move || {
            blocked.take();
            blocked.wait(|| panic!("on purpose"));
        });
        assert!(panicked.join().is_err());
        gil.attach().take();
    });
}

#[test]
fn a_thread_without_the_lock_may_turn_wait_and_release() {
    let gil = quick(Options::default());
    let mut a = gil.attach();
    a.turn();
    a.release();
    assert_eq!(a.wait(|| 7), 7);
    assert!(!a.holds());
    assert_eq!((a.id(), gil.attach().id()), (0, 1));
}

#[test]
fn two_gils_do_not_know_each_other() {
    let mut a = quick(Options::default()).attach();
    let mut b = quick(Options::default()).attach();
    a.take();
    b.take();
    assert!(a.holds() && b.holds());
}
