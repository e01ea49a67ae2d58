//! Credentials in addresses: for the server they were given for, and for nobody else to read.

use url::Url;

/// An address without the credentials in it.
pub(super) fn without_credentials(url: &Url) -> Url {
    let mut bare = url.clone();
    // only addresses that can hold none refuse
    let _ = bare.set_username("").and_then(|()| bare.set_password(None));
    bare
}

/// An address with the credentials of another of the same origin (RFC 6454 §4), where it has none of its own.
pub fn with_credentials_of(known: &Url, url: &Url) -> Url {
    let mut url = url.clone();
    if url.origin() == known.origin() && url.username().is_empty() && url.password().is_none() {
        let _ = url.set_username(known.username()).and_then(|()| url.set_password(known.password()));
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lent(known: &str, url: &str) -> String {
        with_credentials_of(&known.parse().unwrap(), &url.parse().unwrap()).into()
    }

    #[test]
    fn credentials_are_taken_off_whole() {
        let bare = |url: &str| String::from(without_credentials(&url.parse().unwrap()));
        assert_eq!(bare("https://desk:s3%40cret@a.example/f?x#y"), "https://a.example/f?x#y");
        assert_eq!(bare("https://:s3cret@a.example/"), "https://a.example/");
        assert_eq!(bare("https://a.example/"), "https://a.example/");
    }

    #[test]
    fn credentials_are_lent_within_their_origin_alone() {
        let known = "https://desk:s3%40cret@a.example/feed";
        assert_eq!(lent(known, "https://a.example/old"), "https://desk:s3%40cret@a.example/old");
        assert_eq!(lent(known, "https://own@a.example/old"), "https://own@a.example/old");
        for elsewhere in ["http://a.example/old", "https://a.example:8443/", "https://b.example/", "https://x.a.example/"] {
            assert_eq!(lent(known, elsewhere), elsewhere);
        }
    }
}
