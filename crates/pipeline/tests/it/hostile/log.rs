//! The bastion's audit log.

use domain::address::{BlobAddress, BlobName};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::ports::BlobStore;
use pipeline::testing::schedule::now;
use serde_json::{Value, json};

use crate::hostile::visit::{ToldVisit, VisitSession, VisitedMachine};
use crate::hostile::world::{HostileWorld, RESOURCE_ID, logs};

/// Meaningless records, and invalid bytes.
const JUNK: [&str; 6] =
    ["{}\n", "null\n", "{\"time\": broken}\n", "\u{0}\u{1}garbage\n", "{\"records\": [1, 2]}\n", "[[]]\n"];

/// Audit records of a session.
pub fn records(session: &VisitSession) -> String {
    if session.visit.told == ToldVisit::Nothing {
        return String::new();
    }
    let (start, end) = session.forged().unwrap_or((session.start, session.end));
    let begun = record(session, session.start, &json!({ "sessionStartTime": start }));
    let over = record(session, session.end, &json!({ "sessionStartTime": start, "sessionEndTime": end }));
    if session.visit.told == ToldVisit::StartOnly { begun } else { begun + &over }
}

fn record(session: &VisitSession, written_at: Timestamp, more: &Value) -> String {
    let machine = session.machine().to_uppercase();
    let target = match session.visit.machine {
        VisitedMachine::Named => format!("/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/{machine}"),
        VisitedMachine::Instance => {
            let set = "/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINESCALESETS";
            format!("{set}/{machine}/VIRTUALMACHINES/7")
        }
        VisitedMachine::ByAddress => String::new(),
    };
    let mut properties = json!({
        "message": "Successfully Connected.",
        "tunnelId": session.tunnel,
        "userName": "user",
        "userEmail": session.visit.person,
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0",
        "protocol": "ssh",
        "targetVMIPAddress": "10.0.0.4",
        "targetResourceId": target,
    });
    for (name, value) in more.as_object().unwrap() {
        properties[name] = value.clone();
    }
    let record = json!({
        "time": written_at,
        "resourceId": RESOURCE_ID.to_uppercase(),
        "category": "BastionAuditLogs",
        "properties": properties,
    });
    format!("{record}\n")
}

impl HostileWorld {
    /// Appends this text to the log of the present hour and raises its event.
    pub fn tell(&self, text: &str) {
        let hour = self.now().to_zoned(TimeZone::UTC).strftime("y=%Y/m=%m/d=%d/h=%H/m=00/PT1H.json").to_string();
        let name = format!("resourceId={}/{hour}", RESOURCE_ID.to_uppercase());
        let log: BlobAddress = logs().blob(BlobName::parse(&name).unwrap());
        let there = now(self.blobs.read(&log, 0, usize::MAX, None)).unwrap().map(|piece| piece.bytes);
        self.blobs.write(&log, &[there.unwrap_or_default(), text.as_bytes().to_vec()].concat(), self.now());
        now(self.archivist().audit_log.log_landed(&log, &|| true)).unwrap();
    }

    /// Appends junk to the log.
    pub fn tell_junk(&self, which: usize, times: usize) {
        self.tell(&JUNK[which % JUNK.len()].repeat(times));
    }
}
