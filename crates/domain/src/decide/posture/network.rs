//! Checks which networks can reach the account and thereby play recordings.

use super::check::{Check, good, warning};
use super::facts::{AccountFacts, Watched};
use super::question::Question as Q;

/// Runs every check of the network.
pub(super) fn checks(one: &Watched) -> Vec<Check> {
    let account = one.expected.recordings.account.as_str();
    let facts = one.account.present("the storage account is not visible");
    vec![Q::NetworkReach.check(account, facts, |facts| {
        if facts.is_public_network_on && facts.lets_all_networks_in {
            return good("every network can reach it; callers need a role or a signature");
        }
        let who = who_can(facts);
        let services = if facts.lets_services_in {
            String::new()
        } else {
            "; trusted services of the platform are blocked too, and events may be impossible to set up".to_owned()
        };
        warning(
            format!("elsewhere the portal says \"Unable to fetch blobs\"; recordings can be played {who}{services}"),
            format!(
                "play them from such a network, or allow yours: az storage account network-rule add --account-name {account} --ip-address ADDRESS; az storage account update --name {account} --bypass AzureServices"
            ),
        )
    })]
}

fn who_can(facts: &AccountFacts) -> String {
    let mut ways = Vec::new();
    if facts.is_public_network_on && facts.network_rules > 0 {
        ways.push(format!("from {} networks named in rules", facts.network_rules));
    }
    if facts.private_endpoints > 0 {
        ways.push(format!("through {} private endpoints", facts.private_endpoints));
    }
    if ways.is_empty() { "from nowhere".to_owned() } else { ways.join(" and ") }
}
