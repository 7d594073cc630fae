//! Who works in the made-up estate.

use super::random::Random;

/// Accounts that belong to one person.
const OWN_ACCOUNTS: [(&str, &str); 4] = [
    ("m.keller", "marta.keller@contoso.com"),
    ("j.okafor", "james.okafor@contoso.com"),
    ("s.lindqvist", "saga.lindqvist@contoso.com"),
    ("t-nguyen", "thi.nguyen@contoso.com"),
];

/// Whoever else uses the bastion shares accounts.
const PEOPLE: [&str; 8] = [
    "marta.keller@contoso.com",
    "james.okafor@contoso.com",
    "saga.lindqvist@contoso.com",
    "thi.nguyen@contoso.com",
    "ana.rossi@contoso.com",
    "ben.meyer@contoso.com",
    "chidi.eze@contoso.com",
    "dana.levi@contoso.com",
];

/// A person who uses this account.
pub(super) fn of_account(account: &str, random: &mut Random) -> &'static str {
    let own = OWN_ACCOUNTS.iter().find(|(own, _)| *own == account).map(|(_, person)| *person);
    own.unwrap_or_else(|| random.pick(&PEOPLE))
}

/// The address that a person comes from.
pub(super) fn client_ip(person: &str) -> String {
    let sum: u32 = person.bytes().map(u32::from).sum();
    format!("198.51.100.{}", sum % 200 + 10)
}
