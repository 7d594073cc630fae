//! Compares names of people.

use super::folded::fold;
use crate::policy::matcher::ConditionResult;

/// Compares the person of a hold with the person of a session. The audit log names people by their sign-in name; a hold
/// may name them by mail address.
///
/// Unknown if the two are of different kinds (an address and a plain name), or if addresses differ only in their domain
/// or a `+tag`, because those often belong to one mailbox.
pub(super) fn is_person(wanted: &str, known: &str) -> ConditionResult {
    let (wanted, known) = (bare(wanted), bare(known));
    if wanted == known {
        return ConditionResult::True;
    }
    match (mailbox(&wanted), mailbox(&known)) {
        (Some(one), Some(other)) if one != other => ConditionResult::False,
        (None, None) => ConditionResult::False,
        _ => ConditionResult::Unknown,
    }
}

/// Returns the address in the form used for comparison: without scheme or display name. A guest
/// (`ada_contoso.com#EXT#@fabrikam.onmicrosoft.com`, `live.com#ada@outlook.com`) becomes the home address.
fn bare(text: &str) -> String {
    let text = fold(text);
    let inner = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')).map_or(text.as_str(), |(_, inner)| inner);
    let address = inner.strip_prefix("mailto:").or_else(|| inner.strip_prefix("smtp:")).unwrap_or(inner).trim();
    if let Some((home, _)) = address.split_once("#ext#") {
        // A domain contains no `_`, so the last one stands for the `@`.
        return home.rsplit_once('_').map_or_else(|| home.to_owned(), |(local, domain)| format!("{local}@{domain}"));
    }
    address.rsplit_once('#').map_or(address, |(_, address)| address).to_owned()
}

/// Returns the part before the `@` and any `+tag`.
fn mailbox(address: &str) -> Option<&str> {
    let (local, _) = address.rsplit_once('@')?;
    Some(local.split_once('+').map_or(local, |(mailbox, _)| mailbox))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_known_in_every_way_to_write_one_address() {
        let ways = [
            " ADA@Contoso.com ",
            "mailto:ada@contoso.com",
            "Ada Lovelace <ada@contoso.com>",
            "ada_contoso.com#EXT#@fabrikam.onmicrosoft.com",
            "live.com#ada@contoso.com",
        ];
        for way in ways {
            assert_eq!(is_person(way, "ada@contoso.com"), ConditionResult::True, "{way}");
            assert_eq!(is_person("ada@contoso.com", way), ConditionResult::True, "{way}");
            assert_eq!(is_person("bob@contoso.com", way), ConditionResult::False, "{way}");
        }
        assert_eq!(is_person("a_d_a@contoso.com", "a_d_a_contoso.com#ext#@x.onmicrosoft.com"), ConditionResult::True);
    }

    #[test]
    fn a_possible_alias_of_a_mailbox_is_unknown() {
        for other in ["ada@contoso.onmicrosoft.com", "ada+audit@contoso.com", "CONTOSO\\ada", "Ada Lovelace"] {
            assert_eq!(is_person("ada@contoso.com", other), ConditionResult::Unknown, "{other}");
        }
        assert_eq!(is_person("ada", "bob"), ConditionResult::False);
    }
}
