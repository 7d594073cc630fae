//! Finding entries with a search.
