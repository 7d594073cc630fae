//! The pages of 40 bastions: the jobs of a reader, counted in clicks, and how the pages look.

mod world;

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::browser;
use world::FleetWorld;

/// Returns the problems that the browser finds on the pages of the fleet.
async fn checked(suite: &'static str, more: Value) -> String {
    let app = FleetWorld::build().await;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(axum::serve(listener, app.router()).into_future());
    let said = tokio::task::spawn_blocking(move || browser::check(suite, port, &more)).await.unwrap();
    serving.abort();
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn every_job_of_a_reader_takes_few_clicks() {
    assert_eq!(checked("jobs", json!({})).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_bastions_fit_on_a_screen() {
    assert_eq!(checked("fleet", json!({})).await, "");
}
