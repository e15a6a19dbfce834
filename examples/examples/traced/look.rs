//! What must be in the exported spans, and what must not.

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;

use crate::collector::Collector;
use crate::{ACCOUNT, CARD, KEY, RECEIPT};

/// Prints the spans of the calls, and asserts what they tell.
pub(crate) fn at(collector: &Collector) {
    let spans = collector.spans();
    let calls = spans.iter().filter(|span| span.name == "idempotency.call");
    let calls: Vec<_> = calls.collect();
    for call in &calls {
        tell(call);
    }
    let of = |outcome: &str| {
        let found = calls
            .iter()
            .find(|call| text(call, "idempotency.outcome").as_deref() == Some(outcome));
        *found.unwrap_or_else(|| panic!("no span of a call that was {outcome}: {calls:#?}"))
    };
    let (original, replay) = (of("executed"), of("replayed"));
    assert_eq!(calls.len(), 2);

    let [link] = replay.links.as_slice() else {
        panic!("not one link: {:?}", replay.links);
    };
    assert_eq!(link.trace_id, original.trace_id);
    assert_eq!(link.span_id, original.span_id);
    assert_ne!(
        replay.trace_id, original.trace_id,
        "two requests, two traces"
    );
    assert!(original.links.is_empty());

    for call in [original, replay] {
        assert_eq!(
            text(call, "idempotency.operation").as_deref(),
            Some("payments.pay")
        );
        assert!(text(call, "idempotency.key_hash").is_some());
        let within = spans
            .iter()
            .find(|span| span.span_id == call.parent_span_id);
        assert_eq!(within.map(|span| span.name.as_str()), Some("request"));
    }
    assert_eq!(
        text(original, "idempotency.cause").as_deref(),
        Some("first")
    );
    let number = |call, name| matches!(value(call, name), Some(Value::IntValue(_)));
    assert!(number(original, "idempotency.fence"));
    assert!(number(replay, "idempotency.age_ms"));
    let events = |call: &Span| call.events.iter().any(|event| event.name == "paid");
    assert!(events(original) && !events(replay), "the body ran once");

    let exported = collector.bytes().concat();
    let within = |text: &str| {
        let mut windows = exported.windows(text.len());
        windows.any(|bytes| bytes == text.as_bytes())
    };
    assert!(within("idempotency.outcome"), "text is found where it is");
    for canary in [KEY, ACCOUNT, CARD, RECEIPT] {
        assert!(!within(canary), "{canary} was exported");
    }
}

fn tell(call: &Span) {
    println!("{} in trace {}", call.name, hex(&call.trace_id));
    let attributes = call.attributes.iter();
    let own = attributes.filter(|it| it.key.starts_with("idempotency."));
    for attribute in own {
        let (name, value) = (&attribute.key, value(call, &attribute.key));
        match value {
            Some(Value::StringValue(text)) => println!("  {name} = {text}"),
            Some(Value::IntValue(number)) => println!("  {name} = {number}"),
            _ => {}
        }
    }
    for link in &call.links {
        let (trace, span) = (hex(&link.trace_id), hex(&link.span_id));
        println!("  linked to span {span} of trace {trace}");
    }
}

fn value<'a>(call: &'a Span, name: &str) -> Option<&'a Value> {
    let mut attributes = call.attributes.iter();
    let found = attributes.find(|attribute| attribute.key == name)?;
    found.value.as_ref()?.value.as_ref()
}

fn text(call: &Span, name: &str) -> Option<String> {
    match value(call, name)? {
        Value::StringValue(text) => Some(text.clone()),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
