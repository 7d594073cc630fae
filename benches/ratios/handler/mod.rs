//! Measures the handler over HTTP, against a bare hyper server with the same requests.

mod baseline;
pub mod calls;
pub mod load;
pub mod server;
mod split;
mod stages;

use std::time::Duration;

use load::{Connection, request, send_all};
use server::Server;

use crate::report::{Measurement, Round, Wanted, median};
use crate::{Effort, Measured};

/// Concurrent requests, unless a figure uses one connection.
const CONNECTIONS: usize = 16;

/// Measures CPU and latency of an ignored event, and the CPU of a catalogued one by stage.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    calls::logs_to_nowhere()?;
    let mut figures = ignored(effort)?;
    figures.extend(catalogued(effort)?);
    Ok(figures)
}

fn ignored(effort: Effort) -> Measured<Vec<Measurement>> {
    let (rounds, count) = (effort.pick(15, 101), 1_000);
    let app = calls::app_of_another_account()?;
    let ours = Server::start(|listener| calls::serve(listener, app))?;
    let (hyper, axum) = (Server::start(baseline::hyper)?, Server::start(baseline::axum)?);
    let request = request(calls::BODY);
    let requests = || std::iter::repeat_n(request.as_slice(), count);

    let [mut to_ours, mut to_hyper] = [connect(&ours, &request)?, connect(&hyper, &request)?];
    let mut baseline = || server_cpu(&hyper, &mut to_hyper, requests());
    let cost = Round::alternate(rounds, || server_cpu(&ours, &mut to_ours, requests()), &mut baseline)?;
    let mut to_axum = connect(&axum, &request)?;
    let framework = Round::alternate(rounds, || server_cpu(&axum, &mut to_axum, requests()), baseline)?;
    let latency = (0..rounds).map(|_| p99(&mut to_ours[0], &mut to_hyper[0], &request, count));
    let latency = latency.collect::<Measured<Vec<_>>>()?;

    let total = median(cost.iter().map(|round| round.ours)) / u32::try_from(count)?;
    let mut figures = vec![
        Measurement::cost("ignored event, p99 at one connection", &latency, 1, Wanted::AtMost(1.3)),
        Measurement::cost("axum with the baseline's work, CPU per request", &framework, count, Wanted::Nothing),
        Measurement::cost("ignored event, CPU per request", &cost, count, Wanted::AtMost(1.6)),
    ];
    figures.extend(split::ignored(total, effort)?);
    Ok(figures)
}

fn catalogued(effort: Effort) -> Measured<Vec<Measurement>> {
    let (rounds, count) = (effort.pick(3, 9), effort.pick(1_000, 4_000));
    let costs = (0..rounds).map(|_| {
        let (app, bodies) = calls::app_and_new_recordings(count)?;
        let requests: Vec<_> = bodies.iter().map(|body| request(body)).collect();
        let server = Server::start(|listener| calls::serve(listener, app))?;
        // The first requests open the connections and are not measured.
        let (first, measured) = requests.split_at(CONNECTIONS);
        let mut connections =
            first.iter().map(|request| Connection::open(server.address, request)).collect::<Measured<Vec<_>>>()?;
        let cost = server_cpu(&server, &mut connections, measured.iter().map(Vec::as_slice))?;
        Ok(cost / u32::try_from(measured.len())?)
    });
    let total = median(costs.collect::<Measured<Vec<_>>>()?.into_iter());
    let mut figures = vec![Measurement::shown("catalogued event, memory, CPU per request", total)];
    figures.extend(split::catalogued(total, effort)?);
    Ok(figures)
}

fn connect(server: &Server, request: &[u8]) -> Measured<Vec<Connection>> {
    (0..CONNECTIONS).map(|_| Connection::open(server.address, request)).collect()
}

fn server_cpu<'a>(
    server: &Server,
    connections: &mut [Connection],
    requests: impl Iterator<Item = &'a [u8]>,
) -> Measured<Duration> {
    let before = server.cpu()?;
    send_all(connections, requests)?;
    Ok(server.cpu()?.saturating_sub(before))
}

/// Measures the 99th percentile of both sides. Requests alternate, so that a pause of the machine affects both.
fn p99(ours: &mut Connection, baseline: &mut Connection, request: &[u8], count: usize) -> Measured<Round> {
    let (mut to_ours, mut to_baseline) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for _ in 0..count {
        to_ours.push(ours.latency(request)?);
        to_baseline.push(baseline.latency(request)?);
    }
    let [ours, baseline] = [to_ours, to_baseline].map(|mut latencies| {
        latencies.sort_unstable();
        latencies.get(count * 99 / 100).copied().unwrap_or_default()
    });
    Ok(Round { ours, baseline })
}
