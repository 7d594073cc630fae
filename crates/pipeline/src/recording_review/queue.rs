//! Query for the recordings that a person must review.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use domain::policy::review::{PriorSessionFacts, ReviewPolicy, ReviewRequest};
use domain::record::catalogue::Entry;
use domain::record::estate::BastionName;
use domain::record::recording_id::RecordingId;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use jiff::Timestamp;

use super::prior::ReadPriorSessions;
use crate::hold::ShownHolds;
use crate::ports::{Fault, Heading, ListRequest};
use crate::reading::CatalogueReader;

/// Entries per read.
const PER_READ: usize = 500;
/// Entries that a page of the queue reads at most.
pub const WALKED_PER_PAGE: usize = 20_000;
/// Recordings of a page of the queue whose earlier sessions are read at most.
const LOOKED_UP_PER_PAGE: usize = 2_000;
/// Reads of earlier sessions at the same time.
const AT_ONCE: usize = 16;

/// Filters of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewQueueQuery {
    /// Only recordings of this bastion.
    pub bastion: Option<BastionName>,
    /// Only reviews that are overdue.
    pub overdue: bool,
    /// Maximum number of recordings.
    pub limit: usize,
    /// Only recordings after this place: the end of the previous page.
    pub after: Option<QueuePlace>,
    /// Maximum number of entries to read; `None` reads the whole catalogue.
    pub walked_at_most: Option<usize>,
}

/// Place in the queue: by due time, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct QueuePlace {
    /// Time by which the review is due.
    pub due_at: Timestamp,
    /// Recording.
    pub id: RecordingId,
}

impl QueuePlace {
    /// Parses the text form. Returns `None` for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (due_at, id) = std::str::from_utf8(&bytes).ok()?.split_once(' ')?;
        Some(Self { due_at: due_at.parse().ok()?, id: RecordingId::parse(id).ok()? })
    }
}

/// Text form, as a cursor in a URL.
impl fmt::Display for QueuePlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&BASE64URL_NOPAD.encode(format!("{} {}", self.due_at, self.id).as_bytes()))
    }
}

/// Page of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReviewQueue {
    /// Recordings without a review that counts, the earliest due first.
    pub items: Vec<ReviewQueueItem>,
    /// Number of recordings that pass the filters, on all pages.
    pub total: usize,
    /// Number of them that are overdue.
    pub overdue: usize,
    /// Place of the next page. `None` after the last page.
    pub next: Option<QueuePlace>,
    /// False if the walk ended at its limit: older recordings may be missing, and the numbers are least numbers.
    pub is_complete: bool,
}

/// Recording that a rule asks a person to review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewQueueItem {
    /// Place in the queue.
    pub place: QueuePlace,
    /// True if the review is overdue.
    pub is_overdue: bool,
    /// Rule that asks.
    pub rule: String,
    /// Unknown facts that leave the condition of the rule open. Empty if it holds.
    pub unknown_facts: Vec<String>,
    /// Name of the recording.
    pub name: String,
    /// Bastion.
    pub bastion: BastionName,
    /// Person of the session, if certain.
    pub person: Option<String>,
    /// Creation of the recording, if known.
    pub created_at: Option<Timestamp>,
    /// Number of reviews that do not count: of an earlier content, or by a person whose own session it may be.
    pub uncounted_reviews: usize,
}

