//! Measures messages for Teams and Slack, and a channel next to one that does not answer.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use adapters_local::memory::{self, MemoryQueue};
use async_trait::async_trait;
use channels::webhook::SigningKey;
use channels::{slack, teams};
use domain::decide::context::Rules;
use domain::record::delivery::ChannelAnswer;
use domain::record::estate::Estate;
use domain::record::notification::{Event, Notification, NotificationFact};
use futures_util::{StreamExt, stream};
use jiff::SignedDuration;
use pipeline::body::body;
use pipeline::message::Attempt;
use pipeline::ports::{Channel, ChannelMessage, Clock, Queue, QueueName};
use pipeline::testing::TestClock;
use pipeline::{Archivist, ArchivistSettings, Ports};

use crate::report::{Measurement, Round, Wanted};
use crate::world::START;
use crate::{Effort, Measured, cpu};

const COUNT: usize = 1_000;
/// Concurrent messages of the host.
const AT_ONCE: usize = 24;
/// Maximum time per message in microseconds.
const MICROS: f64 = 20.0;
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// Time until the hanging channel's client gives up; far longer than all other deliveries take.
const HANGS: Duration = Duration::from_secs(2);

/// Measures the time per message, and a thousand deliveries next to a hanging channel.
pub fn figures(effort: Effort) -> Measured<Vec<Measurement>> {
    let body = body(&notification(0))?;
    let times = effort.pick(2_000, 20_000);
    let written = |write: &dyn Fn() -> Option<String>| {
        let (cost, ()) = cpu::measure(cpu::elapsed, || (0..times).for_each(|_| drop(black_box(write()))));
        cost.as_secs_f64() * 1e6 / f64::from(times)
    };
    let for_teams = written(&|| teams::preview(&body, None).ok());
    let for_slack = written(&|| slack::preview(&body, None).ok());
    let key = SigningKey::parse(SECRET)?;
    let signature = written(&|| Some(key.sign("ntf_507h7sfwqs0kbjad25wp4wz0gm", "1772442764", body.as_bytes())));
    let runtime = crate::runtime()?;
    let rounds = Round::alternate(
        effort.pick(5, 15),
        || runtime.block_on(thousand(Some(HANGS))),
        || runtime.block_on(thousand(None)),
    )?;
    Ok(vec![
        Measurement::count("µs for a Teams message", for_teams, MICROS, Wanted::AtMost(1.0)),
        Measurement::count("µs for a Slack message", for_slack, MICROS, Wanted::AtMost(1.0)),
        Measurement::count("µs for a webhook's signature", signature, MICROS, Wanted::AtMost(1.0)),
        Measurement::cost(
            "a notification beside a channel that hangs, beside one that takes",
            &rounds,
            COUNT,
            Wanted::AtMost(1.1),
        ),
    ])
}

/// A channel that accepts everything, either at once or never.
struct Takes {
    hangs: Option<Duration>,
}

#[async_trait]
#[expect(clippy::disallowed_methods, reason = "a channel that hangs does nothing else")]
impl Channel for Takes {
    async fn send(&self, _: &ChannelMessage<'_>) -> ChannelAnswer {
        let Some(hangs) = self.hangs else { return ChannelAnswer::Accepted };
        tokio::time::sleep(hangs).await;
        ChannelAnswer::TryLater { reason: "contextDeadlineExceeded".to_owned(), retry_after: None, overloaded: true }
    }
}

/// Returns the time until one of two channels has accepted all notifications, while the other one hangs if `hangs` is
/// set.
async fn thousand(hangs: Option<Duration>) -> Measured<Duration> {
    let clock: Arc<dyn Clock> = Arc::new(TestClock::at(START));
    let queue = Arc::new(MemoryQueue::new(Arc::clone(&clock)));
    let ports = Ports { queue: queue.clone(), ..memory::ports(clock) };
    let both: [(&str, Arc<dyn Channel>); 2] =
        [("hangs", Arc::new(Takes { hangs })), ("takes", Arc::new(Takes { hangs: None }))];
    let channels: BTreeMap<_, _> = both.into_iter().map(|(name, channel)| (name.to_owned(), channel)).collect();
    let archivist =
        Archivist::new(ports, ArchivistSettings { rules: Rules::default(), estate: Estate::default(), channels });
    for number in 0..COUNT {
        archivist.outbox.hand_over(&notification(number)).await?;
    }
    let messages = queue.receive(QueueName::Notifications, 2 * COUNT, SignedDuration::from_mins(5)).await?;
    let attempts = messages.iter().map(|message| Attempt::decode(message.body.as_bytes()));
    let attempts: Vec<Attempt> = attempts.collect::<Result<_, _>>()?;
    let begun = cpu::elapsed();
    let mut ends = stream::iter(&attempts)
        .map(|attempt| async { archivist.delivery.deliver(attempt).await.map(|_| attempt.channel == "takes") })
        .buffer_unordered(AT_ONCE);
    let mut taken = 0;
    while taken < COUNT {
        taken += usize::from(ends.next().await.ok_or("some were not accepted")??);
    }
    Ok(cpu::elapsed().saturating_sub(begun))
}

fn notification(number: usize) -> Notification {
    let event = Event::RecordingReady;
    Notification {
        subject: format!("vm-web-01_22_ssh_{number}"),
        facts: vec![
            NotificationFact::text("recording", "rec_01kjpx4h6mq5hk78pw6n85n875"),
            NotificationFact::text("bastion", "bas-hub-01"),
            NotificationFact::text("person", "ada@contoso.example"),
            NotificationFact::text("machine", "vm-web-01"),
            NotificationFact::text("started_at", START.to_string()),
            NotificationFact::number("session_duration_ms", 2_520_000),
            NotificationFact::number("size_bytes", 18_350_211),
            NotificationFact::text("class", "standard"),
            NotificationFact::text("delete_after", "2027-03-02"),
            NotificationFact::text("then", "delete"),
        ],
        link: Some("https://portal.azure.com/#resource/subscriptions/0/resourceGroups/rg".to_owned()),
        ..Notification::new("rec", event, &number.to_string(), START)
    }
}
