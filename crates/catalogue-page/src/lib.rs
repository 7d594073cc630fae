//! The catalogue as web pages.
//!
//! Everything here is given what it shows, and makes HTML of it: nothing is read, no clock is asked. Every text that somebody
//! else chose is escaped by the templates and stands in an element of its own, so that neither markup nor the direction of
//! its letters acts on what is around it. There is no script, and nothing is loaded from anywhere else.

pub mod assets;
mod bastions;
mod chart;
mod fact;
mod form;
mod frame;
mod gaps;
mod health;
mod live;
mod overview;
mod own;
mod recording;
mod refused;
mod row;
mod search;
mod session;
mod text;
mod timeline;

pub use askama::{Error, Template};
pub use bastions::BastionsPage;
pub use form::{Asked, Form};
pub use frame::{Frame, Place};
pub use gaps::GapsPage;
pub use health::{HealthPage, Reading};
pub use live::LivePage;
pub use overview::{Noticed, OverviewPage};
pub use recording::RecordingPage;
pub use refused::RefusedPage;
pub use search::{RecordingsPage, SessionsPage};
pub use session::SessionPage;

/// As many bytes as most pages have.
const USUAL: usize = 16 << 10;

/// A page as HTML.
///
/// # Errors
///
/// What cannot be written as text.
pub fn html(page: &impl Template) -> Result<String, Error> {
    let mut html = String::with_capacity(USUAL);
    page.render_into(&mut html)?;
    Ok(html)
}
