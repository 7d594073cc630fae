//! One module for each kind of world, or for each trouble that is added to one.

pub(crate) mod calm;
pub(crate) mod crowded;
pub(crate) mod shared;
pub(crate) mod uploaded;
