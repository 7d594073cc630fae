//! Replays of quarantined pieces of a log of accesses.

use async_trait::async_trait;
use domain::record::notification::Event;
use jiff::SignedDuration;
use pipeline::Archivist;
use pipeline::ports::Fault;
use pipeline::replay::{InputSummary, Intake, Letter, Replay, ReplayOutcome, ReplayResult, ReplaySelection};
use pipeline::testing::schedule::now;

use super::estate::{NAME, Request, Who, world};
use crate::promises::outcome::quarantined;
use crate::promises::world::World;

const ADA: Who = Who::Person("ada@contoso.example");

/// Takes pieces of logs, and nothing else.
struct Pieces(Archivist);

#[async_trait]
impl Intake for Pieces {
    fn look(&self, _: &str, _: &[u8]) -> Vec<InputSummary> {
        vec![InputSummary::default()]
    }

    fn letters<'a>(&self, _: &'a [u8]) -> Vec<Letter<'a>> {
        Vec::new()
    }

    async fn take(&self, origin: &str, raw: &[u8]) -> Result<ReplayResult, Fault> {
        assert_eq!(origin, "audit_log_tail");
        self.0.audit_log.replay_piece(raw).await
    }

    async fn take_letter(&self, _: &[u8]) -> Result<ReplayResult, Fault> {
        Ok(ReplayResult::Refused("no letters here".to_owned()))
    }
}

fn replay(world: &World) -> Vec<ReplayOutcome> {
    let (archivist, intake) = (world.archivist(), Pieces(world.archivist()));
    let wanted = ReplaySelection { since: None, until: None, kind: None, name: None, limit: usize::MAX };
    let watch = &mut |_: &_| ();
    let mut run = Replay::dry(&archivist.replay, &intake, &wanted, watch).applied();
    now(run.quarantine()).unwrap();
    run.end().items.into_iter().map(|item| item.outcome).collect()
}

fn requests(world: &World) -> Vec<Request> {
    let at = world.now();
    let minutes = |id: u32| at + SignedDuration::from_mins(i64::from(id));
    let mut requests: Vec<Request> = (1..4).map(|id| Request::new(id, minutes(id), ADA, "GetBlob")).collect();
    requests.push(Request::new(4, minutes(4), Who::Signature("s"), "GetBlob"));
    requests
}

fn outcome(world: &World) -> (String, usize) {
    world.reads_for(60);
    (format!("{:?}", world.accesses_of(&world.entry_of(NAME))), world.told_of(Event::RecordingViewed).len())
}

fn recorded() -> World {
    let world = world();
    world.recorded(NAME);
    world.pass_time(SignedDuration::from_mins(1));
    world
}

#[test]
fn a_quarantined_piece_of_accesses_is_applied_once_it_can_be() {
    let undisturbed = recorded();
    undisturbed.appends_requests(&requests(&undisturbed));
    let expected = outcome(&undisturbed);
    assert_eq!(expected.1, 2);

    let mut world = recorded();
    let requests = requests(&world);
    let piece: String = requests.iter().map(Request::line).collect();
    let quarantine = |world: &World| {
        now(world.archivist().quarantined.quarantine(piece.as_bytes(), "not JSON", "audit_log_tail")).unwrap();
    };
    quarantine(&world);
    let access_logs = world.estate.bastions[0].access_logs.take();
    let fates = replay(&world);
    assert!(matches!(&fates[..], [ReplayOutcome::Refused(why)] if why.contains("access_logs")), "{fates:?}");
    assert_eq!(quarantined(&world).len(), 1);

    world.estate.bastions[0].access_logs = access_logs;
    // Half of the piece is in the log as well.
    world.logs_requests(&requests[..2]);
    assert_eq!(replay(&world), [ReplayOutcome::Applied]);
    assert_eq!((quarantined(&world).len(), replay(&world).len()), (0, 0));
    quarantine(&world);
    assert_eq!(replay(&world), [ReplayOutcome::Ignored("already_known")]);
    assert_eq!(outcome(&world), expected);
}

#[test]
fn an_incomplete_piece_of_accesses_stays_and_its_whole_lines_are_applied() {
    let world = recorded();
    let lines = requests(&world).iter().map(Request::line).collect::<String>();
    let take = |piece: &str| now(world.archivist().audit_log.replay_piece(piece.as_bytes())).unwrap();
    let cut = take(&lines[..lines.len() - 20]);
    assert!(matches!(cut, ReplayResult::Refused(_)), "{cut:?}");
    let accesses = |world: &World| world.accesses_of(&world.entry_of(NAME)).accesses.len();
    assert_eq!(accesses(&world), 1, "the viewing of three whole lines");
    assert_eq!((take(&lines), accesses(&world)), (ReplayResult::Applied, 2));
}

#[test]
fn a_piece_about_other_containers_of_the_account_is_ignored() {
    let world = recorded();
    let other = requests(&world)[0].line().replace("/recordings/", "/backups/");
    let elsewhere = requests(&world)[0].line().replace("stbastionrec01", "stother");
    let take = |piece: &str| now(world.archivist().audit_log.replay_piece(piece.as_bytes())).unwrap();
    assert_eq!(take(&other), ReplayResult::Ignored("already_known"));
    assert!(matches!(take(&elsewhere), ReplayResult::Refused(_)));
}
