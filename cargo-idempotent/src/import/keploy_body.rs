//! The bodies of Keploy's cases: text, bytes, or what Keploy decoded.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

/// A `!!binary` body, which Go writes for what is not UTF-8; asked for as bytes,
/// as the reader refuses it to whoever would take text as well.
#[derive(Default)]
pub(crate) struct Binary(Vec<u8>);

impl From<Binary> for Raw {
    fn from(binary: Binary) -> Self {
        Self::Bytes(binary.0)
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Binary;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a !!binary scalar")
            }

            fn visit_byte_buf<E: de::Error>(self, v: Vec<u8>) -> Result<Binary, E> {
                Ok(Binary(v))
            }
        }
        from.deserialize_byte_buf(Visitor)
    }
}

/// A body: text, `!!binary`, or what Keploy decoded (XML to a map, a stream to a list).
pub(crate) enum Raw {
    Bytes(Vec<u8>),
    Shaped(Value),
}

impl Default for Raw {
    fn default() -> Self {
        Self::Bytes(Vec::new())
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Shaped(value) => value.serialize(to),
            Self::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => to.serialize_str(text),
                Err(_) => to.serialize_bytes(bytes),
            },
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Raw;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a body: text, !!binary, a map or a list")
            }

            fn visit_unit<E: de::Error>(self) -> Result<Raw, E> {
                Ok(Raw::default())
            }

            fn visit_bool<E: de::Error>(self, v: bool) -> Result<Raw, E> {
                Ok(Raw::Bytes(v.to_string().into_bytes()))
            }

            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Raw, E> {
                Ok(Raw::Bytes(v.to_string().into_bytes()))
            }

            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Raw, E> {
                Ok(Raw::Bytes(v.to_string().into_bytes()))
            }

            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Raw, E> {
                Ok(Raw::Bytes(v.to_string().into_bytes()))
            }

            fn visit_str<E: de::Error>(self, v: &str) -> Result<Raw, E> {
                Ok(Raw::Bytes(v.as_bytes().to_vec()))
            }

            fn visit_bytes<E: de::Error>(self, v: &[u8]) -> Result<Raw, E> {
                Ok(Raw::Bytes(v.to_vec()))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Raw, A::Error> {
                Value::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(Raw::Shaped)
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Raw, A::Error> {
                Value::deserialize(de::value::MapAccessDeserializer::new(map)).map(Raw::Shaped)
            }
        }
        from.deserialize_any(Visitor)
    }
}
