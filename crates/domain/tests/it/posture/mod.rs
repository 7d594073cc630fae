//! Tests every check: good, with a finding, and not checked.

mod accesses;
mod asked;
mod changes;
mod documentation;
mod matching;
mod origins;
mod own;
mod signatures;
mod told;
mod world;
