//! A mail server (RFC 5321) with STARTTLS and logins, which stumbles where it is told to.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::Record;

/// A mail that was taken.
#[derive(Clone)]
pub struct Mail {
    /// The sender of its envelope.
    pub from: String,
    /// The recipients of its envelope.
    pub to: Vec<String>,
    /// All of it, dots unstuffed.
    pub bytes: Vec<u8>,
    /// Whether it came over TLS.
    pub secure: bool,
    /// Who had logged in.
    pub user: Option<String>,
}

/// What the server does instead of what it should.
#[derive(Clone, Copy)]
pub enum Act {
    /// Says this.
    Say(&'static str),
    /// Says nothing more, and keeps the connection.
    Hang,
    /// Closes the connection. A mail that is complete is taken all the same.
    HangUp,
}

/// How a connection is secured.
#[derive(Clone, Copy, PartialEq)]
enum Tls {
    Never,
    OnDemand,
    FromTheFirstByte,
}

/// A mail server that takes everything unless told otherwise.
pub struct Mailbox {
    address: SocketAddr,
    /// The certificate it shows, as DER; it stands for no name but `localhost`.
    pub certificate: Vec<u8>,
    office: Arc<Office>,
}

struct Office {
    mails: Record<Mail>,
    script: Mutex<Vec<(&'static str, Act)>>,
    login: Mutex<Option<Login>>,
    tls: Tls,
    acceptor: TlsAcceptor,
}

#[derive(Clone)]
struct Login {
    mechanism: &'static str,
    user: &'static str,
    password: &'static str,
}

impl Mailbox {
    /// Starts one that knows nothing of TLS.
    pub async fn start() -> Self {
        Self::open(Tls::Never).await
    }

    /// Starts one that offers STARTTLS.
    pub async fn start_with_starttls() -> Self {
        Self::open(Tls::OnDemand).await
    }

    /// Starts one that speaks TLS from the first byte.
    pub async fn start_with_tls() -> Self {
        Self::open(Tls::FromTheFirstByte).await
    }

    async fn open(tls: Tls) -> Self {
        super::enable_tls();
        let (acceptor, certificate) = acceptor();
        let office = Office { mails: Record::new(), script: Mutex::default(), login: Mutex::default(), tls, acceptor };
        let office = Arc::new(office);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(receive(listener, Arc::clone(&office)));
        Self { address, certificate, office }
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Lets in only who logs in by this mechanism, `PLAIN` or `LOGIN`.
    pub fn require_login(&self, mechanism: &'static str, user: &'static str, password: &'static str) {
        *self.office.login.lock().unwrap() = Some(Login { mechanism, user, password });
    }

    /// Does this once, at the next command that starts so; `CONNECT` stands for the greeting and `.` for the end of a mail.
    pub fn once(&self, command: &'static str, act: Act) {
        self.office.script.lock().unwrap().push((command, act));
    }

    /// The mails so far.
    pub fn mails(&self) -> Vec<Mail> {
        self.office.mails.all()
    }

    /// The mails, once there are so many.
    pub async fn wait_for(&self, count: usize) -> Vec<Mail> {
        self.office.mails.wait_for(count).await
    }
}

fn acceptor() -> (TlsAcceptor, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let config = rustls::ServerConfig::builder().with_no_client_auth();
    let config = config.with_single_cert(vec![certificate.clone()], key.into()).unwrap();
    (TlsAcceptor::from(Arc::new(config)), certificate.to_vec())
}

async fn receive(listener: TcpListener, office: Arc<Office>) {
    while let Ok((stream, _)) = listener.accept().await {
        let office = Arc::clone(&office);
        tokio::spawn(async move { office.attend(stream).await });
    }
}

impl Office {
    async fn attend(&self, stream: TcpStream) -> io::Result<()> {
        if self.tls == Tls::FromTheFirstByte {
            return Session::new(self.acceptor.accept(stream).await?, self, true).greet_and_talk().await.map(drop);
        }
        if let Some(stream) = Session::new(stream, self, false).greet_and_talk().await? {
            Session::new(self.acceptor.accept(stream).await?, self, true).talk().await?;
        }
        Ok(())
    }

    fn act(&self, command: &str) -> Option<Act> {
        let mut script = self.script.lock().unwrap();
        let place = script.iter().position(|(start, _)| command.starts_with(start))?;
        Some(script.remove(place).1)
    }
}

struct Session<'a, S> {
    stream: BufReader<S>,
    office: &'a Office,
    mail: Mail,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Session<'a, S> {
    fn new(stream: S, office: &'a Office, secure: bool) -> Self {
        let mail = Mail { from: String::new(), to: Vec::new(), bytes: Vec::new(), secure, user: None };
        Self { stream: BufReader::new(stream), office, mail }
    }

    async fn greet_and_talk(mut self) -> io::Result<Option<S>> {
        self.say_or("CONNECT", "220 mailbox ESMTP").await?;
        self.talk().await
    }

