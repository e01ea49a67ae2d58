//! `[receivers.*]` and `[[routes]]`.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use super::diagnostic::{Diagnostics, Located, Spot};
use super::reader::{Item, Reader};
use super::sections::{Named, named, suggestion};
use super::value::{FromItem, OneOrMany};
use super::{Channel, Email, Receiver, Retry, Route, Smtp, SmtpSecurity, Stdout, Webhook, secret};

/// The receiver where none is configured: the terminal.
const SCREEN: &str = "screen";

pub(super) fn receivers(files: &mut [Reader<'_>], diagnostics: &mut Diagnostics) -> Named<Receiver> {
    let mut receivers = named(files, "receivers", diagnostics, |name, table, diagnostics| {
        let tables = [
            ("email", table.table("email", diagnostics)),
            ("webhook", table.table("webhook", diagnostics)),
            ("stdout", table.table("stdout", diagnostics)),
        ];
        let mut given: Vec<(&str, Reader<'_>)> = tables.into_iter().filter_map(|(kind, table)| Some((kind, table?))).collect();
        let (Some((kind, mut channel)), true) = (given.pop(), given.is_empty()) else {
            let message = format!("[receivers.{}] must have exactly one channel", name.value);
            diagnostics
                .error(&name.spot, message)
                .hint(format!("write [receivers.{0}.email], [receivers.{0}.webhook] or [receivers.{0}.stdout]", name.value));
            return None;
        };
        let receiver = receiver(kind, &mut channel, name.spot.clone(), diagnostics);
        channel.finish(diagnostics);
        receiver
    });
    if receivers.declared.is_empty() {
        let spot = Spot { source: 0, span: 0..0 };
        let screen = Receiver { channel: Channel::Stdout(Stdout::default()), retry: Retry::default(), spot: spot.clone() };
        receivers.values.insert(SCREEN.to_owned(), screen);
        receivers.declared.insert(SCREEN.to_owned(), spot);
    }
    receivers
}

fn receiver(kind: &str, table: &mut Reader<'_>, spot: Spot, diagnostics: &mut Diagnostics) -> Option<Receiver> {
    let retry = table.optional("retry", diagnostics).unwrap_or_default();
    let channel = match kind {
        "email" => Channel::Email(email(table, diagnostics)?),
        "webhook" => Channel::Webhook(webhook(table, diagnostics)?),
        _ => Channel::Stdout(stdout(table, diagnostics)?),
    };
    Some(Receiver { channel, retry, spot })
}

fn email(table: &mut Reader<'_>, diagnostics: &mut Diagnostics) -> Option<Email> {
    let from = table.required("from", diagnostics);
    let to = table.required::<OneOrMany<_>>("to", diagnostics).filter(|to| !to.0.is_empty());
    let smtp = table.required::<Located<Smtp>>("smtp", diagnostics);
    let password = secret::secret(table, "password", "password_file", diagnostics);
    let smtp = smtp?;
    let password_given = table.has("password") || table.has("password_file");
    match &smtp.value {
        Smtp { user: Some(user), .. } if !password_given => {
            diagnostics.error(&smtp.spot, format!("no password is given for `{user}`")).hint("add `password_file = \"…\"`");
        }
        Smtp { user: None, .. } if password_given => {
            diagnostics.error(&smtp.spot, "a password is given, but no user").hint("write \"smtp+starttls://USER@HOST:587\"");
        }
        Smtp { user: Some(_), security: SmtpSecurity::None, .. } => {
            diagnostics.warning(&smtp.spot, "the password travels in the clear").hint("write smtp+starttls:// or smtps://");
        }
        Smtp { .. } => {}
    }
    Some(Email { from: from?, to: to?.0, smtp: smtp.value, password })
}

impl FromItem for Smtp {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        const HINT: &str = "write \"smtp+starttls://user@mail.example.org:587\", or with smtps:// or smtp://";
        let text = item.text("the address of a mail server in quotes", diagnostics)?;
        item.parsed(smtp(text), HINT, diagnostics)
    }
}

fn smtp(text: &str) -> Result<Smtp, String> {
    let url = Url::parse(text).map_err(|why| format!("`{text}` is not an address: {why}"))?;
    let (security, port) = match url.scheme() {
        "smtp" => (SmtpSecurity::None, 25),
        "smtps" => (SmtpSecurity::Tls, 465),
        "smtp+starttls" => (SmtpSecurity::StartTls, 587),
        other => return Err(format!("`{other}:` is not a way to reach a mail server")),
    };
    if url.password().is_some() {
        return Err("a password never stands in the file".to_owned());
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| format!("`{text}` names no server"))?;
    let user = percent_decoded(url.username()).filter(|user| !user.is_empty());
    Ok(Smtp { security, user, host: host.trim_matches(['[', ']']).to_owned(), port: url.port().unwrap_or(port) })
}

fn percent_decoded(text: &str) -> Option<String> {
    percent_encoding::percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned())
}

