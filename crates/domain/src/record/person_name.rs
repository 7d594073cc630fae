//! Compares names of people.

use crate::folded::fold;

/// Returns true if two names are of one person. Logs and tokens name people by their sign-in name; others may name them
/// by mail address.
///
/// `None` if the two are of different kinds (an address and a plain name or an object id), or if addresses differ only in
/// their domain or a `+tag`, because those often belong to one mailbox.
pub fn is_same_person(one: &str, other: &str) -> Option<bool> {
    let (one, other) = (bare(one), bare(other));
    if one == other {
        return Some(true);
    }
    match (mailbox(&one), mailbox(&other)) {
        (Some(one), Some(other)) if one != other => Some(false),
        // An object id is not comparable with any name.
        (None, None) => (is_object_id(&one) == is_object_id(&other)).then_some(false),
        _ => None,
    }
}

/// Returns true if the user of a machine may be this person: by the mailbox of the address, without a domain of the user.
pub(crate) fn is_user_of(user: &str, person: &str) -> bool {
    let (user, person) = (fold(user), bare(person));
    let user = user.rsplit_once('\\').map_or(user.as_str(), |(_, user)| user);
    let local = person.rsplit_once('@').map(|(local, _)| local);
    [local, mailbox(&person), Some(person.as_str())].contains(&Some(user))
}

fn is_object_id(name: &str) -> bool {
    name.len() == 36 && name.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Returns true if a name has the form of an address.
pub(crate) fn is_address(name: &str) -> bool {
    mailbox(&bare(name)).is_some()
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
            assert_eq!(is_same_person(way, "ada@contoso.com"), Some(true), "{way}");
            assert_eq!(is_same_person("ada@contoso.com", way), Some(true), "{way}");
            assert_eq!(is_same_person("bob@contoso.com", way), Some(false), "{way}");
        }
        assert_eq!(is_same_person("a_d_a@contoso.com", "a_d_a_contoso.com#ext#@x.onmicrosoft.com"), Some(true));
    }

    #[test]
    fn a_possible_alias_of_a_mailbox_is_unknown() {
        for other in ["ada@contoso.onmicrosoft.com", "ada+audit@contoso.com", "CONTOSO\\ada", "Ada Lovelace"] {
            assert_eq!(is_same_person("ada@contoso.com", other), None, "{other}");
        }
        assert_eq!(is_same_person("ada", "bob"), Some(false));
        let id = "5f1c1d9e-7f0c-4a53-9d3c-2f6f7f3c0b11";
        assert_eq!((is_same_person("ada", id), is_same_person(id, "ada@contoso.com")), (None, None));
        assert_eq!(is_same_person(&id.to_uppercase(), id), Some(true));
    }

    #[test]
    fn the_user_of_a_machine_may_be_the_owner_of_a_mailbox() {
        for user in ["ada", "ADA", "CONTOSO\\ada", "ada+audit", "ada+audit@contoso.com"] {
            assert!(is_user_of(user, "Ada+audit@contoso.com"), "{user}");
        }
        assert!(is_user_of("ada", "ada_contoso.com#EXT#@fabrikam.onmicrosoft.com"));
        assert!(!is_user_of("bob", "ada@contoso.com"));
    }
}
