//! Measures the stages of one call, each over many calls at once.

use std::time::Duration;

use domain::decide::calibration::WayOfWriting;
use domain::decide::catalogue::{Decision, Input, decide};
use domain::decide::context::Context;
use domain::policy::tags::plan;
use domain::record::blob::BlobObservation;
use domain::record::catalogue::{Entry, Lives};
use domain::record::effect::{EffectId, EffectOutcome, EffectResult};
use domain::record::tags::merge;
use functions::invocation::Invocation;
use futures_util::FutureExt;
use pipeline::ports::{BlobStore, Fault, Loaded};
use storage_events::{DecodedEvent, StorageEvent, decode};

use crate::report::median;
use crate::world::{BenchWorld, estate, rules};
use crate::{Measured, cpu};

/// Calls per stage: enough to measure, few enough for the processor's caches.
pub const CALLS: u32 = 250;

/// Cost of each stage for one call, in the order of the stages.
#[derive(Debug, Default, Clone)]
pub struct Stages(pub Vec<(&'static str, Duration)>);

impl Stages {
    /// Returns the median cost of each stage over several runs.
    pub fn median(runs: &[&Self]) -> Self {
        let names = runs.first().map(|run| run.0.as_slice()).unwrap_or_default();
        let of_stage = |at: usize| median(runs.iter().filter_map(|run| run.0.get(at)).map(|(_, cost)| *cost));
        Self(names.iter().enumerate().map(|(at, (name, _))| (*name, of_stage(at))).collect())
    }

    /// Measures the stages from a body to its event.
    pub fn read(&mut self, bodies: &[Vec<u8>]) -> Measured<Vec<StorageEvent<'static>>> {
        let invocations = self.each("open the invocation", bodies, |body| Ok(Invocation::open(body)?))?;
        let decoded = self.each("decode the event", &invocations, |opened| Ok(decode(opened.payload()).next()))?;
        let events = decoded.into_iter().map(|decoded| match decoded {
            Some(DecodedEvent::Blob(StorageEvent { id, address, blob_type, event, .. })) => {
                Ok(StorageEvent { id: id.into_owned().into(), address, blob_type, event, origin: Box::default() })
            }
            other => Err(format!("not the event of a blob: {other:?}").into()),
        });
        events.collect()
    }

    /// Measures the stages from an event to the updated catalogue.
    pub fn catalogue(&mut self, world: &BenchWorld, events: &[StorageEvent<'_>]) -> Measured<()> {
        let (catalogue, blobs, now) = (&world.ports.catalogue, &world.ports.blobs, world.ports.clock.now());
        let (estate, rules) = (estate("stbastionrec01")?, rules());
        let bastion = &estate.bastions.first().ok_or("an estate has a bastion")?.name;
        let writes = WayOfWriting::Live;
        let context = Context { now, rules: &rules, estate: &estate, bastion, writes, is_quiet: false };

        let loaded = self.each("load the lives", events, |event| at_once(catalogue.lives(&event.address)))?;
        let readings = self.each("look at the blob", events, |event| {
            Ok(at_once(blobs.properties(&event.address))?.map_or(BlobObservation::Gone, BlobObservation::Present))
        })?;
        let inputs = events.iter().zip(readings).zip(&loaded);
        let decided = self.each("decide", inputs, |((event, reading), loaded)| {
            let input = Input::new(Some(event.event.clone()), reading);
            match decide(&loaded.lives, &input, &context) {
                Decision::Changed(changed) => Ok(changed),
                Decision::Needs(needs) => Err(format!("a new recording needs nothing else read: {needs:?}").into()),
            }
        })?;
        let saves = loaded.iter().zip(&decided);
        let versions = self.each("save", saves, |(loaded, changed)| at_once(catalogue.save(loaded, changed)))?;
        let entries = decided.into_iter().flatten().collect::<Vec<Entry>>();
        let done = self.each("tag the blob", &entries, |entry| at_once(write_tags(blobs.as_ref(), entry)))?;
        let before = loaded.iter().zip(&entries).zip(versions).map(|((loaded, entry), version)| {
            let lives = Lives { address: entry.address.clone(), entries: vec![entry.clone()] };
            Loaded { lives, version: version.unwrap_or(loaded.version) }
        });
        let before = before.collect::<Vec<_>>();
        let completed = self.each("clear the effect", entries.into_iter().zip(done), |(mut entry, done)| {
            entry.complete(&EffectId::Tags, EffectResult::Done(done), now);
            Ok([entry])
        })?;
        self.each("save again", completed.iter().zip(&before), |(changed, before)| {
            at_once(catalogue.save(before, changed))?.ok_or_else(|| "a save was lost".into())
        })?;
        Ok(())
    }

    fn each<I, T>(
        &mut self,
        stage: &'static str,
        inputs: impl IntoIterator<Item = I>,
        work: impl FnMut(I) -> Measured<T>,
    ) -> Measured<Vec<T>> {
        let (cost, done) = cpu::measure(cpu::of_this_thread, || inputs.into_iter().map(work).collect());
        self.0.push((stage, cost / CALLS));
        done
    }
}

async fn write_tags(blobs: &dyn BlobStore, entry: &Entry) -> Result<EffectOutcome, Fault> {
    let etag = entry.life.observation.as_ref().map(|observation| observation.properties.etag.clone());
    let Some(etag) = etag else { return Ok(EffectOutcome::ContentGone) };
    let (plan, present) = (plan(entry), blobs.tags(&entry.address).await?.unwrap_or_default());
    let merged = merge(&present, &plan);
    blobs.replace_tags(&entry.address, &merged.tags, &etag, &present).await?;
    Ok(EffectOutcome::TagsWritten { etag, plan, tags: merged.tags, left_out: merged.left_out })
}

/// Polls a port call once; ports in memory never wait.
fn at_once<T>(call: impl Future<Output = Result<T, Fault>>) -> Measured<T> {
    Ok(call.now_or_never().ok_or("a port in memory waited")??)
}
