//! Compares names of machines.

use core::net::IpAddr;

use crate::folded::fold;
use crate::policy::matcher::{ConditionResult, Network};
use crate::record::session::SessionFacts;

/// Compares the machine of a hold (name, address, network or resource id) with the machine of a session.
///
/// An address says nothing about a name and vice versa: if the session has one and the hold the other, the answer is
/// unknown.
pub(super) fn is_machine(wanted: &str, session: &SessionFacts) -> ConditionResult {
    let wanted = fold(wanted);
    let id = session.target_resource_id.as_deref().map(fold);
    if let Some(network) = network(&wanted) {
        let address = session.target_ip.as_deref().and_then(|text| fold(text).parse::<IpAddr>().ok());
        return ConditionResult::from_test(address.map(|address| network.holds(address)));
    }
    if session.target_ip.as_deref().is_some_and(|text| fold(text) == wanted) {
        return ConditionResult::True;
    }
    let Some((id, target)) = id.as_deref().and_then(|id| Some((id, Target::parse(id)?))) else {
        return ConditionResult::Unknown;
    };
    if wanted.contains('/') {
        is_resource(&wanted, id, target)
    } else {
        target.is_called(&wanted)
    }
}

/// Parses an address or a network, also with brackets or a port.
fn network(text: &str) -> Option<Network> {
    let socket = || text.parse::<core::net::SocketAddr>().ok().map(|socket| socket.ip().to_string());
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    Network::parse(bare).or_else(|| Network::parse(&socket()?))
}

