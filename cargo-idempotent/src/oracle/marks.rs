//! Text with `${name}`: which value of a request each name stands for.

use std::collections::BTreeMap;

use crate::{
    plan::{Endpoint, Field},
    run::Intent,
};

/// The names in a text, and how one request fills them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks(Vec<(String, Place)>);

#[derive(Clone, Debug)]
enum Place {
    Fresh(Field),
    Need,
}

impl Marks {
    /// Finds each name's place. Only what differs between any two requests can mark
    /// one: a constant would count the others as well.
    pub(crate) fn of(text: &str, endpoint: &Endpoint) -> Result<Self, String> {
        let mut places = Vec::new();
        for name in names(text) {
            let named = |f: &&Field| f.to_string() == name || f.name() == name;
            let fresh = endpoint.request.fresh.iter().find(named);
            let place = match fresh {
                Some(field) if endpoint.other.payload.contains_key(field) => {
                    return Err(format!(
                        "`${{{name}}}` cannot mark a request: `other.payload` changes {field}"
                    ));
                }
                Some(field) => Place::Fresh(field.clone()),
                None if endpoint.needs.iter().any(|n| n.name == name) => Place::Need,
                None => {
                    return Err(format!(
                        "`${{{name}}}` in `{text}` is neither one of `request.fresh` nor a need of \
                         {}: name a field that is fresh for each request",
                        endpoint.id
                    ));
                }
            };
            places.push((name.to_owned(), place));
        }
        Ok(Self(places))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values of one request, by name.
    pub(crate) fn values(&self, intent: &Intent) -> BTreeMap<String, String> {
        let one = |(name, place): &(String, Place)| {
            let value = match place {
                Place::Need => intent.values.get(name).cloned(),
                Place::Fresh(field) => field.sent(&intent.request),
            };
            (name.clone(), value.unwrap_or_default())
        };
        self.0.iter().map(one).collect()
    }
}

fn names(text: &str) -> Vec<&str> {
    let parts = text.split("${").skip(1);
    parts.filter_map(|p| Some(p.split_once('}')?.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::Marks;
    use crate::plan::Endpoint;

    #[test]
    fn only_what_is_fresh_for_each_request_is_a_mark() {
        let mut endpoint = Endpoint::default();
        endpoint.request.fresh = vec!["body.order.reference".parse().unwrap()];
        assert!(Marks::of("by.${reference}", &endpoint).is_ok());
        assert!(Marks::of("${body.order.reference}", &endpoint).is_ok());
        let wrong = Marks::of("by.${amount}", &endpoint).unwrap_err();
        assert!(wrong.contains("request.fresh"), "{wrong}");
        let field = "body.order.reference".parse().unwrap();
        endpoint.other.payload.insert(field, 1.into());
        let wrong = Marks::of("by.${reference}", &endpoint).unwrap_err();
        assert!(wrong.contains("other.payload"), "{wrong}");
    }
}
