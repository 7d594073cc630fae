//! Made-up recordings, the same in every run. One in eight has no known session.

use core::net::{IpAddr, Ipv4Addr};

use domain::policy::matcher::Facts;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::rules::{ADMINS, ZONE};
use crate::Measured;
use crate::world::START;

/// Lower case only, so that CEL can compare case-sensitively.
const NAMES: [&str; 6] = ["vm-prod", "vm-dev", "sql-01", "web-prd-eu", "ci-tmp-7", "jump-12"];
const GROUPS: [&str; 6] = ["rg-fin-eu", "rg-pay-core", "rg-lab-7", "rg-app", "rg-shared-network", "rg-data"];
const DOMAINS: [&str; 8] = ["contoso", "contoso", "contoso", "contoso", "contoso", "partner", "vendor", "contoso"];

/// Owner of the texts that the facts borrow.
pub struct PolicyArchive {
    names: Vec<String>,
    people: Vec<String>,
}

/// Known facts of a recording.
#[derive(Debug)]
pub struct KnownRecording<'a> {
    pub facts: Facts<'a>,
    pub counted_from: Date,
    /// Minute of the day at which it began, in the rules' time zone. Computed in advance for CEL, so that its cost is
    /// not measured.
    pub minute: Option<i64>,
}

impl PolicyArchive {
    pub fn new(count: usize) -> Self {
        let name = |number: usize| {
            let mixed = mix(number, 0);
            format!("{}-{:07}-azureadmin", NAMES[mixed % NAMES.len()], mixed % 10_000_000)
        };
        let person = |number: usize| match ADMINS.get(number) {
            Some(admin) => (*admin).to_owned(),
            None => format!("person{number}@{}.example", DOMAINS[mix(number, 1) % DOMAINS.len()]),
        };
        Self { names: (0..count).map(name).collect(), people: (0..500).map(person).collect() }
    }

    pub fn recordings(&self) -> Measured<Vec<KnownRecording<'_>>> {
        let zone = TimeZone::get(ZONE)?;
        Ok(self.names.iter().enumerate().map(|(number, name)| self.known(number, name, &zone)).collect())
    }

    fn known<'a>(&'a self, number: usize, name: &'a str, zone: &TimeZone) -> KnownRecording<'a> {
        let mixed = |salt| mix(number, salt);
        let at = START + SignedDuration::from_secs(mixed(2) as i64 % (400 * 86_400));
        let started = (mixed(3) % 50 != 0).then_some(at);
        let has_session = mixed(4) % 8 != 0;
        let facts = Facts {
            person: has_session.then(|| self.people[mixed(5) % self.people.len()].as_str()),
            resource_group: has_session.then(|| GROUPS[mixed(6) % GROUPS.len()]),
            name: (mixed(7) % 100 != 0).then_some(name),
            protocol: has_session.then(|| if mixed(8) % 3 == 0 { "rdp" } else { "ssh" }),
            client_ip: has_session.then(|| address(mixed(9))),
            duration: (mixed(10) % 20 != 0).then(|| duration(mixed(11))),
            started,
            ..Facts::default()
        };
        KnownRecording { facts, counted_from: day(at), minute: started.map(|at| minute(zone.to_datetime(at).time())) }
    }
}

fn address(mixed: usize) -> IpAddr {
    let [.., a, b, c] = (mixed >> 8).to_be_bytes();
    IpAddr::V4(match mixed % 5 {
        0 => Ipv4Addr::new(203, 0, 113, c),
        1 => Ipv4Addr::new(192, 168, b, c),
        2 => Ipv4Addr::new(172, 16 + a % 20, b, c),
        _ => Ipv4Addr::new(10, a, b, c),
    })
}

/// Returns a duration; many are short, few are long.
fn duration(mixed: usize) -> SignedDuration {
    let seconds = (mixed >> 8) as i64;
    SignedDuration::from_secs(match mixed % 10 {
        0..3 => seconds % 60,
        3..8 => seconds % 3_600,
        _ => seconds % 14_400,
    })
}

fn day(at: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(at).date()
}

fn minute(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

/// Returns a pseudo-random number.
fn mix(number: usize, salt: u64) -> usize {
    let mut mixed = (number as u64).wrapping_add(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    for factor in [0xff51_afd7_ed55_8ccd, 0xc4ce_b9fe_1a85_ec53] {
        mixed = (mixed ^ (mixed >> 33)).wrapping_mul(factor);
    }
    (mixed >> 20) as usize
}