/// Kind of machine named by a resource id.
#[derive(Clone, Copy)]
enum Target<'a> {
    /// Single machine; in a set with flexible orchestration it may be an instance.
    Machine(&'a str),
    /// Resource of unknown kind.
    Other(&'a str),
    Set(&'a str),
    /// Instance of a scale set: name of the set, then of the instance.
    Instance(&'a str, &'a str),
}

impl<'a> Target<'a> {
    /// Parses a folded resource id. `None` if it has no name.
    fn parse(id: &'a str) -> Option<Self> {
        let mut segments = id.trim_matches('/').rsplit('/');
        let name = segments.next().filter(|name| !name.is_empty())?;
        Some(match (segments.next(), segments.next(), segments.next()) {
            (_, Some(set), Some("virtualmachinescalesets")) => Self::Instance(set, name),
            (Some("virtualmachinescalesets"), ..) => Self::Set(name),
            (Some("virtualmachines"), ..) => Self::Machine(name),
            _ => Self::Other(name),
        })
    }

    /// Compares the name, with or without a domain, and the name of the set.
    fn is_called(self, wanted: &str) -> ConditionResult {
        let answer = match self {
            Self::Machine(name) | Self::Other(name) | Self::Set(name) if name == wanted => ConditionResult::True,
            Self::Machine(name) => maybe(member(wanted, name).is_some()),
            Self::Other(name) => maybe(member(wanted, name).is_some() || member(name, wanted).is_some()),
            Self::Set(name) => maybe(member(name, wanted).is_some()),
            Self::Instance(set, _) if set == wanted => ConditionResult::True,
            Self::Instance(_, instance) if instance == wanted => maybe_number(instance),
            Self::Instance(set, instance) => is_instance(set, instance, wanted),
        };
        answer.max(self.is_called_in_domain(wanted))
    }

    /// A name with a domain may mean the machine without it, and vice versa.
    fn is_called_in_domain(self, wanted: &str) -> ConditionResult {
        let (Self::Machine(name) | Self::Other(name) | Self::Set(name) | Self::Instance(_, name)) = self;
        match (wanted.split_once('.'), name.split_once('.')) {
            (Some((host, _)), None) => maybe(self.is_called(host) != ConditionResult::False),
            (None, Some((host, _))) => maybe(Target::Machine(host).is_called(wanted) != ConditionResult::False),
            _ => ConditionResult::False,
        }
    }
}

/// Compares a complete resource id or the end of one. A moved machine has another id and the same name.
fn is_resource(wanted: &str, id: &str, target: Target<'_>) -> ConditionResult {
    let (wanted, id) = (path(wanted), path(id));
    let is_whole = wanted.starts_with("subscriptions/");
    if wanted == id || !is_whole && id.ends_with(&format!("/{wanted}")) {
        return ConditionResult::True;
    }
    // A subscription or a resource group contains all machines below it.
    if is_whole && !wanted.contains("/virtualmachine") && id.starts_with(&format!("{wanted}/")) {
        return ConditionResult::True;
    }
    let Some(named) = Target::parse(wanted) else {
        return ConditionResult::Unknown;
    };
    if let (Target::Set(_), Target::Instance(..)) = (named, target)
        && id.starts_with(&format!("{wanted}/"))
    {
        return ConditionResult::True;
    }
    let called = match named {
        Target::Machine(name) | Target::Other(name) | Target::Set(name) => target.is_called(name),
        // Compared as an instance of this set and as a single machine.
        Target::Instance(set, instance) => {
            target.is_called(&format!("{set}_{instance}")).max(if instance.parse::<u64>().is_ok() {
                ConditionResult::False
            } else {
                target.is_called(instance)
            })
        }
    };
    maybe(called != ConditionResult::False)
}

/// Extracts the path of a resource id, also from an address of the portal or the management API.
fn path(id: &str) -> &str {
    let from = id.find("subscriptions/").unwrap_or(0);
    let id = &id[from..];
    without_blade(id.split(['?', '#']).next().unwrap_or(id).trim_matches('/'))
}

/// Cuts off the segments appended to a machine or a set by the portal and the management API.
fn without_blade(id: &str) -> &str {
    const MACHINES: &str = "/virtualmachines/";
    const SETS: &str = "/virtualmachinescalesets/";
    let name_ends = |from: usize| id[from..].find('/').map_or(id.len(), |length| from + length);
    if let Some(at) = id.find(MACHINES) {
        return &id[..name_ends(at + MACHINES.len())];
    }
    id.find(SETS).map_or(id, |at| &id[..name_ends(at + SETS.len())])
}

/// Returns the part of `name` by which an instance differs from its `set`. `None` if the name is not made of both.
fn member<'n>(set: &str, name: &'n str) -> Option<&'n str> {
    let rest = name.strip_prefix(set).filter(|_| !set.is_empty())?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    let word = |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_alphanumeric());
    // `set_3` and `set_1a2b3c4d`, `set-3`, and computer names with six base-36 digits, `set000003`.
    let is_member = rest.strip_prefix('_').is_some_and(word)
        || rest.strip_prefix('-').is_some_and(digits)
        || (rest.len() == 6 && rest.starts_with('0') && word(rest));
    is_member.then_some(rest)
}

/// Returns true if the name belongs to this instance and not to another one of its set.
fn is_instance(set: &str, instance: &str, wanted: &str) -> ConditionResult {
    let Some(suffix) = member(set, wanted) else { return ConditionResult::False };
    let own = member(set, instance).map_or(instance, |own| own.trim_start_matches(['_', '-']));
    let instance_name = suffix.trim_start_matches(['_', '-']);
    let (own_number, number) = (own.parse::<u64>().ok(), instance_name.parse::<u64>().ok());
    let is_computer_name = instance_name.len() == suffix.len();
    if own == instance_name || (!is_computer_name && own_number.is_some() && own_number == number) {
        return ConditionResult::True;
    }
    if is_computer_name {
        let is_it = own_number.is_some() && own_number == u64::from_str_radix(instance_name, 36).ok();
        return if is_it {
            ConditionResult::True
        } else {
            maybe(own_number.is_none() || own_number == number)
        };
    }
    maybe(own_number.is_none() || number.is_none())
}

fn maybe(is_possible: bool) -> ConditionResult {
    if is_possible { ConditionResult::Unknown } else { ConditionResult::False }
}

/// A bare number is hardly a name.
fn maybe_number(instance: &str) -> ConditionResult {
    if instance.parse::<u64>().is_ok() {
        ConditionResult::Unknown
    } else {
        ConditionResult::True
    }
}
