//! Converts blob names to file names and back.
//!
//! The segments of a blob name, split at each `/`, are the folders and the file. A segment usable as a file name
//! stays unchanged, so a dropped file is the blob of its own name: `50%off` is `50%off`. Any other becomes `~%` and
//! its bytes percent-encoded, except ASCII letters, digits, `_` and `-`: `..` is `~%%2E%2E`. Each name has exactly
//! one path, and no path leads out of the container's folder.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use domain::address::BlobName;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Prefix of an encoded segment.
const MARKER: &str = "~%";

/// Longest file name on common file systems, in bytes.
const LONGEST_FILE_NAME: usize = 255;

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'_').remove(b'-');

/// Path of a blob, relative to its container's folder. `None` for a name no file system holds.
pub(super) fn path_of(name: &BlobName) -> Option<PathBuf> {
    name.as_str()
        .split('/')
        .try_fold(PathBuf::new(), |folder, segment| Some(folder.join(file_name_of(segment)?.as_ref())))
}

/// Segment of a blob name behind this file or folder name. `None` if no blob name maps to it.
pub(super) fn segment_of(file_name: &OsStr) -> Option<Cow<'_, str>> {
    let file_name = file_name.to_str()?;
    let segment = match file_name.strip_prefix(MARKER) {
        Some(encoded) => percent_decode_str(encoded).decode_utf8().ok()?,
        None => Cow::Borrowed(file_name),
    };
    // Accepts only names the encoder would write, so no two files are one blob.
    (!segment.contains('/') && file_name_of(&segment)? == file_name).then_some(segment)
}

fn file_name_of(segment: &str) -> Option<Cow<'_, str>> {
    let file_name = if is_harmless(segment) {
        Cow::Borrowed(segment)
    } else {
        Cow::Owned(format!("{MARKER}{}", utf8_percent_encode(segment, ENCODED)))
    };
    (file_name.len() <= LONGEST_FILE_NAME).then_some(file_name)
}

/// True if the segment can be used as a file name. Hidden names are excluded: tools put such files beside those of
/// people.
fn is_harmless(segment: &str) -> bool {
    // The platform parses the text: on Windows, backslashes and drive letters are not plain names.
    let mut components = Path::new(segment).components();
    let plain = matches!(components.next(), Some(Component::Normal(only)) if only == segment);
    plain
        && components.next().is_none()
        && !segment.starts_with('.')
        && !segment.starts_with(MARKER)
        && !segment.contains('\0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, prop_oneof, proptest};
    use proptest::strategy::Strategy;

    use super::*;

    fn name(text: &str) -> BlobName {
        BlobName::parse(text).unwrap()
    }

    fn path(text: &str) -> Option<String> {
        path_of(&name(text)).map(|path| path.to_str().unwrap().to_owned())
    }

    /// Blob of a path, decoded as the tree decodes it.
    fn read(path: &Path) -> Option<String> {
        let segments: Option<Vec<_>> = path.iter().map(segment_of).collect();
        Some(segments?.join("/"))
    }

    #[test]
    fn a_dropped_file_is_the_blob_of_its_own_name() {
        for text in ["vm-web-01-azureadmin.3", "50%off", "a+b c", "jörg müller", "%2e%2e", "~", "x~%y", "a/b/c"] {
            assert_eq!(path(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn an_impossible_file_name_is_encoded() {
        for (text, expected) in [
            (".", "~%%2E"),
            ("..", "~%%2E%2E"),
            ("/", "~%/~%"),
            ("a//b", "a/~%/b"),
            ("a/", "a/~%"),
            ("../../etc/passwd", "~%%2E%2E/~%%2E%2E/etc/passwd"),
            ("~%", "~%%7E%25"),
            (".hidden", "~%%2Ehidden"),
            ("a\0b", "~%a%00b"),
        ] {
            assert_eq!(path(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn a_segment_too_long_for_a_file_has_no_path() {
        assert!(path(&"x".repeat(255)).is_some());
        assert_eq!(path(&"x".repeat(256)), None);
        assert_eq!(path(&format!(".{}", "ü".repeat(50))), None);
    }

    #[test]
    fn a_non_canonical_file_name_is_no_blob() {
        for file_name in ["~%x", "~%%2e", "~%%2E%", "~%%FF", "~%%2F", ".hidden", ".", "..", "~%a-b"] {
            assert_eq!(segment_of(OsStr::new(file_name)), None, "{file_name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_whose_name_is_not_text_is_no_blob() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(segment_of(OsStr::from_bytes(b"a\xFFb")), None);
    }

    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            proptest::sample::select(vec![
                "/", "\\", "..", ".", "~%", "%2E", "%2F", "\0", "~", "%", "C:", "a", "\u{202E}"
            ])
            .prop_map(str::to_owned),
        ];
        proptest::collection::vec(piece, 1..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_name_round_trips_through_its_path_inside_the_folder(text in hostile()) {
            let path = path_of(&name(&text)).unwrap();
            prop_assert!(path.components().all(|part| matches!(part, Component::Normal(_))), "{}", path.display());
            prop_assert_eq!(path.components().count(), text.split('/').count());
            prop_assert_eq!(read(&path), Some(text));
        }

        #[test]
        fn a_decoded_segment_encodes_to_the_same_file_name(file_name in hostile()) {
            if let Some(segment) = segment_of(OsStr::new(&file_name)) {
                let written = file_name_of(&segment);
                prop_assert_eq!(written.as_deref(), Some(file_name.as_str()));
            }
        }
    }
}
