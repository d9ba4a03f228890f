//! `#[operations]`: the trait, its implementation for `Wrapped`, and the macro that hands it on.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{ItemTrait, Result};

use crate::topic::{Answer, Operation, Topic};

pub fn expand(name: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let name: Ident = syn::parse2(name)?;
    let written: ItemTrait = syn::parse2(item)?;
    let Topic { item, operations } = Topic::parse(written.clone())?;
    let (topic, methods) = (&item.ident, operations.iter().map(|operation| wrapped(&item.ident, operation)));
    let macro_name = format_ident!("{name}_operations");
    let about = format!("Hands the trait [`{topic}`] to a macro: `{macro_name}!(path::to::macro, more)`.");
    Ok(quote! {
        #item

        impl<P: #topic, H: crate::Hook> #topic for crate::Wrapped<P, H> {
            #(#methods)*
        }

        #[doc = #about]
        #[macro_export]
        macro_rules! #macro_name {
            ($($to:ident)::+ $(, $($more:tt)*)?) => { $($to)::+! { { #written } $($($more)*)? } };
        }
    })
}

/// The method of a wrapper: the hook, the operation, the hook.
fn wrapped(topic: &Ident, operation: &Operation) -> TokenStream {
    let (signature, slot, name) = (&operation.signature, operation.slot, &operation.signature.ident);
    let (text, arguments) = (name.to_string(), operation.arguments());
    let values = quote!(&[#(crate::Observe::observe(&#arguments)),*]);
    let before = quote!(self.hook.before(OPERATION, #values));
    // Only a method with a `Result` can be refused.
    let before = if operation.success().is_some() { quote!(#before?) } else { quote!(let _ = #before) };
    let call = quote!(#topic::#name(&self.inner, #(#arguments),*));
    let outcome = if operation.success().is_some() {
        quote!(result.as_ref().map(crate::Observe::observe).map_err(|errno| *errno))
    } else {
        quote!(Ok(crate::Observe::observe(&result)))
    };
    let rest = match operation.answer() {
        Answer::Never => call,
        Answer::Word | Answer::Stored => quote! {
            let result = #call;
            self.hook.after(OPERATION, #values, #outcome);
            result
        },
    };
    quote! {
        #[allow(clippy::let_unit_value, clippy::let_and_return, reason = "one shape for all methods")]
        #signature {
            const OPERATION: crate::Operation = crate::Operation { slot: #slot, name: #text };
            #before;
            #rest
        }
    }
}
