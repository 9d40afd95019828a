//! XML as S3 writes it, and as its clients do.

use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

use roxmltree::{Document, Node};
use time::{OffsetDateTime, format_description::BorrowedFormatItem, macros::format_description};

/// A document that is being written.
#[derive(Debug)]
pub(super) struct Xml {
    text: String,
    root: &'static str,
}

const NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

impl Xml {
    /// One with that root.
    pub(super) fn new(root: &'static str) -> Self {
        let text =
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"{NAMESPACE}\">");
        Self { text, root }
    }

    /// One with a root that is of no namespace, as that of errors.
    pub(super) fn plain(root: &'static str) -> Self {
        let text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root}>");
        Self { text, root }
    }

    pub(super) fn text(&mut self, name: &str, value: impl AsRef<str>) {
        self.open(name);
        escape(&mut self.text, value.as_ref());
        self.close(name);
    }

    pub(super) fn number(&mut self, name: &str, value: impl ToString) {
        self.text(name, value.to_string());
    }

    pub(super) fn within(&mut self, name: &str, write: impl FnOnce(&mut Self)) {
        self.open(name);
        write(self);
        self.close(name);
    }

    /// The text of the root.
    pub(super) fn content(&mut self, value: &str) {
        escape(&mut self.text, value);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.close(self.root);
        self.text.into_bytes()
    }

    fn open(&mut self, name: &str) {
        self.text.extend(["<", name, ">"]);
    }

    fn close(&mut self, name: &str) {
        self.text.extend(["</", name, ">"]);
    }
}

/// A moment as XML has it.
pub(super) fn date(ms: u64) -> String {
    const FORM: &[BorrowedFormatItem<'_>] =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    let date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).ok();
    date.and_then(|date| date.format(FORM).ok()).unwrap_or_default()
}

fn escape(text: &mut String, value: &str) {
    for c in value.chars() {
        match c {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            // Readers make other line ends of it.
            '\r' => text.push_str("&#13;"),
            c if is_xml(c) => text.push(c),
            _ => text.push(char::REPLACEMENT_CHARACTER),
        }
    }
}

/// Whether XML 1.0 can hold it at all.
pub(super) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// Reads a document whose root is of that name, whatever its namespace.
pub(super) fn read<'a>(body: &'a [u8], root: &str) -> Option<Document<'a>> {
    // Definitions of a document's type, which could make little text much, are refused by it.
    let document = Document::parse(core::str::from_utf8(body).ok()?).ok()?;
    (document.root_element().tag_name().name() == root).then_some(document)
}

/// The children of that name.
pub(super) fn children<'a, 'b: 'a>(
    node: Node<'a, 'b>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// The text of the first child of that name.
pub(super) fn text_in(node: Node<'_, '_>, name: &'static str) -> Option<String> {
    let child = children(node, name).next()?;
    Some(child.descendants().filter(Node::is_text).filter_map(|node| node.text()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut xml = Xml::new("List");
        xml.within("Object", |xml| {
            xml.text("Key", "a&b <c>\"\r\n\u{1f600}");
            xml.number("Size", 7);
        });
        let body = xml.finish();
        let document = read(&body, "List").unwrap();
        let object = children(document.root_element(), "Object").next().unwrap();
        assert_eq!(text_in(object, "Key").unwrap(), "a&b <c>\"\r\n\u{1f600}");
        assert_eq!(text_in(object, "Size").unwrap(), "7");
        assert_eq!(text_in(object, "ETag"), None);
    }

    #[test]
    fn what_xml_can_not_hold_does_not_break_it() {
        let mut xml = Xml::plain("Error");
        xml.text("Key", "a\u{1}b\u{ffff}");
        let body = xml.finish();
        let document = read(&body, "Error").unwrap();
        assert_eq!(text_in(document.root_element(), "Key").unwrap(), "a\u{fffd}b\u{fffd}");
    }

    #[test]
    fn a_document_defines_no_entities() {
        let bomb = "<!DOCTYPE d [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><Delete>&b;</Delete>";
        assert!(read(bomb.as_bytes(), "Delete").is_none());
        assert!(read(b"<Delete>", "Delete").is_none());
        assert!(read(b"<Other/>", "Delete").is_none());
        assert!(read(b"\xff", "Delete").is_none());
    }
}
