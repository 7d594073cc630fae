//! Defines the audit record.

use std::borrow::Cow;

use crate::{Length, Moment};

/// Audit record of one connection at one time. Texts are unchanged; dates and durations are parsed if possible. A field
/// is `None` if it is missing, empty, or a placeholder such as year 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditRecord<'a> {
    /// Time at which the record was written.
    pub time: Option<Moment<'a>>,
    /// Resource id of the bastion, in any case.
    pub resource_id: Option<Cow<'a, str>>,
    /// For example `Microsoft.Network/BastionHost/connect`.
    pub operation_name: Option<Cow<'a, str>>,
    /// For example `Successfully Connected.` or `Login Failed`.
    pub message: Option<Cow<'a, str>>,
    /// Account on the target machine.
    pub user_name: Option<Cow<'a, str>>,
    /// Azure identity of the user.
    pub user_email: Option<Cow<'a, str>>,
    /// IP address of the client.
    pub client_ip: Option<Cow<'a, str>>,
    /// TCP port of the client.
    pub client_port: Option<u16>,
    /// `ssh` or `rdp`, in any case.
    pub protocol: Option<Cow<'a, str>>,
    /// Resource id of the target machine, in any case.
    pub target_resource_id: Option<Cow<'a, str>>,
    /// Private IP address of the target machine.
    pub target_ip: Option<Cow<'a, str>>,
    /// For example `VM`, `VMSS` or `BSL`.
    pub resource_type: Option<Cow<'a, str>>,
    /// Id shared by all records of one connection, in any case.
    pub tunnel_id: Option<Cow<'a, str>>,
    /// Browser or client of the user.
    pub user_agent: Option<Cow<'a, str>>,
    /// Start of the session.
    pub session_start: Option<Moment<'a>>,
    /// End of the session.
    pub session_end: Option<Moment<'a>>,
    /// Duration of the session.
    pub duration: Option<Length<'a>>,
}

impl AuditRecord<'_> {
    /// Copies borrowed texts, so the record can outlive its chunk.
    pub fn into_owned(self) -> AuditRecord<'static> {
        let text = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        let moment = |moment: Option<Moment<'_>>| moment.map(Moment::into_owned);
        AuditRecord {
            time: moment(self.time),
            resource_id: text(self.resource_id),
            operation_name: text(self.operation_name),
            message: text(self.message),
            user_name: text(self.user_name),
            user_email: text(self.user_email),
            client_ip: text(self.client_ip),
            client_port: self.client_port,
            protocol: text(self.protocol),
            target_resource_id: text(self.target_resource_id),
            target_ip: text(self.target_ip),
            resource_type: text(self.resource_type),
            tunnel_id: text(self.tunnel_id),
            user_agent: text(self.user_agent),
            session_start: moment(self.session_start),
            session_end: moment(self.session_end),
            duration: self.duration.map(Length::into_owned),
        }
    }
}
