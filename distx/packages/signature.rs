//! Ed25519 keys and signatures over the bytes of an index.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail, ensure};
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::hexadecimal::{hex, unhex};

const PUBLIC: &str = "ed25519:";
const PRIVATE: &str = "distx-private-key-ed25519:";

/// The key that a repository's index is checked with. Its text is `ed25519:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// The key of a text.
    pub fn parse(text: &str) -> Result<PublicKey> {
        let bytes = text.strip_prefix(PUBLIC).and_then(unhex).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let key = bytes.and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok()).filter(|key| !key.is_weak());
        let key = key.ok_or_else(|| anyhow!("`{}` is no public key: {PUBLIC} and 64 digits", text.escape_debug()))?;
        Ok(PublicKey(key))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        write!(to, "{PUBLIC}{}", hex(self.0.as_bytes()))
    }
}

impl TryFrom<String> for PublicKey {
    type Error = anyhow::Error;

    fn try_from(text: String) -> Result<PublicKey> {
        PublicKey::parse(&text)
    }
}

impl From<PublicKey> for String {
    fn from(key: PublicKey) -> String {
        key.to_string()
    }
}

/// The key that signs. Its text is not shown by accident: it has no `Debug`.
pub struct PrivateKey(SigningKey);

impl PrivateKey {
    /// Makes a key and writes it to a file that only its owner may read. A file that is there is an error: a key that is lost
    /// locks out all who trust it.
    pub fn create(file: &Path) -> Result<PrivateKey> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| anyhow!("no random numbers: {error}"))?;
        let key = PrivateKey(SigningKey::from_bytes(&seed));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut to = options.open(file).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                anyhow!("{} is there already; a key is never overwritten: choose another name", file.display())
            }
            _ => anyhow!("cannot make {}: {error}", file.display()),
        })?;
        to.write_all(format!("{PRIVATE}{}\n", hex(&seed)).as_bytes())
            .and_then(|()| to.sync_all())
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(key)
    }

    /// Reads a file that `create` made.
    pub fn read(file: &Path) -> Result<PrivateKey> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read the key {}", file.display()))?;
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(file)?.permissions());
            ensure!(mode & 0o077 == 0, "others may read the key {}: chmod 600 it", file.display());
        }
        let seed =
            text.trim_end().strip_prefix(PRIVATE).and_then(unhex).and_then(|seed| <[u8; 32]>::try_from(seed).ok());
        let Some(seed) = seed else { bail!("{} is no private key; `distx key new` makes one", file.display()) };
        Ok(PrivateKey(SigningKey::from_bytes(&seed)))
    }

    /// The key for those who check.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The contents of the file beside an index: who signed it, and the signature.
    pub fn sign(&self, bytes: &[u8]) -> String {
        let signed = Signed { key: self.public(), signature: hex(&self.0.sign(bytes).to_bytes()) };
        serde_json::to_string_pretty(&signed).unwrap_or_default() + "\n"
    }
}

/// `index.json.sig`.
#[derive(Serialize, Deserialize)]
struct Signed {
    key: PublicKey,
    signature: String,
}

/// Checks a signature, which is one of `bytes` by the key that it names. Whether to trust that key is the caller's to know.
pub fn verify(bytes: &[u8], signature: &[u8]) -> Result<PublicKey> {
    let signed: Signed = serde_json::from_slice(signature).context("the signature is no signature of an index")?;
    let signature = unhex(&signed.signature).and_then(|bytes| Signature::from_slice(&bytes).ok());
    let signature = signature.context("the signature is no ed25519 signature")?;
    let checked = signed.key.0.verify_strict(bytes, &signature);
    ensure!(
        checked.is_ok(),
        "the signature is not that of the index: it was changed, or one of both is of another day"
    );
    Ok(signed.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_signs_what_only_its_public_half_checks() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("key");
        let key = PrivateKey::create(&file).expect("made");
        let again = PrivateKey::read(&file).expect("read");
        assert_eq!(key.public(), again.public());
        assert_eq!(PublicKey::parse(&key.public().to_string()).expect("a key"), key.public());
        let signature = key.sign(b"index");
        assert_eq!(signature, again.sign(b"index"), "no randomness in signatures");
        assert_eq!(verify(b"index", signature.as_bytes()).expect("good"), key.public());
        assert!(verify(b"Index", signature.as_bytes()).is_err());
        let other = PrivateKey::create(&folder.path().join("other")).expect("made");
        let swapped = signature.replace(&key.public().to_string(), &other.public().to_string());
        assert!(verify(b"index", swapped.as_bytes()).is_err());
        assert!(verify(b"index", b"{}").is_err());
        assert!(verify(b"index", &[0xff; 9]).is_err());
    }

    #[test]
    fn a_key_is_never_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("key");
        PrivateKey::create(&file).expect("made");
        let before = fs::read(&file).expect("read");
        let error = PrivateKey::create(&file).err().expect("refused").to_string();
        assert!(error.contains("there already"), "{error}");
        assert_eq!(fs::read(&file).expect("read"), before);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_reads_a_key() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("key");
        PrivateKey::create(&file).expect("made");
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("set");
        assert!(PrivateKey::read(&file).err().expect("refused").to_string().contains("chmod 600"));
    }

    #[test]
    fn weak_and_damaged_keys_are_refused() {
        let zero = format!("ed25519:{}", "0".repeat(64));
        for text in ["", "ed25519:", "ed25519:00", &zero, "rsa:00"] {
            assert!(PublicKey::parse(text).is_err(), "{text}");
        }
    }
}
