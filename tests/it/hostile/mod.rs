//! The whole command against the worst that a network can do to it.

mod addresses;
mod bombs;
mod breakage;
mod canaries;
mod floods;
mod giants;
mod names;
mod stopping;
