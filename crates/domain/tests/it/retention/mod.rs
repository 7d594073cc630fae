//! Tests retention policies against a naive implementation of their language.

mod covers;
mod matching;
mod naive;
mod resolving;
mod times;
mod truth;
mod world;
