//! One measurement at a time on a machine.

use crate::console;
use lab_data::lock::Lock;

/// Two experiments at once disturb each other: the second waits and says so.
pub(crate) fn wait_for_others() -> Option<Lock> {
    let lock = Lock::acquire_waiting(|| {
        console::err("Another experiment is measuring on this machine; waiting until it is done.");
    });
    match lock {
        Ok(lock) => Some(lock),
        Err(error) => {
            console::err(&format!(
                "warning: {error}; make sure that no other experiment runs at this time"
            ));
            None
        }
    }
}