/// Reads one page of the queue: all final recordings that exist, that a rule asks for, and that have no review that
/// counts. Walks the catalogue, newest first, and reads all holds. For a recording that earlier sessions decide, reads
/// these, too: one read per account and machine, and one per recording.
pub async fn review_queue(reading: &CatalogueReader<'_>, query: &ReviewQueueQuery) -> Result<ReviewQueue, Fault> {
    let policy = reading.reviews;
    if policy.rules.is_empty() {
        return Ok(ReviewQueue { is_complete: true, ..ReviewQueue::default() });
    }
    let holds = ShownHolds::read(reading.checkpoints).await?;
    let prior = ReadPriorSessions::new(reading);
    let mut walk = Walk { items: Vec::new(), below: None, walked: 0, looked_up: 0, is_complete: false };
    while !walk.is_complete && query.walked_at_most.is_none_or(|most| walk.is_within(most)) {
        let entries: Vec<Entry> = walk.read(reading, query).await?.into_iter().map(|entry| holds.on(entry)).collect();
        let mut found = Vec::new();
        let mut open = Vec::new();
        for entry in &entries {
            match asks(policy, entry, PriorSessionFacts::default()) {
                Some(request) if request.is_open_by_prior_sessions() => open.push(entry),
                request => found.extend(request.map(|request| item(entry, request, reading.now))),
            }
        }
        walk.looked_up += open.len();
        let decided: Vec<BoxFuture<'_, _>> =
            open.into_iter().map(|entry| decided(reading, &prior, entry).boxed()).collect();
        let decided: Vec<Option<ReviewQueueItem>> = stream::iter(decided).buffered(AT_ONCE).try_collect().await?;
        found.extend(decided.into_iter().flatten());
        walk.items.extend(found.into_iter().filter(|item| item.is_overdue || !query.overdue));
    }
    Ok(page(walk, query))
}

struct Walk {
    items: Vec<ReviewQueueItem>,
    below: Option<RecordingId>,
    walked: usize,
    looked_up: usize,
    is_complete: bool,
}

impl Walk {
    fn is_within(&self, walked_at_most: usize) -> bool {
        self.walked < walked_at_most && self.looked_up < LOOKED_UP_PER_PAGE
    }

    async fn read(&mut self, reading: &CatalogueReader<'_>, query: &ReviewQueueQuery) -> Result<Vec<Entry>, Fault> {
        let under = query.bastion.clone().map(Heading::Bastion);
        let request = ListRequest { under, below: self.below, from: None, limit: PER_READ };
        let entries = reading.catalogue.list(&request).await?;
        self.walked += entries.len();
        self.is_complete = entries.len() < PER_READ;
        self.below = entries.last().map(|entry| entry.id).or(self.below);
        Ok(entries)
    }
}

/// Returns the request for a review. `None` if no rule asks for the entry, or it has a review that counts.
fn asks<'p>(policy: &'p ReviewPolicy, entry: &Entry, prior: PriorSessionFacts) -> Option<ReviewRequest<'p>> {
    let is_waiting = entry.state.is_there() && entry.review().is_none();
    is_waiting.then(|| policy.asks_of(entry, prior)).flatten()
}

/// Returns the place of an entry in the queue that depends on earlier sessions.
async fn decided(
    reading: &CatalogueReader<'_>,
    prior: &ReadPriorSessions<'_>,
    entry: &Entry,
) -> Result<Option<ReviewQueueItem>, Fault> {
    let request = asks(reading.reviews, entry, prior.read(entry).await?);
    Ok(request.map(|request| item(entry, request, reading.now)))
}

fn item(entry: &Entry, request: ReviewRequest<'_>, now: Timestamp) -> ReviewQueueItem {
    let ReviewRequest { rule, due_at, unknown_facts } = request;
    ReviewQueueItem {
        place: QueuePlace { due_at, id: entry.id },
        is_overdue: due_at < now,
        rule: rule.name.clone(),
        unknown_facts: unknown_facts.into_iter().collect(),
        name: entry.address.name.as_str().to_owned(),
        bastion: entry.bastion.clone(),
        person: entry.match_state.verdict.person().map(str::to_owned),
        created_at: entry.created_at(),
        uncounted_reviews: entry.reviews.len(),
    }
}

fn page(walk: Walk, query: &ReviewQueueQuery) -> ReviewQueue {
    let Walk { mut items, is_complete, .. } = walk;
    let (total, overdue) = (items.len(), items.iter().filter(|item| item.is_overdue).count());
    items.sort_by_key(|item| item.place);
    items.retain(|item| query.after.is_none_or(|after| item.place > after));
    let is_more = items.len() > query.limit;
    items.truncate(query.limit);
    let next = items.last().map(|item| item.place).filter(|_| is_more);
    ReviewQueue { items, total, overdue, next, is_complete }
}
