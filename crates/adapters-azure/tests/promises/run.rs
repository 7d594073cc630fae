//! What happens in a run, and who brings it to its end.

use std::fmt;

use adapters_azure::testing::{Mishap, Mishaps};

/// Who brings the work of a program that died to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recovery {
    /// The platform hands the same work over again.
    Redelivery,
    /// Nobody does where the work has left a trace, and only timers fire.
    SweepsAlone,
}

/// What happens in a run.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Whether the SDK repeats what may pass.
    pub retries: bool,
    /// What happens to which call, from 1.
    pub mishap: Option<(usize, Mishap)>,
    pub recovery: Recovery,
}

impl Run {
    /// A run in which nothing happens to any call.
    pub const UNDISTURBED: Self = Self { retries: false, mishap: None, recovery: Recovery::Redelivery };

    pub fn mishaps(&self) -> Mishaps {
        self.mishap.map_or_else(Mishaps::none, |(call, mishap)| Mishaps::one(call, mishap))
    }

    /// What the call that met with the mishap asked for, of all calls in order.
    pub fn met<'a>(&self, labels: &'a [String]) -> Option<&'a str> {
        labels.get(self.mishap?.0 - 1).map(String::as_str)
    }

    /// How many notifications may be accepted twice. One, where the receiver has accepted it and that could not be
    /// saved; none where the SDK repeats the call, or where it was done and only its answer was lost.
    pub fn may_repeat(&self, met: &str) -> usize {
        let Some((_, mishap)) = self.mishap else { return 0 };
        let done = matches!(mishap, Mishap::AnswerLost | Mishap::DeathAfter);
        let save = met.starts_with("POST $batch") && met.contains(" notifications");
        let row_before = met.starts_with("PUT lookup(PartitionKey='forgotten'");
        usize::from((row_before || save && !done) && !(self.retries && passes(mishap)))
    }
}

/// Whether a call changes what is stored.
pub fn is_write(label: &str) -> bool {
    !label.starts_with("GET ") && !label.starts_with("HEAD ")
}

/// Whether the SDK repeats a call that met with it.
fn passes(mishap: Mishap) -> bool {
    !matches!(
        mishap,
        Mishap::Death | Mishap::DeathAfter | Mishap::Answer(403 | 409 | 412, ..) | Mishap::Answer(_, _, Some(1..))
    )
}

/// In one line, for failure messages.
impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let retries = if self.retries { "with retries" } else { "without retries" };
        write!(f, "{:?} {retries}, then {:?}", self.mishap, self.recovery)
    }
}
