//! Writes one audit record in any of the observed formats.

use jiff::Timestamp;
use random::SplitMix;

use crate::dates::Dates;
use crate::estate::{SUBSCRIPTION, SimulatedBastion};
use crate::json::Json;
use crate::row::row;
use crate::truth::{ConnectionKind, TrueSession};

/// Event of a session that a record reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReportedEvent {
    /// A session began, or a login failed.
    Start,
    End,
}

/// Format of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// As documented.
    Usual,
    /// Ids, words and names in a different case.
    OtherCase,
    /// `properties` as a JSON text.
    PropertiesAsText,
    /// Row of the Log Analytics table.
    Flat,
    /// With unknown members, and numbers as texts.
    Extra,
}

const SHAPES: [Shape; 12] = [
    Shape::Usual,
    Shape::Usual,
    Shape::Usual,
    Shape::Usual,
    Shape::Usual,
    Shape::Usual,
    Shape::Usual,
    Shape::OtherCase,
    Shape::OtherCase,
    Shape::PropertiesAsText,
    Shape::Flat,
    Shape::Extra,
];

/// Writes a record with this time.
pub(crate) fn record(
    session: &TrueSession,
    bastion: &SimulatedBastion,
    told: ReportedEvent,
    at: Timestamp,
    random: &mut SplitMix,
) -> Json {
    let (shape, dates) = (random.pick(&SHAPES), Dates::any(random));
    let case = |text: &str| match shape {
        Shape::OtherCase => text.to_ascii_lowercase(),
        _ => text.to_ascii_uppercase(),
    };
    let members = properties(session, told, shape, dates, random);
    let id = case(&bastion.resource_id);
    if shape == Shape::Flat {
        return row(members, &id, &dates.write(at));
    }
    let properties = Json::Object(members);
    let properties = if shape == Shape::PropertiesAsText {
        properties.compact().into()
    } else {
        properties
    };
    let operation = if told == ReportedEvent::End && random.happens(20) {
        "disconnect"
    } else {
        "connect"
    };
    let mut record = vec![
        ("time", dates.write(at).into()),
        ("resourceId", id.into()),
        ("operationName", format!("Microsoft.Network/BastionHost/{operation}").into()),
        ("category", "BastionAuditLogs".into()),
        ("level", "Informational".into()),
        ("location", "westeurope".into()),
        ("properties", properties),
        ("FluentdIngestTimestamp", format!("{at:.7}").into()),
        ("Region", "westeurope".into()),
        ("CustomerSubscriptionId", SUBSCRIPTION.into()),
    ];
    if shape == Shape::Extra {
        record.push(("newTopLevel", Json::Object(vec![("a", "b".into())])));
    }
    Json::Object(record)
}

fn properties(
    session: &TrueSession,
    told: ReportedEvent,
    shape: Shape,
    dates: Dates,
    random: &mut SplitMix,
) -> Vec<(&'static str, Json)> {
    let other_case = shape == Shape::OtherCase;
    let upper = |text: &str| if other_case { text.to_ascii_uppercase() } else { text.to_owned() };
    let id = session.target.resource_id.as_deref().unwrap_or_default();
    let id = if other_case { id.to_ascii_lowercase() } else { id.to_ascii_uppercase() };
    let port = i64::from(session.client.port);
    let port = if shape == Shape::Extra { port.to_string().into() } else { Json::Number(port) };
    let mut members = vec![
        ("userName", upper(&session.account).into()),
        ("userAgent", session.client.agent.as_str().into()),
        ("clientIpAddress", session.client.address.as_str().into()),
        ("clientPort", port),
        ("protocol", upper(protocol(session)).into()),
        ("subscriptionId", SUBSCRIPTION.into()),
        ("message", upper(message(session, told)).into()),
        ("resourceType", session.target.resource_type().into()),
        ("targetVMIPAddress", session.target.address.as_str().into()),
        ("userEmail", person(session, other_case).into()),
        ("tunnelId", upper(&session.tunnel_id).into()),
    ];
    if !id.is_empty() || random.happens(50) {
        members.push(("targetResourceId", id.into()));
    }
    times(session, told, dates, random, &mut members);
    if shape == Shape::Extra {
        members.push(("correlationId", "abc".into()));
    }
    members
}

/// Adds the session times. An end record repeats the start; a start record may contain a placeholder instead of an
/// end.
fn times(
    session: &TrueSession,
    told: ReportedEvent,
    dates: Dates,
    random: &mut SplitMix,
    members: &mut Vec<(&'static str, Json)>,
) {
    if session.kind == ConnectionKind::Failed {
        return;
    }
    members.push(("sessionStartTime", dates.write(session.started_at).into()));
    match (told, session.ended_at) {
        (ReportedEvent::End, Some(end)) => {
            members.push(("sessionEndTime", dates.write(end).into()));
            let length = end.duration_since(session.started_at).as_millis();
            members.push(("duration", Json::Number(length as i64)));
        }
        _ if random.happens(20) => {
            members.push(("sessionEndTime", random.pick(&["", "0001-01-01T00:00:00"]).into()));
            members.push(("duration", Json::Number(0)));
        }
        _ => {}
    }
}

fn person(session: &TrueSession, other_case: bool) -> String {
    let person = session.person.as_deref().unwrap_or_default();
    match person.get(..1) {
        Some(first) if other_case => first.to_ascii_uppercase() + &person[1..].replace("contoso", "Contoso"),
        _ => person.to_owned(),
    }
}

fn protocol(session: &TrueSession) -> &'static str {
    if session.target.name.starts_with("VMWIN") { "rdp" } else { "ssh" }
}

fn message(session: &TrueSession, told: ReportedEvent) -> &'static str {
    match (session.kind, told) {
        (ConnectionKind::Failed, _) => "Login Failed",
        (_, ReportedEvent::Start) => "Successfully Connected.",
        (_, ReportedEvent::End) => "Session ended.",
    }
}
