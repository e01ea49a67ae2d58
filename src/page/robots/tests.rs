//! Files as sites write them, and what follows for a path.

use proptest::prelude::*;

use super::*;

/// Whether a file allows each path.
fn allowed(file: &str, paths: &[&str]) -> Vec<bool> {
    let robots = Robots::parse(file.as_bytes());
    paths.iter().map(|path| robots.allows(path)).collect()
}

fn disallow(pattern: &str, path: &str) -> bool {
    !Robots::parse(format!("User-agent: *\nDisallow: {pattern}").as_bytes()).allows(path)
}

#[test]
fn a_site_that_says_nothing_allows_everything() {
    for file in ["", "\n# nothing\n", "User-agent: *\nDisallow:", "Disallow: /", "<html><body>404</body></html>", "Sitemap: /x"] {
        assert_eq!(allowed(file, &["/", "/news/1?a=b"]), [true, true], "{file}");
    }
    assert!(!Robots::closed().allows("/news") && Robots::closed().allows("/robots.txt"));
}

#[test]
fn what_is_said_to_us_by_name_counts_instead_of_what_is_said_to_everybody() {
    let file = "User-agent: *\nDisallow: /\n\nUser-agent: WireWatch\nDisallow: /desk/\n";
    assert_eq!(allowed(file, &["/news", "/desk/1"]), [true, false]);
    for name in ["wirewatch/2.1", "WIREWATCH", "wirewatch bot", "  wirewatch  # us"] {
        assert!(!Robots::parse(format!("User-agent:{name}\nDisallow: /").as_bytes()).allows("/a"), "{name}");
    }
    for name in ["wirewatcher", "wire", "wirewatch-images", "other wirewatch", "*wirewatch"] {
        assert!(Robots::parse(format!("User-agent: {name}\nDisallow: /").as_bytes()).allows("/a"), "{name}");
    }
}

#[test]
fn a_group_that_names_us_and_forbids_nothing_allows_everything() {
    assert_eq!(allowed("user-agent: wirewatch\n\nuser-agent: *\ndisallow: /", &["/a"]), [false]);
    assert_eq!(allowed("user-agent: wirewatch\ndisallow:\nuser-agent: *\ndisallow: /", &["/a"]), [true]);
}

#[test]
fn groups_for_one_name_are_one_and_a_group_may_have_several_names() {
    let file =
        "User-agent: a\nUser-agent: wirewatch\nDisallow: /x\n\nUser-agent: b\nDisallow: /\n\nUser-agent: wirewatch\nDisallow: /y";
    assert_eq!(allowed(file, &["/x", "/y", "/z"]), [false, false, true]);
}

#[test]
fn lines_of_other_things_end_no_group() {
    let file = "User-agent: wirewatch\nSitemap: https://a.example/s.xml\nCrawl-delay: 2\nUser-agent: b\nHost: a\nDisallow: /x";
    assert_eq!(allowed(file, &["/x", "/y"]), [false, true]);
}

#[test]
fn lines_may_end_in_any_way_and_hold_blanks_and_comments() {
    let file = "\u{feff}USER-AGENT :\t*\r\rdisallow  : /x # not this\r\nDISALLOW:/y\n";
    assert_eq!(allowed(file, &["/x", "/y", "/z"]), [false, false, true]);
}

#[test]
fn the_longest_rule_decides_and_of_two_as_long_the_one_that_allows() {
    let file = "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\nDisallow: /other\nAllow: /other";
    assert_eq!(allowed(file, &["/example/page/", "/example/page/disallowed.gif", "/other"]), [true, false, true]);
    let file = "User-agent: *\nDisallow: /*.html$\nAllow: /p";
    assert_eq!(allowed(file, &["/page.html", "/page.htm", "/q.html?x"]), [false, true, true]);
}

