//! The main job: from a feed to a mailbox and a webhook, once.

use mailparse::MailHeaderMap;
use wirewatch::config::Secret;
use wirewatch::delivery::Signer;

use crate::support::{FeedServer, Hook, Mail, Mailbox, Page, Reply};
use crate::world::{World, rss};

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

const STEEL: (&str, &str, &str) = ("steel-1", "Ministry raises import duty on steel", "The new rate of 25% applies from Friday.");
const WEATHER: (&str, &str, &str) = ("weather-1", "Rain expected", "Take an umbrella.");

struct Scene {
    feeds: FeedServer,
    mailbox: Mailbox,
    hook: Hook,
    world: World,
}

/// One feed, one rule, one mailbox, one webhook.
async fn scene() -> Scene {
    let (feeds, mailbox, hook) = (FeedServer::start().await, Mailbox::start().await, Hook::start().await);
    let world = World::new(&format!(
        r#"
        [feeds.ministry]
        url = "{feed}"
        every = "1s"
        outlet = "The Ministry"

        [rules.duties]
        when = '"import duty" AND (raise* OR cut*)'
        severity = "high"

        [receivers.desk.email]
        from = "Wirewatch <wirewatch@example.org>"
        to = ["desk@example.org"]
        smtp = "smtp://127.0.0.1:{port}"

        [receivers.ops.webhook]
        url = "{hook}"
        secret_file = "secret"
        "#,
        feed = feeds.url("/feed.xml"),
        port = mailbox.port(),
        hook = hook.url(),
    ));
    world.write("secret", SECRET);
    feeds.publish("/feed.xml", feed("\"one\""));
    Scene { feeds, mailbox, hook, world }
}

fn feed(etag: &str) -> Page {
    Page::feed(rss(&[STEEL, WEATHER])).with("etag", etag).with("last-modified", "Fri, 20 Nov 2026 10:00:00 GMT")
}

#[tokio::test]
async fn an_article_becomes_one_mail_and_one_signed_webhook() {
    let Scene { mailbox, hook, world, .. } = scene().await;
    let pass = world.run(&["run", "--once"]).await;
    assert_eq!(pass.code, Some(0), "{}", pass.stderr);
    assert!(pass.stdout.contains("2 new; stories: 1 new") && pass.stdout.contains("2 made"), "{}", pass.stdout);

    let mails = mailbox.mails();
    assert_eq!(mails.len(), 1);
    let mail = mailparse::parse_mail(&mails[0].bytes).unwrap();
    assert_eq!(mail.headers.get_first_value("Subject").unwrap(), format!("[high] duties: {}", STEEL.1));
    assert_eq!(mail.ctype.mimetype, "multipart/alternative");
    let parts: Vec<&str> = mail.subparts.iter().map(|part| part.ctype.mimetype.as_str()).collect();
    assert_eq!(parts, ["text/plain", "text/html"]);

    let calls = hook.calls();
    assert_eq!(calls.len(), 1);
    let (id, timestamp) = (calls[0].header("webhook-id"), calls[0].header("webhook-timestamp"));
    let signature = Signer::parse(&Secret::new(SECRET)).unwrap().sign(id, timestamp.parse().unwrap(), &calls[0].body);
    assert_eq!(calls[0].header("webhook-signature"), signature);
    let body = calls[0].json();
    assert_eq!(
        (&body["type"], &body["data"]["rule"], &body["data"]["title"]),
        (&"alert.new".into(), &"duties".into(), &STEEL.1.into())
    );
    let why: Vec<&str> = body["data"]["why"].as_array().unwrap().iter().map(|place| place["text"].as_str().unwrap()).collect();
    assert_eq!(why, ["raises", "import duty"]);
}

#[tokio::test]
async fn a_second_pass_asks_conditionally_and_repeats_nothing() {
    let Scene { feeds, mailbox, hook, world } = scene().await;
    world.run(&["run", "--once"]).await;
    let second = world.run(&["run", "--once"]).await;
    assert!(second.stdout.contains("0 answered, 1 unchanged, 0 failed"), "{}", second.stdout);
    let asked = feeds.requests("/feed.xml");
    assert_eq!(asked[1]["if-none-match"], "\"one\"");
    assert_eq!(asked[1]["if-modified-since"], "Fri, 20 Nov 2026 10:00:00 GMT");

    feeds.publish("/feed.xml", feed("\"two\""));
    let third = world.run(&["run", "--once"]).await;
    assert!(third.stdout.contains("1 answered") && third.stdout.contains("0 new"), "{}", third.stdout);
    assert_eq!((mailbox.mails().len(), hook.calls().len()), (1, 1));
}

#[tokio::test]
async fn a_daemon_killed_in_the_middle_of_delivery_loses_nothing_and_repeats_under_the_same_id() {
    let Scene { mailbox, hook, world, .. } = scene().await;
    hook.answer_next([Reply::Silence]);
    let daemon = world.start();
    hook.wait_for(1).await;
    daemon.kill().await;

    let pass = world.run(&["run", "--once"]).await;
    assert_eq!(pass.code, Some(0), "{}", pass.stderr);
    let calls = hook.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].header("webhook-id"), calls[1].header("webhook-id"));
    let mails = mailbox.mails();
    let id = |mail: &Mail| mailparse::parse_mail(&mail.bytes).unwrap().headers.get_first_value("Message-ID").unwrap();
    assert!(mails.iter().all(|mail| id(mail) == id(&mails[0])) && mails.len() <= 2);

    world.run(&["run", "--once"]).await;
    assert_eq!((mailbox.mails().len(), hook.calls().len()), (mails.len(), 2));
}

#[tokio::test]
async fn a_copy_of_a_told_article_in_another_feed_rings_nobody() {
    let Scene { feeds, hook, world, .. } = scene().await;
    feeds.publish("/copy.xml", Page::feed(rss(&[STEEL])));
    let config = std::fs::read_to_string(world.path().join("wirewatch.toml")).unwrap();
    world.write("wirewatch.toml", &format!("{config}\n[feeds.agency]\nurl = \"{}\"\n", feeds.url("/copy.xml")));
    let pass = world.run(&["run", "--once"]).await;
    assert!(pass.stdout.contains("stories: 1 new, 1 retold"), "{}", pass.stdout);
    assert_eq!(hook.calls().len(), 1);
}

#[tokio::test]
async fn what_is_old_when_a_feed_is_first_seen_is_learnt_in_silence() {
    let Scene { feeds, hook, world, .. } = scene().await;
    let old = "<rss version=\"2.0\"><channel><title>News</title><item><guid>old</guid><title>Minister raises import duty</title>\
               <pubDate>Mon, 02 Nov 2020 10:00:00 GMT</pubDate></item><item><guid>undated</guid><title>He cuts an import duty</title></item>\
               </channel></rss>";
    feeds.publish("/feed.xml", Page::feed(old));
    let pass = world.run(&["run", "--once"]).await;
    assert!(pass.stdout.contains("2 new; stories: 0 new"), "{}", pass.stdout);
    assert_eq!(hook.calls().len(), 0);
}

#[tokio::test]
async fn a_receiver_that_refuses_is_told_again_later_and_the_pass_says_so() {
    let Scene { mailbox, hook, world, .. } = scene().await;
    hook.answer_next([Reply::Status(500)]);
    let pass = world.run(&["run", "--once"]).await;
    assert_eq!(pass.code, Some(1));
    assert!(pass.stdout.contains("1 made, 1 to retry"), "{}", pass.stdout);
    assert_eq!((mailbox.mails().len(), hook.calls().len()), (1, 1));
}
