//! Alerts by mail, against a server that stumbles.

use lettre::message::Mailbox as Address;
use lettre::transport::smtp::client::Certificate;
use mailparse::MailHeaderMap;
use wirewatch::config::{Channel, Email, Retry, Secret, Smtp, SmtpSecurity};
use wirewatch::delivery::{Couriers, Mailer};
use wirewatch::model::{Alert, AlertKind, Settlement};

use super::{Desk, State, alert, delivered, failed, retried};
use crate::support::{Act, Mail, Mailbox};

fn email(mailbox: &Mailbox, security: SmtpSecurity) -> Email {
    // the certificate is for this name, and every machine has it
    let smtp = Smtp { security, user: None, host: "localhost".into(), port: mailbox.port() };
    let from = "Wirewatch <wire@example.org>".parse().unwrap();
    Email { from, to: vec!["Desk <desk@example.org>".parse().unwrap()], smtp, password: None }
}

fn with_login(email: Email) -> Email {
    let smtp = Smtp { user: Some("wire".into()), ..email.smtp };
    Email { smtp, password: Some(Secret::new("s3cret")), ..email }
}

fn desk(email: Email) -> Desk {
    Desk::for_receivers([("desk", Channel::Email(email))])
}

async fn plain_desk(mailbox: &Mailbox) -> Desk {
    let desk = desk(email(mailbox, SmtpSecurity::None));
    desk.tell("desk", alert("Trump and Xi speak"));
    desk
}

/// A desk whose server's certificate is trusted.
fn trusting_desk(mailbox: &Mailbox, email: &Email) -> Desk {
    let certificate = Certificate::from_der(mailbox.certificate.clone()).unwrap();
    let mut couriers = Couriers::default();
    couriers.add("desk", Box::new(Mailer::trusting(email, vec![certificate]).unwrap()), Retry::Standard);
    let desk = Desk::with(couriers);
    desk.tell("desk", alert("Trump and Xi speak"));
    desk
}

fn header(mail: &Mail, name: &str) -> String {
    mailparse::parse_mail(&mail.bytes).unwrap().headers.get_first_value(name).unwrap_or_default()
}

#[tokio::test]
async fn one_alert_is_one_mail_with_a_text_and_a_page() {
    let mailbox = Mailbox::start().await;
    let desk = plain_desk(&mailbox).await;
    assert_eq!(desk.drain().await, delivered());
    assert_eq!(desk.state(), State::Settled(Settlement::Delivered));
    let mails = mailbox.wait_for(1).await;
    assert_eq!((mails.len(), mails[0].from.as_str()), (1, "wire@example.org"));
    assert_eq!(mails[0].to, ["desk@example.org"]);
    assert_eq!(header(&mails[0], "Subject"), "[high] leader-call: Trump and Xi speak");
    let parsed = mailparse::parse_mail(&mails[0].bytes).unwrap();
    let bodies: Vec<String> = parsed.subparts.iter().map(|part| part.get_body().unwrap()).collect();
    assert!(bodies[0].contains("published  2025-06-05 14:02:00 UTC"), "{}", bodies[0]);
    assert!(bodies[1].contains("<a href=\"https://example.org/a\">Trump and Xi speak</a>"), "{}", bodies[1]);
}

#[tokio::test]
async fn what_is_settled_is_not_sent_again() {
    let mailbox = Mailbox::start().await;
    let desk = plain_desk(&mailbox).await;
    desk.drain().await;
    desk.wait(1_000_000);
    assert_eq!(desk.drain().await, super::Drained::default());
    assert_eq!(mailbox.mails().len(), 1);
}

#[tokio::test]
async fn a_server_that_is_not_ready_is_asked_again() {
    for stage in ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "."] {
        let mailbox = Mailbox::start().await;
        mailbox.once(stage, Act::Say("451 4.3.2 come back later"));
        let desk = plain_desk(&mailbox).await;
        assert_eq!(desk.drain().await, retried(), "{stage}");
        assert!(desk.outbox.error(0).contains("451 4.3.2 come back later"), "{}", desk.outbox.error(0));
        desk.wait(6);
        assert_eq!(desk.drain().await, delivered(), "{stage}");
        assert_eq!(mailbox.mails().len(), 1, "{stage}");
    }
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_kept_as_failed() {
    for stage in ["MAIL", "RCPT", "DATA", "."] {
        let mailbox = Mailbox::start().await;
        mailbox.once(stage, Act::Say("550 5.7.1 not here"));
        let desk = plain_desk(&mailbox).await;
        assert_eq!(desk.drain().await, failed(), "{stage}");
        let Settlement::Failed { error } = settlement(&desk) else { panic!("{stage}") };
        assert!(error.contains("550 5.7.1 not here"), "{error}");
    }
}

