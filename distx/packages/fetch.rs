//! Requests to servers: bounded in time, size and redirects, downloads that go on where they stopped.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail, ensure};
use ureq::http::{Response, StatusCode, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body};

use crate::repository::check_url;

const REDIRECTS_MAX: usize = 5;
/// Connections that broke without a byte, one after the other, before it is given up.
const FAILURES_MAX: usize = 3;
const CONNECT: Duration = Duration::from_secs(15);
const SILENCE: Duration = Duration::from_secs(30);

/// What makes requests. Threads share it.
pub struct Client {
    agent: Agent,
}

impl Client {
    /// Servers are known by Mozilla's list of authorities, or by the file that `SSL_CERT_FILE` names.
    pub fn new() -> Result<Client> {
        let roots = match std::env::var_os("SSL_CERT_FILE").filter(|file| !file.is_empty()) {
            None => RootCerts::WebPki,
            Some(file) => {
                let text =
                    std::fs::read(&file).with_context(|| format!("cannot read {} (SSL_CERT_FILE)", file.display()))?;
                let certificates = parse_pem(&text).filter_map(|item| match item {
                    Ok(PemItem::Certificate(certificate)) => Some(certificate),
                    _ => None,
                });
                let certificates: Vec<Certificate<'static>> = certificates.collect();
                ensure!(!certificates.is_empty(), "{} (SSL_CERT_FILE) holds no certificate", file.display());
                RootCerts::from(certificates)
            }
        };
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Followed here, since where they may lead is ours to decide.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("distx/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE))
            .tls_config(TlsConfig::builder().root_certs(roots).build());
        Ok(Client { agent: config.build().new_agent() })
    }

    /// A file of at most `limit` bytes; `None` if the server has none of that name.
    pub fn small(&self, url: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        let response = self.get(url, 0)?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(None),
            status => bail!("{url}: the server says {status}"),
        }
        let mut bytes = Vec::new();
        let reader = response.into_body().into_reader();
        reader.take(limit + 1).read_to_end(&mut bytes).with_context(|| format!("{url}: the connection broke"))?;
        ensure!(bytes.len() as u64 <= limit, "{url}: larger than {limit} bytes");
        Ok(Some(bytes))
    }

    /// Writes what `partial` does not have yet of a file of at most `limit` bytes behind what it has. `exact`: of as many.
    /// `seen` hears how many there are.
    pub fn file(&self, url: &str, partial: &mut File, limit: u64, exact: bool, seen: &dyn Fn(u64)) -> Result<()> {
        let mut failures = 0;
        loop {
            let before = partial.seek(SeekFrom::End(0)).context("cannot write to the cache")?;
            match self.part(url, partial, before, limit, seen) {
                Ok(end) if !exact || end == limit => return Ok(()),
                Ok(end) => {
                    ensure!(end > before, "{url}: ends after {end} of {limit} bytes");
                    failures += 1;
                    ensure!(failures < FAILURES_MAX, "{url}: the connection broke after {end} of {limit} bytes");
                }
                Err(Broken::Final(error)) => return Err(error),
                Err(Broken::Connection(error)) => {
                    let end = partial.seek(SeekFrom::End(0)).context("cannot write to the cache")?;
                    failures = if end > before { 0 } else { failures + 1 };
                    if failures >= FAILURES_MAX {
                        return Err(error.context(format!("{url}: the connection broke after {end} bytes")));
                    }
                }
            }
        }
    }

