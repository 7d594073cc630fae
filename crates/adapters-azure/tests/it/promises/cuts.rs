//! Cuts the connection of any call, so the adapters meet the transport's own error.

use futures_util::{StreamExt, stream};

use crate::promises::proxy::{Cut, Proxy};
use crate::promises::run::Run;
use crate::promises::runs::Undisturbed;
use crate::promises::scenarios::Scenario;

/// Concurrent runs.
const AT_ONCE: usize = 8;

/// When the call is cut, and true if the SDK retries it; used in turn from call to call.
const CUTS: [(Cut, bool); 4] = [(Cut::Before, false), (Cut::After, true), (Cut::After, false), (Cut::Before, true)];

async fn holds(undisturbed: &Undisturbed, at: usize, cut: Cut, retries: bool) {
    let account = undisturbed.account();
    let proxy = Proxy::before(&account, at, cut).await;
    let run = Run { retries, ..Run::UNDISTURBED };
    let world = undisturbed.world_behind(&account, &proxy.account, &run).await;
    undisturbed.scenario.play(&world).await;
    assert!(proxy.requests() >= at, "every call goes through the proxy");
    let met = world.mishaps.labels().swap_remove(at - 1);
    // Without retries, the receiver may have accepted a notification whose save then failed.
    let may_repeat = usize::from(!retries && (met.contains("'forgotten'") || met.contains(" notifications(")));
    let what = format!("{:?}: {met}, call {at} cut {cut:?}, retries: {retries}", undisturbed.scenario);
    undisturbed.comes_to_the_same(&world, may_repeat, &what).await;
}

#[tokio::test]
async fn a_new_recording_survives_a_cut_connection_of_any_call() {
    let undisturbed = &Undisturbed::play(Scenario::NewRecording).await;
    let runs = (1..=undisturbed.calls.len()).map(|at| (at, CUTS[at % CUTS.len()]));
    let runs = stream::iter(runs).map(|(at, (cut, retries))| holds(undisturbed, at, cut, retries));
    runs.buffer_unordered(AT_ONCE).collect::<()>().await;
}
