//! No worker outlives the process of its pool, however that ends.

use crate::staff::Staff;
use std::process::Command;

#[test]
fn workers_end_in_the_middle_of_a_job_with_a_parent_that_was_killed() {
    let staff = Staff::new();
    let mut parent = Command::new(env!("CARGO_BIN_EXE_pool-fixture"))
        .args(staff.arguments("is-parent"))
        .spawn()
        .unwrap();
    // Itself, three workers, one in the background; all but itself and the one that waits compute.
    staff.wait_for(5);
    staff.wait_for_computing(3);
    parent.kill().unwrap();
    parent.wait().unwrap();
    staff.assert_gone();
}