    /// One request; what came is in `partial` whatever happens. The length that it has then.
    fn part(&self, url: &str, partial: &mut File, from: u64, limit: u64, seen: &dyn Fn(u64)) -> Result<u64, Broken> {
        let response = self.get(url, from).map_err(|error| match error.downcast_ref::<ureq::Error>() {
            Some(_) => Broken::Connection(error),
            None => Broken::Final(error),
        })?;
        let mut end = match response.status() {
            StatusCode::PARTIAL_CONTENT if begins_at(&response, from) => from,
            // All of it, or what cannot be gone on with: from the beginning.
            StatusCode::OK => 0,
            StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PARTIAL_CONTENT if from > 0 => {
                partial.set_len(0).map_err(cache)?;
                return Err(Broken::Connection(anyhow!("the server cannot go on")));
            }
            status => return Err(Broken::Final(anyhow!("{url}: the server says {status}"))),
        };
        partial.set_len(end).map_err(cache)?;
        partial.seek(SeekFrom::Start(end)).map_err(cache)?;
        let announced = response.body().content_length().map(|length| end.saturating_add(length));
        let too_large = || Broken::Final(anyhow!("{url}: larger than the {limit} bytes that it may have"));
        if announced.is_some_and(|all| all > limit) {
            return Err(too_large());
        }
        let mut reader = response.into_body().into_reader();
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = reader.read(&mut buffer).map_err(|error| Broken::Connection(error.into()))?;
            let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else { break };
            end += read as u64;
            if end > limit {
                return Err(too_large());
            }
            partial.write_all(part).map_err(cache)?;
            seen(end);
        }
        match announced {
            Some(all) if end < all => Err(Broken::Connection(anyhow!("{end} of {all} bytes came"))),
            _ => Ok(end),
        }
    }

    /// A response that is no redirect.
    fn get(&self, url: &str, from: u64) -> Result<Response<Body>> {
        let mut url = url.to_owned();
        check_url(&url)?;
        for _ in 0..=REDIRECTS_MAX {
            let mut request = self.agent.get(&url);
            if url.starts_with("http:") {
                // On this machine: a proxy would look for itself.
                request = request.config().proxy(None).build();
            }
            if from > 0 {
                request = request.header(header::RANGE, format!("bytes={from}-"));
            }
            let response = request.call().with_context(|| format!("cannot reach {url}"))?;
            if !response.status().is_redirection() || response.status() == StatusCode::NOT_MODIFIED {
                return Ok(response);
            }
            let target = response.headers().get(header::LOCATION).and_then(|target| target.to_str().ok());
            let target = target.with_context(|| format!("{url}: the server leads elsewhere without saying where"))?;
            url = redirected(&url, target)?;
        }
        bail!("{url}: more than {REDIRECTS_MAX} redirects")
    }
}

/// Why a download stopped.
enum Broken {
    /// Another try may help.
    Connection(anyhow::Error),
    /// None will.
    Final(anyhow::Error),
}

fn cache(error: std::io::Error) -> Broken {
    Broken::Final(anyhow::Error::new(error).context("cannot write to the cache"))
}

/// Whether the answer to a request for the rest begins where that does.
fn begins_at(response: &Response<Body>, from: u64) -> bool {
    let range = response.headers().get(header::CONTENT_RANGE).and_then(|range| range.to_str().ok());
    range.and_then(|range| range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()) == Some(from)
}

/// Where a redirect leads. From https it leads to https only: what was safe from others stays so.
fn redirected(from: &str, target: &str) -> Result<String> {
    let (scheme, rest) = from.split_once("://").unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    let url = match target {
        _ if target.contains("://") => target.to_owned(),
        _ if target.starts_with("//") => format!("{scheme}:{target}"),
        _ if target.starts_with('/') => format!("{scheme}://{host}{target}"),
        _ => {
            let folder = from.rfind('/').and_then(|at| from.get(..=at)).unwrap_or_default();
            format!("{folder}{target}")
        }
    };
    let refused = || format!("{from} leads to {}", url.escape_debug());
    if scheme == "https" && !url.starts_with("https://") {
        bail!("{}: from https to what others could change", refused());
    }
    check_url(&url).with_context(refused)?;
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_never_leave_https() {
        let https = "https://a.example/dir/file";
        for (from, target, expected) in [
            (https, "https://b.example/x", "https://b.example/x"),
            (https, "//b.example/x", "https://b.example/x"),
            (https, "/x", "https://a.example/x"),
            (https, "x", "https://a.example/dir/x"),
            ("http://localhost:1/x", "https://b.example/", "https://b.example/"),
            ("http://localhost:1/x", "http://127.0.0.1:2/", "http://127.0.0.1:2/"),
        ] {
            assert_eq!(redirected(from, target).expect(target), expected);
        }
        for (from, target) in [
            (https, "http://a.example/dir/file"),
            (https, "http://localhost/x"),
            (https, "file:///etc/passwd"),
            (https, "HTTP://a.example/"),
            (https, "https://user@b.example/"),
            ("http://localhost:1/x", "http://b.example/"),
            ("http://localhost:1/x", "ftp://b.example/"),
        ] {
            redirected(from, target).expect_err(target);
        }
    }
}
