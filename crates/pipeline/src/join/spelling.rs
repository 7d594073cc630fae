//! Finds names by their beginning whatever its case, in a storage that knows case.

/// What names begin with, and how those that are wanted go on, in any case.
///
/// All spellings of a machine of `n` letters are found by `n + 1` listings: one of the spelling that is expected, and for
/// each of its letters one of the names that are spelled alike up to there and have that letter in the other case. Nearly
/// always these are empty. One with too many names is divided further: [`grown`](Self::grown).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Beginning {
    text: String,
    rest: String,
}

impl Beginning {
    /// What the names begin with.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the names that are wanted can be narrowed down.
    pub(super) fn can_grow(&self) -> bool {
        !self.rest.is_empty()
    }

    /// The same names but for some that are not wanted, divided by the case of the next letter.
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

/// What all names have to begin with that begin with one of these machines, in any case. `name` is spelled as they are
/// expected to be, if it begins with the machine.
///
/// Case is known of ASCII alone, which is all that names of machines have; a name is looked for up to any other letter.
pub(super) fn beginnings(name: &str, machines: &[String]) -> Vec<Beginning> {
    let ascii = |machine: &String| {
        let end = machine.find(|letter: char| !letter.is_ascii()).unwrap_or(machine.len());
        machine[..end].to_ascii_lowercase()
    };
    let mut machines: Vec<String> = machines.iter().map(ascii).collect();
    machines.sort_unstable();
    // The names of one that begins with another are among those of the other.
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
    fn a_machine_is_looked_for_as_it_is_spelled_and_with_each_letter_in_the_other_case() {
        assert_eq!(texts(&all("Vm-1a-ops", &["VM-1A"])), ["Vm-1a", "v", "VM", "Vm-1A"]);
        assert_eq!(texts(&all("10.0.0.4-ops", &["10.0.0.4"])), ["10.0.0.4"]);
        assert_eq!(texts(&all("other", &["VM"])), ["vm", "V", "vM"]);
    }

    #[test]
    fn machines_that_begin_alike_are_listed_once() {
        assert_eq!(texts(&all("set_7-ops", &["7", "SET_7", "SET", "se\u{df}"])), ["7", "se", "S", "sE"]);
    }

    proptest! {
        #[test]
        fn every_spelling_is_under_exactly_one_beginning(
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
