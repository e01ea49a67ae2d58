//! The whole command against the worst that a network can do to it.

mod bombs;
mod breakage;
mod floods;
