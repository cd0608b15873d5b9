//! Words of a figure.

use crate::record::{Computed, Recording};
use serde::{Deserialize, Serialize};

/// Words of a figure: a template in which `{claim-id}` stands for the claim's estimates in all
/// runtimes, `{claim-id/part}` for those of a part, `{1/claim-id}` for one over each; or what is computed
/// from the recording.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(from = "Option<String>", into = "Option<String>")]
pub enum Text {
    /// The template.
    Template(String),
    /// A function: none in a design that is described, and no words in one that was read back.
    Computed(Computed<String>),
}

impl From<Option<String>> for Text {
    fn from(template: Option<String>) -> Text {
        Text::Template(template.unwrap_or_default())
    }
}

impl From<Text> for Option<String> {
    fn from(text: Text) -> Option<String> {
        match text {
            Text::Template(template) => Some(template),
            Text::Computed(_) => None,
        }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::Template(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::Template(text)
    }
}

/// Words that are computed from the recording.
pub fn computed(text: impl Fn(&Recording) -> String + Send + Sync + 'static) -> Text {
    Text::Computed(Computed::new(text))
}
