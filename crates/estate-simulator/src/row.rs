//! Writes a record as a flat row of the Log Analytics table with its column names.

use crate::json::Json;

/// Builds a row from the members of `properties`.
pub(crate) fn row(members: Vec<(&'static str, Json)>, bastion: &str, at: &str) -> Json {
    let mut row = vec![
        ("TenantId", "ws-1".into()),
        ("TimeGenerated", at.into()),
        ("Time", at.into()),
        ("OperationName", "Microsoft.Network/BastionHost/connect".into()),
        ("Location", "westeurope".into()),
        ("Type", "MicrosoftAzureBastionAuditLogs".into()),
        ("_ResourceId", bastion.to_ascii_lowercase().into()),
    ];
    row.extend(members.into_iter().map(|(name, value)| (column(name), value)));
    Json::Object(row)
}

fn column(member: &'static str) -> &'static str {
    const COLUMNS: [(&str, &str); 14] = [
        ("userName", "UserName"),
        ("userAgent", "UserAgent"),
        ("clientIpAddress", "ClientIpAddress"),
        ("clientPort", "ClientPort"),
        ("protocol", "Protocol"),
        ("message", "Message"),
        ("resourceType", "ResourceType"),
        ("targetVMIPAddress", "TargetVMIPAddress"),
        ("userEmail", "UserEmail"),
        ("tunnelId", "TunnelId"),
        ("targetResourceId", "TargetResourceId"),
        ("sessionStartTime", "SessionStartTime"),
        ("sessionEndTime", "SessionEndTime"),
        ("duration", "Duration"),
    ];
    COLUMNS.iter().find(|(name, _)| *name == member).map_or(member, |(_, column)| column)
}
