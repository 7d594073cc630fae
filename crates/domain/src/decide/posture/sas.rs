//! Reads and checks a shared access signature entered by a person. The signature itself is never stored.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::check::{Check, FactJudgement, critical, good, unknown, warning};
use super::countdown::days_left;
use super::facts::{StoredPolicy, Watched};
use super::known::MaybeKnown;
use super::question::Question as Q;

/// Permissions needed by the bastion to write and by its player to read.
const NEEDED: [(char, &str); 4] = [('r', "read"), ('c', "create"), ('w', "write"), ('l', "list")];
/// Smallest age of a signature's start, as a margin for slow clocks.
const BEGUN_BEFORE: SignedDuration = SignedDuration::from_mins(15);

/// Properties of a shared access signature. Grants no access, and shows nothing of the original text.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedAccess {
    host: String,
    container: Option<String>,
    permissions: Option<String>,
    start: Option<Timestamp>,
    expiry: Option<Timestamp>,
    protocols: Option<String>,
    policy: Option<String>,
    is_delegated: bool,
}

/// Error in the URL of a shared access signature. No variant repeats any of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotASas {
    /// The text is not a URL with a query.
    #[error("it is not a URL that begins with https:// and has a query")]
    NotAUrl,
    /// The URL contains no signature.
    #[error("it has no signature (sig=): copy the whole blob SAS URL of the container")]
    NoSignature,
    /// A date cannot be parsed.
    #[error("its {0} is not a date")]
    NoDate(&'static str),
    /// The signature is for another kind of resource.
    #[error("it is not for a container (sr=c) nor for the blobs of an account (ss=b)")]
    OtherResource,
}

impl SharedAccess {
    /// Parses a URL with a signature and drops the signature at once. Returns an error if the URL is no signature for a
    /// container or a blob service.
    pub fn parse(text: &str) -> Result<Self, NotASas> {
        let text = text.trim();
        let rest = text.strip_prefix("https://").or(text.strip_prefix("http://")).ok_or(NotASas::NotAUrl)?;
        let (address, query) = rest.split_once('?').ok_or(NotASas::NotAUrl)?;
        let (host, path) = address.split_once('/').unwrap_or((address, ""));
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| decoded(value)).filter(|value| !value.is_empty())
        };
        if value("sig").is_none() {
            return Err(NotASas::NoSignature);
        }
        let is_of_account = value("ss").is_some_and(|services| services.contains('b'));
        if !is_of_account && value("sr").as_deref() != Some("c") {
            return Err(NotASas::OtherResource);
        }
        let date = |name, judgement: &'static str| match value(name) {
            Some(text) => moment(&text).map(Some).ok_or(NotASas::NoDate(judgement)),
            None => Ok(None),
        };
        // An emulator has the account in the path, and a container name contains no slash.
        let container = path.trim_end_matches('/').rsplit('/').next().filter(|name| !name.is_empty());
        Ok(Self {
            host: host.to_ascii_lowercase(),
            container: container.map(str::to_owned),
            permissions: value("sp"),
            start: date("st", "start (st=)")?,
            expiry: date("se", "expiry (se=)")?,
            protocols: value("spr"),
            policy: value("si"),
            is_delegated: value("skoid").is_some(),
        })
    }

    /// Returns true if the signature refers to a stored access policy of its container.
    pub fn names_policy(&self) -> bool {
        self.policy.is_some()
    }

    /// Returns the stored access policy behind the signature. `None` if it refers to no policy.
    fn policy<'a>(&self, policies: &'a MaybeKnown<Vec<StoredPolicy>>) -> Option<MaybeKnown<&'a StoredPolicy>> {
        let id = self.policy.as_deref()?;
        Some(policies.as_ref().and_then(|policies| match policies.iter().find(|policy| policy.id == id) {
            Some(policy) => MaybeKnown::Read(policy),
            None => MaybeKnown::unread("its stored access policy is gone, so the signature is invalid"),
        }))
    }

    /// Returns the end of the validity: the earlier one of the signature and its policy.
    pub fn expiry(&self, policies: &MaybeKnown<Vec<StoredPolicy>>) -> MaybeKnown<Option<Timestamp>> {
        let own = MaybeKnown::Read(self.expiry);
        let Some(policy) = self.policy(policies) else { return own };
        policy.map(|policy| [self.expiry, policy.expiry].into_iter().flatten().min())
    }

    /// Returns the start of the validity: the later one of the signature and its policy.
    pub fn start(&self, policies: &MaybeKnown<Vec<StoredPolicy>>) -> MaybeKnown<Option<Timestamp>> {
        let Some(policy) = self.policy(policies) else {
            return MaybeKnown::Read(self.start);
        };
        policy.map(|policy| [self.start, policy.start].into_iter().flatten().max())
    }

    /// Returns true if an account key signed it, false for a user delegation key.
    pub fn is_by_account_key(&self) -> bool {
        !self.is_delegated
    }

    fn permissions(&self, policies: &MaybeKnown<Vec<StoredPolicy>>) -> MaybeKnown<String> {
        let own = self.permissions.clone().unwrap_or_default();
        let Some(policy) = self.policy(policies) else { return MaybeKnown::Read(own) };
        policy.map(|policy| own + policy.permissions.as_deref().unwrap_or_default())
    }
}

/// Shows nothing, because the original text grants access.
impl fmt::Debug for SharedAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedAccess(..)")
    }
}

