//! Measures calls with a trace collector that accepts connections and never answers, against the same calls without a
//! collector.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use functions::router::App;
use functions::serve::collect;
use telemetry::wanted;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{EnvFilter, fmt};
use wiring::settings::AppSettingNames;

use crate::handler::calls;
use crate::handler::load::{Connection, request};
use crate::handler::server::Server;
use crate::report::{Measurement, Round, Wanted};
use crate::world::Number;
use crate::{Effort, Measured};

/// Calls per round; enough to fill the span buffer within the first round.
const COUNT: usize = 1_000;

/// Measures sequential calls with and without the collector.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let rounds = effort.pick(5, 31);
    // Connections wait in the listener's queue and are never accepted.
    let hangs = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let url = format!("http://{}", hangs.local_addr()?);
    let (mut watched, mut alone) = (Side::start(rounds, Some(url))?, Side::start(rounds, None)?);
    let cost = Round::alternate(rounds, || watched.round(), || alone.round())?;
    let name = "catalogued event, memory, while a collector hangs";
    Ok(vec![Measurement::cost(name, &cost, COUNT, Wanted::AtMost(1.1))])
}

struct Side {
    connection: Connection,
    requests: std::vec::IntoIter<Vec<u8>>,
    _server: Server,
}

impl Side {
    fn start(rounds: usize, collector: Option<String>) -> Measured<Self> {
        let (app, bodies) = calls::app_and_new_recordings(Number::try_from((rounds + 1) * COUNT)?)?;
        let server = Server::start(|listener| serve(listener, app, collector))?;
        let mut requests = bodies.iter().map(|body| request(body)).collect::<Vec<_>>().into_iter();
        let first = requests.next().ok_or("no request")?;
        Ok(Self { connection: Connection::open(server.address, &first)?, requests, _server: server })
    }

    fn round(&mut self) -> Measured<Duration> {
        let (connection, requests) = (&mut self.connection, &mut self.requests);
        requests.take(COUNT).map(|request| connection.latency(&request)).sum()
    }
}

/// Installs a subscriber on the thread of either side, so that both have its cost.
async fn serve(listener: tokio::net::TcpListener, app: App, collector: Option<String>) -> Measured<()> {
    let set = collector.map(|url| ("OTEL_EXPORTER_OTLP_ENDPOINT".to_owned(), url));
    let (settings, _) = AppSettingNames::read(set.into_iter().collect());
    let collected = settings.collector.as_ref().map(collect).transpose()?;
    let (layer, _collection) = collected.unzip();
    let lines = fmt::layer().json().flatten_event(true).with_current_span(true).with_span_list(false);
    let lines = lines.with_writer(io::sink).with_filter(EnvFilter::new("info"));
    let layer = layer.map(|layer| layer.with_filter(filter_fn(wanted)));
    let _guard = tracing_subscriber::registry().with(lines).with(layer).set_default();
    Ok(calls::serve(listener, app).await?)
}
