//! Maps member names of a record to its fields.

/// Field of a record that a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordField {
    Time,
    /// Ingestion time of the table row; replaces a missing `time`.
    TimeGenerated,
    ResourceId,
    OperationName,
    Category,
    Message,
    UserName,
    UserEmail,
    ClientIp,
    ClientPort,
    Protocol,
    TargetResourceId,
    TargetIp,
    ResourceType,
    TunnelId,
    UserAgent,
    SessionStart,
    SessionEnd,
    Duration,
    /// Object, or string that holds an object, with most of the other fields.
    Properties,
    /// A member that is ignored.
    Other,
}

/// Member names as a bastion spells them, roughly in the order in which it writes them.
pub const NAMES: [(&str, RecordField); 25] = [
    ("time", RecordField::Time),
    ("resourceId", RecordField::ResourceId),
    ("operationName", RecordField::OperationName),
    ("category", RecordField::Category),
    ("level", RecordField::Other),
    ("location", RecordField::Other),
    ("properties", RecordField::Properties),
    ("userName", RecordField::UserName),
    ("userAgent", RecordField::UserAgent),
    ("clientIpAddress", RecordField::ClientIp),
    ("clientPort", RecordField::ClientPort),
    ("protocol", RecordField::Protocol),
    ("targetResourceId", RecordField::TargetResourceId),
    ("subscriptionId", RecordField::Other),
    ("message", RecordField::Message),
    ("resourceType", RecordField::ResourceType),
    ("targetVMIPAddress", RecordField::TargetIp),
    ("userEmail", RecordField::UserEmail),
    ("tunnelId", RecordField::TunnelId),
    ("sessionStartTime", RecordField::SessionStart),
    ("sessionEndTime", RecordField::SessionEnd),
    ("duration", RecordField::Duration),
    ("FluentdIngestTimestamp", RecordField::Other),
    ("Region", RecordField::Other),
    ("CustomerSubscriptionId", RecordField::Other),
];

/// Length in bytes beyond which a name is not compared.
const LONGEST: usize = 40;

impl RecordField {
    /// Returns the field for a member name. Ignores case, punctuation between words, and the type suffix that a shared
    /// table appends (such as `_s`).
    pub fn from_name(name: &str) -> Self {
        if name.len() > LONGEST {
            return Self::Other;
        }
        let name = ["_s", "_d", "_g", "_t", "_b"].iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
        let (mut letters, mut count) = ([0; LONGEST], 0);
        for letter in name.bytes().filter(u8::is_ascii_alphanumeric) {
            letters[count] = letter.to_ascii_lowercase();
            count += 1;
        }
        match &letters[..count] {
            b"time" | b"eventtime" | b"timestamp" => Self::Time,
            b"timegenerated" => Self::TimeGenerated,
            b"resourceid" => Self::ResourceId,
            b"operationname" | b"operation" => Self::OperationName,
            b"category" => Self::Category,
            b"properties" => Self::Properties,
            b"message" => Self::Message,
            b"username" => Self::UserName,
            b"useremail" | b"useremailaddress" => Self::UserEmail,
            b"clientipaddress" | b"clientip" => Self::ClientIp,
            b"clientport" => Self::ClientPort,
            b"protocol" => Self::Protocol,
            b"targetresourceid" => Self::TargetResourceId,
            b"targetvmipaddress" | b"targetipaddress" | b"targetip" => Self::TargetIp,
            b"resourcetype" => Self::ResourceType,
            b"tunnelid" => Self::TunnelId,
            b"useragent" => Self::UserAgent,
            b"sessionstarttime" | b"sessionstart" | b"starttime" => Self::SessionStart,
            b"sessionendtime" | b"sessionend" | b"endtime" => Self::SessionEnd,
            b"duration" | b"durationms" | b"sessionduration" | b"sessiondurationms" => Self::Duration,
            _ => Self::Other,
        }
    }

    /// True if the value outside `properties` takes precedence over the value inside.
    pub fn is_envelope(self) -> bool {
        matches!(self, Self::Time | Self::TimeGenerated | Self::ResourceId | Self::OperationName | Self::Category)
    }

    /// Bit of this field in a bit set.
    pub fn bit(self) -> u32 {
        1 << self as u32
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, RecordField};

    #[test]
    fn a_field_name_is_recognised_in_any_spelling() {
        let of_ip = [
            "targetVMIPAddress", "TargetVMIPAddress", "TARGETVMIPADDRESS", "target_vm_ip_address",
            "targetVMIPAddress_s",
        ];
        assert!(of_ip.iter().all(|name| RecordField::from_name(name) == RecordField::TargetIp));
        assert_eq!(RecordField::from_name("_ResourceId"), RecordField::ResourceId);
        assert_eq!(RecordField::from_name("tunnelId_g"), RecordField::TunnelId);
        assert_eq!(RecordField::from_name("Properties"), RecordField::Properties);
    }

    #[test]
    fn the_field_names_of_a_bastion_are_recognised() {
        for (name, field) in NAMES {
            assert_eq!(RecordField::from_name(name), field, "{name}");
        }
    }

    #[test]
    fn other_field_names_are_ignored() {
        for name in ["", "_s", "properties.userName", "newTopLevel", "Type", "tünnelId", &"x".repeat(1000)] {
            assert_eq!(RecordField::from_name(name), RecordField::Other, "{name}");
        }
    }
}
