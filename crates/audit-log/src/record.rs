//! An audit record.

use std::borrow::Cow;

use crate::{Length, Moment};

/// What the bastion says of one connection at one time. Texts are as they came, dates and durations as far as they can
/// be understood; what is absent, empty, or a value that stands for nothing is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record<'a> {
    /// When the record was written.
    pub time: Option<Moment<'a>>,
    /// The bastion's resource id, in any case.
    pub resource_id: Option<Cow<'a, str>>,
    /// Like `Microsoft.Network/BastionHost/connect`.
    pub operation_name: Option<Cow<'a, str>>,
    /// Like `Successfully Connected.` or `Login Failed`.
    pub message: Option<Cow<'a, str>>,
    /// The account on the target.
    pub user_name: Option<Cow<'a, str>>,
    /// The Azure identity.
    pub user_email: Option<Cow<'a, str>>,
    /// Where the user came from.
    pub client_ip: Option<Cow<'a, str>>,
    /// Its port there.
    pub client_port: Option<u16>,
    /// `ssh` or `rdp`, in any case.
    pub protocol: Option<Cow<'a, str>>,
    /// The machine's resource id, in any case.
    pub target_resource_id: Option<Cow<'a, str>>,
    /// The machine's private address.
    pub target_ip: Option<Cow<'a, str>>,
    /// Like `VM`, `VMSS` or `BSL`.
    pub resource_type: Option<Cow<'a, str>>,
    /// What the records of one connection share, in any case.
    pub tunnel_id: Option<Cow<'a, str>>,
    /// The user's browser or client.
    pub user_agent: Option<Cow<'a, str>>,
    /// When the session began.
    pub session_start: Option<Moment<'a>>,
    /// When the session ended.
    pub session_end: Option<Moment<'a>>,
    /// How long the session was.
    pub duration: Option<Length<'a>>,
}

impl Record<'_> {
    /// The record with texts of its own, to be kept longer than the chunk it was read from.
    pub fn into_owned(self) -> Record<'static> {
        let text = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        let moment = |moment: Option<Moment<'_>>| moment.map(Moment::into_owned);
        Record {
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
