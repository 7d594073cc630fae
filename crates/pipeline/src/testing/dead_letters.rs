//! Conformance suite of [`DeadLetters`].

use crate::ports::DeadLetters;

/// Writes dead letters in place of Event Grid.
pub trait Leaves {
    /// Writes a file with this name and content.
    fn leave(&self, name: &str, content: &[u8]) -> impl Future<Output = ()>;
}

/// Generates one test per case. `$make` returns an empty store, a writer of files, and a guard kept alive by the test:
/// `dead_letters_conformance!(make)` with `async fn make() -> (impl DeadLetters, impl Leaves, impl Sized)`.
#[macro_export]
macro_rules! dead_letters_conformance {
    ($make:path) => {
        $crate::conformance_tests! { dead_letters, $make, time;
            a_missing_dead_letter_is_not_found,
            a_dead_letter_is_read_unchanged,
            dead_letters_are_ordered_by_name,
            removing_a_dead_letter_keeps_the_others,
        }
    };
}

/// Names as Event Grid forms them: topic, subscription, hour, id.
const NAMES: [&str; 4] =
    ["st/EV/2026/10/2/9/b.json", "st/EV/2026/3/2/9/a.json", "st/EV/2026/3/2/9/b.json", "st/EV-AUDIT/2026/3/2/9/a.json"];

/// Reading and removing a missing file is no error.
pub async fn a_missing_dead_letter_is_not_found(letters: &impl DeadLetters, _: &impl Leaves) {
    assert_eq!(letters.list(None, 10).await.unwrap(), []);
    assert_eq!(letters.read("a.json").await.unwrap(), None);
    letters.remove("a.json").await.unwrap();
}

/// Content is preserved byte by byte, with its size.
pub async fn a_dead_letter_is_read_unchanged(letters: &impl DeadLetters, service: &impl Leaves) {
    let every: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for content in [b"[]".as_slice(), b"", &every] {
        service.leave("st/EV/a b.json", content).await;
        let files = letters.list(None, 10).await.unwrap();
        let [file] = files.as_slice() else { panic!("{files:?}") };
        assert_eq!((file.name.as_str(), file.size), ("st/EV/a b.json", content.len() as u64));
        assert_eq!(letters.read(&file.name).await.unwrap().as_deref(), Some(content));
    }
}

/// A page starts after the given name, even if that file was removed.
pub async fn dead_letters_are_ordered_by_name(letters: &impl DeadLetters, service: &impl Leaves) {
    for name in NAMES {
        service.leave(name, b"[]").await;
    }
    let mut sorted = NAMES;
    sorted.sort_unstable();
    assert_eq!(names(letters, None, 10).await, sorted);
    assert_eq!(names(letters, None, 2).await, sorted[..2]);
    letters.remove(sorted[1]).await.unwrap();
    assert_eq!(names(letters, Some(sorted[1]), 1).await, sorted[2..3]);
    assert_eq!(names(letters, Some(sorted[3]), 10).await, [""; 0]);
}

/// Removing twice is no error.
pub async fn removing_a_dead_letter_keeps_the_others(letters: &impl DeadLetters, service: &impl Leaves) {
    for name in NAMES {
        service.leave(name, name.as_bytes()).await;
    }
    for _ in 0..2 {
        letters.remove(NAMES[0]).await.unwrap();
    }
    assert_eq!(letters.read(NAMES[0]).await.unwrap(), None);
    assert_eq!(names(letters, None, 10).await.len(), 3);
    assert_eq!(letters.read(NAMES[1]).await.unwrap().as_deref(), Some(NAMES[1].as_bytes()));
}

async fn names(letters: &impl DeadLetters, after: Option<&str>, limit: usize) -> Vec<String> {
    letters.list(after, limit).await.unwrap().into_iter().map(|file| file.name).collect()
}
