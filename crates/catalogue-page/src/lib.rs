//! Web pages of the catalogue.
//!
//! The crate renders HTML from its arguments; it reads no store and no clock. The templates escape every untrusted
//! text and put it into an element of its own, so that neither markup nor text direction affects the surroundings.
//! Pages contain no script and load nothing from other origins.

pub mod assets;
mod bastions;
mod chart;
mod clock;
mod coverage;
mod day;
mod deletions;
mod fact;
mod form;
mod frame;
mod gaps;
mod health;
mod holds;
mod live;
mod overview;
mod own;
mod profile;
mod recording;
mod refused;
mod reviews;
mod row;
mod search;
mod search_box;
mod session;
mod text;
mod timeline;
mod zone_links;

pub use askama::{Error, Template};
pub use bastions::BastionsPage;
pub use clock::PageClock;
pub use coverage::CoveragePage;
pub use day::{DayLists, DayPage, LanesBy};
pub use deletions::{ComingData, DeletionsPage};
pub use form::{PageForm, PageQuery};
pub use frame::{Frame, NavigationEntry};
pub use gaps::GapsPage;
pub use health::{HealthPage, LogProgress};
pub use holds::HoldsPage;
pub use live::LivePage;
pub use overview::{Noticed, OverviewPage};
pub use profile::ProfilePage;
pub use recording::RecordingPage;
pub use refused::RefusedPage;
pub use reviews::ReviewsPage;
pub use search::{RecordingsPage, SessionsPage};
pub use session::SessionDetailPage;
pub use zone_links::keep_zone;

/// Initial buffer size in bytes; most pages fit.
const USUAL: usize = 16 << 10;

/// Renders a page as HTML.
///
/// # Errors
///
/// Returns an error if a value cannot be formatted.
pub fn html(page: &impl Template) -> Result<String, Error> {
    let mut html = String::with_capacity(USUAL);
    page.render_into(&mut html)?;
    Ok(html)
}
