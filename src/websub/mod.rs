//! WebSub (W3C Recommendation, 23 January 2018), the subscriber's side, as far as it is but values: what is discovered, asked,
//! verified and signed.

mod discovery;
mod request;
mod signature;

pub use discovery::discover;
pub use request::{AFTER_DENIAL, Intent, form, renewal};
pub use signature::is_signed;
