//! A run of each experiment that is measured once, for the many tests that look at it.

use crate::{Experiment, Scratch, Table, Tree, assert_same, write_tree};
use serde_json::Value;
use std::path::Path;

impl Experiment {
    /// All files of a short run; measured once for all tests that look at one.
    pub fn recorded(&'static self) -> &'static Tree {
        self.recorded.get_or_init(|| {
            let scratch = Scratch::empty(self);
            scratch.run_short("").succeeds();
            scratch.tree()
        })
    }

    /// The bytes of a data file of the recorded run.
    pub fn file(&'static self, name: &str) -> &'static [u8] {
        let path = Path::new("data").join(&self.name).join(name);
        let bytes = self.recorded().get(&path).and_then(Option::as_deref);
        bytes.unwrap_or_else(|| panic!("no {}", path.display()))
    }

    /// A table of the recorded run: `trials` is `trials.csv`.
    pub fn table(&'static self, name: &str) -> Table {
        Table::parse(self.file(&format!("{name}.csv")))
    }

    /// What the recorded run says of itself.
    pub fn run_json(&'static self) -> Value {
        serde_json::from_slice(self.file("run.json")).unwrap()
    }
}

impl Scratch {
    /// The recorded run of the experiment is saved here.
    pub fn recorded(experiment: &'static Experiment) -> Scratch {
        let scratch = Scratch::empty(experiment);
        write_tree(experiment.recorded(), &scratch.out());
        scratch
    }

    /// The recorded run is here as it was, and nothing else.
    pub fn holds_the_recorded_run(&self) {
        assert_same(self.experiment.recorded(), &self.tree());
    }
}
