//! A trait of operations as the macros read it.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Block, FnArg, ItemTrait, Pat, Result, ReturnType, Signature, TraitItem, Type, parse_quote};

/// The trait.
pub struct Topic {
    /// As it is written, less the attributes `slot`, and with the bodies of optional operations.
    pub item: ItemTrait,
    /// Its methods.
    pub operations: Vec<Operation>,
}

/// A method.
pub struct Operation {
    /// Number in the host table.
    pub slot: u16,
    /// It can wait for something outside the process, or for another thread.
    pub waits: bool,
    /// Its lines of documentation.
    pub documentation: Vec<String>,
    /// Name, parameters, result.
    pub signature: Signature,
    /// What it does on a host that does not have it; `None` where every host must.
    pub default: Option<Block>,
}

/// What a method gives back.
pub enum Answer {
    /// It does not return.
    Never,
    /// A value that is one word on its way through the table.
    Word,
    /// A value that is stored through a pointer.
    Stored,
}

impl Topic {
    /// Reads the trait.
    pub fn parse(mut item: ItemTrait) -> Result<Self> {
        let mut operations = Vec::new();
        for entry in &mut item.items {
            let TraitItem::Fn(method) = entry else {
                return Err(syn::Error::new_spanned(entry, "a trait of operations has methods only"));
            };
            let Some(at) = method.attrs.iter().position(|attribute| attribute.path().is_ident("slot")) else {
                return Err(syn::Error::new_spanned(&method.sig, "an operation needs #[slot(number)]"));
            };
            let Slot { slot, optional, waits } = method.attrs.remove(at).parse_args_with(slot)?;
            if optional {
                if method.default.is_some() {
                    return Err(syn::Error::new_spanned(&method.sig, "an optional operation has no body of its own"));
                }
                method.default = Some(parse_quote!({ Err(Errno::NOSYS) }));
                method.semi_token = None;
                method.attrs.push(parse_quote!(#[allow(unused_variables, reason = "absent")]));
            }
            operations.push(Operation {
                slot,
                waits,
                documentation: method.attrs.iter().filter_map(documentation).collect(),
                signature: method.sig.clone(),
                default: method.default.clone(),
            });
        }
        Ok(Self { item, operations })
    }
}

/// What the attribute says.
struct Slot {
    slot: u16,
    optional: bool,
    waits: bool,
}

/// `number`, then `optional` and `waits` where they hold.
fn slot(input: ParseStream<'_>) -> Result<Slot> {
    let number: syn::LitInt = input.parse()?;
    let mut slot = Slot { slot: number.base10_parse()?, optional: false, waits: false };
    while !input.is_empty() {
        input.parse::<syn::Token![,]>()?;
        let word = input.call(Ident::parse_any)?;
        match word.to_string().as_str() {
            "optional" => slot.optional = true,
            "waits" => slot.waits = true,
            _ => return Err(syn::Error::new(word.span(), "`optional` or `waits`?")),
        }
    }
    Ok(slot)
}

fn documentation(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(line), .. }) => Some(line.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    }
}

impl Operation {
    /// Names and types of its parameters, `self` aside.
    pub fn parameters(&self) -> Vec<(&Ident, &Type)> {
        let typed = self.signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        });
        typed
            .filter_map(|typed| match &*typed.pat {
                Pat::Ident(name) => Some((&name.ident, &*typed.ty)),
                _ => None,
            })
            .collect()
    }

    /// The names of its parameters.
    pub fn arguments(&self) -> Vec<&Ident> {
        self.parameters().into_iter().map(|(name, _)| name).collect()
    }

    /// The type in `Result<...>`, where it gives one.
    pub fn success(&self) -> Option<&Type> {
        let ReturnType::Type(_, result) = &self.signature.output else { return None };
        let Type::Path(path) = &**result else { return None };
        let last = path.path.segments.last().filter(|last| last.ident == "Result")?;
        match &last.arguments {
            syn::PathArguments::AngleBracketed(list) => list.args.iter().find_map(|argument| match argument {
                syn::GenericArgument::Type(success) => Some(success),
                _ => None,
            }),
            _ => None,
        }
    }

    /// How its result travels. Words are the types that hold no number below zero, or mean an error by it.
    pub fn answer(&self) -> Answer {
        let result = match (&self.signature.output, self.success()) {
            (ReturnType::Default, _) => return Answer::Word,
            (_, Some(success)) => success,
            (ReturnType::Type(_, result), None) => result,
        };
        match result {
            Type::Never(_) => Answer::Never,
            Type::Tuple(tuple) if tuple.elems.is_empty() => Answer::Word,
            Type::Path(path)
                if ["usize", "u32", "i32", "bool", "Fd", "Infallible"].iter().any(|word| path.path.is_ident(word)) =>
            {
                Answer::Word
            }
            _ => Answer::Stored,
        }
    }
}
