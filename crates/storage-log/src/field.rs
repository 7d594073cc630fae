//! Maps member names of both forms to the fields of a record.

/// Field of a record that a member holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageField {
    Time,
    ResourceId,
    Category,
    Operation,
    Status,
    Caller,
    RequestId,
    Authentication,
    TokenHash,
    ObjectId,
    ApplicationId,
    Person,
    Account,
    ObjectKey,
    Address,
    ETag,
    ResponseBytes,
    RequestBytes,
    /// Object with further members: `identity`, `requester` or `properties`.
    Nested(Level),
    /// A member that is ignored.
    Other,
}

/// Object in which a member stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Record,
    Identity,
    Requester,
    Properties,
}

/// Length in bytes beyond which a name is not compared.
const LONGEST: usize = 40;

impl StorageField {
    /// Returns the field for a member name at a level. Ignores case and punctuation.
    pub fn from_name(level: Level, name: &str) -> Self {
        if name.len() > LONGEST {
            return Self::Other;
        }
        let name: String =
            name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect();
        match level {
            Level::Record => Self::of_record(&name),
            Level::Identity => match name.as_str() {
                "type" => Self::Authentication,
                "tokenhash" => Self::TokenHash,
                "requester" => Self::Nested(Level::Requester),
                _ => Self::Other,
            },
            Level::Requester => match name.as_str() {
                "objectid" => Self::ObjectId,
                "appid" => Self::ApplicationId,
                "upn" => Self::Person,
                _ => Self::Other,
            },
            Level::Properties => Self::of_property(&name),
        }
    }

    fn of_record(name: &str) -> Self {
        match name {
            "time" | "timegenerated" => Self::Time,
            "resourceid" => Self::ResourceId,
            "category" => Self::Category,
            "operationname" => Self::Operation,
            "statuscode" => Self::Status,
            "calleripaddress" => Self::Caller,
            "correlationid" => Self::RequestId,
            "authenticationtype" => Self::Authentication,
            "authenticationhash" => Self::TokenHash,
            "requesterobjectid" => Self::ObjectId,
            "requesterappid" => Self::ApplicationId,
            "requesterupn" => Self::Person,
            "uri" => Self::Address,
            "identity" => Self::Nested(Level::Identity),
            "properties" => Self::Nested(Level::Properties),
            other => Self::of_property(other),
        }
    }

    fn of_property(name: &str) -> Self {
        match name {
            "accountname" => Self::Account,
            "objectkey" => Self::ObjectKey,
            "etag" => Self::ETag,
            "responsebodysize" => Self::ResponseBytes,
            "requestbodysize" => Self::RequestBytes,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_its_meaning_at_its_level_only() {
        assert_eq!(StorageField::from_name(Level::Record, "_ResourceId"), StorageField::ResourceId);
        assert_eq!(StorageField::from_name(Level::Record, "RequesterUpn"), StorageField::Person);
        assert_eq!(StorageField::from_name(Level::Requester, "upn"), StorageField::Person);
        assert_eq!(StorageField::from_name(Level::Identity, "type"), StorageField::Authentication);
        for (level, name) in [(Level::Record, "type"), (Level::Properties, "upn"), (Level::Requester, "uri")] {
            assert_eq!(StorageField::from_name(level, name), StorageField::Other, "{name}");
        }
        assert_eq!(StorageField::from_name(Level::Record, &"x".repeat(1000)), StorageField::Other);
    }
}
