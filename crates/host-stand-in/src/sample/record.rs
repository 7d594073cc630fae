//! Audit records in the documented layout.

use jiff::{SignedDuration, Timestamp};
use random::SplitMix;
use serde_json::{Value, json};

use super::bastion::SampleBastion;
use super::people;
use super::session::SampleConnectionKind;
use super::visit::SampleVisit;

const BROWSER: &str =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36";

/// Audit record and the time it was written.
pub(super) struct SampleRecord {
    pub(super) at: Timestamp,
    pub(super) line: String,
}

/// Record of the start of a visit, or of its failed login.
pub(super) fn of_start(bastion: &SampleBastion, visit: &SampleVisit, random: &mut SplitMix) -> SampleRecord {
    let at = visit.started_at + random.millis(500, 4_000);
    if visit.kind == SampleConnectionKind::FailedLogin {
        return record(bastion, visit, at, "Login Failed", json!({}));
    }
    record(bastion, visit, at, "Successfully Connected.", json!({ "sessionStartTime": began(visit) }))
}

/// Record of the end of a visit.
pub(super) fn of_end(bastion: &SampleBastion, visit: &SampleVisit, random: &mut SplitMix) -> SampleRecord {
    let ended_at = visit.ended_at + random.millis(0, 3_000);
    let times = json!({
        "sessionStartTime": began(visit),
        "sessionEndTime": ended_at.to_string(),
        "duration": ended_at.duration_since(visit.started_at).as_millis() as i64,
    });
    record(bastion, visit, ended_at + random.millis(500, 4_000), "Session ended.", times)
}

/// Start time of the session, shortly before that of the recording.
fn began(visit: &SampleVisit) -> String {
    (visit.started_at - SignedDuration::from_millis(700)).to_string()
}

fn record(bastion: &SampleBastion, visit: &SampleVisit, at: Timestamp, message: &str, times: Value) -> SampleRecord {
    let agent = match visit.kind {
        SampleConnectionKind::NativeClient => "AzureCLI/2.69.0 (DEB)",
        SampleConnectionKind::Browser | SampleConnectionKind::FailedLogin => BROWSER,
    };
    let (subscription, group) = (bastion.subscription, bastion.group);
    let machine = format!(
        "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{}",
        visit.machine
    );
    let mut properties = json!({
        "userName": visit.account,
        "userAgent": agent,
        "clientIpAddress": people::client_ip(visit.person),
        "clientPort": 50_000,
        "protocol": if visit.machine.starts_with("lnx") { "ssh" } else { "rdp" },
        "targetResourceId": machine.to_uppercase(),
        "subscriptionId": subscription,
        "message": message,
        "resourceType": "VM",
        "userEmail": visit.person,
        "tunnelId": visit.tunnel_id,
    });
    if let (Value::Object(properties), Value::Object(times)) = (&mut properties, times) {
        properties.extend(times);
    }
    let record = json!({
        "time": at.to_string(),
        "resourceId": bastion.resource_id().to_uppercase(),
        "operationName": "Microsoft.Network/BastionHost/connect",
        "category": "BastionAuditLogs",
        "level": "Informational",
        "location": "westeurope",
        "properties": properties,
    });
    SampleRecord { at, line: format!("{record}\n") }
}
