//! Any order, repetition and crash leads to the same catalogue and the same tags.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use domain::record::notification::Event;
use pipeline::ports::FaultKind;
use pipeline::testing::{Death, Gate};
use pipeline::{Ignored, Outcome};
use proptest::prelude::*;

use crate::promises::host::{Work, perform};
use crate::promises::outcome::{catalogue, entries, tags};
use crate::promises::storage::Raised;
use crate::promises::story::{Story, What, story};
use crate::promises::world::World;
use pipeline::testing::schedule::{Task, Turns, interleaved, now, turns};

/// One delivery of an event.
#[derive(Clone)]
struct Copy {
    /// Index of the step that raised the event.
    event: usize,
    /// Delay in steps; the last step of the story is the latest.
    lag: usize,
    /// Order among the deliveries after the same step.
    place: u8,
    fate: Fate,
}

#[derive(Debug, Clone, Copy)]
enum Fate {
    Healthy,
    /// The blob cannot be read.
    Blind,
    /// The process dies; the platform delivers again after the next step.
    Dies(Death),
}

/// One line, so a shrunk case is readable.
impl fmt::Debug for Copy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "of step {}, {} late, place {}, {:?}", self.event, self.lag, self.place, self.fate)
    }
}

/// Deliveries of all events.
#[derive(Debug, Clone)]
struct Mail {
    /// One delivery of every event, in the order of the story.
    firsts: Vec<Copy>,
    doubles: Vec<Copy>,
    /// Additional sweeps: the step before, and the fate.
    sweeps: Vec<(usize, Fate)>,
    /// Number of concurrent handlers.
    at_once: usize,
    turns: Turns,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        5 => Just(Fate::Healthy),
        1 => Just(Fate::Blind),
        1 => (1usize..12).prop_map(|n| Fate::Dies(Death::Before(n))),
        1 => (1usize..12).prop_map(|n| Fate::Dies(Death::After(n))),
    ]
}

fn copy(event: impl Strategy<Value = usize>) -> impl Strategy<Value = Copy> {
    (event, 0..STEPS, any::<u8>(), fate()).prop_map(|(event, lag, place, fate)| Copy { event, lag, place, fate })
}

fn mail() -> impl Strategy<Value = Mail> {
    let firsts: Vec<_> = (0..STEPS).map(|event| copy(Just(event))).collect();
    let doubles = prop::collection::vec(copy(0..STEPS), 0..4);
    let sweeps = prop::collection::vec((0..STEPS, fate()), 0..4);
    (firsts, doubles, sweeps, 1usize..4, turns()).prop_map(|(firsts, doubles, sweeps, at_once, turns)| Mail {
        firsts,
        doubles,
        sweeps,
        at_once,
        turns,
    })
}

impl Mail {
    /// Deliveries after `step`, in order; the story has `steps` steps.
    fn after_step(&self, step: usize, steps: usize) -> Vec<&Copy> {
        let all = self.firsts.iter().chain(&self.doubles).filter(|copy| copy.event < steps);
        let mut coming: Vec<&Copy> = all.filter(|copy| (copy.event + copy.lag).min(steps - 1) == step).collect();
        coming.sort_by_key(|copy| copy.place);
        coming
    }
}

fn promptly(story: &Story) -> World {
    let world = World::new();
    story.play(&world, |_, raised| {
        if let Some(raised) = raised {
            world.does(&Work::Event(raised));
        }
    });
    world.run_to_the_end();
    world
}

fn by_mail(story: &Story, mail: &Mail) -> World {
    let world = World::new();
    let mut raised: Vec<Option<Raised>> = Vec::new();
    let mut again: Vec<Work> = Vec::new();
    story.play(&world, |step, event| {
        raised.push(event);
        let mut coming: Vec<(Work, Fate)> = again.drain(..).map(|work| (work, Fate::Healthy)).collect();
        let copies = mail.after_step(step, story.0.len()).into_iter();
        coming.extend(copies.filter_map(|copy| Some((Work::Event(raised[copy.event].clone()?), copy.fate))));
        let sweeps = mail.sweeps.iter().filter(|(after, _)| *after == step);
        coming.extend(sweeps.map(|(_, fate)| (Work::Sweep, *fate)));
        again = deliver(&world, &coming, mail);
    });
    again.iter().for_each(|work| world.does(work));
    world.run_to_the_end();
    world
}

