//! Error page.

use askama::Template;

use crate::{Frame, NavigationEntry};

/// Error page: the reason, and steps to resolve it.
#[derive(Template)]
#[template(path = "refused.html")]
pub struct RefusedPage {
    /// Navigation and footer around the page.
    pub frame: Frame,
    /// Title, a few words.
    pub title: &'static str,
    /// Explanation, one sentence.
    pub what: String,
    /// Steps to take, in order.
    pub steps: Vec<String>,
}
