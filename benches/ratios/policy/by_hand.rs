//! The same rules hard-coded.

use core::net::{IpAddr, Ipv4Addr};

use domain::policy::matcher::Facts;
use domain::policy::retention::{Class, Policy};
use domain::record::retention::Then;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Said;
use super::rules::{ADMINS, COUNT, LONG, NIGHT, RULES, SHORT, STANDARD, ZONE};
use crate::Measured;

/// Result of a rule; `None` is unknown.
type Answer = Option<bool>;

/// Parts of the policy that the rules need.
pub struct RulesByHand {
    classes: Vec<Class>,
    zone: TimeZone,
}

impl RulesByHand {
    pub fn from_policy(policy: &Policy) -> Measured<Self> {
        Ok(Self { classes: policy.classes.clone(), zone: TimeZone::get(ZONE)? })
    }

    pub fn say(&self, facts: &Facts<'_>, counted_from: Date) -> Said {
        let (mut rules, mut unknown, mut classes) = (0, 0, 0_u8);
        for (place, (answer, (_, class, _))) in self.answers(facts).into_iter().zip(RULES).enumerate() {
            match answer {
                Some(true) => {
                    rules |= 1 << place;
                    classes |= 1 << class;
                }
                None => unknown |= 1 << place,
                Some(false) => {}
            }
        }
        if classes == 0 {
            classes = 1 << STANDARD;
        }
        let (mut class, mut retain_until) = (STANDARD, Date::MIN);
        let (mut delete_after, mut then) = (Date::MAX, Then::Delete);
        for (place, of) in self.classes.iter().enumerate().filter(|(place, _)| classes & (1 << place) != 0) {
            let until = of.retain_for.after(counted_from);
            if until > retain_until {
                (class, retain_until) = (place, until);
            }
            delete_after = delete_after.min(of.delete_after.map_or(Date::MAX, |period| period.after(counted_from)));
            then = then.max(of.then);
        }
        let delete_after = (then != Then::Keep).then(|| delete_after.max(retain_until));
        Said { class, rules, unknown, retain_until, delete_after, then }
    }

    fn answers(&self, facts: &Facts<'_>) -> [Answer; COUNT] {
        let Facts { person, resource_group, name, protocol, client_ip, duration, started, .. } = *facts;
        [
            name.map(|name| begins(name, "vm-prod-") || contains(name, "-prd-")),
            person.map(|person| ends(person, "@partner.example") || ends(person, "@vendor.example")),
            person.map(|person| ADMINS.iter().any(|admin| person.eq_ignore_ascii_case(admin))),
            resource_group.map(|group| begins(group, "rg-fin-") || begins(group, "rg-pay-")),
            client_ip.map(|address| !is_inside(address)),
            and(duration.map(|duration| duration > LONG), || {
                let is_rdp = protocol.map(|protocol| protocol.eq_ignore_ascii_case("rdp"));
                or(is_rdp, || name.map(is_of_sql))
            }),
            and(started.map(|at| self.is_night(at)), || resource_group.map(|group| !begins(group, "rg-lab-"))),
            and(name.map(|name| contains(name, "-tmp-")), || {
                let is_short = duration.map(|duration| duration < SHORT);
                and(is_short, || person.map(|person| !ends(person, "@partner.example")))
            }),
        ]
    }

    fn is_night(&self, at: Timestamp) -> bool {
        let hour = self.zone.to_datetime(at).hour();
        hour >= NIGHT[0] || hour < NIGHT[1]
    }
}

fn and(one: Answer, other: impl FnOnce() -> Answer) -> Answer {
    match one {
        Some(false) => Some(false),
        Some(true) => other(),
        None => other().filter(|other| !other),
    }
}

fn or(one: Answer, other: impl FnOnce() -> Answer) -> Answer {
    match one {
        Some(true) => Some(true),
        Some(false) => other(),
        None => other().filter(|other| *other),
    }
}

fn begins(text: &str, with: &str) -> bool {
    text.as_bytes().get(..with.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(with.as_bytes()))
}

fn ends(text: &str, with: &str) -> bool {
    let rest = text.len().checked_sub(with.len());
    rest.is_some_and(|rest| text.as_bytes()[rest..].eq_ignore_ascii_case(with.as_bytes()))
}

fn contains(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}

/// Matches `sql-??-*`.
fn is_of_sql(name: &str) -> bool {
    begins(name, "sql-") && name.as_bytes().get(6) == Some(&b'-')
}

fn is_inside(address: IpAddr) -> bool {
    let within = |address: Ipv4Addr| match address.octets() {
        [10, ..] | [192, 168, ..] => true,
        [172, second, ..] => (16..32).contains(&second),
        _ => false,
    };
    match address.to_canonical() {
        IpAddr::V4(address) => within(address),
        IpAddr::V6(_) => false,
    }
}
