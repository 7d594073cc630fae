//! Parameters of a run: the injected failure and the recovery.

use std::fmt;

use adapters_azure::testing::{Mishap, Mishaps};

/// Recovery of work whose process died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// The platform delivers the same work again.
    Redelivery,
    /// Only timers fire if the work was stored before.
    SweepsAlone,
}

/// Parameters of a run.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// True if the SDK retries transient failures.
    pub retries: bool,
    /// Number of the failing call, starting with 1, and its failure.
    pub mishap: Option<(usize, Mishap)>,
    pub recovery: Recovery,
}

impl Run {
    /// A run without failures.
    pub const UNDISTURBED: Self = Self { retries: false, mishap: None, recovery: Recovery::Redelivery };

    pub fn mishaps(&self) -> Mishaps {
        self.mishap.map_or_else(Mishaps::none, |(call, mishap)| Mishaps::one(call, mishap))
    }

    /// Label of the failed call, from the labels of all calls in order.
    pub fn met<'a>(&self, labels: &'a [String]) -> Option<&'a str> {
        labels.get(self.mishap?.0 - 1).map(String::as_str)
    }

    /// Number of notifications that may be accepted twice. One if the receiver accepted it and the save failed. None
    /// if the SDK retried the call, or if the save was done and only its answer was lost.
    pub fn may_repeat(&self, met: &str) -> usize {
        let Some((_, mishap)) = self.mishap else { return 0 };
        let done = matches!(mishap, Mishap::AnswerLost | Mishap::DeathAfter);
        let save = met.starts_with("POST $batch") && met.contains(" notifications");
        usize::from(save && !done && !(self.retries && passes(mishap)))
    }
}

/// True if a call changes stored state.
pub fn is_write(label: &str) -> bool {
    !label.starts_with("GET ") && !label.starts_with("HEAD ")
}

/// True if the SDK retries a call with this failure.
fn passes(mishap: Mishap) -> bool {
    !matches!(
        mishap,
        Mishap::Death | Mishap::DeathAfter | Mishap::Answer(403 | 409 | 412, ..) | Mishap::Answer(_, _, Some(1..))
    )
}

/// One line for failure messages.
impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let retries = if self.retries { "with retries" } else { "without retries" };
        write!(f, "{:?} {retries}, then {:?}", self.mishap, self.recovery)
    }
}
