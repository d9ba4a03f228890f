//! `wire!`: both sides of the host table.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream};
use syn::{GenericArgument, ItemTrait, Lifetime, PathArguments, Result, ReturnType, Type, TypeParamBound};

use crate::topic::{Answer, Operation, Topic};

struct Input {
    topic: Topic,
    served: Ident,
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let inside;
        syn::braced!(inside in input);
        Ok(Self { topic: Topic::parse(inside.parse::<ItemTrait>()?)?, served: input.parse()? })
    }
}

pub fn expand(input: TokenStream) -> Result<TokenStream> {
    let Input { topic, served } = syn::parse2(input)?;
    let (name, count) = (&topic.item.ident, topic.operations.len());
    let module = module(name);
    let client = topic.operations.iter().map(|operation| client(name, operation));
    let serving = topic.operations.iter().map(|operation| serving(name, &served, operation));
    let fill = topic.operations.iter().map(fill);
    let entries = topic.operations.iter().map(entry);
    let slots = topic.operations.iter().map(|operation| {
        let (name, slot) = (&operation.signature.ident, operation.slot);
        quote!(pub(crate) const #name: u16 = #slot;)
    });
    let functions = topic.operations.iter().map(|operation| {
        let (name, (words, returned)) = (&operation.signature.ident, function(operation));
        quote!(pub(crate) type #name = guest_fn!(fn(#(#words),*) -> #returned);)
    });
    let about = format!("[`{name}`] in the table.");
    Ok(quote! {
        impl #name for Host {
            #(#client)*
        }

        #[doc = #about]
        pub(crate) mod #module {
            use super::*;

            /// The operations, as a header for C and tests list them.
            pub const ENTRIES: [Entry; #count] = [#(#entries),*];

            /// The operations' numbers.
            #[allow(dead_code, non_upper_case_globals, reason = "few are used by name")]
            pub(crate) mod slots {
                #(#slots)*
            }

            /// The operations' functions.
            #[allow(dead_code, non_camel_case_types, reason = "few are used by name")]
            pub(crate) mod functions {
                use super::*;
                #(#functions)*
            }

            #(#serving)*

            /// Writes the functions into their slots.
            pub(crate) fn fill<S: Serve>(slots: &mut Slots) {
                #(#fill)*
            }
        }
    })
}

/// The type of a parameter, with lifetimes that a function's type can name.
fn form(declared: &Type) -> TokenStream {
    let mut named = declared.clone();
    name_lifetimes(&mut named);
    quote!(<#named as Wire>::Form)
}

fn name_lifetimes(declared: &mut Type) {
    let outlives = || Lifetime::new("'static", proc_macro2::Span::call_site());
    match declared {
        Type::Reference(reference) => {
            reference.lifetime = Some(outlives());
            name_lifetimes(&mut reference.elem);
        }
        Type::Slice(slice) => name_lifetimes(&mut slice.elem),
        Type::Array(array) => name_lifetimes(&mut array.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(name_lifetimes),
        Type::TraitObject(object) => object.bounds.iter_mut().for_each(|bound| {
            if let TypeParamBound::Lifetime(lifetime) = bound {
                *lifetime = outlives();
            }
        }),
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                let PathArguments::AngleBracketed(list) = &mut segment.arguments else { continue };
                for argument in &mut list.args {
                    match argument {
                        GenericArgument::Lifetime(lifetime) => *lifetime = outlives(),
                        GenericArgument::Type(inner) => name_lifetimes(inner),
                        _ => {}
                    }
                }
            }
        }
        _ => {}
    }
}

/// The result's type, as written.
fn result(operation: &Operation) -> TokenStream {
    match &operation.signature.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, result) => quote!(#result),
    }
}

