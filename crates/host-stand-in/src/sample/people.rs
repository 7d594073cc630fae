//! People of the fictitious estate.

use random::SplitMix;

/// Personal accounts with their owner.
const OWN_ACCOUNTS: [(&str, &str); 4] = [
    ("m.keller", "marta.keller@contoso.com"),
    ("j.okafor", "james.okafor@contoso.com"),
    ("s.lindqvist", "saga.lindqvist@contoso.com"),
    ("t-nguyen", "thi.nguyen@contoso.com"),
];

/// People who share the other accounts.
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

/// Returns a person who uses this account.
pub(super) fn of_account(account: &str, random: &mut SplitMix) -> &'static str {
    let own = OWN_ACCOUNTS.iter().find(|(own, _)| *own == account).map(|(_, person)| *person);
    own.unwrap_or_else(|| random.pick(&PEOPLE))
}

/// Returns the client address of a person.
pub(super) fn client_ip(person: &str) -> String {
    let sum: u32 = person.bytes().map(u32::from).sum();
    format!("198.51.100.{}", sum % 200 + 10)
}
