//! `delegate!`: an implementation that hands on what it does not have.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ImplItem, ItemImpl, ItemTrait, Result, Token, parse_quote};

use crate::topic::Topic;

struct Input {
    topic: Topic,
    target: Expr,
    block: ItemImpl,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let inside;
        syn::braced!(inside in input);
        let topic = Topic::parse(inside.parse::<ItemTrait>()?)?;
        let target = input.parse()?;
        input.parse::<Token![,]>()?;
        Ok(Self { topic, target, block: input.parse()? })
    }
}

pub fn expand(input: TokenStream) -> Result<TokenStream> {
    let Input { topic, target, mut block } = syn::parse2(input)?;
    let own: Vec<_> = block
        .items
        .iter()
        .filter_map(|item| match item {
            ImplItem::Fn(method) => Some(method.sig.ident.clone()),
            _ => None,
        })
        .collect();
    let name = trait_of(&block).unwrap_or_else(|| syn::Path::from(topic.item.ident.clone()));
    for operation in topic.operations.iter().filter(|operation| !own.contains(&operation.signature.ident)) {
        let (signature, arguments) = (&operation.signature, operation.arguments());
        let method = &signature.ident;
        block.items.push(parse_quote! { #signature { #name::#method(#target, #(#arguments),*) } });
    }
    Ok(quote!(#block))
}

/// The trait as the block names it.
fn trait_of(block: &ItemImpl) -> Option<syn::Path> {
    block.trait_.as_ref().map(|(path, _)| path.clone())
}
