//! Waiting as exactly as the kernel can.

use std::time::Duration;

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use tokio::net::unix::pipe::Receiver;

/// Waits for `time`, and mostly less than a tenth of a millisecond longer: tokio's own timer counts
/// in milliseconds and comes one to two of them late, which is a lot for a page of a few.
pub(crate) async fn pause(time: Duration) {
    if time.is_zero() {
        return;
    }
    let woken = match timer(time) {
        Ok(timer) => timer.readable().await,
        Err(error) => Err(error),
    };
    if woken.is_err() {
        // Out of file descriptors, say: a late page is better than none.
        tokio::time::sleep(time).await;
    }
}

/// A file that becomes readable after `time`. Tokio may take it for a pipe: all that it is asked is
/// when there is something to read.
fn timer(time: Duration) -> std::io::Result<Receiver> {
    let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
    let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
    let once = Itimerspec {
        it_interval: Timespec::default(),
        it_value: Timespec {
            tv_sec: i64::try_from(time.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: time.subsec_nanos().into(),
        },
    };
    timerfd_settime(&timer, TimerfdTimerFlags::empty(), &once)?;
    Receiver::from_owned_fd_unchecked(timer)
}
