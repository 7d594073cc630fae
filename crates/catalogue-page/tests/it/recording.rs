//! Tests of the recording page: match and evidence.

use catalogue_page::{Frame, PageClock, RecordingPage, html};
use domain::record::blob::{BlobEvent, Happening};
use domain::record::catalogue::{BlobEvents, Entry, JudgedTimes, Life, RecordingState};
use domain::record::estate::Estate;
use domain::record::join::{Match, MatchReasoning, Points, UndecidedReason};
use domain::record::sequencer::Sequencer;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::audit_log::UnreadTime;
use pipeline::query::RecordingAccesses;
use pipeline::testing::sample;
use pipeline::view::DetailView;

const USUAL: &str = "Created 9 s after the session began (usual that day: 1 s before to 23 s after, from 344 recordings that \
                     stand alone); ";

fn recording(verdict: Match, reasoning: MatchReasoning) -> Entry {
    let at = sample::second(0);
    let mut entry = sample::entry(&sample::address("vm-user"), at);
    entry.match_state.verdict = verdict;
    entry.match_state.reasoning = reasoning;
    entry.match_state.judged = Some(JudgedTimes { created_at: at, last_modified: at });
    entry
}

fn page(entry: &Entry) -> String {
    page_with(entry, &RecordingAccesses::default())
}

fn page_with(entry: &Entry, accesses: &RecordingAccesses) -> String {
    let frame = Frame::new(None, PageClock::new(Timestamp::UNIX_EPOCH, TimeZone::UTC), None);
    let estate = Estate { bastions: Vec::new() };
    let view = DetailView::from_entry(entry, &estate, Timestamp::UNIX_EPOCH).with_accesses(accesses);
    html(&RecordingPage::new(frame, entry, &view, None)).unwrap()
}

/// Returns the text between the first `from` and the next `to`.
fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split_once(from).unwrap().1.split_once(to).unwrap().0
}

fn ambiguous(tunnels: &[&str], person: Option<&str>) -> Match {
    sample::ambiguous(tunnels.iter().map(|tunnel| sample::facts(tunnel, sample::second(0))).collect(), person)
}

fn reasoning(reason: UndecidedReason) -> MatchReasoning {
    MatchReasoning {
        lead: Some(Points::whole(12)),
        needed: Some(Points::whole(40)),
        ..MatchReasoning::of_reason(reason)
    }
}

#[test]
fn a_match_is_explained_with_its_lead() {
    let reasoning = MatchReasoning { next_off: Some(-148_000), ..MatchReasoning::default() };
    let page = page(&recording(sample::matched(sample::facts("5e55-01", sample::second(0))), reasoning));
    let explained = between(&page, "<p class=\"explained\">", "</p>");
    assert_eq!(
        explained,
        format!("{USUAL}last written 4 s after it ended; the next candidate is 148 s off; lead 61, needed 30.")
    );
    let score = between(&page, "<p class=\"score\">", "</p>");
    assert!(score.contains("Lead 61, needed 30 <meter min=\"0\" max=\"100\" low=\"30\" value=\"61\">"), "{score}");
    assert!(!page.contains("of 100") && !page.contains("not certain"), "{page}");
}

#[test]
fn the_first_of_several_candidates_is_likely_and_not_certain() {
    let page = page(&recording(ambiguous(&["5e55-01", "5e55-02"], None), reasoning(UndecidedReason::RivalSession)));
    assert_eq!(
        between(&page, "<h2 id=\"who\">Who</h2>\n<p class=\"lead\">", "</p>"),
        "It may be one of these sessions, and it is not certain which: another session is nearly as likely; lead 12, needed \
         40. No person is named on a guess."
    );
    let first = between(&page, "<article", "</article>");
    assert!(first.contains("5e55-01") && first.contains(">likely, not certain</span>"), "{first}");
    assert!(first.contains(&format!("{USUAL}the audit log does not say when it ended; 61 points ahead")), "{first}");
    let second = between(&page, "5e55-02", "</article>");
    assert!(second.contains(">possible</span>"), "{second}");
    assert!(!page.contains("<meter"), "the lead of a candidate is none over its rivals: {page}");
}

