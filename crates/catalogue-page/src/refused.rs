//! A page that says why there is none.

use askama::Template;

use crate::{Frame, Place};

/// Why there is no page, and what to do about it.
#[derive(Template)]
#[template(path = "refused.html")]
pub struct RefusedPage {
    /// What is around it.
    pub frame: Frame,
    /// In a few words.
    pub title: &'static str,
    /// In a sentence.
    pub what: String,
    /// What to do, one step after the other.
    pub steps: Vec<String>,
}
