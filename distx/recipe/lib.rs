//! What `distx-build.json` and `xbuild.json` have in common: JSON whose parts know their line and column, comments, variables,
//! loops over their values, and errors that name file, line, column and key and suggest what was meant.
//!
//! ```
//! use recipe::Recipe;
//!
//! let text = br#"{
//!     "// why": "keys that begin so are comments",
//!     "loop": { "ARCH": ["x86_64", "aarch64"] },
//!     "dep": ["{DISTX_PREFIX}xlibc-{ARCH}"]
//! }"#;
//! let recipe = Recipe::read("distx-build.json", text, &[("DISTX_PREFIX", "distx.org_2024-")])?;
//! let dep = recipe.get("dep")?.expect("the key is there");
//! assert_eq!(recipe.strings(&dep)?, ["distx.org_2024-xlibc-x86_64", "distx.org_2024-xlibc-aarch64"]);
//! # Ok::<(), recipe::Error>(())
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod error;
mod expand;
#[cfg(test)]
#[path = "../../fuzz/drive.rs"]
mod fuzz;
pub mod json;
mod read;
pub mod suggest;
mod template;
mod variables;

pub use error::{Error, Position};
pub use json::{Key, Member, Node, Value};
pub use read::Recipe;
#[cfg(fuzzing)]
pub use read::fuzz;
