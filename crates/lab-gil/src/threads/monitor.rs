//! A mutex with two condition variables, as the C library has them.
//!
//! Rust's own would do for the rules, but did not for the measurement. CPython signals while it
//! holds the mutex. A thread that is woken there finds the mutex taken: the C library's puts it to
//! sleep once more, Rust's spins for a moment and mostly gets it. That moment decides who has the
//! lock after a short call, and thus whether a thread that waits for IO is kept waiting for one
//! interval or for two. So this engine makes the calls that CPython makes (`Python/ceval_gil.c`,
//! `Python/condvar.h`), and the C library answers them as it answers CPython.
#![allow(
    unsafe_code,
    reason = "the C library's condition variables have no safe form in any crate"
)]

use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::mem::{ManuallyDrop, MaybeUninit};
use std::ops::{Deref, DerefMut};
use std::time::Duration;

/// Which of the two condition variables.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cond {
    /// For threads that wait for the lock; CPython's `cond`.
    Free,
    /// For the thread that released the lock as requested; CPython's `switch_cond`.
    Switched,
}

/// A value that one thread at a time may see, and two conditions to wait for until it has changed.
#[derive(Debug)]
pub(super) struct Monitor<T> {
    /// Boxed, since the C library's objects must stay where they are.
    raw: ManuallyDrop<Box<Raw>>,
    value: UnsafeCell<T>,
}

/// Initialised by [`Raw::initialise`] before anybody sees it.
#[derive(Debug)]
struct Raw {
    mutex: UnsafeCell<MaybeUninit<libc::pthread_mutex_t>>,
    free: UnsafeCell<MaybeUninit<libc::pthread_cond_t>>,
    switched: UnsafeCell<MaybeUninit<libc::pthread_cond_t>>,
}

impl Raw {
    fn new() -> Box<Raw> {
        let raw = Box::new(Raw {
            mutex: UnsafeCell::new(MaybeUninit::uninit()),
            free: UnsafeCell::new(MaybeUninit::uninit()),
            switched: UnsafeCell::new(MaybeUninit::uninit()),
        });
        raw.initialise();
        raw
    }

    /// An ordinary mutex, on which a thread that locks it twice waits for itself; timed waits by the
    /// clock that nobody sets, as CPython does where there is one.
    fn initialise(&self) {
        let mut of_mutex = MaybeUninit::uninit();
        let mut of_cond = MaybeUninit::uninit();
        // SAFETY: attributes are initialised by the first call for each, and the objects are not yet
        // known to anybody else. With these values none of the calls has a way to fail.
        unsafe {
            libc::pthread_mutexattr_init(of_mutex.as_mut_ptr());
            libc::pthread_mutexattr_settype(of_mutex.as_mut_ptr(), libc::PTHREAD_MUTEX_NORMAL);
            libc::pthread_mutex_init(self.mutex(), of_mutex.as_ptr());
            libc::pthread_mutexattr_destroy(of_mutex.as_mut_ptr());

            libc::pthread_condattr_init(of_cond.as_mut_ptr());
            libc::pthread_condattr_setclock(of_cond.as_mut_ptr(), libc::CLOCK_MONOTONIC);
            libc::pthread_cond_init(self.cond(Cond::Free), of_cond.as_ptr());
            libc::pthread_cond_init(self.cond(Cond::Switched), of_cond.as_ptr());
            libc::pthread_condattr_destroy(of_cond.as_mut_ptr());
        }
    }

    fn mutex(&self) -> *mut libc::pthread_mutex_t {
        self.mutex.get().cast()
    }

    fn cond(&self, which: Cond) -> *mut libc::pthread_cond_t {
        match which {
            Cond::Free => self.free.get().cast(),
            Cond::Switched => self.switched.get().cast(),
        }
    }
}

// SAFETY: the value is reached only through a `Guard`, which one thread at a time has; the C
// library's objects are made to be used by several threads.
unsafe impl<T: Send> Sync for Monitor<T> {}
// SAFETY: as above; none of the objects belongs to the thread that made it while nobody waits or
// holds the mutex, and a monitor that is moved is neither waited at nor held.
unsafe impl<T: Send> Send for Monitor<T> {}

impl<T> Monitor<T> {
    pub(super) fn new(value: T) -> Monitor<T> {
        Monitor { raw: ManuallyDrop::new(Raw::new()), value: UnsafeCell::new(value) }
    }

    /// Waits until no other thread has the value.
    pub(super) fn lock(&self) -> Guard<'_, T> {
        // SAFETY: an initialised mutex that stays where it is. (A thread that has a guard and asks
        // for another waits for itself, as with any mutex.)
        unsafe { libc::pthread_mutex_lock(self.raw.mutex()) };
        Guard { monitor: self, stays: PhantomData }
    }
}

