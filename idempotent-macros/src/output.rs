//! Views of a return type: the output of a boxed future, and the type with its
//! opaque parts left to inference.

use syn::{
    AngleBracketedGenericArguments, GenericArgument, PathArguments, PathSegment, Type,
    TypeParamBound,
};

/// `T` of `Pin<Box<dyn Future<Output = T> + …>>`, by whatever path.
pub(crate) fn of_boxed_future(ty: &Type) -> Option<&Type> {
    let boxed = only_argument(ty, "Pin")?;
    let Type::TraitObject(object) = bare(only_argument(boxed, "Box")?) else {
        return None;
    };
    object.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let future = bound
            .path
            .segments
            .last()
            .filter(|segment| segment.ident == "Future")?;
        arguments(future)?
            .args
            .iter()
            .find_map(|argument| match argument {
                GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(&assoc.ty),
                _ => None,
            })
    })
}

/// The type with `_` for each `impl Trait`, which may not be named in a body.
pub(crate) fn inferable(ty: &Type) -> Type {
    let mut ty = ty.clone();
    erase(&mut ty);
    ty
}

fn erase(ty: &mut Type) {
    match ty {
        Type::ImplTrait(_) => *ty = syn::parse_quote!(_),
        Type::Array(array) => erase(&mut array.elem),
        Type::Group(group) => erase(&mut group.elem),
        Type::Paren(paren) => erase(&mut paren.elem),
        Type::Ptr(pointer) => erase(&mut pointer.elem),
        Type::Reference(reference) => erase(&mut reference.elem),
        Type::Slice(slice) => erase(&mut slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(erase),
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else {
                    continue;
                };
                for argument in &mut arguments.args {
                    if let GenericArgument::Type(ty) = argument {
                        erase(ty);
                    }
                }
            }
        }
        _ => {}
    }
}

/// The last segment of a path type: `Json` of `axum::Json<T>`.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match bare(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn only_argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == name)?;
    arguments(segment)?
        .args
        .iter()
        .find_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
}

fn arguments(segment: &PathSegment) -> Option<&AngleBracketedGenericArguments> {
    match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    }
}

fn bare(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            _ => return ty,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;

    fn ty(text: &str) -> Type {
        syn::parse_str(text).expect(text)
    }

    #[test]
    fn the_output_of_a_boxed_future_is_found() {
        for text in [
            "Pin<Box<dyn Future<Output = Result<u8, E>> + Send + 'async_trait>>",
            "::core::pin::Pin<Box<dyn ::core::future::Future<Output = Result<u8, E>> + Send>>",
            "(Pin<Box<(dyn Future<Output = Result<u8, E>>)>>)",
        ] {
            let ty = ty(text);
            let output = of_boxed_future(&ty).expect(text);
            assert_eq!(output.to_token_stream().to_string(), "Result < u8 , E >");
        }
    }

    #[test]
    fn other_types_are_no_boxed_future() {
        for text in [
            "Result<u8, E>",
            "Box<dyn Future<Output = u8>>",
            "Pin<Box<u8>>",
            "impl Future",
        ] {
            assert!(of_boxed_future(&ty(text)).is_none(), "{text}");
        }
    }

    #[test]
    fn opaque_parts_are_inferred() {
        for (text, expected) in [
            ("Result<impl Serialize + use<>, E>", "Result < _ , E >"),
            ("(impl A, Vec<Option<impl B>>)", "(_ , Vec < Option < _ >>)"),
            ("Result<&'a str, E>", "Result < & 'a str , E >"),
            ("impl A", "_"),
        ] {
            let shown = inferable(&ty(text)).to_token_stream().to_string();
            assert_eq!(shown.replace("> >", ">>"), expected);
        }
    }
}
