//! How a command ended, for the caller's shell.

/// The meaning of an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It is done.
    Done,
    /// It is done, and there are findings, or the thing asked for is not so.
    Findings,
    /// It was used or configured wrongly.
    WrongUse,
    /// A service or device outside failed.
    OutsideFailed,
}

impl Exit {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::WrongUse => 2,
            Self::OutsideFailed => 3,
        }
    }
}
