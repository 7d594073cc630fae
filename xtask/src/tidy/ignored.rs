//! Parses the subset of `.gitignore` that this repository uses.

/// Patterns of ignored paths.
pub struct IgnoredFiles(Vec<Pattern>);

enum Pattern {
    /// `/path`: this file or folder.
    Path(String),
    /// `name` or `**/name`: every file or folder of this name.
    Name(String),
    /// `*.ext`: every file with this ending.
    Ending(String),
}

impl IgnoredFiles {
    /// Parses the lines of a `.gitignore`; `/.git` is always ignored.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self(std::iter::once("/.git").chain(lines).map(Pattern::parse).collect())
    }

    /// Returns true if a path below the root is ignored.
    pub fn covers(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.0.iter().any(|pattern| match pattern {
            Pattern::Path(ignored) => path == ignored,
            Pattern::Name(ignored) => name == ignored,
            Pattern::Ending(ending) => name.ends_with(ending),
        })
    }
}

impl Pattern {
    fn parse(line: &str) -> Self {
        let line = line.trim_end_matches('/');
        if let Some(path) = line.strip_prefix('/') {
            Self::Path(path.to_owned())
        } else if let Some(ending) = line.strip_prefix('*').filter(|rest| rest.starts_with('.')) {
            Self::Ending(ending.to_owned())
        } else {
            Self::Name(line.trim_start_matches("**/").to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::IgnoredFiles;

    #[test]
    fn ignored_paths_names_and_endings_are_left_out() {
        let ignored = IgnoredFiles::parse("# built\n/target\n**/node_modules\n*.profraw\n");
        for path in [".git", "target", "infra/node_modules", "crates/domain/default.profraw"] {
            assert!(ignored.covers(path), "{path}");
        }
        for path in [".gitignore", "crates/target", "target.rs", "crates/domain/profraw.rs"] {
            assert!(!ignored.covers(path), "{path}");
        }
    }
}