fn webhook(table: &mut Reader<'_>, diagnostics: &mut Diagnostics) -> Option<Webhook> {
    let url = table.required("url", diagnostics);
    if let Some(format) = table.optional::<Located<String>>("format", diagnostics).filter(|format| format.value != "standard") {
        let message = format!("`{}` is not a webhook format that this version knows", format.value);
        diagnostics.error(&format.spot, message).hint("write \"standard\"");
    }
    let secret = secret::secret(table, "secret", "secret_file", diagnostics);
    let allow_networks = table.optional("allow_networks", diagnostics).unwrap_or_default();
    Some(Webhook { url: url?, secret, allow_networks })
}

fn stdout(table: &mut Reader<'_>, diagnostics: &mut Diagnostics) -> Option<Stdout> {
    let format = table.optional::<Located<String>>("format", diagnostics);
    match format.as_ref().map(|format| format.value.as_str()) {
        None | Some("text") => Some(Stdout { json: false }),
        Some("json") => Some(Stdout { json: true }),
        Some(other) => {
            let spot = format.as_ref().map(|format| &format.spot)?;
            diagnostics.error(spot, format!("`{other}` is not a format for a terminal")).hint("write \"text\" or \"json\"");
            None
        }
    }
}

impl FromItem for Retry {
    fn read(item: &Item<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let mut table = item.table(diagnostics)?;
        let first: Option<Duration> = table.required("first", diagnostics);
        let max = table.required("max", diagnostics);
        let give_up = table.required("give_up", diagnostics);
        table.finish(diagnostics);
        if first.is_some_and(|first| first.is_zero()) {
            return item.unusable("the first pause is nothing", "write `first = \"5s\"`", diagnostics);
        }
        Some(Self::Doubling { first: first?, max: max?, give_up: give_up? })
    }
}

pub(super) fn routes(files: &mut [Reader<'_>], receivers: &BTreeMap<String, Spot>, diagnostics: &mut Diagnostics) -> Vec<Route> {
    let mut routes = Vec::new();
    for file in files {
        let Some(item) = file.item("routes") else { continue };
        let Some(tables) = item.elements().or_else(|| item.expected("tables under [[routes]]", diagnostics)) else { continue };
        routes.extend(tables.iter().filter_map(|table| route(&mut table.table(diagnostics)?, receivers, diagnostics)));
    }
    routes
}

fn route(table: &mut Reader<'_>, receivers: &BTreeMap<String, Spot>, diagnostics: &mut Diagnostics) -> Option<Route> {
    let mut route = Route { rules: Vec::new(), severities: Vec::new(), to: Vec::new(), go_on: false };
    if let Some(mut conditions) = table.table("match", diagnostics) {
        route.rules = conditions.optional::<OneOrMany<_>>("rule", diagnostics).map(|rules| rules.0).unwrap_or_default();
        route.severities = conditions.optional::<OneOrMany<_>>("severity", diagnostics).map(|s| s.0).unwrap_or_default();
        conditions.finish(diagnostics);
    }
    let to = table.required::<OneOrMany<Located<String>>>("to", diagnostics);
    route.go_on = table.optional("continue", diagnostics).unwrap_or(false);
    table.finish(diagnostics);
    for name in &to.as_ref()?.0 {
        if !receivers.contains_key(&name.value) {
            let hint = suggestion(
                &name.value,
                receivers.keys().map(String::as_str),
                "receivers are defined in [receivers.NAME.CHANNEL]",
            );
            diagnostics.error(&name.spot, format!("there is no receiver `{}`", name.value)).hint(hint);
        }
    }
    route.to = to?.0.into_iter().map(|name| name.value).collect();
    Some(route)
}