#[test]
fn a_star_is_anything_and_a_dollar_the_end() {
    for (pattern, fitting, other) in [
        ("/this/path/exactly$", "/this/path/exactly", "/this/path/exactly/"),
        ("/this/*/exactly", "/this/is/path/exactly", "/that/path/exactly"),
        ("/fish*", "/fishheads/yummy.html?id=1", "/Fish.asp"),
        ("/*.gif", "/a/b.gif?x=y", "/a/b.GIF"),
        ("/*.gif$", "/a.gif.gif", "/a.gif?x"),
        ("*/private", "/a/private", "/a/public"),
        ("/a*b*c$", "/abbcc", "/abcd"),
        ("/a*", "/a", "/b"),
        ("/$", "/", "/a"),
        ("/a**b", "/axb", "/ax"),
        ("/fünf", "/f%C3%BCnf", "/f%C3%BC"),
        ("/cash$flow", "/cash$flow", "/cash"),
    ] {
        assert!(disallow(pattern, fitting) && !disallow(pattern, other), "{pattern}");
    }
}

/// The table of RFC 9309 §2.2.2, each path under the rule as written and as encoded.
#[test]
fn one_path_in_two_spellings_is_one_path() {
    for (written, encoded, path) in [
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", "/foo/bar?baz=quz"),
        ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar"),
        ("/foo/bar/\u{30c4}", "/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84"),
        ("/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", "/foo/bar/\u{30c4}"),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", "/foo/bar/%62%61%7A"),
    ] {
        assert!(disallow(written, path) && disallow(encoded, path) && disallow(written, encoded), "{written}");
    }
    assert!(!disallow("/a/b", "/a%2Fb"), "a slash that is encoded separates nothing");
    assert!(!disallow("/a%2Fb", "/a/b"));
}

/// RFC 9309 §2.2.3: what is special may be written `%2A` and `%24`.
#[test]
fn a_star_that_is_meant_as_itself_is_encoded() {
    assert!(
        disallow("/file-with-a-%2A.html", "/file-with-a-*.html") && !disallow("/file-with-a-%2A.html", "/file-with-a-x.html")
    );
    assert!(disallow("/cost%24", "/cost$s") && !disallow("/cost%24", "/cost"));
}

#[test]
fn a_delay_is_read_and_nonsense_is_none() {
    let delay = |value: &str| Robots::parse(format!("User-agent: *\nCrawl-delay: {value}\nDisallow: /x").as_bytes()).delay();
    assert_eq!(delay("2.5"), Some(Duration::from_millis(2_500)));
    for nonsense in ["", "soon", "-1", "nan", "inf", "1e400"] {
        assert_eq!(delay(nonsense), None, "{nonsense}");
    }
}

#[test]
fn a_huge_file_is_read_as_far_as_it_must_be() {
    let filler = "# filler\n".repeat(40_000);
    let early = format!("User-agent: *\n{filler}Disallow: /a\n");
    assert_eq!(allowed(&early, &["/a"]), [false]);
    assert_eq!(allowed(&format!("{early}{filler}Disallow: /b\n"), &["/a", "/b"]), [false, true]);
}

/// A plain reading of a pattern, by trying every length for each star.
fn fits_plainly(pattern: &[u8], path: &[u8]) -> bool {
    match (pattern, path) {
        ([], _) => true,
        ([b'$'], rest) => rest.is_empty(),
        ([b'*', pattern @ ..], _) => (0..=path.len()).any(|skip| fits_plainly(pattern, &path[skip..])),
        ([one, pattern @ ..], [other, path @ ..]) => one == other && fits_plainly(pattern, path),
        _ => false,
    }
}

proptest! {
    #[test]
    fn patterns_fit_as_they_read(pattern in "/[ab*]{0,8}\\$?", path in "/[ab]{0,12}") {
        prop_assert_eq!(disallow(&pattern, &path), fits_plainly(pattern.as_bytes(), path.as_bytes()), "{} {}", pattern, path);
    }

    #[test]
    fn any_bytes_are_a_file(file in proptest::collection::vec(any::<u8>(), 0..400), path in "/\\PC{0,40}") {
        Robots::parse(&file).allows(&path);
    }

    #[test]
    fn a_longer_rule_never_loses_to_a_shorter_one(file in "(user-agent: (\\*|wirewatch|b)\n|(dis)?allow: /[ab*$]{0,4}\n|x: y\n){0,12}") {
        let robots = Robots::parse(format!("{file}\nuser-agent: wirewatch\ndisallow: /aaaaaaaaaaaa\n").as_bytes());
        prop_assert!(!robots.allows("/aaaaaaaaaaaa"));
    }
}
