//! Worlds for tests of matching.

mod table;