impl<T> Drop for Monitor<T> {
    fn drop(&mut self) {
        // SAFETY: nobody else has a monitor that is dropped, so nobody waits here. The mutex is held
        // only if a guard was forgotten; then it must not be destroyed, and is left where it is.
        unsafe {
            if libc::pthread_mutex_trylock(self.raw.mutex()) != 0 {
                return;
            }
            libc::pthread_mutex_unlock(self.raw.mutex());
            libc::pthread_cond_destroy(self.raw.cond(Cond::Free));
            libc::pthread_cond_destroy(self.raw.cond(Cond::Switched));
            libc::pthread_mutex_destroy(self.raw.mutex());
            ManuallyDrop::drop(&mut self.raw);
        }
    }
}

/// The value, for as long as this lives.
#[derive(Debug)]
pub(super) struct Guard<'a, T> {
    monitor: &'a Monitor<T>,
    /// The thread that locks a mutex must unlock it, so a guard cannot be sent to another one.
    stays: PhantomData<*const ()>,
}

impl<T> Guard<'_, T> {
    /// Wakes one thread that waits there. It goes on when this guard is gone.
    pub(super) fn signal(&self, which: Cond) {
        // SAFETY: an initialised condition variable that stays where it is.
        unsafe { libc::pthread_cond_signal(self.monitor.raw.cond(which)) };
    }

    /// Releases the value until there is a signal; others may change it meanwhile. May return
    /// without a signal.
    pub(super) fn wait(&mut self, which: Cond) {
        let mutex = self.monitor.raw.mutex();
        // SAFETY: this thread holds the mutex, the only one that is used with this variable.
        unsafe { libc::pthread_cond_wait(self.monitor.raw.cond(which), mutex) };
    }

    /// As [`Guard::wait`], for at most `patience`; true if that was over.
    pub(super) fn wait_for(&mut self, which: Cond, patience: Duration) -> bool {
        let now = Duration::from_nanos(lab_data::clock::now_ns());
        let end = now.saturating_add(patience);
        let end = libc::timespec {
            tv_sec: libc::time_t::try_from(end.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: libc::c_long::from(end.subsec_nanos()),
        };
        let mutex = self.monitor.raw.mutex();
        // SAFETY: as in `wait`; the time is a valid one of the clock that the variable goes by.
        let code =
            unsafe { libc::pthread_cond_timedwait(self.monitor.raw.cond(which), mutex, &end) };
        code == libc::ETIMEDOUT
    }
}

impl<T> Deref for Guard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the mutex is held, so no other thread has a reference to the value.
        unsafe { &*self.monitor.value.get() }
    }
}

impl<T> DerefMut for Guard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above, and `self` is borrowed for it alone.
        unsafe { &mut *self.monitor.value.get() }
    }
}

impl<T> Drop for Guard<'_, T> {
    fn drop(&mut self) {
        // SAFETY: this thread holds the mutex, since it made the guard, which cannot be sent.
        unsafe { libc::pthread_mutex_unlock(self.monitor.raw.mutex()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn no_two_threads_have_the_value() {
        let monitor = Monitor::new(0u64);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..10_000 {
                        let mut value = monitor.lock();
                        let seen = *value;
                        *value = std::hint::black_box(seen) + 1;
                    }
                });
            }
        });
        assert_eq!(*monitor.lock(), 40_000);
    }

    #[test]
    fn a_signal_wakes_who_waits_there_and_the_value_is_given_away_meanwhile() {
        let monitor = Monitor::new(Vec::new());
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut value = monitor.lock();
                while value.is_empty() {
                    value.wait(Cond::Free);
                }
                value.push("second");
                value.signal(Cond::Switched);
            });
            let mut value = monitor.lock();
            value.push("first");
            value.signal(Cond::Free);
            while value.len() < 2 {
                value.wait(Cond::Switched);
            }
            assert_eq!(*value, ["first", "second"]);
        });
    }

    #[test]
    fn a_monitor_whose_guard_was_forgotten_is_left_where_it_is() {
        let monitor = Monitor::new(1);
        std::mem::forget(monitor.lock());
        drop(monitor);
    }

    #[test]
    fn a_wait_that_nobody_ends_is_over_in_time_and_the_mutex_is_held_again() {
        let monitor = Monitor::new(7);
        let mut value = monitor.lock();
        while !value.wait_for(Cond::Free, Duration::from_millis(1)) {}
        *value += 1;
        drop(value);
        assert_eq!(*monitor.lock(), 8);
    }
}
