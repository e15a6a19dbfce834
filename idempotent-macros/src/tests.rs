//! Snapshots: each `tests/expand/NAME.rs` is expanded and compared with
//! `NAME.expanded.rs`. `UPDATE_EXPECT=1 cargo test -p idempotent-macros`
//! rewrites them; read the difference before it is committed.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Attribute, ImplItem, Item};

use crate::expand_attribute;

const EXPANDED: &str = ".expanded.rs";

#[test]
fn expansions_are_as_recorded() {
    let update = std::env::var_os("UPDATE_EXPECT").is_some();
    let mut wrong = Vec::new();
    let inputs = inputs();
    assert!(inputs.len() >= 20, "only {} snapshots", inputs.len());
    for input in inputs {
        let shown = expand(&fs::read_to_string(&input).expect("an input"));
        let file = input.to_string_lossy().replace(".rs", EXPANDED);
        if update {
            fs::write(&file, &shown).expect("a writable snapshot");
        }
        let recorded = fs::read_to_string(&file).unwrap_or_default();
        if recorded != shown {
            wrong.push(format!("{file} differs; now it is\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_snapshot_has_its_input() {
    let inputs = inputs();
    for file in files().filter(|file| is_expanded(file)) {
        let input = PathBuf::from(file.to_string_lossy().replace(EXPANDED, ".rs"));
        assert!(inputs.contains(&input), "{} has no input", file.display());
    }
}

/// An editor asks for the expansion at each keystroke: whatever is missing, the
/// answer is tokens with the function in them, never a panic.
#[test]
fn half_typed_attributes_and_functions_still_expand() {
    let mut asked = 0;
    for input in inputs() {
        let file = syn::parse_file(&fs::read_to_string(&input).expect("an input"));
        for item in file.expect("a Rust file").items {
            let Item::Fn(mut function) = item else {
                continue;
            };
            let attribute: Vec<_> = take(&mut function.attrs).into_iter().flatten().collect();
            let name = function.sig.ident.to_string();
            let item: Vec<_> = function.to_token_stream().into_iter().collect();
            for typed in 0..=attribute.len() {
                let attribute = attribute[..typed].iter().cloned().collect();
                let expanded = expand_attribute(&attribute, &item.iter().cloned().collect());
                assert!(
                    expanded.to_string().contains(&format!("fn {name}")),
                    "{expanded}"
                );
                asked += 1;
            }
            for typed in 0..item.len() {
                let attribute = attribute.iter().cloned().collect();
                expand_attribute(&attribute, &item[..typed].iter().cloned().collect());
            }
        }
    }
    assert!(asked > 200, "only {asked}");
}

fn inputs() -> Vec<PathBuf> {
    let mut inputs: Vec<PathBuf> = files().filter(|file| !is_expanded(file)).collect();
    inputs.sort();
    inputs
}

fn files() -> impl Iterator<Item = PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let entries = fs::read_dir(folder).expect("the folder of snapshots");
    entries.map(|entry| entry.expect("an entry").path())
}

fn is_expanded(file: &Path) -> bool {
    file.to_string_lossy().ends_with(EXPANDED)
}

/// The file with each annotated function, free or in an `impl`, expanded once,
/// as the compiler would.
fn expand(input: &str) -> String {
    let mut file = syn::parse_file(input).expect("a Rust file");
    let mut items = Vec::new();
    for item in file.items {
        match item {
            Item::Fn(mut function) => match take(&mut function.attrs) {
                Some(attribute) => items.extend(parse::<syn::File>(&attribute, &function).items),
                None => items.push(Item::Fn(function)),
            },
            Item::Impl(mut block) => {
                let before = std::mem::take(&mut block.items);
                block.items = before.into_iter().flat_map(expand_method).collect();
                items.push(Item::Impl(block));
            }
            other => items.push(other),
        }
    }
    file.items = items;
    prettyplease::unparse(&file)
}

fn expand_method(item: ImplItem) -> Vec<ImplItem> {
    let ImplItem::Fn(mut method) = item else {
        return vec![item];
    };
    match take(&mut method.attrs) {
        Some(attribute) => vec![parse::<ImplItem>(&attribute, &method)],
        None => vec![ImplItem::Fn(method)],
    }
}

/// Removes our attribute; the answer is what stood in its parentheses.
fn take(attrs: &mut Vec<Attribute>) -> Option<TokenStream> {
    let place = attrs
        .iter()
        .position(|attr| attr.path().is_ident("idempotent"))?;
    let attr = attrs.remove(place);
    Some(
        attr.meta
            .require_list()
            .map_or_else(|_| TokenStream::new(), |list| list.tokens.clone()),
    )
}

fn parse<T: syn::parse::Parse>(attribute: &TokenStream, item: &impl ToTokens) -> T {
    let expanded = expand_attribute(attribute, &item.to_token_stream());
    syn::parse2(expanded.clone()).unwrap_or_else(|error| panic!("{error} in {expanded}"))
}
