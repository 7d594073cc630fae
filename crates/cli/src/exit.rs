//! Exit codes of commands.

/// Result of a command, as its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: finished.
    Done,
    /// 1: finished, with findings, or not found.
    Findings,
    /// 2: wrong arguments or configuration.
    WrongUse,
    /// 3: an outside service or device failed.
    OutsideFailed,
}

impl Exit {
    /// Returns the number of the exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Findings => 1,
            Self::WrongUse => 2,
            Self::OutsideFailed => 3,
        }
    }
}