/// Types of the function's words, and of its result.
fn function(operation: &Operation) -> (Vec<TokenStream>, TokenStream) {
    let mut words: Vec<_> = operation.parameters().iter().map(|(_, declared)| form(declared)).collect();
    let result = result(operation);
    match operation.answer() {
        Answer::Never => (words, quote!(!)),
        Answer::Word => (words, quote!(i64)),
        Answer::Stored => {
            words.push(quote!(*mut <#result as Stored>::Form));
            (words, quote!(i64))
        }
    }
}

/// The module of a topic.
fn module(topic: &Ident) -> Ident {
    format_ident!("{}", topic.to_string().to_lowercase())
}

/// The method on the guest's side.
fn client(topic: &Ident, operation: &Operation) -> TokenStream {
    let (signature, slot) = (&operation.signature, operation.slot);
    let (names, types): (Vec<_>, Vec<_>) = operation.parameters().into_iter().unzip();
    let (module, name) = (module(topic), &signature.ident);
    let found = match &operation.default {
        Some(body) if matches!(operation.answer(), Answer::Never) => {
            quote!(let Some(function) = self.operation(#slot) else #body;)
        }
        Some(body) => quote!(let Some(function) = self.operation(#slot) else { return #body };),
        None => quote! {
            const { assert!(#slot < REQUIRED) };
            let function = self.required(#slot);
        },
    };
    let keep = if operation.success().is_some() {
        quote!(#(let mut #names = <#types as Wire>::keep(#names)?;)*)
    } else {
        // Words only: they are what they are sent as.
        quote!(#(let mut #names = #names;)*)
    };
    let arguments = quote!(#(<#types as Wire>::form(&mut #names)),*);
    let result = result(operation);
    let call = match operation.answer() {
        Answer::Never => quote!(function(#arguments)),
        Answer::Word => quote!(<#result as Word>::from_word(function(#arguments))),
        Answer::Stored => quote! {{
            let mut out = MaybeUninit::uninit();
            let word = function(#(<#types as Wire>::form(&mut #names),)* out.as_mut_ptr());
            <#result as Stored>::take(word, out)
        }},
    };
    quote! {
        #[allow(unused_mut, clippy::useless_conversion, reason = "one shape for all methods")]
        #signature {
            #found
            #keep
            // SAFETY: the table's contract: a function of this type is in that slot. What it gets lives during the call.
            unsafe {
                let function = core::mem::transmute::<Function, #module::functions::#name>(function);
                #call
            }
        }
    }
}

/// The function on the loader's side.
fn serving(topic: &Ident, served: &Ident, operation: &Operation) -> TokenStream {
    let name = &operation.signature.ident;
    let (names, types): (Vec<_>, Vec<_>) = operation.parameters().into_iter().unzip();
    let forms = types.iter().map(|declared| form(declared));
    let call = quote!(#topic::#name(S::#served(), #(<#types as Wire>::lift(&mut #names)),*));
    let receive = if operation.success().is_some() {
        let refusal = quote!(Err(errno) => return refused(errno));
        quote!(#(let mut #names = match <#types as Wire>::receive(#names) { Ok(value) => value, #refusal };)*)
    } else {
        quote!(#(let mut #names = #names;)*)
    };
    let result = result(operation);
    let (out, returned, call) = match operation.answer() {
        Answer::Never => (quote!(), quote!(!), call),
        Answer::Word => (quote!(), quote!(i64), quote!(<#result as Word>::word(#call))),
        Answer::Stored => {
            (quote!(out: *mut <#result as Stored>::Form), quote!(i64), quote!(<#result as Stored>::store(#call, out)))
        }
    };
    quote! {
        guest_fn! {
            #[allow(unused_mut, unused_unsafe, unreachable_code, reason = "one shape for all functions")]
            unsafe fn #name<S: Serve>(#(#names: #forms,)* #out) -> #returned {
                // SAFETY: the table's contract: pointers are valid for their length, `out` for one write.
                unsafe {
                    #receive
                    #call
                }
            }
        }
    }
}

fn fill(operation: &Operation) -> TokenStream {
    let (name, slot) = (&operation.signature.ident, operation.slot as usize);
    quote! {
        // SAFETY: the slot's user makes it this type again.
        slots[#slot] = Some(unsafe { core::mem::transmute::<functions::#name, Function>(#name::<S>) });
    }
}

fn entry(operation: &Operation) -> TokenStream {
    let (slot, name, lines) = (operation.slot, operation.signature.ident.to_string(), &operation.documentation);
    let parameters = operation.parameters().into_iter().map(|(name, declared)| {
        let (name, mut named) = (name.to_string(), declared.clone());
        name_lifetimes(&mut named);
        quote!((#name, <#named as Wire>::C))
    });
    let (required, waits, result) = (operation.default.is_none(), operation.waits, result(operation));
    let answer = match operation.answer() {
        Answer::Never => quote!(EntryAnswer::Never),
        Answer::Word => quote!(EntryAnswer::Word),
        Answer::Stored => quote!(EntryAnswer::Stored(<#result as Stored>::C)),
    };
    quote! {
        Entry {
            slot: #slot,
            name: #name,
            documentation: &[#(#lines),*],
            required: #required,
            waits: #waits,
            parameters: &[#(#parameters),*],
            answer: #answer,
        }
    }
}