fn settlement(desk: &Desk) -> Settlement {
    match desk.state() {
        State::Settled(settlement) => settlement,
        state => panic!("{state:?}"),
    }
}

#[tokio::test]
async fn a_server_that_turns_everybody_away_is_no_reason_to_give_up() {
    let mailbox = Mailbox::start().await;
    mailbox.once("CONNECT", Act::Say("554 5.3.2 closed for works"));
    let desk = plain_desk(&mailbox).await;
    assert_eq!(desk.drain().await, retried());
    assert_eq!(desk.outbox.error(0), "554 5.3.2 closed for works");
}

#[tokio::test]
async fn a_lost_answer_brings_the_same_mail_again() {
    let mailbox = Mailbox::start().await;
    mailbox.once(".", Act::HangUp);
    let desk = plain_desk(&mailbox).await;
    assert_eq!(desk.drain().await, retried());
    desk.wait(6);
    assert_eq!(desk.drain().await, delivered());
    let mails = mailbox.wait_for(2).await;
    assert_eq!(header(&mails[0], "Message-ID"), "<s1.desk@example.org>");
    for name in ["Message-ID", "Date", "Subject"] {
        assert_eq!(header(&mails[0], name), header(&mails[1], name));
    }
}

#[tokio::test]
async fn a_mail_that_was_taken_is_delivered_however_the_farewell_goes() {
    let mailbox = Mailbox::start().await;
    mailbox.once("QUIT", Act::Hang);
    let desk = plain_desk(&mailbox).await;
    assert_eq!(desk.drain().await, delivered());
}

#[tokio::test]
async fn a_bad_recipient_keeps_no_mail_from_the_others() {
    let mailbox = Mailbox::start().await;
    mailbox.once("RCPT TO:<b@", Act::Say("450 4.2.1 greylisted"));
    mailbox.once("RCPT TO:<c@", Act::Say("550 5.1.1 no such user"));
    let to = ["a@example.org", "b@example.org", "c@example.org"].map(|to| to.parse().unwrap()).to_vec();
    let desk = desk(Email { to, ..email(&mailbox, SmtpSecurity::None) });
    desk.tell("desk", alert("Trump and Xi speak"));
    assert_eq!(desk.drain().await, retried());
    assert_eq!(desk.outbox.error(0), "b@example.org: 450 4.2.1 greylisted; c@example.org: 550 5.1.1 no such user");
    desk.wait(6);
    mailbox.once("RCPT TO:<c@", Act::Say("550 5.1.1 no such user"));
    assert_eq!(desk.drain().await, failed());
    let recipients: Vec<Vec<String>> = mailbox.wait_for(2).await.into_iter().map(|mail| mail.to).collect();
    assert_eq!(recipients, [["a@example.org"], ["b@example.org"]]);
    assert_eq!(desk.outbox.error(0), "c@example.org: 550 5.1.1 no such user");
}

#[tokio::test]
async fn an_update_is_threaded_under_its_alert() {
    let mailbox = Mailbox::start().await;
    let desk = plain_desk(&mailbox).await;
    desk.drain().await;
    desk.tell("desk", Alert { kind: AlertKind::Update, id: "c3d4".into(), ..alert("Readout of the call") });
    desk.drain().await;
    let mails = mailbox.wait_for(2).await;
    assert_eq!(header(&mails[1], "In-Reply-To"), header(&mails[0], "Message-ID"));
    assert_eq!(header(&mails[1], "References"), header(&mails[0], "Message-ID"));
    assert_ne!(header(&mails[1], "Message-ID"), header(&mails[0], "Message-ID"));
}

#[tokio::test]
async fn an_international_domain_travels_as_punycode() {
    let mailbox = Mailbox::start().await;
    let plain = email(&mailbox, SmtpSecurity::None);
    let (from, to) = ("wire@bücher.example".parse().unwrap(), vec!["desk@exämple.org".parse().unwrap()]);
    let desk = desk(Email { from, to, ..plain });
    desk.tell("desk", alert("Trump and Xi speak"));
    assert_eq!(desk.drain().await, delivered());
    let mail = mailbox.wait_for(1).await.remove(0);
    assert_eq!((mail.from.as_str(), mail.to[0].as_str()), ("wire@xn--bcher-kva.example", "desk@xn--exmple-cua.org"));
    assert_eq!(header(&mail, "Message-ID"), "<s1.desk@xn--bcher-kva.example>");
}

