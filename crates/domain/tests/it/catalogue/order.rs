//! Tests that any order and duplication of events leads to the same lives.

use domain::record::blob::{BlobEvent, BlobObservation, ETag};
use domain::record::catalogue::{Entry, RecordingState};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::catalogue::world::{Name, at, deleted, there, tier_changed, written};

/// History of a blob name; each step takes at least one second.
#[derive(Debug, Clone)]
struct Story {
    /// Sizes written in each life; a life ends with a delete unless it is the last one.
    lives: Vec<Vec<u64>>,
    /// True if the last life is deleted too.
    ends_deleted: bool,
    /// True if the delete before the last life is lost.
    delete_lost: bool,
}

struct Happened {
    event: BlobEvent,
    heard: bool,
    then: BlobObservation,
}

impl Story {
    fn happens(&self) -> Vec<Happened> {
        let mut happened = Vec::new();
        let mut second = 0;
        for (at, sizes) in self.lives.iter().enumerate() {
            let last = at + 1 == self.lives.len();
            second += 10;
            let created = second;
            let mut modified = (created, 0);
            for size in sizes {
                modified = (second, *size);
                happened.push(Happened {
                    event: written(second, *size),
                    heard: true,
                    then: there(created, second, *size),
                });
                second += 1 + (*size as i64 % 3) * 400;
            }
            let then = there(created, modified.0, modified.1);
            happened.push(Happened { event: tier_changed(second), heard: true, then });
            second += 10;
            if !last || self.ends_deleted {
                let heard = !(self.delete_lost && at + 2 == self.lives.len());
                happened.push(Happened { event: deleted(second), heard, then: BlobObservation::Gone });
            }
        }
        happened
    }
}

fn story() -> impl Strategy<Value = Story> {
    let life = prop::collection::vec(0u64..100, 1..5);
    (prop::collection::vec(life, 1..4), any::<bool>(), any::<bool>()).prop_map(|(lives, ends_deleted, lost)| {
        // Only the blob reveals a lost delete, so the blob must exist.
        Story { lives, ends_deleted, delete_lost: lost && !ends_deleted }
    })
}

/// Facts that must not depend on the order. Facts that only the blob reveals count if it still exists.
#[derive(Debug, PartialEq)]
struct Seen {
    state: RecordingState,
    created_at: Option<Timestamp>,
    last_modified: Option<Timestamp>,
    size: Option<u64>,
    etag: Option<ETag>,
    deleted_at: Option<Timestamp>,
    rest: Option<(Option<Timestamp>, Option<Timestamp>, Option<String>)>,
}

fn seen(name: &Name) -> Vec<Seen> {
    let seen = |entry: &&Entry| Seen {
        state: entry.state,
        created_at: entry.created_at(),
        last_modified: entry.life.last_modified(),
        size: entry.life.size(),
        etag: entry.life.etag(),
        deleted_at: entry.life.deleted_at(),
        rest: matches!(entry.state, RecordingState::Active | RecordingState::Settled)
            .then(|| (entry.settled_at, entry.final_at, entry.life.tier().map(str::to_owned))),
    };
    name.chronological().iter().map(seen).collect()
}

fn in_order(story: &Story) -> Name {
    let mut name = Name::new();
    let happened = story.happens();
    for Happened { event, heard, then } in &happened {
        if *heard {
            name.hear(event.clone(), then.clone(), event.at);
        }
    }
    name.sweep_to_the_end(&happened.last().unwrap().then);
    name
}

proptest! {
    #[test]
    fn any_order_and_duplication_of_events_gives_the_same_lives(
        story in story(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        blind in prop::collection::vec(any::<bool>(), 64),
    ) {
        let happened = story.happens();
        let end = happened.last().unwrap();
        let heard: Vec<&BlobEvent> = happened.iter().filter(|it| it.heard).map(|it| &it.event).collect();
        let mut late = Name::new();
        // Some events at random with duplicates, then each one once more in shuffled order.
        let mut rest = heard.clone();
        for (turn, index) in order.iter().enumerate() {
            let event = if rest.is_empty() || turn % 3 == 0 { heard[index.index(heard.len())] } else { rest.remove(index.index(rest.len())) };
            let reading = if blind[turn] { BlobObservation::NotRead } else { end.then.clone() };
            late.hear(event.clone(), reading, end.event.at);
        }
        for event in rest {
            late.hear(event.clone(), end.then.clone(), end.event.at);
        }
        late.look(end.then.clone(), at(100_000));
        late.sweep_to_the_end(&end.then);
        let mut prompt = in_order(&story);
        prompt.look(end.then.clone(), at(100_000));
        prop_assert_eq!(seen(&late), seen(&prompt));
        prop_assert!(late.lives.entries.iter().all(|entry| entry.due_at().is_none()), "no work is left");
    }

    #[test]
    fn an_id_never_changes_and_is_never_given_twice(
        story in story(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..40),
    ) {
        let happened = story.happens();
        let end = happened.last().unwrap();
        let mut name = Name::new();
        let mut known = Vec::new();
        for index in order {
            let event = &happened[index.index(happened.len())].event;
            name.hear(event.clone(), end.then.clone(), end.event.at);
            let ids: Vec<_> = name.lives.entries.iter().map(|entry| entry.id).collect();
            prop_assert!(known.iter().all(|id| ids.contains(id)));
            prop_assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
            known = ids;
        }
    }
}
