//! The pages in a real browser: used as people use them, by mouse, by keyboard, in the dark, by hostile names.

mod browser;
mod cards;
mod day;
mod names;