#[tokio::test]
async fn a_line_that_is_a_dot_ends_no_mail() {
    let mailbox = Mailbox::start().await;
    let desk = desk(email(&mailbox, SmtpSecurity::None));
    let title = format!("{}\r\n.\r\nQUIT\r\n..", ". ".repeat(200));
    desk.tell("desk", alert(&title));
    assert_eq!(desk.drain().await, delivered());
    let mail = mailbox.wait_for(1).await.remove(0);
    let text = mailparse::parse_mail(&mail.bytes).unwrap().subparts[0].get_body().unwrap();
    assert!(text.contains(&format!("{}. QUIT ..", ". ".repeat(200))), "{text}");
}

#[tokio::test]
async fn either_way_of_logging_in_works() {
    for mechanism in ["PLAIN", "LOGIN"] {
        let mailbox = Mailbox::start().await;
        mailbox.require_login(mechanism, "wire", "s3cret");
        let desk = desk(with_login(email(&mailbox, SmtpSecurity::None)));
        desk.tell("desk", alert("Trump and Xi speak"));
        assert_eq!(desk.drain().await, delivered(), "{mechanism}");
        assert_eq!(mailbox.wait_for(1).await[0].user.as_deref(), Some("wire"));
    }
}

#[tokio::test]
async fn a_refused_login_is_tried_again_and_never_shown() {
    let mailbox = Mailbox::start().await;
    mailbox.require_login("PLAIN", "wire", "changed");
    let desk = desk(with_login(email(&mailbox, SmtpSecurity::None)));
    desk.tell("desk", alert("Trump and Xi speak"));
    assert_eq!(desk.drain().await, retried());
    assert_eq!(desk.outbox.error(0), "535 5.7.8 who are you?");
    mailbox.require_login("PLAIN", "wire", "s3cret");
    desk.wait(6);
    assert_eq!(desk.drain().await, delivered());
}

#[tokio::test]
async fn a_missing_login_is_mended_by_people_so_it_is_tried_again() {
    let mailbox = Mailbox::start().await;
    mailbox.require_login("PLAIN", "wire", "s3cret");
    let desk = plain_desk(&mailbox).await;
    assert_eq!(desk.drain().await, retried());
    assert_eq!(desk.outbox.error(0), "530 5.7.0 authentication required");
}

#[tokio::test]
async fn mail_goes_over_tls_either_from_the_start_or_on_demand() {
    let (wrapped, upgraded) = (Mailbox::start_with_tls().await, Mailbox::start_with_starttls().await);
    for (mailbox, security) in [(wrapped, SmtpSecurity::Tls), (upgraded, SmtpSecurity::StartTls)] {
        mailbox.require_login("PLAIN", "wire", "s3cret");
        let desk = trusting_desk(&mailbox, &with_login(email(&mailbox, security)));
        assert_eq!(desk.drain().await, delivered(), "{security:?}");
        assert!(mailbox.wait_for(1).await[0].secure);
    }
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_where_starttls_is_asked_for() {
    let mailbox = Mailbox::start().await;
    let desk = trusting_desk(&mailbox, &email(&mailbox, SmtpSecurity::StartTls));
    assert_eq!(desk.drain().await, retried());
    assert!(desk.outbox.error(0).contains("STARTTLS"), "{}", desk.outbox.error(0));
    assert!(mailbox.mails().is_empty());
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_gets_nothing() {
    let mailbox = Mailbox::start_with_starttls().await;
    let desk = desk(email(&mailbox, SmtpSecurity::StartTls));
    desk.tell("desk", alert("Trump and Xi speak"));
    assert_eq!(desk.drain().await, retried());
    assert!(desk.outbox.error(0).contains("certificate"), "{}", desk.outbox.error(0));
    assert!(mailbox.mails().is_empty());
}

#[test]
fn a_user_without_a_password_is_refused_at_once() {
    let smtp = Smtp { security: SmtpSecurity::None, user: Some("wire".into()), host: "localhost".into(), port: 25 };
    let from: Address = "wire@example.org".parse().unwrap();
    let error = Mailer::new(&Email { to: vec![from.clone()], from, smtp, password: None }).err().unwrap();
    assert_eq!(error, "`wire` cannot log in without a password");
}

#[test]
fn an_address_that_no_server_would_understand_is_refused_at_once() {
    let smtp = Smtp { security: SmtpSecurity::None, user: None, host: "localhost".into(), port: 25 };
    let from = "wire@example.org".parse().unwrap();
    let email = Email { from, to: vec!["büro@example.org".parse().unwrap()], smtp, password: None };
    let error = Mailer::new(&email).err().unwrap();
    assert!(error.contains("`büro@example.org`"), "{error}");
}
