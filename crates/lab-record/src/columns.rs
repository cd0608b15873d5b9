//! The names of a row type's fields, asked of serde, so that no list of columns is written twice.

use serde::de::value::Error;
use serde::de::{DeserializeOwned, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

/// The fields of `T` in their order; none if `T` is not a struct.
pub(crate) fn columns<T: DeserializeOwned>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    // Always an error: the names are known before the first value would be.
    let _ = T::deserialize(Asker(&mut fields));
    fields
}

/// A deserializer without data: it only notes what a struct asks for.
struct Asker<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Asker<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, Error> {
        *self.0 = fields;
        Err(Error::custom("only the names were asked for"))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Error> {
        Err(Error::custom("not a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_a_struct_are_its_columns() {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "UPPERCASE")]
        #[allow(dead_code)]
        struct Row {
            b: u32,
            a: Option<String>,
        }
        assert_eq!(columns::<Row>(), ["B", "A"]);
        assert_eq!(columns::<u32>(), [""; 0]);
    }
}
