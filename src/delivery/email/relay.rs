//! The mail server that takes our mail, and the conversation with it (RFC 5321).
//!
//! The conversation is ours rather than the library's, so that one bad recipient does not keep the mail from the others, and
//! a server that takes a mail and then stumbles over the farewell has taken it all the same.

use std::error::Error as _;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::letter::Letter;
use crate::config::{Secret, Smtp, SmtpSecurity};
use crate::delivery::message::{ANSWER_CHARACTERS, one_line};
use crate::delivery::{Refusal, in_words};

/// The longest wait for a server to answer QUIT.
const FAREWELL: Duration = Duration::from_secs(5);
/// "Authentication required" (RFC 4954 §6): the one permanent answer to a mail that is not about the mail.
const AUTHENTICATION_REQUIRED: u16 = 530;

/// A mail server and how it is reached.
pub struct Relay {
    host: String,
    port: u16,
    protection: Protection,
    credentials: Option<Credentials>,
}

enum Protection {
    None,
    StartTls(TlsParameters),
    Tls(TlsParameters),
}

/// What a server made of a mail.
#[derive(Default)]
pub struct Handover {
    /// Whom it took it for.
    pub accepted: Vec<Address>,
    /// Whom it did not, and why.
    pub refused: Vec<(Address, Refusal)>,
    /// What it said in the end.
    pub answer: String,
}

impl Relay {
    /// Trusts these authorities besides the system's. The error says in words what cannot work.
    pub fn new(smtp: &Smtp, password: Option<&Secret>, authorities: Vec<Certificate>) -> Result<Self, String> {
        let protection = match smtp.security {
            SmtpSecurity::None => Protection::None,
            SmtpSecurity::StartTls => Protection::StartTls(tls(&smtp.host, authorities)?),
            SmtpSecurity::Tls => Protection::Tls(tls(&smtp.host, authorities)?),
        };
        let credentials = match (&smtp.user, password) {
            (Some(user), Some(password)) => Some(Credentials::new(user.clone(), password.expose().to_owned())),
            (None, None) => None,
            (Some(user), None) => return Err(format!("`{user}` cannot log in without a password")),
            (None, Some(_)) => return Err("a password without a user: the server's address has none before an @".to_owned()),
        };
        Ok(Self { host: smtp.host.clone(), port: smtp.port, protection, credentials })
    }

    /// Hands a letter over for these recipients.
    ///
    /// Until the server knows of the letter, whatever it says is about the connection or the login. An operator can mend these,
    /// so they are transient, a refused password included.
    pub async fn hand_over(&self, letter: &Letter, to: &[Address]) -> Result<Handover, Refusal> {
        let mut connection = self.log_in().await?;
        let handover = converse(&mut connection, letter, to).await;
        // what was said counts, however long the farewell takes
        tokio::spawn(async move { timeout(FAREWELL, connection.quit()).await });
        handover
    }

    async fn log_in(&self) -> Result<AsyncSmtpConnection, Refusal> {
        let mut connection = self.connect().await?;
        if let Some(credentials) = &self.credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            connection.auth(&mechanisms, credentials).await.map_err(passing)?;
        }
        Ok(connection)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Refusal> {
        let name = ClientId::default();
        if let Protection::Tls(tls) = &self.protection {
            let server = (self.host.as_str(), self.port);
            return AsyncSmtpConnection::connect_tokio1(server, None, &name, Some(tls.clone()), None).await.map_err(passing);
        }
        let stream = self.dial().await.map_err(|error| Refusal::transient(format!("{}: {}", self.host, in_words(&error))))?;
        let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &name).await.map_err(passing)?;
        if let Protection::StartTls(tls) = &self.protection {
            connection.starttls(tls.clone(), &name).await.map_err(passing)?;
        }
        Ok(connection)
    }

    async fn dial(&self) -> std::io::Result<TcpStream> {
        let stream = TcpStream::connect((self.host.as_str(), self.port)).await?;
        // a mail and its final dot are written one after the other: else the dot waits 40 ms for an acknowledgement
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

fn tls(host: &str, authorities: Vec<Certificate>) -> Result<TlsParameters, String> {
    let builder = TlsParameters::builder(host.to_owned());
    let builder = authorities.into_iter().fold(builder, smtp::client::TlsParametersBuilder::add_root_certificate);
    builder.build_rustls().map_err(|error| in_words(&error))
}

async fn converse(connection: &mut AsyncSmtpConnection, letter: &Letter, to: &[Address]) -> Result<Handover, Refusal> {
    connection.command(Mail::new(Some(letter.from.clone()), Vec::new())).await.map_err(refusal)?;
    let mut handover = Handover::default();
    for address in to {
        match connection.command(Rcpt::new(address.clone(), Vec::new())).await {
            Ok(_) => handover.accepted.push(address.clone()),
            Err(error) if error.status().is_some() => handover.refused.push((address.clone(), refusal(error))),
            Err(error) => return Err(refusal(error)),
        }
    }
    if !handover.accepted.is_empty() {
        connection.command(Data).await.map_err(refusal)?;
        handover.answer = answer(&connection.message(&letter.bytes).await.map_err(refusal)?);
    }
    Ok(handover)
}

fn answer(response: &Response) -> String {
    let lines: Vec<&str> = response.message().collect();
    one_line(&format!("{} {}", response.code(), lines.join(" ")), ANSWER_CHARACTERS)
}

/// A connection that dies leaves the outcome unknown: better a second copy, with the same Message-ID, than none.
fn refusal(error: smtp::Error) -> Refusal {
    let permanent = error.is_permanent() && error.status().map(u16::from) != Some(AUTHENTICATION_REQUIRED);
    Refusal { permanent, ..passing(error) }
}

fn passing(error: smtp::Error) -> Refusal {
    Refusal::transient(match (error.status(), error.source()) {
        (Some(code), Some(words)) => one_line(&format!("{code} {words}"), ANSWER_CHARACTERS),
        _ => in_words(&error),
    })
}
