//! Converts routes and rate limits of the section `notifications`.

use domain::policy::matcher::{Condition, Test};
use domain::policy::route::{Digest, NotificationRoute, Quota, Routing};
use domain::record::notification::{Event, Severity};
use jiff::SignedDuration;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use serde::de::Error as _;

use crate::document::{ChannelDocument, DigestDocument, NotificationsDocument, RateLimitDocument, RouteDocument};
use crate::fault::TextProblem;
use crate::{texts, when};

/// Default rate limit of a chat: people read no more, and chat services throttle more than this.
const CHAT: Quota = Quota { messages: 20, per: SignedDuration::from_mins(10) };
/// Time of day at which a chat gets the digest of a configuration without routes.
const DIGEST_AT: Time = Time::constant(8, 0, 0, 0);

/// Converts routes and rate limits. Dates and times of day are in `zone`.
pub fn meaning(document: &NotificationsDocument, zone: &TimeZone) -> Result<Routing, serde_json::Error> {
    read(document, zone).map_err(|fault| serde_json::Error::custom(fault.what))
}

fn read(document: &NotificationsDocument, zone: &TimeZone) -> Result<Routing, TextProblem> {
    let is_usual = document.routes.is_empty();
    let routes = if is_usual {
        usual_routes(document, zone)
    } else {
        document.routes.iter().map(|written| route(written, zone)).collect::<Result<_, _>>()?
    };
    let quotas = document.channels.iter().filter_map(|(name, channel)| {
        let quota = quota(channel).transpose()?;
        Some(quota.map(|quota| (name.clone(), quota)))
    });
    Ok(Routing { routes, is_usual, quotas: quotas.collect::<Result<_, _>>()? })
}

/// Returns the routes of a configuration without routes: programs get every event at once; chats get warnings and
/// criticals at once, and everything else once a day.
fn usual_routes(document: &NotificationsDocument, zone: &TimeZone) -> Vec<NotificationRoute> {
    let is_chat =
        |channel: &ChannelDocument| matches!(channel, ChannelDocument::Teams { .. } | ChannelDocument::Slack { .. });
    let named = |wanted: bool| -> Vec<String> {
        let channels = document.channels.iter().filter(|(_, channel)| is_chat(channel) == wanted);
        channels.map(|(name, _)| name.clone()).collect()
    };
    let everything = Condition::All(Vec::new());
    // The start of a recording must be named. It is only announced on this machine, unless a configured route names it.
    let with_starts =
        Condition::Any(vec![Condition::Is(Test::Event(vec![Event::RecordingStarted])), everything.clone()]);
    let troubles = Condition::Is(Test::Severity(vec![Severity::Warning, Severity::Critical]));
    let route = |name: &str, when, channels, digest| NotificationRoute {
        name: name.to_owned(),
        when,
        channels,
        goes_on: true,
        muted_until: None,
        digest,
    };
    let daily = Digest::Daily(DIGEST_AT, zone.clone());
    let routes = [
        route("every event", with_starts, named(false), None),
        NotificationRoute { goes_on: false, ..route("troubles", troubles, named(true), None) },
        route("daily digest", everything, named(true), Some(daily)),
    ];
    routes.into_iter().filter(|route| !route.channels.is_empty()).collect()
}

fn route(written: &RouteDocument, zone: &TimeZone) -> Result<NotificationRoute, TextProblem> {
    let everything = Condition::All(Vec::new());
    Ok(NotificationRoute {
        name: written.name.clone(),
        when: written.when.as_ref().map_or(Ok(everything), |when| when::condition(when, zone))?,
        channels: written.channels.clone(),
        goes_on: written.goes_on,
        muted_until: written.mute_until.as_ref().map(|text| texts::date_or_time(text, zone)).transpose()?,
        digest: written.digest.as_ref().map(|digest| digest_of(digest, zone)).transpose()?,
    })
}

fn digest_of(written: &DigestDocument, zone: &TimeZone) -> Result<Digest, TextProblem> {
    match (&written.every, &written.daily_at) {
        (Some(every), None) => texts::duration(every).map(Digest::Every),
        (None, Some(time)) => Ok(Digest::Daily(texts::time_of_day(time)?, zone.clone())),
        _ => Err(TextProblem::new("needs one of every and daily_at", "write one of the two")),
    }
}

fn quota(channel: &ChannelDocument) -> Result<Option<Quota>, TextProblem> {
    let (written, usual) = match channel {
        ChannelDocument::Teams { rate_limit, .. } | ChannelDocument::Slack { rate_limit, .. } => {
            (rate_limit, Some(CHAT))
        }
        ChannelDocument::Webhook { rate_limit, .. } | ChannelDocument::EventGrid { rate_limit, .. } => {
            (rate_limit, None)
        }
        ChannelDocument::Stub {} => return Ok(None),
    };
    match written {
        Some(RateLimitDocument { messages, per }) => {
            Ok(Some(Quota { messages: *messages, per: texts::duration(per)? }))
        }
        None => Ok(usual),
    }
}
