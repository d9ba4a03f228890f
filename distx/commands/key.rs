//! `distx key`: keys that sign the index of a repository, and those that the user has met.

use std::path::PathBuf;

use anyhow::{Context as _, Result, ensure};
use distx_packages::config::Folders;
use distx_packages::repository::Source;
use distx_packages::signature::PrivateKey;
use distx_packages::trust::Trust;

use crate::report;

/// What to do.
#[derive(clap::Subcommand)]
pub enum Command {
    /// Make a key that signs a repository; prints its public half
    #[command(after_help = "\
The file is for its owner only, and is never overwritten. Keep it off the server: `./x package --key FILE` reads it.
Users pin the public half by writing it behind the repository: https://HOST/PATH#ed25519:...

Example:
  distx key new ~/keys/packages.key")]
    New {
        /// The file for the private key
        file: PathBuf,
    },
    /// Show the public half of a key, or the keys of all repositories that were used
    #[command(after_help = "\
Examples:
  distx key show ~/keys/packages.key
  distx key show")]
    Show {
        /// A private key
        file: Option<PathBuf>,
    },
    /// Forget the key of a repository: the next one that it shows is believed
    #[command(after_help = "\
Example:
  distx key forget https://packages.example")]
    Forget {
        /// As `distx key show` prints it
        repository: String,
    },
}

/// Does it.
pub fn run(command: &Command) -> Result<i32> {
    match command {
        Command::New { file } => {
            let key = PrivateKey::create(file)?;
            report::print(format!("{}\n", key.public()))?;
        }
        Command::Show { file: Some(file) } => report::print(format!("{}\n", PrivateKey::read(file)?.public()))?,
        Command::Show { file: None } => {
            for (repository, key) in Trust::of(&Folders::of_user()?).list()? {
                report::print(format!("{repository}  {key}\n"))?;
            }
        }
        Command::Forget { repository } => {
            let trust = Trust::of(&Folders::of_user()?);
            let here = std::env::current_dir().context("the current folder is not there")?;
            let forgotten =
                trust.forget(repository)? || trust.forget(&Source::parse(repository, &here)?.place.name())?;
            ensure!(forgotten, "no key of `{}` is known; `distx key show` lists them", repository.escape_debug());
        }
    }
    Ok(0)
}