/// Runs every check of a signature.
pub(super) fn checks(sas: &SharedAccess, one: &Watched, now: Timestamp) -> Vec<Check> {
    let name = one.expected.bastion.as_str();
    let anew = "make a new one: portal > storage account > Containers > the container > Shared access tokens, with \
                read, create, write and list, https only, a start in the past; then give it to the bastion: portal > \
                bastion > Session recordings > Add or update SAS URL";
    vec![
        Q::SasContainer.judged(name, container(sas, one, anew)),
        Q::SasPermissions.check(name, sas.permissions(&one.policies), |given| permissions(&given, anew)),
        Q::SasHttps.judged(
            name,
            match sas.protocols.as_deref() {
                Some("https") => good("https only"),
                _ => warning("it is also valid over http, where it can be read in transit", anew),
            },
        ),
        Q::SasStart.check(name, sas.start(&one.policies), |start| match start {
            None => good("it has no start, so it was valid at once"),
            Some(start) if start.saturating_add(BEGUN_BEFORE).is_ok_and(|begun| begun <= now) => {
                good(format!("it began at {start}"))
            }
            Some(start) => warning(format!("it begins at {start}, less than 15 minutes ago or still to come"), anew),
        }),
        Q::SasExpiry.check(name, sas.expiry(&one.policies), |expiry| self::expiry(expiry, now, anew)),
        Q::AccessKeys.judged(name, keys(sas, one, anew)),
    ]
}

fn container(sas: &SharedAccess, one: &Watched, anew: &str) -> FactJudgement {
    let expected = &one.expected.recordings;
    let account = sas.host.split('.').next().unwrap_or_default();
    let is_loopback = sas.host.starts_with("127.0.0.1") || sas.host.starts_with("localhost");
    let is_account = is_loopback || account == expected.account.as_str();
    match sas.container.as_deref() {
        Some(container) if container == expected.container.as_str() && is_account => good(expected.to_string()),
        Some(_) => critical(
            format!("it is for another account or container than the configured {expected}"),
            format!("{anew}; or change recordings of the bastion in archivist.yaml"),
        ),
        None => critical("it names no container, which the bastion needs", anew),
    }
}

fn permissions(given: &str, anew: &str) -> FactJudgement {
    let missing: Vec<&str> =
        NEEDED.iter().filter(|(letter, _)| !given.contains(*letter)).map(|(_, name)| *name).collect();
    if !missing.is_empty() {
        return critical(format!("it does not permit {}", missing.join(", ")), anew);
    }
    let more = given.chars().filter(|letter| !NEEDED.iter().any(|(needed, _)| needed == letter)).count();
    if given.contains('d') {
        return warning("it permits deleting, which the bastion does not need", anew);
    }
    good(match more {
        0 => "read, create, write, list".to_owned(),
        more => format!("read, create, write, list and {more} more that the bastion does not need"),
    })
}

/// Judges the end of an access.
pub(super) fn expiry(expiry: Option<Timestamp>, now: Timestamp, fix: &str) -> FactJudgement {
    let Some(expiry) = expiry else {
        return warning("it has no end: its stored access policy gives none", fix);
    };
    match days_left(expiry, now) {
        _ if expiry <= now => critical(format!("it ended at {expiry}: the bastion refuses all connections"), fix),
        days @ 0..=6 => {
            critical(format!("it ends at {expiry}, in {days} days: then the bastion refuses all connections"), fix)
        }
        days @ 7..=29 => warning(format!("it ends at {expiry}, in {days} days"), fix),
        days => good(format!("it ends at {expiry}, in {days} days")),
    }
}

fn keys(sas: &SharedAccess, one: &Watched, anew: &str) -> FactJudgement {
    if !sas.is_by_account_key() {
        return warning(
            "it is signed with the key of an identity, so it ends after seven days at most, regardless of its own end",
            anew,
        );
    }
    let start = match sas.start(&one.policies) {
        MaybeKnown::Read(Some(start)) => start,
        MaybeKnown::Read(None) => return unknown("the signature has no start (st=), so its age is unknown"),
        MaybeKnown::NotReadable(because) => return unknown(because),
    };
    let account = match one.account.present("the storage account is not visible") {
        MaybeKnown::Read(account) => account,
        MaybeKnown::NotReadable(because) => return unknown(because),
    };
    if account.keys.is_empty() {
        return unknown("the account does not show when its keys were made");
    }
    let newer: Vec<&str> = account.keys.iter().filter(|(_, made)| *made > start).map(|(key, _)| key.as_str()).collect();
    match newer.len() {
        0 => good("both keys are older than the signature"),
        count if count == account.keys.len() => {
            critical(format!("{} are newer than the signature, so it is invalid", newer.join(" and ")), anew)
        }
        _ => warning(
            format!("{} is newer than the signature: if that key signed it, it is invalid", newer.join(", ")),
            anew,
        ),
    }
}

/// Parses a date or time in the forms of signatures: with seconds, without seconds, or without time.
fn moment(text: &str) -> Option<Timestamp> {
    let whole = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        17 => format!("{}:00Z", text.strip_suffix('Z')?),
        _ => text.to_owned(),
    };
    whole.parse().ok()
}

fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, behind @ ..] = rest {
        let digits = behind.get(..2).and_then(|pair| str::from_utf8(pair).ok());
        match (first, digits.and_then(|pair| u8::from_str_radix(pair, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            (byte, _) => {
                bytes.push(if *byte == b'+' { b' ' } else { *byte });
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