#[test]
fn a_single_candidate_is_described_in_the_singular() {
    let page = page(&recording(ambiguous(&["5e55-01"], None), reasoning(UndecidedReason::Unlogged)));
    assert_eq!(
        between(&page, "<h2 id=\"who\">Who</h2>\n<p class=\"lead\">", "</p>"),
        "One session may be on it, and it is not certain: a session that the audit log lacks is nearly as likely; lead 12, \
         needed 40. No person is named on a guess."
    );
}

#[test]
fn a_person_common_to_all_candidates_is_named_without_a_session() {
    let verdict = ambiguous(&["5e55-01", "5e55-02"], Some("<b>ann"));
    let page = page(&recording(verdict, reasoning(UndecidedReason::RivalSession)));
    let who = between(&page, "<h2 id=\"who\">Who</h2>\n<p class=\"lead\">", "</p>");
    assert!(who.starts_with("&#60;b&#62;ann is on it: all sessions that fit are of the same person."), "{who}");
    assert!(who.ends_with("is not certain: another session is nearly as likely; lead 12, needed 40."), "{who}");
}

#[test]
fn a_pending_recording_shows_the_reason_for_waiting() {
    let told = page(&recording(Match::Pending, MatchReasoning::of_reason(UndecidedReason::NotRead)));
    let waits = "Not known yet: no person is named while the evidence can still change. ";
    assert!(
        told.contains(&format!("{waits}The audit log has not been read far enough beyond the recording")),
        "{told}"
    );
    let mut active = recording(Match::Pending, MatchReasoning::default());
    active.match_state.judged = None;
    let told = page(&active);
    assert!(told.contains(&format!("{waits}The recording may be unfinished.")), "{told}");
}

#[test]
fn a_recording_deleted_by_somebody_else_says_so_first() {
    let mut entry = recording(Match::Pending, MatchReasoning::default());
    let place = "archivist hold place --case CASE --reason TEXT --recording rec_";
    assert!(!page(&entry).contains("class=\"notice") && page(&entry).contains(place));
    entry.state = RecordingState::Deleted;
    entry.custody.tombstone = None;
    entry.custody.missing_since = None;
    entry.life = Life { blob_events: BlobEvents::new(vec![deleted(sample::second(9))], None), observation: None };
    let shown = page(&entry);
    assert!(shown.contains("<p class=\"notice critical\">Somebody else deleted this recording."), "{shown}");
    assert!(!shown.contains(place), "{shown}");
    assert!(!shown.contains("It is kept") && !shown.contains("Until then it is kept"), "{shown}");
}

#[test]
fn accesses_that_were_not_read_are_unknown_and_not_none() {
    let entry = recording(Match::Pending, MatchReasoning::default());
    let shown = |accesses: &RecordingAccesses| {
        let page = page_with(&entry, accesses);
        between(&page, "<h2 id=\"accesses\">Accesses</h2>", "</section>").to_owned()
    };
    let without_log = shown(&RecordingAccesses::default());
    assert!(without_log.contains("Not known: no access log is configured") && !without_log.contains("none"));

    let unread = UnreadTime { from: None, to: sample::second(0) };
    let mut accesses = RecordingAccesses { is_logged: true, unread: vec![unread], ..RecordingAccesses::default() };
    let partly = shown(&accesses);
    assert!(
        partly.contains("Not known from the begin to ") && partly.contains("no log of reads was read."),
        "{partly}"
    );
    accesses.unread = Vec::new();
    accesses.folded = 2;
    let counted = shown(&accesses);
    assert!(
        counted.contains("The logs that were read show none.") && counted.contains("2 older half hours"),
        "{counted}"
    );
}

fn deleted(at: Timestamp) -> BlobEvent {
    BlobEvent { sequencer: Sequencer::parse("1").unwrap(), at, what: Happening::deleted() }
}