    /// Until the client leaves, or wants TLS: then the bare stream is returned.
    async fn talk(mut self) -> io::Result<Option<S>> {
        loop {
            let line = self.listen().await?;
            let command: String = line.chars().take_while(|sign| *sign != ' ').collect();
            match command.as_str() {
                "EHLO" => self.introduce(&line).await?,
                "STARTTLS" => {
                    self.say_or(&line, "220 2.0.0 go ahead").await?;
                    return Ok(Some(self.stream.into_inner()));
                }
                "AUTH" => self.log_in(&line).await?,
                "MAIL" => self.open(&line).await?,
                "RCPT" => self.address(&line).await?,
                "DATA" => self.take(&line).await?,
                "RSET" | "NOOP" => self.say_or(&line, "250 2.0.0 ok").await.map(drop)?,
                "QUIT" => return self.say_or(&line, "221 2.0.0 bye").await.map(|_| None),
                _ => self.say("502 5.5.2 what?").await?,
            }
        }
    }

    async fn introduce(&mut self, line: &str) -> io::Result<()> {
        let mut words = "250-mailbox\r\n".to_owned();
        if self.office.tls == Tls::OnDemand && !self.mail.secure {
            words.push_str("250-STARTTLS\r\n");
        }
        let login = self.office.login.lock().unwrap().clone();
        if let Some(login) = login {
            words.push_str(&format!("250-AUTH {}\r\n", login.mechanism));
        }
        self.say_or(line, &(words + "250 8BITMIME")).await.map(drop)
    }

    async fn log_in(&mut self, line: &str) -> io::Result<()> {
        let (user, password) = match line.strip_prefix("AUTH PLAIN ") {
            Some(both) => {
                let both = decode(both);
                let mut parts = both.split('\0').skip(1).map(str::to_owned);
                (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
            }
            None => (self.ask("Username:").await?, self.ask("Password:").await?),
        };
        let login = self.office.login.lock().unwrap().clone();
        if !login.is_some_and(|login| login.user == user && login.password == password) {
            return self.say("535 5.7.8 who are you?").await;
        }
        self.mail.user = Some(user);
        self.say_or(line, "235 2.7.0 welcome").await.map(drop)
    }

    async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(&format!("334 {}", BASE64_STANDARD.encode(question))).await?;
        Ok(decode(&self.listen().await?))
    }

    async fn open(&mut self, line: &str) -> io::Result<()> {
        let is_stranger = self.office.login.lock().unwrap().is_some() && self.mail.user.is_none();
        if is_stranger {
            return self.say("530 5.7.0 authentication required").await;
        }
        if self.say_or(line, "250 2.1.0 ok").await? {
            self.mail = Mail { from: between_brackets(line), to: Vec::new(), ..self.mail.clone() };
        }
        Ok(())
    }

    async fn address(&mut self, line: &str) -> io::Result<()> {
        if self.say_or(line, "250 2.1.5 ok").await? {
            self.mail.to.push(between_brackets(line));
        }
        Ok(())
    }

    async fn take(&mut self, line: &str) -> io::Result<()> {
        if !self.say_or(line, "354 go on").await? {
            return Ok(());
        }
        self.mail.bytes.clear();
        loop {
            let mut line = Vec::new();
            self.stream.read_until(b'\n', &mut line).await?;
            match line.as_slice() {
                b"" => return Err(io::ErrorKind::UnexpectedEof.into()),
                b".\r\n" => return self.finish().await,
                [b'.', unstuffed @ ..] => self.mail.bytes.extend_from_slice(unstuffed),
                line => self.mail.bytes.extend_from_slice(line),
            }
        }
    }

    async fn finish(&mut self) -> io::Result<()> {
        let act = self.office.act(".");
        if !matches!(act, Some(Act::Say(_))) {
            self.office.mails.add(self.mail.clone());
        }
        self.perform(act, "250 2.0.0 taken").await.map(drop)
    }

    /// Says what the script says, else this. Returns whether it was this.
    async fn say_or(&mut self, command: &str, words: &str) -> io::Result<bool> {
        self.perform(self.office.act(command), words).await
    }

    async fn perform(&mut self, act: Option<Act>, words: &str) -> io::Result<bool> {
        match act {
            None => self.say(words).await.map(|()| true),
            Some(Act::Say(other)) => self.say(other).await.map(|()| false),
            Some(Act::Hang) => std::future::pending().await,
            Some(Act::HangUp) => Err(io::ErrorKind::ConnectionAborted.into()),
        }
    }

    async fn say(&mut self, words: &str) -> io::Result<()> {
        self.stream.write_all(format!("{words}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    async fn listen(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}

fn decode(text: &str) -> String {
    String::from_utf8(BASE64_STANDARD.decode(text).unwrap()).unwrap()
}

fn between_brackets(line: &str) -> String {
    line.chars().skip_while(|sign| *sign != '<').skip(1).take_while(|sign| *sign != '>').collect()
}
