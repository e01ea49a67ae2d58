//! `feeds add`, `import` and `export`: the configuration grows, and nothing in it is lost.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::{FeedServer, Page};
use crate::world::{Finished, World, rss};

const CONFIG: &str = "# ours, with a comment\n[feeds.old]   # and another\nurl = \"https://old.example/feed\"\ntags = [ \"a\",\"b\" ]\n\n\
                      [rules.never]\nwhen = 'zxqj'";

fn list(outlines: &str) -> String {
    format!("<opml version=\"2.0\"><head/><body>{outlines}</body></opml>")
}

fn config(world: &World) -> String {
    fs::read_to_string(world.path().join("wirewatch.toml")).unwrap()
}

/// The names of everything in a folder.
fn files(world: &World) -> Vec<String> {
    let mut names: Vec<_> =
        fs::read_dir(world.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

async fn import(world: &World, outlines: &str, more: &[&str]) -> Finished {
    world.write("list.opml", &list(outlines));
    world.run(&[&["feeds", "import", "list.opml"], more].concat()).await
}

#[tokio::test]
async fn an_imported_list_stands_behind_what_was_there_and_the_rest_is_said() {
    let world = World::with_config(CONFIG);
    let path = world.path().join("wirewatch.toml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let outlines = "<outline text='Asia'><outline text='NHK \"World\"' xmlUrl='https://nhk.example/rss'/></outline>\
                    <outline text='Old' xmlUrl='http://www.old.example/feed/'/><outline text='Router' xmlUrl='http://192.168.0.1/log.rss'/>\
                    <outline text='Disk' xmlUrl='file:///etc/passwd'/>";
    let done = import(&world, outlines, &["--tag", "mine"]).await;
    assert_eq!(done.code, Some(1), "two were refused");
    assert_eq!(done.stdout, "added    nhk-world  https://nhk.example/rss\n");
    for told in [
        "already there as old: http://www.old.example/feed/",
        "refused: Router http://192.168.0.1/log.rss: 192.168.0.1 is a private address (set allow_private_addresses or allow_networks)",
        "refused: Disk file:///etc/passwd: file: addresses are not fetched, only http: and https:",
        "wirewatch.toml now has them; a daemon at work takes them over on SIGHUP",
    ] {
        assert!(done.stderr.contains(told), "{told}\n{}", done.stderr);
    }
    let table =
        "[feeds.nhk-world]\nurl = \"https://nhk.example/rss\"\noutlet = \"NHK \\\"World\\\"\"\ntags = [\"Asia\", \"mine\"]\n";
    assert_eq!(config(&world), format!("{CONFIG}\n\n{table}"));
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(files(&world), ["list.opml", "wirewatch.toml"]);
    assert_eq!(world.run(&["check"]).await.code, Some(0));

    let again = import(&world, outlines, &[]).await;
    assert_eq!((again.stdout.as_str(), again.stderr.matches("already there").count()), ("", 2));
    assert_eq!(config(&world), format!("{CONFIG}\n\n{table}"));
}

#[tokio::test]
async fn a_dry_run_prints_the_tables_and_changes_nothing() {
    let world = World::with_config(CONFIG);
    let done = import(&world, "<outline text='A' xmlUrl='https://a.example/'/>", &["--dry-run"]).await;
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "\n[feeds.a]\nurl = \"https://a.example/\"\noutlet = \"A\"\n"));
    assert_eq!(config(&world), CONFIG);
}

#[tokio::test]
async fn a_configuration_that_would_not_pass_with_more_feeds_stays_as_it_is() {
    let inline = "feeds = { old = { url = \"https://old.example/\" } }\nrules = { never = { when = 'zxqj' } }\n";
    let world = World::with_config(inline);
    let done = import(&world, "<outline text='A' xmlUrl='https://a.example/'/>", &[]).await;
    assert_eq!(done.code, Some(1));
    assert!(done.stderr.contains("would not pass with these feeds and stays as it is"), "{}", done.stderr);
    assert_eq!((config(&world).as_str(), files(&world)), (inline, vec!["list.opml".to_owned(), "wirewatch.toml".into()]));

    let broken = World::with_config("[feeds.x]\n");
    let done = import(&broken, "<outline text='A' xmlUrl='https://a.example/'/>", &[]).await;
    assert_eq!((done.code, config(&broken).as_str()), (Some(78), "[feeds.x]\n"));
}

#[tokio::test]
async fn what_a_link_leads_to_grows_and_the_link_stays() {
    let world = World::with_config("");
    world.write("real/feeds.toml", CONFIG);
    fs::remove_file(world.path().join("wirewatch.toml")).unwrap();
    symlink("real/feeds.toml", world.path().join("wirewatch.toml")).unwrap();
    let done = import(&world, "<outline text='A' xmlUrl='https://a.example/'/>", &[]).await;
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(fs::symlink_metadata(world.path().join("wirewatch.toml")).unwrap().is_symlink());
    assert!(fs::read_to_string(world.path().join("real/feeds.toml")).unwrap().contains("[feeds.a]"));
}

#[tokio::test]
async fn what_is_no_list_of_feeds_is_refused_as_a_whole() {
    let world = World::with_config(CONFIG);
    for (document, told) in
        [("<rss/>", "its root element is <rss>"), ("", "it has no elements"), ("<opml/>", "there are no feeds in this list")]
    {
        world.write("list.opml", document);
        let done = world.run(&["feeds", "import", "list.opml"]).await;
        assert!(done.code == Some(1) && done.stderr.contains(told), "{}", done.stderr);
    }
    let done = world.run(&["feeds", "import", "http://127.0.0.1:9/list.opml"]).await;
    assert!(done.code == Some(1) && done.stderr.contains("loopback address"), "{}", done.stderr);
    assert_eq!(config(&world), CONFIG);
}

#[tokio::test]
async fn feeds_go_out_as_a_list_and_come_in_again() {
    let world = World::with_config(
        "[feeds.dw]\nurl = \"https://rss.dw.example/all?a=1&b=2\"\noutlet = \"DW <Welt> & \\\"mehr\\\"\"\ntags = [\"press\", \"de\", \"a/b\"]\n\
         [feeds.dw-deutsch]\nurl = \"https://rss.dw.example/de\"\n[rules.never]\nwhen = 'zxqj'\n",
    );
    let out = world.run(&["feeds", "export"]).await;
    assert_eq!(out.code, Some(0));
    assert!(
        out.stdout.contains("category=\"press,de\"") && out.stdout.contains("xmlUrl=\"https://rss.dw.example/all?a=1&amp;b=2\"")
    );
    assert!(out.stderr.contains("the tag \"a/b\" of dw is left out"), "{}", out.stderr);
    let other = World::with_config("[rules.never]\nwhen = 'zxqj'\n");
    other.write("list.opml", &out.stdout);
    assert_eq!(other.run(&["feeds", "import", "list.opml"]).await.code, Some(0));
    assert_eq!(other.run(&["feeds", "export"]).await.stdout, out.stdout);
}

#[tokio::test]
async fn a_page_is_added_by_the_one_feed_it_offers() {
    let site = FeedServer::start().await;
    let page = "<html><link rel=alternate type=application/rss+xml href=/rss.xml>\
                <link rel=alternate type=application/rss+xml href=/comments/feed/></html>";
    site.publish("/", Page::feed(page));
    site.publish("/comments/feed/", Page::feed(rss(&[("9", "Nine", "")])));
    site.publish("/rss.xml", Page::feed(rss(&[("1", "One", "")])));
    let world = World::new("[rules.never]\nwhen = 'zxqj'\n");
    let url = site.url("/");
    let done = world.run(&["feeds", "add", url.as_str(), "--tag", "press"]).await;
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert_eq!(done.stdout, format!("added    news  {}\n", site.url("/rss.xml")));
    assert!(config(&world).ends_with("outlet = \"News\"\ntags = [\"press\"]\n"));
    let again = world.run(&["feeds", "add", site.url("/rss.xml").as_str(), "--name", "other"]).await;
    assert!(again.code == Some(0) && again.stderr.contains("already there as news"), "{}", again.stderr);
    let taken = world.run(&["feeds", "add", url.as_str(), "--name", "news"]).await;
    assert!(taken.code == Some(1) && taken.stderr.contains("cannot be named"), "{}", taken.stderr);
}

#[tokio::test]
async fn of_several_feeds_none_is_chosen_for_anybody_and_of_none_none_is_made_up() {
    let site = FeedServer::start().await;
    site.publish("/", Page::feed("<html><a href=/a.rss>A</a><a href=/b.rss>B</a></html>"));
    site.publish("/a.rss", Page::feed(rss(&[("1", "One", "")])));
    site.publish("/b.rss", Page::feed(rss(&[("2", "Two", "")])));
    site.publish("/empty", Page::feed("<html></html>"));
    let world = World::new("[rules.never]\nwhen = 'zxqj'\n");
    let before = config(&world);
    let several = world.run(&["feeds", "add", site.url("/").as_str()]).await;
    assert!(several.code == Some(1) && several.stderr.contains("add the one you mean by its own address"), "{}", several.stderr);
    assert!(several.stdout.contains(site.url("/b.rss").as_str()));
    let none = world.run(&["feeds", "add", site.url("/empty").as_str()]).await;
    assert!(none.code == Some(1) && none.stderr.contains("no feed was found"), "{}", none.stderr);
    let dead = world.run(&["feeds", "add", site.url("/dead").as_str()]).await;
    assert!(dead.code == Some(1) && dead.stderr.contains("answered 404 Not Found"), "{}", dead.stderr);
    assert_eq!(config(&world), before);
}
