//! An operation of the host is written once, as a method of a trait:
//!
//! ```ignore
//! #[operations(files)]
//! pub trait Files: Sync {
//!     /// `fsync`, or `fdatasync` with `data_only`.
//!     #[slot(46, optional)]
//!     fn sync(&self, fd: Fd, data_only: bool) -> Result<()>;
//! }
//! ```
//!
//! `slot` is the operation's number in the host table. A port need not have an `optional` operation: it answers `ENOSYS`, as if the
//! body were `Err(Errno::NOSYS)`. One with another default has a body. An operation that `waits` can take as long as something outside the
//! process, or another thread, takes.
//!
//! The trait stays as it reads. [`macro@operations`] adds its implementation for `Wrapped`, and the macro `files_operations!`, which
//! hands the trait to the other macros here: `files_operations!(platform_operations::wire, ...)`.

mod delegate;
mod topic;
mod wire;
mod wrap;

use proc_macro::TokenStream;

/// On a trait of operations, in the package `platform`. The argument is the name of the topic.
#[proc_macro_attribute]
pub fn operations(name: TokenStream, item: TokenStream) -> TokenStream {
    finish(wrap::expand(name.into(), item.into()))
}

/// Both sides of the host table for a topic: `<Trait> for Host` on the guest's side, and a module with the name of the topic that fills
/// the table on the loader's. Behind the trait comes the function of `Serve` that gives the object to be served.
#[proc_macro]
pub fn wire(input: TokenStream) -> TokenStream {
    finish(wire::expand(input.into()))
}

/// An implementation of the topic's trait that hands every operation on, but those which it has: behind the trait comes the object to
/// hand them to, a comma, and an `impl` block.
#[proc_macro]
pub fn delegate(input: TokenStream) -> TokenStream {
    finish(delegate::expand(input.into()))
}

fn finish(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result.unwrap_or_else(|error| error.to_compile_error()).into()
}
