//! `#[export]`: marks what C sees of the library.

use proc_macro::{TokenStream, TokenTree};

/// Makes a function or object a symbol of `libc.so`, under its own name or under another: `#[export("stat")]`, where a type has
/// the name. In unit tests it is an ordinary item: a test binary keeps its own C library.
///
/// A function without `extern "C"` is refused: C would pass its arguments in other places.
#[proc_macro_attribute]
pub fn export(name: TokenStream, item: TokenStream) -> TokenStream {
    if let Some(message) = wrong(&item) {
        return format!("::core::compile_error!({message:?});").parse().unwrap_or(item);
    }
    let symbol = if name.is_empty() { "no_mangle".to_owned() } else { format!("export_name = {name}") };
    let mut marked: TokenStream =
        format!("#[cfg_attr(not(any(test, fuzzing)), unsafe({symbol}))]").parse().unwrap_or_default();
    marked.extend(item);
    marked
}

/// What is wrong with an item, if anything.
fn wrong(item: &TokenStream) -> Option<&'static str> {
    let (mut before, mut last) = (String::new(), String::new());
    for token in item.clone() {
        let word = token.to_string();
        match &token {
            TokenTree::Ident(_) if word == "static" => return None,
            TokenTree::Ident(_) if word == "fn" && (before == "extern" && last == "\"C\"") => return None,
            TokenTree::Ident(_) if word == "fn" => return Some("#[export] needs an `extern \"C\" fn`"),
            // Attributes and bodies say nothing about it.
            TokenTree::Group(_) => {}
            _ => before = std::mem::replace(&mut last, word),
        }
    }
    Some("#[export] is for functions and statics")
}
