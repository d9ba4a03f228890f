//! `distx install` from a server with a certificate: of an authority that the user trusts, and of others.

// Each test program uses a part of it.
#[allow(dead_code)]
#[path = "../packages/tests/support/mod.rs"]
mod support;

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use support::Repository;
use support::server::{Reply, Server};
use tempfile::TempDir;

/// A certificate authority of nobody but this test.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new() -> Authority {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([]).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("signed").pem();
        Authority { issuer: Issuer::new(params, key), pem }
    }

    /// What a server with a certificate for this name, changed so, does with a connection.
    fn serves(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Arc<ServerConfig> {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).expect("signed");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("versions").with_no_client_auth();
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        Arc::new(config.with_single_cert(vec![certificate.der().clone()], key).expect("a certificate and its key"))
    }
}

/// A project, a repository, and a file with the authority that its user trusts.
struct User {
    place: TempDir,
    authority: Authority,
}

const ADDRESS: &str = "127.0.0.1";

impl User {
    fn new() -> User {
        let user = User { place: tempfile::tempdir().expect("a folder"), authority: Authority::new() };
        fs::create_dir(user.project()).expect("made");
        fs::write(user.project().join("distx-build.json"), r#"{"dep": ["packages.example_a"]}"#).expect("written");
        fs::write(user.trusted(), &user.authority.pem).expect("written");
        let mut repository = Repository::new(user.repository());
        repository.add_large("a", "1", &[], 300_000);
        repository.publish(1, None);
        user
    }

    fn project(&self) -> PathBuf {
        self.place.path().join("project")
    }

    fn trusted(&self) -> PathBuf {
        self.place.path().join("authorities.pem")
    }

    fn repository(&self) -> PathBuf {
        self.place.path().join("packages")
    }

    fn server(&self, config: Arc<ServerConfig>) -> Server {
        let folder = self.repository();
        secure(config, move |asked, _| Reply::file(&folder, asked))
    }

    /// `distx install` from there: whether it went well, and what it said.
    fn installs(&self, server: &Server, authorities: Option<&Path>) -> (bool, String) {
        let mut distx = Command::new(env!("CARGO_BIN_EXE_distx"));
        distx.arg("install").current_dir(self.project()).stdin(Stdio::null()).env_remove("SSL_CERT_FILE");
        for proxy in ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            distx.env_remove(proxy);
        }
        for name in ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA"] {
            distx.env(name, self.place.path().join(name.to_lowercase()));
        }
        distx.env("DISTX_REPOSITORY", &server.url).envs(authorities.map(|file| ("SSL_CERT_FILE", file)));
        let output = distx.output().expect("runs");
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8_lossy(&text).into_owned())
    }

    fn refuses(&self, config: Arc<ServerConfig>, authorities: Option<&Path>, why: &str) {
        let server = self.server(config);
        let (good, said) = self.installs(&server, authorities);
        assert!(!good && said.contains(why), "expected `{why}`: {said}");
        assert_eq!(server.asked(), [], "nothing is asked of a server that is not believed");
        assert!(!self.project().join("_distx/packages.example_a").exists());
    }
}

fn secure(
    config: Arc<ServerConfig>,
    answer: impl Fn(&support::server::Asked, usize) -> Reply + Send + Sync + 'static,
) -> Server {
    let connect = move |stream: TcpStream| {
        let session = ServerConnection::new(Arc::clone(&config)).expect("a session");
        Box::new(StreamOwned::new(session, stream)) as _
    };
    Server::through("https", connect, answer)
}

#[test]
fn packages_come_from_a_server_of_a_trusted_authority() {
    let user = User::new();
    let server = user.server(user.authority.serves(ADDRESS, |_| {}));
    let (good, said) = user.installs(&server, Some(&user.trusted()));
    assert!(good && said.contains("installed packages.example_a 1\n"), "{said}");
    let (good, said) = user.installs(&server, Some(&user.trusted()));
    assert!(good && said.contains("nothing to do"), "{said}");
}

#[test]
fn a_certificate_that_proves_nothing_is_refused() {
    let user = User::new();
    let serves = |name: &str| user.authority.serves(name, |_| {});
    user.refuses(serves(ADDRESS), None, "UnknownIssuer");
    user.refuses(Authority::new().serves(ADDRESS, |_| {}), Some(&user.trusted()), "invalid peer certificate");
    user.refuses(serves("packages.example"), Some(&user.trusted()), "not valid for name");
    let past = |params: &mut CertificateParams| params.not_after = date_time_ymd(2001, 1, 1);
    user.refuses(user.authority.serves(ADDRESS, past), Some(&user.trusted()), "certificate expired");
    let future = |params: &mut CertificateParams| params.not_before = date_time_ymd(3000, 1, 1);
    user.refuses(user.authority.serves(ADDRESS, future), Some(&user.trusted()), "not valid yet");
}

#[test]
fn a_file_of_authorities_that_cannot_be_used_is_named() {
    let user = User::new();
    let empty = user.place.path().join("none.pem");
    user.refuses(user.authority.serves(ADDRESS, |_| {}), Some(&empty), "none.pem (SSL_CERT_FILE)");
    fs::write(&empty, "no certificate").expect("written");
    user.refuses(user.authority.serves(ADDRESS, |_| {}), Some(&empty), "holds no certificate");
}

/// A connection that ends within the archive, without TLS's own end; the rest is asked for.
#[test]
fn a_broken_connection_goes_on() {
    let user = User::new();
    let folder = user.repository();
    let server = secure(user.authority.serves(ADDRESS, |_| {}), move |asked, before| {
        let cut = (asked.path.ends_with(".tar.xz") && before == 0).then_some(200_000);
        Reply { cut, ..Reply::file(&folder, asked) }
    });
    let (good, said) = user.installs(&server, Some(&user.trusted()));
    assert!(good && said.contains("installed packages.example_a 1\n"), "{said}");
    let asked = server.asked();
    let from = asked.iter().filter(|asked| asked.path.ends_with(".tar.xz")).map(|asked| asked.from.unwrap_or(0));
    let from: Vec<usize> = from.collect();
    assert!(from.len() == 2 && from[1] > 0, "{asked:?}");
}

#[test]
fn a_safe_server_leads_to_safe_ones_only() {
    let user = User::new();
    let (plain, good) = (Server::files(user.repository()), user.server(user.authority.serves(ADDRESS, |_| {})));
    for (to, is_good) in [(&good, true), (&plain, false)] {
        let target = to.url.clone();
        let leads = secure(user.authority.serves(ADDRESS, |_| {}), move |asked, _| {
            Reply::redirect(&format!("{target}{}", asked.path))
        });
        let (went_well, said) = user.installs(&leads, Some(&user.trusted()));
        assert_eq!(went_well, is_good, "{said}");
        assert!(is_good || said.contains("from https to what others could change"), "{said}");
        let _ = fs::remove_dir_all(user.project().join("_distx"));
    }
    assert_eq!(plain.asked(), []);
}
