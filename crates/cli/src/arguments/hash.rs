//! SHA-256 hash as an argument.

use domain::record::ledger::Sha256;

/// Parses 64 hexadecimal digits in any case.
pub(crate) fn parse_hash(text: &str) -> Result<Sha256, String> {
    Sha256::parse(&text.to_lowercase()).ok_or_else(|| format!("{text:?} is not a hash of 64 hexadecimal digits"))
}
