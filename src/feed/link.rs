//! Links without what differs between copies of the same link.

use url::Url;

/// Query parameters that say how a reader came, not what is read: analytics, advertising, newsletters, social buttons.
/// Names that some site might use to choose what is shown (`id`, `ref`, `source`, `p`) do not belong here.
const TRACKING: [&str; 48] = [
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "at_campaign",
    "at_format",
    "at_link_id",
    "at_link_origin",
    "at_link_type",
    "at_medium",
    "cmpid",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "hsctatracking",
    "icid",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ncid",
    "ns_campaign",
    "ns_linkname",
    "ns_mchannel",
    "ns_source",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "ref_src",
    "ref_url",
    "s_cid",
    "smid",
    "soc_src",
    "soc_trk",
    "spm",
    "ttclid",
    "twclid",
    "vero_id",
    "wbraid",
    "xtor",
    "yclid",
];

/// Every parameter that begins so is a tracking one (Urchin's, which everybody took over).
const TRACKING_PREFIX: &str = "utm_";

/// Hosts that serve the same pages for other screens.
const SAME_SITE: [&str; 3] = ["www.", "m.", "amp."];

/// A link in the one form that its common variants share, or nothing if it is no absolute HTTP link.
///
/// Folded are the case of scheme and host, http and https, a default port, `www.`, `m.` and `amp.` hosts, a closing `/amp`,
/// a closing slash, user names, fragments and tracking parameters. Whatever else may lead to another article stays as it is:
/// the path's case, the other parameters and their order, and fragments that an application in the page reads as a path.
pub fn canonical_link(link: &str) -> Option<String> {
    let url = Url::parse(link.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = query(&url).map(|query| format!("?{query}")).unwrap_or_default();
    let route = route(&url).map(|route| format!("#{route}")).unwrap_or_default();
    Some(format!("https://{}{port}{}{query}{route}", host(url.host_str()?), path(url.path())))
}

/// The canonical form of a link that leads to an article rather than to a site as a whole, which all articles of a careless feed
/// may link to.
pub fn link_of_article(link: &str) -> Option<String> {
    /// Those of `https://`.
    const SIGNS_OF_A_SITE: usize = 2;
    canonical_link(link).filter(|link| link.bytes().filter(|sign| b"/?#".contains(sign)).count() > SIGNS_OF_A_SITE)
}

/// Whether a link leads to an article rather than to a site as a whole.
pub(super) fn names_an_article(link: &str) -> bool {
    link_of_article(link).is_some()
}

/// A link in full, or as given where it cannot be completed.
pub(super) fn absolute(link: &str, base: Option<&Url>) -> String {
    let is_full = link.starts_with("https://") || link.starts_with("http://");
    if is_full && link.bytes().all(|byte| byte.is_ascii_graphic()) {
        return link.to_owned();
    }
    let full = base.map_or_else(|| Url::parse(link), |base| base.join(link));
    full.map_or_else(|_| link.to_owned(), String::from)
}

/// The host without the label of a variant, unless that leaves no domain.
fn host(host: &str) -> &str {
    let host = host.trim_end_matches('.');
    let bare = SAME_SITE.iter().find_map(|prefix| host.strip_prefix(prefix));
    bare.filter(|bare| bare.contains('.')).unwrap_or(host)
}

/// The path without a closing slash, and without a closing `/amp` if anything stands before it.
fn path(path: &str) -> &str {
    let path = path.strip_suffix('/').unwrap_or(path);
    path.strip_suffix("/amp").filter(|path| !path.is_empty()).unwrap_or(path)
}

fn query(url: &Url) -> Option<String> {
    let kept: Vec<&str> = url.query()?.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
    (!kept.is_empty()).then(|| kept.join("&"))
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or(pair).to_ascii_lowercase();
    name.starts_with(TRACKING_PREFIX) || TRACKING.binary_search(&name.as_str()).is_ok()
}

/// A fragment that names a page of an application rather than a place in a page.
fn route(url: &Url) -> Option<&str> {
    url.fragment().filter(|fragment| fragment.starts_with(['!', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn same(link: &str, canonical: &str) {
        assert_eq!(canonical_link(link).as_deref(), Some(canonical), "{link}");
    }

    #[test]
    fn the_table_can_be_searched() {
        assert!(TRACKING.is_sorted());
    }

    #[test]
    fn variants_of_one_link_meet() {
        for link in [
            "https://example.org/news/1",
            "http://example.org/news/1",
            "HTTP://WWW.Example.ORG:80/news/1/",
            "https://m.example.org/news/1#comments",
            "https://amp.example.org/news/1/amp/",
            "https://user@example.org./news/1?utm_source=rss&UTM_Medium=feed&fbclid=x",
            " https://example.org/news/1? ",
        ] {
            same(link, "https://example.org/news/1");
        }
        same("https://example.org", "https://example.org");
    }

    #[test]
    fn what_may_be_another_article_stays_another_link() {
        same("https://example.org/a?id=2&utm_source=x&page=1", "https://example.org/a?id=2&page=1");
        same("https://example.org/a?b=1&a=2", "https://example.org/a?b=1&a=2");
        same("https://example.org/News", "https://example.org/News");
        same("https://example.org:8443/x", "https://example.org:8443/x");
        same("https://example.org/#!/story/1", "https://example.org#!/story/1");
        same("https://example.org/a?ref=main", "https://example.org/a?ref=main");
        same("https://example.org/a%2Fb?q=%20x", "https://example.org/a%2Fb?q=%20x");
    }

    #[test]
    fn a_host_or_path_that_only_looks_like_a_variant_stays() {
        same("https://amp.dev/x", "https://amp.dev/x");
        same("https://m.co/x", "https://m.co/x");
        same("https://example.org/amp", "https://example.org/amp");
        same("https://example.org/preamp", "https://example.org/preamp");
        same("https://wwwexample.org/x", "https://wwwexample.org/x");
    }

    #[test]
    fn the_address_of_a_site_names_no_article() {
        assert!(
            ["https://example.org/a", "https://example.org/?p=1", "https://example.org/#!/a"].into_iter().all(names_an_article)
        );
        assert!(!["https://example.org", "http://www.example.org/?utm_source=rss", "tag:x"].into_iter().any(names_an_article));
    }

    #[test]
    fn what_is_no_absolute_http_link_has_no_canonical_form() {
        for link in ["", "/news/1", "mailto:a@example.org", "tag:example.org,2025:1", "https://[bad", "javascript:alert(1)"] {
            assert_eq!(canonical_link(link), None, "{link}");
        }
    }
}
