//! One module per kind of world, or per trouble added to one. Each states its assumptions and their sources.

pub(crate) mod calm;
pub(crate) mod clocks;
pub(crate) mod containers;
pub(crate) mod crowded;
pub(crate) mod failed;
pub(crate) mod first_day;
pub(crate) mod habits;
pub(crate) mod late;
pub(crate) mod losses;
pub(crate) mod mixed;
pub(crate) mod odd;
pub(crate) mod reconnects;
pub(crate) mod shared;
pub(crate) mod together;
pub(crate) mod uploaded;
