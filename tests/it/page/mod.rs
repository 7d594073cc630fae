//! The pages in a real browser: mouse, keyboard, dark mode and hostile names.

mod browser;
mod cards;
mod day;
mod fleet;
mod names;
