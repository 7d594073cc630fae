//! What pages load besides themselves.

/// The one style sheet.
pub const STYLE: &str = include_str!("../assets/style.css");

/// The icon.
pub const ICON: &str = include_str!("../assets/icon.svg");
