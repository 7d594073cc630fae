//! Splits the CPU of a request by layer: repeats the same work without sockets, from the outermost layer inwards.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Request;
use functions::invocation::{Call, Deadline};
use functions::recording_landed;
use functions::router::{App, router};
use tokio::runtime::Runtime;
use tower::Service;

use super::calls;
use super::stages::{CALLS, Stages};
use crate::report::{Measurement, median};
use crate::world::BenchWorld;
use crate::{Effort, Measured, cpu};

/// Cost of one call by layer.
struct Run {
    /// Cost including the router.
    routed: Duration,
    /// Cost including the function.
    function: Duration,
    /// Cost of the stages inside the function.
    stages: Stages,
}

/// Splits the cost of an ignored event.
pub fn ignored(total: Duration, effort: Effort) -> Measured<Vec<Measurement>> {
    let runtime = crate::runtime()?;
    let bodies = vec![calls::BODY.to_vec(); CALLS as usize];
    let app = calls::app_of_another_account()?;
    split(total, effort, || {
        let mut stages = Stages::default();
        stages.read(&bodies)?;
        Ok(Run { routed: routed(&runtime, &app, &bodies)?, function: function(&runtime, &app, &bodies), stages })
    })
}

/// Splits the cost of a catalogued event.
pub fn catalogued(total: Duration, effort: Effort) -> Measured<Vec<Measurement>> {
    let runtime = crate::runtime()?;
    split(total, effort, || {
        let (app, bodies) = calls::app_and_new_recordings(CALLS)?;
        let routed = routed(&runtime, &app, &bodies)?;
        let (app, bodies) = calls::app_and_new_recordings(CALLS)?;
        let function = function(&runtime, &app, &bodies);
        let (world, mut stages) = (BenchWorld::in_memory()?, Stages::default());
        let bodies = calls::new_recordings(&world, CALLS)?;
        let events = stages.read(&bodies)?;
        stages.catalogue(&world, &events)?;
        Ok(Run { routed, function, stages })
    })
}

fn split(total: Duration, effort: Effort, mut run: impl FnMut() -> Measured<Run>) -> Measured<Vec<Measurement>> {
    let runs = (0..effort.pick(5, 41)).map(|_| run()).collect::<Measured<Vec<_>>>()?;
    let routed = median(runs.iter().map(|run| run.routed));
    let function = median(runs.iter().map(|run| run.function));
    let stages = Stages::median(&runs.iter().map(|run| &run.stages).collect::<Vec<_>>());
    let known: Duration = stages.0.iter().map(|(_, cost)| *cost).sum();
    let mut lines = vec![
        ("HTTP and sockets", total.saturating_sub(routed)),
        ("route, limits, span, answer", routed.saturating_sub(function)),
    ];
    lines.extend(stages.0);
    lines.push(("addresses, counters, log line", function.saturating_sub(known)));
    Ok(lines.into_iter().map(|(name, cost)| Measurement::shown(format!("  {name}"), cost)).collect())
}

fn routed(runtime: &Runtime, app: &App, bodies: &[Vec<u8>]) -> Measured<Duration> {
    let request = |body: &Vec<u8>| {
        let request = Request::post("/recording_landed").header("content-type", "application/json; charset=utf-8");
        let request = request.header("x-azure-functions-invocationid", "3f0a9c51-7c1e-4d8c-9a53-0f4f6f1f2b6e");
        request.body(Body::from(Bytes::from(body.clone())))
    };
    let requests = bodies.iter().map(request).collect::<Result<Vec<_>, _>>()?;
    let mut router = router(app.clone());
    let call_all = async {
        let mut answered = 0;
        for request in requests {
            let Ok(answer) = Service::<Request<Body>>::call(&mut router, request).await;
            answered += usize::from(answer.status().is_success());
        }
        answered
    };
    let (cost, answered) = cpu::measure(cpu::of_this_thread, || runtime.block_on(call_all));
    if answered == bodies.len() {
        Ok(cost / CALLS)
    } else {
        Err("a call failed".into())
    }
}

fn function(runtime: &Runtime, app: &App, bodies: &[Vec<u8>]) -> Duration {
    let calls: Vec<_> = bodies
        .iter()
        .map(|body| Call { body: Bytes::from(body.clone()), deadline: Deadline::of_a_call("recording_landed") })
        .collect();
    let call_all = async {
        for call in calls {
            let archivist = app.live.archivist().await;
            recording_landed::run(&archivist, &app.counts, call).await;
        }
    };
    cpu::measure(cpu::of_this_thread, || runtime.block_on(call_all)).0 / CALLS
}
