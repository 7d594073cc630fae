//! Finds names by prefix regardless of case, in a case-sensitive store.

/// Prefix to list, with the remaining letters of the wanted names in any case.
///
/// All spellings of a machine of `n` letters need `n + 1` listings: one for the expected spelling, and per letter one
/// for the names with equal letters before and this one in the other case. Nearly all of these are empty. A prefix with
/// too many names is split further by [`grown`](Self::grown).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beginning {
    text: String,
    rest: String,
}

impl Beginning {
    /// Returns the prefix to list.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns true if the prefix can be split further.
    pub(super) fn can_grow(&self) -> bool {
        !self.rest.is_empty()
    }

    /// Splits the prefix by the case of the next letter. The result covers all wanted names.
    pub(super) fn grown(&self) -> Vec<Self> {
        let plain = self.rest.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let text = format!("{}{}", self.text, &self.rest[..plain]);
        let Some(letter) = self.rest[plain..].chars().next() else {
            return vec![Self { text, rest: String::new() }];
        };
        let rest = &self.rest[plain + 1..];
        let with = |letter: char| Self { text: format!("{text}{letter}"), rest: rest.to_owned() };
        vec![with(letter.to_ascii_lowercase()), with(letter.to_ascii_uppercase())]
    }
}

/// Returns the prefixes of all names that begin with one of these machines, in any case. The expected spelling is taken
/// from `name` if it begins with the machine.
///
/// Handles the case of ASCII letters only, the only letters that machine names have. A name is searched up to its first
/// other character.
pub(super) fn beginnings(name: &str, machines: &[String]) -> Vec<Beginning> {
    let ascii = |machine: &String| {
        let end = machine.find(|letter: char| !letter.is_ascii()).unwrap_or(machine.len());
        machine[..end].to_ascii_lowercase()
    };
    let mut machines: Vec<String> = machines.iter().map(ascii).collect();
    machines.sort_unstable();
    // If one machine begins with another, its names are listed with the shorter one.
    machines.dedup_by(|later, earlier| later.starts_with(earlier.as_str()));
    machines.iter().flat_map(|machine| spellings(expected(name, machine))).collect()
}

fn expected<'a>(name: &'a str, machine: &'a str) -> &'a str {
    name.get(..machine.len()).filter(|start| start.eq_ignore_ascii_case(machine)).unwrap_or(machine)
}

fn spellings(machine: &str) -> impl Iterator<Item = Beginning> {
    let swapped = |(at, letter): (usize, char)| {
        let other = if letter.is_ascii_lowercase() {
            letter.to_ascii_uppercase()
        } else {
            letter.to_ascii_lowercase()
        };
        Beginning { text: format!("{}{other}", &machine[..at]), rest: machine[at + 1..].to_owned() }
    };
    let letters = machine.char_indices().filter(|(_, letter)| letter.is_ascii_alphabetic());
    let whole = Beginning { text: machine.to_owned(), rest: String::new() };
    std::iter::once(whole).chain(letters.map(swapped))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(beginnings: &[Beginning]) -> Vec<&str> {
        beginnings.iter().map(Beginning::text).collect()
    }

    fn all(name: &str, machines: &[&str]) -> Vec<Beginning> {
        beginnings(name, &machines.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn a_machine_lookup_lists_its_prefixes_in_both_cases() {
        assert_eq!(texts(&all("Vm-1a-ops", &["VM-1A"])), ["Vm-1a", "v", "VM", "Vm-1A"]);
        assert_eq!(texts(&all("10.0.0.4-ops", &["10.0.0.4"])), ["10.0.0.4"]);
        assert_eq!(texts(&all("other", &["VM"])), ["vm", "V", "vM"]);
    }

    #[test]
    fn machines_with_a_common_prefix_are_listed_once() {
        assert_eq!(texts(&all("set_7-ops", &["7", "SET_7", "SET", "se\u{df}"])), ["7", "se", "S", "sE"]);
    }

    proptest! {
        #[test]
        fn every_spelling_has_exactly_one_prefix(
            machine in "[a-c0-1-]{1,8}", cases in any::<u32>(), shown in any::<u32>(), grows in any::<u8>(),
        ) {
            let spell = |cases: u32| -> String {
                let spelled = machine.chars().zip(0..).map(|(letter, at)| {
                    if cases >> at & 1 == 1 { letter.to_ascii_uppercase() } else { letter }
                });
                spelled.collect()
            };
            let mut open = all(&spell(shown), &[&machine]);
            for at in 0..8 {
                if grows >> at & 1 == 1 && open[0].can_grow() {
                    let first = open.remove(0);
                    open.extend(first.grown());
                } else {
                    open.rotate_left(1);
                }
            }
            let name = format!("{}-ops", spell(cases));
            prop_assert_eq!(open.iter().filter(|one| name.starts_with(one.text())).count(), 1, "{:?}", open);
        }
    }
}
