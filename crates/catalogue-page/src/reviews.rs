//! Page of the recordings that wait for a review.

use askama::Template;
use domain::address::Printable;
use pipeline::recording_review::{ReviewQueue, ReviewQueueItem};

use crate::Frame;
use crate::NavigationEntry;
use crate::clock::{PageClock, PageTime};

/// Page of the recordings that wait for a review. Read-only: reviews are stored by the command it shows.
#[derive(Template)]
#[template(path = "reviews.html")]
pub struct ReviewsPage {
    frame: Frame,
    rows: Vec<WaitingReview>,
    lead: String,
    has_rules: bool,
    is_complete: bool,
    next: Option<String>,
}

struct WaitingReview {
    path: String,
    name: String,
    person: Option<String>,
    bastion: String,
    rule: String,
    unknown: String,
    due: PageTime,
    is_overdue: bool,
    uncounted: usize,
    command: String,
}

impl ReviewsPage {
    /// Creates the page from one page of the queue. `has_rules` is false if no rule asks for reviews.
    pub fn new(frame: Frame, queue: &ReviewQueue, has_rules: bool) -> Self {
        let least = if queue.is_complete { "" } else { "at least " };
        let noun = if queue.total == 1 { "recording waits" } else { "recordings wait" };
        Self {
            rows: queue.items.iter().map(|item| WaitingReview::from_item(item, &frame.clock)).collect(),
            lead: format!("{least}{} {noun} for a review, {} overdue", queue.total, queue.overdue),
            has_rules,
            is_complete: queue.is_complete,
            next: queue.next.map(|place| format!("{}?{}", frame.path, frame.asked.at(Some(&place)))),
            frame,
        }
    }
}

impl WaitingReview {
    fn from_item(item: &ReviewQueueItem, clock: &PageClock) -> Self {
        let id = item.place.id;
        Self {
            path: format!("/ui/recordings/{id}"),
            name: Printable(&item.name).to_string(),
            person: item.person.as_deref().map(|person| Printable(person).to_string()),
            bastion: Printable(item.bastion.as_str()).to_string(),
            rule: Printable(&item.rule).to_string(),
            unknown: item.unknown_facts.join(", "),
            due: clock.time(item.place.due_at),
            is_overdue: item.is_overdue,
            uncounted: item.uncounted_reviews,
            command: format!("archivist review mark {id} --outcome ok"),
        }
    }
}