/// Delivers the work; returns the pieces to deliver again.
fn deliver(world: &World, coming: &[(Work, Fate)], mail: &Mail) -> Vec<Work> {
    let mut again = Vec::new();
    for group in coming.chunks(mail.at_once) {
        let tasks = group.iter().map(|(work, fate)| {
            let archivist = world.archivist_behind(&Arc::new(gate(*fate)));
            let task: Task<'_, _> = Box::pin(async move { perform(&archivist, work).await.is_ok() });
            task
        });
        let taken = interleaved(tasks.collect(), &mail.turns);
        // A process that died after its save seems to have taken the event, but the platform does not know that.
        let lost = group.iter().zip(taken).filter(|((_, fate), taken)| !taken || matches!(fate, Fate::Dies(_)));
        again.extend(lost.map(|((work, _), _)| work.clone()));
    }
    again
}

fn gate(fate: Fate) -> Gate {
    match fate {
        Fate::Healthy => Gate::open().yielding(),
        Fate::Blind => {
            let gate = Gate::open().yielding();
            gate.fail("blobs.properties", FaultKind::Transient { retry_after: None });
            gate
        }
        Fate::Dies(death) => Gate::deadly(death).yielding(),
    }
}

/// Subject and time of every notified unexpected deletion.
fn deletes_told(world: &World) -> BTreeSet<(String, String)> {
    let deleted = world.receiver.accepted().into_iter().filter(|it| it.event == Event::RecordingDeletedUnexpectedly);
    let told = deleted.map(|received| {
        let body: serde_json::Value = serde_json::from_str(&received.body).unwrap();
        (body["data"]["subject"].as_str().unwrap().to_owned(), body["timestamp"].as_str().unwrap().to_owned())
    });
    told.collect()
}

const STEPS: usize = 9;
/// In seconds.
const A_DAY: i64 = 24 * 3600;

proptest! {
    #[test]
    fn any_order_and_crash_gives_the_same_entries_and_tags(
        story in story(2, STEPS),
        mail in mail(),
    ) {
        let (prompt, late) = (promptly(&story), by_mail(&story, &mail));
        prop_assert_eq!(catalogue(&late), catalogue(&prompt));
        prop_assert_eq!(tags(&late), tags(&prompt));
        prop_assert!(entries(&late).iter().all(|entry| entry.pending.is_empty()));
    }

    #[test]
    fn repeated_events_at_the_end_change_no_state(story in story(1, STEPS), mail in mail()) {
        let world = by_mail(&story, &mail);
        let before = entries(&world);
        let mut raised = Vec::new();
        story.play(&World::new(), |_, event| raised.extend(event));
        for Raised { address, event } in raised {
            let outcome = now(world.archivist().recordings.ingest(&address, &event)).unwrap();
            prop_assert_eq!(outcome, Outcome::Ignored(Ignored::AlreadyKnown), "{:?}", event);
        }
        prop_assert_eq!(entries(&world), before);
    }

    #[test]
    fn every_received_delete_is_notified(story in story(2, STEPS), mail in mail()) {
        let heard = story.0.iter().filter(|step| step.what == What::Delete && step.heard).count();
        // A blob gone for a day without an event counts as deleted if a check sees it, and is notified as well.
        let lasts = |from: usize| story.0[from + 1..].iter().map(|step| step.after).sum::<i64>();
        let unheard = story.0.iter().enumerate().filter(|(_, step)| step.what == What::Delete && !step.heard);
        let given_up = unheard.filter(|(at, _)| lasts(*at) >= A_DAY).count();
        let told = deletes_told(&by_mail(&story, &mail)).len();
        prop_assert!((heard..=heard + given_up).contains(&told), "{told} sent, {heard} received");
    }
}
