//! Static files loaded by pages.

/// Style sheet.
pub const STYLE: &str = include_str!("../assets/style.css");

/// Icon (SVG).
pub const ICON: &str = include_str!("../assets/icon.svg");
